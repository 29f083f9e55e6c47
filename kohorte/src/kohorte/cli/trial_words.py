"""Trials in words: what was measured, by how much arms differ, and what that amounts to."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from kohorte.cli.steps import Amounts
from kohorte.language import Language, Sentence, number, translate

if TYPE_CHECKING:
    from kohorte.experiments.effects import Effect
    from kohorte.experiments.measures import Measure
    from kohorte.experiments.power import Base, Plan
    from kohorte.intervals import Estimate

_TOTALS = {"ordered": "customers with an order", "orders": "orders", "revenue": "revenue"}
_RARE = 0.02
_NAMES = {
    "ordered": "Who ordered",
    "orders": "Orders per customer",
    "revenue": "Revenue per customer",
}


def name(measured: str, spoken: Language) -> str:
    """Return what was measured as people say it; a column of the user's stands as it is."""
    return translate(_NAMES[measured], spoken) if measured in _NAMES else measured


def total(measured: str, spoken: Language) -> str:
    """Return what was measured as one says it of all customers together."""
    return translate(_TOTALS[measured], spoken) if measured in _TOTALS else measured


class Written:
    """How the values of one measure are written."""

    def __init__(
        self, measure: Measure, currency: str | None, spoken: Language, *, usual: float
    ) -> None:
        self.spoken = spoken
        # Of rare things small differences matter.
        self.digits = 2 if measure.kind == "share" and abs(usual) < _RARE else 1
        self.scale = 100.0 if measure.kind == "share" else 1.0
        unit = {"share": "percent", "money": "money", "count": "ratio"}[measure.kind]
        self.amounts = Amounts(unit, currency, spoken)  # type: ignore[arg-type]  # one of the units
        self.is_share = measure.kind == "share"

    def value(self, value: float) -> str:
        """Write a value of an arm."""
        if self.is_share:
            return number(100 * value, self.spoken, digits=self.digits) + self.percent_sign
        return self.amounts.value(self.scale * value)

    @property
    def percent_sign(self) -> str:
        """The sign with the space that German puts before it."""
        return "\N{NO-BREAK SPACE}%" if self.spoken == "de" else "%"

    def difference(self, found: Estimate) -> str:
        """Write a difference with its range: +7,7 Punkte (6,6 bis 8,7)."""
        if found.value is None:
            return "–"
        words = {"value": self._signed(found.value, unit=True)}
        if found.low is None or found.high is None:
            return words["value"]
        words |= {
            "low": self._signed(found.low),
            "high": self._signed(found.high),
        }
        return Sentence("{value} ({low} to {high})", words).render(self.spoken)

    def _signed(self, value: float, *, unit: bool = False) -> str:
        if self.is_share:
            text = number(abs(100 * value), self.spoken, digits=self.digits)
            text += " " + translate("points", self.spoken) if unit else ""
        else:
            text = self.amounts.value(abs(value))
        return signed(text, value)


def whole_percent(percent: float, spoken: Language) -> str:
    """Write a percentage, with a digit behind the mark only where it would else be too coarse."""
    sign = "\N{NO-BREAK SPACE}%" if spoken == "de" else "%"
    is_fine = percent < 10 and percent != round(percent)
    return number(percent, spoken, digits=1 if is_fine else 0) + sign


def signed(text: str, value: float) -> str:
    """Return a written amount with its sign."""
    return ("+" if value >= 0 else "\N{MINUS SIGN}") + text


def percent(found: Estimate, spoken: Language) -> str:
    """Write a change in percent with its range, as far as it is known."""
    if found.value is None:
        return ""
    sign = "\N{NO-BREAK SPACE}%" if spoken == "de" else "%"

    def one(value: float) -> str:
        return signed(number(abs(value), spoken, digits=0), value)

    if found.low is None or found.high is None:
        return one(found.value) + sign
    words = {"value": one(found.value) + sign, "low": one(found.low), "high": one(found.high)}
    return Sentence("{value} ({low} to {high})", words).render(spoken)


def verdict(effect: Effect, spoken: Language) -> str:
    """Return in words whether an effect is more than chance, and whether it is good."""
    if effect.difference.low is None:
        return translate("too few customers to tell", spoken)
    if not effect.is_beyond:
        return translate("within chance", spoken)
    return translate("better, beyond chance" if effect.is_good else "worse, beyond chance", spoken)


def base(measured: str, found: Base, currency: str | None, spoken: Language) -> str:
    """Return what customers do without a treatment."""
    written = Amounts("percent" if found.deviation is None else "money", currency, spoken)
    value = written.value(100 * found.mean if found.deviation is None else found.mean)
    values = {"name": name(measured, spoken), "value": value}
    if found.correlation < 0.005:
        return Sentence("{name}: {value}", values).render(spoken)
    return Sentence(
        "{name}: {value}; the time before foretells it with a correlation of {correlation}",
        {**values, "correlation": number(found.correlation, spoken, digits=2)},
    ).render(spoken)


def looking(found: Base, plan: Plan, spoken: Language) -> str:
    """Return the smallest effect that is found by whoever looks all along."""
    effect = plan.smallest(found)
    if math.isinf(effect):
        return translate("Whoever looks all along finds none.", spoken)
    percent_found = whole_percent(100 * effect / found.mean, spoken)
    return Sentence(
        "That is read once, at the end; whoever looks all along finds effects of {percent} and more.",
        {"percent": percent_found},
    ).render(spoken)


def smallest(measured: str, found: Base, plan: Plan, currency: str | None, spoken: Language) -> str:
    """Return the smallest effect that a plan finds, as a person would say it."""
    effect = plan.smallest(found)
    values: dict[str, object] = {
        "n": plan.customers,
        "control": whole_percent(plan.control_percent, spoken),
        "name": name(measured, spoken),
        "power": whole_percent(plan.power_percent, spoken),
    }
    if math.isinf(effect):
        return Sentence(
            "{name}: with {n} {n:customer|customers} and {control} held back no effect at all is "
            "found with {power} certainty.",
            values,
        ).render(spoken)
    written = Amounts("percent" if found.deviation is None else "money", currency, spoken)
    scale = 100 if found.deviation is None else 1
    values |= {
        "percent": whole_percent(100 * effect / found.mean, spoken),
        "before": written.value(scale * found.mean),
        "after": written.value(scale * (found.mean + effect)),
    }
    return Sentence(
        "{name}: with {n} {n:customer|customers} and {control} held back only effects of {percent} "
        "and more are found with {power} certainty: {before} would have to become {after}.",
        values,
    ).render(spoken)
