"""What models read of a history: customers as known on a day, and what they did after it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from kohorte import periods
from kohorte.engine import Engine
from kohorte.history import History
from kohorte.models.arrays import Array
from kohorte.models.buyers import Buyers
from kohorte.validate.contest import STEPS, Holdout

# Those who are held to the past are chosen before anything is added up: of a large shop few are needed.
_CHOSEN = """
SELECT
  o.customer_id,
  o.day,
  CAST(SUM(o.revenue_minor) AS BIGINT) AS revenue_minor
FROM counted_orders AS o
JOIN (
  SELECT
    customer_id,
    ROW_NUMBER() OVER (ORDER BY customer_id) - 1 AS place,
    COUNT(*) OVER () AS customers
  FROM counted_orders
  WHERE customer_id IS NOT NULL
  GROUP BY customer_id
  HAVING MIN(day) <= $known_until
) AS c ON c.customer_id = o.customer_id
WHERE c.place % CAST(CEIL(CAST(c.customers AS DOUBLE) / $most) AS BIGINT) = 0
GROUP BY o.customer_id, o.day
"""
# Only where times between purchases are asked for are the purchase days of each customer put in order.
_KNOWN = """
SELECT
  customer_id,
  COUNT(*) - 1 AS x,
  MAX(day) - MIN(day) AS t_x,
  $known_until - MIN(day) AS t,
  (SUM(revenue_minor) - MIN_BY(revenue_minor, day)) / CAST(NULLIF(COUNT(*) - 1, 0) AS DOUBLE)
    / $minor_units AS monetary,
  SUM(revenue_minor) / CAST($minor_units AS DOUBLE) AS revenue
FROM {days}
WHERE day <= $known_until
GROUP BY customer_id
ORDER BY customer_id
"""
_GAPS = """
SELECT customer_id, SUM(LN(gap_days)) AS log_gaps
FROM (
  SELECT customer_id, day - LAG(day) OVER (PARTITION BY customer_id ORDER BY day) AS gap_days
  FROM {days}
  WHERE day <= $known_until
) AS paused
GROUP BY customer_id
ORDER BY customer_id
"""
_EVERYBODY = 1_000_000_000
_LATER = f"""
SELECT
  customer_id,
  {
    ", ".join(
        f"COUNT(*) FILTER (WHERE day > $known_until AND day <= $known_until + "
        f"CAST(FLOOR($length_days * {step} / {STEPS}.0) AS INTEGER)) AS step_{step}"
        for step in range(1, STEPS + 1)
    )
},
  COUNT(*) FILTER (
    WHERE day > $known_until - 365 AND day <= $known_until - 365 + $length_days
  ) AS last_year
FROM chosen_days
GROUP BY customer_id
HAVING MIN(day) <= $known_until
ORDER BY customer_id
"""


@dataclass(frozen=True, eq=False)
class Known:
    """The customers of a history on a day.

    Attributes
    ----------
    customers
        Their ids, in the order of `buyers`.
    buyers
        What models read of them.
    revenue
        What each has brought until then, in major units; zeros where amounts are not known.
    """

    customers: tuple[str, ...]
    buyers: Buyers
    revenue: Array


def on(history: History, day: dt.date | None = None, *, with_gaps: bool = False) -> Known:
    """Return the customers as they were known at the end of a day, or of the data.

    Examples
    --------
    >>> orders = [
    ...     dict(order_id="1", customer_id="anna", placed_at="2026-01-05"),
    ...     dict(order_id="2", customer_id="anna", placed_at="2026-01-15"),
    ...     dict(order_id="3", customer_id="ben", placed_at="2026-01-25"),
    ... ]
    >>> with History.from_records(orders=orders) as history:
    ...     known = on(history)
    >>> known.customers, known.buyers.x.tolist(), known.buyers.T.tolist()
    (('anna', 'ben'), [1.0, 0.0], [20.0, 0.0])
    """
    if history.span is None:
        return Known((), Buyers([], [], []), np.zeros(0))
    last = history.span.ends_on - dt.timedelta(days=1)
    day = last if day is None else min(day, last)
    return _read(history, day, "purchase_days", with_gaps=with_gaps)


def _read(history: History, day: dt.date, days: str, *, with_gaps: bool) -> Known:
    """Return the customers of a table of purchase days as they were known at the end of a day."""
    given = {"known_until": periods.day_number(day)}
    rows = _columns(history.engine, _KNOWN.format(days=days), given)
    has_amounts = "amounts" not in history.lacking
    gaps = (
        _columns(history.engine, _GAPS.format(days=days), given)["log_gaps"] if with_gaps else None
    )
    buyers = Buyers(
        rows["x"],
        rows["t_x"],
        rows["t"],
        monetary=rows["monetary"] if has_amounts else None,
        log_gaps=gaps,
        as_of=day,
    )
    names = tuple(str(name) for name in rows["customer_id"].tolist())
    return Known(names, buyers, rows["revenue"] if has_amounts else np.zeros(len(names)))


def holdout(history: History, split: dt.date, *, most: int | None = None) -> Holdout:
    """Return customers as known on a day, with what they bought from then to the end of the data.

    Parameters
    ----------
    most
        Of more customers than this, every so-manieth stands for those beside.
    """
    assert history.span is not None  # noqa: S101 – there is a day to split at
    last = history.span.ends_on - dt.timedelta(days=1)
    given = {"known_until": periods.day_number(split), "length_days": (last - split).days}
    history.engine.write("chosen_days", _CHOSEN, {**given, "most": most or _EVERYBODY})
    known = _read(history, split, "chosen_days", with_gaps=True)
    rows = _columns(history.engine, _LATER, given)
    steps = np.stack([rows[f"step_{step}"] for step in range(1, STEPS + 1)], axis=1)
    reaches = split - dt.timedelta(days=365) >= history.span.starts_on
    return Holdout(
        known.buyers,
        last - split,
        steps.astype(np.float64),
        rows["last_year"].astype(np.float64) if reaches else None,
    )


def _columns(engine: Engine, sql: str, given: dict[str, int]) -> dict[str, Array]:
    """Return the columns of a select, 0 where a number is not known."""
    found = engine.cursor(sql, given).fetchnumpy()
    return {
        name: np.ma.filled(values, 0) if np.ma.isMaskedArray(values) else values
        for name, values in found.items()
    }
