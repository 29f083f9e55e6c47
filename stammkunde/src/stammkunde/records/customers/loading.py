"""People whom nobody knows yet, many at once: a customer each, with the keys that tell them and their tie."""

from __future__ import annotations

import duckdb

from stammkunde.core import bulk, clock, columns
from stammkunde.records.customers import rules

MADE = "made_people"
MADE_KEYS = "made_keys"
_KEY = "kind, source, value, coalesce(written, '') AS written, coalesce(loose, '') AS loose"


def make(
    connection: duckdb.DuckDBPyConnection,
    *,
    people: str,
    said: str,
    shop_id: int,
    import_id: int,
) -> None:
    """Write people whose keys the store does not hold, as `identity.settle` makes them of such keys.

    It belongs into a transaction of the caller, who has the shop's turn.

    Parameters
    ----------
    people
        A table of DuckDB with the numbers of the keys of each: `one`, and `other` or NULL.
    said
        The table of the keys, with `n` and what is told of each. The ids that they are given stand in
        `MADE_KEYS` afterwards.
    """
    both = f"SELECT one AS n, one FROM {people} UNION ALL SELECT other, one FROM {people} WHERE other IS NOT NULL"
    for table, select, of in (
        (MADE, f"SELECT one, other FROM {people}", "customers_customer"),
        (MADE_KEYS, f"SELECT n AS other, one FROM ({both})", "customers_key"),
    ):
        ((count,),) = connection.execute(f"SELECT count(*) FROM ({select})").fetchall()
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT place.one, place.other, ($ids)[place] AS id "
            f"FROM (SELECT *, row_number() OVER (ORDER BY one, other) AS place FROM ({select})) place",
            {"ids": bulk.new_ids(of, count)},
        )
    now = {"now": str(clock.now().replace(tzinfo=None))}
    owned = {"shop_id": str(int(shop_id)), "made_by": str(int(import_id))}

    def told(name: str) -> str:
        return f"coalesce(a.{name}, b.{name}, '') AS {name}"

    columns.pour(
        connection,
        "SELECT m.id, CASE WHEN a.kind = 'number' THEN coalesce(a.written, '') ELSE '' END AS number, "
        "CASE WHEN a.kind = 'email' THEN a.value ELSE coalesce(b.value, '') END AS email, "
        f"{told('phone')}, {told('name')}, {told('country')}, $now AS created_at, $now AS changed_at "
        f"FROM {MADE} m JOIN {said} a ON a.n = m.one LEFT JOIN {said} b ON b.n = m.other ORDER BY m.id",
        now,
        table="customers_customer",
        further={**owned, "orders": "0", "revenue_minor": "0", "refunded_minor": "0"},
        by_one_statement=True,
    )
    columns.pour(
        connection,
        f"SELECT k.id, m.id AS customer_id, {_KEY}, is_shared, $now AS since "
        f"FROM {MADE_KEYS} k JOIN {MADE} m USING (one) JOIN {said} s ON s.n = k.other ORDER BY k.id",
        now,
        table="customers_key",
        further={**owned, "rule": "'own'", "confidence": str(rules.CONFIDENCE["own"])},
        by_one_statement=True,
    )
    columns.pour(
        connection,
        "SELECT a.id AS one_id, b.id AS other_id, $now AS since, false AS is_apart "
        f"FROM {MADE} m JOIN {MADE_KEYS} a ON a.other = m.one JOIN {MADE_KEYS} b ON b.other = m.other "
        "ORDER BY a.id",
        now,
        table="customers_tie",
        further={**owned, "rule": "'same_row'"},
    )
