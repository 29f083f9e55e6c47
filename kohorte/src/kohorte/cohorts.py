"""Cohorts: customers by when they came, and what they did at each age.

Two ages: `calendar` counts periods after the first one, as people read a grid; `rolling` counts
equal blocks of days since each customer's own first day, so that nobody's first month is shorter
than another's. A cell that has not been observed is None, never 0.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kohorte import intervals
from kohorte.engine import Engine
from kohorte.intervals import Estimate
from kohorte.medians import median
from kohorte.periods import Period, Span
from kohorte.results import Cohort, CohortGrid, Grain, Listing, Stay

# Bits of a 64-bit number that stay clear of its sign.
MASK_PERIODS = 62
_OVERLAP_COLUMNS = ("period", "lag", "customers", "share")
NO_OVERLAPS = Listing(_OVERLAP_COLUMNS, ())

Cells = Mapping[tuple[int, int], Mapping[str, Any]]


@dataclass(frozen=True)
class _Ground:
    """What every cohort of a grid is made from."""

    cells: Cells
    exponent: int
    history_start: dt.date
    doubtful: dt.timedelta


def calendar(
    engine: Engine,
    periods: Sequence[Period],
    *,
    span: Span,
    grain: Grain,
    exponent: int,
    relation: str = "calendar_cohorts",
) -> CohortGrid:
    """Return the grid by calendar age: age k is the k-th period after the first one.

    `relation` is `calendar_cohorts`, or `masked_cohorts` where customers alone are wanted.
    """
    ground = _ground(engine, relation, span, exponent)
    cohorts = []
    for number, period in _with_customers(periods, ground):
        ages = range(len(periods) - number)
        complete = tuple(periods[number + age].complete for age in ages)
        cohorts.append(_cohort(ground, number, period, [True] * len(ages), complete))
    return CohortGrid(grain, "calendar", None, tuple(cohorts))


def rolling(
    engine: Engine,
    periods: Sequence[Period],
    *,
    span: Span,
    grain: Grain,
    exponent: int,
    age_days: int,
) -> CohortGrid:
    """Return the grid by rolling age: age k holds the days [k·age_days, (k + 1)·age_days).

    An age counts as observed once the youngest customer of the cohort has lived through it.
    """
    ground = _ground(engine, "rolling_cohorts", span, exponent)
    cohorts = []
    for number, period in _with_customers(periods, ground):
        oldest = max(period.starts_on, span.starts_on)
        youngest = period.at_on - dt.timedelta(days=1)
        ages = range((span.ends_on - oldest).days // age_days + 1)
        observed = tuple(
            youngest + dt.timedelta(days=(age + 1) * age_days) <= span.ends_on for age in ages
        )
        cohorts.append(_cohort(ground, number, period, observed, observed))
    return CohortGrid(grain, "rolling", age_days, tuple(cohorts))


def overlaps(engine: Engine, periods: Sequence[Period]) -> Listing:
    """Return how many buyers of each period bought again `lag` periods later, and their share."""
    counts = {
        (row["period"], row["lag"]): int(row["customers"])
        for row in engine.rows("SELECT * FROM period_overlaps")
    }
    return Listing(
        _OVERLAP_COLUMNS,
        tuple(
            (period.label, lag, customers, customers / counts[number, 0])
            for number, period in enumerate(periods)
            for lag in range(len(periods) - number)
            if (number, 0) in counts and periods[number + lag].complete
            for customers in [counts.get((number, lag), 0)]
        ),
    )


def stays(grid: CohortGrid, *, z: float) -> list[Stay]:
    """Return the whole grid as one line: who of all customers that are old enough ordered at each age.

    An age of which only part has been observed does not count. At age 0 everybody ordered, for that
    is what makes a cohort; the share has no interval there.

    Examples
    --------
    >>> from kohorte import History
    >>> orders = [
    ...     dict(order_id="1", customer_id="anna", placed_at="2026-01-01"),
    ...     dict(order_id="2", customer_id="anna", placed_at="2026-02-09"),
    ...     dict(order_id="3", customer_id="ben", placed_at="2026-01-31"),
    ...     dict(order_id="4", customer_id="cleo", placed_at="2026-02-28"),
    ... ]
    >>> with History.from_records(orders=orders) as history:
    ...     [(stay.age, stay.n, stay.back, stay.percent) for stay in stays(history.cohorts(), z=1.96)]
    [(0, 3, 3, 100.0), (1, 2, 1, 50.0)]
    """
    found = []
    for age in range(max((len(cohort.customers) for cohort in grid.cohorts), default=0)):
        lived = [one for one in grid.cohorts if age < len(one.complete) and one.complete[age]]
        back = _summed([one.customers[age] for one in lived])
        if back is None:
            continue
        n = sum(one.size for one in lived)
        share = intervals.share(int(back), n, z=z).times(100) if age else Estimate(100.0)
        orders = _summed([one.orders[age] for one in lived])
        revenue = _summed([one.revenue[age] for one in lived])
        found.append(
            Stay(
                age,
                n,
                int(back),
                share.value or 0.0,
                share.low,
                share.high,
                None if orders is None else int(orders),
                revenue,
            )
        )
    return found


def _summed(values: Sequence[float | None]) -> float | None:
    """Return the sum of what is known of all; None if it is not, or there is nothing."""
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(values) else None


def _ground(engine: Engine, relation: str, span: Span, exponent: int) -> _Ground:
    rows = engine.rows(f"SELECT * FROM {relation}")
    doubtful = dt.timedelta.min if relation == "masked_cohorts" else _doubtful(engine)
    return _Ground(
        {(row["cohort"], row["age"]): row for row in rows}, exponent, span.starts_on, doubtful
    )


def _with_customers(periods: Sequence[Period], ground: _Ground) -> Iterator[tuple[int, Period]]:
    return ((n, period) for n, period in enumerate(periods) if (n, 0) in ground.cells)


def _cohort(
    ground: _Ground,
    number: int,
    period: Period,
    observed: Sequence[bool],
    complete: tuple[bool, ...],
) -> Cohort:
    first = ground.cells[number, 0]

    def counted(column: str) -> tuple[int | None, ...]:
        if first.get(column) is None:
            return (None,) * len(observed)
        return tuple(
            int(ground.cells.get((number, age), {}).get(column) or 0) if seen else None
            for age, seen in enumerate(observed)
        )

    revenue = tuple(
        None if minor is None or first["revenue_minor"] is None else minor / 10**ground.exponent
        for minor in counted("revenue_minor")
    )
    return Cohort(
        period=period.label,
        starts_on=period.starts_on,
        size=int(first["customers"]),
        customers=counted("customers"),
        orders=counted("orders"),
        revenue=revenue,
        complete=complete,
        may_hold_older_customers=period.starts_on - ground.history_start < ground.doubtful,
    )


def _doubtful(engine: Engine) -> dt.timedelta:
    """Return how long after the data begin a "first" order may well have had an earlier one.

    That is the median gap between purchase days: whoever bought before the data begin has come
    back by then as often as not.
    """
    gaps = engine.rows("SELECT gap_days, gaps FROM purchase_gaps")
    return dt.timedelta(days=median((row["gap_days"], row["gaps"]) for row in gaps) or 0)
