"""People of an import whom nobody knows yet: their keys stand with nobody else's, here and in the store.

Most people of a first import are such. Nothing has to be weighed for them: each is a customer. All others
go the longer way of `admitting`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import duckdb
from django.db import transaction

from stammkunde.core import turns
from stammkunde.records.customers import keys, loading

PEOPLE = "fresh_people"
PIECE = "fresh_piece"


def admit(
    connection: duckdb.DuckDBPyConnection,
    *,
    shop_id: int,
    import_id: int,
    without: Collection[int],
    known: str,
    at_once: int,
) -> Iterator[int]:
    """Make the customers of fresh people, piece by piece; yield how many keys are written by then.

    Parameters
    ----------
    without
        Keys of the import that are left to others.
    known
        The table that notes the keys of the import which the store knows by then.
    """
    _find(connection, without=without)
    ((count,),) = connection.execute(f"SELECT count(*) FROM {PEOPLE}").fetchall()
    written = 0
    for start in range(0, count, at_once):
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {PIECE} AS SELECT one, other FROM {PEOPLE} "
            f"WHERE n > {start} AND n <= {start + at_once}"
        )
        with transaction.atomic():
            # Whoever else writes keys of the shop waits, so that those not found are not there.
            turns.take(shop_id)
            _leave_known(connection, shop_id=shop_id)
            loading.make(
                connection, people=PIECE, said="put_keys", shop_id=shop_id, import_id=import_id
            )
        connection.execute(f"INSERT INTO {known} SELECT other, id, true FROM {loading.MADE_KEYS}")
        ((made,),) = connection.execute(f"SELECT count(*) FROM {loading.MADE_KEYS}").fetchall()
        written += made
        yield written


def _find(connection: duckdb.DuckDBPyConnection, *, without: Collection[int]) -> None:
    """Find numbers and addresses that stand alone, and pairs of them that stand with nobody else."""
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {PEOPLE} AS
        WITH own AS (
          SELECT n, kind, is_used FROM put_keys
          WHERE NOT is_shared AND n NOT IN (SELECT unnest($without::BIGINT[]))
        ), met AS (
          SELECT one, other, count(*) OVER (PARTITION BY one) AS of_one,
            count(*) OVER (PARTITION BY other) AS of_other
          FROM put_ties
        )
        SELECT row_number() OVER (ORDER BY one) AS n, one, other FROM (
          SELECT one, other FROM met
          WHERE of_one = 1 AND of_other = 1 AND one IN (SELECT n FROM own) AND other IN (SELECT n FROM own)
          UNION ALL
          SELECT n, NULL FROM own WHERE (kind = 'number' OR is_used)
            AND n NOT IN (SELECT one FROM put_ties UNION ALL SELECT other FROM put_ties)
        )
        """,
        {"without": list(without)},
    )


def _leave_known(connection: duckdb.DuckDBPyConnection, *, shop_id: int) -> None:
    """Take those out of a piece of whom the store knows a key."""
    said = connection.execute(
        f"SELECT kind, source, list(n), list(value) FROM put_keys k WHERE n IN "
        f"(SELECT one FROM {PIECE} UNION ALL SELECT other FROM {PIECE}) GROUP BY kind, source"
    ).fetchall()
    for kind, source, numbers, values in said:
        if found := keys.ids(shop_id, kind, source, values):
            met = [n for n, value in zip(numbers, values, strict=True) if value in found]
            connection.execute(
                f"DELETE FROM {PIECE} WHERE one IN (SELECT unnest($met)) "
                "OR other IN (SELECT unnest($met))",
                {"met": met},
            )
