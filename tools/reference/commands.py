"""The page about commands, from the command line itself; German words come from the message catalog."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any

import typer

from kohorte.cli import app
from kohorte.language import Language, Text, translate
from tools.reference import markdown

TITLE = Text(de="Befehle", en="Commands")
INTRODUCTION = Text(
    de="Jeder Befehl ist ein Wort nach `kohorte`; `kohorte BEFEHL --help` zeigt dasselbe wie diese Seite. Ein Fehler in den "
    "Daten oder in einer Angabe ist ein Satz, und der Befehl endet mit dem Wert 2.",
    en="Every command is a word after `kohorte`; `kohorte COMMAND --help` shows what this page shows. A fault in the data or "
    "in an option is one sentence, and the command ends with status 2.",
)
HEAD = {"de": ("Angabe", "Bedeutung", "Vorgabe"), "en": ("option", "meaning", "default")}
REQUIRED = Text(de="nötig", en="required")
ONE_OF = Text(de="Eines von", en="One of")


def page(language: Language) -> str:
    """Return the page in one language."""
    return markdown.join(
        f"# {TITLE.render(language)}",
        INTRODUCTION.render(language),
        *(section(name, command, language) for name, command in commands().items()),
    )


def commands() -> dict[str, Any]:
    """Return the commands by name, as the command line knows them."""
    group: Any = typer.main.get_command(app.build("en"))
    return dict(group.commands)


def texts() -> Iterator[str]:
    """Give every English text of the command line."""
    for command in commands().values():
        yield command.help
        for parameter in command.params:
            yield parameter.help


def section(name: str, command: Any, language: Language) -> str:
    arguments = [p.name.upper() for p in command.params if is_argument(p)]
    return markdown.join(
        f"## `kohorte {name}` {{ #{name} }}",
        translate(command.help, language),
        markdown.block(" ".join(["kohorte", name, *arguments, "[--…]"]), "sh"),
        markdown.table(HEAD[language], (row(parameter, language) for parameter in command.params)),
    )


def row(parameter: Any, language: Language) -> tuple[str, str, str]:
    name = parameter.name.upper() if is_argument(parameter) else parameter.opts[0]
    meaning = translate(parameter.help, language)
    if isinstance(parameter.default, Enum):
        choices = ", ".join(markdown.code(str(choice.value)) for choice in type(parameter.default))
        meaning = f"{meaning} {ONE_OF.render(language)} {choices}."
    return markdown.code(name), meaning, default(parameter, language)


def default(parameter: Any, language: Language) -> str:
    if parameter.required:
        return REQUIRED.render(language)
    value = parameter.default
    if value in (None, False, "", 0) or value == []:
        return ""
    return markdown.code(str(value.value if isinstance(value, Enum) else value))


def is_argument(parameter: Any) -> bool:
    return not parameter.opts[0].startswith("-")
