"""Surveys: one column for each question becomes one row for each, and scales are settled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb

from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.beside import choices, fitting, recognizing
from kohorte.reading.meaning.words import normal
from kohorte.reading.options import ReadOptions
from kohorte.reading.source import Column
from kohorte.results import Choice, Guess, Question

if TYPE_CHECKING:
    from kohorte.reading.beside.recognizing import Cells
    from kohorte.reading.beside.understanding import Understood

Scale = tuple[int, int]
# Scales that surveys have, the most usual first.
SCALES: tuple[Scale, ...] = (
    (1, 5), (1, 7), (1, 10), (0, 10), (1, 4), (1, 6), (1, 3), (0, 1), (0, 100), (1, 100),
)  # fmt: skip
_NPS: Scale = (0, 10)
_SCALED = ("csat", "ces")
_TOLD = re.compile(r"\b(\d{1,3})\s*(?:-|–|bis|to|…)\s*(\d{1,3})\b")
_STARS = re.compile(r"\b(stars|sterne|star rating)\b")
_KINDS = ("nps", "csat", "ces", "leaving")


def widen(
    made: Understood,
    *,
    cells: Cells,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
) -> None:
    """Make one row of each question of a file that has them side by side.

    Where a column says what each row is about, there is nothing to do.
    """
    if "question" in made.columns:
        return
    asked = {
        column: name
        for column, name in recognizing.questions(made.source, made.kind, cells=cells).items()
        if column not in made.columns.values() or column == made.columns["score"]
    }
    if made.columns["score"] not in asked:
        column = made.columns["score"]
        asked = {column: _of_bare(made, column, cells=cells, options=options), **asked}
    for column in asked:
        told = choices.said("question", column.name, options=options)
        asked[column] = told or asked[column]
    _unpivot(made, asked)
    for column, name in asked.items():
        scale = _of_thumbs(cells.get(column.index, ())) or _of_header(column)
        if scale and name in _SCALED:
            made.constants[f"scale {name}"] = f"{scale[0]}-{scale[1]}"


def _of_bare(made: Understood, column: Column, *, cells: Cells, options: ReadOptions) -> str:
    """Return what a bare “Score” is about: what the file's name says, or the numbers; it is asked."""
    words = normal(made.source.name).split()
    named = next((name for name in _KINDS if name in words), None)
    if named:
        return named
    stars = _STARS.search(normal(column.name))
    largest = max((_number(cell) for cell in cells[column.index]), default=0)
    guessed = "csat" if stars or largest <= 5 else "ces" if largest <= 7 else "nps"
    if not stars and choices.said("question", column.name, options=options) is None:
        made.questions.append(
            Question(
                f"words.question.{column.name}",
                Sentence(
                    "What does “{column}” of {file} ask?",
                    {"column": column.name, "file": made.source.name},
                ),
                choices=choices.offered((*_KINDS, "other")),
                assumed=guessed,
            )
        )
    return guessed


def _number(cell: str) -> float:
    found = re.match(r"\d{1,9}", cell)
    return float(found[0]) if found else 0


def _unpivot(made: Understood, asked: dict[Column, str]) -> None:
    """Put the questions of a row below each other; unanswered ones make no row."""
    source = made.source
    place = len(source.columns)
    question, score = Column(place, "question"), Column(place + 1, made.columns["score"].name)
    names = sql.texts(column.name for column in asked)
    values = ", ".join(f"{column.sql}::VARCHAR" for column in asked)
    unnested = f"SELECT *, unnest([{names}]) AS {question.sql}, unnest([{values}]) AS {score.sql}"
    several = f" WHERE nullif(trim({score.sql}), '') IS NOT NULL" if len(asked) > 1 else ""
    relation = f"(SELECT * FROM ({unnested} FROM {source.relation}){several})"
    made.source = replace(
        source,
        relation=relation,
        columns=(*source.columns, question, score),
    )
    made.columns |= {"question": question, "score": score}
    made.words["question"] = {column.name: name for column, name in asked.items()}
    made.asked = question
    others = tuple(each for each in made.guesses if each.meaning != "responses.score")
    because = Sentence("The header asks that.")
    made.guesses = (
        *others,
        *(Guess(f"responses.{name}", column.name, 0.9, because) for column, name in asked.items()),
    )


def _of_thumbs(cells: Sequence[str]) -> Scale | None:
    """Return the scale of a thumb up or down."""
    thumbs = {*fitting.GOOD, *fitting.BAD}
    return (0, 1) if any(cell.lower() in thumbs for cell in cells) else None


def _of_header(column: Column) -> Scale | None:
    """Return the scale that a header names: “Zufriedenheit (1–5)”, “Review stars”."""
    found = _TOLD.search(column.name)
    if not found:
        return (1, 5) if _STARS.search(normal(column.name)) else None
    scale = int(found[1]), int(found[2])
    return scale if scale[0] < scale[1] else None


def settle_scales(
    several: Sequence[Understood],
    rows: str,
    *,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
) -> dict[tuple[int, str], Scale]:
    """Return the scale of each file and kind of question whose rows do not tell it.

    The recommendation is asked on 0 to 10. Otherwise the user's word comes first, then the header,
    then the narrowest usual scale that holds nearly all numbers, which is asked.
    """
    found = sql.rows(
        connection,
        "SELECT file, question, quantile_disc(score, 0.02), quantile_disc(score, 0.98), min(score), "
        f"max(score) FROM {rows} WHERE score IS NOT NULL AND lowest IS NULL AND highest IS NULL "
        "AND question IN ('nps', 'csat', 'ces') GROUP BY ALL ORDER BY ALL",
    )
    asked = [name for _, name, *_ in found]
    told: dict[tuple[int, str], Scale] = {}
    for file, name, low, high, least, most in found:
        made = several[file]
        own = f"{name}.{made.source.name}"
        said = (
            options.scales.get(own)
            or options.scales.get(name)
            or made.constants.get(f"scale {name}")
        )
        if said or name == "nps":
            told[file, name] = parse(said) if said else _NPS
        elif not made.is_own:
            told[file, name] = _narrowest(float(low), float(high))
            option = name if asked.count(name) == 1 else own
            made.questions.append(_asked(option, name, told[file, name], least=least, most=most))
    return told


def parse(text: str) -> Scale:
    """Read a scale as it is written on the command line.

    >>> parse("1-5")
    (1, 5)
    """
    first, _, last = text.partition("-")
    return int(first), int(last)


def _narrowest(low: float, high: float) -> Scale:
    """Return the usual scale that holds two numbers: with a zero the narrowest, else the first."""
    holding = [scale for scale in SCALES if scale[0] <= low and high <= scale[1]]
    if low < 1:
        return min(holding, key=lambda scale: scale[1] - scale[0], default=_NPS)
    return holding[0] if holding else _NPS


def _asked(option: str, name: str, scale: Scale, *, least: object, most: object) -> Question:
    offered = dict.fromkeys([scale, *SCALES[:6]])
    return Question(
        f"scales.{option}",
        Sentence(
            "On which scale was {what} asked? The answers run from {least} to {most}.",
            {"what": choices.SAYS[name], "least": _plain(least), "most": _plain(most)},
        ),
        choices=tuple(
            Choice(f"{low}-{high}", Sentence("{low} to {high}", {"low": low, "high": high}))
            for low, high in offered
        ),
        assumed=f"{scale[0]}-{scale[1]}",
    )


def _plain(number: object) -> str:
    return f"{float(str(number)):g}"
