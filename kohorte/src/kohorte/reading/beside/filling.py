"""The tables beside the orders, made of the typed rows of all their files.

Rows of one kind from several files are joined. Customers bear the number under which they order,
found by number or by address; order numbers are those of the orders, with or without the sign in
front. What a file numbers itself stands once in the table; rows without a number all count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from kohorte.reading import source, sql
from kohorte.reading.beside import knowing, referred, surveys
from kohorte.reading.beside.declaring import FileKind
from kohorte.reading.beside.typed import Rows
from kohorte.reading.beside.understanding import Understood
from kohorte.reading.options import ReadOptions

# Why a row of `STAGED` does not count: nothing was ordered. Others stand there twice.
ORDERLESS = "orderless"
STAGED = "kohorte_reading_beside"
# Of so many rows an id differs from the others, or it numbers no rows.
_NUMBERING = 0.4
_PERSONS = ("customer_id", "referrer_id")


@dataclass(frozen=True, kw_only=True)
class Read:
    """A file with its plan and its typed rows."""

    made: Understood
    rows: Rows


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop what only the tables needed."""
    knowing.forget(connection)
    sql.rows(connection, f"DROP TABLE IF EXISTS {STAGED}")


def fill(
    kind: FileKind,
    files: Sequence[Read],
    *,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
) -> None:
    """Make the table of a kind; `STAGED` keeps its rows with their files and lines for remarks."""
    paths = sql.parquet([each.rows.path for each in files], numbered=False)
    rows = f"(SELECT * FROM {paths} WHERE fault IS NULL AND gone IS NULL)"
    numbered = _numbered(kind, files, rows, connection=connection)
    chosen = ["l.file", "l.line", *_columns(kind, files, rows, connection, options, numbered)]
    found = (
        f"SELECT {', '.join(chosen)} FROM {rows} l "
        f"LEFT JOIN {knowing.PEOPLE} one ON one.key = lower(l.customer_id) "
        f"LEFT JOIN {knowing.PEOPLE} two ON two.key = l.email"
        if _tells_people(kind)
        else f"SELECT {', '.join(chosen)} FROM {rows} l"
    )
    if _tells_orders(kind):
        found += f" LEFT JOIN {knowing.NUMBERS} o ON o.key = {knowing.bare('l.order_id')}"
    sql.rows(
        connection,
        f"CREATE OR REPLACE TEMP TABLE {STAGED} AS SELECT *, NULL::VARCHAR AS again FROM ({found})",
    )
    finds_orders = any(each.name == referred.FRIEND for each in kind.fields)
    if finds_orders:
        referred.find_orders(
            rows, staged=STAGED, people=knowing.PEOPLE, left_out=ORDERLESS, connection=connection
        )
    _mark_repeated(kind, numbered=bool(numbered) or finds_orders, connection=connection)
    _create(kind, connection=connection)
    exclude(files, connection=connection)


def exclude(
    files: Sequence[Read], *, connection: duckdb.DuckDBPyConnection, staged: bool = True
) -> None:
    """List the rows that cannot be read, and those that stand twice, with the orders left out.

    Beside finished tables that list is one of them, and stays as it is.
    """
    (is_table,) = sql.row(
        connection, "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'excluded_rows'"
    )
    if not is_table:
        return
    names = f"[{sql.texts(each.made.source.name for each in files)}][file + 1]"
    again = (
        f"UNION ALL SELECT 'seen_twice', file, line FROM {STAGED} WHERE again <> '{ORDERLESS}'"
        if staged
        else ""
    )
    paths = sql.parquet([each.rows.path for each in files], numbered=False)
    bad = source.shapeless(each.made.source for each in files)
    shapeless = f" UNION ALL SELECT 'unreadable_row', file, line FROM {bad}" if bad else ""
    sql.rows(
        connection,
        f"INSERT INTO excluded_rows SELECT reason, 'everything', {names}, line, NULL, NULL, NULL "
        f"FROM (SELECT 'unreadable_row' AS reason, file, line FROM {paths} WHERE fault IS NOT NULL "
        f"{again}{shapeless}) ORDER BY file, line",
    )


def _tells_people(kind: FileKind) -> bool:
    return any(each.reads == "person" for each in kind.fields)


def _tells_orders(kind: FileKind) -> bool:
    return any(each.name == "order_id" for each in kind.fields)


def _numbered(
    kind: FileKind, files: Sequence[Read], rows: str, *, connection: duckdb.DuckDBPyConnection
) -> list[int]:
    """Return the files that number their rows; elsewhere equal rows are different ones.

    A column called “ID” of which most rows share a value numbers something else.
    """
    name = kind.same[0] if kind.same else ""
    given = [n for n, each in enumerate(files) if name in each.made.columns]
    if not given or kind.table.unique != name:
        return given
    keys = ", ".join(kind.same)
    counts = sql.rows(
        connection,
        f"SELECT file, count({name}), count(DISTINCT ({keys})) FROM {rows} WHERE {name} IS NOT NULL "
        "GROUP BY file",
    )
    few = {int(file) for file, count, different in counts if different < _NUMBERING * count}
    if kind.table.name != "responses":
        return given
    return [number for number in given if number not in few]


