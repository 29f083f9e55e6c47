"""What goes with a second order: hazard ratios of what is known when the first one is placed, or soon after.

Customers who are still waiting count for as long as they have been watched, and all facts are looked at
together, so that what belongs to the country is not put down to the channel. What happens after the first
order, such as a return, is looked at from a landmark: a day by which it had happened or not, of customers who
had not come again by then. Whoever came sooner had no time for it, and would make those without it look
the more faithful. Whether a fact is the reason, this does not tell: only a trial does.

Source: Anderson, Cain & Gelber (1983), Analysis of survival by tumor response, Journal of Clinical Oncology 1(11),
for the landmark.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from kohorte.errors import SettingError, TooLittleError, UnknownNameError
from kohorte.history import History
from kohorte.models.cox import Cox
from kohorte.models.fitted import Boundary

FACTS = ("country", "channel", "category", "first_product", "first_value", "first_discount")
# What happens after the first order, and is known at the landmark.
EARLY = ("returned", "ticket")
LANDMARK_DAYS = 30
NO, YES = "no", "yes"
# A group of fewer customers is put together with all other small ones.
_SMALLEST = 30
# So many customers tell what goes with coming again; more would only make it slower.
_MOST = 100_000
# What the lines of the first purchase come to above what it cost is a discount; the rest is rounding.
_ROUNDING, _DEEP = 0.005, 0.1
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
)
SELECT
  c.days - $landmark_days AS days,
  c.came,
  f.country,
  f.channel,
  f.category,
  f.first_product,
  v.revenue_minor AS first_minor,
  1 - CAST(p.paid AS DOUBLE) / NULLIF(p.listed, 0) AS first_discount,
  COALESCE(r.reason, 'no') AS returned,
  COALESCE(t.reason, 'no') AS ticket
FROM chosen AS c
JOIN customer_facts AS f ON f.customer_id = c.customer_id
LEFT JOIN spent AS v ON v.customer_id = c.customer_id
LEFT JOIN priced AS p ON p.customer_id = c.customer_id
LEFT JOIN returned AS r ON r.customer_id = c.customer_id
LEFT JOIN tickets_then AS t ON t.customer_id = c.customer_id
"""


@dataclass(frozen=True)
class Driver:
    """One value of a fact against its commonest value: how often customers come, relative to those.

    `ratio` above 1 is sooner and more often; None of `low` and `high` where nothing bounds it. `beyond`
    says that 1 lies outside the range.
    """

    fact: str
    value: str
    against: str
    customers: int
    ratio: float
    low: float | None
    high: float | None

    @property
    def beyond(self) -> bool:
        """Whether the ratio differs from 1 by more than chance."""
        return self.low is not None and self.high is not None and not self.low <= 1 <= self.high


@dataclass(frozen=True)
class Drivers:
    """The drivers of the second order, the strongest first, of those who waited for `landmark_days`."""

    customers: int
    came: int
    drivers: tuple[Driver, ...]
    boundary: Boundary | None
    landmark_days: int = 0


def second_order(history: History, facts: tuple[str, ...] = FACTS, *, most: int = 6) -> Drivers:
    """Return what of the first order goes with a second one.

    Parameters
    ----------
    facts
        Of `FACTS`; those that the data do not tell are left out. `first_value` parts customers into
        thirds by what their first purchase day was worth; `first_discount` by how far what they paid
        lies below what the lines come to: `none`, `small` to a tenth, or `deep`.
    most
        So many values of a fact are told apart; the others are together.

    Raises
    ------
    UnknownNameError
        There is no such fact.
    TooLittleError
        Nobody came again, or no fact tells customers apart.

    Examples
    --------
    >>> orders = [
    ...     dict(order_id=f"{n}-{k}", customer_id=str(n), channel="ads" if n % 2 else "search",
    ...          placed_at=f"2026-0{1 + k}-{1 + n % 9:02}")
    ...     for n in range(200) for k in range(1 + (n % 3 == 0 if n % 2 else n % 3 > 0))
    ... ]
    >>> with History.from_records(orders=orders) as history:
    ...     found = second_order(history)
    >>> (found.drivers[0].value, found.drivers[0].ratio > 1, found.drivers[0].beyond)
    ('search', True, True)
    """
    return _fitted(history, facts, FACTS, most=most, landmark_days=0)


