"""The shop's own targets: read from a file, found for a number, and judged.

A target file is TOML: a metric and what it is to be, alone or with more words.

    [targets]
    repeat_rate_90_days = 40
    customer_retention_rate = { value = 65, since = 2026-01-01, until = 2026-12-31 }
    revenue = [{ value = 50000, grain = "month" }, { value = 600000, grain = "year" }]

Percent are from 0 to 100, money is in major units.
"""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

from kohorte import metrics
from kohorte.errors import SettingError
from kohorte.results import GRAINS, Row
from kohorte.yardsticks import Target, Verdict

_WORDS = ("value", "grain", "segment", "since", "until")
_NAME = "targets"
Direction = Literal["up", "down", "none"]


def read(path: Path) -> tuple[Target, ...]:
    """Return the targets of a file.

    Raises
    ------
    SettingError
        The file is missing, is not TOML, or holds what is no target.
    UnknownNameError
        It names a metric that does not exist.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingError("The file {file} does not exist.", file=str(path)) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingError(
            "The targets in {file} cannot be read ({problem}). Write them as: "
            "repeat_rate_90_days = 40",
            file=str(path),
            problem=str(error),
        ) from None
    said = content.get(_NAME, content)
    if not isinstance(said, dict) or not said:
        raise SettingError(
            "{file} holds no targets. Write them as: repeat_rate_90_days = 40", file=str(path)
        )
    return parse(said)


def parse(said: Mapping[str, Any]) -> tuple[Target, ...]:
    """Return targets by metric, as a file says them.

    >>> parse({"revenue": [{"value": 50000, "grain": "month"}]})[0].grain
    'month'
    """
    found = tuple(
        _target(slug, one)
        for slug, value in said.items()
        for one in (value if isinstance(value, list) else [value])
    )
    check(found)
    return found


def check(targets: Sequence[Target]) -> None:
    """Refuse targets that cannot hold.

    Raises
    ------
    SettingError
        A value is no number, a range of days is turned round, a total has no grain, or two targets
        hold for the same number.
    """
    for target in targets:
        _check(target)
    for one, other in combinations(targets, 2):
        if _collide(one, other):
            raise SettingError(
                "Two targets hold for {metric} at the same time: {one} and {other}.",
                metric=one.metric,
                one=f"{one.value:g}",
                other=f"{other.value:g}",
            )


def of(row: Row, targets: Sequence[Target]) -> Target | None:
    """Return the target that holds for a number; one of its own grain goes before one of every.

    It holds for periods that lie in its days as a whole. Over all time only a target of the grain
    `all` holds.
    """
    fitting = [target for target in targets if _holds(target, row)]
    return min(fitting, key=lambda target: target.grain is None, default=None)


def judge(row: Row, target: Target, *, direction: Direction) -> Verdict | None:
    """Return how a number stands to its target; None without a number.

    `direction` says whether more or less of the metric is better, or neither.
    """
    if row.value is None:
        return None
    return Verdict(
        target=target,
        grain=row.grain,
        period=row.period,
        value=row.value,
        distance=row.value - target.value,
        is_reached=_reached(row.value - target.value, direction),
        is_within_chance=None
        if row.low is None or row.high is None
        else row.low <= target.value <= row.high,
    )


def _reached(distance: float, direction: Direction) -> bool | None:
    if direction == "none":
        return None
    return distance >= 0 if direction == "up" else distance <= 0


def latest(rows: Sequence[Row], targets: Sequence[Target]) -> Iterator[Verdict]:
    """Give how each target stands in the last whole period it holds for, by grain."""
    for target in targets:
        for grain in (target.grain,) if target.grain else ("month", "quarter", "year"):
            fitting = [
                row
                for row in rows
                if row.grain == grain and row.complete and of(row, targets) is target
            ]
            known = [row for row in fitting if row.value is not None]
            if known:
                last = max(known, key=lambda row: row.starts_on)
                verdict = judge(last, target, direction=metrics.get(last.metric).direction)
                if verdict:
                    yield verdict


def _holds(target: Target, row: Row) -> bool:
    if (target.metric, target.segment) != (row.metric, row.segment):
        return False
    if target.grain is None and row.grain == "all":
        return False
    if target.grain not in (None, row.grain):
        return False
    last = row.ends_on - dt.timedelta(days=1)
    return (target.since or dt.date.min) <= row.starts_on and last <= (target.until or dt.date.max)


def _target(slug: str, said: Any) -> Target:
    metrics.get(slug)
    if not isinstance(said, dict):
        said = {"value": said}
    for word in said:
        if word not in _WORDS:
            raise SettingError(
                "A target has no “{word}”. It has: {words}.", word=word, words=", ".join(_WORDS)
            )
    value = said.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SettingError(
            "The target of {metric} is no number: {value}. Write {metric} = 40.",
            metric=slug,
            value=str(value),
        )
    return Target(
        metric=slug,
        value=float(value),
        grain=said.get("grain"),
        segment=said.get("segment", "all"),
        since=_day(slug, said.get("since")),
        until=_day(slug, said.get("until")),
    )


def _day(slug: str, value: Any) -> dt.date | None:
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    elif value is None or type(value) is dt.date:
        return value
    raise SettingError(
        "“{value}” is no day in the target of {metric}. Write it as 2026-01-31.",
        metric=slug,
        value=str(value),
    )


def _check(target: Target) -> None:
    metric = metrics.get(target.metric)
    if not math.isfinite(target.value):
        raise SettingError(
            "The target of {metric} is no number: {value}. Write {metric} = 40.",
            metric=target.metric,
            value=str(target.value),
        )
    for name, known in ((target.segment, metric.segments), (target.grain or "all", GRAINS)):
        if name not in known:
            raise SettingError(
                "The target of {metric} names “{name}”. There are: {names}.",
                metric=target.metric,
                name=str(name),
                names=", ".join(known),
            )
    if metric.absent == "zero" and target.grain is None:
        raise SettingError(
            "The target of {metric} is a total and takes a grain, such as "
            '`{{ value = {value}, grain = "month" }}`.',
            metric=target.metric,
            value=f"{target.value:g}",
        )
    if target.since and target.until and target.since > target.until:
        raise SettingError(
            "The first day {since} lies after the last day {until}.",
            since=target.since,
            until=target.until,
        )


def _collide(one: Target, other: Target) -> bool:
    if (one.metric, one.segment, one.grain) != (other.metric, other.segment, other.grain):
        return False
    starts = max(one.since or dt.date.min, other.since or dt.date.min)
    ends = min(one.until or dt.date.max, other.until or dt.date.max)
    return starts <= ends
