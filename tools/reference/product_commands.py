"""The page about the product's commands, from the command line itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from kohorte.language import Language, Text
from stammkunde.faces.cli import app
from tools.reference import markdown
from tools.reference.commands import HEAD, default, is_argument

TITLE = Text(de="Befehle des Produkts", en="Commands of the product")
INTRODUCTION = Text(
    de="Jeder Befehl ist ein Wort nach `stammkunde`; `stammkunde BEFEHL --help` zeigt dasselbe wie diese Seite. Was sich "
    "beheben lässt, ist ein Satz, und der Befehl endet mit dem Wert 2; findet `doctor` etwas Falsches, mit 1.",
    en="Every command is a word after `stammkunde`; `stammkunde COMMAND --help` shows what this page shows. What can be put "
    "right is one sentence, and the command ends with status 2; where `doctor` finds something wrong, with 1.",
)


def page(language: Language) -> str:
    """Return the page in one language."""
    return markdown.join(
        f"# {TITLE.render(language)}",
        INTRODUCTION.render(language),
        *(section(name, command, language) for name, command in commands(language).items()),
    )


def commands(language: Language) -> dict[str, Any]:
    """Return the commands by name, those of a group with its word before theirs."""
    group: Any = typer.main.get_command(app.build(language))
    return dict(_below(group, ""))


def _below(group: Any, before: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _below(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def section(name: str, command: Any, language: Language) -> str:
    arguments = [p.name.upper() for p in command.params if is_argument(p)]
    rows = [
        (
            markdown.code(parameter.name.upper() if is_argument(parameter) else parameter.opts[0]),
            parameter.help,
            default(parameter, language),
        )
        for parameter in command.params
    ]
    return markdown.join(
        f"## `stammkunde {name}` {{ #{name.replace(' ', '-')} }}",
        command.help,
        markdown.block(" ".join(["stammkunde", name, *arguments, "[--…]"]), "sh"),
        markdown.table(HEAD[language], rows),
    )
