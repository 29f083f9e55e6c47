"""What a header says about the taxes and the postage in its amounts, in German and English.

Two forms are understood: a word that includes or excludes something (“inkl. MwSt.”, “excl. tax”,
“tax incl.”, “zzgl. Versand”), and a word for net or gross (“Nettobetrag”, “gross amount”). “Net
sales” and “gross sales” say nothing: shops mean discounts and returns by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from kohorte.reading.meaning.words import normal
from kohorte.reading.options import Held


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TAXES = _words("mwst ust vat gst tax taxes steuer steuern umsatzsteuer mehrwertsteuer")
_POSTAGE = _words(
    "versand versandkosten porto lieferkosten lieferung shipping postage delivery freight"
)
_INSIDE = _words(
    "inkl incl inc including inclusive included inklusive includes include einschl einschliesslich"
)
_OUTSIDE = _words(
    "exkl excl ex excluding exclusive excluded exklusive ohne without zzgl zuzuegl zuzueglich"
)
# These say it only in front of what they mean: “total before tax”, “Summe mit MwSt.”.
_INSIDE_BEFORE = _INSIDE | _words("with mit after nach")
_OUTSIDE_BEFORE = _OUTSIDE | _words("before vor plus pre")
# Of postage these words tell when, and not whether: “Datum nach Versand”.
_OF_TAXES_ONLY = _words("after nach before vor plus pre")
_BETWEEN = _words("and und u or oder the der die aller all any gesetzliche gesetzlicher")
_COSTS = _words("cost costs kosten handling fees")
_PARTS: Mapping[str, Held] = {"brutto": "inside", "netto": "outside"}
_WORDS: Mapping[str, Held] = {"gross": "inside", "net": "outside"}
# Of these words net and gross say what discounts and returns leave.
_OF_SALES = _words("sales revenue")
# A value of goods has no postage in it.
_OF_GOODS = _words("warenwert subtotal zwischensumme warensumme merchandise artikelsumme")


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a header says.

    Parameters
    ----------
    taxes, postage
        Whether they are inside or outside, None where it does not say so.
    rest
        The header without the words that include or exclude something.
    core
        The rest without the words for net and gross, by which two columns are known as a pair.
    """

    taxes: Held | None
    postage: Held | None
    rest: str
    core: str


@cache
def of(header: str) -> Said:
    """Return what a header says.

    >>> of("Gesamtbetrag inkl. 19 % MwSt. zzgl. Versand")
    Said(taxes='inside', postage='outside', rest='gesamtbetrag', core='gesamtbetrag')
    >>> of("Summe netto").taxes, of("Net sales").taxes
    ('outside', None)
    >>> of("Total_Excl")
    Said(taxes='outside', postage=None, rest='total', core='total')
    """
    words = normal(header).split()
    found: dict[str, Held] = {}
    words = _without_included(words, found)
    words = _without_inclusions_behind(words, found)
    if len(words) > 1 and (said := _held(words[-1], inside=_INSIDE, outside=_OUTSIDE)):
        # “Total_Incl”: what is included goes without saying.
        found.setdefault("taxes", said)
        words = words[:-1]
    core = []
    for word in words:
        held, bare = _net_or_gross(word, beside=words)
        if held:
            found.setdefault("taxes", held)
        if bare:
            core.append(bare)
    if _OF_GOODS & set(words):
        found.setdefault("postage", "outside")
    return Said(
        taxes=found.get("taxes"),
        postage=found.get("postage"),
        rest=" ".join(words),
        core=" ".join(core),
    )


def names_taxes(header: str) -> bool:
    """Return whether a header speaks of taxes, and not of those of the postage.

    >>> names_taxes("MwSt-Satz"), names_taxes("Shipping tax")
    (True, False)
    """
    words = set(normal(header).replace("steuersatz", "steuer satz").split())
    return bool(words & _TAXES) and not words & _POSTAGE


def _without_included(words: list[str], found: dict[str, Held]) -> list[str]:
    """Note what follows a word that includes or excludes, and return the other words."""
    kept: list[str] = []
    place = 0
    while place < len(words):
        held = _held(words[place], inside=_INSIDE_BEFORE, outside=_OUTSIDE_BEFORE)
        of = _TAXES if words[place] in _OF_TAXES_ONLY else _TAXES | _POSTAGE
        end = _end_of_list(words, place + 1, of=of) if held else place
        if held and end > place + 1:
            for word in words[place + 1 : end]:
                _note(word, held, found)
            place = end
        else:
            kept.append(words[place])
            place += 1
    return kept


def _end_of_list(words: list[str], start: int, *, of: frozenset[str]) -> int:
    """Return the end of a list of taxes and postage, with “costs” behind it; the start if none."""
    named = start
    for place in range(start, len(words)):
        word = words[place]
        if word in of or (named > start and word in _COSTS):
            named = place + 1
        elif not (word in _BETWEEN or word.isdecimal()):
            break
    return named


def _without_inclusions_behind(words: list[str], found: dict[str, Held]) -> list[str]:
    """Note taxes and postage in front of a word that includes or excludes: “tax incl.”."""
    kept: list[str] = []
    for word in words:
        held = _held(word, inside=_INSIDE, outside=_OUTSIDE)
        if held and kept and kept[-1] in _TAXES | _POSTAGE:
            _note(kept.pop(), held, found)
        else:
            kept.append(word)
    return kept


def _held(word: str, *, inside: frozenset[str], outside: frozenset[str]) -> Held | None:
    return "inside" if word in inside else "outside" if word in outside else None


def _note(word: str, held: Held, found: dict[str, Held]) -> None:
    if word in _TAXES:
        found.setdefault("taxes", held)
    elif word in _POSTAGE:
        found.setdefault("postage", held)


def _net_or_gross(word: str, *, beside: list[str]) -> tuple[Held | None, str]:
    """Return what a word says about taxes, and what is left of it without that."""
    for part, held in _PARTS.items():
        if word.startswith(part) or word.endswith(part):
            return held, word.replace(part, "", 1)
    if word in _WORDS and not _OF_SALES & set(beside):
        return _WORDS[word], ""
    return None, word
