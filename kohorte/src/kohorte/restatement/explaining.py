"""From the number an earlier report gave to the number of now."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

import kohorte
from kohorte import metrics, relations
from kohorte.engine import Engine
from kohorte.errors import KohorteError, SettingError
from kohorte.history import History
from kohorte.language import Sentence
from kohorte.metrics import Metric
from kohorte.periods import Span
from kohorte.restatement import changes
from kohorte.restatement.kept import FILE, Kept, damaged, load, save
from kohorte.results import Grain, Row
from kohorte.settings import Settings
from kohorte.tables import EVERY
from kohorte.yardsticks import Restated, Step

DECIMALS = 6
# Settings that are only valid together are one step.
_TOGETHER = (("active_days", "retention_days"), ("since", "until"))
# Days are kept as they were; a change of the zone shows in the orders' days.
_OF_DAYS = ("timezone",)

# A metric, a grain, and the row of the earlier report with the value of then.
Number = tuple[Metric, Grain, Mapping[str, Any]]


def explain(history: History, folder: Path, slug: str, *, grain: Grain, period: str) -> Restated:
    """Return why one number of the report in a folder is another one now.

    Raises
    ------
    KohorteError
        The folder holds no report, that of another shop, or not this number; or the metric is made
        of more than orders.
    """
    metric = metrics.get(slug)
    _require_orders_only(history, metric)
    kept = load(folder)
    known = [
        row
        for row in kept.rows
        if (row["metric"], row["grain"], row["period"], row["segment"])
        == (slug, grain, period, "all")
    ]
    if not known or known[0]["value"] is None:
        raise KohorteError(
            "The earlier report in {folder} gives no value of {metric} for {period}: {reason}",
            folder=str(folder),
            metric=slug,
            period=period,
            reason=(known[0]["reason"] if known else None) or "–",
        )
    number = metric, grain, known[0]
    now = _row(history, *number)
    if now is None or now.value is None:
        raise KohorteError(
            "The number is not known: {reason}",
            reason=now.reason if now and now.reason else Sentence("No order counts."),
        )
    (found,) = restated(history, kept, [number])
    return found


def _require_orders_only(history: History, metric: Metric) -> None:
    beside = tables_beside(history, metric)
    if beside:
        raise KohorteError(
            "{metric} is made of more than orders ({tables}); of an earlier report only orders are "
            "kept.",
            metric=metric.slug,
            tables=", ".join(beside),
        )


def tables_beside(history: History, metric: Metric) -> list[str]:
    """Return the tables with data that a metric reads and that no report keeps."""
    text = relations.compose(metric.sql)
    read = [name for name in EVERY if name not in ("orders", "refunds") and _reads(text, name)]
    return [
        name
        for name in read
        if history.engine.rows(f"SELECT 1 AS found FROM {name} LIMIT 1")
        and not (name == "order_lines" and "products" in history.lacking)
    ]


def _reads(text: str, table: str) -> bool:
    words = text.replace("(", " ").replace(")", " ").replace(",", " ").split()
    return any(
        before in ("FROM", "JOIN") and word == table for before, word in itertools.pairwise(words)
    )


def restated(history: History, kept: Kept, numbers: Sequence[Number]) -> list[Restated]:
    """Walk from then to now once, with all numbers at every stage."""
    with _chain(history, kept) as engine:
        stages = list(_values(engine, history, kept, numbers))
    found = []
    for place, (metric, grain, row) in enumerate(numbers):
        value, steps = float(row["value"]), []
        for slug, name, values in stages:
            after = values[place]
            if after is None:
                continue
            if round(after, DECIMALS) != round(value, DECIMALS):
                steps.append(Step(slug, name, after - value, after))
                value = after
        start = dt.date.fromisoformat(row["starts_on"])
        found.append(
            Restated(
                metric.slug, grain, row["period"], start, float(row["value"]), value, tuple(steps)
            )
        )
    return found


@contextmanager
def _chain(history: History, kept: Kept) -> Iterator[Engine]:
    """Lay the orders of then beside those of now."""
    if kept.only != tuple(text.en for text in history.narrowed):
        raise KohorteError(
            "The earlier report is about other customers than these numbers: {then}. Use the same "
            "--where.",
            then="; ".join(kept.only) or "–",
        )
    if kept.currency != history.currency:
        raise KohorteError(
            "The earlier report counts in {then}, these numbers in {now}; they cannot be compared.",
            then=kept.currency or "–",
            now=history.currency or "–",
        )
    with Engine() as engine, tempfile.TemporaryDirectory(prefix="kohorte-") as folder:
        after = Path(folder) / FILE
        save(history, after)
        changes.read(engine, "orders_now", after)
        try:
            changes.read(engine, "orders_then", kept.orders)
        except duckdb.Error as error:
            raise damaged(kept.folder) from error
        changes.lay_side_by_side(engine)
        changes.require_same_shop(engine, kept.folder)
        yield engine


Stage = tuple[str, Sentence, list[float | None]]


def _values(
    engine: Engine, history: History, kept: Kept, numbers: Sequence[Number]
) -> Iterator[Stage]:
    """Give every stage with all numbers after it."""

    def values(settings: Settings, replaced: Sequence[str]) -> list[float | None]:
        engine.forget_all()
        lacking = changes.write_orders(engine, replaced)
        stage = History(
            engine,
            settings=dataclasses.replace(settings, timezone="UTC"),
            currency=history.currency,
            exponent=history.exponent,
            lacking=lacking,
        )
        return [_value(stage, *number) for number in numbers]

    versions = {"then": kept.version, "now": kohorte.__version__}
    name = Sentence("kohorte {now} calculates otherwise than {then}", versions)
    if kept.version == kohorte.__version__:
        name = Sentence("What the earlier report did not keep")
    yield "program", name, values(kept.settings, ())
    settings = kept.settings
    for said, settings in _settings(kept.settings, history.settings):
        yield "settings", said, values(settings, ())
    replaced: list[str] = []
    zones = kept.settings.timezone, history.settings.timezone
    for difference in changes.differences(engine, zones=zones):
        replaced.append(difference.slug)
        yield difference.slug, difference.name, values(settings, replaced)
    now = [_value(history, *number) for number in numbers]
    yield "rest", Sentence("What the earlier report did not keep"), now


def _value(history: History, metric: Metric, grain: Grain, row: Mapping[str, Any]) -> float | None:
    found = _row(history, metric, grain, row)
    return found.value if found else None


def _row(history: History, metric: Metric, grain: Grain, row: Mapping[str, Any]) -> Row | None:
    """Return the number of the same days as a row of the earlier report; all time is all time."""
    days = Span(dt.date.fromisoformat(row["starts_on"]), dt.date.fromisoformat(row["ends_on"]))
    if grain == "all" and history.span:
        days = history.span
    return history.over(metric, days, grain=grain)


def _settings(then: Settings, now: Settings) -> Iterator[tuple[Sentence, Settings]]:
    """Give the settings that lead from then to now, one decision after the other."""
    groups: dict[str, tuple[str, ...]] = {
        name: (name,) for name in Settings.names() if name not in _OF_DAYS
    }
    groups |= {name: group for group in _TOGETHER for name in group}
    settings, done = then, set(_OF_DAYS)
    for name, group in groups.items():
        if name in done:
            continue
        done |= set(group)
        changed = {one: getattr(now, one) for one in group}
        moved = [one for one in group if getattr(then, one) != changed[one]]
        if not moved:
            continue
        try:
            settings = dataclasses.replace(settings, **changed)
        except SettingError:
            continue
        moves = (
            f"{one} {_written(getattr(then, one))} → {_written(changed[one])}" for one in moved
        )
        yield Sentence("Setting {change}", {"change": ", ".join(moves)}), settings


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "–"
    return "–" if value is None else str(value)
