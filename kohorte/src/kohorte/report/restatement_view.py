"""Since the last report: which numbers of it are others now, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kohorte.report import periods
from kohorte.report.material import Material
from kohorte.report.metric_text import MetricText
from kohorte.report.periods import Named
from kohorte.yardsticks import Restated, Step


@dataclass(frozen=True)
class StepLine:
    """One step: by how much, and why."""

    amount: str
    name: str


@dataclass(frozen=True)
class Number:
    """One number that is another one now, with the steps between."""

    metric: str
    when: str
    before: str
    after: str
    steps: tuple[StepLine, ...]


@dataclass(frozen=True)
class Since:
    """What changed since the last report, in one sentence, and the numbers that matter most."""

    words: str
    numbers: tuple[Number, ...]


def build(material: Material) -> Since | None:
    """Say what changed; None without an earlier report."""
    found, voice = material.report.restatement, material.voice
    if found is None:
        return None
    if found.refused is not None:
        return Since(voice.tell(found.refused), ())
    when = material.date(found.made_on) if found.made_on else "–"
    if not found.checked:
        words = voice.say("The report of {day} gave no number of a whole period.", day=when)
    elif not found.changed:
        words = voice.say(
            "All {checked} numbers that the report of {day} gave for whole months, quarters and "
            "years are as they were.",
            checked=found.checked,
            day=when,
        )
    else:
        words = voice.say(
            "Of {checked} numbers that the report of {day} gave for whole months, quarters and "
            "years, {changed} {changed:is another one|are others} now.",
            checked=found.checked,
            changed=found.changed,
            day=when,
        )
    return Since(
        words,
        tuple(
            _number(one, material.metrics[one.metric], material)
            for one in found.numbers
            if one.metric in material.metrics
            and _shows(one, material.metrics[one.metric], material)
        ),
    )


def _shows(one: Restated, metric: MetricText, material: Material) -> bool:
    """Tell whether a number is another one as it is written."""
    return _value(one.before, metric, material) != _value(one.after, metric, material)


def _number(one: Restated, metric: MetricText, material: Material) -> Number:
    voice = material.voice
    return Number(
        metric=voice.pick(metric.name),
        when=periods.name(Named(one.grain, one.period, one.starts_on), voice),
        before=_value(one.before, metric, material),
        after=_value(one.after, metric, material),
        steps=tuple(_steps(one.before, one.steps, metric, material)),
    )


def _steps(
    before: float, steps: Sequence[Step], metric: MetricText, material: Material
) -> list[StepLine]:
    """Write the steps as differences of rounded values, so that what stands there adds up."""
    voice, found = material.voice, []
    digits = _digits(metric, material)
    for step in steps:
        moved = round(round(step.value, digits) - round(before, digits), digits)
        before = step.value
        if not moved:
            continue
        amount = _value(abs(moved), metric, material)
        if metric.unit == "percent":
            amount = voice.say("{number} points", number=voice.number(abs(moved), digits=digits))
        sign = "+" if moved > 0 else "−"
        found.append(StepLine(f"{sign}{amount}", step.name.render(voice.language)))
    return found


def _value(value: float, metric: MetricText, material: Material) -> str:
    voice, digits = material.voice, _digits(metric, material)
    match metric.unit:
        case "money":
            return voice.money(value, digits=digits)
        case "percent":
            return f"{voice.number(value, digits=digits)}{voice.percent_sign}"
        case _:
            return voice.number(value, digits=digits)


def _digits(metric: MetricText, material: Material) -> int:
    if metric.unit == "money":
        return material.voice.currency_digits
    return {"count": 0, "ratio": 2}.get(metric.unit, 1)
