"""Typed variables of the environment: each knows its name, its meaning, its default and how it is read."""

from __future__ import annotations

import difflib
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from django.core.exceptions import ImproperlyConfigured

from kohorte.language import Text
from stammkunde.config.unfit import Unfit

T = TypeVar("T")
PREFIX = "STAMMKUNDE_"
HOW_TO_MAKE_ONE = (
    "Create one with python3 -c 'import secrets; print(secrets.token_urlsafe(50))', and keep it."
)

WEAK_KEY = f"the key is too weak. It needs 50 characters that nobody can guess. {HOW_TO_MAKE_ONE}"


class EnvironmentFault(ImproperlyConfigured):
    """A variable is missing or cannot be understood; the text names it and the remedy.

    `said` holds the same as parts that can be translated one by one.
    """

    def __init__(self, *said: Unfit) -> None:
        super().__init__(" ".join(map(str, said)))
        self.said = said


@dataclass(frozen=True, kw_only=True)
class Variable(Generic[T]):
    """One variable of the environment.

    `default` is written as a person would write it; None means that the settings derive it
    from other variables, as `without` tells.
    """

    name: str
    parse: Callable[[str], T]
    default: str | None
    meaning: Text
    without: Text | None = None

    def read(self, environ: Mapping[str, str]) -> T | None:
        """Return the value, the default where it is unset or empty, None where there is none."""
        text = environ.get(self.name, "").strip() or self.default
        if text is None:
            return None
        try:
            return self.parse(text)
        except ValueError as fault:
            told = fault if isinstance(fault, Unfit) else Unfit("{fault}", fault=fault)
            raise EnvironmentFault(Unfit("{name}:", name=self.name), told) from fault

    def require(self, environ: Mapping[str, str]) -> T:
        """Return the value of a variable that has a default or must be set."""
        value = self.read(environ)
        if value is None:
            remedy = [Unfit(HOW_TO_MAKE_ONE)] if self.parse is secret else []
            raise EnvironmentFault(Unfit("{name} must be set.", name=self.name), *remedy)
        return value


def refuse_unknown(environ: Mapping[str, str], known: Iterable[str]) -> None:
    """Raise on a variable with our prefix that we do not have: most likely a slip of the pen."""
    names = sorted(known)
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in names:
            ours = {each.removeprefix(PREFIX): each for each in names}
            near = difflib.get_close_matches(name.removeprefix(PREFIX), ours, n=1)
            hint = (
                Unfit("Did you mean {near}?", near=ours[near[0]])
                if near
                else Unfit("There are {names}.", names=", ".join(names))
            )
            raise EnvironmentFault(Unfit("{name} is not a setting.", name=name), hint)


def switch(text: str) -> bool:
    """Read yes or no."""
    match text.lower():
        case "1" | "true" | "yes" | "on":
            return True
        case "0" | "false" | "no" | "off":
            return False
        case _:
            raise Unfit("“{text}” is neither yes nor no. Write 1 or 0.", text=text)


def names(text: str) -> list[str]:
    """Read a list parted by commas."""
    found = [name.strip() for name in text.split(",") if name.strip()]
    if not found:
        raise Unfit("the list is empty. Write names parted by commas.")
    return found


def secret(text: str) -> str:
    """Read a key that cannot be guessed."""
    if len(text) < 50 or len(set(text)) < 5:
        raise Unfit(WEAK_KEY)
    return text


def token(text: str) -> str:
    """Read a word that programs show and nobody guesses."""
    if len(text) < 32 or len(set(text)) < 5 or not (text.isascii() and text.isprintable()):
        raise Unfit(
            "the token is too weak. It needs 32 characters of ASCII that nobody can guess; create one "
            "with python -c 'import secrets; print(secrets.token_urlsafe(32))'."
        )
    return text


def folder(text: str) -> Path:
    """Read a folder, which need not exist yet."""
    found = Path(text).expanduser().absolute()
    if found.exists() and not found.is_dir():
        raise Unfit("“{text}” is a file. Name a folder.", text=text)
    return found


def megabytes(text: str) -> int:
    """Read a number of megabytes as bytes.

    >>> megabytes("4000")
    4000000000
    """
    if not text.isdecimal() or not 1 <= int(text) <= 4000:
        raise Unfit("“{text}” is not a number of megabytes from 1 to 4000.", text=text)
    return int(text) * 1_000_000


def count(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of whole numbers in a range.

    >>> count(1, 100)("60")
    60
    """

    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise Unfit(
                "“{text}” is not a whole number from {least} to {most}.",
                text=text, least=least, most=most,
            )  # fmt: skip
        return int(text)

    return read


def zone(text: str) -> str:
    """Read the name of a time zone."""
    if text not in zoneinfo.available_timezones():
        raise Unfit("“{text}” is not a time zone. Use a name such as Europe/Berlin.", text=text)
    return text


def one_of(*allowed: str) -> Callable[[str], str]:
    """Return a reader that accepts only the values named."""

    def read(text: str) -> str:
        if text not in allowed:
            raise Unfit(
                "“{text}” is not possible. Write one of {allowed}.",
                text=text, allowed=", ".join(allowed),
            )  # fmt: skip
        return text

    return read
