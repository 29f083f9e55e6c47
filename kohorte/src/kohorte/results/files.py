"""What files were understood as, what they leave open, and what was left out of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from kohorte.language import Sentence, Text


@dataclass(frozen=True)
class Listing:
    """A table of rows behind a number: customers, orders, or rows left out."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class Guess:
    """What a column was taken for, and why. `score` runs from 0 to 1; a given one has 1."""

    meaning: str
    column: str
    score: float
    reason: Sentence


@dataclass(frozen=True)
class Choice:
    """One answer to a question: what is stored, and what it says."""

    value: str
    says: Sentence | Text


@dataclass(frozen=True)
class Question:
    """What a file leaves open, asked once; the answer is kept in the mapping file.

    `option` names where the answer goes: an option such as `taxes`, or an entry of one of its
    tables, such as `states.Zurückgestellt`. Without choices the answer is free. `assumed` is what
    holds until it is answered, None where nothing can be assumed. `ADVICE` says how to answer.
    """

    ADVICE: ClassVar = Sentence(
        "`kohorte mapping` with the same files asks this once and keeps the answers."
    )

    option: str
    asks: Sentence
    choices: tuple[Choice, ...] = ()
    assumed: str | None = None


@dataclass(frozen=True)
class FileReading:
    """How one file was understood, and what it leaves open."""

    path: str
    layout: str
    layout_name: Text
    rows: int
    encoding: str | None
    delimiter: str | None
    guesses: tuple[Guess, ...]
    remarks: tuple[Sentence, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Exclusion:
    """Rows left out for one reason. `scope` says of what: everything, customer metrics, or revenue.

    `amount` is in major units with the sign of the source; None if amounts are unknown.
    """

    reason: str
    name: Text
    meaning: Text
    scope: Literal["everything", "customer metrics", "revenue"]
    rows: int
    orders: int
    amount: float | None
