"""The cohort grids as tables: one row per cohort, one column per age, the value in the cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from kohorte.report import periods
from kohorte.report.material import Material
from kohorte.report.periods import GRAIN_NAMES
from kohorte.results import Cohort, CohortGrid, Grain

MOST_COHORTS = 36
MOST_AGES = 36
LEVELS = 9
LARGE_COHORT = 1_000
Scale = tuple[float, float]
T = TypeVar("T")


@dataclass(frozen=True)
class Cell:
    """What a cohort did at one age. `text` is the share of its customers; empty: not observed."""

    text: str
    css: str
    customers: int | None
    orders: int | None
    revenue: float | None
    percent: float | None


@dataclass(frozen=True)
class CohortRow:
    """One cohort."""

    name: str
    size: str
    customers: int
    older: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class CohortTable:
    """A grid ready to be shown."""

    age: str
    age_name: str
    ages: tuple[int, ...]
    rows: tuple[CohortRow, ...]
    means: tuple[str, ...]
    digits: int
    left_out: int
    summary: str
    any_older: bool
    has_revenue: bool


def build(grid: CohortGrid, material: Material) -> CohortTable:
    """Turn a grid into a table of its newest cohorts."""
    shown = sorted(grid.cohorts, key=lambda one: one.starts_on)[-MOST_COHORTS:]
    ages = tuple(range(min(MOST_AGES, max((_reach(one) for one in shown), default=0))))
    digits = 1 if shown and median([one.size for one in shown]) >= LARGE_COHORT else 0
    scale = _scale(shown, ages)
    rows = tuple(_row(one, grid, ages, digits, scale, material) for one in shown)
    return CohortTable(
        age=grid.age,
        age_name=_age_name(grid, material),
        ages=ages,
        rows=rows,
        means=tuple(_mean_words(shown, age, digits, material) for age in ages),
        digits=digits,
        left_out=len(grid.cohorts) - len(shown),
        summary=_summary(shown, ages, digits, grid, material),
        any_older=any(row.older for row in rows),
        has_revenue=any(value is not None for one in shown for value in one.revenue),
    )


def _reach(cohort: Cohort) -> int:
    """Return how many ages the cohort has been observed for."""
    return max(
        (age + 1 for age, value in enumerate(cohort.customers) if value is not None), default=0
    )


def _at(values: tuple[T, ...], age: int) -> T | None:
    return values[age] if age < len(values) else None


def _percent(cohort: Cohort, age: int) -> float | None:
    customers = _at(cohort.customers, age)
    return None if customers is None or not cohort.size else customers / cohort.size * 100


def _row(
    cohort: Cohort,
    grid: CohortGrid,
    ages: Sequence[int],
    digits: int,
    scale: Scale,
    material: Material,
) -> CohortRow:
    return CohortRow(
        name=cohort_name(cohort, grid, material),
        size=material.voice.count(cohort.size),
        customers=cohort.size,
        older=cohort.may_hold_older_customers,
        cells=tuple(_cell(cohort, age, digits, scale, material) for age in ages),
    )


def cohort_name(cohort: Cohort, grid: CohortGrid, material: Material) -> str:
    """Return the cohort's period in words."""
    named = periods.Named(grid.grain, cohort.period, cohort.starts_on)
    return periods.short(named, material.voice)


def _cell(cohort: Cohort, age: int, digits: int, scale: Scale, material: Material) -> Cell:
    percent = _percent(cohort, age)
    if percent is None:
        return Cell("", "", None, None, None, None)
    level = "first" if age == 0 else f"h{level_of(percent, scale)}"
    unfinished = "" if _at(cohort.complete, age) else " unfinished"
    return Cell(
        text=material.voice.number(percent, digits=digits),
        css=level + unfinished,
        customers=_at(cohort.customers, age),
        orders=_at(cohort.orders, age),
        revenue=_at(cohort.revenue, age),
        percent=percent,
    )


def level_of(value: float, scale: Scale) -> int:
    """Return the color step: 0 for nothing, 1 for the lowest to 9 for the highest value."""
    lowest, highest = scale
    place = (value - lowest) / ((highest - lowest) or 1)
    return 1 + int(min(1.0, max(0.0, place)) * (LEVELS - 0.001)) if value > 0 else 0


def _scale(cohorts: Sequence[Cohort], ages: Sequence[int]) -> Scale:
    """Return the lowest and highest finished share after age 0, where all are present."""
    shares = [
        share
        for one in cohorts
        for age in ages[1:]
        if _at(one.complete, age) and (share := _percent(one, age)) is not None
    ]
    return min(shares, default=0.0), max(shares, default=0.0)


def _mean(cohorts: Sequence[Cohort], age: int) -> float | None:
    """Return the share over all cohorts that have lived through the age, weighted by size."""
    lived = [
        (customers, one.size)
        for one in cohorts
        if _at(one.complete, age) and (customers := _at(one.customers, age)) is not None
    ]
    size = sum(size for _, size in lived)
    return sum(customers for customers, _ in lived) / size * 100 if size else None


def _mean_words(cohorts: Sequence[Cohort], age: int, digits: int, material: Material) -> str:
    mean = _mean(cohorts, age)
    return "" if mean is None else material.voice.number(mean, digits=digits)


def _age_name(grid: CohortGrid, material: Material) -> str:
    voice = material.voice
    if grid.age == "rolling":
        days = grid.age_days or 30
        return voice.say("Steps of {days} days since the first order", days=days)
    names: dict[Grain, Callable[[], str]] = {
        "week": lambda: voice.say("Weeks since the first order"),
        "month": lambda: voice.say("Months since the first order"),
        "quarter": lambda: voice.say("Quarters since the first order"),
        "year": lambda: voice.say("Years since the first order"),
    }
    return names.get(grid.grain, lambda: voice.pick(GRAIN_NAMES[grid.grain]))()


def _age_words(grid: CohortGrid, age: int, material: Material) -> str:
    """Name one age: month 3."""
    voice = material.voice
    if grid.age == "calendar" and grid.grain != "all":
        return f"{voice.pick(GRAIN_NAMES[grid.grain])} {age}"
    return voice.say("step {age}", age=age)


def _summary(
    cohorts: Sequence[Cohort],
    ages: Sequence[int],
    digits: int,
    grid: CohortGrid,
    material: Material,
) -> str:
    """Say how many came back after one, six and twelve steps."""
    voice = material.voice
    told = []
    for age in (1, 3, 6, 12):
        mean = _mean(cohorts, age) if age in ages else None
        if mean is not None:
            written = f"{voice.number(mean, digits=digits)}{voice.percent_sign}"
            told.append(f"{_age_words(grid, age, material)}: {written}")
    if not told:
        return voice.say("No cohort has been observed long enough yet.")
    return voice.say(
        "Share of a cohort’s customers who ordered, over all cohorts: {list}.", list="; ".join(told)
    )
