"""Day or month first, where the dates themselves do not tell: what else tells, or a question.

Orders are numbered, and mostly listed, in the order of time. If the dates rise with them in one
reading and fall back time and again in the other, the first is right; neither has orders that are
still to come.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import duckdb

from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.days import date_formats, dates
from kohorte.reading.days.dates import Writing
from kohorte.reading.source import Column, Source
from kohorte.results import Choice, Question

# One-sided is what falls back so often in one reading, and a tenth as often in the other.
FALLS_MIN = 3
_RATIO = 10
_BY_TODAY = Sentence("In “{column}” “{text}” is {day}: otherwise orders would lie in the future.")
_BY_NUMBERS = Sentence("In “{column}” “{text}” is {day}: so the dates rise with the order numbers.")
_BY_LINES = Sentence("In “{column}” “{text}” is {day}: so the dates follow the lines of the file.")
_SAYS = {
    "day": Sentence("The day: “{text}” is {day}"),
    "month": Sentence("The month: “{text}” is {day}"),
}


@dataclass(frozen=True, kw_only=True)
class Settled:
    """The reading that holds, with how it was found out, or the question that is left."""

    writing: Writing
    told: Sentence | None = None
    question: Question | None = None


@dataclass(frozen=True, kw_only=True)
class _Doubt:
    """A column of dates in both readings, and a cell that tells them apart."""

    connection: duckdb.DuckDBPyConnection
    source: Source
    column: Column
    readings: tuple[Writing, Writing]
    cell: str
    days: tuple[dt.date, dt.date]

    def time(self, place: int) -> str:
        return dates.local(self.column, formats=self.readings[place].formats)


def settle(
    connection: duckdb.DuckDBPyConnection,
    *,
    source: Source,
    column: Column,
    order: Column | None,
    writing: Writing,
    today: dt.date | None,
) -> Settled:
    """Settle whether day or month comes first in a column that can be read in either way.

    Parameters
    ----------
    order
        The column of order numbers, if there is one.
    writing
        The likelier reading, and the formats of the other one.
    today
        The day behind which no order can lie, if it is known.
    """
    other = replace(writing, formats=writing.exchanged, exchanged=writing.formats)
    first, second = (dates.local(column, formats=each.formats) for each in (writing, other))
    cell, one, two = sql.row(
        connection,
        "SELECT arg_min(text, line), arg_min(one, line)::DATE, arg_min(two, line)::DATE FROM "
        f"(SELECT line, {dates.text(column)} AS text, {first} AS one, {second} AS two "
        f"FROM {source.relation}) WHERE one <> two",
    )
    if cell is None:
        return Settled(writing=replace(writing, exchanged=()))
    doubt = _Doubt(
        connection=connection,
        source=source,
        column=column,
        readings=(writing, other),
        cell=str(cell),
        days=(one, two),
    )
    found = _by_today(doubt, today) or _by_numbers(doubt, order) or _by_lines(doubt)
    if found is None:
        return Settled(writing=writing, question=_question(doubt))
    place, because = found
    values = {"column": column.name, "text": doubt.cell, "day": doubt.days[place]}
    right = replace(doubt.readings[place], exchanged=())
    return Settled(writing=right, told=Sentence(because.msgid, values))


def _by_today(doubt: _Doubt, today: dt.date | None) -> tuple[int, Sentence] | None:
    if today is None:
        return None
    # A file may be written where the next day has begun.
    latest = f"DATE '{today + dt.timedelta(days=2)}'"
    one, two = sql.row(
        doubt.connection,
        f"SELECT count_if({doubt.time(0)} >= {latest}), count_if({doubt.time(1)} >= {latest}) "
        f"FROM {doubt.source.relation}",
    )
    place = _one_sided(int(one or 0), int(two or 0))
    if place is None:
        return None
    return place, _BY_TODAY


def _by_numbers(doubt: _Doubt, order: Column | None) -> tuple[int, Sentence] | None:
    if order is None:
        return None
    digits = f"regexp_replace({order.sql}::VARCHAR, '[^0-9]', '', 'g')"
    one, two = sql.row(
        doubt.connection,
        "SELECT count_if(one < lag_one), count_if(two < lag_two) FROM (SELECT one, two, "
        "lag(one) OVER (ORDER BY number) AS lag_one, lag(two) OVER (ORDER BY number) AS lag_two "
        f"FROM (SELECT TRY_CAST({digits} AS HUGEINT) AS number, min({doubt.time(0)}) AS one, "
        f"min({doubt.time(1)}) AS two FROM {doubt.source.relation} GROUP BY number) "
        "WHERE number IS NOT NULL)",
    )
    place = _one_sided(int(one or 0), int(two or 0))
    if place is None:
        return None
    return place, _BY_NUMBERS


def _by_lines(doubt: _Doubt) -> tuple[int, Sentence] | None:
    """Tell by the lines, from old to new or from new to old; lines sorted as texts tell nothing."""
    times = {"one": doubt.time(0), "two": doubt.time(1), "text": dates.text(doubt.column)}
    steps = ", ".join(f"lag({name}) OVER (ORDER BY line) AS lag_{name}" for name in times)
    counts = ", ".join(
        f"least(count_if({name} < lag_{name}), count_if({name} > lag_{name}))" for name in times
    )
    cells = ", ".join(f"{expression} AS {name}" for name, expression in times.items())
    found = sql.row(
        doubt.connection,
        f"SELECT {counts} FROM (SELECT *, {steps} FROM "
        f"(SELECT line, {cells} FROM {doubt.source.relation}))",
    )
    # Of a single line the engine counts nothing, not even 0.
    one, two, text = (int(count or 0) for count in found)
    place = _one_sided(one, two)
    if place is None or _one_sided(min(one, two), text) is None:
        return None
    return place, _BY_LINES


def _one_sided(one: int, two: int) -> int | None:
    """Return the place of the reading with hardly any faults where the other has many."""
    if max(one, two) < max(FALLS_MIN, _RATIO * min(one, two)):
        return None
    return 0 if one < two else 1


def _question(doubt: _Doubt) -> Question:
    choices = [
        Choice(
            "|".join(reading.formats),
            Sentence(_SAYS[_first(reading)].msgid, {"text": doubt.cell, "day": day}),
        )
        for reading, day in zip(doubt.readings, doubt.days, strict=True)
    ]
    return Question(
        "date_format",
        Sentence(
            "What comes first in “{column}”, the day or the month? The dates do not tell.",
            {"column": doubt.column.name},
        ),
        choices=tuple(choices),
        assumed=choices[0].value,
    )


def _first(reading: Writing) -> str:
    """Return what comes first in the formats that differ between the readings."""
    own = set(reading.formats) - set(reading.exchanged)
    orders = {date_formats.order(date_formats.family(each)) for each in own}
    return "month" if "month" in orders else "day"
