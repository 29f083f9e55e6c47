"""How one file is to be read: its layout, its columns, its dates and numbers, and the doubts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kohorte.language import Sentence
from kohorte.reading import date_formats
from kohorte.reading.dates import Writing
from kohorte.reading.decimals import Mark
from kohorte.reading.options import Meaning, Rows
from kohorte.reading.profiles.layout import Layout
from kohorte.reading.rules import Rule
from kohorte.reading.source import Column, Source
from kohorte.results import Guess, Question

NUMBERS: tuple[Meaning, ...] = ("amount", "amount_minor", "quantity", "unit_price", "refund")
Samples = Mapping[int, tuple[str | None, ...]]


@dataclass(kw_only=True)
class Plan:
    """How one file is to be read.

    Parameters
    ----------
    source, layout
        The file, and the layout it has.
    columns
        The column of each meaning that was found.
    guesses
        The same with scores and reasons.
    samples
        Cells of the first rows by the column's place.
    rows
        Whether a row is an order or a line of one.
    writing
        How the dates are written.
    marks
        The decimal mark of each column of numbers.
    states
        What the words of the status column say.
    whole_orders
        Whether the amount is the order's, repeated on each of its lines.
    repeated
        Whether order ids stand on several rows of a file of orders.
    rules
        The user's rules that name a column of this file.
    remarks
        What was assumed.
    questions
        What the file leaves open.
    """

    source: Source
    layout: Layout
    columns: dict[Meaning, Column]
    guesses: tuple[Guess, ...]
    samples: Samples
    rows: Rows = "lines"
    writing: Writing = field(default_factory=lambda: Writing(formats=(date_formats.ISO,)))
    marks: dict[Meaning, Mark] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    whole_orders: bool = False
    repeated: bool = False
    rules: tuple[tuple[Rule, Column], ...] = ()
    remarks: list[Sentence] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    @property
    def priced(self) -> bool:
        """Return whether the amount of a line is quantity × unit price."""
        return {"quantity", "unit_price"} <= set(self.columns) and (
            "amount" not in self.columns or self.whole_orders
        )

    @property
    def has_amounts(self) -> bool:
        """Return whether the file tells amounts."""
        return bool({"amount", "amount_minor", "unit_price"} & set(self.columns))
