"""A file taken for one kind: its columns, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kohorte.reading.beside.declaring import FileKind
from kohorte.reading.source import Column
from kohorte.results import Guess


@dataclass(frozen=True, kw_only=True)
class Match:
    """A file taken for one kind.

    Parameters
    ----------
    columns, guesses
        The column of each field that was found, and why.
    signs
        How much speaks for the kind, less what speaks against it.
    said
        The headers that speak for it.
    is_own
        Whether all headers are the names of the table's own columns.
    given
        The fields that the user named.
    """

    kind: FileKind
    columns: Mapping[str, Column]
    guesses: tuple[Guess, ...]
    signs: int
    said: tuple[str, ...]
    is_own: bool
    given: frozenset[str] = frozenset()

    @property
    def is_whole(self) -> bool:
        """Whether everything was found that such a file needs."""
        return not self.missing

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields of the first group of which none was found."""
        groups = (group for group in self.kind.needs if not set(group) & set(self.columns))
        return next(groups, ())

    @property
    def score(self) -> float:
        """How sure it is, from 0 to 1."""
        return 1.0 if self.is_own else 1 - 0.5 ** (max(self.signs, 0) + self.is_whole)


def only(found: Match, fixed: Mapping[str, Column]) -> Match:
    """Return a match with nothing but the columns that are known already."""
    names = {f"{found.kind.table.name}.{name}" for name in fixed}
    guesses = tuple(each for each in found.guesses if each.meaning in names)
    return replace(found, columns=fixed, guesses=guesses, given=frozenset(), said=())
