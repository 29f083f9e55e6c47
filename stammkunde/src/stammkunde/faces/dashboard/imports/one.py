"""The page of an import, and what can be done with it: answer, read again, publish, undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from stammkunde.core.errors import NotFound, Refused
from stammkunde.core.jobs import queries as jobs
from stammkunde.core.jobs import services as work
from stammkunde.faces.dashboard import confirming, forms
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.confirming import Question
from stammkunde.faces.dashboard.imports import telling
from stammkunde.faces.dashboard.imports.questions import Answers, Columns
from stammkunde.features.imports import queries, services
from stammkunde.features.imports.models import Import


@page_of_shop("data.import")
def show(visit: Visit, number: int) -> HttpResponse:
    """Show an import with the step that it is at."""
    found = telling.shown(queries.one(visit.shop, number))
    return visit.page("imports/import.html", **found, is_again="again" in visit.request.GET)


@page_of_shop("data.import")
def state(visit: Visit, number: int) -> HttpResponse:
    """Show the part of the page that changes while work goes on."""
    answer = visit.page("imports/body.html", **telling.shown(queries.one(visit.shop, number)))
    answer["Cache-Control"] = "no-store"
    return answer


@page_of_shop("data.import")
def answer(visit: Visit, number: int) -> HttpResponse:
    """Take answers to what the files leave open, and have them read again."""
    import_ = queries.one(visit.shop, number)
    return _answered(visit, import_, "answers", Answers(import_, visit.request.POST or None))


@page_of_shop("data.import")
def columns(visit: Visit, number: int) -> HttpResponse:
    """Take what the columns hold, and have the files read again."""
    import_ = queries.one(visit.shop, number)
    return _answered(visit, import_, "columns", Columns(import_, visit.request.POST or None))


def _answered(visit: Visit, import_: Import, name: str, form: Answers | Columns) -> HttpResponse:
    def keep(**_values: Any) -> bool:
        return _answer(visit, import_, form.changed)

    if visit.request.method != "POST" or forms.submit(visit.request, form, keep):
        return visit.go("imports_import", import_.pk)
    found = {**telling.shown(import_), name: form, "form": form}
    return visit.page("imports/import.html", 422, **found)


@transaction.atomic
def _answer(visit: Visit, import_: Import, answers: Mapping[str, str]) -> bool:
    """Keep what differs from before; nothing does, nothing is read again."""
    if answers:
        kept = services.answer(import_, answers, actor=visit.actor)
        services.start_look(kept, actor=visit.actor)
    return True


@page_of_shop("data.import")
def look(visit: Visit, number: int) -> HttpResponse:
    """Have the files read once more."""
    import_ = queries.one(visit.shop, number)
    return _do(visit, import_, lambda: services.start_look(import_, actor=visit.actor))


@page_of_shop("data.import")
def bad_rows(visit: Visit, number: int) -> HttpResponse:
    """Have the files read without the rows that cannot be read, or with all of them again."""
    import_ = queries.one(visit.shop, number)
    is_wanted = visit.request.POST.get("skip") == "1"
    return _do(visit, import_, lambda: _skip(visit, import_, is_wanted))


@transaction.atomic
def _skip(visit: Visit, import_: Import, is_wanted: bool) -> None:
    kept = services.skip_bad_rows(import_, is_wanted, actor=visit.actor)
    services.start_look(kept, actor=visit.actor)


@page_of_shop("data.import")
def publish(visit: Visit, number: int) -> HttpResponse:
    """Let the rows count; a second click finds it begun."""
    import_ = queries.one(visit.shop, number)
    return _do(visit, import_, lambda: services.start_publishing(import_, actor=visit.actor))


@page_of_shop("data.import")
def go_on(visit: Visit, number: int) -> HttpResponse:
    """Go on with work that broke off."""
    import_ = queries.one(visit.shop, number)
    verb = telling.WORK.get(import_.state, "look")
    line = jobs.latest(visit.shop, key=f"import:{import_.pk}:{verb}")
    if line is None or not line.can_retry:
        return visit.go("imports_import", number)
    return _do(visit, import_, lambda: work.retry(visit.shop, line.job.pk, actor=visit.actor))


@page_of_shop("data.import")
def undo(visit: Visit, number: int) -> HttpResponse:
    """Ask, and take back what an import did; what stands in the way is said instead."""
    import_ = queries.one(visit.shop, number)
    if visit.request.method == "POST":
        return _do(visit, import_, lambda: services.start_undoing(import_, actor=visit.actor))
    if import_.state != "published":
        return visit.go("imports_import", number)
    return visit.page(
        "imports/undo.html",
        **telling.shown(import_),
        back=reverse("imports_import", args=[visit.shop.slug, number]),
    )


@page_of_shop("data.import")
def discard(visit: Visit, number: int) -> HttpResponse:
    """Ask, and delete an import that never counted."""
    import_ = queries.one(visit.shop, number)
    if import_.state not in services.LOOKABLE:
        return visit.go("imports_import", number)
    question = Question(
        title=_("Delete the files of import %(number)s?") % {"number": number},
        consequences=(
            _("Nothing of them has counted so far, so no figure changes. The files are deleted for good."),
            _("Your answers about files of this kind stay, and the same files can be sent again."),
        ),
        button=_("Delete the files"),
        done=_("The files have been deleted."),
        back="imports",
    )  # fmt: skip
    return confirming.ask(
        visit, question, lambda: services.discard(visit.shop, number, actor=visit.actor)
    )


def _do(visit: Visit, import_: Import, verb: Callable[[], object]) -> HttpResponse:
    """Do something on a click, and lead to the page of the import, which says how it goes on."""
    if visit.request.method == "POST":
        try:
            verb()
        except NotFound:
            raise
        except Refused as refused:
            messages.error(visit.request, str(refused))
    return visit.go("imports_import", import_.pk)
