"""What goes with a second order: hazard ratios of what is known when the first one is placed.

Customers who are still waiting count for as long as they have been watched, and all facts are looked at
together, so that what belongs to the country is not put down to the channel. Whether a fact is the reason,
this does not tell: only a trial does.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from kohorte.errors import TooLittleError, UnknownNameError
from kohorte.history import History
from kohorte.models.cox import Cox
from kohorte.models.fitted import Boundary

FACTS = ("country", "channel", "category", "first_product", "first_value")
# A group of fewer customers is put together with all other small ones.
_SMALLEST = 30
_WAITS = """
SELECT
  w.days,
  w.came,
  f.country,
  f.channel,
  f.category,
  f.first_product,
  v.revenue_minor AS first_minor
FROM order_waits AS w
JOIN customer_facts AS f ON f.customer_id = w.customer_id
LEFT JOIN purchase_days AS v ON v.customer_id = w.customer_id AND v.day = w.day
WHERE w.nth = 1
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
    """The drivers of the second order, the strongest first."""

    customers: int
    came: int
    drivers: tuple[Driver, ...]
    boundary: Boundary | None


def second_order(history: History, facts: tuple[str, ...] = FACTS, *, most: int = 6) -> Drivers:
    """Return what goes with a second order.

    Parameters
    ----------
    facts
        Of `FACTS`; those that the data do not tell are left out. `first_value` parts customers into
        thirds by what their first purchase day was worth.
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
    for fact in facts:
        if fact not in FACTS:
            raise UnknownNameError(
                "There is no fact “{name}”. There are: {names}.", name=fact, names=", ".join(FACTS)
            )
    rows = history.engine.rows(_WAITS) if history.span is not None else []
    if not any(row["came"] for row in rows):
        raise TooLittleError("Nobody has come yet, so nothing goes with it.", reason="no_events")
    covariates: dict[str, np.ndarray] = {}
    told: dict[str, tuple[str, str, str, int]] = {}
    for fact in facts:
        values = _thirds(rows) if fact == "first_value" else [row[fact] for row in rows]
        for value, against, count in _groups(values, most):
            name = f"{fact}={value}"
            covariates[name] = np.array([each == value for each in values], dtype=float)
            told[name] = (fact, value, against, count)
    covariates = _apart(covariates)
    if not covariates:
        raise TooLittleError("No fact tells customers apart.", reason="no_facts")
    model = Cox().fit([row["days"] for row in rows], [row["came"] for row in rows], covariates)
    summary = model.summary(confidence_percent=history.settings.confidence_percent)
    found = [Driver(*told[each.name], each.value, each.low, each.high) for each in summary]
    found.sort(key=lambda each: (not each.beyond, -abs(np.log(each.ratio)), each.fact, each.value))
    came = sum(bool(row["came"]) for row in rows)
    return Drivers(len(rows), came, tuple(found), model.boundary_)


def _groups(values: list[str | None], most: int) -> list[tuple[str, str, int]]:
    """Return the values to tell apart, each with the commonest one and how many have it."""
    counts = Counter(value for value in values if value is not None)
    # Of equally common values the one that reads first: the store's own order of rows must not decide.
    commonest = sorted(counts.items(), key=lambda each: (-each[1], each[0]))[: most + 1]
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


def _thirds(rows: list[dict[str, object]]) -> list[str | None]:
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
