"""German and English on the command line, without loading the product for a line of help."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import typer

from kohorte.cli.speaking import LanguageOption, language
from kohorte.language import Language

CATALOG = Path(__file__).with_name("de.po")

__all__ = ["Language", "LanguageOption", "language", "say", "translate"]


def translate(msgid: str, spoken: Language) -> str:
    """Return the catalog's words for `msgid`; English is its own catalog."""
    return msgid if spoken == "en" else _german().get(msgid, msgid)


def say(msgid: str, spoken: Language, **values: object) -> None:
    """Print a sentence of the catalog with its values."""
    typer.echo(translate(msgid, spoken).format(**values))


@cache
def _german() -> dict[str, str]:
    from babel.messages import pofile

    with CATALOG.open("rb") as file:
        catalog = pofile.read_po(file, locale="de")
    return {str(message.id): str(message.string) for message in catalog if message.string}
