"""Rows of a table that are no orders: totals, and notes below the table.

Spreadsheets add up at the end, systems say below when they exported. Such rows have no day and no
number of their own, so that no order is ever lost; they are left out, and a remark names their
lines.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence
from dataclasses import replace

import duckdb

from kohorte.reading import sql
from kohorte.reading.amounts import decimals
from kohorte.reading.meaning import meanings
from kohorte.reading.meaning.words import MISSING
from kohorte.reading.options import Meaning
from kohorte.reading.plan import Plan
from kohorte.reading.rows import total_words
from kohorte.reading.source import Column

# A file with more rows without a day and a number is sparse, and its rows are no totals.
CANDIDATES_MAX = 1_000
# So far from its end a table may have notes below it.
TAIL_LINES = 12
# In the place of a day or number it may have words behind it, elsewhere it stands alone.
_BEGINS = re.compile(rf"[\W\d_]*{total_words.TOTAL}(?:[\W\d_].*)?", re.IGNORECASE | re.DOTALL)
_WHOLE = re.compile(rf"\W*{total_words.TOTAL}\W*(?:\(.*\)|EUR)?\W*", re.IGNORECASE)
_NOTE = re.compile(r"[^\W\d].*[\s:]", re.DOTALL)
_KEYS: tuple[Meaning, ...] = ("date", "order_id")
_WHO: tuple[Meaning, ...] = ("customer_id", "email")
# What a sum never has.
_OF_ORDERS: tuple[Meaning, ...] = (*_KEYS, *_WHO, "unit_price")

Row = tuple[int, tuple[str, ...]]


def leave_out(plan: Plan, *, connection: duckdb.DuckDBPyConnection) -> None:
    """Leave totals and notes out of a file, and tell it."""
    found = _totals(plan, connection=connection)
    tail = _tail(plan, connection=connection)
    found |= _notes(tail)
    found |= _sums(plan, [row for row in tail if row[0] not in found], connection=connection)
    if not found:
        return
    rest = f"(SELECT * FROM {plan.source.relation} WHERE line NOT IN ({_listed(found)}))"
    plan.source = replace(plan.source, relation=rest, rows=plan.source.rows - len(found))
    plan.remarks.append(total_words.told(found))


def _totals(plan: Plan, *, connection: duckdb.DuckDBPyConnection) -> dict[int, str]:
    """Return the lines of totals, which say so, and the words with which they do.

    They have neither day nor number, or a number that says “total” and no customer.
    """
    keys, who = _columns(plan, _KEYS), _columns(plan, _WHO)
    test = " AND ".join(_is_bare(column) for column in keys)
    if "order_id" in plan.columns:
        test = f"({test}) OR {_may_be_total(plan.columns['order_id'])}"
    few = sql.rows(
        connection,
        f"SELECT line FROM {plan.source.relation} WHERE {test} LIMIT {CANDIDATES_MAX + 1}",
    )
    if len(few) > CANDIDATES_MAX:
        return {}
    found = {}
    for line, cells in _rows(plan, lines=[line for (line,) in few], connection=connection):
        said = [cells[column.index] for column in keys if _BEGINS.fullmatch(cells[column.index])]
        has_neither = all(_says_nothing(cells[column.index]) for column in keys)
        is_nobodys = all(_says_nothing(cells[column.index]) for column in (*keys[1:], *who))
        words = [cell for cell in cells if _WHOLE.fullmatch(cell)] or said
        if words and (has_neither or (said and is_nobodys)):
            found[line] = words[0]
    return found


def _says_nothing(cell: str) -> bool:
    return cell.lower() in MISSING or _BEGINS.fullmatch(cell) is not None


def _tail(plan: Plan, *, connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """Return the rows behind the last one with a day, from the last one up; blank ones aside."""
    table, day = plan.source.relation, plan.columns["date"]
    ends = sql.rows(
        connection,
        f"SELECT line, coalesce(trim({day.sql}::VARCHAR), '') FROM {table} "
        f"WHERE line > (SELECT max(line) - {TAIL_LINES} FROM {table}) ORDER BY line DESC",
    )
    behind = itertools.takewhile(lambda row: not row[1] or _is_note(str(row[1])), ends)
    rows = _rows(plan, lines=[line for line, _ in behind], connection=connection)
    return [row for row in reversed(rows) if any(row[1])]


def _is_note(text: str) -> bool:
    is_written = _NOTE.match(text) or total_words.FOOTER.match(text)
    return is_written is not None and not meanings.is_date(text)


def _notes(tail: Sequence[Row]) -> dict[int, str]:
    """Return the lines at the end that hold one text, and what they say."""
    found = {}
    for line, cells in tail:
        texts = [cell for cell in cells if cell]
        if len(texts) == 1 and _is_note(texts[0]):
            found[line] = texts[0]
        elif not any(map(_WHOLE.fullmatch, texts)):
            break
    return found


def _sums(
    plan: Plan, tail: Sequence[Row], *, connection: duckdb.DuckDBPyConnection
) -> dict[int, str]:
    """Return the last line if it holds sums of the rows above and nothing that orders have."""
    line, cells = tail[0] if tail else (0, ())
    filled = {place for place, cell in enumerate(cells) if cell}
    if filled & {column.index for column in _columns(plan, _OF_ORDERS)}:
        return {}
    numbers = [
        decimals.number(plan.columns[meaning], mark=mark, kind="DECIMAL(38,6)")
        for meaning, mark in plan.marks.items()
        if plan.columns[meaning].index in filled
    ]
    if not numbers:
        return {}
    tests = " OR ".join(
        f"sum({number}) FILTER (line < {line}) = any_value({number}) FILTER (line = {line})"
        for number in numbers
    )
    (is_sum,) = sql.row(connection, f"SELECT coalesce({tests}, false) FROM {plan.source.relation}")
    return {line: " ".join(cell for cell in cells if cell)} if is_sum else {}


def _columns(plan: Plan, wanted: Sequence[Meaning]) -> list[Column]:
    return [plan.columns[meaning] for meaning in wanted if meaning in plan.columns]


def _rows(
    plan: Plan, *, lines: Collection[int], connection: duckdb.DuckDBPyConnection
) -> list[Row]:
    """Return the cells of some lines; all of the file is read only if there are any."""
    if not lines:
        return []
    cells = ", ".join(f"coalesce({column.sql}::VARCHAR, '')" for column in plan.source.columns)
    rows = sql.rows(
        connection,
        f"SELECT line, {cells} FROM {plan.source.relation} WHERE line IN ({_listed(lines)}) "
        "ORDER BY line",
    )
    return [(int(line), tuple(cell.strip() for cell in rest)) for line, *rest in rows]


def _listed(lines: Collection[int]) -> str:
    return ", ".join(map(str, lines))


def _is_bare(column: Column) -> str:
    """Return the test for a cell that is empty or may say “total”."""
    cell = column.sql
    if column.kind != "text":
        return f"{cell} IS NULL"
    missing = sql.among(f"lower({sql.trimmed(cell)})", MISSING)
    return (
        f"CASE WHEN {cell} IS NULL THEN true WHEN {_is_number(cell)} THEN false "
        f"ELSE {missing} OR {_may_be_total(column)} END"
    )


def _may_be_total(column: Column) -> str:
    if column.kind != "text":
        return "false"
    test = f"regexp_matches({column.sql}, '(?i){'|'.join(total_words.PARTS)}')"
    other = f"{_is_number(column.sql)} OR {sql.begins_with(column.sql, total_words.OTHER_LETTERS)}"
    return f"CASE WHEN {other} THEN false ELSE coalesce({test}, false) END"


def _is_number(cell: str) -> str:
    """Return the test that spares the others for nearly all cells: they begin with a digit."""
    return f"{cell} BETWEEN '0' AND ':'"
