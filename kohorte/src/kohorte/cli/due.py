"""`kohorte due`: whose next order is due or overdue, and whom a word might bring back."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from kohorte.cli import listing, options, progress
from kohorte.due import STATUSES
from kohorte.language import Language, Sentence, date, money, number, translate

Record = Mapping[str, Any]


class Status(StrEnum):
    """How far a customer's pause has come."""

    overdue = "overdue"
    due = "due"
    not_due = "not_due"
    lapsed = "lapsed"


class Sort(StrEnum):
    """What comes first in the list."""

    value = "value"
    longest = "longest"
    soonest = "soonest"
    chance = "chance"


_SORTS: dict[Sort, Callable[[Record], Any]] = {
    Sort.value: lambda one: -(one["value"] or 0.0),
    Sort.longest: lambda one: -one["elapsed_days"],
    Sort.soonest: lambda one: one["due_on"] or dt.date.max,
    Sort.chance: lambda one: -(one["chance_percent"] or 0.0),
}


@options.with_shop
def due(
    *,
    files: options.Files,
    status: Annotated[
        Status, typer.Option("--status", help="Whom to list; the CSV holds everybody.")
    ] = Status.overdue,
    sort: Annotated[
        Sort,
        typer.Option("--sort", help="Who comes first: by value, pause, next day or chance."),
    ] = Sort.value,
    most: Annotated[int, typer.Option("--most", min=1, help="So many customers at most.")] = 20,
    out: Annotated[Path | None, typer.Option("--out", help="Write all customers to a CSV.")] = None,
    shop: options.Shop,
) -> None:
    """Tell whose next order is due or overdue, by how long customers of the shop usually pause."""
    spoken = shop.spoken
    with (
        progress.bar(spoken) as tell,
        options.history(files, shop, progress=tell) as history,
    ):
        found, currency = history.due(), history.currency
        last_on = history.span.ends_on - dt.timedelta(days=1) if history.span else None
    if out is not None:
        count = listing.save(found, out)
        typer.echo(listing.saved(count, out).render(spoken))
    records = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    if not records or last_on is None:
        typer.echo(
            translate(
                "Nobody has come back on another day yet, so how long customers pause is not known.",
                spoken,
            )
        )
        return
    _show_counts(records, last_on, shop.settings.active_days, spoken)
    shown = sorted((one for one in records if one["status"] == status), key=_SORTS[sort])
    typer.echo("")
    if not shown:
        typer.echo(translate("No customer has this status.", spoken))
        return
    typer.echo(_table(shown[:most], currency, spoken))
    typer.echo(_explained(shop.settings.active_days).render(spoken))
    if len(shown) > most:
        values = {"shown": most, "count": len(shown)}
        rest = Sentence("{shown} of {count} customers; --out writes all of them.", values)
        typer.echo(rest.render(spoken))


def _show_counts(
    records: Sequence[Record], last_on: dt.date, active_days: int, spoken: Language
) -> None:
    counts = Counter(str(one["status"]) for one in records)
    values = {"count": len(records), "day": last_on}
    said = Sentence("{count} {count:customer|customers} on {day}:", values)
    typer.echo(said.render(spoken))
    meanings = {
        "overdue": Sentence("overdue: four of five who come back had come sooner"),
        "due": Sentence("due: half of those who come back had come sooner"),
        "not_due": Sentence("not due yet"),
        "lapsed": Sentence(
            "lapsed: overdue and {days} days without an order", {"days": active_days}
        ),
    }
    for status in STATUSES:
        written = number(counts[status], spoken)
        typer.echo(f"{written:>9}  {meanings[status].render(spoken)} [{status}]")


def _explained(active_days: int) -> Sentence:
    return Sentence(
        "Usual and late: the days after which half, and four of five, of those who come back within "
        "{days} days have done so after as many orders; from six pauses on the customer's own. Next "
        "by: half of those who stayed away so long come until then. Chance: so many of them come at "
        "all within {days} days of the last order.",
        {"days": active_days},
    )


def _table(records: Sequence[Record], currency: str | None, spoken: Language) -> str:
    """Return the customers as lines, columns without any value left out."""
    columns: dict[str, Callable[[Record], str]] = {
        translate("Customer", spoken): lambda one: str(one["customer_id"]),
        translate("Last order", spoken): lambda one: date(one["last_on"], spoken),
        translate("Days ago", spoken): lambda one: number(one["elapsed_days"], spoken),
        translate("Usual", spoken): lambda one: number(one["usual_days"], spoken),
        translate("Late", spoken): lambda one: number(one["late_days"], spoken),
        translate("Next by", spoken): lambda one: _day(one["due_on"], spoken),
        translate("Chance", spoken): lambda one: _percent(one["chance_percent"], spoken),
        translate("Value so far", spoken): lambda one: _money(one["value"], currency, spoken),
    }
    lines = [list(columns), *([write(one) for write in columns.values()] for one in records)]
    kept = [column for column in zip(*lines, strict=True) if any(column[1:])]
    widths = [max(map(len, column)) for column in kept]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in zip(*kept, strict=True)
    )


def _day(day: dt.date | None, spoken: Language) -> str:
    return "" if day is None else date(day, spoken)


def _percent(percent: float | None, spoken: Language) -> str:
    sign = " %" if spoken == "de" else "%"
    return "" if percent is None else f"{number(percent, spoken)}{sign}"


def _money(amount: float | None, currency: str | None, spoken: Language) -> str:
    return "" if amount is None else money(amount, currency, spoken)
