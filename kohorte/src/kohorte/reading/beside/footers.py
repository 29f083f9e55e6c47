"""Rows of files beside the orders that are none: totals, and notes below the table."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb

from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.meaning.words import MISSING
from kohorte.reading.rows import total_words
from kohorte.reading.source import Column, Source

if TYPE_CHECKING:
    from kohorte.reading.beside.understanding import Understood

# A file with more rows without a day or a number is sparse, and its rows are no totals.
CANDIDATES_MAX = 1_000
# So far from its end a table may have notes below it.
TAIL_LINES = 12
# What reports write where a total has no value of its own.
NOTHING = (*MISSING, "--", " --", "—", "–")
_TOTAL = re.compile(rf"\W*{total_words.TOTAL}\b.*", re.IGNORECASE | re.DOTALL)
_LINES_SHOWN = 10


def leave_out(made: Understood, *, connection: duckdb.DuckDBPyConnection) -> None:
    """Leave out rows without what every row must tell that say “total”, or hold one note only."""
    keys = _keys(made)
    if not keys:
        return
    source = made.source
    test = f"({' AND '.join(_is_bare(column) for column in keys)}) OR {_is_note(source)}"
    cells = ", ".join(f"coalesce({column.sql}::VARCHAR, '')" for column in source.columns)
    rows = sql.rows(
        connection,
        f"SELECT line, {cells} FROM {source.relation} WHERE {test} ORDER BY line "
        f"LIMIT {CANDIDATES_MAX + 1}",
    )
    if len(rows) > CANDIDATES_MAX:
        return
    found = {}
    for line, *texts in rows:
        filled = [text.strip() for text in texts if text.strip().lower() not in NOTHING]
        words = [text for text in filled if _TOTAL.fullmatch(text)]
        if words or (len(filled) == 1 and " " in filled[0]):
            found[int(line)] = (words or filled)[0]
    if not found:
        return
    lines = sorted(found)
    listed = ", ".join(map(str, lines))
    rest = f"(SELECT * FROM {source.relation} WHERE line NOT IN ({listed}))"
    made.source = replace(source, relation=rest, rows=source.rows - len(lines))
    shown = ", ".join(map(str, lines[:_LINES_SHOWN])) + (" …" if lines[_LINES_SHOWN:] else "")
    made.remarks.append(
        Sentence(
            "Rows that are totals or notes were left out: {count} (line {lines}; the first says "
            "“{text}”).",
            {"count": len(lines), "lines": shown, "text": found[lines[0]][:80]},
        )
    )


def _is_note(source: Source) -> str:
    """Return the test for one of the last rows that holds nothing but one text with blanks."""
    cells = [f"nullif(trim({column.sql}::VARCHAR), '')" for column in source.columns]
    filled = " + ".join(f"({cell} IS NOT NULL)::INTEGER" for cell in cells)
    text = f"coalesce({', '.join(cells)}, '')"
    last = f"(SELECT max(line) - {TAIL_LINES} FROM {source.relation})"
    return (
        f"(line > {last} AND {filled} = 1 AND regexp_matches({text}, '^[^0-9]*[A-Za-z].* .*'))"
        if len(cells) > 1
        else "false"
    )


def _keys(made: Understood) -> list[Column]:
    """Return the columns of what every row must tell besides amounts."""
    return [
        made.columns[each.name]
        for each in made.kind.fields
        if each.name in made.columns
        and (each.required or each.name in made.kind.same)
        and each.reads in ("instant", "span", "id")
    ]


def _is_bare(column: Column) -> str:
    """Return the test for a cell that is empty or says “total”."""
    cell = f"lower(trim({column.sql}::VARCHAR))"
    return (
        f"({cell} IS NULL OR {sql.among(cell, NOTHING)} "
        f"OR regexp_matches({cell}, '^\\W*({'|'.join(total_words.PARTS)})'))"
    )
