"""Value axes with round steps; drawn the same in print and on screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log10

from kohorte.report.voice import Voice
from kohorte.results import Unit

STEPS_WANTED = 4
MILLION = 1_000_000


@dataclass(frozen=True)
class Axis:
    """From `low` to `high` in steps of `step`, with the words at each step."""

    low: float
    high: float
    step: float
    labels: tuple[str, ...]

    @property
    def ticks(self) -> tuple[float, ...]:
        """The values at which a line is drawn."""
        return tuple(self.low + index * self.step for index in range(len(self.labels)))


def fit(values: Iterable[float], unit: Unit, voice: Voice, *, from_zero: bool) -> Axis:
    """Return the axis that holds all values.

    Bars and areas start at zero. Lines do so too unless everything lies in the upper part: then
    the axis is cut, and the chart says where it begins.
    """
    found = list(values) or [0.0]
    lowest, highest = min(found), max(found)
    cut = not from_zero and lowest > 0.5 * highest > 0
    bottom = lowest if cut else min(lowest, 0.0)
    top = max(highest, 0.0) if highest != bottom else bottom + 1.0
    step = _round_step((top - bottom) / STEPS_WANTED, whole=unit == "count")
    low, high = floor(bottom / step) * step, ceil(top / step) * step
    if unit == "percent":
        high = min(high, max(100.0, low + step))
    count = round((high - low) / step) + 1
    ticks = [round(low + index * step, 9) for index in range(count)]
    labels = tuple(_label(tick, step, high, unit, voice) for tick in ticks)
    return Axis(low, low + (count - 1) * step, step, labels)


def _round_step(rough: float, *, whole: bool) -> float:
    power = 10.0 ** floor(log10(rough))
    step = next(power * times for times in (1, 2, 2.5, 5, 10) if power * times >= rough * 0.999)
    return max(1.0, ceil(step)) if whole else step


def _label(value: float, step: float, highest: float, unit: Unit, voice: Voice) -> str:
    match unit:
        case "percent":
            return f"{voice.number(value, digits=_digits(step))}{voice.percent_sign}"
        case "money" if value == 0:
            return voice.money(0, digits=0)
        case "money" if highest >= MILLION:
            return voice.millions(value / MILLION, digits=_digits(step / MILLION))
        case "money":
            return voice.money(value, digits=_digits(step))
        case _:
            return voice.number(value, digits=_digits(step))


def _digits(step: float) -> int:
    """Return the digits with which all multiples of the step can be written."""
    return next((digits for digits in range(6) if abs(round(step, digits) - step) < 1e-9), 6)
