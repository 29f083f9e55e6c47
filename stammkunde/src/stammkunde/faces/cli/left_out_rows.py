"""`stammkunde import --left-out`: the rows that do not count, as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from stammkunde.faces.cli import words

if TYPE_CHECKING:
    from stammkunde.features.imports.models import Import


def write(found: Import, path: Path | None, spoken: words.Language) -> list[str]:
    """Write the rows that do not count to a file, if one is named; return what there is to say."""
    from stammkunde.faces import exports
    from stammkunde.features.imports import planning

    if path is None:
        return []
    written = "".join(exports.lines(planning.left_out(found, language=spoken)))
    try:
        path.write_text(written, encoding="utf-8", newline="")
    except OSError:
        said = words.translate("{path} cannot be written. Nothing was changed.", spoken)
        typer.echo(said.format(path=path), err=True)
        raise typer.Exit(2) from None
    return [words.translate("The rows that do not count are in {path}.", spoken).format(path=path)]
