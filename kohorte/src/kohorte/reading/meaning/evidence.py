"""What speaks against a column's header: its own cells, and the columns beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kohorte.language import Text
from kohorte.reading.meaning.facts import YES, Facts
from kohorte.reading.meaning.words import names_state, phrases_of
from kohorte.reading.options import Meaning


@dataclass(frozen=True, kw_only=True)
class Objection:
    """How much of a score is left, and why; `what` ends a sentence that begins with “though”."""

    left: float
    what: Text


_EMPTY = Text(de="die Spalte leer ist", en="the column is empty")
_GAPS = Text(de="viele Zellen leer sind", en="many cells are empty")
_CONSTANT = Text(de="alle Zellen dasselbe enthalten", en="all cells hold the same")
_PIECES = Text(
    de="die Zellen nach Stückzahlen aussehen", en="the cells look like numbers of pieces"
)
_NUMBERS = Text(
    de="die Zellen nach Nummern aussehen", en="the cells look like numbers of documents"
)
_YES_OR_NO = Text(de="die Zellen nur Ja oder Nein sagen", en="the cells only say yes or no")
_NO_STATE = Text(
    de="kein Wort darin als Status bekannt ist", en="no word in it is known as a state"
)
_MANY_DIFFERENT = Text(
    de="fast jede Zelle etwas anderes enthält", en="nearly every cell holds something else"
)
_EACH_ORDER = Text(
    de="sich die Nummer mit jeder Bestellung ändert", en="the number changes with every order"
)
_EACH_ROW = Text(
    de="sich die Nummer mit jeder Zeile ändert", en="the number changes with every row"
)
# A column of channels does not hold more different ones than these, or a fifth of its rows.
_CHANNELS_MAX = 20
# Headers of a status that as often are those of a place, a way to pay, or a day.
_DOUBTFUL_STATES = frozenset(
    phrases_of("state, order state, zustand, estado, stato, etat, bezahlt, paid, zahlung, erledigt")
)


def of_cells(meaning: Meaning, facts: Facts, *, phrase: str) -> Objection | None:
    """Return what the cells of a column say against the meaning that its header names."""
    if facts.is_empty:
        return Objection(left=0.55 if meaning in ("order_id", "customer_id") else 0.8, what=_EMPTY)
    rule = _OF_CELLS.get(meaning)
    return rule(facts, phrase) if rule else None


def _of_order(facts: Facts, _phrase: str) -> Objection | None:
    if facts.is_constant:
        return Objection(left=0.3, what=_CONSTANT)
    return Objection(left=0.7, what=_GAPS) if facts.has_gaps else None


def _of_customer(facts: Facts, _phrase: str) -> Objection | None:
    return Objection(left=0.5, what=_CONSTANT) if facts.is_constant else None


def _of_amount(facts: Facts, _phrase: str) -> Objection | None:
    if facts.looks_like_identifiers:
        return Objection(left=0.55, what=_NUMBERS)
    return Objection(left=0.6, what=_PIECES) if facts.looks_like_pieces else None


def _of_refund(facts: Facts, _phrase: str) -> Objection | None:
    flags = facts.says_yes_or_no and any(cell.lower() in YES for cell in facts.counts)
    return Objection(left=0.3, what=_YES_OR_NO) if flags else None


def _of_status(facts: Facts, phrase: str) -> Objection | None:
    if phrase in _DOUBTFUL_STATES and not any(map(names_state, facts.counts)):
        return Objection(left=0.4, what=_NO_STATE)
    return None


def _of_channel(facts: Facts, _phrase: str) -> Objection | None:
    if facts.says_yes_or_no:
        return Objection(left=0.3, what=_YES_OR_NO)
    many = max(_CHANNELS_MAX, len(facts.filled) // 5)
    return Objection(left=0.4, what=_MANY_DIFFERENT) if len(facts.counts) > many else None


_OF_CELLS: Mapping[Meaning, Callable[[Facts, str], Objection | None]] = {
    "order_id": _of_order,
    "customer_id": _of_customer,
    "amount": _of_amount,
    "refund": _of_refund,
    "status": _of_status,
    "channel": _of_channel,
}


def of_orders(meaning: Meaning, facts: Facts, *, orders: Facts) -> Objection | None:
    """Return what the order numbers beside a column say against its meaning."""
    if meaning == "customer_id" and facts.differs_by(orders):
        return Objection(left=0.75, what=_EACH_ORDER)
    if meaning == "product_id" and facts.is_unique and not orders.is_unique:
        return Objection(left=0.5, what=_EACH_ROW)
    return None
