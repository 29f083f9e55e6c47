"""When the monthly report goes out and to whom: decided on a page, ended by a link."""

from __future__ import annotations

from typing import Any

from django import forms as fields
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import NotFound
from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard import forms
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.monthly import mailing
from stammkunde.insights.monthly import queries, services
from stammkunde.insights.monthly.models import DAY_MAX, Plan


@page_of_shop("reports.manage")
def plan(visit: Visit) -> HttpResponse:
    """Decide when the report goes out, and to whom."""
    kept = queries.plan(visit.shop)
    chosen = [person.pk for person in queries.recipients(visit.shop)]
    given = {
        "day": kept.day if kept else 3,
        "people": chosen if kept else [visit.person.pk],
        "is_paused": bool(kept and kept.is_paused),
    }
    form = PlanForm(visit.shop, visit.request.POST or None, initial=given)
    address = mailing.address_of(visit.request)

    def work(day: int, people: list[int], is_paused: bool) -> Plan:
        return services.decide(
            visit.shop,
            day=day,
            people=people,
            is_paused=is_paused,
            address=address,
            actor=visit.actor,
        )

    if forms.submit(visit.request, form, work):
        return visit.go("monthly", say=_("Saved."))
    status = 422 if form.errors else 200
    return visit.page("monthly/plan.html", status, form=form, address=address)


@csrf_exempt
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End the messages to whoever follows the link and confirms; opening it changes nothing.

    Mail programs end them with one click of their own (RFC 8058): they know the link, and no cookie.
    """
    try:
        recipient = queries.of_token(token)
    except NotFound as fault:
        raise Http404(str(fault)) from fault
    if recipient and request.method == "POST":
        services.unsubscribe(recipient, actor=Actor("person", recipient.person_id))
        recipient = None
    values = {"recipient": recipient, "is_done": recipient is None}
    return render(request, "monthly/unsubscribe.html", values)


class PlanForm(fields.Form):
    """On which day, to whom, and whether at all."""

    day = fields.IntegerField(
        label=gettext_lazy("Day of the month after"),
        min_value=1,
        max_value=DAY_MAX,
        help_text=gettext_lazy(
            "On this day the last month is reported on, once its numbers are current. Where orders "
            "of its last days are missing, the report waits for them up to a week."
        ),
    )
    people = fields.TypedMultipleChoiceField(
        label=gettext_lazy("Recipients"),
        coerce=int,
        required=False,
        widget=fields.CheckboxSelectMultiple,
        help_text=gettext_lazy("Only members of the team. Each mail has a link to end it."),
    )
    is_paused = fields.BooleanField(
        label=gettext_lazy("Pause"),
        required=False,
        help_text=gettext_lazy("Nothing is sent; who receives it stays chosen."),
    )

    def __init__(self, shop: Shop, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = self.fields["people"]
        if isinstance(people, fields.ChoiceField):
            people.choices = [
                (person.pk, f"{person} · {person.email}" if person.name else person.email)
                for person in queries.members(shop)
            ]
