"""Whether the cells of a column can mean what its header says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from kohorte.reading.beside import spans
from kohorte.reading.meaning import meanings
from kohorte.reading.source import Column

# Of so many cells at least one must be able to mean what the header says.
_FITTING = 0.3
_DATES = ("day", "time", "instant")
# A thumb up and a thumb down, with or without words of the customer.
GOOD = (
    "good",
    "gut",
    "positive",
    "positiv",
    "good with comment",
    "happy",
    "thumbs up",
    "satisfied",
)
BAD = (
    "bad",
    "schlecht",
    "negative",
    "negativ",
    "bad with comment",
    "unhappy",
    "thumbs down",
    "dissatisfied",
)
_THUMBS = {*GOOD, *BAD, "offered", "unoffered"}


def fits(column: Column, reads: str, cells: Sequence[str]) -> bool:
    """Return whether enough cells of a column can mean what is read."""
    if column.kind in _DATES:
        return reads in ("instant", "span")
    if column.kind == "other":
        return reads == "flag"
    test = _TESTS.get(reads)
    if test is None or not cells:
        return True
    return sum(map(test, cells)) >= _FITTING * len(cells)


_DURATION = re.compile(r"-?\d+([.,]\d+)?|\d+:\d{2}(:\d{2})?")
_LEADING = re.compile(r"-?\d+([.,]\d+)?(\D.*)?", re.DOTALL)


def _is_moment(cell: str) -> bool:
    return meanings.CONTENT["date"](cell) or spans.parse(cell) is not None


_TESTS: Mapping[str, Callable[[str], bool]] = {
    "instant": _is_moment,
    "span": _is_moment,
    "score": lambda cell: _LEADING.fullmatch(cell) is not None or cell.lower() in _THUMBS,
    "number": lambda cell: _LEADING.fullmatch(cell) is not None,
    "whole": lambda cell: _LEADING.fullmatch(cell) is not None,
    "money": meanings.CONTENT["amount"],
    "cost": meanings.CONTENT["amount"],
    "duration": lambda cell: _DURATION.fullmatch(cell) is not None,
    "email": lambda cell: "@" in cell or len(cell) >= 32,
    "id": lambda cell: not meanings.is_date(cell) or cell.isdigit(),
}
