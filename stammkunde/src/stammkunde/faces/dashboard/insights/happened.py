"""What happened meanwhile: annotations as marks in charts, beside the rows of tables, and in files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from kohorte.report.charts import Mark
from kohorte.results import Row
from stammkunde.faces.dashboard.templatetags.formats import day
from stammkunde.insights.annotations.models import Annotation

# More marks than these hide what they are to explain: the latest are drawn, all stand in the list.
DRAWN = 24


@dataclass(frozen=True)
class Noted:
    """An annotation as it stands below a chart; without a number it is not in the picture."""

    number: int | None
    when: str
    text: str
    annotation: Annotation


def of_metric(found: Sequence[Annotation], slug: str) -> list[Annotation]:
    """Return the annotations of a metric, and those of all."""
    return [one for one in found if one.metric in ("", slug)]


def when(annotation: Annotation) -> str:
    """Write the day of an annotation, or its first and its last."""
    if annotation.ends_on == annotation.starts_on:
        return day(annotation.starts_on)
    return f"{day(annotation.starts_on)} – {day(annotation.ends_on)}"


def noted(rows: Sequence[Row], found: Sequence[Annotation]) -> tuple[Noted, ...]:
    """Return the annotations that touch the periods of a chart, numbered as they are drawn."""
    touching = [one for one in found if rows and _touches(one, rows[0].starts_on, rows[-1].ends_on)]
    from_ = max(0, len(touching) - DRAWN)
    return tuple(
        Noted(place - from_ + 1 if place >= from_ else None, when(one), one.text, one)
        for place, one in enumerate(touching)
    )


def marks(rows: Sequence[Row], found: Sequence[Noted]) -> tuple[Mark, ...]:
    """Return where annotations lie among the periods of a chart."""
    return tuple(
        Mark(
            _place(one.annotation.starts_on, rows),
            _place(one.annotation.ends_on + dt.timedelta(days=1), rows),
            str(one.number),
        )
        for one in found
        if one.number
    )


def spark(rows: Sequence[Row], found: Sequence[Annotation]) -> list[float]:
    """Return at which of the values of a sparkline something happened."""
    if not rows:
        return []
    return [
        min(max(_place(one.starts_on, rows) - 0.5, 0.0), len(rows) - 1.0)
        for one in found
        if _touches(one, rows[0].starts_on, rows[-1].ends_on)
    ]


def in_period(row: Row, found: Sequence[Annotation]) -> list[str]:
    """Say what happened in a period."""
    return [
        f"{when(one)}: {one.text}" for one in found if _touches(one, row.starts_on, row.ends_on)
    ]


def _touches(annotation: Annotation, first: dt.date, end: dt.date) -> bool:
    return annotation.starts_on < end and annotation.ends_on >= first


def _place(at: dt.date, rows: Sequence[Row]) -> float:
    """Return where a day lies: 2.5 is the middle of the third period."""
    if at <= rows[0].starts_on:
        return 0.0
    for place, row in enumerate(rows):
        if at < row.ends_on:
            days = (row.ends_on - row.starts_on).days or 1
            return place + max((at - row.starts_on).days, 0) / days
    return float(len(rows))
