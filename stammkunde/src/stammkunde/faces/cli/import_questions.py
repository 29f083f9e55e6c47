"""`stammkunde import` at a terminal: what the files leave open, asked one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer

from stammkunde.faces.cli import words
from stammkunde.features.imports import rules


def ask(asked: Sequence[dict[str, Any]], spoken: words.Language) -> dict[str, str]:
    """Ask what the files leave open; choices are picked by their number."""
    found: dict[str, str] = {}
    for question in asked:
        typer.echo(rules.without_options(question["asks"][spoken]))
        choices = question["choices"]
        for place, choice in enumerate(choices, 1):
            typer.echo(f"  {place}  {choice['says'][spoken]}")
        while question["option"] not in found:
            answer = str(typer.prompt(words.translate("Answer", spoken))).strip()
            if not choices:
                found[question["option"]] = answer
            elif answer.isdecimal() and 1 <= int(answer) <= len(choices):
                found[question["option"]] = choices[int(answer) - 1]["value"]
            else:
                typer.echo(
                    words.translate("Type a number from 1 to {last}.", spoken).format(
                        last=len(choices)
                    )
                )
    return found
