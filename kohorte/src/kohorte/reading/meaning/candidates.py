"""A meaning that a column may have."""

from __future__ import annotations

from dataclasses import dataclass

from kohorte.language import Sentence
from kohorte.reading.options import Meaning
from kohorte.reading.source import Column
from kohorte.results import Guess

# The score of what only the cells tell.
BY_CELLS = 0.55


@dataclass(frozen=True)
class Candidate:
    """A meaning that a column may have, with the score and its reason."""

    score: float
    meaning: Meaning
    column: Column
    reason: Sentence

    @property
    def guess(self) -> Guess:
        """The candidate as it is shown."""
        return Guess(self.meaning, self.column.name, round(self.score, 2), self.reason)
