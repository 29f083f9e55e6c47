"""A new shop, created by an operator; everybody else joins by an invitation."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from stammkunde.core.audit.services import Actor
from stammkunde.core.people.models import Person
from stammkunde.core.shops import services
from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard import access, forms
from stammkunde.faces.dashboard.settings import DecisionsForm


@login_required
def found(request: HttpRequest) -> HttpResponse:
    """Ask for the decisions that cannot be guessed, and create the shop."""
    person = access.signed_in(request)
    if not person.is_operator:
        raise Http404("Only operators create shops.")
    form = FoundingForm(request.POST or None, initial={"language": person.language})
    if shop := forms.submit(request, form, _founder(person)):
        messages.success(request, _("%(shop)s has been created.") % {"shop": shop.name})
        return redirect("overview", shop.slug)
    return render(request, "found.html", {"form": form}, status=422 if form.errors else 200)


class FoundingForm(DecisionsForm):
    """The decisions that a shop begins with; the rest has good defaults."""

    class Meta(DecisionsForm.Meta):
        fields = ("name", "currency", "zone", "language", "tax_view")


def _founder(person: Person):  # type: ignore[no-untyped-def]  # keyword by keyword as the form has them
    def work(**decisions: object) -> Shop:
        actor = Actor("person", person.pk)
        return services.found(owner=person, actor=actor, **decisions)  # type: ignore[arg-type]

    return work
