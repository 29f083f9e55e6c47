"""JSON: one object a line, or one array of objects; parsed by the engine, staged as Parquet."""

from __future__ import annotations

import codecs
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from kohorte.errors import ReadError
from kohorte.language import Sentence
from kohorte.reading import copies, sql
from kohorte.reading.formats import scan, transcode
from kohorte.reading.source import COLUMNS_MAX, LINE_BYTES_MAX, Column, Kind, Source

Shape = Literal["newline_delimited", "array"]

_BEGINS = re.compile(rb"\s*(\[\s*)?\{\s*[\"}]")
_PLACE = re.compile(r" in (?:line|record/value) (\d+)")
_FAILURES = (
    duckdb.InvalidInputException,
    duckdb.BinderException,
    duckdb.ConversionException,
    duckdb.NotImplementedException,
)
# The order of the columns is that in which they come up in so many objects.
_SAMPLE = 10_000
# What a value is can be told from how its JSON begins.
_TEXT, _OBJECT, _LIST, _NUMBER = 1, 2, 4, 8


@dataclass(frozen=True)
class _Part:
    """A column that objects make: how it is called, its JSON as SQL, and what is in it."""

    name: str
    json: str
    flags: int

    @property
    def kind(self) -> Kind:
        if self.flags in (_OBJECT, _LIST, _OBJECT | _LIST):
            return "other"
        return "number" if self.flags == _NUMBER else "text"

    @property
    def text(self) -> str:
        """Return the SQL of the cell as text: numbers as they stand, texts without their quotes."""
        if self.kind == "number":
            return f"nullif({self.json}, 'null')"
        plain = f"json_extract_string({self.json}, '$')"
        return f"nullif(replace({plain}, chr(0), ''), '')"


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
    raw = copies.name(folder, "raw.parquet")
    target = raw.with_suffix(".staged.parquet")
    given, path = path, _in_utf8(path, folder=folder)
    if shape == "array" and not _ends(path).endswith(b"]"):
        raise ReadError(
            "The list in {file} is cut off, its end is missing. Export it again.", file=name
        )
    records = (
        f"read_json_objects({sql.literal(str(path.resolve()))}, format = '{shape}', "
        f"compression = 'uncompressed', maximum_object_size = {LINE_BYTES_MAX})"
    )
    try:
        keys = _keys(records, "json_keys(json)", name=name, connection=connection)
        _stage(records, raw, keys=keys, name=name, connection=connection)
        parts = _parts(raw, keys=keys, name=name, connection=connection)
        rows = _copy(raw, target, parts=parts, connection=connection)
    except _FAILURES as error:
        raise _refused(str(error), name=name) from None
    raw.unlink()
    columns = tuple(Column(index, part.name, part.kind) for index, part in enumerate(parts))
    return Source(
        path=given,
        name=name,
        relation=f"(SELECT file_row_number + 1 AS line, * FROM {sql.parquet([target])})",
        columns=columns,
        has_header=True,
        rows=rows,
        remarks=_remarks(columns),
    )


def _remarks(columns: tuple[Column, ...]) -> tuple[Sentence, ...]:
    nested = [column.name for column in columns if column.kind == "other"]
    unread = Sentence(
        "Columns with lists or objects inside, which were not read: {columns}.",
        {"columns": ", ".join(nested[:20]) + (" …" if len(nested) > 20 else "")},
    )
    return (unread,) if nested else ()


def _in_utf8(path: Path, *, folder: Path) -> Path:
    """Return the file, or a copy in UTF-8 without the mark in front, which JSON does not know."""
    with path.open("rb") as file:
        begins = file.read(len(codecs.BOM_UTF8))
        if begins.startswith(scan.UTF_16_MARKS):
            return transcode.to_utf8(
                path, name=path.name, encoding="utf-16", folder=folder, breaks="plain"
            )
        if begins != codecs.BOM_UTF8:
            return path
        copy = copies.name(folder, "json")
        with copy.open("wb") as target:
            shutil.copyfileobj(file, target, scan.CHUNK_BYTES)
    return copy


def _ends(path: Path) -> bytes:
    """Return what a file ends with, blanks aside."""
    with path.open("rb") as file:
        place = file.seek(0, os.SEEK_END)
        while place > 0:
            start = max(place - scan.CHUNK_BYTES, 0)
            file.seek(start)
            if found := file.read(place - start).rstrip():
                return found[-1:]
            place = start
    return b""


def _keys(
    relation: str, keys: str, *, name: str, connection: duckdb.DuckDBPyConnection
) -> list[str]:
    """Return the members that objects have, as they come up; too many of them are refused."""
    limit = COLUMNS_MAX + 1
    every = sql.rows(
        connection, f"SELECT DISTINCT unnest({keys}) AS key FROM {relation} LIMIT {limit}"
    )
    if len(every) >= limit:
        raise ReadError(
            "The objects in {file} have more than {limit} different members. Export it with "
            "the same members in each object.",
            file=name,
            limit=COLUMNS_MAX,
        )
    first = sql.rows(connection, f"SELECT {keys} FROM {relation} LIMIT {_SAMPLE}")
    placed = dict.fromkeys(key for (found,) in first for key in found or ())
    return [*placed, *sorted({str(key) for (key,) in every} - placed.keys())]


