"""Which branch of German accounting holds for what a unit promises: decisions on plain data.

Not legal advice: the shop says what its units promise, the books say which rule follows from it, and
the shop's accountant decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, get_args

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Branch = Literal["provision", "liability", "rebate", "none"]
BRANCHES: tuple[Branch, ...] = get_args(Branch)


@dataclass(frozen=True)
class Rule:
    """A branch in words: what it is for, what the books then show, and where it is written."""

    name: str | Promise
    meaning: str | Promise
    source: str


RULES: dict[Branch, Rule] = {
    "provision": Rule(
        _("Provision"),
        _(
            "Points that were granted for purchases and pay for later ones: a provision for the "
            "points open on the balance sheet date, as far as their use is probable."
        ),
        "§ 249 Abs. 1 Satz 1, § 253 Abs. 1 Satz 2 HGB; BFH 29.09.2022, IV R 20/19",
    ),
    "liability": Rule(
        pgettext_lazy("books", "Liability"),
        _(
            "Money that customers paid or got back, such as gift cards and store credit: a liability "
            "of the full amount, whatever is expected of its use."
        ),
        "§ 246 Abs. 1, § 253 Abs. 1 Satz 2 HGB",
    ),
    "rebate": Rule(
        _("No provision: rebate"),
        _(
            "Vouchers and points that only make a later purchase cheaper: no provision, the rebate "
            "lowers the revenue of that purchase."
        ),
        "BFH 19.09.2012, IV R 45/09",
    ),
    "none": Rule(
        _("Nothing to book"),
        _("Units that pay for nothing, such as status points: nothing is booked."),
        "–",
    ),
}
_USUAL: dict[str, Branch] = {"points": "provision", "money": "liability"}


def usual(kind: str) -> Branch:
    """Return the branch that usually holds for a kind of unit, until the shop says otherwise.

    Examples
    --------
    >>> usual("points"), usual("money"), usual("status")
    ('provision', 'liability', 'none')
    """
    return _USUAL.get(kind, "none")


def owed_minor(branch: Branch, *, open_value: Decimal, expected_value: Decimal) -> int:
    """Return what stands in the balance sheet, in whole minor units of money, halves upwards.

    Parameters
    ----------
    open_value
        All open units at their unit value, in minor units.
    expected_value
        Those of them that are expected to be redeemed.

    Examples
    --------
    >>> some = {"open_value": Decimal(1000), "expected_value": Decimal("612.5")}
    >>> [owed_minor(branch, **some) for branch in ("provision", "liability", "rebate")]
    [613, 1000, 0]
    """
    value = {"provision": expected_value, "liability": open_value}.get(branch, Decimal(0))
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))
