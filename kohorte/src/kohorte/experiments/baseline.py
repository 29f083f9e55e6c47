"""What a shop's customers do without any treatment: what a plan needs to know, out of the shop's orders."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

from kohorte.errors import TooLittleError
from kohorte.experiments import trial
from kohorte.experiments.power import Base
from kohorte.history import History

_SELECT = """
WITH seen AS (
  SELECT
    customer_id,
    CAST(count(*) FILTER (day >= $start) > 0 AS DOUBLE) AS ordered,
    CAST(count(*) FILTER (day >= $start - $days AND day < $start) > 0 AS DOUBLE) AS ordered_before,
    coalesce(sum(revenue_minor) FILTER (day >= $start), 0) / $minor_units AS revenue,
    coalesce(sum(revenue_minor) FILTER (day >= $start - $days AND day < $start), 0) / $minor_units
      AS revenue_before
  FROM counted_orders
  WHERE customer_id IS NOT NULL AND day >= $start - $reach AND day < $start + $days
  GROUP BY customer_id
  HAVING min(day) < $start
),
large AS (
  SELECT quantile_cont(revenue, $cut) FILTER (revenue > 0) AS revenue FROM seen
),
cut AS (
  SELECT
    s.ordered,
    s.ordered_before,
    least(s.revenue, l.revenue) AS revenue,
    least(s.revenue_before, l.revenue) AS revenue_before
  FROM seen AS s CROSS JOIN large AS l
)
SELECT
  count(*) AS customers,
  avg(ordered) AS ordered,
  corr(ordered, ordered_before) AS ordered_alike,
  avg(revenue) AS revenue,
  stddev_samp(revenue) AS revenue_deviation,
  corr(revenue, revenue_before) AS revenue_alike
FROM cut
"""


@dataclass(frozen=True)
class Baseline:
    """What the active customers of a shop did in the last days of its data.

    Parameters
    ----------
    customers
        Active when the time began: with an order within w days before.
    start
        The day on which it began.
    days
        Its length.
    bases
        `ordered`, the share who ordered, and `revenue` per customer where amounts are known, very large
        ones cut as `trial.read` cuts them; each with how far the same time before foretells it.
    """

    customers: int
    start: dt.date
    days: int
    bases: Mapping[str, Base]


def of(history: History, *, days: int = 30) -> Baseline:
    """Return what a shop's active customers do in so many days.

    Raises
    ------
    TooLittleError
        The data are too short, or nobody or everybody ordered in that time.

    Examples
    --------
    >>> orders = [
    ...     dict(order_id=f"{n}-{k}", customer_id=str(n), placed_at=f"2026-0{1 + k}-{1 + n % 28:02}", amount_minor=2000 + n)
    ...     for n in range(200) for k in range(1 + n % 3)
    ... ]
    >>> with History.from_records(orders=orders, currency="EUR") as history:
    ...     found = of(history, days=28)
    >>> found.customers, round(found.bases["ordered"].mean, 2), sorted(found.bases)
    (200, 0.33, ['ordered', 'revenue'])
    """
    span = history.span
    if span is None or (span.ends_on - span.starts_on).days < 2 * days:
        raise TooLittleError(
            "The orders reach back less than {days} days: too little to plan a trial by.",
            reason="short_history",
            days=2 * days,
        )
    start = span.ends_on - dt.timedelta(days=days)
    (row,) = history.engine.rows(
        _SELECT,
        {
            "start": (start - dt.date(1970, 1, 1)).days,
            "days": days,
            "reach": history.settings.active_days,
            "cut": trial.PERCENT / 100,
        },
    )
    bases: dict[str, Base] = {}
    if row["ordered"] and row["ordered"] < 1:
        bases["ordered"] = Base.share(row["ordered"], correlation=_alike(row["ordered_alike"]))
    if "amounts" not in history.lacking and row["revenue"] and row["revenue"] > 0:
        bases["revenue"] = Base(
            row["revenue"], row["revenue_deviation"], _alike(row["revenue_alike"])
        )
    if not bases:
        raise TooLittleError(
            "In the last {days} days nobody who had ordered before did so again, or everybody did: "
            "choose another number of days.",
            reason="no_spread",
            days=days,
        )
    return Baseline(int(row["customers"]), start, days, bases)


def _alike(found: float | None) -> float:
    """Return a correlation as a plan takes it: what speaks against steadiness counts as none."""
    return 0.0 if found is None or math.isnan(found) else min(max(found, 0.0), 0.99)
