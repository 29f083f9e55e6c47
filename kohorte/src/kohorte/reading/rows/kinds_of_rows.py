"""Rows that are no sales: what a column such as “Typ” says about them.

Lists of payments, of bookings and of events hold more than orders. Their rows are told by a word;
where it is one of a few that never mean a sale, the row is left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from kohorte.language import Sentence
from kohorte.reading.meaning import naming
from kohorte.reading.meaning.facts import Facts
from kohorte.reading.meaning.words import normal, phrases_of
from kohorte.reading.plan import Plan
from kohorte.reading.rows.rules import Rule
from kohorte.reading.source import Column

KINDS_MAX = 60
_SHOWN_MAX = 6
_HEADERS = frozenset(
    phrases_of(
        "typ, type, art, kind, tipo, event, event type, event name, transaction type, transaktionstyp, "
        "transaktions typ, beleg typ, beleg art, belegtyp, belegart, vorgangsart, vorgangstyp, "
        "buchungsart, document type, record type, row type, entry type, booking type, "
        "line type, zeilentyp, zeilenart, satzart, positionsart, positionstyp"
    )
)
_NO_SALES = phrases_of(
    "view, page view, product view, cart, add to cart, addtocart, remove from cart, wishlist, "
    "session start, begin checkout, impression, click, search, withdrawal, abbuchung, auszahlung, "
    "payout, transfer, deposit, einzahlung, bankgutschrift, bank deposit, fee, fees, gebuehr, gebuehren, "
    "hold, einbehaltung, reserve, authorization, autorisierung, marketing, advertising, offer, angebot, "
    "quote, quotation, kostenvoranschlag, lieferschein, delivery note, mahnung, reminder, draft, "
    "entwurf, proforma, currency conversion, waehrungsumrechnung, presupuesto, devis, preventivo, "
    "offerte, orcamento"
)
_CREDITS = phrases_of(
    "refund, rueckzahlung, erstattung, rueckerstattung, gutschrift, credit note, credit memo, storno, "
    "stornorechnung, chargeback, return, retoure, reversal, rueckbuchung, remboursement, reembolso, "
    "avoir, nota di credito, creditnota"
)


def left_out(plan: Plan) -> tuple[tuple[Rule, Column], ...]:
    """Return a rule for each word of such a column that never means a sale."""
    money = plan.first("amount", "unit_price")
    amounts = plan.facts[money.index].numbers if money is not None else ()
    for column in columns(plan):
        words = plan.facts[column.index]
        never = [word for word in words.counts if _no_sale(word, words, amounts)]
        if never and len(never) < len(words.counts):
            return tuple((Rule("by_rule", column.name, word), column) for word in never)
    return ()


def columns(plan: Plan) -> list[Column]:
    """Return the columns that tell rows of several kinds apart."""
    taken = {column.index for column in plan.columns.values()}
    return [
        column
        for column in plan.source.columns
        if column.index not in taken
        and _is_kind(column.name)
        and column.index in plan.facts
        and 2 <= len(plan.facts[column.index].counts) <= KINDS_MAX
    ]


def _is_kind(header: str) -> bool:
    return normal(header) in _HEADERS or " ".join(naming.spoken(header)) in _HEADERS


def _no_sale(word: str, words: Facts, amounts: Sequence[float | None]) -> bool:
    """Return whether a word never means a sale; one for a refund does if its amounts are negative."""
    if _holds(word, _NO_SALES):
        return True
    if not _holds(word, _CREDITS):
        return False
    own = [amount for cell, amount in zip(words.cells, amounts, strict=False) if cell == word]
    return any(amount is not None and amount > 0 for amount in own)


def _holds(word: str, phrases: Sequence[str]) -> bool:
    text = f" {normal(word)} "
    return any(f" {phrase} " in text for phrase in phrases)


def remarks(rules: Sequence[tuple[Rule, Column]]) -> list[Sentence]:
    """Tell which rows were left out, and how to count them after all."""
    if not rules:
        return []
    words = [rule.pattern for rule, _ in rules]
    shown = ", ".join(words[:_SHOWN_MAX]) + (" …" if len(words) > _SHOWN_MAX else "")
    return [
        Sentence(
            "Rows that are no sales by “{column}” were left out: {words}. --count by_rule counts "
            "them all the same.",
            {"column": rules[0][1].name, "words": shown},
        )
    ]
