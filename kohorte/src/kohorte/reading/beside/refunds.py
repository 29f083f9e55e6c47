"""Refunds of lists beside the orders, put into the tables: each counts once.

A refund that stands twice, in one list or in two, counts once: of two lists the one that runs
further has it. Where the orders tell refunds themselves, the list comes first, because it knows
the day of each; from the orders comes only what they tell beyond it.
"""

from __future__ import annotations

import duckdb

from kohorte.reading import source, sql
from kohorte.reading.beside import refund_remarks
from kohorte.reading.persons import identity
from kohorte.reading.tables import Files
from kohorte.results import FileReading

# Every row of the lists with the reason why it does not count; and the refunds they make.
ROWS = "kohorte_reading_refund_rows"
MADE = "kohorte_reading_refunds"
_ALL_CELLS = "refund_id, order_id, customer_id, refunded_at, amount_minor, product_id, product"


def add(lists: Files, *, orders: Files, connection: duckdb.DuckDBPyConnection) -> list[FileReading]:
    """Add the refunds of the lists to the tables; return how each list was understood.

    Parameters
    ----------
    lists
        The lists with their typed lines; their numbers follow those of the orders.
    orders
        The files of orders, of which the tables are made.
    """
    if not lists.plans:
        return []
    first = len(orders.plans)
    names = f"[{sql.texts(plan.source.name for plan in lists.plans)}][file - {first} + 1]"
    _note_rows(lists, first=first, connection=connection)
    _note_refunds(names, connection=connection)
    facts = refund_remarks.gather(ROWS, MADE, connection=connection)
    _take_from_orders(connection=connection)
    _insert(connection=connection)
    _exclude(lists, names=names, first=first, connection=connection)
    for table in (ROWS, MADE):
        sql.rows(connection, f"DROP TABLE {table}")
    return refund_remarks.readings(lists, facts=facts, first=first)


def _note_rows(lists: Files, *, first: int, connection: duckdb.DuckDBPyConnection) -> None:
    """Note every row of the lists, and why those that stand twice do not count.

    A refund of several rows may name its order on one of them only.
    """
    named = "min(order_id) OVER same"
    order = (
        f"coalesce(order_id, CASE WHEN refund_id IS NOT NULL AND {named} = max(order_id) OVER same "
        f"THEN {named} END)"
    )
    lines = identity.known(sql.parquet([each.path for each in lists.lines]))
    rows = (
        f"SELECT file, line, refund_id, {order} AS order_id, customer_id, placed_at AS refunded_at, "
        f"amount_minor, product_id, product, reason FROM {lines} "
        "WINDOW same AS (PARTITION BY refund_id)"
    )
    again = f"row_number() OVER (PARTITION BY file, reason, {_ALL_CELLS} ORDER BY line) > 1"
    rows = _marked(rows, again, "seen_twice")
    if len(lists.lines) > 1:
        rows = _marked(rows, f"{_owner(lists, first=first)} <> file", "seen_in_another_file")
    sql.rows(connection, f"CREATE OR REPLACE TEMP TABLE {ROWS} AS {rows}")


def _marked(rows: str, test: str, reason: str) -> str:
    """Return rows with a reason for those that count so far and that the test is true of."""
    return (
        f"SELECT * REPLACE (CASE WHEN reason IS NULL AND {test} THEN '{reason}' ELSE reason END "
        f"AS reason) FROM ({rows})"
    )


def _owner(lists: Files, *, first: int) -> str:
    """Return the SQL of the list that has a refund: of those it stands in, the one that runs furthest.

    Refunds without a number are the same if order, customer, instant and amount are.
    """
    last = sorted(range(len(lists.lines)), key=lambda number: (lists.lines[number].latest, number))
    ranks = ", ".join(str(last.index(number)) for number in range(len(lists.lines)))
    cells = ("customer_id", "refunded_at", "abs(amount_minor)")
    unnumbered = ", ".join(f"CASE WHEN refund_id IS NULL THEN {cell} END" for cell in cells)
    return (
        f"first_value(file) OVER (PARTITION BY reason, refund_id, order_id, {unnumbered} "
        f"ORDER BY [{ranks}][file - {first} + 1] DESC)"
    )


def _note_refunds(names: str, *, connection: duckdb.DuckDBPyConnection) -> None:
    """Note the refunds that the rows make: rows with one number and one order are one refund.

    One without a number is called by its file and line. The customer is that of the order.
    """
    counted = f"FROM {ROWS} WHERE reason IS NULL"
    cells = "order_id, min(customer_id) AS customer_id, min(refunded_at) AS refunded_at"
    amount = "abs(sum(amount_minor))::BIGINT AS amount_minor, min(file) AS file"
    sql.rows(
        connection,
        f"CREATE OR REPLACE TEMP TABLE {MADE} AS SELECT r.* REPLACE "
        "(coalesce(o.customer_id, r.customer_id) AS customer_id), o.order_id IS NOT NULL AS is_found, "
        "o.amount_minor AS order_minor FROM ("
        f"SELECT refund_id, {cells}, {amount} {counted} AND refund_id IS NOT NULL "
        "GROUP BY refund_id, order_id UNION ALL "
        f"SELECT {names} || ' ' || line, order_id, customer_id, refunded_at, abs(amount_minor), file "
        f"{counted} AND refund_id IS NULL) r LEFT JOIN orders o ON o.order_id = r.order_id",
    )


def _take_from_orders(*, connection: duckdb.DuckDBPyConnection) -> None:
    """Leave of the refunds that the orders tell only what the lists do not.

    A credit note among the orders that a list tells by its number and amount is the list's.
    """
    listed = f"(SELECT order_id, sum(amount_minor)::BIGINT AS amount_minor FROM {MADE} GROUP BY order_id)"
    sql.rows(
        connection,
        "UPDATE refunds SET amount_minor = refunds.amount_minor - l.amount_minor "
        f"FROM {listed} l WHERE l.order_id = refunds.order_id",
    )
    sql.rows(
        connection,
        "DELETE FROM refunds WHERE (order_id IS NOT NULL AND amount_minor <= 0) OR (order_id IS NULL "
        f"AND (refund_id, amount_minor) IN (SELECT (refund_id, amount_minor) FROM {MADE}))",
    )


def _insert(*, connection: duckdb.DuckDBPyConnection) -> None:
    """Put the refunds into the table; a number that it has already gets another one behind it."""
    sql.rows(
        connection,
        "INSERT INTO refunds SELECT CASE WHEN place > 1 THEN refund_id || ' ' || place "
        "ELSE refund_id END, order_id, customer_id, refunded_at, amount_minor FROM ("
        "SELECT m.*, row_number() OVER (PARTITION BY m.refund_id ORDER BY m.order_id) "
        "+ (m.refund_id IN (SELECT refund_id FROM refunds))::INTEGER AS place "
        f"FROM {MADE} m) ORDER BY refunded_at, refund_id",
    )


def _exclude(
    lists: Files, *, names: str, first: int, connection: duckdb.DuckDBPyConnection
) -> None:
    """List the rows that do not count; what they give back has the sign of what is taken away."""
    sql.rows(
        connection,
        f"INSERT INTO excluded_rows SELECT reason, 'everything', {names}, line, order_id, "
        f"customer_id, -abs(amount_minor) FROM {ROWS} WHERE reason IS NOT NULL ORDER BY file, line",
    )
    if bad := source.shapeless((plan.source for plan in lists.plans), first=first):
        sql.rows(
            connection,
            f"INSERT INTO excluded_rows SELECT 'unreadable_row', 'everything', {names}, line, "
            f"NULL, NULL, NULL FROM {bad}",
        )
