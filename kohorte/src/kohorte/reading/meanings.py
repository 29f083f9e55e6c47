"""What each column means: by the words of its header and by what stands in its cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kohorte.language import Sentence, Text
from kohorte.reading.options import MEANINGS, Meaning
from kohorte.reading.source import Column
from kohorte.reading.words import FOREIGN_WORDS, MISSING, PHRASES, normal
from kohorte.results import Guess

THRESHOLD = 0.5
_CONTAINED = 0.85
_FOREIGN = 0.3
_CONTRADICTED = 0.55

_MONEY = r"(?:euro?|us\$|usd|gbp|chf|pln|sek|dkk|nok|czk|jpy|zł|[€$£¥])?"
_NUMBER = re.compile(
    rf"{_MONEY}\s*[-\u2212+(]?\s*{_MONEY}\s*"
    rf"(?:\d[\d.,'\u2019\u00a0\u202f ]*|[.,]\d+)\)?-?\s*{_MONEY}",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:\D.*)?"
    r"|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?\d{2,4}(?:\D.*)?"
    r"|\d{1,2}[. -]\s?[A-Za-z]{3,9}[. -]\s?\d{2,4}(?:\D.*)?"
    r"|[A-Za-z]{3,9}\.? \d{1,2},? \d{4}(?:\D.*)?"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_CURRENCY = re.compile(r"[A-Z]{3}|€|\$|£|Euro", re.IGNORECASE)
_DAY = re.compile(r"[1-4]\d{4}(?:\.\d+)?")


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell) is not None


def _is_date(cell: str) -> bool:
    return _DATE.fullmatch(cell) is not None


CONTENT: Mapping[Meaning, Callable[[str], bool]] = {
    "date": lambda cell: _is_date(cell) or _DAY.fullmatch(cell) is not None,
    "amount": _is_number,
    "amount_minor": _is_number,
    "quantity": _is_number,
    "unit_price": _is_number,
    "refund": _is_number,
    "email": lambda cell: _EMAIL.fullmatch(cell) is not None,
    "currency": lambda cell: _CURRENCY.fullmatch(cell) is not None,
    "customer_id": lambda cell: not _is_date(cell) or cell.isdigit(),
    "order_id": lambda cell: not _is_date(cell) or cell.isdigit(),
    "country": lambda cell: not _is_number(cell),
    "status": lambda cell: not _is_number(cell),
    "product": lambda cell: not _is_date(cell),
    "product_id": lambda cell: not _is_date(cell),
    "paid_at": lambda cell: _is_date(cell) or _DAY.fullmatch(cell) is not None,
    "tax": _is_number,
    "postage": _is_number,
}


@dataclass(frozen=True)
class Candidate:
    """A meaning that a column may have, with the score and its reason."""

    score: float
    meaning: Meaning
    column: Column
    reason: Sentence


def guess(
    columns: Sequence[Column],
    samples: Sequence[Sequence[str | None]],
    *,
    given: Mapping[Meaning, Column],
) -> tuple[tuple[Meaning, Column, Guess], ...]:
    """Give each meaning the column that fits it best, each column to one meaning.

    Parameters
    ----------
    columns
        The columns of the file.
    samples
        Cells of each column, in the same order.
    given
        What the user said; it stands whatever the cells hold.
    """
    found = [
        (meaning, column, Guess(meaning, column.name, 1.0, Sentence("You said so.")))
        for meaning, column in given.items()
    ]
    taken = {column.index for column in given.values()}
    open_meanings = [meaning for meaning in MEANINGS if meaning not in given]
    candidates = [
        candidate
        for column, cells in zip(columns, samples, strict=True)
        if column.index not in taken
        for candidate in _candidates(column, _filled(cells), open_meanings)
    ]
    settled = set(given)
    order = {meaning: place for place, meaning in enumerate(MEANINGS)}
    for best in sorted(candidates, key=lambda c: (-c.score, order[c.meaning], c.column.index)):
        if best.meaning in settled or best.column.index in taken or best.score < THRESHOLD:
            continue
        settled.add(best.meaning)
        taken.add(best.column.index)
        shown = Guess(best.meaning, best.column.name, round(best.score, 2), best.reason)
        found.append((best.meaning, best.column, shown))
    return tuple(sorted(found, key=lambda each: order[each[0]]))


def _candidates(
    column: Column, cells: Sequence[str], meanings: Sequence[Meaning]
) -> list[Candidate]:
    found = []
    for meaning in meanings:
        weight, phrase = by_header(column.name, meaning)
        share = _share(column, cells, meaning)
        if weight:
            reason = Sentence(
                "The header says “{phrase}” and the cells fit."
                if share >= 0.9
                else "The header says “{phrase}”, though not all cells fit.",
                {"phrase": phrase},
            )
            score = weight if share >= 0.9 else weight * max(_CONTRADICTED, share)
            found.append(Candidate(score, meaning, column, reason))
        elif cells and share >= 0.95 and meaning in _BY_CONTENT:
            reason = Sentence("The cells look like {what}.", {"what": _BY_CONTENT[meaning]})
            found.append(Candidate(_content_score(meaning, cells), meaning, column, reason))
    return found


_BY_CONTENT: Mapping[Meaning, Text] = {
    "date": Text(de="Datumsangaben", en="dates"),
    "email": Text(de="E-Mail-Adressen", en="e-mail addresses"),
}


def _content_score(meaning: Meaning, cells: Sequence[str]) -> float:
    if meaning == "date" and not all(_is_date(cell) for cell in cells[:100]):
        return 0.0
    return 0.55


def by_header(header: str, meaning: Meaning) -> tuple[float, str]:
    """Return how well a header names a meaning, and the words that do.

    >>> by_header("Kunden-Nr.", "customer_id")
    (1.0, 'kunden nr')
    >>> by_header("Customer name", "customer_id")[0] < THRESHOLD
    True
    """
    words = normal(header).split()
    text = " ".join(words)
    phrases = PHRASES[meaning]
    for whole in (text, text.replace(" ", "")):
        if whole in phrases:
            return phrases[whole], whole
    best, name = 0.0, ""
    for phrase, weight in phrases.items():
        if f" {phrase} " in f" {text} " and len(phrase) > 2:
            longer = 0.02 * len(phrase.split())
            if weight * _CONTAINED + longer > best:
                best, name = weight * _CONTAINED + longer, phrase
    if best and FOREIGN_WORDS[meaning] & (set(words) - set(name.split())):
        best *= _FOREIGN
    return best, name


def _share(column: Column, cells: Sequence[str], meaning: Meaning) -> float:
    """Return the share of the cells that can have this meaning."""
    if column.kind in ("day", "time", "instant"):
        return 1.0 if meaning in ("date", "paid_at") else 0.0
    if column.kind == "other":
        return 0.0
    fits = CONTENT[meaning]
    return sum(fits(cell) for cell in cells) / len(cells) if cells else 1.0


def _filled(cells: Sequence[str | None]) -> list[str]:
    """Return the cells that hold something, each distinct one at most a hundred times."""
    counts = Counter(cell.strip() for cell in cells if cell is not None)
    return [
        cell
        for cell, count in counts.items()
        if cell.lower() not in MISSING
        for _ in range(min(count, 100))
    ]