def since(
    history: History,
    facts: tuple[str, ...] = (*EARLY, *FACTS),
    *,
    landmark_days: int = LANDMARK_DAYS,
    most: int = 6,
) -> Drivers:
    """Return what of the first order and of the days after it goes with a second one after these days.

    Parameters
    ----------
    facts
        Of `EARLY` and `FACTS`: `returned`, whether something of the first purchase came back by then,
        and `ticket`, whether the customer got in touch; both by the reason where it was stated often
        enough. A first order that was refunded altogether is no order, and is not among them.
    landmark_days
        Only customers who had not come again by this day after their first order, and were watched
        longer, are looked at, and time counts from it.

    Raises
    ------
    SettingError
        The landmark does not lie ahead of the first order.
    UnknownNameError
        There is no such fact.
    TooLittleError
        Nobody came after these days, or no fact tells customers apart.

    Examples
    --------
    >>> orders = [
    ...     dict(order_id=f"{n}-{k}", customer_id=str(n), placed_at=f"2026-0{1 + 2 * k}-{1 + n % 9:02}")
    ...     for n in range(200) for k in range(1 + (n % 3 == 0 if n % 2 else n % 3 > 0))
    ... ]
    >>> returns = [
    ...     dict(return_id=str(n), order_id=f"{n}-0", returned_at="2026-01-15", kind="return")
    ...     for n in range(1, 200, 2)
    ... ]
    >>> with History.from_records(orders=orders, returns=returns) as history:
    ...     found = since(history, ("returned",))
    >>> (found.drivers[0].value, found.drivers[0].against, found.drivers[0].ratio < 1)
    ('yes', 'no', True)
    """
    if landmark_days < 1:
        raise SettingError("A landmark lies at least one day after the first order.")
    return _fitted(history, facts, (*EARLY, *FACTS), most=most, landmark_days=landmark_days)


def _fitted(
    history: History,
    facts: tuple[str, ...],
    known: tuple[str, ...],
    *,
    most: int,
    landmark_days: int,
) -> Drivers:
    for fact in facts:
        if fact not in known:
            raise UnknownNameError(
                "There is no fact “{name}”. There are: {names}.", name=fact, names=", ".join(known)
            )
    # Days of 0 are among those who wait from the first order on.
    given = {"landmark_days": landmark_days or -1, "most": _MOST}
    rows = history.engine.rows(_WAITS, given) if history.span is not None else []
    if not any(row["came"] for row in rows):
        raise TooLittleError("Nobody has come yet, so nothing goes with it.", reason="no_events")
    days = np.array([row["days"] for row in rows], dtype=float) - (0 if landmark_days else 1)
    covariates: dict[str, np.ndarray] = {}
    told: dict[str, tuple[str, str, str, int]] = {}
    for fact in facts:
        values = _VALUES.get(fact, _plain)(rows, fact)
        for value, against, count in _groups(values, most, _BASES.get(fact)):
            name = f"{fact}={value}"
            covariates[name] = np.array([each == value for each in values], dtype=float)
            told[name] = (fact, value, against, count)
    covariates = _apart(covariates)
    if not covariates:
        raise TooLittleError("No fact tells customers apart.", reason="no_facts")
    model = Cox().fit(days, [row["came"] for row in rows], covariates)
    summary = model.summary(confidence_percent=history.settings.confidence_percent)
    found = [Driver(*told[each.name], each.value, each.low, each.high) for each in summary]
    found.sort(key=lambda each: (not each.beyond, -abs(np.log(each.ratio)), each.fact, each.value))
    came = sum(bool(row["came"]) for row in rows)
    return Drivers(len(rows), came, tuple(found), model.boundary_, landmark_days)


Rows = list[dict[str, Any]]


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
_BASES = {"first_discount": "none", "returned": NO, "ticket": NO}
_VALUES: Mapping[str, Any] = {
    "first_value": _thirds,
    "first_discount": _discounts,
    "returned": _happened,
    "ticket": _happened,
}
