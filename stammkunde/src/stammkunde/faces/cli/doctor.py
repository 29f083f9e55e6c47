"""`stammkunde doctor`: is everything as it must be?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from stammkunde.faces.cli import product, words

if TYPE_CHECKING:
    from stammkunde.core.upkeep.checks import Finding

SIGNS = {"fine": "✓", "odd": "!", "wrong": "✗"}


def doctor(language: words.LanguageOption = None) -> None:
    """Look the installation over: each part is a line, with the remedy where something is wrong."""
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.core.upkeep import checks
    from stammkunde.ledger import upkeep

    states = [_say(finding) for finding in checks.everything()]
    # A store that does not answer or is not up to date cannot be counted.
    if "wrong" not in states:
        states += [_say(finding) for finding in upkeep.findings()]
    if "wrong" in states:
        raise typer.Exit(1)


def _say(finding: Finding) -> str:
    typer.echo(f"{SIGNS[finding.state]} {finding.sentence}")
    if finding.remedy:
        typer.echo(f"  → {finding.remedy}")
    return finding.state
