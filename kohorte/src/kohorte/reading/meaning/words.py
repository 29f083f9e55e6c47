"""The words by which columns and states are known: German, English, and their neighbors' usual ones.

Headers are compared after `normal`: lower case, umlauts written out, one blank between words. A
header equal to a phrase scores the phrase's weight, one that contains it a little less.
"""

from __future__ import annotations

import re
import unicodedata

from kohorte.reading.rows import state_words

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# German short words with a hump inside of them.
_HUMPED = re.compile(r"MwSt|USt")


def normal(header: str) -> str:
    """Write a header the way phrases are written here.

    >>> normal("Kunden-Nr."), normal("InvoiceDate"), normal("Stückpreis (€)"), normal("Prénom")
    ('kunden nr', 'invoice date', 'stueckpreis', 'prenom')
    """
    kept = _HUMPED.sub(lambda found: found[0].capitalize(), header)
    spread = _HUMP.sub(" ", kept).lower()
    if not spread.isascii():
        written_out = unicodedata.normalize("NFC", spread).translate(_UMLAUTS)
        apart = unicodedata.normalize("NFKD", written_out)
        spread = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[a-z0-9]+", spread))


def compact(header: str) -> str:
    """Write a header without anything between its words: `Customer ID` is `customerid`."""
    return normal(header).replace(" ", "")


def names_state(word: str) -> bool:
    """Return whether a word is known to speak of the state of an order.

    >>> names_state("Storniert"), names_state("Bezahlt"), names_state("Bayern")
    (True, True, False)
    """
    return state_words.state(normal(word)) is not None


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text, which is how sets of words are written here."""
    return frozenset(text.split())


def phrases_of(text: str) -> tuple[str, ...]:
    """Return the phrases of a text, which commas part."""
    return tuple(phrase.strip() for phrase in text.split(","))


GERMAN = words_of(
    "datum kunde kundennummer kundennr kunden bestellung bestellnummer bestellnr betrag menge "
    "anzahl preis einzelpreis waehrung land artikel artikelnummer umsatz summe gesamt auftrag "
    "auftragsnummer rechnung rechnungsnummer rechnungsdatum bestelldatum kaufdatum nr tag wert "
    "bestellwert warenwert zahlungsstatus bestellstatus bezeichnung stueck"
)

# Texts that stand for an empty cell.
MISSING = ("", "nan", "null", "none", "n/a", "na", "#n/a", "nat", "-", "<na>", "\\n")
