"""`kohorte benchmarks`: published figures, and with which settings ours mean the same."""

from __future__ import annotations

import datetime as dt

import typer

from kohorte import industry
from kohorte import metrics as registry
from kohorte.cli import speaking
from kohorte.language import Language, Sentence, date, number
from kohorte.yardsticks import Figure


def benchmarks(language: speaking.LanguageOption = None) -> None:
    """List published figures with their sources, and where they can be compared."""
    spoken = speaking.language(language)
    for figure in industry.figures():
        _show(figure, spoken)


def _show(figure: Figure, spoken: Language) -> None:
    metric = registry.get(figure.metric)
    segment = "" if figure.segment == "all" else f", {figure.segment}"
    typer.echo(f"{metric.name.render(spoken)} ({figure.metric}{segment}): {_value(figure, spoken)}")
    whose = {"whose": figure.whose, "region": figure.region, "year": str(figure.year)}
    typer.echo(f"  {Sentence('{whose}, {region}, {year}', whose).render(spoken)}")
    typer.echo(f"  {figure.means.render(spoken)}")
    typer.echo(f"  {_comparable(figure).render(spoken)}")
    typer.echo(f"  {figure.source}{_published(figure, spoken)}: {figure.address}")


def _comparable(figure: Figure) -> Sentence:
    """Say with which settings our metric means the same, or why it never does."""
    if figure.difference is not None:
        return Sentence("Not compared: {difference}.", {"difference": figure.difference})
    if figure.requires:
        settings = ", ".join(f"{name} = {value}" for name, value in figure.requires.items())
        return Sentence("Compared with {settings}.", {"settings": settings})
    return Sentence("Compared with every setting.")


def _value(figure: Figure, spoken: Language) -> str:
    digits = max(_digits(figure.low), _digits(figure.high))
    ends = dict.fromkeys(
        number(value, spoken, digits=digits) for value in (figure.low, figure.high)
    )
    sign = ("\N{NO-BREAK SPACE}%" if spoken == "de" else "%") if _is_percent(figure) else ""
    return "–".join(ends) + sign


def _is_percent(figure: Figure) -> bool:
    return registry.get(figure.metric).unit == "percent"


def _digits(value: float) -> int:
    return next(digits for digits in range(4) if round(value, digits) == value)


def _published(figure: Figure, spoken: Language) -> str:
    """Write the day of publication, where it is known."""
    said = figure.published_on
    return f", {date(dt.date.fromisoformat(said), spoken)}" if said else ""
