"""Which ways a column of dates is written: all of it tells, and at most two are taken."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from kohorte.errors import ReadError
from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.days import date_formats, dates
from kohorte.reading.days.date_formats import EXCEL, ISO, UNIX, Order
from kohorte.reading.days.dates import Writing
from kohorte.reading.source import SAMPLE_ROWS, Column, Source

# So many different dates are tried with every format; the whole column then chooses among these.
SAMPLE_DATES = 200
# What the formats of a sample leave unexplained is sampled again, so many times at most.
_ROUNDS = 4

# Families of formats by which a column may be read: one, or two of which each cell fits one alone.
Reading = tuple[str, ...]


@dataclass
class _Dates:
    """A column of dates, and the formats found for it by their families, the likeliest first.

    `likely` are the families that explain every cell of the first sample.
    """

    connection: duckdb.DuckDBPyConnection
    source: Source
    column: Column
    ways: dict[str, tuple[str, ...]] = field(default_factory=dict)
    likely: set[str] = field(default_factory=set)

    def formats(self, families: Sequence[str]) -> tuple[str, ...]:
        return tuple(itertools.chain.from_iterable(self.ways[each] for each in families))


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
        The user's `date_format`. Beside files that have it, another one keeps its own.
    month_first
        How to read 3/4/2024 where the whole column does not tell.
    """
    if column.kind in ("day", "time", "instant"):
        return Writing(formats=(ISO,))
    found = _Dates(connection, source, column)
    formats = translated(given, connection=connection) if given else ()
    if formats and _explain_any(found, formats):
        return Writing(formats=formats, offsets=_has_offsets(found))
    readings = _readings(found)
    if not readings:
        return None
    chosen, exchanged = _choose(readings, month_first=month_first)
    return Writing(
        formats=found.formats(chosen),
        families=tuple(found.ways[each] for each in chosen) if len(chosen) > 1 else (),
        exchanged=found.formats(exchanged),
        offsets=ISO in chosen and _has_offsets(found),
    )


def _explain_any(found: _Dates, formats: Sequence[str]) -> bool:
    test = dates.explains(found.column, formats=formats)
    return bool(
        sql.rows(found.connection, f"SELECT 1 FROM {found.source.relation} WHERE {test} LIMIT 1")
    )


def _has_offsets(found: _Dates) -> bool:
    if found.column.kind != "text":
        return False
    (has,) = sql.row(
        found.connection,
        f"SELECT EXISTS (SELECT 1 FROM {found.source.relation} "
        f"WHERE {dates.has_offset(found.column)})",
    )
    return bool(has)


def _readings(found: _Dates) -> list[Reading]:
    """Return the readings that explain most of the column, the likeliest first.

    What the first rows do not show is found among the cells that no format explains so far.
    """
    readings: list[Reading] = []
    for _ in range(_ROUNDS):
        new = _in_sample(found)
        if not new:
            break
        for each in new:
            family = date_formats.family(each)
            found.ways[family] = (*found.ways.get(family, ()), each)
        whole: list[Reading] = [(each,) for each in found.ways if _explains_all(found, each)]
        if whole:
            return whole
        readings, is_whole = _counted(found)
        if is_whole:
            break
    return readings


def _in_sample(found: _Dates) -> list[str]:
    """Return the formats that explain something of what no format explains, the best first."""
    text = dates.text(found.column)
    known = found.formats(tuple(found.ways))
    rows = f"SELECT line, {text} AS text FROM {found.source.relation} WHERE {text} <> ''"
    if known:
        rows += f" AND NOT {dates.explains(found.column, formats=known)}"
    sample = (
        f"SELECT text FROM ({rows} LIMIT {SAMPLE_ROWS}) "
        f"GROUP BY text ORDER BY min(line) LIMIT {SAMPLE_DATES}"
    )
    values = [str(value) for (value,) in sql.rows(found.connection, sample)]
    if not values:
        return []
    cell = Column(0, found.column.name)
    formats = (ISO, *date_formats.of_this_shape(values), EXCEL, UNIX)
    tests = ", ".join(dates.explains(cell, formats=(each,)) for each in formats)
    listed = ", ".join(f"({sql.literal(value)})" for value in values)
    table = sql.rows(found.connection, f"SELECT {tests} FROM (VALUES {listed}) given({cell.sql})")
    explained = {
        each: {place for place, is_explained in enumerate(cells) if is_explained}
        for each, cells in zip(formats, zip(*table, strict=True), strict=True)
    }
    by_family: dict[str, set[int]] = {}
    for each, places in explained.items():
        by_family.setdefault(date_formats.family(each), set()).update(places)
    whole = {family for family, places in by_family.items() if len(places) == len(values)}
    found.likely = set() if known else whole
    ranked = sorted(filter(explained.get, formats), key=lambda each: -len(explained[each]))
    return [each for each in ranked if each not in known]


