"""The activity log: who did what when, and what changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stammkunde.core.audit import queries
from stammkunde.core.audit import services as log
from stammkunde.core.audit.models import Event
from stammkunde.core.shops import queries as shops
from stammkunde.faces import exports
from stammkunde.faces.dashboard import events, lists, words
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights.inputs import DAYS, DayInput

CHUNK = 1000
COLUMNS = (
    lists.Column("at", gettext_lazy("Time")),
    lists.Column("what", gettext_lazy("What happened")),
    lists.Column("who", gettext_lazy("Who")),
    lists.Column("changed", gettext_lazy("Details")),
)


@page_of_shop("audit.read")
def audit(visit: Visit) -> HttpResponse:
    """Show the log, newest first."""
    form = Filter(visit)
    listing = lists.page(form.found(), COLUMNS, visit.request.GET)
    return visit.page("audit.html", form=form, listing=listing, events=events.shown(listing.rows))


@page_of_shop("audit.read")
def export(visit: Visit) -> HttpResponseBase:
    """Send what the filter finds as a file; that it was sent stands in the log as well."""
    if visit.request.method != "POST":
        return visit.go("audit")
    with transaction.atomic():
        log.note("log.exported", actor=visit.actor, shop_id=visit.shop.id)
    return exports.csv_file(f"{visit.shop.slug}-log", _rows(Filter(visit).found()))


class Filter(forms.Form):
    """What of the log is looked at; what cannot be understood does not limit."""

    name = forms.ChoiceField(label=gettext_lazy("What happened"), required=False)
    person = forms.TypedChoiceField(
        label=gettext_lazy("Who"), required=False, coerce=int, empty_value=None
    )
    since = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        validators=DAYS,
        widget=DayInput(),
    )
    until = forms.DateField(
        label=gettext_lazy("To"),
        required=False,
        validators=DAYS,
        widget=DayInput(),
    )

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit.request.GET)
        self.shop_id = visit.shop.id
        happened = [(name, words.event(name)) for name in queries.names(visit.shop.id)]
        people = [(one.person_id, str(one.person)) for one in shops.members(visit.shop)]
        _offer(self, "name", [("", _("Everything")), *sorted(happened, key=lambda one: one[1])])
        _offer(self, "person", [("", _("Everybody")), *people])

    @property
    def is_used(self) -> bool:
        """Whether anything is limited."""
        return any(self._asked().values())

    def found(self) -> QuerySet[Event]:
        """Return the events that the filter lets through; days are those of the shop's zone."""
        asked = self._asked()
        since, until = asked.get("since"), asked.get("until")
        return queries.search(
            self.shop_id,
            name=asked.get("name") or "",
            person_id=asked.get("person"),
            since=_midnight(since) if since else None,
            until=_midnight(until + dt.timedelta(days=1)) if until else None,
        )

    def _asked(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data


def _offer(form: forms.Form, name: str, choices: list[tuple[Any, str]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _rows(found: QuerySet[Event]) -> Iterator[list[object]]:
    yield [_("Time"), _("Event"), _("What happened"), _("Who"), _("About"), _("Details")]
    chunk: list[Event] = []
    for event in found.iterator(chunk_size=CHUNK):
        chunk.append(event)
        if len(chunk) == CHUNK:
            yield from _written(chunk)
            chunk = []
    yield from _written(chunk)


def _written(chunk: list[Event]) -> Iterator[list[object]]:
    for event in events.shown(chunk):
        changed = [f"{name}: {old} → {new}" for name, old, new in event.changed]
        details = [f"{name}: {value}" for name, value in event.details]
        at = timezone.localtime(event.at).isoformat(timespec="seconds")
        yield [at, event.name, event.what, event.who, event.about, "; ".join([*changed, *details])]
