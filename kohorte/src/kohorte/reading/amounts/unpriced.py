"""Orders without an amount among orders that have one: refused, or left out on request.

An amount that is missing is not zero. A file may hold no amounts at all; then only counts are
known. But where some orders have an amount and others have none, every value would be too low.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import duckdb

from kohorte.errors import BadRowsError
from kohorte.reading import sql

if TYPE_CHECKING:
    from kohorte.reading.tables import Files

TABLE = "unpriced_orders"


def found(files: Files, *, lines: str, connection: duckdb.DuckDBPyConnection) -> Files:
    """Note the orders without an amount among `lines`, if other orders have one.

    Raises
    ------
    ReadError
        There are such orders and they are not to be left out.
    """
    if not any(plan.has_amounts for plan in files.plans):
        return files
    sql.rows(connection, f"DROP TABLE IF EXISTS {TABLE}")
    without = f"SELECT 1 FROM {lines} WHERE reason IS NULL AND amount_minor IS NULL LIMIT 1"
    if not sql.rows(connection, without):
        return files
    sql.rows(
        connection,
        f"CREATE TEMP TABLE {TABLE} AS SELECT order_id, min(file) AS file, min(line) AS line "
        f"FROM {lines} WHERE reason IS NULL GROUP BY order_id HAVING count(amount_minor) = 0",
    )
    first = sql.rows(connection, f"SELECT file, line FROM {TABLE} ORDER BY file, line LIMIT 1")
    if first and not files.skip_bad_rows:
        _refuse(files, first, connection=connection)
    return replace(files, has_unpriced=bool(first))


def left_out(lines: str) -> str:
    """Return the lines with those of such orders marked as not readable."""
    return (
        "(SELECT l.* EXCLUDE (reason), CASE WHEN l.reason IS NULL AND u.order_id IS NOT NULL "
        "THEN 'unreadable_row' ELSE l.reason END AS reason "
        f"FROM {lines} l LEFT JOIN {TABLE} u ON u.order_id = l.order_id)"
    )


def _refuse(
    files: Files, first: Sequence[Sequence[Any]], *, connection: duckdb.DuckDBPyConnection
) -> None:
    ((number, line),) = first
    (count,) = sql.row(connection, f"SELECT count(*) FROM {TABLE}")
    raise BadRowsError(
        "The order in line {line} of {file} has no amount, while others have one (such orders: "
        "{count}). Fill it in, or leave such orders out with --skip-bad-rows.",
        line=int(line),
        file=files.plans[int(number)].source.name,
        count=int(count),
    )
