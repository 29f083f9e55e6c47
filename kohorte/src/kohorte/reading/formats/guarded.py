"""Cells that are written as formulas of a text, ="00123", so that a spreadsheet keeps their zeros."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import duckdb

from kohorte.errors import BadRowsError, ReadError
from kohorte.reading import sql
from kohorte.reading.source import SAMPLE_ROWS, Column, Source


def bared(source: Source, *, connection: duckdb.DuckDBPyConnection) -> Source:
    """Return a file with the texts in the place of such formulas, where its first rows have any."""
    texts = [column for column in source.columns if column.kind == "text"]
    if not texts:
        return source
    tests = ", ".join(f"coalesce(bool_or({_is_guarded(each)}), false)" for each in texts)
    found = sql.row(
        connection, f"SELECT {tests} FROM (SELECT * FROM {source.relation} LIMIT {SAMPLE_ROWS})"
    )
    guarded = [column for column, is_one in zip(texts, found, strict=True) if is_one]
    if not guarded:
        return source
    changed = ", ".join(
        f"CASE WHEN {_is_guarded(each)} THEN {each.sql}[3:-2] ELSE {each.sql} END AS {each.sql}"
        for each in guarded
    )
    return replace(source, relation=f"(SELECT * REPLACE ({changed}) FROM {source.relation})")


def is_formula(text: str) -> bool:
    """Return whether a cell is a formula whose value the file does not hold.

    >>> is_formula("=A2*3"), is_formula("=SUMME(A1:A3)"), is_formula("12,50")
    (True, True, False)
    """
    return text.lstrip().startswith("=") and len(text.strip()) > 1


def valueless(values: Mapping[str, object]) -> ReadError:
    """Return the error for a formula whose value the file does not hold."""
    return BadRowsError(
        "Line {line} of {file}: “{text}” in the column “{column}” is a formula, and the file does "
        "not hold its value (such rows: {count}). Save the file with values in the place of its "
        "formulas, or leave such rows out with --skip-bad-rows.",
        **values,
    )


def _is_guarded(column: Column) -> str:
    cell = column.sql
    return f"(starts_with({cell}, '=\"') AND ends_with({cell}, '\"') AND strlen({cell}) > 2)"
