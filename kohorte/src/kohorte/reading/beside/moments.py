"""Days and instants of files beside the orders: dates as orders have them, or spans such as months."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb

from kohorte.errors import ReadError
from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.beside import choices, spans
from kohorte.reading.beside.footers import NOTHING
from kohorte.reading.days import date_formats, date_order, date_ways, dates
from kohorte.reading.days.dates import Writing
from kohorte.reading.meaning.words import normal
from kohorte.reading.options import ReadOptions
from kohorte.reading.source import Column
from kohorte.results import Question

if TYPE_CHECKING:
    from kohorte.reading.beside.understanding import Understood

# A column with more different texts names no spans.
SPANS_MAX = 2_000
# Of so many texts all but a few must be spans.
_MOSTLY = 0.8
_UTC = re.compile(r"\b(utc|gmt)\b")
# What a header says that the days below it stand for.
_LENGTHS = {
    "month": re.compile(r"\b(monat|month|kalendermonat)\b"),
    "week": re.compile(r"\b(woche|week|kalenderwoche|kw)\b"),
    "quarter": re.compile(r"\b(quartal|quarter)\b"),
    "year": re.compile(r"\b(jahr|year)\b"),
}
_STEPS = {
    "day": "INTERVAL 1 DAY",
    "week": "INTERVAL 7 DAY",
    "month": "INTERVAL 1 MONTH",
    "quarter": "INTERVAL 3 MONTH",
    "year": "INTERVAL 1 YEAR",
}
_MONTHS_MIN = 2


def settle(
    made: Understood,
    *,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
    today: dt.date | None,
) -> None:
    """Settle how the days of each column are written; the first column that tells helps the others."""
    first: Writing | None = None
    for each, column in made.of("instant", "span"):
        if _UTC.search(normal(column.name)):
            made.zones[each.name] = "UTC"
        named = _spans(made, column, connection=connection)
        if named is not None:
            made.spans[each.name] = named
            continue
        writing = _writing(
            made, column, first=first, connection=connection, options=options, today=today
        )
        if writing is None:
            _refuse_or_forget(made, each.name, column, connection=connection)
            continue
        first = first or writing
        made.writings[each.name] = writing
        if each.reads == "span" and each.name == "starts_on" and "ends_on" not in made.columns:
            _settle_length(made, column, writing, connection=connection, options=options)


def _spans(
    made: Understood, column: Column, *, connection: duckdb.DuckDBPyConnection
) -> dict[str, spans.Span] | None:
    """Return the spans that the texts of a column name, None if they are days."""
    if column.kind not in ("text", "number"):
        return None
    text = dates.text(column)
    rows = sql.rows(
        connection,
        f"SELECT DISTINCT {text} AS text FROM {made.source.relation} WHERE {text} IS NOT NULL "
        f"LIMIT {SPANS_MAX + 1}",
    )
    texts = [str(each) for (each,) in rows if str(each).lower() not in NOTHING]
    if not texts or len(rows) > SPANS_MAX:
        return None
    found = {each: span for each in texts if (span := spans.parse(each))}
    return found if len(found) >= _MOSTLY * len(texts) else None


def _writing(
    made: Understood,
    column: Column,
    *,
    first: Writing | None,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
    today: dt.date | None,
) -> Writing | None:
    """Return how the days of a column are written; what it leaves open, the first column settles."""
    own = date_ways.settle(
        connection,
        source=made.source,
        column=column,
        given=None,
        month_first=first is not None and _month_first(first),
    )
    if own is None and options.date_format:
        own = date_ways.settle(
            connection,
            source=made.source,
            column=column,
            given=options.date_format,
            month_first=False,
        )
    if own is None or not own.exchanged:
        return own
    if first is not None:
        return replace(own, exchanged=())
    if options.date_format:
        given = date_ways.settle(
            connection,
            source=made.source,
            column=column,
            given=options.date_format,
            month_first=False,
        )
        if given is not None and not given.exchanged:
            return given
    settled = date_order.settle(
        connection, source=made.source, column=column, order=None, writing=own, today=today
    )
    made.remarks += [settled.told] if settled.told else []
    made.questions += [settled.question] if settled.question else []
    return settled.writing


def _month_first(writing: Writing) -> bool:
    families = {date_formats.order(date_formats.family(each)) for each in writing.formats}
    return "month" in families


def _refuse_or_forget(
    made: Understood, name: str, column: Column, *, connection: duckdb.DuckDBPyConnection
) -> None:
    """Refuse a column without any day if it is needed; forget it if it is empty or not needed."""
    text = dates.text(column)
    found = sql.rows(
        connection,
        f"SELECT {text} FROM {made.source.relation} WHERE {text} IS NOT NULL "
        f"AND NOT {sql.among(f'lower({text})', NOTHING)} "
        f"AND NOT regexp_full_match({text}, '[0T.:/ -]*') ORDER BY line LIMIT 1",
    )
    if made.kind.field(name).required or found:
        raise ReadError(
            "The column “{column}” of {file} holds no dates that can be read, for example “{text}”."
            " Name their format with --date-format, or another column with --column {field}=….",
            column=column.name,
            file=made.source.name,
            text=str(found[0][0])[:80] if found else "",
            field=f"{made.kind.table.name}.{name}",
        )
    made.forget(name)


def _settle_length(
    made: Understood,
    column: Column,
    writing: Writing,
    *,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
) -> None:
    """Settle for how long an expense is that names one day: by the header, or as a question.

    Where every day is the first of a month, the month is meant.
    """
    header = normal(column.name)
    length = next((name for name, said in _LENGTHS.items() if said.search(header)), None)
    day = f"({local_day(column, writing=writing)})"
    others, months = sql.row(
        connection,
        f"SELECT count(*) FILTER (day({day}) <> 1), count(DISTINCT {day}) "
        f"FROM {made.source.relation} WHERE {day} IS NOT NULL",
    )
    on_firsts = not others and months >= _MONTHS_MIN
    if length in ("month", "quarter", "year") and others:
        length = None
    if length is None and on_firsts:
        told = choices.said("length", made.source.name, options=options)
        length = told or "month"
        if not told:
            made.questions.append(
                Question(
                    f"words.length.{made.source.name}",
                    Sentence(
                        "Every day in “{column}” is the first of a month. How long is an expense of "
                        "{file} for?",
                        {"column": column.name, "file": made.source.name},
                    ),
                    choices=choices.offered(("day", "month", "quarter", "year")),
                    assumed="month",
                )
            )
    made.constants["length"] = length or "day"


def local_day(column: Column, *, writing: Writing) -> str:
    """Return the SQL of the day that a cell says."""
    return f"{dates.local(column, formats=writing.formats)}::DATE"


def last_day(first: str, *, length: str) -> str:
    """Return the SQL of the last day of what begins on a day.

    >>> last_day("starts_on", length="month")
    '(starts_on + INTERVAL 1 MONTH - INTERVAL 1 DAY)::DATE'
    """
    return f"({first} + {_STEPS[length]} - INTERVAL 1 DAY)::DATE"
