"""What those who were asked had bought until then, and whether they came again: a survey beside the orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from kohorte import periods, rfm
from kohorte.errors import ReadError
from kohorte.history import History
from kohorte.models.arrays import Array, Truth
from kohorte.reading.beside import knowing
from kohorte.surveys.files import TABLE

PEOPLE = "survey_people"
_ANSWERED = "coalesce(CAST(day - DATE '1970-01-01' AS INTEGER), $first)"
_PEOPLE = """
SELECT
  r.place,
  coalesce(one.customer_id, two.customer_id, own.customer_id) AS customer_id,
  r.day
FROM {rows} AS r
LEFT JOIN {known} AS one ON one.key = lower(r.customer_id)
LEFT JOIN {known} AS two ON two.key = lower(r.email)
LEFT JOIN (
  SELECT lower(customer_id) AS key, min(customer_id) AS customer_id
  FROM customer_totals
  GROUP BY key
  HAVING count(*) = 1
) AS own ON own.key = lower(r.customer_id)
"""
_BOUGHT = """
WITH moments AS (
  SELECT
    place,
    customer_id,
    {day} AS day
  FROM {people}
)
SELECT
  m.place,
  any_value(m.day) AS day,
  count(o.day) FILTER (o.day <= m.day) AS orders,
  any_value(m.day) - max(o.day) FILTER (o.day <= m.day) AS recency,
  any_value(m.day) - min(o.day) FILTER (o.day <= m.day) AS tenure,
  coalesce(sum(o.revenue_minor) FILTER (o.day <= m.day), 0) / $minor_units AS revenue,
  count(o.day) FILTER (o.day > m.day AND o.day <= m.day + $days) > 0 AS came
FROM moments AS m
LEFT JOIN counted_orders AS o ON o.customer_id = m.customer_id
GROUP BY m.place
ORDER BY m.place
"""


@dataclass(frozen=True, eq=False)
class Purchases:
    """What is known of each row of a survey by the shop's orders.

    Parameters
    ----------
    days
        Within how many days after the answer coming again counts.
    facts
        `recency` in days, `frequency` in orders, `value` in major units and `tenure` in days when they
        answered, as ln (1 + x). NaN where the customer had not ordered.
    beforehand
        The same on the day of the first answer for everybody, by which who answered and who did not can be
        compared: no answer has a day of its own.
    came
        Whether the customer ordered again in time.
    is_over
        Whether that time is over, for customers who had ordered before.
    customer
        The customer's number, None where the orders do not know them.
    groups
        The RFM group at the end of the data.
    population
        How many customers each RFM group has.
    """

    days: int
    facts: Mapping[str, Array]
    beforehand: Mapping[str, Array]
    came: Truth
    is_over: Truth
    customer: list[str | None]
    groups: list[str | None]
    population: Mapping[str, float]


def of(history: History, *, days: int = 90) -> Purchases:
    """Return what the orders tell of each row of the survey that was read last.

    Raises
    ------
    ReadError
        The orders know none of those who were asked.

    Examples
    --------
    See `kohorte survey --help`: `kohorte survey answers.csv --orders orders.csv`.
    """
    engine = history.engine
    with knowing.known(engine.connection):
        engine.write(PEOPLE, _PEOPLE.format(rows=TABLE, known=knowing.PEOPLE))
    people = engine.rows(f"SELECT * FROM {PEOPLE} ORDER BY place")
    customer = [row["customer_id"] for row in people]
    if history.span is None or not any(customer):
        raise ReadError(
            "The orders know none of those who answered. Both have to name customers in the same way, by "
            "number or by e-mail address."
        )
    end = periods.day_number(history.span.ends_on)
    days_told = [row["day"] for row in people if row["day"]]
    first = periods.day_number(min(days_told)) if days_told else end - 1

    def bought_until(day: str) -> list[dict[str, Any]]:
        return engine.rows(_BOUGHT.format(people=PEOPLE, day=day), {"first": first, "days": days})

    bought = bought_until(_ANSWERED)
    groups = _groups(history)
    counted: dict[str, float] = {}
    for group in groups.values():
        counted[group] = counted.get(group, 0) + 1
    return Purchases(
        days,
        _facts(bought),
        _facts(bought_until("$first")),
        np.array([bool(row["came"]) for row in bought]),
        np.array([row["orders"] > 0 and row["day"] + days < end for row in bought]),
        customer,
        [groups.get(one) if one else None for one in customer],
        {name: counted[name] for name in rfm.GROUPS if name in counted},
    )


def _facts(bought: list[dict[str, Any]]) -> dict[str, Array]:
    def column(name: str) -> Array:
        return np.array(
            [float(row[name]) if row["orders"] else np.nan for row in bought], dtype=float
        )

    facts = {
        "recency": np.log1p(column("recency")),
        "frequency": np.log1p(column("orders")),
        "tenure": np.log1p(column("tenure")),
    }
    value = np.log1p(np.maximum(column("revenue"), 0))
    return facts | {"value": value} if np.nansum(value) > 0 else facts


def _groups(history: History) -> dict[str, str]:
    """Return the RFM group of each customer at the end of the data."""
    bounds = rfm.thresholds(history.engine, exponent=history.exponent)
    rows = history.engine.rows(
        f"SELECT customer_id, recency, frequency FROM ({rfm.SCORED}) AS scored",
        rfm.bound(bounds, exponent=history.exponent),
    )
    return {row["customer_id"]: rfm.group_of(row["recency"], row["frequency"]) for row in rows}
