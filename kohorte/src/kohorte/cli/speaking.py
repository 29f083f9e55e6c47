"""The language of the command line: the one asked for, or that of the system."""

from __future__ import annotations

import os
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from kohorte.language import Language


class Tongue(StrEnum):
    """The languages of the command line."""

    de = "de"
    en = "en"


LanguageOption = Annotated[
    Tongue | None,
    typer.Option("--language", help="Language of all texts; that of the system unless given."),
]


def language(chosen: Tongue | None) -> Language:
    """Return the language asked for, or that of the system: German or English."""
    if chosen is not None:
        return "de" if chosen is Tongue.de else "en"
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    spoken = next((os.environ[name] for name in names if os.environ.get(name)), "en")
    return "de" if spoken.lower().startswith("de") else "en"


def spoken_language(arguments: Sequence[str]) -> Language:
    """Return the language of an error: that of the command line even if nothing else is read."""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=True):
        name, _, value = word.partition("=")
        if name == "--language" and (value or following) in ("de", "en"):
            return language(Tongue(value or following))
    return language(None)
