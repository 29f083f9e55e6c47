"""JSON: one object a line, or one array of objects; parsed by the engine, staged as Parquet."""

from __future__ import annotations

import codecs
import re
import shutil
from pathlib import Path
from typing import Literal

import duckdb

from kohorte.errors import ReadError
from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.source import COLUMNS_MAX, LINE_BYTES_MAX, Column, Kind, Source

CHUNK_BYTES = 1 << 20
Shape = Literal["newline_delimited", "array"]

_BEGINS = re.compile(rb"\s*(\[\s*)?\{\s*[\"}]")
_PLACE = re.compile(r" in (?:line|record/value) (\d+)")
_NUMBERS = ("BIGINT", "UBIGINT", "HUGEINT", "DOUBLE", "DECIMAL")
_FAILURES = (
    duckdb.InvalidInputException,
    duckdb.BinderException,
    duckdb.ConversionException,
    duckdb.NotImplementedException,
)
# An object's members become columns of their own, their members no more.
_DEPTH = 3


def shape_of(head: bytes) -> Shape | None:
    r"""Return how a file that begins so holds its records; None if it is no JSON of records.

    >>> shape_of(b'{"order": 1}\n{"order": 2}'), shape_of(b"[1, 2]")
    ('newline_delimited', None)
    """
    found = _BEGINS.match(head)
    if found is None:
        return None
    return "array" if found[1] else "newline_delimited"


def open_source(
    path: Path, *, shape: Shape, connection: duckdb.DuckDBPyConnection, folder: Path
) -> Source:
    """Open a file of JSON objects; `customer: {id: 7}` becomes the column `customer.id`.

    Raises
    ------
    ReadError
        With the record, if the file is no JSON of records.
    """
    name = path.name
    target = folder / f"{len(list(folder.iterdir()))}.staged.parquet"
    given, path = path, _without_mark(path, folder=folder)
    try:
        described = _described(path, shape=shape, connection=connection)
        parts = [part for each in described for part in _parts(*each)]
        if len(parts) > COLUMNS_MAX:
            raise ReadError(
                "The file {file} has {columns} columns; at most {limit} are read.",
                file=name,
                columns=len(parts),
                limit=COLUMNS_MAX,
            )
        _stage(path, target, shape=shape, described=described, parts=parts, connection=connection)
    except _FAILURES as error:
        raise _refused(str(error), name=name) from None
    (rows,) = sql.row(connection, f"SELECT count(*) FROM {sql.parquet([target])}")
    columns = tuple(Column(index, shown, kind) for index, (shown, _, kind) in enumerate(parts))
    nested = [column.name for column in columns if column.kind == "other"]
    unread = Sentence(
        "Columns with lists or objects inside, which were not read: {columns}.",
        {"columns": ", ".join(nested[:20]) + (" …" if len(nested) > 20 else "")},
    )
    return Source(
        path=given,
        name=name,
        relation=f"(SELECT file_row_number + 1 AS line, * FROM {sql.parquet([target])})",
        columns=columns,
        has_header=True,
        rows=int(rows),
        remarks=(unread,) if nested else (),
    )


def _without_mark(path: Path, *, folder: Path) -> Path:
    """Return the file, or a copy without the mark of UTF-8 in front, which JSON does not know."""
    with path.open("rb") as file:
        if file.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
            return path
        copy = folder / f"{len(list(folder.iterdir()))}.json"
        with copy.open("wb") as target:
            shutil.copyfileobj(file, target, CHUNK_BYTES)
    return copy


def _reader(path: Path, *, shape: Shape, rest: str) -> str:
    return (
        f"read_json({sql.literal(str(path.resolve()))}, format = '{shape}', records = true, "
        f"compression = 'uncompressed', maximum_object_size = {LINE_BYTES_MAX}, {rest})"
    )


def _described(
    path: Path, *, shape: Shape, connection: duckdb.DuckDBPyConnection
) -> list[tuple[str, str]]:
    """Return the members of all objects and their types."""
    rest = (
        f"sample_size = -1, maximum_depth = {_DEPTH}, map_inference_threshold = -1, "
        "field_appearance_threshold = 0, dateformat = '%%', timestampformat = '%%'"
    )
    found = sql.rows(connection, f"DESCRIBE FROM {_reader(path, shape=shape, rest=rest)}")
    return [(str(name), str(kind)) for name, kind, *_ in found]


def _parts(name: str, kind: str) -> list[tuple[str, str, Kind]]:
    """Return the columns that a member makes: their name, their SQL and what they are."""
    if not kind.startswith("STRUCT(") or not kind.endswith(")"):
        return [(name, sql.identifier(name), _kind(kind))]
    return [
        (f"{name}.{inner}", f"{sql.identifier(name)}[{sql.literal(inner)}]", _kind(within))
        for inner, within in _members(kind)
    ]


def _members(kind: str) -> list[tuple[str, str]]:
    """Return the members of a type such as STRUCT(id BIGINT, "the name" VARCHAR).

    >>> _members('STRUCT(id BIGINT, "the name" STRUCT(c JSON)[])')
    [('id', 'BIGINT'), ('the name', 'STRUCT(c JSON)[]')]
    """
    described = duckdb.sqltype(kind)
    return [(str(name), str(member)) for name, member in described.children]


def _kind(kind: str) -> Kind:
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
        return "other"
    return "number" if kind.startswith(_NUMBERS) else "text"


def _stage(
    path: Path,
    target: Path,
    *,
    shape: Shape,
    described: list[tuple[str, str]],
    parts: list[tuple[str, str, Kind]],
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Copy all cells as text; the engine's own ideas of dates and numbers stay out of it."""
    columns = ", ".join(
        f"{sql.literal(name)}: {sql.literal(_as_text(kind))}" for name, kind in described
    )
    chosen = ", ".join(
        f"nullif({expression}::VARCHAR, '') AS c{index}"
        for index, (_, expression, _) in enumerate(parts)
    )
    table = _reader(path, shape=shape, rest=f"columns = {{{columns}}}")
    sql.rows(
        connection,
        f"COPY (SELECT {chosen} FROM {table}) TO {sql.literal(str(target))} (FORMAT parquet)",
    )


def _as_text(kind: str) -> str:
    if not kind.startswith("STRUCT(") or not kind.endswith(")"):
        return "VARCHAR"
    return f"STRUCT({', '.join(f'{sql.identifier(name)} VARCHAR' for name, _ in _members(kind))})"


def _refused(message: str, *, name: str) -> ReadError:
    place = _PLACE.search(message)
    if "maximum_object_size" in message:
        return ReadError(
            "An object in {file} is longer than {limit} bytes, which no order is.",
            file=name,
            limit=LINE_BYTES_MAX,
        )
    if place:
        return ReadError(
            "Line {line} of {file} is no JSON that can be read. Export the orders again, one object "
            "a line.",
            # The engine counts the lines in front of what it could not parse from 1, and adds 1.
            line=int(place[1]) - message.startswith("Invalid Input Error: Malformed"),
            file=name,
        )
    return ReadError(
        "The file {file} is no JSON of orders. It takes one object a line, or one list of objects.",
        file=name,
    )
