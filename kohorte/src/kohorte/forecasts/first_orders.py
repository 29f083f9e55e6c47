"""What is known of customers' first orders, and of the days after them, as facts that tell customers apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from kohorte.history import History

FACTS = ("country", "channel", "category", "first_product", "first_value", "first_discount")
# What happens after the first order, and is known at the landmark; and the table that tells it.
EARLY = {
    "returned": "returns", "ticket": "tickets", "leaving": "responses", "nps": "responses",
    "csat": "responses", "ces": "responses", "dispatch": "deliveries", "delivery": "deliveries",
    "promise": "deliveries",
}  # fmt: skip
NO, YES = "no", "yes"
# A group of fewer customers is put together with all other small ones.
_SMALLEST = 30
# So many customers tell what goes with coming again; more would only make it slower.
_MOST = 100_000
# What the lines of the first purchase come to above what it cost is a discount; the rest is rounding.
_ROUNDING, _DEEP = 0.005, 0.1
# Days of deliveries are told apart up to these.
_WITHIN = (2, 4, 7)
_WAITS = """
WITH waiting AS (
  SELECT
    customer_id,
    day,
    days,
    came,
    ROW_NUMBER() OVER (ORDER BY customer_id) - 1 AS place,
    COUNT(*) OVER () AS customers
  FROM order_waits
  WHERE nth = 1 AND days > $landmark_days
), chosen AS (
  SELECT customer_id, day, days, came
  FROM waiting
  WHERE place % CAST(CEIL(CAST(customers AS DOUBLE) / $most) AS BIGINT) = 0
), firsts AS (
  SELECT c.customer_id, c.day, o.order_id, o.revenue_minor
  FROM chosen AS c
  JOIN counted_orders AS o ON o.customer_id = c.customer_id AND o.day = c.day
), spent AS (
  SELECT customer_id, CAST(SUM(revenue_minor) AS BIGINT) AS revenue_minor
  FROM firsts
  GROUP BY customer_id
), priced AS (
  SELECT f.customer_id, SUM(d.amount_minor) AS paid, SUM(l.listed) AS listed
  FROM firsts AS f
  JOIN dated_orders AS d ON d.order_id = f.order_id
  JOIN (
    SELECT order_id, SUM(amount_minor) AS listed
    FROM order_lines
    GROUP BY order_id
  ) AS l ON l.order_id = f.order_id
  GROUP BY f.customer_id
), returned AS (
  SELECT f.customer_id, MIN(COALESCE(r.reason, 'yes')) AS reason
  FROM firsts AS f
  JOIN dated_returns AS r ON r.order_id = f.order_id
  WHERE r.kind = 'return' AND r.day - f.day BETWEEN 0 AND $landmark_days
  GROUP BY f.customer_id
), tickets_then AS (
  SELECT c.customer_id, MIN(COALESCE(t.reason, 'yes')) AS reason
  FROM chosen AS c
  JOIN dated_tickets AS t ON t.customer_id = c.customer_id
  WHERE t.day - c.day BETWEEN 0 AND $landmark_days
  GROUP BY c.customer_id
), parcels AS (
  SELECT
    f.customer_id,
    d.shipped_day - f.day AS sent,
    d.delivered_day - f.day AS arrived,
    CASE
      WHEN d.delivered_day > d.promised_day AND d.promised_day - f.day < $landmark_days THEN 1
      WHEN d.delivered_day <= d.promised_day AND d.delivered_day - f.day <= $landmark_days THEN 0
    END AS late
  FROM firsts AS f
  JOIN dated_deliveries AS d ON d.order_id = f.order_id
), delivered AS (
  SELECT
    customer_id,
    CASE WHEN COUNT(*) = COUNT(sent) THEN MAX(sent) END AS sent,
    CASE WHEN COUNT(*) = COUNT(arrived) THEN MAX(arrived) END AS arrived,
    CASE WHEN MAX(late) = 1 THEN 'late' WHEN COUNT(*) = COUNT(late) THEN 'on_time' END AS promise
  FROM parcels
  GROUP BY customer_id
), leaving_then AS (
  SELECT c.customer_id, MIN(COALESCE(r.answer, 'yes')) AS reason
  FROM chosen AS c
  JOIN dated_responses AS r ON r.customer_id = c.customer_id
  WHERE r.question = 'leaving' AND r.day - c.day BETWEEN 0 AND $landmark_days
  GROUP BY c.customer_id
), scored AS (
  SELECT
    c.customer_id,
    r.question,
    r.is_top,
    r.is_bottom,
    ROW_NUMBER() OVER (
      PARTITION BY c.customer_id, r.question ORDER BY r.day DESC, r.response_id DESC
    ) AS place
  FROM chosen AS c
  JOIN valid_responses AS r ON r.customer_id = c.customer_id
  WHERE r.day - c.day BETWEEN 0 AND $landmark_days
), scores AS (
  SELECT
    customer_id,
    MAX(CASE WHEN question = 'nps' THEN 'passive' END) AS nps,
    MAX(CASE WHEN question = 'nps' AND is_top = 1 THEN 'promoter' END) AS promoter,
    MAX(CASE WHEN question = 'nps' AND is_bottom = 1 THEN 'detractor' END) AS detractor,
    MAX(CASE WHEN question = 'csat' THEN CASE WHEN is_top = 1 THEN 'top' ELSE 'below' END END) AS csat,
    MAX(CASE WHEN question = 'ces' THEN CASE WHEN is_top = 1 THEN 'top' ELSE 'below' END END) AS ces
  FROM scored
  WHERE place = 1
  GROUP BY customer_id
)
SELECT
  c.customer_id,
  c.days - $landmark_days AS days,
  c.came,
  f.country,
  f.channel,
  f.category,
  f.first_product,
  v.revenue_minor AS first_minor,
  1 - CAST(p.paid AS DOUBLE) / NULLIF(p.listed, 0) AS first_discount,
  COALESCE(r.reason, 'no') AS returned,
  COALESCE(t.reason, 'no') AS ticket,
  COALESCE(l.reason, 'no') AS leaving,
  COALESCE(s.promoter, s.detractor, s.nps, 'no') AS nps,
  COALESCE(s.csat, 'no') AS csat,
  COALESCE(s.ces, 'no') AS ces,
  CASE WHEN d.sent <= $landmark_days THEN d.sent WHEN d.sent > 7 AND $landmark_days >= 7 THEN 8 END
    AS dispatch,
  CASE
    WHEN d.arrived <= $landmark_days THEN d.arrived
    WHEN d.arrived > 7 AND $landmark_days >= 7 THEN 8
  END AS delivery,
  -- Who is not known to have got it stands apart by that already.
  CASE WHEN d.arrived IS NULL THEN d.promise ELSE COALESCE(d.promise, 'no') END AS promise
