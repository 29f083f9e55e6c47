"""What the address of the calculator chooses: the trial that somebody thinks of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kohorte.language import Language
from stammkunde.faces.dashboard import lists
from stammkunde.faces.dashboard.insights import inputs
from stammkunde.insights.trials.plans import CUSTOMERS_LEAST, CUSTOMERS_MOST

MEASURES: dict[str, str | Promise] = {
    "ordered": _("Who orders again"), "revenue": _("Revenue per customer"),
}  # fmt: skip
DAYS = (14, 30, 60, 90, 180)
POWERS = (80, 90, 95)
READ: dict[str, str | Promise] = {
    "once": _("once, at the end"), "looks": _("at four looks"), "always": _("whenever you like"),
}  # fmt: skip
FIELDS = (
    "measure", "days", "customers", "control", "power", "read", "share", "mean", "variation", "where",
)  # fmt: skip
CONTROL, CONTROL_MOST = 10.0, 90.0
MEAN_MOST = 1e9
VARIATION, VARIATION_MOST = 3.0, 100.0


@dataclass(frozen=True)
class Asked:
    """A trial as the address describes it.

    Parameters
    ----------
    customers
        Of all arms; None for all customers of whom the shop knows.
    share, mean
        What customers do without the treatment, where somebody says so: percent who order, and revenue
        per customer; None for what the shop's own orders tell.
    variation
        Standard deviation of revenue in multiples of its mean.
    wrong
        The fields that cannot be read, which are as if they were left out.
    """

    measure: Literal["ordered", "revenue"]
    days: int
    customers: int | None
    control_percent: float
    power_percent: int
    read: Literal["once", "looks", "always"]
    share: float | None
    mean: float | None
    variation: float
    wrong: frozenset[str]

    @property
    def is_own(self) -> bool:
        """Whether the address itself says what customers do without the treatment."""
        return (self.share if self.measure == "ordered" else self.mean) is not None


def read(asked: QueryDict | Mapping[str, str], language: Language) -> Asked:
    """Return what an address asks for.

    Examples
    --------
    >>> found = read({"customers": "10.000", "control": "12,5", "days": "7"}, "de")
    >>> found.customers, found.control_percent, found.days, found.wrong
    (10000, 12.5, 30, frozenset())
    >>> read({"control": "all"}, "en").wrong
    frozenset({'control'})
    """
    wrong: set[str] = set()

    def number(name: str, least: float, most: float) -> float | None:
        text = asked.get(name, "").strip()
        if not text:
            return None
        try:
            found = inputs.number(text[:40], language)
        except ValueError:
            found = -1.0
        if least <= found <= most:
            return found
        wrong.add(name)
        return None

    customers = number("customers", CUSTOMERS_LEAST, CUSTOMERS_MOST)
    days = lists.number(asked.get("days", ""))
    power = lists.number(asked.get("power", ""))
    end = asked.get("read")
    return Asked(
        measure="revenue" if asked.get("measure") == "revenue" else "ordered",
        days=days if days in DAYS else 30,
        customers=None if customers is None else round(customers),
        control_percent=number("control", 1, CONTROL_MOST) or CONTROL,
        power_percent=power if power in POWERS else 80,
        read="always" if end == "always" else "looks" if end == "looks" else "once",
        share=number("share", 0.01, 99.9),
        mean=number("mean", 0.01, MEAN_MOST),
        variation=number("variation", 0.05, VARIATION_MOST) or VARIATION,
        wrong=frozenset(wrong),
    )
