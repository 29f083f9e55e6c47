"""Walking from another tool's number to ours: the number after every stage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from kohorte.bridge.stages import Assumed, Stage, stages
from kohorte.bridge.ways import Definition
from kohorte.errors import KohorteError, ReadError
from kohorte.language import Sentence
from kohorte.periods import Span
from kohorte.results import Grain
from kohorte.yardsticks import Bridge, Step

if TYPE_CHECKING:
    from kohorte.answers import Answers

# Reads the files again with other options.
Reread = Callable[..., "AbstractContextManager[Answers]"]
# Whether any order was placed at another time of day than the first moment of it.
_HAS_TIMES = """
SELECT 1 AS found
FROM orders
WHERE CAST(
  CASE
    WHEN $timezone = 'UTC' THEN placed_at
    ELSE placed_at AT TIME ZONE 'UTC' AT TIME ZONE $timezone
  END AS TIME
) <> TIME '00:00:00'
LIMIT 1
"""


def build(
    history: Answers,
    definition: Definition,
    *,
    days: Span,
    grain: Grain,
    assumed: Assumed,
    told: float | None = None,
    reread: Reread | None = None,
) -> Bridge:
    """Return the way from a tool's number to ours.

    Parameters
    ----------
    days, grain
        The period of our number.
    told
        What the user read in the tool.
    reread
        Reads the same files with other options; without it who is one customer and what amounts
        hold are taken as they are.

    Raises
    ------
    SettingError
        There is no such time zone.
    KohorteError
        The number is not known, by their definition or by ours.
    """
    notes: list[Sentence] = []
    replace(history.settings, timezone=assumed.timezone or history.settings.timezone)
    if assumed.timezone and not history.engine.rows(_HAS_TIMES):
        notes.append(Sentence("The orders have days and no times, so a zone cannot be followed."))
        assumed = Assumed(seen_on=assumed.seen_on, days=assumed.days)
    reading = _reading(history, definition) if reread else {}
    states = {row["state"] for row in history.engine.rows("SELECT DISTINCT state FROM orders")}
    if reread is None and (definition.separates or definition.goods):
        notes.append(
            Sentence("Without files, customers and amounts are as they are; nothing is read again.")
        )

    def plan() -> list[Stage]:
        return stages(
            definition,
            settings=history.settings,
            days=days,
            assumed=assumed,
            reading=reading,
            states=states,
        )

    try:
        found = list(_walk(history, plan(), grain, reread))
    except ReadError as error:
        notes += [
            Sentence(
                "{tool} counts without taxes and postage. These files do not say enough for that, "
                "so amounts stay as they are.",
                {"tool": definition.tool},
            ),
            error.sentence,
        ]
        reading = {name: value for name, value in reading.items() if name not in _AMOUNTS}
        found = list(_walk(history, plan(), grain, reread))
    start, *others = found
    steps = [
        Step(stage.slug, stage.name, value - before, value)
        for (_, before), (stage, value) in zip(found, others, strict=False)
    ]
    return Bridge(
        metric=definition.metric,
        tool=definition.tool,
        formula=definition.formula,
        source=definition.source,
        first_on=days.starts_on,
        last_on=days.ends_on - dt.timedelta(days=1),
        told=told,
        theirs=start[1],
        steps=tuple(steps),
        ours=found[-1][1],
        notes=tuple(notes),
    )


_AMOUNTS = ("net", "without_postage")


def _reading(history: Answers, definition: Definition) -> dict[str, bool]:
    """Return the reading options in which the tool differs from ours and that can matter."""
    own = history.reading.mapping if history.reading else None
    found = {}
    joined = history.engine.rows("SELECT 1 AS found FROM identities LIMIT 1")
    if definition.separates and joined:
        found["separate_accounts"] = True
    for option in _AMOUNTS:
        if definition.goods and own is not None and not getattr(own, option):
            found[option] = True
    return found


def _walk(
    history: Answers, planned: Sequence[Stage], grain: Grain, reread: Reread | None
) -> Iterator[tuple[Stage, float]]:
    """Give each stage with its number; files are read once for all stages that read them alike."""
    place = 0
    while place < len(planned):
        reading = planned[place].reading
        alike = [stage for stage in planned[place:] if stage.reading == reading]
        place += len(alike)
        with _opened(history, dict(reading), reread) as read:
            for stage in alike:
                yield stage, _number(read, stage, grain)


@contextmanager
def _opened(history: Answers, reading: dict[str, bool], reread: Reread | None) -> Iterator[Answers]:
    if not reading or reread is None:
        yield history
        return
    with reread(**reading) as read:
        yield read


def _number(history: Answers, stage: Stage, grain: Grain) -> float:
    with history.under(stage.settings):
        row = history.over(stage.metric, stage.days, grain=grain)
    if row is None or row.value is None:
        why = row.reason if row and row.reason else Sentence("No order counts.")
        raise KohorteError("The number is not known: {reason}", reason=why)
    return row.value
