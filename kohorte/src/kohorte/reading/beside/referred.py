"""Referrals that name the friend and no order: the friend's first order since then is the referred one."""

from __future__ import annotations

import duckdb

from kohorte.reading import sql

FRIEND = "friend"


def find_orders(
    rows: str, *, staged: str, people: str, left_out: str, connection: duckdb.DuckDBPyConnection
) -> None:
    """Give staged referrals without an order number the order that they led to; mark the others.

    Parameters
    ----------
    rows
        The typed rows, with `friend` and `referred_at`.
    staged, people
        The rows as they go into the table, and the customers by all that they go by.
    left_out
        The mark of referrals that led to no order.
    """
    sql.rows(
        connection,
        f"UPDATE {staged} SET order_id = f.order_id, is_found = true FROM (SELECT r.file, r.line, "
        "min_by(o.order_id, (o.placed_at, o.order_id)) AS order_id "
        f"FROM {rows} r JOIN {people} p ON p.key = lower(trim(r.{FRIEND})) "
        "JOIN orders o ON o.customer_id = p.customer_id AND o.state IN ('counted', 'open') "
        "AND (r.referred_at IS NULL OR o.placed_at >= date_trunc('day', r.referred_at)) "
        "WHERE r.order_id IS NULL GROUP BY r.file, r.line) f "
        f"WHERE f.file = {staged}.file AND f.line = {staged}.line",
    )
    sql.rows(
        connection,
        f"UPDATE {staged} SET again = '{left_out}' WHERE order_id IS NULL",
    )