def _stage(
    records: str,
    target: Path,
    *,
    keys: list[str],
    name: str,
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Copy the JSON of each member; what is no object, or has a member twice, is refused."""
    places = range(1, len(keys) + 1)
    chosen = "".join(f", found[{place}]::VARCHAR AS c{place - 1}" for place in places)
    sql.copy(
        connection,
        f"SELECT is_other, count <> list_count(found) AS is_double{chosen} FROM (SELECT "
        "NOT starts_with(ltrim(json::VARCHAR, chr(9) || chr(10) || chr(13) || ' '), '{') AS "
        "is_other, len(json_keys(json)) AS count, "
        f"json_extract(json, [{_pointers(keys)}]::VARCHAR[]) AS found FROM {records})",
        to=target,
        width=len(keys),
    )
    other, double = sql.row(
        connection,
        "SELECT bool_or(is_other), min(file_row_number + 1) FILTER (WHERE is_double) "
        f"FROM {sql.parquet([target])}",
    )
    if other:
        raise _no_records(name)
    if double:
        raise ReadError(
            "The object in line {line} of {file} names a member twice. Export it again, "
            "each member once.",
            line=int(double),
            file=name,
        )


def _pointers(keys: list[str]) -> str:
    return sql.texts("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)


def _parts(
    raw: Path, *, keys: list[str], name: str, connection: duckdb.DuckDBPyConnection
) -> list[_Part]:
    """Return the columns; an object's members become columns of their own, their members no more."""
    relation = sql.parquet([raw])
    parts = []
    columns = [f"c{index}" for index in range(len(keys))]
    for key, column, flags in zip(keys, columns, _flags(columns, raw, connection), strict=True):
        if flags != _OBJECT:
            parts.append(_Part(key, column, flags))
            continue
        inner = _keys(relation, f"json_keys({column})", name=name, connection=connection)
        members = [f"json_extract({column}, {_pointers([each])})::VARCHAR" for each in inner]
        found = _flags(members, raw, connection)
        parts += [
            _Part(f"{key}.{each}", member, flag)
            for each, member, flag in zip(inner, members, found, strict=True)
        ]
    parts = [part for part in parts if part.name]
    if len(parts) > COLUMNS_MAX:
        raise ReadError(
            "The file {file} has {columns} columns; at most {limit} are read.",
            file=name,
            columns=len(parts),
            limit=COLUMNS_MAX,
        )
    return parts


def _flags(cells: list[str], raw: Path, connection: duckdb.DuckDBPyConnection) -> list[int]:
    """Return what each column holds."""
    tests = ", ".join(
        f"coalesce(bit_or(CASE left({cell}, 1) WHEN '{{' THEN {_OBJECT} WHEN '[' THEN {_LIST} "
        f"WHEN 'n' THEN 0 WHEN '\"' THEN {_TEXT} WHEN 't' THEN {_TEXT} WHEN 'f' THEN {_TEXT} "
        f"ELSE {_NUMBER} END) FILTER (WHERE {cell} IS NOT NULL), 0)"
        for cell in cells
    )
    return [int(f) for f in sql.row(connection, f"SELECT {tests or 1} FROM {sql.parquet([raw])}")]


def _copy(
    raw: Path, target: Path, *, parts: list[_Part], connection: duckdb.DuckDBPyConnection
) -> int:
    """Copy all cells as text; return the rows."""
    chosen = ", ".join(f"{part.text} AS c{index}" for index, part in enumerate(parts))
    sql.copy(
        connection, f"SELECT {chosen or 1} FROM {sql.parquet([raw])}", to=target, width=len(parts)
    )
    (rows,) = sql.row(connection, f"SELECT count(*) FROM {sql.parquet([target])}")
    return int(rows)


def _refused(message: str, *, name: str) -> ReadError:
    place = _PLACE.search(message)
    if "maximum_object_size" in message:
        return ReadError(
            "An object in {file} is longer than {limit} bytes, far more than anyone needs.",
            file=name,
            limit=LINE_BYTES_MAX,
        )
    if place:
        return ReadError(
            "Line {line} of {file} is no JSON that can be read. Export it again, one object "
            "a line.",
            # The engine counts the lines in front of what it could not parse from 1, and adds 1.
            line=int(place[1]) - message.startswith("Invalid Input Error: Malformed"),
            file=name,
        )
    return _no_records(name)


def _no_records(name: str) -> ReadError:
    return ReadError(
        "The file {file} is no JSON table. It takes one object a line, or one list of objects.",
        file=name,
    )
