"""What is owed for open units: the forecast with its track record, the books at the year's end, DATEV."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms as fields
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kohorte.report.voice import Voice
from stammkunde.core import clock
from stammkunde.core.audit import services as audit
from stammkunde.core.jobs import queries as jobs
from stammkunde.core.jobs.models import OPEN
from stammkunde.faces.dashboard import forms
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights.figures import Figure
from stammkunde.faces.dashboard.ledger import showing
from stammkunde.faces.dashboard.predictions import pictures
from stammkunde.faces.dashboard.templatetags import formats
from stammkunde.ledger.books import bookings, branches, owing, reckonings, terms
from stammkunde.ledger.liability.lots import first_day
from stammkunde.ledger.models import Unit

AGES_MIN = 3


@page_of_shop("ledger.read")
def liability(visit: Visit) -> HttpResponse:
    """Show what was reckoned last."""
    units, unit = showing.unit_asked(visit)
    if unit is None:
        return visit.page("ledger/liability.html", units=units, unit=None)
    month = _month(visit.request.GET.get("month", ""))
    kept = owing.kept(visit.shop, unit, month)
    line = jobs.latest(visit.shop, key=f"ledger:{unit.pk}:liability:{month or 0}")
    said = terms.of(unit)
    found = kept.answer if kept else None
    return visit.page(
        "ledger/liability.html",
        units=units,
        unit=unit,
        kept=kept,
        month=visit.request.GET.get("month", "") if month else "",
        is_reckoning=line is not None and line.job.state in OPEN,
        rule=branches.RULES[said.branch],  # type: ignore[index]  # the database checks it
        said=said,
        answer=_answer(visit, unit, found) if found else None,
        figure=_figure(found) if found and len(found["ages"]) >= AGES_MIN else None,
        year_ends=f"{clock.today(visit.shop.zone).year - 1}-12",
        datev=DatevForm(visit),
        adviser=terms.adviser(visit.shop),
    )


@page_of_shop("ledger.read")
def reckon(visit: Visit) -> HttpResponse:
    """Have it reckoned anew."""
    _units, unit = showing.unit_asked(visit)
    if visit.request.method != "POST" or unit is None:
        return visit.go("ledger_liability")
    month = _month(visit.request.POST.get("month", ""))
    reckonings.start_liability(visit.shop, unit, actor=visit.actor, month=month)
    answer = visit.go("ledger_liability", say=_("It is being calculated. You can close this page."))
    answer["Location"] += f"?unit={unit.code}"
    if month:
        answer["Location"] += f"&month={first_day(month):%Y-%m}"
    return answer


@page_of_shop("ledger.read")
def datev(visit: Visit) -> HttpResponse:
    """Send the file for DATEV; that it was sent is noted."""
    _units, unit = showing.unit_asked(visit)
    if visit.request.method != "POST" or unit is None:
        return visit.go("ledger_liability")
    form = DatevForm(visit, visit.request.POST)

    def work(since: int, until: int) -> bytes:
        first, last = first_day(since), first_day(until + 1) - dt.timedelta(days=1)
        with transaction.atomic():
            found = bookings.batch(visit.shop, unit, first, last)
            audit.note(
                "ledger.datev_exported", actor=visit.actor, shop_id=visit.shop.pk,
                about=("unit", unit.pk), since=f"{first}", until=f"{last}",
            )  # fmt: skip
        return found

    if (found := forms.submit(visit.request, form, work)) is not None:
        name = f"EXTF_{unit.code}_{form.cleaned_data['since']}_{form.cleaned_data['until']}.csv"
        return HttpResponse(
            found,
            content_type="text/csv; charset=windows-1252",
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "no-store",
            },
        )
    return visit.page("ledger/datev.html", 422, unit=unit, form=form)


def _month(text: str) -> int | None:
    """Return the number of a month as addresses write it: 2025-12."""
    try:
        day = dt.date.fromisoformat(f"{text[:7]}-01")
    except ValueError:
        return None
    return day.year * 12 + day.month - 1 if 1900 < day.year < 2200 else None


def _answer(visit: Visit, unit: Unit, found: dict[str, Any]) -> dict[str, Any]:
    """Return what was reckoned in words and written numbers."""
    currency = unit.currency or visit.shop.currency
    test, second = found["back_test"], found["second"]
    return {
        "month": _name(found["month"]),
        "open": showing.amount(found["open"], unit),
        "expected": showing.amount(found["expected"], unit),
        "share": formats.percent(found["expected"] / found["open"]) if found["open"] else "",
        "range": _range(found["low"], found["high"], unit),
        "open_value": formats.money(found["open_minor"], currency),
        "expected_value": formats.money(found["expected_minor"], currency),
        "value_range": ""
        if found["low_minor"] is None
        else f"{formats.money(found['low_minor'], currency)} – "
        f"{formats.money(found['high_minor'], currency)}",
        "owed": formats.money(found["owed_minor"], currency),
        "unvalued": showing.amount(found["unvalued"], unit) if found["unvalued"] else "",
        "second": second and showing.amount(second["reserve"], unit),
        "second_error": second and showing.amount(second["error"], unit),
        "agrees": second is not None and _agrees(found, second),
        "trials": test["count"],
        "inside": test["inside"],
        "trial_months": test["months"],
        "tested": [
            (
                _name(trial["month"]), showing.amount(trial["expected"], unit),
                _range(trial["low"], trial["high"], unit),
                showing.amount(trial["actual"], unit), trial["inside"],
            )
            for trial in reversed(test["trials"])
        ],
        "cohorts": [
            (
                _name(each["earned"]), showing.amount(each["open"], unit),
                showing.amount(each["redeemed"], unit), showing.amount(each["expired"], unit),
                _name(each["expires"]) if each["expires"] else _("never"),
                formats.money(each["value_minor"], currency),
            )
            for each in reversed(found["cohorts"])
        ],
    }  # fmt: skip


def _agrees(found: dict[str, Any], second: dict[str, Any]) -> bool:
    """Return whether two standard errors of the second method reach the first."""
    return bool(abs(second["reserve"] - found["expected"]) <= 2 * second["error"])


def _range(low: int | None, high: int | None, unit: Unit) -> str:
    if low is None or high is None:
        return ""
    return f"{showing.amount(low, unit)} – {showing.amount(high, unit)}"


def _name(month: str) -> str:
    """Return a month as people write it."""
    from babel.dates import format_skeleton

    day = dt.date.fromisoformat(f"{month}-01")
    locale = "de_DE" if formats.reader() == "de" else "en_GB"
    return str(format_skeleton("yMMM", day, locale=locale))


def _figure(found: dict[str, Any]) -> Figure:
    """Return how what was given left by age."""
    ages = found["ages"]
    last = ages[-1]
    voice = Voice(formats.reader(), None)
    summary = _(
        "%(age)s months after they were earned, %(redeemed)s are redeemed and %(expired)s have expired."
    ) % {
        "age": last["age"],
        "redeemed": formats.percent(last["ever_redeemed"]),
        "expired": formats.percent(last["ever_expired"]),
    }
    return pictures.figure(
        "ledger-ages",
        str(_("What becomes of them with age")),
        str(_("Shares of what was given, by full months since the month in which it was.")),
        over=str(_("Months")),
        labels=[str(row["age"]) for row in ages],
        lines=[
            (str(_("redeemed")), [100 * row["ever_redeemed"] for row in ages]),
            (str(_("lapsed")), [100 * row["ever_expired"] for row in ages]),
            (str(_("still open")), [100 * row["survival"] for row in ages]),
        ],
        unit="percent",
        kind="lines",
        voice=voice,
        summary=str(summary),
    )


class MonthField(fields.CharField):
    """A month, such as 2025-12; its number is what is returned."""

    widget = fields.TextInput(
        {"type": "month", "pattern": r"\d{4}-\d{2}", "placeholder": "2025-12"}
    )

    def clean(self, value: Any) -> Any:
        """Refuse what is no month."""
        found = _month(super().clean(value))
        if found is None:
            raise fields.ValidationError(_("Write a month as year and number, such as 2025-12."))
        return found


class DatevForm(fields.Form):
    """The months of a file for DATEV."""

    since = MonthField(label=gettext_lazy("First month"), max_length=7)
    until = MonthField(label=gettext_lazy("Last month"), max_length=7)

    def __init__(self, visit: Visit, said: Any = None) -> None:
        last = f"{first_day(owing.last_month(visit.shop)):%Y-%m}"
        super().__init__(said, initial={"since": last, "until": last})


def worth(value: Decimal | None) -> str:
    """Write what a unit is worth in minor units, without zeros that say nothing."""
    return formats.NOTHING if value is None else f"{value.normalize():f}"
