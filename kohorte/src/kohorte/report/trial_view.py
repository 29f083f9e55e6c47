"""What a trial showed: each measure with its arms, their differences to the control group and what they brought."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from kohorte.intervals import Estimate
from kohorte.report import axis, interval_bars
from kohorte.report.axis import Axis
from kohorte.report.material import Material
from kohorte.report.voice import DASH, MINUS, NO_BREAK
from kohorte.results import Arm, Measured, Ranged, Unit


@dataclass(frozen=True)
class ArmRow:
    """One arm in one measure."""

    name: str
    value: str
    difference: str
    interval: str
    percent: str
    n: str
    picture: Markup
    raw: str


@dataclass(frozen=True)
class MeasureView:
    """One measure; the control group stands above the others."""

    slug: str
    name: str
    meaning: str
    control: ArmRow
    arms: tuple[ArmRow, ...]
    scale: tuple[str, str]
    summary: str


@dataclass(frozen=True)
class TrialView:
    """The chapter."""

    counted: str
    summary: str
    measures: tuple[MeasureView, ...]
    notes: tuple[str, ...]


def build(material: Material) -> TrialView | None:
    """Show the trial; None where there was none."""
    found = material.report.trial
    if found is None:
        return None
    voice = material.voice
    measures = tuple(_measure(one, found.control, material) for one in found.measures)
    return TrialView(
        counted=voice.say(
            "{n} customers; “{control}” got nothing.", n=found.customers, control=found.control
        ),
        summary=f"{measures[0].name}: {measures[0].summary}" if found.is_readable else "",
        measures=measures,
        notes=tuple(map(voice.tell, found.notes)),
    )


def _measure(one: Measured, control: str, material: Material) -> MeasureView:
    voice = material.voice
    unit: Unit = "points" if one.unit == "percent" else one.unit
    ends = [0.0]
    for arm in one.arms:
        found = (arm.difference.value, arm.difference.low, arm.difference.high)
        ends += [end for end in found if end is not None]
    scale = axis.fit(ends, unit, voice, from_zero=True)
    return MeasureView(
        slug="".join(each if each.isalnum() else "-" for each in one.slug.lower()),
        name=voice.pick(one.name),
        meaning=voice.say(
            "Difference to the control group in points, with its range; the line is no difference."
        )
        if one.unit == "percent"
        else voice.say(
            "Difference to the control group, with its range; the line is no difference."
        ),
        control=ArmRow(
            control,
            voice.value(one.unit, one.control, n=one.n_control),
            "",
            "",
            "",
            voice.count(one.n_control),
            Markup(""),
            interval_bars.raw(Estimate(0.0), n=one.n_control),
        ),
        arms=tuple(_arm(arm, one.unit, unit, scale, material) for arm in one.arms),
        scale=(scale.labels[0], scale.labels[-1]),
        summary=" ".join(_said(arm, one, material) for arm in one.arms),
    )


def _arm(arm: Arm, own: Unit, unit: Unit, scale: Axis, material: Material) -> ArmRow:
    voice = material.voice
    estimate = Estimate(arm.difference.value, arm.difference.low, arm.difference.high)
    return ArmRow(
        arm.name,
        voice.value(own, arm.value, n=arm.n),
        _signed(arm.difference.value, unit, material),
        _range(arm.difference, unit, material),
        _percent(arm.percent, material),
        voice.count(arm.n),
        interval_bars.draw(estimate, scale, middle=0.0),
        interval_bars.raw(estimate, n=arm.n),
    )


def _said(arm: Arm, one: Measured, material: Material) -> str:
    """Say whether an arm is better, and what it brought in all."""
    voice = material.voice
    if arm.difference.low is None:
        return voice.say("“{arm}”: too few customers to tell.", arm=arm.name)
    if arm.is_good is None:
        return voice.say("“{arm}”: the difference is within chance.", arm=arm.name)
    said = (
        voice.say("“{arm}”: better by more than chance.", arm=arm.name)
        if arm.is_good
        else voice.say("“{arm}”: worse by more than chance.", arm=arm.name)
    )
    if arm.total is None or arm.total.value is None:
        return said
    unit: Unit = "money" if one.unit == "money" else "count"
    return f"{said} " + voice.say(
        "In all {value} beyond what would have come anyway, range {range}.",
        value=voice.value(unit, arm.total.value, n=arm.n),
        range=_range(arm.total, unit, material),
    )


def _signed(value: float | None, unit: Unit, material: Material) -> str:
    if value is None:
        return DASH
    return _with_sign(material.voice.value(unit, abs(value), n=1000), value)


def _with_sign(text: str, value: float) -> str:
    """Put a sign before an amount, but none before what is written as nothing."""
    if not any(each in "123456789" for each in text):
        return text
    return ("+" if value >= 0 else MINUS) + text


def _range(found: Ranged, unit: Unit, material: Material) -> str:
    if found.low is None or found.high is None:
        return ""
    return material.voice.interval(unit, found.low, found.high, n=1000).replace(" ", NO_BREAK)


def _percent(found: Ranged, material: Material) -> str:
    if found.value is None:
        return ""
    text = material.voice.number(abs(found.value), digits=0) + material.voice.percent_sign
    return _with_sign(text, found.value)
