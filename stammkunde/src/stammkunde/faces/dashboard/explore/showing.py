"""One metric as the page shows it: a sentence, a chart, and a table with value, range and n."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from kohorte import metrics
from kohorte.contrasts import UNTESTED
from kohorte.language import Sentence
from kohorte.metrics import Metric
from kohorte.report import axis, change, charts, interval_bars, periods, trends
from kohorte.report.cards import is_thin
from kohorte.report.change import Change
from kohorte.report.charts import Chart, Style
from kohorte.report.sides import group_name
from kohorte.results import Group, Row
from stammkunde.faces.dashboard.explore.choice import Chosen
from stammkunde.faces.dashboard.insights import cards, controls, figures
from stammkunde.faces.dashboard.insights.board import Board
from stammkunde.faces.dashboard.insights.metric import DRAWN, charts_of_bars
from stammkunde.insights.questions import series, sides

STYLES: tuple[Style, ...] = ("first", "second", "third")
Told = Sequence[tuple[Group, Sequence[Row]]]


@dataclass(frozen=True)
class Line:
    """A row of the table: a period, or a group of customers in one."""

    name: str
    row: Row
    value: str
    interval: str
    n: str
    reason: str
    change: Change | None
    sign: str
    picture: Markup
    is_thin: bool
    is_rest: bool = False


@dataclass(frozen=True)
class Section:
    """A metric on the page; where it cannot be told, `reason` says why and there is no table."""

    slug: str
    name: str
    sentence: str
    summary: str
    url: str
    lines: Sequence[Line]
    scale: tuple[str, str]
    figure: figures.Figure | None
    period: str
    reason: str = ""

    @property
    def has_ranges(self) -> bool:
        """Whether any value has a range: sums over everybody have none."""
        return any(line.interval for line in self.lines)


def build(slug: str, chosen: Chosen, board: Board) -> Section:
    """Show a metric: over time, or of groups of customers in one period."""
    metric = metrics.get(slug)
    grain, where = board.controls.grain, board.controls.where
    answer = board.answer(series(slug, grain, where), ())
    told = board.answer(sides(slug, grain, chosen.by, where), ()) if chosen.by else ()
    if fault := _fault(answer) or _fault(told):
        return _section(metric, board, reason=board.voice.tell(fault))
    rows = chosen.within(board.rows(series(slug, grain, where)))
    if not rows:
        return _section(metric, board, reason=_("There is no data between these two days."))
    if all(row.value is None for row in rows):
        return _section(metric, board, reason=cards.reason(rows[-1], board))
    return (
        _of_groups(metric, told, chosen, board)
        if chosen.by
        else _of_time(metric, rows, chosen, board)
    )


def _fault(answer: Any) -> Sentence | None:
    return answer["fault"] if isinstance(answer, dict) and "fault" in answer else None


def _of_time(metric: Metric, rows: Sequence[Row], chosen: Chosen, board: Board) -> Section:
    """Show all customers together, a line of the table for each period."""
    first = next(place for place, row in enumerate(rows) if row.value is not None)
    drawn = rows[first:][-DRAWN[board.controls.grain] :]
    every = board.rows(series(metric.slug, board.controls.grain, board.controls.where))
    scale = _scale(drawn, metric, board)
    lines = [
        _line(periods.name(row, board.voice), row, every, metric, scale, board)
        for row in reversed(drawn)
    ]
    summary = trends.summary(drawn, metric, board.material())
    panels = [(board.voice.pick(metric.name), drawn)]
    return _section(
        metric,
        board,
        summary=summary,
        lines=_sorted(lines, chosen.sort),
        scale=(scale.labels[0], scale.labels[-1]),
        figure=_figure(metric, panels, drawn, board, summary=summary),
    )


def _of_groups(metric: Metric, told: Told, chosen: Chosen, board: Board) -> Section:
    """Show groups of customers side by side in the chosen period, and the largest ones over time."""
    material = board.material()
    named = [
        (group_name(chosen.by, group, material), group, chosen.within(rows)) for group, rows in told
    ]
    longest = max((rows for _name, _group, rows in named), key=len, default=[])
    row = controls.chosen(longest, board.controls)
    if row is None:
        return _section(metric, board, reason=_("There is no data between these two days."))
    found = [
        (name, group, every, each)
        for (name, group, _rows), (_same, every) in zip(named, told, strict=True)
        for each in every
        if each.period == row.period
    ]
    scale = _scale([each for _name, group, _every, each in found if group.value], metric, board)
    lines = [
        _line(name, each, every, metric, scale, board, is_rest=group.value is None)
        for name, group, every, each in found
    ]
    summary = _compared(metric, lines, row, chosen.by, board)
    largest = [(name, rows[-DRAWN[row.grain] :]) for name, group, rows in named if group.value]
    covered = longest[-DRAWN[row.grain] :]
    return _section(
        metric,
        board,
        summary=summary,
        lines=_sorted(lines, chosen.sort),
        scale=(scale.labels[0], scale.labels[-1]),
        figure=_figure(metric, largest[: len(STYLES)], covered, board, summary=summary),
        period=periods.name(row, board.voice),
    )


def _section(metric: Metric, board: Board, **shown: Any) -> Section:
    given = {"summary": "", "lines": (), "scale": ("", ""), "figure": None, "period": "", **shown}
    return Section(
        slug=metric.slug,
        name=board.voice.pick(metric.name),
        sentence=board.voice.pick(metric.sentence),
        url=cards.address(board, metric.slug),
        **given,
    )


def _line(
    name: str,
    row: Row,
    every: Sequence[Row],
    metric: Metric,
    scale: axis.Axis,
    board: Board,
    *,
    is_rest: bool = False,
) -> Line:
    # A period that is not over has had less time than the one before.
    before = controls.against(every, row, board.controls) if row.complete else None
    moved = change.describe(row, before, metric, board.voice) if before else None
    return Line(
        name=name,
        row=row,
        value=cards.written(metric, row, board),
        interval=cards.interval(metric, row, board),
        n=board.voice.count(row.n),
        reason="" if row.value is not None else cards.reason(row, board),
        change=moved,
        sign=cards.SIGNS[moved.sign] if moved else "",
        picture=interval_bars.draw(row, scale),
        is_thin=row.value is None or is_thin(row),
        is_rest=is_rest,
    )


def _scale(rows: Sequence[Row], metric: Metric, board: Board) -> axis.Axis:
    """Return the scale that the bars of a table share; the reliable rows decide how wide it is."""
    known = [row for row in rows if row.value is not None]
    reliable = [row for row in known if not is_thin(row)]
    shown = reliable if len(reliable) > 1 else known
    return axis.fit(interval_bars.extent(shown), metric.unit, board.voice, from_zero=False)


def _sorted(lines: Sequence[Line], sort: str) -> list[Line]:
    """Sort the lines by a column; what has no value comes last, whichever way."""
    keys: dict[str, Callable[[Line], Any]] = {
        "name": lambda line: (line.row.starts_on, line.name.casefold()),
        "value": lambda line: line.row.value,
        "n": lambda line: line.row.n,
    }
    column = sort.removeprefix("-")
    if column not in keys:
        return list(lines)
    known = [line for line in lines if line.row.value is not None]
    known.sort(key=keys[column], reverse=sort.startswith("-"))
    return [*known, *(line for line in lines if line.row.value is None)]


def _figure(
    metric: Metric,
    drawn: Iterable[tuple[str, Sequence[Row]]],
    covered: Sequence[Row],
    board: Board,
    *,
    summary: str,
) -> figures.Figure | None:
    """Draw up to three lines, or bars where there is one and it stacks up over time."""
    shown = list(drawn)
    grain = board.controls.grain
    if grain == "all" or not shown:
        return None
    kind = "bars" if len(shown) == 1 and metric.slug in charts_of_bars() else "lines"
    lines = []
    for style, (name, rows) in zip(STYLES, shown, strict=False):
        by_period = {row.period: charts.point(row, metric.unit, board.voice) for row in rows}
        points = [by_period.get(each.period, charts.Point(None)) for each in covered]
        lines.append((name, style, points))
    panel = charts.panel(
        grain, lines, covered, [row.complete for row in covered],
        unit=metric.unit, kind=kind, voice=board.voice, summary=summary,  # type: ignore[arg-type]
    )  # fmt: skip
    chart = Chart(metric.slug, board.voice.pick(metric.name), "", kind, (panel,))  # type: ignore[arg-type]
    found = next(iter(figures.build([chart], grain)), None)
    return found if found and found.panel.drawable else None


def _compared(metric: Metric, lines: Sequence[Line], row: Row, by: str, board: Board) -> str:
    """Write which group has the most and which the least, as far as that can be relied on."""
    usable = [line for line in lines if not line.is_thin and not line.is_rest]
    when = periods.within(row, board.voice)
    if len(usable) < 2:
        return _("There are not two groups large enough to compare %(when)s.") % {"when": when}
    ranked = sorted(usable, key=lambda line: line.row.value or 0.0)
    said = _(
        "%(metric)s %(when)s: most for %(most)s (%(high)s), least for %(least)s (%(low)s)."
    ) % {
        "metric": board.voice.pick(metric.name),
        "when": when,
        "most": ranked[-1].name,
        "high": ranked[-1].value,
        "least": ranked[0].name,
        "low": ranked[0].value,
    }
    if by in UNTESTED:
        # These groups are made by what is compared, so that they differ says nothing.
        return f"{said} {board.voice.tell(UNTESTED[by])}"
    low, high = ranked[0].row, ranked[-1].row
    if high.low is None or low.high is None:
        return said
    apart, alike = (
        _("Their ranges do not overlap."), _("Their ranges overlap: they may well be alike."),
    )  # fmt: skip
    return f"{said} {apart if high.low > low.high else alike}"
