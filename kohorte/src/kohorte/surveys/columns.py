"""The further columns of a survey: those that part answers into groups, and those of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from kohorte.models.arrays import Array
from kohorte.reading import sql
from kohorte.reading.amounts import decimals
from kohorte.reading.source import Column, Source

if TYPE_CHECKING:
    import duckdb

GROUPS_MAX = 50
_NUMBERS_MAX = 60


def _text(column: Column) -> str:
    return f"nullif(trim(CAST({column.sql} AS VARCHAR)), '')"


def texts(
    source: Source, columns: Sequence[Column], *, connection: duckdb.DuckDBPyConnection
) -> dict[str, list[str | None]]:
    """Return the columns that part the rows into a few groups."""
    found = {}
    for column in columns:
        (distinct,) = sql.row(
            connection, f"SELECT count(DISTINCT {_text(column)}) FROM {source.relation}"
        )
        if 1 < distinct <= GROUPS_MAX:
            cells = sql.rows(
                connection, f"SELECT {_text(column)} FROM {source.relation} ORDER BY line"
            )
            found[column.name] = [cell for (cell,) in cells]
    return found


def numbers(
    source: Source, columns: Sequence[Column], *, connection: duckdb.DuckDBPyConnection
) -> dict[str, Array]:
    """Return the columns that hold nothing but numbers, as far as they are filled."""
    if not columns:
        return {}
    mark, _doubtful = decimals.decide(
        decimals.evidences(connection, source=source, columns=columns),
        own=decimals.Evidence(comma=0, point=0, either=0),
        german=source.delimiter == ";",
    )
    found = {}
    for column in columns[:_NUMBERS_MAX]:
        number = decimals.number(column, mark=mark, kind="DOUBLE")
        filled, numeric = sql.row(
            connection, f"SELECT count({_text(column)}), count({number}) FROM {source.relation}"
        )
        if filled and filled == numeric:
            cells = sql.rows(connection, f"SELECT {number} FROM {source.relation} ORDER BY line")
            found[column.name] = np.array(
                [np.nan if cell is None else float(cell) for (cell,) in cells]
            )
    return found
