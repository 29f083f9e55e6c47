"""The shop's targets: beside a number, as a line in a chart, and all of them in one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kohorte import targets
from kohorte.language import translate
from kohorte.report import periods
from kohorte.report.charts import Point
from kohorte.report.material import Material
from kohorte.report.metric_text import MetricText
from kohorte.report.voice import percent_digits
from kohorte.results import Row
from kohorte.yardsticks import Target, Verdict

Tone = Literal["good", "bad", "even"]


@dataclass(frozen=True)
class Aim:
    """How a number stands to its target, in words, with and without the target."""

    words: str
    result: str
    tone: Tone


@dataclass(frozen=True)
class Line:
    """One row of the table of targets."""

    metric: str
    segment: str
    when: str
    target: str
    value: str
    aim: Aim


def build(material: Material) -> list[Line]:
    """Make a row of every target in the last whole period that it holds for."""
    rows = {(row.metric, row.grain, row.period, row.segment): row for row in material.report.rows}
    found = []
    for verdict in material.report.verdicts:
        target = verdict.target
        key = (target.metric, verdict.grain, verdict.period, target.segment)
        metric, row = material.metrics.get(target.metric), rows.get(key)
        if metric is not None and row is not None:
            found.append(_line(verdict, row, metric, material))
    return found


def beside(row: Row, metric: MetricText, material: Material) -> Aim | None:
    """Say how a number stands to its target, where there is one."""
    target = targets.of(row, material.report.targets)
    if target is None:
        return None
    verdict = targets.judge(row, target, direction=metric.direction)
    return None if verdict is None else _aim(verdict, row, metric, material)


def points(rows: Sequence[Row], metric: MetricText, material: Material) -> tuple[Point, ...]:
    """Return the target at every point of a chart; nothing where there is none at all."""
    goals = [targets.of(row, material.report.targets) for row in rows]
    if not any(goals):
        return ()
    return tuple(
        Point(None) if goal is None else Point(goal.value, text=goal_text(goal, metric, material))
        for goal in goals
    )


def _line(verdict: Verdict, row: Row, metric: MetricText, material: Material) -> Line:
    voice = material.voice
    segment = "" if row.segment == "all" else translate(row.segment, voice.language)
    return Line(
        metric=voice.pick(metric.name),
        segment=segment,
        when=periods.name(row, voice),
        target=goal_text(verdict.target, metric, material),
        value=voice.value(metric.unit, verdict.value, n=row.n),
        aim=_aim(verdict, row, metric, material),
    )


def _aim(verdict: Verdict, row: Row, metric: MetricText, material: Material) -> Aim:
    voice = material.voice
    if verdict.is_reached:
        result = voice.say("reached")
    else:
        amount = _distance(verdict, row, metric, material)
        if verdict.distance > 0:
            result = voice.say("{amount} above", amount=amount)
        else:
            result = voice.say("{amount} below", amount=amount)
    if verdict.is_within_chance:
        result = voice.say("{change}, within chance", change=result)
    goal = goal_text(verdict.target, metric, material)
    words = voice.say("Target {goal}: {result}", goal=goal, result=result)
    if verdict.is_within_chance or verdict.is_reached is None:
        return Aim(words, result, "even")
    return Aim(words, result, "good" if verdict.is_reached else "bad")


def goal_text(target: Target, metric: MetricText, material: Material) -> str:
    """Write a target with the digits it has: 65 %, 62,5 %."""
    voice = material.voice
    if metric.unit != "percent":
        return voice.value(metric.unit, target.value, n=100)
    digits = 0 if float(target.value).is_integer() else 1
    return f"{voice.number(target.value, digits=digits)}{voice.percent_sign}"


def _distance(verdict: Verdict, row: Row, metric: MetricText, material: Material) -> str:
    voice = material.voice
    distance = abs(verdict.distance)
    if metric.unit != "percent":
        return voice.value(metric.unit, distance, n=row.n)
    number = voice.number(distance, digits=percent_digits(row.n))
    if round(distance, percent_digits(row.n)) == 1:
        return voice.say("{number} point", number=number)
    return voice.say("{number} points", number=number)
