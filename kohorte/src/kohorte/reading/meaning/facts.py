"""What the cells of a column tell, whatever its header says: how many, how different, which numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from kohorte.reading.meaning.words import MISSING, words_of

# With fewer rows nothing is concluded from how often something stands there.
ROWS_MIN = 8
_MISSING = frozenset(MISSING)
_YES_OR_NO = words_of("0 1 true false yes no ja nein y n j wahr falsch si oui non")
YES = words_of("1 true yes ja y j wahr si oui x")
NO = words_of("0 false no nein n falsch non")
_NUMBER = re.compile(r"-?\d+(?:[.,']\d+)*")
_COMMA = re.compile(r",\d{1,2}(?!\d)|\.\d{3},")
_SCALED = re.compile(r"-?0?[.,]\d{5,}")
_NAME = re.compile(r"[^\d@_]+[ ,][^\d@_]+")
_PIECES_MAX = 200
# Numbers of documents have so many digits, and there are more than so many different ones.
_DIGITS = 5
_FEW = 3
_OFTEN = 0.3


@dataclass(frozen=True)
class Facts:
    """The cells of one column in the order of the rows; those that stand for nothing are None."""

    cells: tuple[str | None, ...]

    @classmethod
    def of(cls, cells: Sequence[str | None]) -> Facts:
        """Return the facts of the cells as they stand in the file."""
        bare = {cell: cell.strip() if cell is not None else "" for cell in set(cells)}
        kept = {cell: text if text.lower() not in _MISSING else None for cell, text in bare.items()}
        return cls(tuple(map(kept.__getitem__, cells)))

    @cached_property
    def filled(self) -> tuple[str, ...]:
        """The cells that hold something."""
        return tuple(cell for cell in self.cells if cell is not None)

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each text stands there."""
        return Counter(self.filled)

    @property
    def is_empty(self) -> bool:
        """Whether there are rows, but nothing in this column."""
        return bool(self.cells) and not self.filled

    @property
    def has_gaps(self) -> bool:
        """Whether several rows of many hold nothing."""
        return len(self.cells) >= ROWS_MIN and len(self.filled) < 0.9 * len(self.cells)

    @property
    def is_constant(self) -> bool:
        """Whether many rows all hold the same."""
        return len(self.filled) >= ROWS_MIN and len(self.counts) == 1

    @property
    def is_unique(self) -> bool:
        """Whether many rows each hold something else."""
        return len(self.filled) >= ROWS_MIN and len(self.counts) == len(self.filled)

    @property
    def says_yes_or_no(self) -> bool:
        """Whether the cells only say yes or no."""
        return bool(self.filled) and {cell.lower() for cell in self.counts} <= _YES_OR_NO

    @cached_property
    def numbers(self) -> tuple[float | None, ...]:
        """The cells as numbers, as far as they are some; good enough to compare columns."""
        comma = any(_COMMA.search(cell) for cell in self.filled[:500])
        return tuple(None if cell is None else _number(cell, comma=comma) for cell in self.cells)

    @property
    def looks_like_pieces(self) -> bool:
        """Whether the cells are small whole numbers, often 1, as only numbers of pieces are."""
        if len(self.filled) < ROWS_MIN or not self._are_digits:
            return False
        often = self.counts["1"] >= _OFTEN * len(self.filled)
        return often and max(int(cell[:9]) for cell in self.counts) <= _PIECES_MAX

    @property
    def looks_scaled(self) -> bool:
        """Whether nearly all cells are numbers below 1 with more digits than money has."""
        scaled = sum(_SCALED.fullmatch(cell) is not None for cell in self.counts)
        return len(self.filled) >= ROWS_MIN and scaled >= 0.9 * len(self.counts)

    @property
    def looks_like_identifiers(self) -> bool:
        """Whether the cells are whole numbers of the same length, as those of documents are."""
        lengths = {len(cell) for cell in self.counts}
        many = len(self.filled) >= ROWS_MIN and len(self.counts) > _FEW
        return many and len(lengths) == 1 and min(lengths) >= _DIGITS and self._are_digits

    @property
    def _are_digits(self) -> bool:
        return all(cell.isdigit() for cell in self.counts)

    @property
    def looks_like_names(self) -> bool:
        """Whether the cells are made of words without digits, as names of people are."""
        names = sum(_NAME.fullmatch(cell) is not None for cell in self.counts)
        return len(self.counts) > 1 and names >= 0.8 * len(self.counts)

    def same_as(self, other: Facts) -> bool:
        """Return whether two columns hold the same wherever both hold something."""
        pairs = zip(self.cells, other.cells, strict=True)
        both = [(one, two) for one, two in pairs if one is not None and two is not None]
        return bool(both) and all(one.lower() == two.lower() for one, two in both)

    def differs_by(self, other: Facts) -> bool:
        """Return whether each text of `other` has its own text here, as customers of orders have."""
        pairs = set(zip(self.cells, other.cells, strict=True))
        known = {pair for pair in pairs if None not in pair}
        here = {one for one, _ in known}
        there = {two for _, two in known}
        return len(known) >= ROWS_MIN and len(known) == len(here) == len(there)


def _number(cell: str, *, comma: bool) -> float | None:
    found = _NUMBER.search(cell.replace("\u2212", "-").replace(" ", ""))
    if found is None:
        return None
    digits = found[0].replace("'", "")
    digits = digits.replace(".", "").replace(",", ".") if comma else digits.replace(",", "")
    try:
        value = float(digits)
    except ValueError:
        return None
    negative = cell.startswith(("-", "(", "\u2212")) or cell.endswith("-")
    return -abs(value) if negative else value
