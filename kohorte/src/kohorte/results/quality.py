"""What is worth knowing about the data, and their score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kohorte.language import Sentence, Text


@dataclass(frozen=True)
class Finding:
    """Something in the data worth knowing: what it is, what it bends, what to do.

    `metrics` are the slugs of the metrics that it bends.
    """

    slug: str
    severity: Literal["note", "warning"]
    what: Sentence
    effect: Sentence
    remedy: Sentence
    metrics: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScorePart:
    """One part of the score: how much of the data is affected, and the points that this costs."""

    slug: str
    name: Text
    affected_percent: float
    points_lost: float

    @property
    def is_shown(self) -> bool:
        """Whether the loss is more than nothing when written with one decimal."""
        return self.points_lost >= 0.05


@dataclass(frozen=True)
class Score:
    """The quality of the data from 0 to 100: 100 less the points that the parts lose."""

    value: int
    parts: tuple[ScorePart, ...]
