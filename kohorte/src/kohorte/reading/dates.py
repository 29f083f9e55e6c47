"""Dates: which way they are written, settled by the whole column, and the instant they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass

import duckdb

from kohorte.errors import ReadError
from kohorte.reading import date_formats, sql
from kohorte.reading.date_formats import Order
from kohorte.reading.source import SAMPLE_ROWS, Column, Source

_OFFSET = r"[0-9]:[0-9]{2}.*(?:Z|z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}|[+-][0-9]{2})$"
# The engine reads 10:11+0100, but not 10:11 +0100 as shops write it.
_APART = r"\s+([+-][0-9:]+)$"
# So many different dates are tried with every format; the whole column then chooses among these.
SAMPLE_DATES = 200
_EARLIEST, _LATEST = "1900-01-01", "2200-01-01"


@dataclass(frozen=True, kw_only=True)
class Writing:
    """How a column's dates are written.

    Parameters
    ----------
    formats
        `iso`, `excel` (days since 1899-12-30) or formats as in `%d.%m.%Y`, tried in turn.
    assumed
        Whether day and month could be exchanged and the file itself does not tell.
    offsets
        Whether some values name their distance from UTC.
    """

    formats: tuple[str, ...]
    assumed: bool = False
    offsets: bool = False


def settle(
    connection: duckdb.DuckDBPyConnection,
    *,
    source: Source,
    column: Column,
    given: str | None,
    month_first: bool,
) -> Writing | None:
    """Return how the dates of a column are written; None if they are no dates.

    Parameters
    ----------
    given
        The user's `date_format`.
    month_first
        How to read 3/4/2024 where the whole column does not tell.
    """
    if column.kind in ("day", "time", "instant"):
        return Writing(formats=(date_formats.ISO,))
    if given:
        formats = _translated(given, connection=connection)
        return Writing(formats=formats, offsets=_has_offsets(connection, source, column))
    found = _in_sample(connection, source=source, column=column)
    if not found:
        return None
    if found[0] in (date_formats.ISO, date_formats.EXCEL):
        offsets = found[0] == date_formats.ISO and _has_offsets(connection, source, column)
        return Writing(formats=(found[0],), offsets=offsets)
    return _by_whole_column(
        connection, source=source, column=column, found=found, month_first=month_first
    )


def instant(column: Column, *, writing: Writing, zone: str) -> str:
    """Return the SQL of the UTC instant that a cell means, NULL where it means none.

    Local times that a change to summer time skips or repeats are read as the zone's data says.
    """
    c = column.sql
    if column.kind == "instant":
        return f"timezone('UTC', {c})"
    if column.kind in ("day", "time"):
        local = f"{c}::TIMESTAMP"
    elif writing.formats == (date_formats.ISO,):
        local = f"TRY_CAST({_text(column)} AS TIMESTAMP)"
    elif writing.formats == (date_formats.EXCEL,):
        local = (
            "TIMESTAMP '1899-12-30' + to_microseconds(round("
            f"TRY_CAST({c} AS DOUBLE) * 86400)::BIGINT * 1000000)"
        )
    else:
        local = f"try_strptime({_text(column)}, [{sql.texts(writing.formats)}])"
    utc = local if zone == "UTC" else f"timezone('UTC', timezone({sql.literal(zone)}, {local}))"
    if writing.offsets:
        joined = rf"regexp_replace({_text(column)}, '{_APART}', '\1')"
        utc = (
            f"CASE WHEN regexp_matches({_text(column)}, '{_OFFSET}') "
            f"THEN timezone('UTC', TRY_CAST({joined} AS TIMESTAMPTZ)) ELSE {utc} END"
        )
    return f"CASE WHEN {local} BETWEEN '{_EARLIEST}' AND '{_LATEST}' THEN {utc} END"


def _text(column: Column) -> str:
    return f"trim({column.sql})" if column.kind == "text" else f"{column.sql}::VARCHAR"


def _has_offsets(connection: duckdb.DuckDBPyConnection, source: Source, column: Column) -> bool:
    if column.kind != "text":
        return False
    (found,) = sql.row(
        connection,
        f"SELECT coalesce(bool_or(regexp_matches({_text(column)}, '{_OFFSET}')), false) "
        f"FROM {source.relation}",
    )
    return bool(found)


def _valid(expression: str) -> str:
    return f"({expression}) BETWEEN '{_EARLIEST}' AND '{_LATEST}'"


def _in_sample(
    connection: duckdb.DuckDBPyConnection, *, source: Source, column: Column
) -> list[str]:
    """Return the formats that explain something in the first rows, the best first."""
    sample = (
        f"SELECT DISTINCT {_text(column)} AS v FROM (SELECT {column.sql} FROM {source.relation} "
        f"WHERE {column.sql} IS NOT NULL LIMIT {SAMPLE_ROWS}) LIMIT {SAMPLE_DATES}"
    )
    values = [str(value) for (value,) in sql.rows(connection, sample)]
    tests = {date_formats.ISO: _valid("TRY_CAST(v AS TIMESTAMP)")}
    tests |= {
        each: _valid(f"try_strptime(v, {sql.literal(each)})")
        for each in date_formats.of_this_shape(values)
    }
    tests[date_formats.EXCEL] = "coalesce(TRY_CAST(v AS DOUBLE) BETWEEN 20000 AND 80000, false)"
    given = ", ".join(f"({sql.literal(value)})" for value in values) or "('')"
    counts = sql.row(
        connection,
        f"SELECT {', '.join(f'count_if({test})' for test in tests.values())} "
        f"FROM (VALUES {given}) given(v)",
    )
    scored = [(int(count), name) for name, count in zip(tests, counts, strict=True) if count]
    return [name for count, name in sorted(scored, key=lambda each: -each[0])]


def _by_whole_column(
    connection: duckdb.DuckDBPyConnection,
    *,
    source: Source,
    column: Column,
    found: list[str],
    month_first: bool,
) -> Writing:
    """Choose between the ways of writing the day by how much of the column each explains."""
    families = {date_formats.family(each) for each in found} - {""}
    ways = {day: tuple(day + time for time in _times(day, found)) for day in families}
    whole = {day: tuple(day + time for time in date_formats.TIMES) for day in families}
    counts = _counts(connection, source=source, column=column, ways=ways)
    best = max(counts.values())
    if best < _filled(connection, source=source, column=column):
        counts = _counts(connection, source=source, column=column, ways=whole)
        ways, best = whole, max(counts.values())
    winners = [day for day in ways if counts[day] == best]
    orders = {date_formats.order(day) for day in winners}
    preferred: Order = "month" if month_first else "day"
    if any("." in day for day in winners):
        preferred = "day"
    chosen = next((day for day in winners if date_formats.order(day) == preferred), winners[0])
    assumed = {"day", "month"} <= orders and not any("." in day for day in winners)
    return Writing(formats=ways[chosen], assumed=assumed)


def _times(day: str, found: list[str]) -> list[str]:
    return [each.removeprefix(day) for each in found if date_formats.family(each) == day]


def _counts(
    connection: duckdb.DuckDBPyConnection,
    *,
    source: Source,
    column: Column,
    ways: dict[str, tuple[str, ...]],
) -> dict[str, int]:
    tests = ", ".join(
        f"count_if({_valid(f'try_strptime({_text(column)}, [{sql.texts(formats)}])')})"
        for formats in ways.values()
    )
    counts = sql.row(connection, f"SELECT {tests} FROM {source.relation}")
    return {day: int(count) for day, count in zip(ways, counts, strict=True)}


def _filled(connection: duckdb.DuckDBPyConnection, *, source: Source, column: Column) -> int:
    """Return how many cells of a column hold anything."""
    (count,) = sql.row(
        connection, f"SELECT count(nullif({_text(column)}, '')) FROM {source.relation}"
    )
    return int(count)


def _translated(given: str, *, connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Translate a user's formats and make sure that the engine knows them."""
    formats = tuple(date_formats.strptime(part.strip()) for part in given.split("|"))
    for each in formats:
        if each in (date_formats.ISO, date_formats.EXCEL):
            continue
        try:
            sql.row(connection, f"SELECT try_strptime('', {sql.literal(each)})")
        except duckdb.Error:
            each = ""
        if not all(re.search(part, each) for part in ("%[Yy]", "%[mbB]", "%d")):
            raise ReadError(
                "“{format}” is not a way to write dates. Use for example dd.mm.yyyy, "
                "mm/dd/yyyy HH:MM or %Y-%m-%d.",
                format=given,
            )
    return formats