def _columns(
    kind: FileKind,
    files: Sequence[Read],
    rows: str,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
    numbered: Sequence[int],
) -> list[str]:
    """Return the SQL of each column of the table."""
    fields = {each.name for each in kind.fields}
    scales = _scales(kind, files, rows, connection=connection, options=options)
    found = []
    for column in kind.table.columns:
        name = column.name
        value = kind.made.get(name, f"l.{name}" if name in fields else "NULL")
        if name in _PERSONS:
            value = (
                "coalesce(one.customer_id, two.customer_id, l.customer_id, l.email, "
                "l.customer_id_text, l.email_text)"
            )
        elif name == "order_id":
            value = "coalesce(o.order_id, l.order_id)"
        elif kind.same and name == kind.same[0] and kind.table.name != "products":
            value = _named(name, files, numbered=numbered, kind=kind)
        elif name in scales:
            value = scales[name]
        found.append(f"({value})::{column.type} AS {name}")
    if _tells_people(kind):
        found.append("coalesce(one.customer_id, two.customer_id) IS NOT NULL AS is_known")
    if _tells_orders(kind):
        found.append("o.order_id IS NOT NULL AS is_found")
    return found


def _named(name: str, files: Sequence[Read], *, numbered: Sequence[int], kind: FileKind) -> str:
    """Return the SQL of a row's id: the file's, or the file's name and the line."""
    names = f"[{sql.texts(each.made.source.name for each in files)}][l.file + 1]"
    further = " || ' ' || l.question" if kind.table.name == "responses" else ""
    own = f"CASE WHEN l.file IN ({', '.join(map(str, numbered)) or 'NULL'}) THEN l.{name} END"
    return f"coalesce({own}, {names} || ' ' || l.line{further})"


def _scales(
    kind: FileKind,
    files: Sequence[Read],
    rows: str,
    *,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
) -> dict[str, str]:
    """Return the SQL of both ends of a survey's scale where its rows do not tell them."""
    if not kind.asks:
        return {}
    told = surveys.settle_scales(
        [each.made for each in files], rows, connection=connection, options=options
    )
    found = {}
    for end, name in enumerate(("lowest", "highest")):
        cases = " ".join(
            f"WHEN l.file = {file} AND l.question = '{question}' THEN {scale[end]}"
            for (file, question), scale in told.items()
        )
        silent = "l.lowest IS NULL AND l.highest IS NULL"
        found[name] = (
            f"CASE WHEN {silent} THEN CASE {cases} END ELSE l.{name} END" if cases else f"l.{name}"
        )
    return found


def _mark_repeated(
    kind: FileKind, *, numbered: bool, connection: duckdb.DuckDBPyConnection
) -> None:
    """Mark rows that stand twice: equal ones, and earlier ones of what may stand only once.

    Of two rows with one id that differ the last one holds; of contracts, answers and returns both
    do, which one id may have several of.
    """
    if not numbered:
        return
    keys = ", ".join(kind.same)
    (several,) = sql.row(
        connection,
        f"SELECT EXISTS (SELECT 1 FROM {STAGED} GROUP BY {keys} HAVING count(*) > 1)",
    )
    if not several:
        return
    every = ", ".join(column.name for column in kind.table.columns)
    _mark("equal", every, connection=connection)
    if kind.same == (kind.table.unique,):
        _mark("differs", keys, connection=connection)


def _mark(mark: str, keys: str, *, connection: duckdb.DuckDBPyConnection) -> None:
    """Mark all rows but the last of those that share something."""
    sql.rows(
        connection,
        f"UPDATE {STAGED} SET again = '{mark}' FROM (SELECT rowid AS id, row_number() OVER "
        f"(PARTITION BY {keys} ORDER BY file DESC, line DESC) AS place FROM {STAGED} "
        f"WHERE again IS NULL) later WHERE later.id = {STAGED}.rowid AND later.place > 1",
    )


def _create(kind: FileKind, *, connection: duckdb.DuckDBPyConnection) -> None:
    """Create the table; an id that several rows bear gets a number behind it."""
    names = [column.name for column in kind.table.columns]
    rows = f"(SELECT * FROM {STAGED} WHERE again IS NULL)"
    unique = kind.table.unique
    if unique and kind.same != (unique,):
        (repeated,) = sql.row(
            connection, f"SELECT count({unique}) > count(DISTINCT {unique}) FROM {rows}"
        )
        if repeated:
            place = f"row_number() OVER (PARTITION BY {unique} ORDER BY file, line)"
            rows = (
                f"(SELECT * REPLACE (CASE WHEN place > 1 THEN {unique} || ' ' || place ELSE {unique} "
                f"END AS {unique}) FROM (SELECT *, {place} AS place FROM {rows}))"
            )
    sql.rows(
        connection,
        f"CREATE TABLE {kind.table.name} AS SELECT {', '.join(names)} FROM {rows} "
        "ORDER BY file, line",
    )
