"""A sheet of a workbook, whatever the workbook's format: its rows come one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

Row = tuple[int, Sequence[object]]
# The first and the last cell of what is merged, each by row and column, both counted from 0.
Span = tuple[tuple[int, int], tuple[int, int]]

# More merged cells than any header has; what is merged elsewhere is of no interest.
MERGED_MAX = 2_000


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A sheet.

    Parameters
    ----------
    name
        As the workbook calls it.
    is_visible
        False if the workbook hides it.
    width
        Columns up to the last filled one.
    rows
        Opens the rows anew: the number of each, from 1, and its cells, `width` of them. Empty rows
        may be missing.
    merged
        The cells that are merged.
    unknown
        Formulas whose values were never computed.
    errors
        Cells that hold an error such as #N/A, which count as empty.
    """

    name: str
    is_visible: bool
    width: int
    rows: Callable[[], Iterator[Row]]
    merged: tuple[Span, ...] = ()
    unknown: int = 0
    errors: int = 0
