"""`stammkunde backup` and `stammkunde restore`: everything in one file, and back again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kohorte.language import number
from stammkunde.faces.cli import product, words


def backup(
    file: Annotated[
        Path | None,
        typer.Argument(help="File to write; named after the time in this folder unless given."),
    ] = None,
    language: words.LanguageOption = None,
) -> None:
    """Back up database and data folder into one file, while the product runs.

    The file holds personal data and is readable by its owner alone. STAMMKUNDE_SECRET_KEY is not in
    it: keep that apart.
    """
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.core import clock
    from stammkunde.core.upkeep import backups

    target = file or Path(f"stammkunde-{clock.now():%Y%m%d-%H%M%S}.zip")
    made = backups.make(target)
    words.say(
        "Backed up {files} files, {size} MB: {file}",
        spoken,
        files=number(made.files, spoken),
        size=number(made.size / 1e6, spoken, digits=1),
        file=made.file,
    )


def restore(
    file: Annotated[Path, typer.Argument(help="Backup to restore.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="What is here may be lost: it is replaced.")
    ] = False,
    language: words.LanguageOption = None,
) -> None:
    """Restore a backup: all of it or nothing. Stop `serve` and `worker` first."""
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.core.upkeep import backups

    restored = backups.restore(file, replace=replace)
    words.say(
        "Restored the backup of {made_at}: the database and {files} files.",
        spoken,
        made_at=restored.made_at,
        files=number(restored.files, spoken),
    )
    if restored.jobs:
        words.say("Jobs that go on at the next start: {jobs}.", spoken, jobs=restored.jobs)
