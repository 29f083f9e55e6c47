"""A survey out of any file: its questions, scores, comments, days and what else is known of each row.

Columns are recognized as those of answers beside the orders are (`kohorte.reading.beside`), so one file can be
read either way; but here no day is needed, and further columns are kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kohorte.errors import ReadError, SettingError
from kohorte.models.arrays import Array
from kohorte.reading import address, sql
from kohorte.reading.beside import surveys, typed, understanding, worth
from kohorte.reading.beside.declared import DECLARED
from kohorte.reading.beside.declaring import FileKind
from kohorte.reading.beside.typed import Rows
from kohorte.reading.beside.understanding import Understood
from kohorte.reading.formats import opening
from kohorte.reading.options import ReadOptions
from kohorte.reading.source import Source
from kohorte.surveys import columns
from kohorte.surveys.answers import Answers, Asked
from kohorte.surveys.scales import Scale
from kohorte.surveys.scores import QUESTIONS, Question

if TYPE_CHECKING:
    import duckdb

# One row per row of the file: its place, whom it is of, and when.
TABLE = "survey_rows"


def _kind() -> FileKind:
    """Return the kind of answers of which no day is needed."""
    kind = DECLARED["responses"]
    fields = tuple(
        replace(each, required=False) if each.name == "answered_at" else each
        for each in kind.fields
    )
    return replace(kind, needs=(("score",),), fields=fields)


@dataclass(frozen=True)
class Wanted:
    """What the user says about a survey.

    Parameters
    ----------
    question
        The question it is about: what it measures, or its column, or both as `Note=csat`.
    good
        By question, which end of its scale is good: `low` for effort asked as such.
    everybody
        Whether the file has a row for everybody who was asked.
    invitations
        How many were asked, where the file does not list them.
    """

    question: str | None = None
    good: Mapping[str, str] | None = None
    everybody: bool = False
    invitations: int | None = None


def load(
    path: str | Path,
    *,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    options: ReadOptions,
    zone: str = "UTC",
    wanted: Wanted | None = None,
    today: dt.date | None = None,
) -> Answers:
    """Read a file of answers in any format and dialect; the engine keeps `survey_rows` of it.

    One row per answer with a column that says what was asked, or one row per person with a column for each
    question.

    Raises
    ------
    ReadError
        The file cannot be read, or no column holds scores.
    SettingError
        The question is not asked in it, or on several scales.
    """
    wanted = wanted or Wanted()
    source = opening.open_source(
        address.place(path), connection=connection, folder=folder, options=options
    )
    options = _named(source, wanted.question, options)
    made = understanding.make(
        source, _kind(), orders=(), connection=connection, options=options, today=today
    )
    money = worth.settle(made, shop=None, connection=connection, folder=folder, options=options)
    rows = typed.write(made, number=0, money=money, zone=zone, connection=connection, folder=folder)
    if not options.skip_bad_rows:
        typed.refuse(rows, made=made, connection=connection)
    lines = [
        line
        for (line,) in sql.rows(connection, f"SELECT line FROM {source.relation} ORDER BY line")
    ]
    places = {int(line): place for place, line in enumerate(lines)}
    asked = _asked(made, rows, places, wanted, connection=connection, options=options)
    facts = _facts(rows, places, zone=zone, connection=connection)
    taken = {column.index for column in made.columns.values()}
    taken |= {
        column.index for column in source.columns if column.name in {one.text for one in asked}
    }
    free = [column for column in source.columns if column.index not in taken]
    _keep(rows, source, zone=zone, connection=connection)
    return Answers(
        name=source.name,
        asked=asked,
        weights=facts.weights if "weight" in made.columns else None,
        days=facts.days,
        comments=facts.comments,
        texts=columns.texts(source, free, connection=connection),
        numbers=columns.numbers(source, free, connection=connection),
        everybody=wanted.everybody,
        invitations=wanted.invitations,
    )


def _named(source: Source, question: str | None, options: ReadOptions) -> ReadOptions:
    """Return the options that take a column which the user named for the score of a question."""
    if question is None or question.casefold() in QUESTIONS:
        return options
    header, _, kind = question.rpartition("=") if "=" in question else (question, "", "")
    found = next(
        (one for one in source.columns if one.name.casefold() == header.strip().casefold()), None
    )
    if found is None:
        raise ReadError(
            "{file} has no column “{name}”. There are: {columns}.",
            file=source.name,
            name=header,
            columns=source.headers,
        )
    words = dict(options.words)
    if kind:
        if kind.strip().casefold() not in QUESTIONS:
            raise SettingError(
                "“{name}” is no question. There are: {names}.",
                name=kind,
                names=", ".join(QUESTIONS),
            )
        words[f"question.{found.name}"] = kind.strip().casefold()
    return replace(options, columns={**options.columns, "responses.score": found.name}, words=words)


@dataclass(frozen=True)
class _Facts:
    weights: Array
    days: list[dt.date | None]
    comments: list[str | None]


def _facts(
    rows: Rows, places: Mapping[int, int], *, zone: str, connection: duckdb.DuckDBPyConnection
) -> _Facts:
    """Return what stands beside the score of each row of the file."""
    weights = np.ones(len(places))
    days: list[dt.date | None] = [None] * len(places)
    comments: list[str | None] = [None] * len(places)
    found = sql.rows(
        connection,
        f"SELECT line, any_value(weight), any_value({_day(zone)}), "
        f"any_value(answer) FILTER (question IN ({sql.texts(QUESTIONS)})) "
        f"FROM {sql.parquet([rows.path])} GROUP BY line",
    )
    for line, weight, day, answer in found:
        place = places[int(line)]
        weights[place] = 1.0 if weight is None else float(weight)
        days[place], comments[place] = day, answer
    return _Facts(weights, days, comments)


def _day(zone: str) -> str:
    return f"timezone({sql.literal(zone)}, timezone('UTC', answered_at))::DATE"


def _asked(
    made: Understood,
    rows: Rows,
    places: Mapping[int, int],
    wanted: Wanted,
    *,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
) -> tuple[Asked, ...]:
    """Return the questions with their answers, the wanted one first."""
    table = f"(SELECT * FROM {sql.parquet([rows.path])} WHERE fault IS NULL AND gone IS NULL)"
    scales = surveys.settle_scales([made], table, connection=connection, options=options)
    text = "question_text" if made.asked else "upper(question)"
    found: dict[tuple[Question, str], list[tuple[Any, ...]]] = {}
    for line, question, asks, score, low, high in sql.rows(
        connection,
        f"SELECT line, question, {text}, score, lowest, highest FROM {table} "
        f"WHERE question IN ({sql.texts(QUESTIONS)}) AND score IS NOT NULL ORDER BY line",
    ):
        ends = (
            scales.get((0, question), (low, high)) if low is None or high is None else (low, high)
        )
        found.setdefault((question, asks), []).append((places[int(line)], float(score), ends))
    several = [
        _one(question, asks, told, len(places), wanted) for (question, asks), told in found.items()
    ]
    if not several:
        raise ReadError("No row of {file} answers a question.", file=made.source.name)
    return tuple(_in_order(several, wanted, made.source.name))


def _one(
    question: Question, text: str, told: Sequence[tuple[Any, ...]], count: int, wanted: Wanted
) -> Asked:
    ends = {(int(low), int(high)) for _place, _score, (low, high) in told}
    if len(ends) > 1:
        raise SettingError(
            "“{name}” was asked on several scales: {scales}. Their answers cannot be one number; keep one "
            "of them.",
            name=text,
            scales=", ".join(f"{low}–{high}" for low, high in sorted(ends)),
        )
    ((low, high),) = ends
    good = (wanted.good or {}).get(question, "high")
    scale = Scale(low, high, "low" if good == "low" else "high")
    scores = np.full(count, np.nan)
    off = 0
    for place, score, _ends in told:
        if low <= score <= high and score == int(score):
            scores[place] = score
        else:
            off += 1
    return Asked(question, text, scale, scores, off)


def _in_order(several: list[Asked], wanted: Wanted, name: str) -> list[Asked]:
    """Put the question first that the reading is about; of two alike the user has to choose."""
    several.sort(key=lambda one: QUESTIONS.index(one.question))
    said = (wanted.question or several[0].question).rpartition("=")
    key = (said[0] or said[2]).strip().casefold()
    chosen = [one for one in several if key in (one.question, one.text.casefold())]
    if len(chosen) == 1:
        return [*chosen, *(one for one in several if one is not chosen[0])]
    names = ", ".join(one.text for one in (chosen or several))
    if not chosen:
        raise SettingError(
            "{file} does not ask “{name}”. It asks: {names}.", file=name, name=key, names=names
        )
    raise SettingError(
        "{file} asks several questions of that kind. Choose one with --question: {names}.",
        file=name,
        names=names,
    )


def _keep(rows: Rows, source: Source, *, zone: str, connection: duckdb.DuckDBPyConnection) -> None:
    """Keep in the engine whom each row is of: the number or the address of the customer, and the day."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {TABLE} AS SELECT "
        "row_number() OVER (ORDER BY s.line) - 1 AS place, r.customer_id, r.email, r.day "
        f"FROM {source.relation} AS s LEFT JOIN (SELECT line, "
        "any_value(coalesce(customer_id, customer_id_text)) AS customer_id, "
        f"any_value(coalesce(email, email_text)) AS email, any_value({_day(zone)}) AS day "
        f"FROM {sql.parquet([rows.path])} GROUP BY line) AS r ON r.line = s.line"
    )
