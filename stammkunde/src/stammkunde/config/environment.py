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

T = TypeVar("T")
PREFIX = "STAMMKUNDE_"
HOW_TO_MAKE_ONE = (
    "Create one with python3 -c 'import secrets; print(secrets.token_urlsafe(50))', and keep it."
)


class EnvironmentFault(ImproperlyConfigured):
    """A variable is missing or cannot be understood; the text names it and the remedy."""


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
            raise EnvironmentFault(f"{self.name}: {fault}") from fault

    def require(self, environ: Mapping[str, str]) -> T:
        """Return the value of a variable that has a default or must be set."""
        value = self.read(environ)
        if value is None:
            remedy = f" {HOW_TO_MAKE_ONE}" if self.parse is secret else ""
            raise EnvironmentFault(f"{self.name} must be set.{remedy}")
        return value


def refuse_unknown(environ: Mapping[str, str], known: Iterable[str]) -> None:
    """Raise on a variable with our prefix that we do not have: most likely a slip of the pen."""
    names = sorted(known)
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in names:
            ours = {each.removeprefix(PREFIX): each for each in names}
            near = difflib.get_close_matches(name.removeprefix(PREFIX), ours, n=1)
            hint = f"Did you mean {ours[near[0]]}?" if near else f"There are {', '.join(names)}."
            raise EnvironmentFault(f"{name} is not a setting. {hint}")


def switch(text: str) -> bool:
    """Read yes or no."""
    match text.lower():
        case "1" | "true" | "yes" | "on":
            return True
        case "0" | "false" | "no" | "off":
            return False
        case _:
            raise ValueError(f"“{text}” is neither yes nor no. Write 1 or 0.")


def names(text: str) -> list[str]:
    """Read a list parted by commas."""
    found = [name.strip() for name in text.split(",") if name.strip()]
    if not found:
        raise ValueError("the list is empty. Write names parted by commas.")
    return found


def secret(text: str) -> str:
    """Read a key that cannot be guessed."""
    if len(text) < 50 or len(set(text)) < 5:
        raise ValueError(
            f"the key is too weak. It needs 50 characters that nobody can guess. {HOW_TO_MAKE_ONE}"
        )
    return text


def token(text: str) -> str:
    """Read a word that programs show and nobody guesses."""
    if len(text) < 32 or len(set(text)) < 5 or not (text.isascii() and text.isprintable()):
        raise ValueError(
            "the token is too weak. It needs 32 characters of ASCII that nobody can guess; create one "
            "with python -c 'import secrets; print(secrets.token_urlsafe(32))'."
        )
    return text


def folder(text: str) -> Path:
    """Read a folder, which need not exist yet."""
    found = Path(text).expanduser().absolute()
    if found.exists() and not found.is_dir():
        raise ValueError(f"“{text}” is a file. Name a folder.")
    return found


def megabytes(text: str) -> int:
    """Read a number of megabytes as bytes.

    >>> megabytes("4000")
    4000000000
    """
    if not text.isdecimal() or not 1 <= int(text) <= 4000:
        raise ValueError(f"“{text}” is not a number of megabytes from 1 to 4000.")
    return int(text) * 1_000_000


def count(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of whole numbers in a range.

    >>> count(1, 100)("60")
    60
    """

    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ValueError(f"“{text}” is not a whole number from {least} to {most}.")
        return int(text)

    return read


def zone(text: str) -> str:
    """Read the name of a time zone."""
    if text not in zoneinfo.available_timezones():
        raise ValueError(f"“{text}” is not a time zone. Use a name such as Europe/Berlin.")
    return text


def one_of(*allowed: str) -> Callable[[str], str]:
    """Return a reader that accepts only the values named."""

    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"“{text}” is not possible. Write one of {', '.join(allowed)}.")
        return text

    return read
