"""What customers of a trial ordered after they were assigned, and before, out of the shop's own orders.

Customers are found by any number or address that the orders know them by. Whoever stands in the trial under
several of them is one customer; who was put into several arms that way got both, and is left out. So are
rows that name nobody, of whom the orders can tell nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kohorte.errors import ReadError
from kohorte.experiments.columns import Kind
from kohorte.experiments.files import TABLE, Table
from kohorte.history import History
from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.beside import knowing

OUTCOMES = "trial_outcomes"
# The trial with each customer once, by the number under which the orders know them.
_PEOPLE = "trial_people"
_PERSON = "customer_of_orders"
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
FROM (SELECT * FROM {people} WHERE arms = 1) AS t
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
) AS o ON o.customer_id = t.{person}
"""


@dataclass(frozen=True)
class LeftOut:
    """Who of a trial is not measured.

    Parameters
    ----------
    several_arms
        Customers who were put into several arms, under several numbers or addresses.
    nameless
        Rows that name no customer.
    """

    several_arms: int
    nameless: int

    def sentences(self) -> Iterator[Sentence]:
        """Say it, where there are any."""
        if self.several_arms:
            yield Sentence(
                "Customers who were put into several arms under several numbers or addresses are left out: {n}.",
                {"n": self.several_arms},
            )
        if self.nameless:
            yield Sentence(
                "Rows of the trial that name no customer are left out: {n}.", {"n": self.nameless}
            )


def add(history: History, table: Table, *, start: dt.date, days: int) -> dict[str, Kind]:
    """Write `trial_outcomes`: every customer of the trial with orders and revenue within some days.

    The same number of days before the start is what steadies the reading; revenue is after refunds.

    A history that keeps its people (`keep_people`), or that our own tables are read for, finds customers by
    every number and address; otherwise only by the number that the orders bear.

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
    _find(history, table.customer, table.texts)
    first = (start - dt.date(1970, 1, 1)).days
    texts = "".join(f"t.{sql.identifier(name)}, " for name in table.texts)
    select = _SELECT.replace("{texts}", texts).replace("{people}", _PEOPLE)
    history.engine.write(
        OUTCOMES, select.replace("{person}", _PERSON), {"start": first, "days": days}
    )
    return dict(KINDS)


def left_out(history: History, table: Table) -> LeftOut:
    """Return who of the trial is not measured, once `add` has looked for all."""
    (told,) = history.engine.rows(
        f"SELECT (SELECT count(*) FROM {_PEOPLE} WHERE arms > 1) AS several, "
        f"(SELECT count(*) FROM {TABLE} WHERE {sql.identifier(table.customer or '')} IS NULL) AS nameless"
    )
    return LeftOut(int(told["several"]), int(told["nameless"]))


def _find(history: History, customer: str, texts: Sequence[str]) -> None:
    """Write the trial with each customer once, as the orders know them."""
    who = sql.identifier(customer)
    (told,) = history.engine.rows(
        f"SELECT count(DISTINCT {who}) = count({who}) AS once FROM {TABLE}"
    )
    if not told["once"]:
        raise ReadError(
            "A customer is in the trial more than once, so it is not clear who got what."
        )
    person = f"coalesce(p.customer_id, t.{who})"
    kept = "".join(
        f"min(t.{name}) AS {name}, " for name in map(sql.identifier, dict.fromkeys(texts))
    )
    with knowing.known(history.engine.connection):
        history.engine.write(
            _PEOPLE,
            f"SELECT {person} AS {_PERSON}, {kept}min(t.arm) AS arm, count(DISTINCT t.arm) AS arms "
            f"FROM {TABLE} AS t LEFT JOIN {knowing.PEOPLE} AS p ON p.key = lower(trim(t.{who})) "
            f"WHERE t.{who} IS NOT NULL GROUP BY {person}",
        )
    (told,) = history.engine.rows(
        f"SELECT bool_or({_PERSON} IN (SELECT customer_id FROM counted_orders)) AS is_known "
        f"FROM {_PEOPLE}"
    )
    if not told["is_known"]:
        raise ReadError(
            "The orders know none of the customers of the trial. Both have to name them in the same way."
        )
