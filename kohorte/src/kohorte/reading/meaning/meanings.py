"""What each column means: by the words of its header and by what stands in its cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from kohorte.language import Sentence, Text
from kohorte.reading.days import date_words
from kohorte.reading.meaning import evidence, naming, revising
from kohorte.reading.meaning.candidates import BY_CELLS, Candidate
from kohorte.reading.meaning.facts import Facts
from kohorte.reading.options import MEANINGS, Meaning
from kohorte.reading.source import Column
from kohorte.results import Guess

THRESHOLD = 0.5
by_header = naming.by_header
_CONTRADICTED = 0.55
_REFUTED = 0.3
_FITTING = 0.9
_SURELY = 0.95
# However few cells fit, a column of these names is not passed over: an order without its day or its
# amount is told.
_NEVER_REFUTED: tuple[Meaning, ...] = (
    "order_id", "customer_id", "date", "amount", "amount_minor", "unit_price",
)  # fmt: skip

_MONEY = r"(?:euro?|us\$|usd|gbp|chf|pln|sek|dkk|nok|czk|jpy|zł|[€$£¥])?"
_NUMBER = re.compile(
    rf"{_MONEY}\s*[-\u2212+(]?\s*{_MONEY}\s*"
    rf"(?:\d[\d.,'\u2019\u00a0\u202f ]*|[.,]\d+)\)?-?\s*{_MONEY}",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:\D.*)?"
    r"|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?\d{2,4}(?:\D.*)?"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
)
_EMAIL = re.compile(r"(?:[^<>]*<)?[^@\s<>]+@[^@\s]+\.[^@\s]+")
_CURRENCY = re.compile(r"[A-Z]{3}|€|\$|£|Euro", re.IGNORECASE)
# Days of a spreadsheet, and seconds or milliseconds since 1970.
_DAY = re.compile(r"[1-4]\d{4}(?:[.,]\d+)?|[1-3]\d{9}(?:[.,]\d+)?|[1-3]\d{12}")


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell) is not None


def is_date(cell: str) -> bool:
    """Return whether a text looks like a date."""
    if _DATE.fullmatch(cell):
        return True
    has_letters = cell.lower() != cell.upper()
    return has_letters and date_words.LOOKS.fullmatch(cell) is not None


CONTENT: Mapping[Meaning, Callable[[str], bool]] = {
    "date": lambda cell: is_date(cell) or _DAY.fullmatch(cell) is not None,
    "amount": _is_number,
    "amount_minor": _is_number,
    "quantity": _is_number,
    "unit_price": _is_number,
    "refund": _is_number,
    "email": lambda cell: _EMAIL.fullmatch(cell) is not None,
    "currency": lambda cell: _CURRENCY.fullmatch(cell) is not None,
    "customer_id": lambda cell: not is_date(cell) or cell.isdigit(),
    "order_id": lambda cell: not is_date(cell) or cell.isdigit(),
    "country": lambda cell: not _is_number(cell),
    "status": lambda cell: not _is_number(cell),
    "product": lambda cell: not is_date(cell),
    "product_id": lambda cell: not is_date(cell),
    "paid_at": lambda cell: is_date(cell) or _DAY.fullmatch(cell) is not None,
    "tax": _is_number,
    "postage": _is_number,
    "refund_id": lambda cell: not is_date(cell),
    "channel": lambda cell: not (_is_number(cell) or is_date(cell) or "@" in cell),
}


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
    said = [
        (meaning, column, Guess(meaning, column.name, 1.0, Sentence("You said so.")))
        for meaning, column in given.items()
    ]
    facts = facts_of(columns, samples)
    chosen = choose(weigh(columns, facts, given=given))
    second = revising.revised(chosen, columns=columns, facts=facts, given=given)
    found = [(each.meaning, each.column, each.guess) for each in second]
    order = {meaning: place for place, meaning in enumerate(MEANINGS)}
    return tuple(sorted(said + found, key=lambda each: order[each[0]]))


def facts_of(
    columns: Sequence[Column], samples: Iterable[Sequence[str | None]]
) -> Mapping[int, Facts]:
    """Return what the cells of each column tell, by its place."""
    return {column.index: Facts.of(cells) for column, cells in zip(columns, samples, strict=True)}


def weigh(
    columns: Sequence[Column], facts: Mapping[int, Facts], *, given: Mapping[Meaning, Column]
) -> list[Candidate]:
    """Return all that speaks for the columns which the user did not name, the best first."""
    taken = {column.index for column in given.values()}
    open_meanings = [meaning for meaning in MEANINGS if meaning not in given]
    candidates = [
        candidate
        for column in columns
        if column.index not in taken
        for candidate in _candidates(column, facts[column.index], open_meanings)
    ]
    best = min((c for c in candidates if c.meaning == "order_id"), key=_rank, default=None)
    orders = given.get("order_id") or (best.column if best else None)
    if orders is not None:
        candidates = [_beside(each, facts, orders=orders) for each in candidates]
    return sorted(candidates, key=_rank)


def _rank(candidate: Candidate) -> tuple[float, int, int]:
    return -candidate.score, MEANINGS.index(candidate.meaning), candidate.column.index


def choose(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the best candidate of each meaning and column, down to the threshold."""
    chosen: list[Candidate] = []
    settled: set[str] = set()
    taken: set[int] = set()
    for best in candidates:
        if best.meaning in settled or best.column.index in taken or best.score < THRESHOLD:
            continue
        settled.add(best.meaning)
        taken.add(best.column.index)
        chosen.append(best)
    return chosen


