"""Why they leave and send back: the commonest reasons of each kind, in the customers' words."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from kohorte.intervals import Estimate
from kohorte.report import axis, cards, interval_bars
from kohorte.report.axis import Axis
from kohorte.report.material import Material
from kohorte.results import Reason, Reasons

MOST_REASONS = 8


@dataclass(frozen=True)
class ReasonRow:
    """One reason with its share."""

    words: str
    times: str
    text: str
    interval: str
    picture: Markup
    raw: str


@dataclass(frozen=True)
class ReasonsView:
    """One kind of reasons; `rest` says what is not shown."""

    kind: str
    title: str
    counted: str
    rows: tuple[ReasonRow, ...]
    scale: tuple[str, str]
    rest: str
    summary: str
    thin: bool


def build(material: Material) -> list[ReasonsView]:
    """Show every kind of which reasons were stated."""
    return [_view(one, material) for one in material.report.reasons if one.reasons]


def _view(one: Reasons, material: Material) -> ReasonsView:
    voice = material.voice
    shown, rest = one.reasons[:MOST_REASONS], one.reasons[MOST_REASONS:]
    ends = [end for each in shown for end in (each.percent, each.high or each.percent)]
    scale = axis.fit(ends, "percent", voice, from_zero=True)
    counted = voice.say("{count} stated", count=one.given)
    if one.silent:
        counted = voice.say(
            "{count} stated, {silent} without a reason", count=one.given, silent=one.silent
        )
    left = voice.say(
        "{count} more, stated {times} {times:time|times}",
        count=len(rest),
        times=sum(each.times for each in rest),
    )
    return ReasonsView(
        one.kind,
        voice.pick(one.name),
        counted,
        tuple(_row(each, one.given, scale, material) for each in shown),
        (scale.labels[0], scale.labels[-1]),
        left if rest else "",
        _summary(one, material),
        one.given < cards.RELIABLE_N,
    )


def _row(reason: Reason, given: int, scale: Axis, material: Material) -> ReasonRow:
    voice = material.voice
    interval = ""
    if reason.low is not None and reason.high is not None:
        interval = voice.interval("percent", reason.low, reason.high, n=given)
    estimate = Estimate(reason.percent, reason.low, reason.high)
    return ReasonRow(
        reason.words,
        voice.count(reason.times),
        voice.percent(reason.percent, n=given),
        interval,
        interval_bars.draw(estimate, scale),
        interval_bars.raw(estimate, n=reason.times),
    )


def _summary(one: Reasons, material: Material) -> str:
    """Name the commonest reason, unless there are too few or the next is as common."""
    voice = material.voice
    if one.given < cards.RELIABLE_N:
        return voice.say("Only {n} {n:case|cases}: too few to rely on.", n=one.given)
    first = one.reasons[0]
    share = voice.percent(first.percent, n=one.given)
    if len(one.reasons) > 1 and one.reasons[1].times == first.times:
        return ""
    return voice.say("Stated most often: “{reason}”, {share}.", reason=first.words, share=share)
