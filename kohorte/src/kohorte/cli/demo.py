"""`kohorte demo`: the main job on two years of a real shop."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Annotated

import typer

from kohorte.cli import headline, options, progress, speaking
from kohorte.language import LANGUAGES, Sentence


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for the demo.")] = Path("demo"),
    language: speaking.LanguageOption = None,
) -> None:
    """Write a real shop's orders as its own CSV files, read them, and report in both languages."""
    from kohorte.demo import companion, write_online_retail
    from kohorte.report import write
    from kohorte.summary import summarize

    spoken = speaking.language(language)
    began = time.monotonic()
    written = []
    with progress.bar(spoken) as tell:
        tell(Sentence("Writing the shop's files"), None)
        files = write_online_retail(out / "files") + companion.write_companion(out / "files")
        shop = options.Shop(timezone="Europe/London")
        with options.history(files, shop, progress=tell) as history:
            found = summarize(
                history,
                title="Online Retail",
                created_on=dt.datetime.now(tz=dt.UTC).date(),
                progress=tell,
                by=("country",),
                note=companion.NOTE,
            )
            for each in LANGUAGES:
                tell(Sentence("Writing the report"), None)
                written += write(found, out / each, language=each, metrics=history.measurable())
    headline.show(found, spoken)
    took = time.monotonic() - began
    typer.echo(
        Sentence("Done in {seconds} {seconds:second|seconds}. Open:", {"seconds": took}).render(
            spoken
        )
    )
    for file in written:
        if file.suffix == ".html":
            typer.echo(f"  {file.resolve()}")
