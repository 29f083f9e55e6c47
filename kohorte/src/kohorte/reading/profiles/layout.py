"""What a profile says about a layout: its columns and its traps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kohorte.language import Text
from kohorte.reading.options import Meaning, Rows


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
    """

    slug: str
    name: Text
    headers: tuple[Mapping[Meaning, str], ...] = ()
    fields: tuple[tuple[Meaning | None, ...], ...] = ()
    delimiter: str | None = None
    rows: Rows | None = None
    currency: str | None = None
    month_first: bool | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    positive_only: bool = False
    not_goods: tuple[str, ...] = ()
