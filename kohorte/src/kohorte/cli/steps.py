"""Steps from one number to another as lines that add up as they are written.

The values are rounded, not the steps: a step is written as the difference of the rounded values
before and after it, so that what a person adds up is what stands there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kohorte import currencies
from kohorte.language import Language, Sentence, money, number, translate
from kohorte.results import Unit
from kohorte.yardsticks import Step

_DIGITS = {"percent": 1, "count": 0, "ratio": 2, "points": 1}


class Amounts:
    """How numbers of one unit are written and rounded."""

    def __init__(self, unit: Unit, currency: str | None, spoken: Language) -> None:
        self.unit = unit
        self.currency = currency
        self.spoken = spoken
        self.digits = currencies.exponent(currency) if unit == "money" else _DIGITS.get(unit, 1)

    def rounded(self, value: float) -> float:
        """Round a value as it is written."""
        return round(value, self.digits)

    def value(self, value: float) -> str:
        """Write a value: 83,0 %, 471,52 €."""
        if self.unit == "money":
            return money(self.rounded(value), self.currency, self.spoken)
        signs = {"percent": "\N{NO-BREAK SPACE}%" if self.spoken == "de" else "%", "hours": " h"}
        return number(value, self.spoken, digits=self.digits) + signs.get(self.unit, "")

    def move(self, before: float, after: float) -> str:
        """Write the difference of two values as they are written: −16,6 Punkte."""
        difference = round(self.rounded(after) - self.rounded(before), self.digits)
        sign = "+" if difference >= 0 else "−"
        if self.unit == "money":
            return sign + money(abs(difference), self.currency, self.spoken)
        written = number(abs(difference), self.spoken, digits=self.digits)
        if self.unit == "percent":
            written = Sentence("{number} points", {"number": written}).render(self.spoken)
        return sign + written

    def moves(self, before: float, after: float) -> bool:
        """Tell whether a difference shows when both values are written."""
        return self.rounded(before) != self.rounded(after)


def lines(start: float, steps: Sequence[Step], amounts: Amounts) -> Iterator[str]:
    """Write the steps that show."""
    for before, step in _along(start, steps):
        if amounts.moves(before, step.value):
            name = step.name.render(amounts.spoken)
            yield f"  {amounts.move(before, step.value):>16}  {name}"


def without_effect(start: float, steps: Sequence[Step], amounts: Amounts) -> str:
    """Name the steps that change nothing, in one line; empty if there are none."""
    names = [
        step.name.render(amounts.spoken)
        for before, step in _along(start, steps)
        if not amounts.moves(before, step.value)
    ]
    if not names:
        return ""
    return Sentence("Without effect here: {names}.", {"names": "; ".join(names)}).render(
        amounts.spoken
    )


def order_matters(spoken: Language) -> str:
    """Say that the steps depend on their order."""
    return translate(
        "Each step replaces one thing, given all above it. In another order the steps would have "
        "other sizes; their sum would be the same.",
        spoken,
    )


def _along(start: float, steps: Sequence[Step]) -> Iterator[tuple[float, Step]]:
    """Give each step with the value before it."""
    before = start
    for step in steps:
        yield before, step
        before = step.value
