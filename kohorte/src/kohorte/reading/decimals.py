"""Numbers as shops write them: 1.234,50 or 1,234.50, with or without a currency's sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import duckdb

from kohorte.reading import sql
from kohorte.reading.source import Column, Source

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
    """How many cells can only be read with a comma, only with a point, or in either way."""

    comma: int
    point: int
    either: int


def evidence(connection: duckdb.DuckDBPyConnection, *, source: Source, column: Column) -> Evidence:
    """Count over the whole column what its marks mean."""
    if column.kind != "text":
        return Evidence(comma=0, point=0, either=0)
    c = column.sql
    comma, point, either = sql.row(
        connection,
        f"SELECT count_if(contains({c}, ',') AND regexp_matches({c}, {sql.literal(_DECISIVE[','])})), "
        f"count_if(contains({c}, '.') AND regexp_matches({c}, {sql.literal(_DECISIVE['.'])})), "
        f"count_if((contains({c}, ',') OR contains({c}, '.')) "
        f"AND regexp_matches({c}, {sql.literal(_EITHER)})) "
        f"FROM {source.relation}",
    )
    return Evidence(comma=int(comma), point=int(point), either=int(either))


def decide(found: Sequence[Evidence], *, own: Evidence, german: bool) -> tuple[Mark, bool]:
    """Return a column's decimal mark, and whether it had to be assumed.

    The column's own evidence comes first, then that of the other columns, then German signs.
    """
    for each in (own, _sum(found)):
        if each.comma or each.point:
            return ("," if each.comma > each.point else "."), False
    return ("," if german else "."), own.either > 0


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
    plain = f"regexp_full_match({column.sql}, '{_PLAIN}')"
    bare = f"replace(regexp_replace({column.sql}, '{_AROUND}', '', 'g'), '\u2212', '-')"
    # (12,50) and 12,50- are how bookkeeping writes −12,50.
    signed = rf"regexp_replace({bare}, '^(?:\((.*)\)|([^-].*)-)$', '-\1\2')"
    other = "." if mark == "," else ","
    shaped = f"regexp_full_match({signed}, '-?{_SHAPES[mark]}')"
    digits = f"replace(replace({signed}, '{other}', ''), ',', '.')"
    slow = f"CASE WHEN {shaped} THEN TRY_CAST({digits} AS {kind}) END"
    fast = plain if mark == "." else f"{plain} AND NOT contains({column.sql}, '.')"
    return f"CASE WHEN {fast} THEN TRY_CAST({column.sql} AS {kind}) ELSE {slow} END"
