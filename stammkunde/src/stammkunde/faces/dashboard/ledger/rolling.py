"""The roll-forward of a unit: a waterfall with its table, from what was owed to what is owed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django import forms as fields
from django.http import HttpResponse, HttpResponseBase
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stammkunde.core import clock
from stammkunde.faces import exports
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights.inputs import DAYS, DayInput
from stammkunde.faces.dashboard.ledger import showing
from stammkunde.ledger.books.rolling import RollForward, roll_forward
from stammkunde.ledger.models import OWNED, Unit


@dataclass(frozen=True)
class Bar:
    """A row of the waterfall: what it is, by how much, and where its bar lies."""

    name: str
    amount: str
    picture: SafeString
    is_total: bool = False


@page_of_shop("ledger.read")
def rolling(visit: Visit) -> HttpResponse:
    """Show what changed what is owed."""
    units, unit = showing.unit_asked(visit)
    if unit is None:
        return visit.page("ledger/rolling.html", units=units, unit=None)
    form = Period(visit)
    rolled = _rolled(visit, unit, form)
    return visit.page(
        "ledger/rolling.html",
        units=units,
        unit=unit,
        form=form,
        since=form.first,
        until=form.last,
        bars=list(_bars(rolled, unit)),
        roles=[
            (label, showing.amount(rolled.opening[role], unit), showing.amount(rolled.closing[role], unit))
            for role, label in showing.ROLES.items()
        ],
        matured=showing.amount(rolled.matured, unit),
        moved=showing.amount(rolled.moved, unit),
        rest=showing.amount(rolled.rest, unit) if rolled.rest else "",
        is_empty=not (rolled.opened or rolled.closed or any(rolled.doors.values())),
    )  # fmt: skip


@page_of_shop("ledger.read")
def file(visit: Visit) -> HttpResponseBase:
    """Send the roll-forward as a file."""
    _units, unit = showing.unit_asked(visit)
    if unit is None:
        return visit.go("ledger_rolling")
    form = Period(visit)
    rolled = _rolled(visit, unit, form)
    name = f"{visit.shop.slug}-{unit.code}-{form.first}-{form.last}"
    return exports.csv_file(name, _written(rolled))


def _rolled(visit: Visit, unit: Unit, form: Period) -> RollForward:
    after = form.last + dt.timedelta(days=1)
    return roll_forward(
        unit.pk, clock.midnight(form.first, visit.shop.zone), clock.midnight(after, visit.shop.zone)
    )


def _written(rolled: RollForward) -> Iterator[list[object]]:
    yield [_("What"), _("Amount")]
    yield [_("Opening"), rolled.opened]
    for door, amount in rolled.doors.items():
        yield [str(showing.DOORS[door]), amount]
    yield [_("Closing"), rolled.closed]
    for role in OWNED:
        yield [f"{_('Closing')}: {showing.ROLES[role]}", rolled.closing[role]]


def _bars(rolled: RollForward, unit: Unit) -> Iterator[Bar]:
    """Yield opening, doors that anything went through, and closing, each where the one before ended."""
    steps = [(str(showing.DOORS[door]), amount) for door, amount in rolled.doors.items() if amount]
    reached, levels = rolled.opened, [0, rolled.opened, rolled.closed]
    for _name, amount in steps:
        reached += amount
        levels.append(reached)
    low, high = min(levels), max(levels)

    def drawn(one: int, other: int, tone: str) -> SafeString:
        width = (high - low) or 1
        left = 100 * (min(one, other) - low) / width
        return format_html(
            '<svg class="fall" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" '
            'focusable="false"><rect class="{}" x="{}" y="0" width="{}" height="10"/></svg>',
            tone,
            f"{left:.2f}",
            f"{max(100 * abs(one - other) / width, 0.4):.2f}",
        )

    yield Bar(
        _("Opening"), showing.amount(rolled.opened, unit), drawn(0, rolled.opened, "is-total"), True
    )
    reached = rolled.opened
    for name, amount in steps:
        tone = "is-more" if amount > 0 else "is-less"
        picture = drawn(reached, reached + amount, tone)
        yield Bar(name, showing.amount(amount, unit, sign=True), picture)
        reached += amount
    yield Bar(
        _("Closing"), showing.amount(rolled.closed, unit), drawn(0, rolled.closed, "is-total"), True
    )


class Period(fields.Form):
    """From which day to which; the last whole month unless the address says."""

    since = fields.DateField(
        label=gettext_lazy("From"), required=False, validators=DAYS,
        widget=DayInput(),
    )  # fmt: skip
    until = fields.DateField(
        label=gettext_lazy("To"), required=False, validators=DAYS,
        widget=DayInput(),
    )  # fmt: skip

    def __init__(self, visit: Visit) -> None:
        month = clock.today(visit.shop.zone).replace(day=1)
        last = month - dt.timedelta(days=1)
        asked = visit.request.GET
        usual = {"since": last.replace(day=1).isoformat(), "until": last.isoformat()}
        super().__init__({**usual, **{name: asked[name] for name in usual if asked.get(name)}})
        is_known = self.is_valid()
        said = self.cleaned_data if is_known else {}
        days = (said.get("since") or last.replace(day=1), said.get("until") or last)
        self.first: dt.date = min(days)
        self.last: dt.date = max(days)