def _explains_all(found: _Dates, family: str) -> bool:
    """Return whether a family of formats explains the whole column, so that none explains more.

    The first cell that it does not explain ends the search.
    """
    if family not in found.likely:
        return False
    explained = dates.explains(found.column, formats=found.ways[family])
    is_blank = sql.is_blank(f"{found.column.sql}::VARCHAR")
    query = f"SELECT 1 FROM {found.source.relation} WHERE NOT ({is_blank}) AND NOT {explained}"
    return not sql.rows(found.connection, f"{query} LIMIT 1")


def _counted(found: _Dates) -> tuple[list[Reading], bool]:
    """Return the readings that explain most, and whether the formats explain the whole column."""
    families = list(found.ways)
    tests = [f"e{place}" for place in range(len(families))]
    pairs = list(itertools.combinations(range(len(families)), 2))
    explained = ", ".join(
        f"{dates.explains(found.column, formats=found.ways[family])} AS {test}"
        for family, test in zip(families, tests, strict=True)
    )
    counts = [
        "count_if(NOT is_blank)",
        f"count_if({' OR '.join(tests)})",
        *(f"count_if({test})" for test in tests),
        *(f"count_if({tests[one]} AND {tests[other]})" for one, other in pairs),
    ]
    filled, total, *rest = map(
        int,
        sql.row(
            found.connection,
            f"SELECT {', '.join(counts)} FROM (SELECT "
            f"{sql.is_blank(f'{found.column.sql}::VARCHAR')} AS is_blank, "
            f"{explained} FROM {found.source.relation})",
        ),
    )
    alone, both = rest[: len(families)], rest[len(families) :]
    best = max(alone)
    readings: list[Reading] = [
        (families[one], families[other])
        for (one, other), doubtful in zip(pairs, both, strict=True)
        if not doubtful and best < alone[one] + alone[other] == total
    ]
    if not readings:
        readings = [(each,) for each, count in zip(families, alone, strict=True) if count == best]
    return readings, total == filled


def _choose(readings: Sequence[Reading], *, month_first: bool) -> tuple[Reading, Reading]:
    """Return the likeliest reading, and the one that exchanges day and month, if there is one.

    Between points the day comes first, unless it cannot.
    """
    pointed = [reading for reading in readings if not any("%m.%d" in each for each in reading)]
    readings = pointed or readings
    preferred: Order = "month" if month_first else "day"
    chosen = next((each for each in readings if preferred in _orders(each)), readings[0])
    differs = (each for each in readings if {"day", "month"} & (_orders(each) ^ _orders(chosen)))
    return chosen, next(differs, ())


def _orders(reading: Reading) -> set[Order | None]:
    return {date_formats.order(family) for family in reading}


def both(
    connection: duckdb.DuckDBPyConnection, *, source: Source, column: Column, writing: Writing
) -> Sentence:
    """Tell that a column is written in two ways, with a cell of each."""
    firsts = ", ".join(
        f"arg_min(text, line) FILTER ({dates.explains(column, formats=formats)})"
        for formats in writing.families
    )
    one, other = sql.row(
        connection,
        f"SELECT {firsts} FROM (SELECT *, {dates.text(column)} AS text FROM {source.relation})",
    )
    return Sentence(
        "The dates in “{column}” are written in two ways, such as “{one}” and “{other}”; both were "
        "read.",
        {"column": column.name, "one": str(one), "other": str(other)},
    )


def translated(given: str, *, connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Translate a user's formats and make sure that the engine knows them.

    Raises
    ------
    ReadError
        If one is no way to write dates.
    """
    formats = tuple(date_formats.strptime(part.strip()) for part in given.split("|"))
    for each in formats:
        if each in date_formats.NAMED:
            continue
        known = date_formats.in_digits(each)
        try:
            sql.row(connection, f"SELECT try_strptime('', {sql.literal(known)})")
        except duckdb.Error:
            each = ""
        if not all(re.search(part, each) for part in ("%[Yy]", "%[mbB]", "%d")):
            raise ReadError(
                "“{format}” is not a way to write dates. Use for example dd.mm.yyyy, "
                "mm/dd/yyyy HH:MM or %Y-%m-%d.",
                format=given,
            )
    return formats
