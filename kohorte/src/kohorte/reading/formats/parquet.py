"""Parquet files, read where they lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from kohorte.errors import ReadError
from kohorte.reading import sql
from kohorte.reading.address import Address
from kohorte.reading.source import COLUMNS_MAX, Column, Kind, Source

SIGN = b"PAR1"
# Rows that are packed tighter are none: each has a number of its own at least.
ROWS_FROM = 1_000_000
ROWS_PER_BYTE = 4

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
        raise _damaged(path) from None
    if len(described) > COLUMNS_MAX:
        raise ReadError(
            "The file {file} has {columns} columns; at most {limit} are read.",
            file=path.name,
            columns=len(described),
            limit=COLUMNS_MAX,
        )
    size = path.stat().st_size
    if count > max(ROWS_FROM, ROWS_PER_BYTE * size):
        raise ReadError(
            "The Parquet file {file} claims {rows} rows in {size} bytes, which no table fits into. "
            "Export it again.",
            file=path.name,
            rows=int(count),
            size=size,
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


@contextmanager
def explained(
    places: Sequence[Path | Address], *, connection: duckdb.DuckDBPyConnection
) -> Iterator[None]:
    """Say of Parquet files, which are read where they lie, when damage comes up only later.

    Raises
    ------
    ReadError
        If one of the files cannot be read to its end.
    """
    try:
        yield
    except (duckdb.IOException, duckdb.OutOfMemoryException):
        raise
    except duckdb.Error as error:
        files = [place for place in places if isinstance(place, Path) and _is_parquet(place)]
        damaged = [file for file in files if _is_damaged(file, connection=connection)]
        # An error of no special kind is one of the engine's reader of Parquet.
        if damaged or (files and type(error) is duckdb.Error):
            raise _damaged((damaged or files)[0]) from None
        raise


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(SIGN)) == SIGN


def _is_damaged(path: Path, *, connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether a file cannot be read to its end."""
    table = sql.parquet([path.resolve()])
    try:
        sql.rows(connection, f"SELECT bit_xor(hash(cells)) FROM {table} AS cells")
    except duckdb.Error:
        return True
    return False


def _damaged(path: Path) -> ReadError:
    return ReadError("The Parquet file {file} is damaged. Export it again.", file=path.name)


def _kind(described: str) -> Kind:
    if described.startswith("TIMESTAMP") and described not in _KINDS:
        return "time"
    if described.startswith("ENUM"):
        return "text"
    if described.endswith("]") or described.startswith(("STRUCT", "MAP", "UNION")):
        return "other"
    return _KINDS.get(described, "number")
