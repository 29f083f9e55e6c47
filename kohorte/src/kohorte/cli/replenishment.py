"""`kohorte replenishment`: which products are due again for which customers."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kohorte.cli import aligned, listing, options, progress
from kohorte.language import Language, Sentence, date, number, translate

if TYPE_CHECKING:
    from kohorte.replenishment.due import Replenishment
    from kohorte.replenishment.trial import Rule


class State(StrEnum):
    """How far it is until a product is due."""

    overdue = "overdue"
    due = "due"
    not_due = "not_due"
    lapsed = "lapsed"


@options.with_shop
def replenishment(
    *,
    files: options.Files,
    status: Annotated[
        State, typer.Option("--status", help="What to list; CSV and JSON hold everything.")
    ] = State.overdue,
    customer: Annotated[
        str | None, typer.Option("--customer", help="Only this customer, by number.")
    ] = None,
    product: Annotated[
        str | None, typer.Option("--product", help="Only this product, by number or name.")
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="So many rows at most.")] = 20,
    out: Annotated[Path | None, typer.Option("--out", help="Write all rows to a CSV.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    shop: options.Shop,
) -> None:
    """Tell when a product is due again for a customer, beside how well that was told before."""
    spoken = shop.spoken
    with (
        progress.bar(spoken) as tell,
        options.history(files, shop, progress=tell) as history,
    ):
        from kohorte.replenishment import due

        found = due.of(history)
    chosen = {"customer": customer, "product": product}
    if out is not None:
        count = listing.save(found.listing(**chosen), out)
        typer.echo(listing.saved(count, out).render(spoken), err=as_json)
    if as_json:
        record = _record(found, chosen, spoken)
        typer.echo(json.dumps(record, ensure_ascii=False, allow_nan=False, indent=2))
        return
    days = shop.settings.active_days
    for line in _lines(found, status, chosen, most, days, spoken):
        typer.echo(line)


def _lines(
    found: Replenishment,
    status: State,
    chosen: dict[str, str | None],
    most: int,
    active_days: int,
    spoken: Language,
) -> Iterator[str]:
    yield from _trial(found, spoken)
    yield ""
    if found.withheld is not None:
        yield found.withheld.render(spoken)
        return
    yield from _counts(found, active_days, spoken)
    yield ""
    shown = found.listing(status=status.value, **chosen)
    if not shown.rows:
        yield translate("Nothing has this status.", spoken)
        return
    yield from aligned.lines(_table(shown.rows[:most], spoken))
    yield translate(
        "Usual: days in the middle for the quantity bought last; four of five of those who buy it "
        "again do so between from and to. Own: how much of it rests on the customer's own times. "
        "Whether it is bought again at all, this does not tell.",
        spoken,
    )
    if len(shown.rows) > most:
        values = {"shown": most, "count": len(shown.rows)}
        yield Sentence("{shown} of {count} rows; --out writes all of them.", values).render(spoken)


def _trial(found: Replenishment, spoken: Language) -> Iterator[str]:
    held = found.trial
    if held is None:
        if found.untested is not None:
            yield found.untested.render(spoken)
        return
    values = {"days": held.days, "n": held.purchases, "customers": held.customers}
    yield Sentence(
        "Held to the last {days} days: {n} {n:product|products} bought again by {customers} "
        "{customers:customer|customers}.",
        values,
    ).render(spoken)
    words = ("error in the middle, days", "on average", "more than the best")
    head = ["", *(translate(word, spoken) for word in words)]
    yield from aligned.lines([head, *(_rule(rule, spoken) for rule in held.rules)])
    covered = {"percent": round(held.covered_percent)}
    yield Sentence(
        "{percent} % came between the early and the late day; 80 % are meant to.", covered
    ).render(spoken)
    if found.together:
        yield translate(
            "Which product it is and who buys it did not help; so the law of all of them speaks.",
            spoken,
        )


def _rule(rule: Rule, spoken: Language) -> list[str]:
    more = ""
    if rule.behind_low is not None and rule.behind_high is not None:
        ends = (number(end, spoken, digits=1) for end in (rule.behind_low, rule.behind_high))
        more = " … ".join(ends)
    middle, mean = rule.median_error, rule.mean_error
    return [
        rule.name.render(spoken),
        number(middle, spoken, digits=1),
        number(mean, spoken, digits=1),
        more,
    ]


def _counts(found: Replenishment, active_days: int, spoken: Language) -> Iterator[str]:
    values = {"n": len(found.gaps.products), "others": found.gaps.others, "day": found.as_of}
    yield Sentence(
        "{n} {n:product|products} with a rhythm on {day}; {others} more were bought again too "
        "seldom to tell.",
        values,
    ).render(spoken)
    counts: Counter[str] = Counter(found.status)
    meanings = {
        "overdue": Sentence("overdue: nine of ten who buy it again had bought it sooner"),
        "due": Sentence("due: one of ten had bought it sooner"),
        "not_due": Sentence("not due yet"),
        "lapsed": Sentence("lapsed: overdue and not bought for {days} days", {"days": active_days}),
    }
    for status, meaning in meanings.items():
        count = number(counts[status], spoken)
        yield f"{count:>9}  {meaning.render(spoken)} [{status}]"


def _table(rows: tuple[tuple[Any, ...], ...], spoken: Language) -> list[list[str]]:
    names = ("Customer", "Product", "Last", "Quantity", "Usual", "Due", "from", "to", "Own")
    sign = " %" if spoken == "de" else "%"
    return [
        [translate(name, spoken) for name in names],
        *(
            [
                str(row[0]), str(row[2] or row[1]), date(row[4], spoken),
                number(row[5], spoken, digits=0 if row[5] == int(row[5]) else 1),
                number(row[7], spoken), _day(row[8], spoken), _day(row[9], spoken),
                _day(row[10], spoken), f"{number(row[11], spoken)}{sign}",
            ]
            for row in rows
        ),
    ]  # fmt: skip


def _day(day: dt.date | None, spoken: Language) -> str:
    return "" if day is None else date(day, spoken)


def _record(
    found: Replenishment, chosen: dict[str, str | None], spoken: Language
) -> dict[str, Any]:
    held, listed, products = found.trial, found.listing(**chosen), found.products()
    return {
        "as_of": found.as_of.isoformat(),
        "growth": found.rhythm.growth,
        "validation": None
        if held is None
        else {
            "days": held.days,
            "purchases": held.purchases,
            "customers": held.customers,
            "best": held.best,
            "covered_percent": held.covered_percent,
            "rules": [{**vars(rule), "name": rule.name.render(spoken)} for rule in held.rules],
        },
        "untested": found.untested.render(spoken) if found.untested else None,
        "withheld": found.withheld.render(spoken) if found.withheld else None,
        "products": [dict(zip(products.columns, row, strict=True)) for row in products.rows],
        "rows": [dict(zip(listed.columns, map(_plain, row), strict=True)) for row in listed.rows],
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value
