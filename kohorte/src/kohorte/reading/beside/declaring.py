"""What is declared of a kind of file beside the orders: its fields, their headers, how they are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from kohorte.language import Sentence, Text
from kohorte.reading.meaning.words import compact, normal
from kohorte.tables import Table

Reads = Literal[
    "text", "id", "person", "email", "instant", "span", "number", "whole", "money", "cost",
    "choice", "flag", "duration", "score", "code",
]  # fmt: skip

# What stands behind a header in brackets or as a unit and does not change it.
_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")
_UNIT = re.compile(
    r"(?: (?:in|in der|im))?(?: (?:eur|euro|usd|us dollar|gbp|chf|utc|gmt|hrs?|h|mins?|minutes|hours"
    r"|minuten|stunden|std|sec|seconds|sekunden))+$"
)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One fact that a row of such a file may tell.

    Parameters
    ----------
    name
        The column of the table, or a name of its own where the table's column is made of it.
    reads
        How its cells become values.
    telling
        Headers that hardly any other kind of file has.
    usual
        Headers that other files have as well, the likeliest first.
    required
        Whether a row without it cannot be read.
    choices
        Of a choice: word, written as `words.normal` writes it → value.
    otherwise
        Of a choice: the value of words that nobody knows, which are asked about; without it they
        say nothing.
    """

    name: str
    reads: Reads
    telling: tuple[str, ...] = ()
    usual: tuple[str, ...] = ()
    required: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None

    @cached_property
    def surely(self) -> frozenset[str]:
        """The telling headers as they are compared."""
        return frozenset(map(compact, self.telling))

    @cached_property
    def likely(self) -> Mapping[str, int]:
        """The usual headers as they are compared, with their places."""
        places: dict[str, int] = {}
        for place, header in enumerate(self.usual):
            places.setdefault(compact(header), place)
        return places

    @property
    def values(self) -> tuple[str, ...]:
        """Return all values of a choice."""
        own = ("yes", "no") if self.reads == "flag" else ()
        return tuple(dict.fromkeys([*own, *self.choices.values(), *filter(None, [self.otherwise])]))


@dataclass(frozen=True, kw_only=True)
class FileKind:
    """One kind of file beside the orders.

    Parameters
    ----------
    table
        The table that it fills.
    name, row
        How such a file and a row of it are called.
    fields
        What its rows may tell.
    needs
        Fields without which it is none: of each group one.
    named
        Words in the name of a file or table that say so.
    without, never
        Meanings of orders that speak against it if a column has them, and those that rule it out.
    made
        Columns of the table that are made of several fields: column → SQL.
    left_out
        Rows that are none of this kind: SQL of the test → the sentence that counts them.
    spared
        Fields whose cells need not be readable where a test holds: field → SQL.
    same
        Columns that tell one row from another in a file that numbers its rows.
    assumed
        What a choice is where no column tells it; that is asked.
    day
        The field whose day settles the exchange rate.
    last_day
        SQL of the last day where all days from `day` on settle it, as their mean.
    asks
        Of surveys with a column for each question: kind of question → what its header says.
    """

    table: Table
    name: Text
    row: Sentence
    fields: tuple[Field, ...]
    needs: tuple[tuple[str, ...], ...]
    named: frozenset[str]
    without: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    made: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, Sentence] = field(default_factory=dict)
    spared: Mapping[str, str] = field(default_factory=dict)
    same: tuple[str, ...] = ()
    assumed: Mapping[str, str] = field(default_factory=dict)
    day: str | None = None
    last_day: str | None = None
    asks: Mapping[str, str] = field(default_factory=dict)

    def field(self, name: str) -> Field:
        """Return a field by its name."""
        return next(each for each in self.fields if each.name == name)


def said(text: str) -> tuple[str, ...]:
    """Write headers, parted by commas.

    >>> said("Amount spent, Kosten")
    ('Amount spent', 'Kosten')
    """
    return tuple(header.strip() for header in text.split(",") if header.strip())


def choices(**values: str) -> dict[str, str]:
    """Write the words of each value, parted by commas; the value is one of them.

    >>> choices(retention="Bestandskunden, Kundenbindung")
    {'retention': 'retention', 'bestandskunden': 'retention', 'kundenbindung': 'retention'}
    """
    return {
        normal(word): value
        for value, words in values.items()
        for word in (value, *words.split(","))
        if word.strip()
    }


def writings(header: str) -> tuple[str, ...]:
    """Return how a header may be compared: whole, and without its unit.

    >>> writings("Ausgegebener Betrag (EUR)"), writings("Kosten in EUR")
    (('ausgegebenerbetrageur', 'ausgegebenerbetrag'), ('kostenineur', 'kosten'))
    """
    whole = normal(header)
    bare = _UNIT.sub("", normal(_BRACKETS.sub(" ", header)))
    return tuple(dict.fromkeys(each.replace(" ", "") for each in (whole, bare) if each))


CUSTOMER = Field(
    name="customer_id",
    reads="person",
    usual=said(
        "customer_id, Kundennummer, Kunden-Nr, Kundennr, Kunden-ID, Kunde, Customer ID, Customer number, "
        "Customer no, Customer, Customer reference, Kundenkennung, Shop customer ID, Client ID, "
        "External ID, Requester external ID, Debitor, Debitorennummer"
    ),
)
EMAIL = Field(
    name="email",
    reads="email",
    usual=said(
        "email, E-Mail, E-Mail-Adresse, Email address, Mail, Customer email, Kunden-E-Mail, "
        "Requester email, Person email, Contact email, Kontakt-E-Mail, Respondent email, "
        "Consumer email, Absender, Billing email, Customer e-mail address, Reference email"
    ),
)
