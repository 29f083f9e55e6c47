"""The traps of a known layout, put right before anything else looks at the cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import duckdb

from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.meaning.words import compact
from kohorte.reading.options import Meaning
from kohorte.reading.profiles.layout import Layout
from kohorte.reading.source import Column, Source


def prepare(
    source: Source,
    *,
    layout: Layout,
    known: Mapping[Meaning, Column],
    connection: duckdb.DuckDBPyConnection,
) -> tuple[Source, Mapping[Meaning, Column]]:
    """Return the file and its columns without the traps that the layout names.

    Cells lose the apostrophe of spreadsheets, the further rows of an order get what stands in its
    first one only, numbers are cut out of texts, and columns beside the status speak through it.
    """
    cells = _cells(source, layout=layout, known=known, connection=connection)
    status, state = _flagged(source, layout=layout, status=known.get("status"), cells=cells)
    if status is not None:
        cells[status.index] = state
        known = {**known, "status": status}
        if status.index == len(source.columns):
            source = replace(source, columns=(*source.columns, status))
    changed = {index: cell for index, cell in cells.items() if cell != f"c{index}"}
    if not changed:
        return source, known
    select = ", ".join(
        f"{changed.get(column.index, column.sql)} AS {column.sql}" for column in source.columns
    )
    return replace(source, relation=f"(SELECT line, {select} FROM {source.relation})"), known


def _cells(
    source: Source,
    *,
    layout: Layout,
    known: Mapping[Meaning, Column],
    connection: duckdb.DuckDBPyConnection,
) -> dict[int, str]:
    """Return the SQL of the cells of each column that means something, by its place."""
    cells = {column.index: _plain(column, layout=layout) for column in known.values()}
    for meaning, pattern in layout.cuts.items():
        if meaning in known:
            cells[known[meaning].index] = _cut(known[meaning], pattern)
    order = known.get("order_id")
    for meaning in layout.filled_down:
        column = known.get(meaning)
        if order is not None and column is not None and _has_gaps(source, column, connection):
            cell, by = cells[column.index], cells[order.index]
            cells[column.index] = f"coalesce({cell}, max({cell}) OVER (PARTITION BY {by}))"
    if layout.guests and "customer_id" in known:
        column = known["customer_id"]
        cells[column.index] = _account(cells[column.index], layout=layout)
    return cells


def _plain(column: Column, *, layout: Layout) -> str:
    """Return the SQL of a cell as the layout means it; empty ones are NULL."""
    if column.kind != "text" or not (layout.apostrophes or layout.filled_down):
        return column.sql
    text = f"ltrim({column.sql}, '''')" if layout.apostrophes else column.sql
    return f"nullif(trim({text}), '')"


def _account(cell: str, *, layout: Layout) -> str:
    """Return the SQL of a customer's number; guests have none."""
    text = f"trim({cell}::VARCHAR)"
    return f"CASE WHEN {text} NOT IN ({sql.texts(('', *layout.guests))}) THEN {text} END"


def _cut(column: Column, pattern: str) -> str:
    """Return the SQL of the sum of all numbers that a pattern finds in a cell."""
    found = f"regexp_extract_all({column.sql}::VARCHAR, {sql.literal(pattern)}, 1)"
    return (
        f"list_sum(list_transform({found}, lambda number: try_cast(number AS DECIMAL(18,4))))"
        "::VARCHAR"
    )


def _has_gaps(source: Source, column: Column, connection: duckdb.DuckDBPyConnection) -> bool:
    (gaps,) = sql.row(
        connection,
        "SELECT EXISTS (SELECT 1 FROM "
        f"{source.relation} WHERE nullif(trim({column.sql}::VARCHAR), '') IS NULL)",
    )
    return bool(gaps)


def _flagged(
    source: Source, *, layout: Layout, status: Column | None, cells: Mapping[int, str]
) -> tuple[Column | None, str]:
    """Return the status column with what the columns beside it say, made if there is none."""
    by_name = {compact(column.name): column for column in source.columns}
    cases = []
    name = ""
    for header, words in layout.flags.items():
        column = by_name.get(compact(header))
        if column is None:
            continue
        name = column.name
        text = f"lower(trim({column.sql}::VARCHAR))"
        for word, state in words.items():
            test = f"{text} <> ''" if word == "*" else f"{text} = {sql.literal(word)}"
            cases.append(f"WHEN {test} THEN {sql.literal(state)}")
    if not cases:
        return None, ""
    said = cells.get(status.index, f"{status.sql}::VARCHAR") if status else "NULL"
    made = status or Column(index=len(source.columns), name=name)
    return made, f"CASE {' '.join(cases)} ELSE {said} END"


def remarks(layout: Layout) -> list[Sentence]:
    """Return what the layout has to say about its numbers."""
    told = [*layout.remarks]
    if not layout.seen:
        told.append(
            Sentence("This layout is known from its documentation, not from a file; please check.")
        )
    return told
