"""`kohorte cohorts`: the grid on the terminal or as CSV."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from kohorte.cli import listing, options, progress
from kohorte.language import Language, number, translate
from kohorte.results import Cohort, CohortGrid, Listing


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
    out: Annotated[Path | None, typer.Option("--out", help="Write all cells to a CSV.")] = None,
    shop: options.Shop,
) -> None:
    """Show customers by when they came and how many were back at each age."""
    spoken = shop.spoken
    with (
        progress.bar(spoken) as tell,
        options.history(files, shop, progress=tell) as history,
    ):
        counts_only = out is None and show in (Show.percent, Show.customers)
        grid = history.cohorts(grain.value, age=_age(age), only_customers=counts_only)
    if out is not None:
        count = listing.save(_cells(grid), out)
        typer.echo(listing.saved(count, out).render(spoken))
        return
    typer.echo(_table(grid, show, ages, spoken))


def _age(age: Age) -> Literal["calendar", "rolling"]:
    return "rolling" if age is Age.rolling else "calendar"


def _cells(grid: CohortGrid) -> Listing:
    rows = tuple(
        (cohort.period, cohort.size, age, *cell)
        for cohort in grid.cohorts
        for age, cell in enumerate(
            zip(cohort.customers, cohort.orders, cohort.revenue, cohort.complete, strict=True)
        )
    )
    return Listing(("cohort", "size", "age", "customers", "orders", "revenue", "complete"), rows)


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
    widths = [max(map(len, column)) for column in zip(head, *body, strict=True)]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in [head, *body]
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
