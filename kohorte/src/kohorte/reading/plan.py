"""How one file is to be read: its layout, its columns, its dates and numbers, and the doubts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from kohorte.language import Sentence
from kohorte.reading.amounts.decimals import Mark
from kohorte.reading.amounts.deductions import Deductions
from kohorte.reading.days import date_formats
from kohorte.reading.days.dates import Writing
from kohorte.reading.meaning.facts import Facts
from kohorte.reading.options import Held, Kind, Meaning, Rows
from kohorte.reading.profiles.layout import Layout
from kohorte.reading.rows.rules import Rule
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
    kind
        Whether the file holds orders, or refunds beside them; then `order_id` may be empty.
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
    taxes, postage
        Whether the amounts hold them; None if nothing tells.
    deductions
        What is taken out of the amounts before they count.
    sells_gift_cards, first_rows_pay
        Whether there are lines that sell gift cards, and whether the amount of such an order is the
        order's, on one of its rows.
    currency
        The currency of amounts that tell no other.
    codes, signs
        The currencies by the texts of the currency column, and by the signs beside amounts; None
        unless currencies are converted.
    foreign
        The currencies that are to be converted.
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
    kind: Kind = "orders"
    rows: Rows = "lines"
    writing: Writing = field(default_factory=lambda: Writing(formats=(date_formats.ISO,)))
    marks: dict[Meaning, Mark] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    whole_orders: bool = False
    repeated: bool = False
    rules: tuple[tuple[Rule, Column], ...] = ()
    taxes: Held | None = None
    postage: Held | None = None
    deductions: Deductions = field(default_factory=Deductions)
    sells_gift_cards: bool = False
    first_rows_pay: bool = False
    currency: str | None = None
    codes: dict[str, str] | None = None
    signs: dict[Meaning, dict[str, str]] | None = None
    foreign: tuple[str, ...] = ()
    remarks: list[Sentence] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    @property
    def priced(self) -> bool:
        """Return whether the amount of a line is quantity × unit price."""
        return {"quantity", "unit_price"} <= set(self.columns) and "amount" not in self.columns

    @cached_property
    def facts(self) -> Mapping[int, Facts]:
        """What the first cells of each column tell, by its place."""
        return {place: Facts.of(cells) for place, cells in self.samples.items()}

    def first(self, *meanings: Meaning) -> Column | None:
        """Return the column of the first of these meanings that was found."""
        return next((self.columns[each] for each in meanings if each in self.columns), None)

    def every(self, *meanings: Meaning) -> list[Column]:
        """Return the columns of those of these meanings that were found."""
        return [self.columns[each] for each in meanings if each in self.columns]

    @property
    def has_amounts(self) -> bool:
        """Return whether the file tells amounts."""
        return bool({"amount", "amount_minor", "unit_price"} & set(self.columns))
