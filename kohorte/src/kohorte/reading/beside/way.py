"""Files beside the orders from their sources to the tables: the way, from top to bottom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from kohorte.errors import ReadError
from kohorte.reading import sql, unread
from kohorte.reading.beside import (
    filling,
    kinds,
    knowing,
    order_items,
    remarks,
    twofold,
    typed,
    understanding,
    worth,
)
from kohorte.reading.beside.declared import EVERY, ORDER_LINES
from kohorte.reading.beside.filling import Read
from kohorte.reading.options import ReadOptions
from kohorte.reading.plan import Plan
from kohorte.reading.source import Source
from kohorte.results import FileReading
from kohorte.tables import BESIDE


@dataclass(frozen=True, kw_only=True)
class Beside:
    """The files of each table with their typed rows."""

    files: Mapping[str, Sequence[Read]]

    def tells(self, *fields: str) -> bool:
        """Return whether files of order lines have one of these columns."""
        lines = self.files.get(ORDER_LINES.table.name, ())
        return any(name in each.made.columns for each in lines for name in fields)


def understand(
    sources: Mapping[str, Sequence[Source]],
    *,
    refunds: Sequence[Source] = (),
    orders: Sequence[Plan],
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
    today: dt.date | None,
) -> list[understanding.Understood]:
    """Find out how each file is to be read.

    Raises
    ------
    ReadError
        If a file lacks what its kind needs.
    """
    found = []
    for table, kind in EVERY.items():
        for source in sources.get(table, ()):
            made = understanding.make(
                source, kind, orders=orders, connection=connection, options=options, today=today
            )
            doubts = kinds.doubt_beside(source, table, connection=connection, options=options)
            made.questions = [*doubts, *made.questions]
            found.append(made)
    for more in twofold.find(refunds, sources, connection=connection, options=options):
        made = understanding.make(
            more.source,
            EVERY[more.table],
            orders=orders,
            connection=connection,
            options=options,
            today=today,
            fixed=more.fixed,
        )
        found.append(made)
    _require_columns(options, found)
    return found


def _require_columns(options: ReadOptions, found: Sequence[understanding.Understood]) -> None:
    """Raise if the user named a field or a column beside the orders that is in none of the files."""
    for name, header in options.columns.items():
        table, _, field = name.partition(".")
        if table not in EVERY:
            continue
        fields = [each.name for each in EVERY[table].fields if not each.name.startswith("told_by")]
        if field not in fields:
            raise ReadError(
                "“{meaning}” is not a meaning of a column. Known are: {meanings}.",
                meaning=name,
                meanings=", ".join(f"{table}.{each}" for each in fields),
            )
        files = [each for each in found if each.kind.table.name == table]
        if files and not any(field in each.given for each in files):
            raise ReadError(
                "The file {file} has no column “{column}”. Its columns are: {columns}.",
                file=files[0].source.name,
                column=header,
                columns=files[0].source.headers,
            )


def write(
    several: Sequence[understanding.Understood],
    *,
    currency: str | None,
    zone: str,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    options: ReadOptions,
) -> Beside:
    """Write the typed rows of all files.

    Raises
    ------
    ReadError
        With file, line, column and remedy, for the first row that cannot be read; or if none can.
    """
    files: dict[str, list[Read]] = {}
    for made in several:
        table = made.kind.table.name
        money = worth.settle(
            made, shop=currency, connection=connection, folder=folder, options=options
        )
        rows = typed.write(
            made,
            number=len(files.get(table, ())),
            money=money,
            zone=zone,
            connection=connection,
            folder=folder,
        )
        if options.skip_bad_rows:
            unread.note_beside(rows, made=made, connection=connection)
        else:
            typed.refuse(rows, made=made, connection=connection)
        if rows.rows == rows.faults:
            raise ReadError(
                "No row of {file} can be read as {row}.",
                file=made.source.name,
                row=made.kind.row,
            )
        files.setdefault(table, []).append(Read(made=made, rows=rows))
    return Beside(files=files)


def add(
    beside: Beside,
    *,
    exponent: int = 2,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
) -> list[FileReading]:
    """Make the tables, after those of the orders; return how each file was understood."""
    for table in BESIDE:
        sql.rows(connection, f"DROP TABLE IF EXISTS {table}")
    if not beside.files:
        return []
    knowing.know(connection)
    found = []
    for table, files in beside.files.items():
        if table == ORDER_LINES.table.name:
            found += order_items.add(files, exponent=exponent, connection=connection)
            continue
        filling.fill(EVERY[table], files, connection=connection, options=options)
        found += remarks.readings(files, connection=connection)
    filling.forget(connection)
    return found


def mapping(known: ReadOptions, beside: Sequence[FileReading]) -> ReadOptions:
    """Return a mapping without a delimiter or an encoding that files beside the orders do not have."""
    texts = [file for file in beside if file.delimiter]
    return replace(
        known,
        delimiter=known.delimiter
        if all(file.delimiter == known.delimiter for file in texts)
        else None,
        encoding=known.encoding if all(file.encoding == known.encoding for file in texts) else None,
    )
