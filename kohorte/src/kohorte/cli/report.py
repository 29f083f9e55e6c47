"""`kohorte report`: order files in, a report out."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kohorte import tables
from kohorte.cli import groups, headline, options, progress, shares, trial_terms
from kohorte.language import translate

if TYPE_CHECKING:
    from kohorte.history import History
    from kohorte.language import Sentence
    from kohorte.results import Proof


@options.with_shop
def report(
    *,
    files: options.Files,
    out: Annotated[Path, typer.Option("--out", help="Folder for the report.")] = Path("report"),
    title: Annotated[str, typer.Option("--title", help="Name of the shop in the report.")] = "",
    by: Annotated[
        list[str] | None,
        typer.Option("--by", help="Compare groups by country, channel … May be repeated."),
    ] = None,
    targets: Annotated[
        Path | None, typer.Option("--targets", help="TOML file with your targets for metrics.")
    ] = None,
    earlier: Annotated[
        Path | None,
        typer.Option(
            "--earlier",
            help="Folder of an earlier report to compare with; that of --out unless set.",
        ),
    ] = None,
    experiment: Annotated[
        str | None,
        typer.Option("--experiment", help="File of a trial, which gets a chapter of its own."),
    ] = None,
    experiment_start: Annotated[
        str | None,
        typer.Option(
            "--experiment-start",
            help="Day on which the trial began; then what customers did is counted in the orders.",
        ),
    ] = None,
    experiment_days: Annotated[
        int,
        typer.Option("--experiment-days", min=1, help="Days from that start that are measured."),
    ] = 30,
    experiment_measure: Annotated[
        list[str] | None,
        typer.Option(
            "--experiment-measure",
            help="What the trial is judged by, as --measure of `kohorte experiment`. May be repeated.",
        ),
    ] = None,
    experiment_share: Annotated[
        list[str] | None,
        typer.Option("--experiment-share", help="What was planned: control=10. May be repeated."),
    ] = None,
    shop: options.Shop,
) -> None:
    """Write report.html, metrics.csv and metrics.json from a shop's order files."""
    spoken = shop.spoken
    from kohorte import restatement
    from kohorte import targets as goals
    from kohorte.report import write
    from kohorte.summary import summarize

    wanted = goals.read(targets) if targets else ()
    if earlier is None and (out / restatement.FILE).is_file():
        earlier = out
    today = dt.datetime.now(tz=dt.UTC).date()

    for dimension in by or ():
        groups.require(dimension)
    with (
        progress.bar(spoken) as tell,
        options.history(files, shop, progress=tell, keep_people=experiment is not None) as history,
    ):
        proof = None
        if experiment is not None:
            proof = _proof(
                history,
                experiment,
                shop,
                start=options.day(experiment_start),
                days=experiment_days,
                told=experiment_measure,
                planned=shares.parse(experiment_share, example="control=10"),
            )
        found = summarize(
            history,
            title=title or _named(files, history),
            created_on=today,
            progress=tell,
            by=by or (),
            targets=wanted,
            earlier=earlier,
            trial=proof,
        )
        written = write(
            found,
            out,
            language=spoken,
            metrics=history.measurable(),
            keep={restatement.FILE: lambda path: restatement.save(history, path, made_on=today)},
        )
    headline.show(found, spoken)
    typer.echo(translate("Written:", spoken))
    for file in written:
        typer.echo(f"  {file}")


def _proof(
    history: History,
    file: str,
    shop: options.Shop,
    *,
    start: dt.date | None,
    days: int,
    told: list[str] | None,
    planned: dict[str, float] | None,
) -> Proof:
    """Read a trial, by the orders if its start is known, otherwise by its own columns."""
    from kohorte.experiments import files, outcomes, proof, trial

    connection = history.engine.connection
    left_out: tuple[Sentence, ...] = ()
    with tempfile.TemporaryDirectory(prefix="kohorte-") as folder:
        table = files.load(file, connection=connection, folder=Path(folder), options=shop.reading)
        if start is None:
            name, measures = files.TABLE, trial_terms.named(told, table.kinds, table)
        else:
            kinds = outcomes.add(history, table, start=start, days=days)
            left_out = tuple(outcomes.left_out(history, table).sentences())
            name, measures = outcomes.OUTCOMES, trial_terms.counted(told, kinds, history.lacking)
        found = trial.read(
            connection,
            name,
            measures,
            control=table.control,
            end=trial_terms.end_of(False, None, None, shop.confidence),
            shares=planned,
        )
    return proof.of(found, file=Path(file).name, left_out=left_out)


def _named(files: list[str], history: History) -> str:
    """Return the names of the files that the report is about, without those beside the orders."""
    from kohorte.reading import address

    read = history.reading.files if history.reading else ()
    beside = {file.path for file in read if file.layout in tables.BESIDE}
    places = map(address.place, files)
    return ", ".join(place.name for place in places if str(place) not in beside)
