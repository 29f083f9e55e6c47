"""Who and what is behind one number: its customers with their part in it, and its orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from kohorte import periods
from kohorte.engine import Engine
from kohorte.metrics import Metric
from kohorte.periods import Period
from kohorte.results import Listing

_ORDERS = """
WITH people AS (
  {people}
), seen AS (
  SELECT
    o.order_id,
    o.customer_id,
    o.day,
    o.revenue_minor,
    o.units,
    CASE
      WHEN o.customer_id IS NULL THEN 'unidentified'
      WHEN o.day = t.first_day THEN 'new'
      ELSE 'existing'
    END AS segment
  FROM counted_orders AS o
  LEFT JOIN customer_totals AS t ON t.customer_id = o.customer_id
  WHERE o.day >= $first_day AND o.day < $last_day
)
SELECT
  order_id,
  customer_id,
  DATE '1970-01-01' + day AS placed_on,
  CAST(revenue_minor AS DECIMAL(18, 0)) / CAST(10 ** $exponent AS INTEGER) AS revenue,
  units,
  segment
FROM seen
WHERE CASE
  WHEN $segment IN ('new', 'existing', 'unidentified')
  THEN segment = $segment
  ELSE customer_id IN (SELECT customer_id FROM people WHERE denominator > 0 OR numerator > 0)
END
ORDER BY day, order_id
"""

_ORDER_COLUMNS = ("order_id", "customer_id", "placed_on", "revenue", "units", "segment")

_EVERY_CUSTOMER = """
SELECT c.*, m.x, m.t_x, m.t, m.monetary_minor
FROM customer_totals AS c
JOIN purchase_model_input AS m ON m.customer_id = c.customer_id
ORDER BY c.customer_id
"""

# Cost is empty, as is profit, where that of one of the customer's orders is not known.
_PROFITS = """
SELECT
  customer_id,
  COUNT(*) AS orders,
  ROUND(SUM(revenue_minor) / CAST(10 ** $exponent AS DOUBLE), 4) AS revenue,
  CASE
    WHEN COUNT(profit_minor) = COUNT(*)
    THEN ROUND(SUM(revenue_minor - profit_minor) / CAST(10 ** $exponent AS DOUBLE), 4)
  END AS cost,
  CASE
    WHEN COUNT(profit_minor) = COUNT(*)
    THEN ROUND(SUM(profit_minor) / CAST(10 ** $exponent AS DOUBLE), 4)
  END AS profit,
  COUNT(*) - COUNT(profit_minor) AS orders_of_unknown_cost
FROM order_profits
WHERE day >= $starts_day AND day < $ends_day
GROUP BY customer_id
ORDER BY profit DESC NULLS LAST, customer_id
"""


def every_customer(engine: Engine, *, exponent: int) -> list[dict[str, Any]]:
    """Return one record per customer: dates, orders, value, and what purchase models need."""

    def major(minor: float | None) -> float | None:
        return None if minor is None else float(minor) / 10**exponent

    return [
        {
            "customer_id": row["customer_id"],
            "first_on": periods.from_day_number(row["first_day"]),
            "last_on": periods.from_day_number(row["last_day"]),
            "purchase_days": row["x"] + 1,
            "orders": row["orders"],
            "units": row["units"],
            "revenue": major(row["revenue_minor"]),
            "x": row["x"],
            "t_x": row["t_x"],
            "T": row["t"],
            "monetary": major(row["monetary_minor"]),
        }
        for row in engine.rows(_EVERY_CUSTOMER)
    ]


def customers(engine: Engine, metric: Metric, *, period: Period) -> Listing:
    """Return one row per customer behind a metric in a period."""
    return _listing(engine, metric.behind + "ORDER BY customer_id", _bounds(engine, period))


def profits(engine: Engine, *, period: Period, exponent: int) -> Listing:
    """Return what each buyer of a period brought, the most profitable first."""
    return _listing(engine, _PROFITS, {**_bounds(engine, period), "exponent": exponent})


def orders(
    engine: Engine, metric: Metric, *, period: Period, segment: str, exponent: int
) -> Listing:
    """Return the orders of these customers from which the metric was computed."""
    if metric.orders_from == "none":
        return Listing(_ORDER_COLUMNS, ())
    first, last = period.starts_on, period.at_on
    if metric.orders_from == "both":
        days = engine.parameters["active_days"] + engine.parameters["retention_days"]
        first = last - dt.timedelta(days=days)
    if metric.orders_from == "after":
        last = last + dt.timedelta(days=engine.parameters["repeat_days"])
    if metric.orders_from == "year":
        last = last + dt.timedelta(days=365)
    if metric.orders_from in ("since", "around"):
        last = periods.from_day_number(engine.parameters["history_end"])
    if metric.orders_from == "around":
        first = first - dt.timedelta(days=engine.parameters["active_days"])
    bound = {
        **_bounds(engine, period),
        "first_day": periods.day_number(first),
        "last_day": periods.day_number(last),
        "segment": segment,
        "exponent": exponent,
    }
    return _listing(engine, _ORDERS.format(people=metric.behind.strip()), bound)


def _bounds(engine: Engine, period: Period) -> dict[str, Any]:
    """Return the days of a period within the data, and those of the same period a year before."""
    starts_day = periods.day_number(period.starts_on)
    before = periods.year_before(period)
    return {
        "starts_day": max(starts_day, engine.parameters["history_start"]),
        "ends_day": periods.day_number(period.at_on),
        "at_day": periods.day_number(period.at_on),
        "before_starts_day": periods.day_number(before.starts_on),
        "before_ends_day": periods.day_number(before.ends_on),
    }


def _listing(engine: Engine, sql: str, bound: Mapping[str, Any]) -> Listing:
    result = engine.cursor(sql, bound)
    columns = tuple(column[0] for column in result.description or [])
    return Listing(columns, tuple(result.fetchall()))
