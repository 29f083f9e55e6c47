"""Answers to one survey: who was asked what, when, and what came back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from kohorte.errors import UnknownNameError
from kohorte.models.arrays import Array, Truth
from kohorte.surveys.scales import Scale
from kohorte.surveys.scores import Question


@dataclass(frozen=True, eq=False)
class Asked:
    """One question with the answers to it.

    Parameters
    ----------
    question
        What it measures: `nps`, `csat` or `ces`.
    text
        How it is asked: the header of its column.
    scale
        The scores that it offers.
    scores
        The score of each row, NaN where nobody answered.
    off_scale
        Answers that are no score of the scale, such as a code for “no answer”; they are not counted.
    """

    question: Question
    text: str
    scale: Scale
    scores: Array
    off_scale: int = 0

    @property
    def answered(self) -> Truth:
        """Which rows answer it."""
        return np.isfinite(self.scores)

    @property
    def n(self) -> int:
        """How many answered it."""
        return int(self.answered.sum())


@dataclass(frozen=True, eq=False)
class Answers:
    """The rows of a survey, one for each who answered, or for each who was asked.

    Parameters
    ----------
    name
        Where they stand: the file.
    asked
        Its questions, the headline first.
    weights
        Of each row, where the survey brings its own.
    days
        When each row was answered.
    comments
        What customers wrote.
    texts
        Columns by which those who answered can be told apart.
    numbers
        Further numeric columns, NaN where a cell is empty: other questions, or facts of who was asked.
    everybody
        Whether there is a row for everybody who was asked.
    invitations
        How many were asked, where only that is known.
    """

    name: str
    asked: Sequence[Asked]
    weights: Array | None = None
    days: Sequence[dt.date | None] = ()
    comments: Sequence[str | None] = ()
    texts: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    numbers: Mapping[str, Array] = field(default_factory=dict)
    everybody: bool = False
    invitations: int | None = None

    @property
    def first(self) -> Asked:
        """The question that the reading is about."""
        return self.asked[0]

    def column(self, name: str) -> str:
        """Return the column by which answers are told apart, called in any case.

        Raises
        ------
        UnknownNameError
            Nothing of that name tells answers apart.
        """
        found = next((one for one in self.texts if one.casefold() == name.casefold()), None)
        if found is None:
            raise UnknownNameError(
                "Answers cannot be told apart by “{name}”. There are: {names}.",
                name=name,
                names=", ".join(self.texts) or "–",
            )
        return found
