"""What is taken out of the amounts of a file before they count: taxes and postage."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kohorte.reading.amounts.decimals import Mark
from kohorte.reading.source import Column


@dataclass(frozen=True, kw_only=True)
class Part:
    """A column of numbers beside the amounts: taxes, postage, or the amounts without taxes.

    Parameters
    ----------
    column, mark
        The column and its decimal mark.
    of_order
        Whether a cell stands for the whole order and is repeated on each of its lines.
    """

    column: Column
    mark: Mark
    of_order: bool = False


@dataclass(frozen=True, kw_only=True)
class Deductions:
    """What is taken out, and by which columns or rates; at most one of the four knows the taxes.

    Parameters
    ----------
    tax
        The column with the taxes.
    net
        The column with the amounts – or unit prices – without taxes.
    tax_percent
        The column with the rate of the taxes in percent, or as a share.
    rate
        The amount without taxes as a part of the amount with them: 100/119.
    by_country
        Whether that part is the one of the buyer's country on the day of the order.
    takes_taxes
        Whether taxes are taken out; otherwise they only help to take out the postage.
    postage
        The column with the postage to be taken out.
    postage_is_net
        Whether that postage holds no taxes though the amounts do.
    """

    tax: Part | None = None
    net: Part | None = None
    tax_percent: Part | None = None
    rate: Fraction | None = None
    by_country: bool = False
    takes_taxes: bool = False
    postage: Part | None = None
    postage_is_net: bool = False

    @property
    def parts(self) -> dict[str, Part]:
        """The columns that have to be read, by what they hold."""
        found = {
            "tax": self.tax,
            "net": self.net,
            "tax_percent": self.tax_percent,
            "postage": self.postage,
        }
        return {name: part for name, part in found.items() if part is not None}

    @property
    def by_amounts(self) -> bool:
        """Whether amounts in the file tell the taxes, and no rate."""
        return self.tax is not None or self.net is not None

    @property
    def by_rates(self) -> bool:
        """Whether rates tell the taxes."""
        return self.tax_percent is not None or self.rate is not None or self.by_country
