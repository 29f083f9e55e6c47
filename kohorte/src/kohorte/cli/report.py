"""`kohorte report`: order files in, a report out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from kohorte.cli import headline, options, progress
from kohorte.language import translate


@options.with_shop
def report(
    *,
    files: options.Files,
    out: Annotated[Path, typer.Option("--out", help="Folder for the report.")] = Path("report"),
    title: Annotated[str, typer.Option("--title", help="Name of the shop in the report.")] = "",
    shop: options.Shop,
) -> None:
    """Write report.html, metrics.csv and metrics.json from a shop's order files."""
    spoken = shop.spoken
    from kohorte.reading import address
    from kohorte.report import write
    from kohorte.summary import summarize

    with (
        progress.bar(spoken) as tell,
        options.history(files, shop, progress=tell) as history,
    ):
        found = summarize(
            history,
            title=title or ", ".join(address.place(file).name for file in files),
            created_on=dt.datetime.now(tz=dt.UTC).date(),
            progress=tell,
        )
        written = write(found, out, language=spoken, metrics=history.measurable())
    headline.show(found, spoken)
    typer.echo(translate("Written:", spoken))
    for file in written:
        typer.echo(f"  {file}")
