"""What the address of a page of numbers asks for: periods, comparison, and which customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kohorte import conditions, currencies
from kohorte.conditions import customers
from kohorte.errors import KohorteError
from kohorte.language import Language
from kohorte.results import Grain, Row
from stammkunde.core.shops.models import Shop

GRAINS: dict[Grain, str | Promise] = {
    "month": _("Months"), "quarter": _("Quarters"), "year": _("Years"), "week": _("Weeks"),
    "day": _("Days"), "all": _("All time"),
}  # fmt: skip
COMPARED: dict[str, str | Promise] = {
    "year": _("a year before"), "before": _("the period before"),
}  # fmt: skip
CONDITION_MAX = 2_000


@dataclass(frozen=True)
class Controls:
    """What is chosen.

    Parameters
    ----------
    period
        The label of a period; empty for the last one that is over.
    where
        A condition on customers; empty for all.
    fault
        What is wrong with the condition, in the reader's language.
    said
        The condition as a sentence.
    """

    grain: Grain
    period: str
    compared: str
    where: str
    fault: str = ""
    said: str = ""

    @property
    def grains(self) -> list[tuple[Grain, str | Promise, bool]]:
        """Return the lengths of a period with whether they are chosen."""
        return [(name, label, name == self.grain) for name, label in GRAINS.items()]

    @property
    def comparisons(self) -> list[tuple[str, str | Promise, bool]]:
        """Return what can be compared with."""
        return [(name, label, name == self.compared) for name, label in COMPARED.items()]


def read(asked: QueryDict, shop: Shop, language: Language) -> Controls:
    """Return what an address asks for; what it gets wrong is as if it were left out."""
    grain = asked.get("grain", "")
    compared = asked.get("compare", "")
    where = asked.get("where", "").strip()[:CONDITION_MAX]
    fault, said = _check(where, shop, language)
    return Controls(
        grain=grain if grain in GRAINS else "month",  # type: ignore[arg-type]  # one of the grains
        period=asked.get("period", ""),
        compared=compared if compared in COMPARED else "year",
        where="" if fault else where,
        fault=fault,
        said=said,
    )


def _check(where: str, shop: Shop, language: Language) -> tuple[str, str]:
    """Return what is wrong with a condition, or else what it says."""
    if not where:
        return "", ""
    facts = customers.facts(exponent=currencies.exponent(shop.currency))
    try:
        node = conditions.parse(where, facts)
    except KohorteError as error:
        return error.render(language), ""
    return "", conditions.sentence(node, facts=facts, language=language, currency=shop.currency)


def chosen(rows: Sequence[Row], controls: Controls) -> Row | None:
    """Return the row of the period that is asked for, or the last one that is over."""
    named = next((row for row in rows if row.period == controls.period), None)
    if named:
        return named
    whole = next((row for row in reversed(rows) if row.complete), None)
    return whole or (rows[-1] if rows else None)


def against(rows: Sequence[Row], row: Row, controls: Controls) -> Row | None:
    """Return the row to compare with: a year before or just before; only one that is over and known."""
    if row.grain == "all":
        return None
    usable = [other for other in rows if other.complete and other.value is not None]
    before = next((other for other in usable if other.ends_on == row.starts_on), None)
    if controls.compared == "before" or row.grain == "year":
        return before
    return next((other for other in usable if _is_year_before(other, row)), None)


def _is_year_before(other: Row, row: Row) -> bool:
    if row.grain in ("day", "week"):
        return (row.starts_on - other.starts_on).days == 364
    first, then = other.starts_on, row.starts_on
    return (first.year + 1, first.month) == (then.year, then.month)
