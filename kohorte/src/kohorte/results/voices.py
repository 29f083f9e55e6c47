"""What customers said in surveys and what trials showed, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass

from kohorte.language import Sentence, Text
from kohorte.results.numbers import Unit


@dataclass(frozen=True)
class Ranged:
    """A value with its range; `low` and `high` are None where it is not known."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Variant:
    """One number of a survey: its name, its unit, plain and weighted to all customers if it could be."""

    name: Text
    unit: Unit
    plain: Ranged
    weighted: Ranged | None = None


@dataclass(frozen=True)
class Chosen:
    """How many chose one score, and their share in percent."""

    score: int
    n: int
    share: Ranged


@dataclass(frozen=True)
class Heard:
    """A group of customers who answered: their score, and how the group differs from all customers.

    `before` and `after` weighing, in standard deviations of the group's share.
    """

    name: Text
    n: int
    score: Ranged
    before: float | None
    after: float | None


@dataclass(frozen=True)
class About:
    """What several comments are about: its words, how many, their score, and how many of them are praise."""

    words: tuple[str, ...]
    comments: int
    score: Ranged
    praise_percent: float | None


@dataclass(frozen=True)
class Voices:
    """What the answers to one question say.

    `variants` begin with the headline, `groups` are those of the RFM map, `notes` what is to be known about weights,
    about what the score foretells and why something is missing.
    """

    question: str
    name: Text
    lowest: int
    highest: int
    n: int
    variants: tuple[Variant, ...]
    chosen: tuple[Chosen, ...]
    groups: tuple[Heard, ...]
    themes: tuple[About, ...]
    foretells: tuple[Sentence, ...]
    notes: tuple[Sentence, ...]


@dataclass(frozen=True)
class Arm:
    """What one arm of a trial showed in one measure, against the control group.

    `difference` is in the measure's unit, of shares in points; `total` is what it brought in all beyond what would have
    come anyway, None where the trial cannot be read. `is_good` is None within chance.
    """

    name: str
    n: int
    value: float
    difference: Ranged
    percent: Ranged
    total: Ranged | None
    is_good: bool | None


@dataclass(frozen=True)
class Measured:
    """One measure of a trial: what the control group did, and the other arms beside it."""

    name: Text
    slug: str
    unit: Unit
    control: float
    n_control: int
    arms: tuple[Arm, ...]


@dataclass(frozen=True)
class Proof:
    """What a trial says; where `is_readable` is False, its arms are not as planned and prove nothing."""

    file: str
    control: str
    customers: int
    is_readable: bool
    measures: tuple[Measured, ...]
    notes: tuple[Sentence, ...]
