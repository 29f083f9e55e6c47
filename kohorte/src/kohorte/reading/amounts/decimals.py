"""Numbers as shops write them: 1.234,50 or 1,234.50, with or without a currency's sign."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import duckdb

from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.source import Column, Source
from kohorte.results import Choice, Question

Mark = Literal[",", "."]

# Signs and blanks that may stand around a number; what is left must be a number.
_AROUND = r"(?i)euro?|us\$|usd|gbp|chf|pln|sek|dkk|nok|czk|jpy|zł|[€$£¥\s\x{00a0}\x{202f}''’+]"
_PLAIN = r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,2})?"
_SHAPES: dict[Mark, str] = {
    ".": r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]*)?",
    ",": r"(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)?(?:,[0-9]*)?",
}
_PAIRS: tuple[tuple[Mark, Mark], ...] = ((",", "."), (".", ","))
# A mark that cannot be one of thousands: not before exactly three digits, or behind a zero, four
# digits, or the other mark; or the other mark comes twice.
_DECISIVE: dict[Mark, str] = {
    mark: rf"(?:^|[^0-9.,])(?:[0-9]*\{mark}(?:[0-9]{{1,2}}|[0-9]{{4,}})|(?:0+|[0-9]{{4,}})\{mark}[0-9]+"
    rf"|[0-9]{{1,3}}(?:\{other}[0-9]{{3}})+\{mark}[0-9]*"
    rf"|[0-9]{{1,3}}(?:\{other}[0-9]{{3}}){{2,}})(?:[^0-9.,]|$)"
    for mark, other in _PAIRS
}
_EITHER = r"[0-9][.,][0-9]{3}(?:[^0-9]|$)"


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """How many cells can only be read with a comma, only with a point, or in either way.

    Where there are some of the first two, nobody asks for the last; `example` is the first of it.
    """

    comma: int
    point: int
    either: int
    example: str = ""


def evidence(connection: duckdb.DuckDBPyConnection, *, source: Source, column: Column) -> Evidence:
    """Count over the whole column what its marks mean."""
    if column.kind != "text":
        return Evidence(comma=0, point=0, either=0)
    counts = ", ".join(f"count_if({_decides(column, mark)})" for mark, _ in _PAIRS)
    comma, point = sql.row(connection, f"SELECT {counts} FROM {source.relation}")
    if comma or point:
        return Evidence(comma=int(comma or 0), point=int(point or 0), either=0)
    return _either(connection, source=source, column=column)


def evidences(
    connection: duckdb.DuckDBPyConnection, *, source: Source, columns: Sequence[Column]
) -> list[Evidence]:
    """Find out over whole columns what their marks mean.

    Where all cells that decide say the same, the first of a column stands for all; they are counted
    only where one contradicts another.
    """
    found = [_first(connection, source=source, column=column) for column in columns]
    if any(each.comma for each in found) and any(each.point for each in found):
        return [evidence(connection, source=source, column=column) for column in columns]
    return [
        each if each.comma or each.point else _either(connection, source=source, column=column)
        for each, column in zip(found, columns, strict=True)
    ]


def _first(connection: duckdb.DuckDBPyConnection, *, source: Source, column: Column) -> Evidence:
    """Return whether any cell of a column decides for each mark, as 1 or 0."""
    if column.kind != "text":
        return Evidence(comma=0, point=0, either=0)
    comma, point = (
        len(sql.rows(connection, f"SELECT 1 FROM {source.relation} WHERE {test} LIMIT 1"))
        for test in (_decides(column, mark) for mark, _ in _PAIRS)
    )
    return Evidence(comma=comma, point=point, either=0)


def _decides(column: Column, mark: Mark) -> str:
    """Return the SQL test for cells whose decimal mark can only be this one."""
    # Only a CASE keeps the engine from matching what does not hold the mark.
    c = column.sql
    found = f"regexp_matches({c}, {sql.literal(_DECISIVE[mark])})"
    return f"CASE WHEN contains({c}, '{mark}') THEN {found} ELSE false END"


def _either(connection: duckdb.DuckDBPyConnection, *, source: Source, column: Column) -> Evidence:
    """Count the cells of a column that can be read in either way."""
    if column.kind != "text":
        return Evidence(comma=0, point=0, either=0)
    c = column.sql
    # The engine counts nothing in a column without any cell: not even 0.
    either, example = sql.row(
        connection,
        f"SELECT count(*), arg_min(trim({c}), line) FROM {source.relation} "
        f"WHERE (contains({c}, ',') OR contains({c}, '.')) "
        f"AND regexp_matches({c}, {sql.literal(_EITHER)})",
    )
    return Evidence(comma=0, point=0, either=int(either), example=str(example or ""))


def decide(found: Sequence[Evidence], *, own: Evidence, german: bool) -> tuple[Mark, bool]:
    """Return a column's decimal mark, and whether it had to be assumed.

    The column's own evidence comes first, then that of the other columns, then German signs.
    """
    for each in (own, _sum(found)):
        if each.comma or each.point:
            return ("," if each.comma > each.point else "."), False
    return ("," if german else "."), own.either > 0


def question(column: Column, *, cell: str, assumed: Mark) -> Question:
    """Ask which mark is the decimal one, with what a doubtful cell would be worth."""
    number = re.search(r"([0-9]+)([.,])([0-9]{3})", cell)
    whole, written, rest = number.groups() if number else ("0", ".", "0")
    large, small = Decimal(whole + rest), Decimal(f"{whole}.{rest}")
    says: dict[Mark, Sentence] = {
        ",": Sentence("The comma: “{text}” is {amount}"),
        ".": Sentence("The point: “{text}” is {amount}"),
    }
    return Question(
        "decimal",
        Sentence(
            "Which decimal mark do the numbers in “{column}” have? The cells do not tell.",
            {"column": column.name},
        ),
        choices=tuple(
            Choice(
                mark,
                Sentence(
                    sentence.msgid, {"text": cell, "amount": small if mark == written else large}
                ),
            )
            for mark, sentence in says.items()
        ),
        assumed=assumed,
    )


def _sum(found: Sequence[Evidence]) -> Evidence:
    return Evidence(
        comma=sum(each.comma for each in found),
        point=sum(each.point for each in found),
        either=sum(each.either for each in found),
    )


def number(column: Column, *, mark: Mark, kind: str) -> str:
    """Return the SQL that makes a number of a column's cells, NULL where they are none.

    Parameters
    ----------
    column
        The column, of text or of numbers.
    mark
        Its decimal mark.
    kind
        The SQL type wanted, such as `DECIMAL(18,3)`.
    """
    if column.kind != "text":
        return f"TRY_CAST({column.sql} AS {kind})"
    c = column.sql
    bare = f"replace(regexp_replace({c}, '{_AROUND}', '', 'g'), '\u2212', '-')"
    # (12,50) and 12,50- are how bookkeeping writes −12,50.
    signed = rf"regexp_replace({bare}, '^(?:\((.*)\)|([^-].*)-)$', '-\1\2')"
    # An exponent is written by machines, which know no marks of thousands.
    plain = f"regexp_full_match({c}, '{_PLAIN}')"
    if mark == ",":
        plain += f" AND NOT contains({c}, '.')"
    return (
        f"CASE WHEN {_shaped(c, mark)} THEN TRY_CAST({_digits(c, mark)} AS {kind}) "
        f"WHEN {plain} THEN TRY_CAST({c} AS {kind}) "
        f"WHEN {_shaped(signed, mark)} THEN TRY_CAST({_digits(signed, mark)} AS {kind}) END"
    )


def _shaped(text: str, mark: Mark) -> str:
    return f"regexp_full_match({text}, '-?{_SHAPES[mark]}')"


def _digits(text: str, mark: Mark) -> str:
    other = "." if mark == "," else ","
    bare = (
        f"CASE WHEN contains({text}, '{other}') THEN replace({text}, '{other}', '') ELSE {text} END"
    )
    return f"replace({bare}, ',', '.')" if mark == "," else bare
