"""Headers of tables whose cells are known: where they are, and the columns that they name."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from kohorte.errors import ReadError
from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.address import Address
from kohorte.reading.formats import dialect
from kohorte.reading.formats.staging import Staged
from kohorte.reading.source import Column, Source

Corner = tuple[int, int]
# A header of more rows, made of merged cells, is none.
HEADER_ROWS_MAX = 4
_LINES_SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class Head:
    """The header of a table.

    Parameters
    ----------
    names
        Of the columns; an empty one has no name.
    rows
        Rows in front of the first row of values.
    titles
        Filled rows above the header that are no part of the table.
    has_header
        False if the first row holds values.
    """

    names: tuple[str, ...]
    rows: int
    titles: int = 0
    has_header: bool = True


def texts(row: Sequence[object]) -> list[str]:
    """Return the cells of a row as the texts by which a header is told from values."""
    return [
        cell.isoformat(" ")[:10] if isinstance(cell, dt.datetime) else str(cell).strip()
        for cell in ("" if cell is None else cell for cell in row)
    ]


def settle(
    records: list[list[str]], *, width: int, merged: Sequence[tuple[Corner, Corner]] = ()
) -> Head:
    """Find the header among the first rows; merged cells may spread it over several."""
    if not any(map(any, records)):
        return Head(names=("",) * width, rows=0, has_header=False)
    place, bare, titles = dialect.header_of(records)
    if bare:
        return Head(names=("",) * width, rows=place, titles=titles, has_header=False)
    inside = [span for span in merged if span[0][0] == place]
    last = max((bottom for _, (bottom, _) in inside), default=place)
    if last == place and inside and _names_more(records, place + 1):
        last = place + 1
    last = min(last, place + HEADER_ROWS_MAX - 1, len(records) - 1)
    rows = [list(records[row]) for row in range(place, last + 1)]
    for (top, left), (bottom, right) in merged:
        if place <= top <= last and 0 <= left < width:
            for row in range(top, min(bottom, last) + 1):
                for column in range(left, min(right + 1, width)):
                    rows[row - place][column] = rows[top - place][left]
    names = tuple(
        " ".join(dict.fromkeys(cell for cell in cells if cell)) for cells in zip(*rows, strict=True)
    )
    return Head(names=names, rows=last + 1, titles=titles)


def _names_more(records: list[list[str]], row: int) -> bool:
    """Return whether a row below a merged cell names columns instead of holding values."""
    if row >= len(records) or not any(records[row]):
        return False
    return not dialect.header_of([records[row]])[1]


def source(head: Head, staged: Staged, *, path: Path | Address, name: str) -> Source:
    """Return a staged table with its columns; those without a name and any cell are left out.

    Raises
    ------
    ReadError
        If there are no rows.
    """
    if not staged.rows:
        raise ReadError(
            "The file {file} holds a header but no rows. Export it again with rows in it."
            if head.has_header
            else "The file {file} holds no rows.",
            file=name,
        )
    seen = Counter[str]()
    columns = []
    for index, (given, kind) in enumerate(zip(head.names, staged.kinds, strict=True)):
        if not given and kind is None:
            continue
        called = given or str(index + 1)
        seen[called] += 1
        number = seen[called]
        shown = called if number == 1 else f"{called} ({number})"
        columns.append(Column(index, shown, kind or "text"))
    # The rest of the reading counts columns from 0 without gaps.
    chosen = "".join(f", {column.sql} AS c{place}" for place, column in enumerate(columns))
    opened = Source(
        path=path,
        name=name,
        relation=f"(SELECT line{chosen} FROM read_parquet({sql.literal(str(staged.path))}))",
        columns=tuple(replace(column, index=place) for place, column in enumerate(columns)),
        has_header=head.has_header,
        rows=staged.rows,
        repeated=frozenset(called for called, count in seen.items() if count > 1),
    )
    if not head.titles:
        return opened
    above = "Lines above the header that are no part of the table: {count}."
    return remarked(opened, [Sentence(above, {"count": head.titles})])


def remarked(opened: Source, remarks: Sequence[Sentence]) -> Source:
    """Return a table with more remarks on it."""
    return replace(opened, remarks=(*opened.remarks, *remarks))


def without_repeated(source: Source, *, connection: duckdb.DuckDBPyConnection) -> Source:
    """Return a table without the rows that are its header once more, as in files put together."""
    columns = source.columns
    if not source.has_header or len(columns) < 2 or any(each.kind != "text" for each in columns):
        return source
    test = " AND ".join(_is_named(column, source) for column in columns)
    count, lines = sql.row(
        connection,
        f"SELECT count(*), list(line ORDER BY line)[:{_LINES_SHOWN}] FROM {source.relation} "
        f"WHERE {test}",
    )
    if not count:
        return source
    shown = ", ".join(map(str, lines)) + (" …" if count > _LINES_SHOWN else "")
    told = Sentence(
        "Rows that repeat the header were left out: {count} (line {lines}).",
        {"count": int(count), "lines": shown},
    )
    rest = f"(SELECT * FROM {source.relation} WHERE NOT ({test}))"
    return remarked(replace(source, relation=rest, rows=source.rows - int(count)), [told])


def _is_named(column: Column, source: Source) -> str:
    """Return the test for a cell that is the column's header; one without a header is empty."""
    name = column.name
    if any(name.startswith(f"{each} (") for each in source.repeated):
        name = name.rpartition(" (")[0]
    names = ("", name) if name == str(column.index + 1) else (name,)
    return f"coalesce(trim({column.sql}), '') IN ({sql.texts(names)})"
