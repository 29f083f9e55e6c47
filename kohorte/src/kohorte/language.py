"""German and English: sentences from the message catalog, numbers and dates as people write them.

The source language is English; `locale/de` holds the German, one file per part of the library. A `Sentence` keeps its values apart
from its words, so the same message can be said in either language and its numbers follow suit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Literal

Language = Literal["de", "en"]
LANGUAGES: tuple[Language, ...] = ("de", "en")


@dataclass(frozen=True)
class Text:
    """A short text that exists in both languages, such as the name of a metric.

    >>> Text(de="Kundenbindungsrate", en="Customer retention rate").render("de")
    'Kundenbindungsrate'
    """

    de: str
    en: str

    def render(self, language: Language) -> str:
        """Return the text in one language."""
        return self.de if language == "de" else self.en


@dataclass(frozen=True)
class Sentence:
    """A message from the catalog with its values: `Sentence("Line {line} is empty.", {"line": 7})`.

    Integers, decimals and dates are written in the manner of the language;
    strings stand as they are. A value can choose between two words, one for one and one for many.

    >>> orders = "{n} {n:order|orders}"
    >>> Sentence(orders, {"n": 12345}).render("en"), Sentence(orders, {"n": 1}).render("en")
    ('12,345 orders', '1 order')
    """

    msgid: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    def render(self, language: Language) -> str:
        """Return the sentence in one language."""
        written = {name: _Value(value, language) for name, value in self.values.items()}
        return translate(self.msgid, language).format_map(written)


@dataclass(frozen=True)
class _Value:
    """A value of a sentence: written out, or the choice between a word for one and one for many."""

    value: object
    language: Language

    def __format__(self, words: str) -> str:
        one, between, many = words.partition("|")
        if between:
            return one if self.value == 1 else many
        return write(self.value, self.language)


def translate(msgid: str, language: Language) -> str:
    """Return the catalog's words for `msgid`; English is its own catalog."""
    return msgid if language == "en" else _catalog(language).get(msgid, msgid)


@cache
def _catalog(language: Language) -> dict[str, str]:
    from babel.messages import pofile

    words: dict[str, str] = {}
    for part in resources.files("kohorte").joinpath("locale", language).iterdir():
        with part.open("rb") as file:
            catalog = pofile.read_po(file, locale=language)
        words |= {
            message.id: message.string
            for message in catalog
            if isinstance(message.id, str) and isinstance(message.string, str) and message.string
        }
    return words


def write(value: object, language: Language) -> str:
    """Write one value as people who speak `language` do: 1.234,5 or 1,234.5; 21. Nov. 2026."""
    match value:
        case str():
            return value.translate(_CONTROL_CHARACTERS)
        case bool():
            return str(value)
        case int():
            return number(value, language)
        case float() | Decimal():
            return number(value, language, digits=2)
        case dt.date():
            return date(value, language)
        case Text() | Sentence():
            return value.render(language)
        case _:
            return str(value)


def number(value: float | Decimal, language: Language, *, digits: int = 0) -> str:
    """Write a number with a fixed count of digits after the decimal mark.

    >>> number(1234.5, "de", digits=2)
    '1.234,50'
    """
    text = f"{value:,.{digits}f}"
    if text.startswith("-") and not text.strip("-0.,"):
        text = text[1:]
    return text.translate(_GERMAN_MARKS) if language == "de" else text


# A header of a file may hold anything; a terminal must not obey it.
_CONTROL_CHARACTERS = dict.fromkeys([*range(32), 127], " ")
_GERMAN_MARKS = str.maketrans({",": ".", ".": ","})


def date(value: dt.date, language: Language) -> str:
    """Write a day: 21. Nov. 2026, 21 Nov 2026."""
    from babel.dates import format_date

    day = value.date() if isinstance(value, dt.datetime) else value
    return format_date(day, format="d. MMM y" if language == "de" else "d MMM y", locale=language)


def money(amount: float | Decimal, currency: str | None, language: Language) -> str:
    """Write an amount in major units: 1.234,56 €, £1,234.56; without a currency the bare number."""
    from babel.numbers import format_currency

    if currency is None:
        return number(amount, language, digits=2)
    locale = "de_DE" if language == "de" else "en_GB"
    return str(format_currency(amount, currency, locale=locale))
