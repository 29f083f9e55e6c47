"""Under which number each person and each order is known, by what else they go by, for files beside the orders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from kohorte.reading import sql
from kohorte.reading.persons import identity

PEOPLE = "kohorte_reading_known_people"
NUMBERS = "kohorte_reading_known_orders"


def know(connection: duckdb.DuckDBPyConnection) -> None:
    """Note under which number each person and each order is known, by what else they go by."""
    tables = {name for (name,) in sql.rows(connection, "SELECT table_name FROM duckdb_tables()")}
    people = ["SELECT lower(customer_id::VARCHAR) AS key, customer_id FROM customers"]
    if identity.JOINED in tables:
        number = "coalesce(joined.customer_id, p.number)"
        people += [
            f"SELECT lower(key), customer_id FROM {identity.JOINED}",
            f"SELECT p.address, {number} FROM {identity.PAIRS} p LEFT JOIN {identity.JOINED} joined "
            "ON joined.key = p.number AND joined.is_number WHERE NOT p.is_office",
        ]
    else:
        people.append("SELECT lower(key::VARCHAR), customer_id FROM identities")
    sql.rows(
        connection,
        f"CREATE OR REPLACE TEMP TABLE {PEOPLE} AS SELECT key, min(customer_id) AS customer_id "
        f"FROM ({' UNION ALL '.join(people)}) WHERE key IS NOT NULL "
        "GROUP BY key HAVING count(DISTINCT customer_id) = 1",
    )
    sql.rows(
        connection,
        f"CREATE OR REPLACE TEMP TABLE {NUMBERS} AS SELECT {bare('order_id')} AS key, "
        "min(order_id) AS order_id FROM orders WHERE order_id IS NOT NULL GROUP BY key "
        "HAVING count(*) = 1",
    )


@contextmanager
def known(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let `PEOPLE` stand for a while; what the reading of the orders kept of it stays.

    Without tables that tell by what else customers go, nobody is in it.
    """
    tables = {
        name
        for (name,) in sql.rows(
            connection,
            "SELECT table_name FROM duckdb_tables() UNION ALL SELECT view_name FROM duckdb_views()",
        )
    }
    if PEOPLE in tables:
        yield
        return
    if {"customers", "identities"} <= tables:
        know(connection)
    else:
        sql.rows(
            connection, f"CREATE OR REPLACE TEMP TABLE {PEOPLE} (key VARCHAR, customer_id VARCHAR)"
        )
    try:
        yield
    finally:
        forget(connection)


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop what was noted."""
    for table in (PEOPLE, NUMBERS):
        sql.rows(connection, f"DROP TABLE IF EXISTS {table}")


def bare(number: str) -> str:
    """Return the SQL of an order number as numbers are compared: without the sign in front."""
    return f"ltrim(lower({number}::VARCHAR), '#')"
