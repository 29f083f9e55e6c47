"""`kohorte survey`: what customers think, with its noise, and who did not answer."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from contextlib import contextmanager, nullcontext
from enum import Enum, StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kohorte.cli import options, progress, shares
from kohorte.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from kohorte.history import History
    from kohorte.reading import Progress
    from kohorte.surveys.answers import Answers
    from kohorte.surveys.files import Wanted
    from kohorte.surveys.results import Survey, Terms


class Variant(Enum):
    """The variants of the customer effort score."""

    index = "index"
    normalized = "normalized"
    mean = "mean"
    top_box = "top_box"
    net_easy = "net_easy"


class Grain(StrEnum):
    """The periods of a trend."""

    week = "week"
    month = "month"
    quarter = "quarter"
    year = "year"


@options.with_shop
def survey(
    *,
    file: Annotated[
        str, typer.Argument(help="File of answers: one row per answer, or per person.")
    ],
    orders: Annotated[
        list[str] | None,
        typer.Option(
            "--orders", help="Order files: then it shows whether scores foretell who comes again."
        ),
    ] = None,
    question: Annotated[
        str | None,
        typer.Option(
            "--question", help="What it is about: `nps`, `csat`, `ces`, a column, or `COLUMN=csat`."
        ),
    ] = None,
    good: Annotated[
        list[str] | None,
        typer.Option(
            "--good", help="Which end of a scale is good: `ces=low` for effort. May be repeated."
        ),
    ] = None,
    variant: Annotated[
        Variant, typer.Option("--variant", help="Variant of the effort score that comes first.")
    ] = Variant.index,
    top: Annotated[
        int | None,
        typer.Option("--top", min=1, help="How many of the best scores count as satisfied."),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", help="Column that tells answers apart. May be repeated."),
    ] = None,
    weigh_by: Annotated[
        str | None,
        typer.Option(
            "--weigh-by",
            help="Column whose groups shall speak as loud as they are large, or `rfm_group` of the orders.",
        ),
    ] = None,
    population: Annotated[
        list[str] | None,
        typer.Option(
            "--population", help="How large such a group is: `women=60`. May be repeated."
        ),
    ] = None,
    invited: Annotated[
        bool,
        typer.Option(
            "--invited",
            help="The file has a row for everybody who was asked; who has no score did not answer.",
        ),
    ] = False,
    invitations: Annotated[
        int | None, typer.Option("--invitations", min=1, help="How many were asked.")
    ] = None,
    driver: Annotated[
        list[str] | None,
        typer.Option(
            "--driver",
            help="Column that may go with the score; the ratings of the file unless given. May be repeated.",
        ),
    ] = None,
    comments: Annotated[
        bool, typer.Option("--comments", help="Also read what customers wrote, and quote them.")
    ] = False,
    grain: Annotated[
        Grain | None,
        typer.Option("--grain", help="Periods of the trend; by its length if not given."),
    ] = None,
    days: Annotated[
        int, typer.Option("--days", min=1, help="Days in which coming again counts.")
    ] = 90,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    shop: options.Shop,
) -> None:
    """Read a survey right: scores with their noise, who did not answer, and what scores go with."""
    from kohorte.surveys.files import Wanted
    from kohorte.surveys.results import Terms

    spoken = shop.spoken
    terms = Terms(
        variant=variant.value,
        top=top,
        by=by or (),
        weigh_by=weigh_by,
        population=shares.parse(population, example="DE=60") or {},
        drivers=driver or (),
        comments=comments,
        grain=grain.value if grain else None,
        week_start=shop.week_start,
        confidence_percent=shop.confidence,
    )
    if population and not weigh_by:
        raise SettingError("Say which column the groups are in, as --weigh-by COLUMN.")
    wanted = Wanted(question, _good(good), everybody=invited, invitations=invitations)
    with progress.bar(spoken) as tell, _opened(orders, shop, tell) as history:
        found = _read(file, history, shop, wanted, terms, days)
    from kohorte.cli import survey_record, survey_words

    if as_json:
        known = survey_record.of(found, spoken)
        typer.echo(json.dumps(known, ensure_ascii=False, allow_nan=False, indent=2))
        return
    for line in survey_words.lines(found, spoken):
        typer.echo(line)


@contextmanager
def _opened(
    orders: Sequence[str] | None, shop: options.Shop, tell: Progress
) -> Iterator[History | None]:
    opening = (
        options.history(orders, shop, progress=tell, keep_people=True) if orders else nullcontext()
    )
    with opening as opened:
        yield opened


def _read(
    file: str,
    history: History | None,
    shop: options.Shop,
    wanted: Wanted,
    terms: Terms,
    days: int,
) -> Survey:
    """Read the file, and beside it what the orders tell."""
    from kohorte.engine import Engine
    from kohorte.surveys import files, purchases
    from kohorte.surveys import survey as surveys

    def load(connection: duckdb.DuckDBPyConnection) -> Answers:
        with tempfile.TemporaryDirectory(prefix="kohorte-") as folder:
            return files.load(
                file,
                connection=connection,
                folder=Path(folder),
                options=shop.reading,
                zone=shop.timezone,
                wanted=wanted,
                today=options.today(),
            )

    if history is None:
        with Engine() as engine:
            return surveys.read(load(engine.connection), terms)
    answers = load(history.engine.connection)
    return surveys.read(answers, terms, bought=purchases.of(history, days=days))


def _good(told: Sequence[str] | None) -> dict[str, str]:
    found = {}
    for each in told or ():
        question, _, end = each.partition("=")
        if end not in ("high", "low"):
            raise SettingError("“{text}” is no end of a scale. Write it as ces=low.", text=each)
        found[question.strip().casefold()] = end
    return found
