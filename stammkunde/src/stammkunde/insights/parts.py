"""The files of a table: whole while it is small, one for each month when it is large.

Rows are replaced by their id. Only files that hold a replaced row, or take a new one, are written anew.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

import duckdb

from stammkunde.insights import manifest, rows
from stammkunde.insights.manifest import Manifest, Part
from stammkunde.records.orders import rules

PARTED_FROM = 2_000_000
KEYS, PEOPLE = "keys", "people"
TABLES = (*rules.KINDS, rows.LINES, KEYS, PEOPLE)
# The instant by which a table is parted; those without one stay whole.
_MOMENTS = {
    **{kind.name: kind.happened for kind in rules.KINDS.values() if kind.happened},
    rows.LINES: "placed_at",
}
_NO_MONTH = "0000-00"


def types(table: str) -> dict[str, str]:
    """Return the columns of a table with their types."""
    if table == rows.LINES:
        return dict(rows.line_types())
    if table == KEYS:
        return {"id": "BIGINT", "customer_id": "BIGINT"}
    if table == PEOPLE:
        return {"id": "BIGINT", "country": "VARCHAR"}
    return dict(rows.types(rules.KINDS[table]))


def read(
    found: Manifest | None, table: str, *, connection: duckdb.DuckDBPyConnection, into: str
) -> None:
    """Make a table of what the files hold; an empty one where there are none."""
    parts = found.tables.get(table, ()) if found else ()
    if found is None or not parts:
        names = ", ".join(f"{name} {type_}" for name, type_ in types(table).items())
        connection.execute(f"CREATE OR REPLACE TABLE {into} ({names})")
        return
    source = scan([found.folder / part.file for part in parts])
    connection.execute(f"CREATE OR REPLACE TABLE {into} AS SELECT * FROM {source}")


def scan(paths: Sequence[Path]) -> str:
    """Return what reads files in a select."""
    names = ", ".join(quoted(path) for path in paths)
    return f"read_parquet([{names}], hive_partitioning = false)"


def write(
    table: str, select: str, *, connection: duckdb.DuckDBPyConnection, folder: Path
) -> tuple[Part, ...]:
    """Write all rows of a table; return its files."""
    count = _count(connection, select)
    if not count:
        return ()
    moment = _MOMENTS.get(table)
    if moment is None or count <= PARTED_FROM:
        return (_file(table, select, connection=connection, folder=folder, month=None),)
    beside = folder / f"parting-{secrets.token_hex(4)}"
    connection.execute(
        f"COPY (SELECT *, {_month(moment)} AS month FROM ({select})) TO {quoted(beside)} "
        "(FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month))"
    )
    made = []
    for path in sorted(beside.rglob("*.parquet")):
        month = path.parent.name.removeprefix("month=")
        place = folder / _name(table, month)
        path.rename(place)
        made.append(_part(place, connection=connection, month=month))
    manifest.sync(folder)
    return tuple(made)


def change(
    found: Manifest,
    table: str,
    *,
    connection: duckdb.DuckDBPyConnection,
    fresh: str,
    touched: str,
) -> tuple[Part, ...]:
    """Replace rows of a table; return its files, the untouched ones as they were.

    Parameters
    ----------
    fresh
        A table with the rows as they are now.
    touched
        A table with the ids of the rows that go, or come again in `fresh`.
    """
    old = found.tables.get(table, ())
    if not any(_count(connection, f"SELECT id FROM {name}") for name in (fresh, touched)):
        return old
    is_parted = any(part.month for part in old)
    moment = _MOMENTS.get(table)
    new = _count(connection, f"SELECT id FROM {fresh}")
    if not is_parted or moment is None:
        if not _is_held(found, old, touched, connection=connection) and not new:
            return old
        select = _replaced(found.folder, old, fresh=fresh, touched=touched)
        return write(table, select, connection=connection, folder=found.folder)
    months = _months(found, old, moment, fresh=fresh, touched=touched, connection=connection)
    kept = [part for part in old if part.month not in months]
    for month in sorted(months):
        held = [part for part in old if part.month == month]
        only = f"(SELECT * FROM {fresh} WHERE {_month(moment)} = '{month}')"
        select = _replaced(found.folder, held, fresh=only, touched=touched)
        if _count(connection, select):
            kept.append(
                _file(table, select, connection=connection, folder=found.folder, month=month)
            )
    return tuple(sorted(kept, key=lambda part: (part.month or "", part.file)))


def _is_held(
    found: Manifest, parts: Sequence[Part], touched: str, *, connection: duckdb.DuckDBPyConnection
) -> bool:
    if not parts:
        return False
    source = scan([found.folder / part.file for part in parts])
    select = f"SELECT id FROM {source} WHERE id IN (SELECT id FROM {touched}) LIMIT 1"
    return bool(connection.execute(select).fetchall())


def _months(
    found: Manifest,
    parts: Sequence[Part],
    moment: str,
    *,
    fresh: str,
    touched: str,
    connection: duckdb.DuckDBPyConnection,
) -> set[str]:
    """Return the months in which something goes or comes."""
    source = scan([found.folder / part.file for part in parts])
    select = (
        f"SELECT DISTINCT {_month(moment)} FROM {source} WHERE id IN (SELECT id FROM {touched}) "
        f"UNION SELECT DISTINCT {_month(moment)} FROM {fresh}"
    )
    return {month for (month,) in connection.execute(select).fetchall()}


def _replaced(folder: Path, parts: Sequence[Part], *, fresh: str, touched: str) -> str:
    if not parts:
        return f"SELECT * FROM {fresh}"
    source = scan([folder / part.file for part in parts])
    return (
        f"SELECT * FROM {source} WHERE id NOT IN (SELECT id FROM {touched}) "
        f"UNION ALL BY NAME SELECT * FROM {fresh}"
    )


def _file(
    table: str,
    select: str,
    *,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    month: str | None,
) -> Part:
    path = folder / _name(table, month)
    connection.execute(
        f"COPY (SELECT * FROM ({select}) ORDER BY id) TO {quoted(path)} "
        "(FORMAT parquet, COMPRESSION zstd)"
    )
    manifest.sync(path)
    return _part(path, connection=connection, month=month)


def _part(path: Path, *, connection: duckdb.DuckDBPyConnection, month: str | None) -> Part:
    return Part(path.name, _count(connection, f"SELECT * FROM {scan([path])}"), month)


def _name(table: str, month: str | None) -> str:
    return f"{table}-{month or 'all'}-{secrets.token_hex(6)}.parquet"


def _month(moment: str) -> str:
    return f"coalesce(strftime({moment}, '%Y-%m'), '{_NO_MONTH}')"


def _count(connection: duckdb.DuckDBPyConnection, select: str) -> int:
    (count,) = connection.execute(f"SELECT count(*) FROM ({select})").fetchall()[0]
    return int(count)


def quoted(path: Path) -> str:
    """Return a path as a literal of SQL."""
    text = str(path).replace("'", "''")
    return f"'{text}'"


def empty(table: str, *, connection: duckdb.DuckDBPyConnection, into: str) -> None:
    """Make an empty table with the columns of one."""
    read(None, table, connection=connection, into=into)
