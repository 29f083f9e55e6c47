"""What a profile says about a layout: its columns and its traps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kohorte.language import Sentence, Text
from kohorte.reading.meaning.words import compact
from kohorte.reading.options import MEANINGS, Meaning, Rows


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One layout of files that a system writes, or that is known for other reasons.

    Parameters
    ----------
    slug, name
        How the layout is called in programs and by people.
    headers
        Alternatives of its header: meaning → header, written as `words.compact` writes it. A file
        that has all columns of one alternative is of this layout.
    signs
        Alternatives of the columns by which a file is known to be of this layout, whatever else
        it has; written like `headers`.
    columns
        With `signs`: the headers that may bear each meaning; the first one found does.
    seen
        Whether the header is known from a file, or from the program that writes it. If not, the
        layout comes from its documentation: what `columns` leaves open is guessed, and a remark
        asks to check.
    without
        Meanings that no column has, however much one looks like it.
    fields
        Alternatives for files without a header: the meanings from left to right, None for a
        column of no interest. They are tried on files whose cells are parted by `delimiter`.
    delimiter
        Of files without a header.
    rows
        What a row is.
    currency
        Currency of all amounts, if the layout is known to have one.
    month_first
        How dates such as 3/4/2024 are to be read where the file itself does not tell.
    kinds
        Beginnings of order ids that say what the order is: `cancellation` or `adjustment`.
    positive_only
        Whether a line counts only with a quantity and a price above zero.
    not_goods
        Product ids that are no goods (postage, fees, vouchers), in capitals, `*` for any ending.
    states
        What the words of the status column say where they differ from those of other systems:
        word, written as `words.normal` writes it → state.
    flags
        Columns beside the status that say something about the order: header → word → state. The
        word `*` stands for any text at all. They outweigh the status.
    filled_down
        Meanings that stand only in the first row of an order.
    apostrophes
        Whether an apostrophe before a cell only keeps a spreadsheet from taking it for a number.
    cuts
        Meanings whose number stands inside a text: a pattern with one group; several are added.
    guests
        Customer numbers that stand for nobody. Guests are known by their addresses.
    zone
        Zone of times without an offset, where it is not the shop's.
    holds
        What the file is about: orders, or customers or contracts beside the orders of other files.
    marketplace
        Whether the buyers are a marketplace's, under addresses that change: such orders count,
        but have no customer.
    taxes, postage
        Whether the amounts of orders hold them; None if the file does not tell.
    remarks
        What a reader of the numbers has to know.
    """

    slug: str
    name: Text
    headers: tuple[Mapping[Meaning, str], ...] = ()
    signs: tuple[frozenset[str], ...] = ()
    columns: Mapping[Meaning, tuple[str, ...]] = field(default_factory=dict)
    seen: bool = True
    without: tuple[Meaning, ...] = ()
    fields: tuple[tuple[Meaning | None, ...], ...] = ()
    delimiter: str | None = None
    rows: Rows | None = None
    currency: str | None = None
    month_first: bool | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    positive_only: bool = False
    not_goods: tuple[str, ...] = ()
    states: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    filled_down: tuple[Meaning, ...] = ()
    apostrophes: bool = False
    cuts: Mapping[Meaning, str] = field(default_factory=dict)
    guests: tuple[str, ...] = ()
    zone: str | None = None
    holds: Literal["orders", "customers", "subscriptions"] = "orders"
    marketplace: bool = False
    taxes: Literal["inside", "outside"] | None = None
    postage: Literal["inside", "outside"] | None = None
    remarks: tuple[Sentence, ...] = ()


def signs(text: str) -> frozenset[str]:
    """Write the headers by which a layout is known, parted by commas.

    >>> sorted(signs("Order ID, Sale Date"))
    ['orderid', 'saledate']
    """
    return frozenset(compact(header) for header in text.split(","))


def headers(**columns: str) -> dict[Meaning, tuple[str, ...]]:
    """Write which headers may bear which meaning, the likeliest first, parted by commas.

    >>> headers(order_id="Order ID, Id")
    {'order_id': ('orderid', 'id')}
    """
    return {
        meaning: tuple(compact(header) for header in text.split(","))
        for meaning in MEANINGS
        if (text := columns.get(meaning))
    }
