"""`kohorte metrics`: which numbers there are."""

from __future__ import annotations

import typer

from kohorte import metrics as registry
from kohorte.cli import speaking


def metrics(language: speaking.LanguageOption = None) -> None:
    """List every metric with its name and the one sentence that says what it means."""
    spoken = speaking.language(language)
    for slug, metric in registry.every().items():
        typer.echo(f"{slug}\n  {metric.name.render(spoken)}: {metric.sentence.render(spoken)}")