def _candidates(column: Column, facts: Facts, meanings: Sequence[Meaning]) -> list[Candidate]:
    found = []
    for meaning in meanings:
        weight, phrase = naming.by_header(column.name, meaning)
        if weight:
            share = _share(column, facts, meaning)
            reason = Sentence(
                "The header says “{phrase}” and the cells fit."
                if share >= _FITTING
                else "The header says “{phrase}”, though not all cells fit.",
                {"phrase": naming.as_written(column.name, phrase)},
            )
            each = Candidate(weight * _fit(share, meaning), meaning, column, reason)
            against = evidence.of_cells(meaning, facts, phrase=phrase)
            found.append(_lowered(each, against, phrase=phrase))
        elif meaning in _LOOKS and _looks(column, facts, meaning):
            reason = Sentence("The cells look like {what}.", {"what": _LOOKS[meaning]})
            found.append(Candidate(BY_CELLS, meaning, column, reason))
    return found


_LOOKS: Mapping[Meaning, Text] = {
    "date": Text(de="Datumsangaben", en="dates"),
    "email": Text(de="E-Mail-Adressen", en="e-mail addresses"),
}


def _looks(column: Column, facts: Facts, meaning: Meaning) -> bool:
    """Return whether cells alone show a meaning; most columns are done with at the first cell."""
    if not facts.filled or (column.kind == "text" and not CONTENT[meaning](facts.filled[0])):
        return False
    if meaning == "date" and not all(map(is_date, facts.filled[:100])):
        return False
    return _share(column, facts, meaning) >= _SURELY


def _fit(share: float, meaning: Meaning) -> float:
    """Return what is left of a score if only a share of the cells can have the meaning."""
    if share >= _FITTING:
        return 1.0
    if share < _CONTRADICTED and meaning not in _NEVER_REFUTED:
        return _REFUTED
    return max(_CONTRADICTED, share)


def _lowered(candidate: Candidate, against: evidence.Objection | None, *, phrase: str) -> Candidate:
    if against is None:
        return candidate
    written = naming.as_written(candidate.column.name, phrase)
    reason = Sentence(
        "The header says “{phrase}”, though {what}.", {"phrase": written, "what": against.what}
    )
    return replace(candidate, score=candidate.score * against.left, reason=reason)


def _beside(candidate: Candidate, facts: Mapping[int, Facts], *, orders: Column) -> Candidate:
    """Return a candidate in the light of the order numbers beside it."""
    against = evidence.of_orders(
        candidate.meaning, facts[candidate.column.index], orders=facts[orders.index]
    )
    phrase = naming.by_header(candidate.column.name, candidate.meaning)[1]
    return _lowered(candidate, against, phrase=phrase) if phrase else candidate


def _share(column: Column, facts: Facts, meaning: Meaning) -> float:
    """Return the share of the cells that can have this meaning, each text at most a hundred times."""
    if column.kind in ("day", "time", "instant"):
        return 1.0 if meaning in ("date", "paid_at") else 0.0
    if column.kind == "other":
        return 0.0
    if not facts.filled:
        return 1.0
    fits = CONTENT[meaning]
    counts = [(min(count, 100), fits(cell)) for cell, count in facts.counts.items()]
    return sum(count for count, fit in counts if fit) / sum(count for count, _ in counts)
