"""Dates: how a column writes them, and the SQL of the instants they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kohorte.reading import sql
from kohorte.reading.days import date_formats, date_words
from kohorte.reading.days.date_formats import EXCEL, ISO, UNIX
from kohorte.reading.source import Column

OFFSET = r"[0-9]:[0-9]{2}.*(?:Z|z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}|[+-][0-9]{2})$"
# The engine reads 10:11+0100, but not 10:11 +0100 as shops write it.
_APART = r"\s+([+-][0-9:]+)$"
_EARLIEST, _LATEST = "1900-01-01", "2200-01-01"
# Days since 1899-12-30 from 1954 to 2119; seconds since 1970 from 2001 to 2099.
_EXCEL_DAYS = "20000 AND 80000"
_UNIX_SECONDS = "1000000000 AND 4102444800"
_UNIX_MILLISECONDS = "1000000000000 AND 4102444800000"


@dataclass(frozen=True, kw_only=True)
class Writing:
    """How a column's dates are written.

    Parameters
    ----------
    formats
        As `date_formats` tells, tried in turn.
    families
        Where a column is written in two ways, the formats of each; every cell fits one of them.
    exchanged
        Formats that explain the column as well as these, with day and month exchanged.
    offsets
        Whether some values name their distance from UTC.
    """

    formats: tuple[str, ...]
    families: tuple[tuple[str, ...], ...] = ()
    exchanged: tuple[str, ...] = ()
    offsets: bool = False


def instant(column: Column, *, writing: Writing, zone: str) -> str:
    """Return the SQL of the UTC instant that a cell means, NULL where it means none.

    Local times that a change to summer time skips or repeats are read as the zone's data says.
    """
    if column.kind == "instant":
        return f"timezone('UTC', {column.sql})"
    others = tuple(each for each in writing.formats if each != UNIX)
    if not others:
        return _unix(column)
    here = local(column, formats=others)
    utc = here
    if zone != "UTC":
        utc = f"timezone('UTC', timezone({sql.literal(zone)}, {here}))"
    if writing.offsets:
        joined = rf"regexp_replace({text(column)}, '{_APART}', '\1')"
        utc = (
            f"CASE WHEN regexp_matches({text(column)}, '{OFFSET}') "
            f"THEN timezone('UTC', TRY_CAST({joined} AS TIMESTAMPTZ)) ELSE {utc} END"
        )
    utc = f"CASE WHEN {_plausible(here)} THEN {utc} END"
    return f"coalesce({_unix(column)}, {utc})" if UNIX in writing.formats else utc


def local(column: Column, *, formats: Sequence[str]) -> str:
    """Return the SQL of the time that a cell says, without a zone; NULL where no format fits."""
    if column.kind in ("day", "time", "instant"):
        return f"{column.sql}::TIMESTAMP"
    spelled = [each for each in formats if each not in date_formats.NAMED]
    plain = [each for each in spelled if not date_formats.has_words(each)]
    words = [date_formats.in_digits(each) for each in spelled if date_formats.has_words(each)]
    cell = text(column)
    # Formats pass over blanks around a time themselves.
    given = column.sql if column.kind == "text" else cell
    found = {
        _iso(column): ISO in formats,
        f"try_strptime({given}, [{sql.texts(plain)}])": plain,
        f"try_strptime({date_words.numbered_sql(cell)}, [{sql.texts(words)}])": words,
        _excel(column): EXCEL in formats,
        _unix(column): UNIX in formats,
    }
    used = [expression for expression, is_used in found.items() if is_used]
    return f"coalesce({', '.join(used)})" if len(used) > 1 else used[0]


def _iso(column: Column) -> str:
    plain = f"TRY_CAST({column.sql} AS TIMESTAMP)"
    if column.kind != "text":
        return f"TRY_CAST({text(column)} AS TIMESTAMP)"
    # Behind a day without a time the engine does not pass over blanks.
    return f"coalesce({plain}, TRY_CAST({text(column)} AS TIMESTAMP))"


def has_offset(column: Column) -> str:
    """Return the SQL of whether a cell of text names its distance from UTC.

    That takes a look at each end of a cell, which those are spared that end with seconds.
    """
    ends_with_seconds = (
        f"{column.sql} LIKE '____-__-_____:__:__' AND {column.sql}[-1] BETWEEN '0' AND '9'"
    )
    return (
        f"CASE WHEN {ends_with_seconds} THEN false "
        f"ELSE regexp_matches({text(column)}, '{OFFSET}') END"
    )


def explains(column: Column, *, formats: Sequence[str]) -> str:
    """Return the SQL of whether one of the formats makes a plausible date of a cell."""
    return f"coalesce({_plausible(local(column, formats=formats))}, false)"


def text(column: Column) -> str:
    """Return the SQL of a cell's text."""
    return f"trim({column.sql})" if column.kind == "text" else f"{column.sql}::VARCHAR"


def _plausible(expression: str) -> str:
    return f"({expression}) BETWEEN '{_EARLIEST}' AND '{_LATEST}'"


def _number(column: Column) -> str:
    cell = f"replace({column.sql}, ',', '.')" if column.kind == "text" else column.sql
    return f"TRY_CAST({cell} AS DOUBLE)"


def _excel(column: Column) -> str:
    days = _number(column)
    return (
        f"CASE WHEN {days} BETWEEN {_EXCEL_DAYS} THEN TIMESTAMP '1899-12-30' "
        f"+ to_microseconds(round({days} * 86400)::BIGINT * 1000000) END"
    )


def _unix(column: Column) -> str:
    number = _number(column)
    return (
        f"CASE WHEN {number} BETWEEN {_UNIX_SECONDS} "
        f"THEN make_timestamp(round({number} * 1e6)::BIGINT) "
        f"WHEN {number} BETWEEN {_UNIX_MILLISECONDS} "
        f"THEN make_timestamp(round({number} * 1e3)::BIGINT) END"
    )
