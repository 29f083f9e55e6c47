"""What customers of a trial ordered after they were assigned, and before, out of the shop's own orders."""

from __future__ import annotations

import datetime as dt

from kohorte.errors import ReadError
from kohorte.experiments.columns import Kind
from kohorte.experiments.files import TABLE, Table
from kohorte.history import History
from kohorte.reading import sql

OUTCOMES = "trial_outcomes"
KINDS: dict[str, Kind] = {"ordered": "share", "orders": "count", "revenue": "money"}
BEFORE = {name: f"{name}_before" for name in KINDS}
_SELECT = """
SELECT
  t.arm,
  {texts}
  CAST(coalesce(o.orders, 0) > 0 AS DOUBLE) AS ordered,
  coalesce(o.orders, 0) AS orders,
  coalesce(o.revenue, 0) AS revenue,
  CAST(coalesce(o.orders_before, 0) > 0 AS DOUBLE) AS ordered_before,
  coalesce(o.orders_before, 0) AS orders_before,
  coalesce(o.revenue_before, 0) AS revenue_before
FROM {trial} AS t
LEFT JOIN (
  SELECT
    customer_id,
    count(*) FILTER (day >= $start) AS orders,
    count(*) FILTER (day < $start) AS orders_before,
    sum(revenue_minor) FILTER (day >= $start) / $minor_units AS revenue,
    sum(revenue_minor) FILTER (day < $start) / $minor_units AS revenue_before
  FROM counted_orders
  WHERE day >= $start - $days AND day < $start + $days
  GROUP BY customer_id
) AS o ON o.customer_id = t.{customer}
"""


def add(history: History, table: Table, *, start: dt.date, days: int) -> dict[str, Kind]:
    """Write `trial_outcomes`: every customer of the trial with orders and revenue within some days.

    The same number of days before the start is what steadies the reading; revenue is after refunds.

    Returns
    -------
    dict
        What was measured, with what it is.

    Raises
    ------
    ReadError
        The file of the trial names no customers or one of them twice, the orders know none of them, or
        they end too soon.

    Examples
    --------
    See `kohorte experiment --help`: `kohorte experiment trial.csv --orders orders.csv --start 2026-03-01`.
    """
    if table.customer is None:
        raise ReadError("The file of the trial has no column that names the customer.")
    span = history.span
    if span is None or start + dt.timedelta(days=days) > span.ends_on:
        raise ReadError(
            "The orders end on {end}, before {days} days after the start of the trial are over.",
            end=span.ends_on - dt.timedelta(days=1) if span else "–",
            days=days,
        )
    who = sql.identifier(table.customer)
    (told,) = history.engine.rows(
        f"SELECT count(DISTINCT {who}) = count({who}) AS is_once, "
        f"bool_or({who} IN (SELECT customer_id FROM counted_orders)) AS is_known FROM {TABLE}"
    )
    if not told["is_once"]:
        raise ReadError(
            "A customer is in the trial more than once, so it is not clear who got what."
        )
    if not told["is_known"]:
        raise ReadError(
            "The orders know none of the customers of the trial. Both have to name them in the same way."
        )
    first = (start - dt.date(1970, 1, 1)).days
    texts = "".join(f"t.{sql.identifier(name)}, " for name in table.texts)
    select = _SELECT.replace("{texts}", texts).replace("{trial}", TABLE)
    history.engine.write(
        OUTCOMES,
        select.replace("{customer}", who),
        {"start": first, "days": days},
    )
    return dict(KINDS)