FROM chosen AS c
JOIN customer_facts AS f ON f.customer_id = c.customer_id
LEFT JOIN spent AS v ON v.customer_id = c.customer_id
LEFT JOIN priced AS p ON p.customer_id = c.customer_id
LEFT JOIN returned AS r ON r.customer_id = c.customer_id
LEFT JOIN tickets_then AS t ON t.customer_id = c.customer_id
LEFT JOIN leaving_then AS l ON l.customer_id = c.customer_id
LEFT JOIN scores AS s ON s.customer_id = c.customer_id
LEFT JOIN delivered AS d ON d.customer_id = c.customer_id
"""
Rows = list[dict[str, Any]]
# A value of a fact, what it is held against, and how many customers have it.
Told = tuple[str, str, str, int]


def waits(history: History, *, landmark_days: int) -> Rows:
    """Return the customers who waited longer than so many days for their second order, with their facts."""
    if history.span is None:
        return []
    # Days of 0 are among those who wait from the first order on.
    return history.engine.rows(_WAITS, {"landmark_days": landmark_days or -1, "most": _MOST})


def apart(
    values: Mapping[str, list[str | None]], *, most: int
) -> tuple[dict[str, np.ndarray], dict[str, Told]]:
    """Return a column of 0 and 1 for each value that tells customers apart, and what it stands for.

    Parameters
    ----------
    values
        By fact the value of each customer.
    most
        So many values of a fact are told apart; the others are together.
    """
    columns: dict[str, np.ndarray] = {}
    told: dict[str, Told] = {}
    for fact, each in values.items():
        for value, against, count in _groups(each, most, _base(fact, each)):
            name = f"{fact}={value}"
            columns[name] = np.array([one == value for one in each], dtype=float)
            told[name] = (fact, value, against, count)
    return _apart(columns), told


def values(rows: Rows, fact: str) -> list[str | None]:
    """Return the value of a fact of each customer; None where it is not known."""
    return _VALUES.get(fact, _plain)(rows, fact)


def _plain(rows: Rows, fact: str) -> list[str | None]:
    return [row[fact] for row in rows]


def _happened(rows: Rows, fact: str) -> list[str | None]:
    """Return no, a reason that was stated often enough, or yes."""
    counts = Counter(row[fact] for row in rows)
    return [
        value if value == NO or counts[value] >= _SMALLEST else YES
        for value in (row[fact] for row in rows)
    ]


def _discounts(rows: Rows, fact: str) -> list[str | None]:
    """Return how deep the discount was; nothing where lines do not mostly add up to what was paid."""
    depth = np.array([np.nan if row[fact] is None else row[fact] for row in rows], dtype=float)
    known = depth[np.isfinite(depth)]
    if not len(known) or np.mean(np.abs(known) <= _ROUNDING) < 0.5:
        return [None] * len(rows)

    def named(share: float) -> str | None:
        if not np.isfinite(share) or share < -_ROUNDING:
            return None
        return "none" if share <= _ROUNDING else "small" if share <= _DEEP else "deep"

    return [named(share) for share in depth.tolist()]


def _bands(rows: Rows, fact: str) -> list[str | None]:
    """Return within how many days something was done; days before the order are mistakes."""

    def band(days: int | None) -> str:
        if days is None or days < 0:
            return NO
        return next((f"within_{most}" for most in _WITHIN if days <= most), "later")

    return [band(row[fact]) for row in rows]


def _base(fact: str, values: list[str | None]) -> str | None:
    """Return what others are held against; where a day is not known, that is no measure of the rest."""
    if fact not in _OF_DELIVERIES:
        return _BASES.get(fact)
    known = Counter(value for value in values if value != NO)
    return min(known, key=lambda value: (-known[value], str(value)), default=None)


def _groups(values: list[str | None], most: int, base: str | None) -> list[tuple[str, str, int]]:
    """Return the values to tell apart, each with the base or the commonest and how many have it."""
    counts = Counter(value for value in values if value is not None)
    # Of equally common values the one that reads first: the store's own order of rows must not decide.
    commonest = sorted(counts.items(), key=lambda each: (each[0] != base, -each[1], each[0]))[
        : most + 1
    ]
    large = [(value, n) for value, n in commonest if n >= _SMALLEST]
    if not large:
        return []
    return [(value, large[0][0], n) for value, n in large[1:]]


def _apart(covariates: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Leave out what follows from the others, such as a product that is its whole category."""
    kept: dict[str, np.ndarray] = {}
    for name, values in covariates.items():
        tried = np.stack([np.ones(len(values)), *kept.values(), values], axis=1)
        if np.linalg.matrix_rank(tried.T @ tried) == tried.shape[1]:
            kept[name] = values
    return kept


def _thirds(rows: Rows, fact: str) -> list[str | None]:
    """Return low, middle or high for what the first purchase day was worth."""
    worth = [row["first_minor"] for row in rows]
    known = np.array([value for value in worth if value is not None], dtype=float)
    if not len(known) or known.min() == known.max():
        return [None] * len(rows)
    low, high = np.quantile(known, [1 / 3, 2 / 3])

    def third(value: object) -> str | None:
        if not isinstance(value, int):
            return None
        return "low" if value <= low else "high" if value > high else "middle"

    return [third(value) for value in worth]


# Values that others are held against though they may be rarer.
_BASES = {"first_discount": "none", **dict.fromkeys(EARLY, NO)}
_OF_DELIVERIES = frozenset(fact for fact, table in EARLY.items() if table == "deliveries")
_VALUES: Mapping[str, Callable[[Rows, str], list[str | None]]] = {
    "first_value": _thirds,
    "first_discount": _discounts,
    "returned": _happened,
    "ticket": _happened,
    "leaving": _happened,
    "dispatch": _bands,
    "delivery": _bands,
}
