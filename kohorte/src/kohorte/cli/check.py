"""`kohorte check`: how files were understood, what was left out, and what bends the numbers."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kohorte import exclusions, identities
from kohorte.cli import headline, listing, options, progress
from kohorte.errors import SettingError
from kohorte.language import Language, Sentence, number, translate
from kohorte.results import Finding, Score

if TYPE_CHECKING:
    from kohorte.history import History
    from kohorte.quality import Quality


@options.with_shop
def check(
    *,
    files: options.Files,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    excluded: Annotated[
        Path | None,
        typer.Option("--excluded", help="Write every row left out to a CSV, with its reason."),
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option("--reason", help="Only rows left out for this reason, such as `test`."),
    ] = None,
    joined: Annotated[
        Path | None,
        typer.Option(
            "--identities", help="Write joined customers with their numbers and addresses to a CSV."
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="End with status 1 if there is a warning.")
    ] = False,
    shop: options.Shop,
) -> None:
    """Check order files: how they were understood, what was left out, and what bends the numbers."""
    from kohorte import summary

    if reason is not None and excluded is None:
        raise SettingError("--reason narrows the list that --excluded writes. Name a file there.")
    spoken = shop.spoken
    with (
        progress.bar(spoken) as tell,
        options.history(files, shop, progress=tell) as history,
    ):
        if not as_json:
            _show_reading(history, spoken)
        if excluded is not None:
            left_out = exclusions.each(history.engine, exponent=history.exponent, reason=reason)
            count = listing.save(left_out, excluded)
            typer.echo(listing.saved(count, excluded).render(spoken), err=as_json)
        if joined is not None:
            count = listing.save(identities.each(history.engine), joined)
            typer.echo(listing.saved(count, joined).render(spoken), err=as_json)
        found = summary.assess(history, today=dt.datetime.now(tz=dt.UTC).date())
        if as_json:
            typer.echo(_as_json(history, found, spoken))
    if not as_json:
        for finding in found.findings:
            _show_finding(finding, spoken)
        if found.score is not None:
            _show_score(found.score, spoken)
    if strict and any(finding.severity == "warning" for finding in found.findings):
        raise typer.Exit(1)


def _show_reading(history: History, spoken: Language) -> None:
    headline.show_files(history.reading.files if history.reading else (), spoken)
    left_out = exclusions.by_reason(history.engine, exponent=history.exponent)
    headline.show_exclusions(left_out, spoken)
    typer.echo("")


def _as_json(history: History, found: Quality, spoken: Language) -> str:
    from kohorte.report.files import plain

    parts = {
        "files": history.reading.files if history.reading else (),
        "exclusions": exclusions.by_reason(history.engine, exponent=history.exponent),
        "findings": found.findings,
        "score": found.score,
    }
    known = {"language": spoken} | {name: plain(part, spoken) for name, part in parts.items()}
    return json.dumps(known, ensure_ascii=False, allow_nan=False, indent=2)


def _show_finding(finding: Finding, spoken: Language) -> None:
    kind = "Warning" if finding.severity == "warning" else "Note"
    typer.echo(f"{translate(kind, spoken)}: {finding.what.render(spoken)}")
    typer.echo(f"  {finding.effect.render(spoken)}")
    if finding.metrics:
        names = {"names": headline.names(finding.metrics, spoken)}
        typer.echo(f"  {Sentence('It bends: {names}.', names).render(spoken)}")
    typer.echo(f"  {finding.remedy.render(spoken)}\n")


def _show_score(score: Score, spoken: Language) -> None:
    typer.echo(Sentence("Data quality: {score} of 100", {"score": score.value}).render(spoken))
    for part in score.parts:
        if part.is_shown:
            lost = number(-part.points_lost, spoken, digits=1)
            affected = number(part.affected_percent, spoken, digits=1)
            percent = " %" if spoken == "de" else "%"
            typer.echo(f"  {lost:>6}  {part.name.render(spoken)}: {affected}{percent}")
