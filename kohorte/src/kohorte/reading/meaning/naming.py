"""What a header names: its words, with compounds taken apart, held against the known phrases."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from kohorte.reading.amounts import tax_words
from kohorte.reading.meaning import phrases, phrases_abroad
from kohorte.reading.meaning.foreign_words import FOREIGN_WORDS
from kohorte.reading.meaning.words import normal, words_of
from kohorte.reading.options import MEANINGS, Meaning

_SPARED = 0.9
_CONTAINED = 0.85
_FOREIGN = 0.3
# Shorter pieces of a compound say nothing.
_PIECE_MIN = 3
_COMPOUND_MAX = 40
# Further words that compounds are made of.
_PIECES = words_of(
    "konto kunden kunde artikel rechnung rechnungs bestell auftrag auftrags beleg summe betrag wert "
    "datum nummer typ art status preis end name vorname nachname first last line adresse adressen "
    "mitglied mitglieds leistung leistungs faelligkeit faelligkeits zahlung zahlungs firma ort "
    "strasse land sprache gruppe product customer order invoice number date quantity ordered price "
    "each size contact address city code phone postal deal territory"
)


@cache
def _phrases(meaning: Meaning) -> Mapping[str, float]:
    """Return the phrases of a meaning in all languages, and each again without its blanks."""
    spaced = {**phrases_abroad.ABROAD.get(meaning, {}), **phrases.PHRASES.get(meaning, {})}
    return {phrase.replace(" ", ""): weight for phrase, weight in spaced.items()} | spaced


@cache
def _alone(meaning: Meaning) -> frozenset[str]:
    return phrases.ALONE.get(meaning, frozenset()) | phrases_abroad.ALONE.get(meaning, frozenset())


@cache
def _known() -> frozenset[str]:
    """Return the words that stand in any phrase or tell headers apart."""
    spoken = {
        word for meaning in MEANINGS for phrase in _phrases(meaning) for word in phrase.split()
    }
    foreign = {word for words in FOREIGN_WORDS.values() for word in words}
    return frozenset(spoken | foreign | _PIECES)


@cache
def pieces(word: str) -> tuple[str, ...]:
    """Take a compound apart; a word that is known, or holds unknown pieces, stays whole.

    >>> pieces("auftragsart"), pieces("orderlinenumber"), pieces("summe"), pieces("xyz")
    (('auftrags', 'art'), ('order', 'line', 'number'), ('summe',), ('xyz',))
    """
    if word in _known() or len(word) > _COMPOUND_MAX or not word.isalpha():
        return (word,)
    return _apart(word) or (word,)


def _apart(word: str) -> tuple[str, ...]:
    """Return the fewest known pieces that make up a word, the longest ones first; none if nothing does."""
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(_PIECE_MIN, len(word) + 1):
        for start in range(end - _PIECE_MIN + 1):
            before, piece = best[start], word[start:end]
            if before is None or (piece not in _known() and piece not in _PIECES):
                continue
            if best[end] is None or len(before) + 1 < len(best[end] or ()):
                best[end] = (*before, piece)
    return best[len(word)] or ()


def spoken(header: str) -> list[str]:
    """Return the words of a header.

    >>> spoken("ORDERLINENUMBER"), spoken("Kundenkonto-Nr.")
    (['order', 'line', 'number'], ['kundenkonto', 'nr'])
    """
    return [piece for word in normal(header).split() for piece in pieces(word)]


@lru_cache(maxsize=1 << 16)
def by_header(header: str, meaning: Meaning) -> tuple[float, str]:
    """Return how well a header names a meaning, and the words that do.

    >>> by_header("Kunden-Nr.", "customer_id")
    (1.0, 'kunden nr')
    >>> by_header("Customer name", "customer_id")[0] < 0.5
    True
    """
    known = _phrases(meaning)
    # “Total incl. VAT” is a total and no tax.
    named = tax_words.of(header).rest or header
    text = normal(named)
    words = spoken(named)
    spare = [word for word in words if word not in phrases.SPARE]
    for whole in (text, text.replace(" ", ""), " ".join(words)):
        if whole in known:
            return known[whole], whole
    if " ".join(spare) in known:
        return known[" ".join(spare)] * _SPARED, " ".join(spare)
    return max(_contained(words, meaning), default=(0.0, ""))


def _contained(words: list[str], meaning: Meaning) -> list[tuple[float, str]]:
    """Return the phrases that stand inside of a header, with their scores."""
    text = f" {' '.join(words)} "
    found = []
    for phrase, weight in _phrases(meaning).items():
        if len(phrase) > 2 and f" {phrase} " in text and _may_stand(phrase, words, meaning):
            inside = phrase.split()
            foreign = FOREIGN_WORDS[meaning] & (set(words) - set(inside))
            score = weight * _CONTAINED + 0.02 * len(inside)
            found.append((score * _FOREIGN if foreign else score, phrase))
    return found


def _may_stand(phrase: str, words: list[str], meaning: Meaning) -> bool:
    """Return whether a phrase says something beside the other words of its header."""
    if phrase not in _alone(meaning):
        return True
    return all(
        word in phrases.NEUTRAL or word.isdigit() for word in words if word not in phrase.split()
    )


def of_person(header: str) -> tuple[float, str]:
    """Return how well a header says that the names of customers stand below it, and the words that do.

    >>> of_person("CUSTOMERNAME"), of_person("Product name")
    ((0.65, 'customer name'), (0.0, ''))
    """
    text = " ".join(spoken(header))
    for whole in (text, normal(header)):
        if whole in phrases.NAMES:
            return phrases.NAMES[whole], whole
    return 0.0, ""


def as_written(header: str, phrase: str) -> str:
    """Return a phrase as a header writes it; the phrase itself where the header has it in no row.

    >>> as_written("Währung (ISO)", "waehrung"), as_written("E-Mail", "e mail")
    ('Währung', 'E-Mail')
    """
    words = header.split()
    for length in range(1, len(words) + 1):
        for start in range(len(words) - length + 1):
            part = " ".join(words[start : start + length])
            if normal(part) == phrase:
                return part
    return phrase
