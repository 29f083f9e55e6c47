"""What the words and units of a file beside the orders tell: settled, assumed, or asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import duckdb

from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.beside import choices, recognizing
from kohorte.reading.beside.declaring import Field
from kohorte.reading.meaning.words import normal
from kohorte.reading.options import ReadOptions
from kohorte.reading.source import Column
from kohorte.results import Question

if TYPE_CHECKING:
    from kohorte.reading.beside.understanding import Understood

# Of so many rows the words of a column are known if its header is a vague one.
_MOSTLY = 0.5
_MINUTES = re.compile(r"\b(min|mins|minute|minutes|minuten)\b")
_HOURS = re.compile(r"\b(h|hrs?|hours?|std|stunden?)\b")
_DAYS = re.compile(r"\b(days?|tage?n?)\b")


def settle_units(made: Understood, *, options: ReadOptions) -> None:
    """Settle the units of durations by their headers; one that tells none is asked about.

    Where the instant itself is told, how long it took is told twice and not needed.
    """
    for each, column in made.of("duration"):
        if each.name.replace("_after", "_at") in made.columns:
            made.forget(each.name)
            continue
        header = normal(column.name)
        told = choices.said(each.name, column.name, options=options)
        unit = (
            told
            or (_MINUTES.search(header) and "minutes")
            or (_HOURS.search(header) and "hours")
            or (_DAYS.search(header) and "days")
        )
        if not unit:
            unit = "hours"
            made.questions.append(
                Question(
                    f"words.{each.name}.{column.name}",
                    Sentence("What are the numbers in “{column}”?", {"column": column.name}),
                    choices=choices.offered(("minutes", "hours", "days")),
                    assumed=unit,
                )
            )
        made.units[each.name] = {"minutes": 60, "hours": 3600, "days": 86400}[str(unit)]


def settle_words(
    made: Understood, *, connection: duckdb.DuckDBPyConnection, options: ReadOptions
) -> None:
    """Settle what the words of choices mean, and what holds where no column tells it."""
    for each, column in made.of("choice", "flag"):
        if each.name in made.words:
            continue
        found = choices.settle(
            each, column, source=made.source, connection=connection, options=options
        )
        if found is None or _says_nothing(each, column, found[1], made, connection=connection):
            made.forget(each.name)
            continue
        made.words[each.name] = found[0]
        made.questions += found[1]
    for name, value in made.kind.assumed.items():
        if name not in made.columns:
            _assume(made, made.kind.field(name), value, options=options)


def _says_nothing(
    each: Field,
    column: Column,
    questions: Sequence[Question],
    made: Understood,
    *,
    connection: duckdb.DuckDBPyConnection,
) -> bool:
    """Return whether a column with a vague header holds mostly words that choose nothing."""
    if each.name not in made.kind.assumed or not questions:
        return False
    if recognizing.is_telling(column, each):
        return False
    unknown = [one.option.split(".", 2)[2] for one in questions]
    (count,) = sql.row(
        connection,
        f"SELECT count(*) FROM {made.source.relation} "
        f"WHERE trim({column.sql}::VARCHAR) IN ({sql.texts(unknown)})",
    )
    return bool(count > _MOSTLY * made.source.rows)


def _assume(made: Understood, each: Field, value: str, *, options: ReadOptions) -> None:
    """Let a choice that no column tells be the same on all rows: what the user says, or the usual."""
    file = made.source.name
    told = choices.said(each.name, file, options=options)
    made.constants[each.name] = told or value
    if told or (each.name == "every" and "amount" not in made.columns):
        return
    made.questions.append(
        Question(
            f"words.{each.name}.{file}",
            Sentence(_ASKED[each.name].msgid, {"file": file}),
            choices=choices.offered(each.values),
            assumed=value,
        )
    )


_ASKED = {
    "purpose": Sentence("What were the expenses of {file} for? No column tells it."),
    "qualified": Sentence("Are the leads of {file} qualified? No column tells it."),
    "every": Sentence("What is the amount of a contract in {file} paid for? No column tells it."),
}
