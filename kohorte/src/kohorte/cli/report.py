"""`kohorte report`: order files in, a report out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kohorte import tables
from kohorte.cli import groups, headline, options, progress
from kohorte.language import translate

if TYPE_CHECKING:
    from kohorte.history import History


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
        options.history(files, shop, progress=tell) as history,
    ):
        found = summarize(
            history,
            title=title or _named(files, history),
            created_on=today,
            progress=tell,
            by=by or (),
            targets=wanted,
            earlier=earlier,
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


def _named(files: list[str], history: History) -> str:
    """Return the names of the files that the report is about, without those beside the orders."""
    from kohorte.reading import address

    read = history.reading.files if history.reading else ()
    beside = {file.path for file in read if file.layout in tables.BESIDE}
    places = map(address.place, files)
    return ", ".join(place.name for place in places if str(place) not in beside)
