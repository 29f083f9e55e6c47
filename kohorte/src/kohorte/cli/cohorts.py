"""`kohorte cohorts`: the grid on the terminal or as CSV, or groups of customers side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from kohorte.cli import groups, listing, options, progress
from kohorte.language import Language, number, translate
from kohorte.results import Cohort, CohortGrid, Group, Listing, Stay

_COLUMNS = ("cohort", "size", "age", "customers", "orders", "revenue", "complete")


class Age(StrEnum):
    """How a cohort ages."""

    calendar = "calendar"
    rolling = "rolling"


class Show(StrEnum):
    """What the cells hold."""

    percent = "percent"
    customers = "customers"
    orders = "orders"
    revenue = "revenue"


@options.with_shop
def cohorts(
    *,
    files: options.Files,
    grain: Annotated[options.Grain, typer.Option("--grain", help="Kind of period.")] = (
        options.Grain.month
    ),
    age: Annotated[
        Age, typer.Option("--age", help="By calendar, or in equal steps of days (--cohort-days).")
    ] = (Age.calendar),
    show: Annotated[Show, typer.Option("--show", help="What the cells hold.")] = Show.percent,
    ages: Annotated[
        int, typer.Option("--ages", min=1, help="Number of ages on the terminal.")
    ] = 12,
    by: groups.ByOption = None,
    most: groups.MostOption = 8,
    out: Annotated[Path | None, typer.Option("--out", help="Write all cells to a CSV.")] = None,
    shop: options.Shop,
) -> None:
    """Show customers by when they came and how many were back at each age."""
    spoken = shop.spoken
    groups.require(by)
    with (
        progress.bar(spoken) as tell,
        options.history(files, shop, progress=tell) as history,
    ):
        counts_only = out is None and show in (Show.percent, Show.customers)
        grids = {
            group: part.cohorts(grain.value, age=_age(age), only_customers=counts_only)
            for group, part in groups.parts(history, by, most)
        }
        if out is not None:
            count = listing.save(_cells(grids, by), out)
            typer.echo(listing.saved(count, out).render(spoken))
        elif by is None:
            typer.echo(_table(grids[groups.EVERYBODY], show, ages, spoken))
        else:
            for group, grid in grids.items():
                typer.echo(groups.name(group, by, spoken))
                typer.echo(_line(history.stays(grid)[:ages], show, spoken))


def _age(age: Age) -> Literal["calendar", "rolling"]:
    return "rolling" if age is Age.rolling else "calendar"


def _cells(grids: Mapping[Group, CohortGrid], by: str | None) -> Listing:
    rows = tuple(
        (
            *((group.value or "", group.rest) if by else ()),
            *(cohort.period, cohort.size, age, *cell),
        )
        for group, grid in grids.items()
        for cohort in grid.cohorts
        for age, cell in enumerate(
            zip(cohort.customers, cohort.orders, cohort.revenue, cohort.complete, strict=True)
        )
    )
    return Listing((*((by, "rest") if by else ()), *_COLUMNS), rows)


def _line(shown: Sequence[Stay], show: Show, spoken: Language) -> str:
    """Write a grid as one line over all its cohorts, with its range and n."""
    if not shown:
        return translate("No cohort has been observed long enough yet.", spoken)
    lines = [
        [translate("Age", spoken), *(str(stay.age) for stay in shown)],
        [translate(_NAMES[show], spoken), *(_stay(stay, show, spoken) for stay in shown)],
    ]
    if show is Show.percent:
        lines += [
            [translate("from", spoken), *(_share(stay.low, spoken) for stay in shown)],
            [translate("to", spoken), *(_share(stay.high, spoken) for stay in shown)],
        ]
    return _aligned([*lines, ["n", *(number(stay.n, spoken) for stay in shown)]])


_NAMES = {
    Show.percent: "Percent",
    Show.customers: "Customers",
    Show.orders: "Orders each",
    Show.revenue: "Revenue each",
}


def _stay(stay: Stay, show: Show, spoken: Language) -> str:
    match show:
        case Show.percent:
            return _share(stay.percent, spoken)
        case Show.customers:
            return number(stay.back, spoken)
    total = stay.orders if show is Show.orders else stay.revenue
    return "" if total is None else number(total / stay.n, spoken, digits=2)


def _share(percent: float | None, spoken: Language) -> str:
    return "" if percent is None else number(percent, spoken, digits=1)


def _table(grid: CohortGrid, show: Show, ages: int, spoken: Language) -> str:
    shown = range(min(ages, max((len(cohort.customers) for cohort in grid.cohorts), default=0)))
    head = [translate("Cohort", spoken), translate("Customers", spoken), *map(str, shown)]
    body = [
        [
            cohort.period,
            number(cohort.size, spoken),
            *(_cell(cohort, age, show, spoken) for age in shown),
        ]
        for cohort in grid.cohorts
    ]
    return _aligned([head, *body])


def _aligned(lines: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )


def _cell(cohort: Cohort, age: int, show: Show, spoken: Language) -> str:
    column = "customers" if show is Show.percent else show.value
    values: tuple[float | None, ...] = getattr(cohort, column)
    value = values[age] if age < len(values) else None
    if value is None:
        return ""
    if show is Show.percent:
        text = number(100 * value / cohort.size, spoken, digits=1)
    else:
        text = number(value, spoken, digits=2 if show is Show.revenue else 0)
    return text if cohort.complete[age] else f"{text}*"
