"""Which customer numbers are one customer, because addresses connect them."""

from __future__ import annotations

import duckdb

from kohorte.reading import sql

EDGES = "kohorte_reading_edges"


def label(table: str, *, links: str, connection: duckdb.DuckDBPyConnection) -> None:
    """Give all numbers that addresses connect the same, smallest `label`.

    Each turn a number hears the labels of those it shares an address with, takes the smallest,
    tells it to the number that its own label stood for, and jumps to that one's label. Chains
    shorten by a multiple each turn, so that few turns reach any end.

    Parameters
    ----------
    table
        A temporary table with `number`, its `id` from 1, and `label`, which is the id at first.
    links
        A table with `number` and `address`.
    """
    # Of the numbers with one address, each is connected with the smallest.
    sql.rows(
        connection,
        f"CREATE OR REPLACE TEMP TABLE {EDGES} AS SELECT DISTINCT one, other FROM ("
        "SELECT min(t.id) OVER (PARTITION BY l.address) AS one, t.id AS other "
        f"FROM {links} l JOIN {table} t ON t.number = l.number) WHERE one < other",
    )
    while _take_turn(table, connection=connection):
        pass
    sql.rows(connection, f"DROP TABLE {EDGES}")


def _take_turn(table: str, *, connection: duckdb.DuckDBPyConnection) -> bool:
    """Let each number hear, tell and jump once; return whether any label changed."""
    following = f"{table}_following"
    sql.rows(
        connection,
        f"CREATE OR REPLACE TEMP TABLE {following} AS WITH heard AS ("
        f"SELECT id, min(label) AS label FROM (SELECT id, label FROM {table} "
        f"UNION ALL SELECT e.one, t.label FROM {EDGES} e JOIN {table} t ON t.id = e.other "
        f"UNION ALL SELECT e.other, t.label FROM {EDGES} e JOIN {table} t ON t.id = e.one"
        ") GROUP BY id), told AS ("
        "SELECT id, min(label) AS label FROM (SELECT id, label FROM heard UNION ALL "
        f"SELECT t.label, h.label FROM heard h JOIN {table} t ON t.id = h.id "
        "WHERE h.label < t.label) GROUP BY id) "
        "SELECT t.number, t.id, j.label FROM told JOIN told j ON j.id = told.label "
        f"JOIN {table} t ON t.id = told.id",
    )
    (changed,) = sql.row(
        connection,
        f"SELECT EXISTS (SELECT 1 FROM {following} f JOIN {table} t ON t.id = f.id "
        "WHERE f.label <> t.label)",
    )
    sql.rows(connection, f"DROP TABLE {table}")
    sql.rows(connection, f"ALTER TABLE {following} RENAME TO {table}")
    return bool(changed)
