"""What models read of a history: customers as known on a day, and what they did after it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kohorte import periods
from kohorte.engine import Engine
from kohorte.history import History
from kohorte.models.arrays import Array
from kohorte.models.buyers import Buyers
from kohorte.validate.contest import STEPS, Holdout

# Those who are held to the past are chosen before anything is added up: of a large shop few are needed.
# Their purchases of a day are one row, with the columns of `purchases` that are read below.
_CHOSEN = """
SELECT
  p.customer_id,
  p.day,
  p.first_day,
  p.nth,
  MIN(p.previous_day) AS previous_day,
  CAST(SUM(p.revenue_minor) AS BIGINT) AS revenue_minor
FROM purchases AS p
JOIN (
  SELECT
    customer_id,
    ROW_NUMBER() OVER (ORDER BY customer_id) - 1 AS place,
    COUNT(*) OVER () AS customers
  FROM purchases
  WHERE previous_day IS NULL AND day <= $known_until
) AS c ON c.customer_id = p.customer_id
WHERE c.place % CAST(CEIL(CAST(c.customers AS DOUBLE) / $most) AS BIGINT) = 0
GROUP BY p.customer_id, p.day, p.first_day, p.nth
"""
_KNOWN = """
SELECT
  customer_id,
  MAX(nth) - 1 AS x,
  MAX(day) - MIN(first_day) AS t_x,
  $known_until - MIN(first_day) AS t,
  SUM(CASE WHEN day > first_day THEN revenue_minor ELSE 0 END)
    / CAST(NULLIF(MAX(nth) - 1, 0) AS DOUBLE) / $minor_units AS monetary,
  SUM(revenue_minor) / CAST($minor_units AS DOUBLE) AS revenue
FROM {purchases}
WHERE day <= $known_until
GROUP BY customer_id
ORDER BY customer_id
"""
_GAPS = """
SELECT customer_id, SUM(LN(CASE WHEN day > previous_day THEN day - previous_day END)) AS log_gaps
FROM {purchases}
WHERE day <= $known_until
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
FROM chosen_purchases
GROUP BY customer_id
HAVING MIN(day) <= $known_until
ORDER BY customer_id
"""


@dataclass(frozen=True, eq=False)
class Known:
    """The customers of a history on a day.

    Attributes
    ----------
    ids
        Of the customers as the tables hold them, in the order of `buyers`.
    buyers
        What models read of them.
    revenue
        What each has brought until then, in major units; zeros where amounts are not known.
    """

    ids: Array
    buyers: Buyers
    revenue: Array

    @cached_property
    def customers(self) -> tuple[str, ...]:
        """The ids as text."""
        return tuple(map(str, self.ids.tolist()))


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
        return Known(np.zeros(0, dtype=object), Buyers([], [], []), np.zeros(0))
    last = history.span.ends_on - dt.timedelta(days=1)
    day = last if day is None else min(day, last)
    return _read(history, day, "purchases", with_gaps=with_gaps)


def _read(history: History, day: dt.date, purchases: str, *, with_gaps: bool) -> Known:
    """Return the customers of a table of purchases as they were known at the end of a day."""
    given = {"known_until": periods.day_number(day)}
    rows = _columns(history.engine, _KNOWN.format(purchases=purchases), given)
    has_amounts = "amounts" not in history.lacking
    gaps = None
    if with_gaps:
        gaps = _columns(history.engine, _GAPS.format(purchases=purchases), given)["log_gaps"]
    buyers = Buyers(
        rows["x"],
        rows["t_x"],
        rows["t"],
        monetary=rows["monetary"] if has_amounts else None,
        log_gaps=gaps,
        as_of=day,
    )
    ids = rows["customer_id"]
    return Known(ids, buyers, rows["revenue"] if has_amounts else np.zeros(len(ids)))


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
    history.engine.keep("purchases")
    history.engine.write("chosen_purchases", _CHOSEN, {**given, "most": most or _EVERYBODY})
    known = _read(history, split, "chosen_purchases", with_gaps=True)
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
