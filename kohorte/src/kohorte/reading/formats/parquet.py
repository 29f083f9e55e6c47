"""Parquet files, read where they lie."""

from __future__ import annotations

from pathlib import Path

import duckdb

from kohorte.errors import ReadError
from kohorte.reading import sql
from kohorte.reading.source import COLUMNS_MAX, Column, Kind, Source

_KINDS: dict[str, Kind] = {
    "VARCHAR": "text",
    "DATE": "day",
    "TIMESTAMP WITH TIME ZONE": "instant",
    "BLOB": "other",
    "BOOLEAN": "other",
    "TIME": "other",
}


def open_source(path: Path, *, connection: duckdb.DuckDBPyConnection) -> Source:
    """Open a Parquet file; its rows are numbered from 1."""
    table = sql.parquet([path.resolve()])
    try:
        described = sql.rows(
            connection, f"DESCRIBE SELECT * EXCLUDE (file_row_number) FROM {table}"
        )
        (count,) = sql.row(connection, f"SELECT count(*) FROM {table}")
    except duckdb.Error:
        raise ReadError(
            "The Parquet file {file} is damaged. Export it again.", file=path.name
        ) from None
    if len(described) > COLUMNS_MAX:
        raise ReadError(
            "The file {file} has {columns} columns; at most {limit} are read.",
            file=path.name,
            columns=len(described),
            limit=COLUMNS_MAX,
        )
    if not count:
        raise ReadError("The file {file} holds no rows.", file=path.name)
    columns = tuple(
        Column(index, str(name), _kind(str(kind)))
        for index, (name, kind, *_) in enumerate(described)
    )
    named = ", ".join(f"{sql.identifier(column.name)} AS {column.sql}" for column in columns)
    return Source(
        path=path,
        name=path.name,
        relation=f"(SELECT file_row_number + 1 AS line, {named} FROM {table})",
        columns=columns,
        has_header=True,
        rows=int(count),
        in_place=True,
    )


def _kind(described: str) -> Kind:
    if described.startswith("TIMESTAMP") and described not in _KINDS:
        return "time"
    if described.startswith("ENUM"):
        return "text"
    if described.endswith("]") or described.startswith(("STRUCT", "MAP", "UNION")):
        return "other"
    return _KINDS.get(described, "number")
