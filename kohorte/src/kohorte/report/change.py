"""What changed, in words: how much, against when, and whether more than chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kohorte.differences import amounts_are_alike, beyond_chance, counts_are_alike
from kohorte.report import periods
from kohorte.report.metric_text import MetricText
from kohorte.report.voice import Voice, percent_digits
from kohorte.results import Row

Tone = Literal["good", "bad", "even"]
# Below so many cases a change in percent is no news: one more customer than one is 100 % more.
FEW = 30
CONFIDENCE_PERCENT = 95.0


@dataclass(frozen=True)
class Change:
    """A change in words. `beyond_chance` is None where chance has no say (a census, no interval).

    Of numbers of orders or customers, and of what these bring, it is False where so many come and go
    by chance, and never True.
    """

    words: str
    sign: int
    beyond_chance: bool | None
    tone: Tone


def describe(
    now: Row, before: Row, metric: MetricText, voice: Voice, *, with_chance: bool = True
) -> Change | None:
    """Say how `now` differs from `before`; None if either has no value.

    Whether that is more than chance explains is said unless `with_chance` is False.
    """
    if now.value is None or before.value is None:
        return None
    when = periods.within(before, voice)
    amount, sign = _amount(now.value, before.value, min(now.n, before.n), metric, voice)
    beyond = _chance(now, before, metric)
    if sign == 0:
        return Change(voice.say("The same as {when}", when=when), 0, None, "even")
    if sign > 0:
        words = voice.say("{amount} more than {when}", amount=amount, when=when)
    else:
        words = voice.say("{amount} less than {when}", amount=amount, when=when)
    if beyond is not None and with_chance:
        words = _with_chance(words, beyond, voice)
    return Change(words, sign, beyond, _tone(sign, beyond, metric))


def _chance(now: Row, before: Row, metric: MetricText) -> bool | None:
    """Tell whether a change is more than chance; None where that is not known."""
    found = beyond_chance(now, before)
    if found is not None or now.value is None or before.value is None:
        return found
    is_chance = False
    if metric.unit == "count":
        is_chance = counts_are_alike(now.value, before.value, confidence_percent=CONFIDENCE_PERCENT)
    elif metric.unit == "money" and metric.direction != "none":
        is_chance = amounts_are_alike(
            now.value,
            before.value,
            n=now.n,
            n_before=before.n,
            confidence_percent=CONFIDENCE_PERCENT,
        )
    return False if is_chance else None


def _with_chance(words: str, beyond: bool, voice: Voice) -> str:
    if beyond:
        return voice.say("{change}, more than chance explains", change=words)
    return voice.say("{change}, within chance", change=words)


def _amount(now: float, before: float, n: int, metric: MetricText, voice: Voice) -> tuple[str, int]:
    """Return the size of the change and its sign; rates and scores in points, all else in percent.

    Of what is below zero there are no percent: a loss that doubles would have risen.
    """
    if metric.unit in ("percent", "points"):
        digits = percent_digits(n) if metric.unit == "percent" else 1
        difference = round(now - before, digits)
        written = voice.number(abs(difference), digits=digits)
        if abs(difference) == 1:
            return voice.say("{number} point", number=written), _sign(difference)
        return voice.say("{number} points", number=written), _sign(difference)
    if before <= 0 or now < 0 or (metric.unit == "count" and min(now, before) < FEW):
        return voice.value(metric.unit, abs(now - before), n=n), _sign(now - before)
    change = round((now / before - 1) * 100, 1)
    return f"{voice.number(abs(change), digits=1)}{voice.percent_sign}", _sign(change)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _tone(sign: int, beyond: bool | None, metric: MetricText) -> Tone:
    if beyond is False or metric.direction == "none":
        return "even"
    return "good" if (sign > 0) == (metric.direction == "up") else "bad"
