"""Small helpers for SQL: names and texts written so that no file can smuggle SQL into a query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

Record = tuple[Any, ...]
_GROUP_ROWS, _GROUP_ROWS_MIN, _GROUP_CELLS = 61_440, 2_048, 1_843_200
# Words of a column in a group of rows; with more of them each cell is written as it is.
_WORDS_MAX = 6_000
_BLANKS = "' \t\r\n\u00a0'"


def literal(text: str) -> str:
    """Write a text as an SQL string.

    >>> literal("Kunde's")
    "'Kunde''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    '''Write a name as an SQL identifier.

    >>> identifier('the "id"')
    '"the ""id"""'
    '''
    return '"' + name.replace('"', '""') + '"'


def texts(values: Iterable[str]) -> str:
    """Write texts as the inside of an SQL list.

    >>> texts(["a", "b"])
    "'a', 'b'"
    """
    return ", ".join(literal(value) for value in values)


def among(text: str, values: Iterable[str]) -> str:
    """Write the test whether an SQL text is one of a few; NULL is none of them.

    Of a longer IN the engine makes a join over all rows, even where a CASE asks it of a few only.

    >>> among("word", ["a", "b"])
    "(list_position(['a', 'b'], word) IS NOT NULL)"
    """
    return f"(list_position([{texts(values)}], {text}) IS NOT NULL)"


def begins_with(text: str, characters: Iterable[str]) -> str:
    """Write the test whether an SQL text begins with one of many characters.

    Whole ranges of them are compared, for which the engine needs hardly any time.

    >>> begins_with("word", "abcx")
    "((word >= 'a' AND word < 'd') OR (word >= 'x' AND word < 'y'))"
    """
    found = sorted(set(map(ord, characters)))
    first = [each for each in found if each - 1 not in found]
    behind = [each + 1 for each in found if each + 1 not in found]
    ranges = " OR ".join(
        f"({text} >= {literal(chr(begin))} AND {text} < {literal(chr(end))})"
        for begin, end in zip(first, behind, strict=True)
    )
    return f"({ranges})"


def trimmed(text: str) -> str:
    """Write an SQL text without the blanks around it.

    Nearly all texts begin and end with a printed sign of ASCII; blanks, which are costly to take
    off, can only stand around the others.
    """
    return f"CASE WHEN {is_bare(text)} THEN {text} ELSE {bared(text)} END"


def is_blank(text: str) -> str:
    """Write the test whether an SQL text is NULL, empty or nothing but blanks."""
    bare = f"{text} BETWEEN '!' AND '~'"
    return f"CASE WHEN {bare} THEN false ELSE coalesce(trim({text}), '') = '' END"


def is_bare(text: str) -> str:
    """Write a test that only texts without blanks around them pass, though not all of them."""
    return f"{text} BETWEEN '!' AND '~' AND ({text})[-1] BETWEEN '!' AND '~'"


def bared(text: str) -> str:
    """Write an SQL text without the blanks around it, where it is likely to have some."""
    return f"trim({text}, {_BLANKS})"


def parquet(paths: Iterable[Path], *, numbered: bool = True) -> str:
    """Write a table function that reads Parquet files, with the number of each row if wanted."""
    number = ", file_row_number = true" if numbered else ""
    return f"read_parquet([{texts(str(path) for path in paths)}]{number})"


def copy(
    connection: duckdb.DuckDBPyConnection,
    select: str,
    *,
    to: Path,
    width: int = 0,
    ordered: bool = True,
) -> None:
    """Write the rows of a select to a temporary Parquet file.

    It is written once and read a few times: words that come again are written once, and nothing is
    packed beyond that, which would cost more than it saves.

    Parameters
    ----------
    to
        The file.
    width
        Number of the columns. Each thread holds a group of rows, of the fewer the wider they are.
    ordered
        Whether the file has the rows in their order. Without it no thread waits for another,
        holding what it has.
    """
    group = max(min(_GROUP_ROWS, _GROUP_CELLS // (width or 1)), _GROUP_ROWS_MIN)
    with file_order(connection, kept=ordered):
        rows(
            connection,
            f"COPY ({select}) TO {literal(str(to))} (FORMAT parquet, PARQUET_VERSION v2, "
            f"COMPRESSION uncompressed, ROW_GROUP_SIZE {group}, DICTIONARY_SIZE_LIMIT {_WORDS_MAX})",
        )


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[Record]:
    """Run a query to its end and return its rows."""
    try:
        return connection.execute(query).fetchall()
    except RuntimeError as error:
        # The engine's word for Ctrl-C.
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from None
        raise


def row(connection: duckdb.DuckDBPyConnection, query: str) -> Record:
    """Run a query that returns exactly one row and return it."""
    (only,) = rows(connection, query)
    return tuple(only)


@contextmanager
def file_order(connection: duckdb.DuckDBPyConnection, *, kept: bool = True) -> Iterator[None]:
    """Let the engine keep the order of the file for a while, which the line numbers rest on.

    Without it the engine is free to write rows as they come.
    """
    (before,) = row(connection, "SELECT current_setting('preserve_insertion_order')")
    rows(connection, f"SET preserve_insertion_order = {str(kept).lower()}")
    try:
        yield
    finally:
        rows(connection, f"SET preserve_insertion_order = {str(bool(before)).lower()}")
