"""The page before something that cannot be undone: it names the consequence, and a click agrees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise

from stammkunde.faces.dashboard import forms
from stammkunde.faces.dashboard.access import Visit

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked before it is done.

    Parameters
    ----------
    title
        What will be done, as a question.
    consequences
        What follows from it, a sentence each.
    button
        What the click does, as a verb.
    done
        What is said afterwards.
    back, of
        The name of the page that one comes from and goes to, and what its address takes.
    typed
        A name to be typed first, with the label of its field: for what takes much with it.
    """

    title: Words
    consequences: tuple[Words, ...]
    button: Words
    done: Words
    back: str
    of: tuple[object, ...] = ()
    typed: tuple[Words, str] | None = None


def ask(visit: Visit, question: Question, work: Callable[[], object]) -> HttpResponse:
    """Ask, and do the work when the person agrees."""
    form = _form(visit, question)
    if forms.submit(visit.request, form, lambda **_: (work(),)):
        return visit.go(question.back, *question.of, say=question.done)
    back = reverse(question.back, args=[visit.shop.slug, *question.of])
    status = 422 if form.errors else 200
    return visit.page("confirm.html", status, question=question, form=form, back=back)


def _form(visit: Visit, question: Question) -> Form:
    sent = visit.request.POST if visit.request.method == "POST" else None
    if question.typed is None:
        return Form(sent)
    label, name = question.typed
    return forms.Confirmation(sent, label=label, name=name)
