"""What the tests of the tables beside the orders share: moments, orders, and what a row should say."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

import kohorte
import strategies
from kohorte.metrics import evaluate
from kohorte.periods import Period
from kohorte.results import Grain, Row
from oracle import orders

START = dt.date(2024, 1, 20)
DAY = dt.timedelta(days=1)
ZONES = ("UTC", "America/New_York", "Pacific/Kiritimati")
PEOPLE = ("anna", "ben", "cleo", "dora")
Record = dict[str, Any]


@dataclass(frozen=True)
class Said:
    """What a row should say; `why` is a key of `evaluate.MISSING`, `observed` that all is known."""

    value: float | None
    n: int
    why: str | None = None
    low: float | None = None
    high: float | None = None
    observed: bool = True


def day(number: int) -> dt.date:
    """Return a day by its distance from the first."""
    return START + number * DAY


def at(number: int, hour: int = 12, minute: int = 0) -> dt.datetime:
    """Return a moment of a day in UTC."""
    return dt.datetime.combine(day(number), dt.time(hour, minute))


def placed(number: int, customer: str | None, on: int, cents: int = 1000, **more: Any) -> Record:
    """Return an order placed at noon of a day."""
    return {
        "order_id": str(number),
        "customer_id": customer,
        "placed_at": at(on),
        "amount_minor": cents,
    } | more


def moments(zone: str, first: int, last: int) -> st.SearchStrategy[dt.datetime]:
    """Draw moments around midnight of the shop's clock, as UTC without zone."""
    return st.builds(
        lambda number, time: strategies.instant(day(number), time, zone),
        st.integers(first, last),
        st.sampled_from(strategies.TIMES),
    )


@st.composite
def order_lists(draw: st.DrawFn, zone: str, *, last: int = 70, most: int = 15) -> list[Record]:
    """Draw orders of some people and of nobody, some of which do not count."""
    drawn = draw(
        st.lists(
            st.tuples(
                st.sampled_from((*PEOPLE, None)),
                moments(zone, 0, last),
                st.sampled_from((0, 100, 999, 5000)),
                st.sampled_from(("counted",) * 6 + ("cancelled", "test")),
            ),
            min_size=1,
            max_size=most,
        )
    )
    return [
        {
            "order_id": str(number),
            "customer_id": customer,
            "placed_at": moment,
            "amount_minor": cents,
            "state": state,
        }
        for number, (customer, moment, cents, state) in enumerate(drawn)
    ]


def on(moment: dt.datetime, zone: str) -> dt.date:
    """Return the day of a moment on the shop's calendar."""
    return orders.local_day(moment, zone)


def inside(moment: dt.datetime, period: Period, history: kohorte.History) -> bool:
    """Return whether a moment lies in a period and in the days that the data cover."""
    return within(on(moment, history.settings.timezone), period, history)


def within(day: dt.date, period: Period, history: kohorte.History) -> bool:
    """Return whether a day lies in a period and in the days that the data cover."""
    assert history.span is not None
    return (
        period.starts_on <= day < period.ends_on
        and history.span.starts_on <= day < history.span.ends_on
    )


def compare(
    history: kohorte.History,
    slug: str,
    said: Callable[[Period, str], Said],
    *,
    grains: Sequence[Grain] = ("month", "all"),
    ranged: bool = True,
) -> None:
    """Compare every row of a metric with what it should say."""
    for grain in grains:
        periods = {period.label: period for period in history.periods(grain)}
        for row in history.metric(slug, grain=grain):
            check(row, said(periods[row.period], row.segment), periods[row.period], ranged=ranged)


def check(row: Row, expected: Said, period: Period, *, ranged: bool) -> None:
    where = (row.metric, row.period, row.segment)
    assert (row.n, row.complete) == (expected.n, period.complete and expected.observed), where
    why = None if expected.why is None else evaluate.MISSING[expected.why]
    assert (None if row.reason is None else row.reason.msgid) == why, where
    assert close(row.value, expected.value), where
    if ranged:
        assert close(row.low, expected.low), where
        assert close(row.high, expected.high), where


def close(found: float | None, expected: float | None) -> bool:
    if found is None or expected is None:
        return found is expected
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-7)


def halves(history: kohorte.History, row: Row) -> tuple[float, float]:
    """Return the sums of both halves of a number over the customers behind it."""
    found = history.behind(row.metric, grain=row.grain, period=row.period)
    assert len({record[0] for record in found.rows}) == len(found.rows)
    return (
        float(sum(record[1] or 0 for record in found.rows)),
        float(sum(record[2] for record in found.rows)),
    )
