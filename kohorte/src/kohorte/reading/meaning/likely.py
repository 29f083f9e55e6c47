"""Columns that may be what was not found, named in the error so that one of them can be typed."""

from __future__ import annotations

from collections.abc import Sequence

from kohorte.reading.meaning import meanings, naming
from kohorte.reading.meaning.facts import Facts
from kohorte.reading.meaning.words import words_of
from kohorte.reading.plan import Plan
from kohorte.reading.source import Column

SHOWN_MAX = 4
_PEOPLE = words_of(
    "customer kunde kunden client buyer user member account name nombre nom nome naam contact kontakt "
    "empfaenger recipient retailer company firma phone telefon handy mobile address adresse iban "
    "payer from consumer shopper household cliente klant acheteur comprador"
)
_NUMBERS = words_of("id nr no number nummer party key")
_NOBODY = words_of(
    "type typ segment group gruppe age gender country land city ort region state status seller product "
    "item artikel article line shipping method device staff employee brand bank price file page "
    "password impact currency category style job first last vorname nachname bic order day date promotion qtr month year week quarter index row firstname lastname"
)


def dates(plan: Plan) -> list[Column]:
    """Return the columns that hold dates, though their headers speak against the order's."""
    facts = plan.facts
    return [
        column
        for column in plan.source.columns
        if column.kind in ("day", "time", "instant")
        or (facts[column.index].filled and all(map(meanings.is_date, facts[column.index].counts)))
    ][:SHOWN_MAX]


def customers(plan: Plan) -> list[Column]:
    """Return the columns that may tell customers apart, the likeliest first.

    A person's word in the header counts most; a number that comes again is likely as well.
    """
    facts = plan.facts
    taken = {c.index for m, c in plan.columns.items() if m not in ("customer_id", "email")}
    hits = {
        column.index: hit
        for column in plan.source.columns
        if column.index not in taken and _may_tell(facts[column.index])
        for hit in [_hits(column, facts[column.index])]
        if hit
    }
    found = [column for column in plan.source.columns if column.index in hits]
    return sorted(found, key=lambda each: -hits[each.index])[:SHOWN_MAX]


def _hits(column: Column, facts: Facts) -> float:
    words = set(naming.spoken(column.name))
    if _NOBODY & words:
        return 0
    if facts.is_unique:
        return 0
    again = len(facts.counts) < len(facts.filled)
    return len(_PEOPLE & words) + (0.5 if _NUMBERS & words and again else 0)


def _may_tell(facts: Facts) -> bool:
    few = len(facts.filled) < 0.5 * len(facts.cells)
    return not few and not facts.is_constant and not all(map(meanings.is_date, facts.counts))


def typed(meaning: str, columns: Sequence[Column]) -> str:
    """Return the options as they are typed on the command line.

    >>> typed("date", [Column(0, "Ship Date")])
    '--column "date=Ship Date"'
    """
    return ", ".join(f'--column "{meaning}={column.name}"' for column in columns)
