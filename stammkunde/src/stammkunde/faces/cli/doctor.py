"""`stammkunde doctor`: is everything as it must be?"""

from __future__ import annotations

import typer

from stammkunde.faces.cli import product, words

SIGNS = {"fine": "✓", "odd": "!", "wrong": "✗"}


def doctor(language: words.LanguageOption = None) -> None:
    """Look the installation over: each part is a line, with the remedy where something is wrong."""
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.core.upkeep import checks

    states = []
    for finding in checks.everything():
        states.append(finding.state)
        typer.echo(f"{SIGNS[finding.state]} {finding.sentence}")
        if finding.remedy:
            typer.echo(f"  → {finding.remedy}")
    if "wrong" in states:
        raise typer.Exit(1)
