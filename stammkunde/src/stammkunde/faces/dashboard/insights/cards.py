"""Number cards: the value, how sure it is, how it moved, and where to read more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from kohorte import metrics
from kohorte.metrics import Metric
from kohorte.report import cards as report_cards
from kohorte.report import change, drawing, periods, targets_view
from kohorte.report.change import Change
from kohorte.report.material import Material
from kohorte.report.targets_view import Aim
from kohorte.results import Grain, Row
from stammkunde.faces.dashboard.insights import controls, happened
from stammkunde.faces.dashboard.insights.board import Board, Numbers
from stammkunde.insights.questions import Question, series

HEADLINES = report_cards.HEADLINES
SPARK_POINTS = report_cards.SPARK_POINTS
# So many periods can be chosen from a list; the address takes any.
OFFERED = 120
SIGNS = {1: "▲", -1: "▼", 0: "■"}


@dataclass(frozen=True)
class Card:
    """One number, ready to be shown; `value` is empty where `reason` says why."""

    slug: str
    name: str
    url: str
    period: str
    value: str
    interval: str
    n: str
    change: Change | None
    sign: str
    remark: str
    reason: str
    whole: str
    spark: str
    spark_words: str
    sentence: str
    is_thin: bool
    aim: Aim | None = None


def asked(slug: str, grain: Grain, where: str) -> list[Question]:
    """Return what a card asks for."""
    found = [series(slug, grain, where)]
    return found if grain == "all" else [*found, series(slug, "all", where)]


def build(slug: str, board: Board, material: Material) -> Card | None:
    """Make the card of a metric; None where the shop cannot have it."""
    metric, chosen = metrics.get(slug), board.controls
    rows = board.rows(series(slug, chosen.grain, chosen.where))
    row = controls.chosen(rows, chosen)
    if row is None:
        return None
    before = controls.against(rows, row, chosen)
    moved = change.describe(row, before, metric, board.voice) if before else None
    until = [each for each in rows if each.starts_on <= row.starts_on][-SPARK_POINTS:]
    return Card(
        slug=slug,
        name=board.voice.pick(metric.name),
        url=address(board, slug),
        period=periods.name(row, board.voice),
        value=written(metric, row, board),
        interval=interval(metric, row, board),
        n="" if slug in report_cards.CENSUS else board.voice.count(row.n),
        change=moved,
        sign=SIGNS[moved.sign] if moved else "",
        remark=_remark(row, moved, material),
        reason=reason(row, board) if row.value is None else "",
        whole=_whole(metric, row, board),
        spark=drawing.sparkline(
            [each.value for each in until],
            [each.complete for each in until],
            marks=happened.spark(until, happened.of_metric(board.annotations, slug)),
        ),
        spark_words=report_cards.spark_words(until, metric, material),
        sentence=board.voice.pick(metric.sentence),
        is_thin=row.value is None or report_cards.is_thin(row),
        # What is not over yet has not missed anything.
        aim=targets_view.beside(row, metric, material) if row.complete else None,
    )


def address(board: Board, slug: str) -> str:
    """Return the page of a metric, with what is chosen here."""
    asked = board.visit.request.GET.copy()
    for name in list(asked):
        if name not in ("grain", "period", "compare", "where"):
            del asked[name]
    page = reverse("metrics_metric", args=[board.visit.shop.slug, slug])
    return f"{page}?{asked.urlencode()}" if asked else page


def periods_of(board: Board, slugs: Iterable[str]) -> list[tuple[str, str, bool]]:
    """Return the periods that can be chosen, newest first: label, words, and whether it is chosen."""
    chosen = board.controls
    for slug in slugs:
        if rows := board.rows(series(slug, chosen.grain, chosen.where)):
            now = controls.chosen(rows, chosen)
            offered = [row for row in rows[-OFFERED:] if row is not now]
            offered = sorted([*offered, *([now] if now else [])], key=lambda row: row.starts_on)
            return [
                (row.period, periods.name(row, board.voice), row is now)
                for row in reversed(offered)
            ]
    return []


def written(metric: Metric, row: Row, board: Numbers) -> str:
    """Write the value of a row; nothing where there is none."""
    return "" if row.value is None else board.voice.value(metric.unit, row.value, n=row.n)


def interval(metric: Metric, row: Row, board: Numbers) -> str:
    """Write the range of a row; nothing where there is none."""
    if row.low is None or row.high is None:
        return ""
    return board.voice.interval(metric.unit, row.low, row.high, n=row.n)


def reason(row: Row, board: Numbers) -> str:
    """Say why a row has no value."""
    return board.voice.tell(row.reason) if row.reason else _("Not known.")


def _remark(row: Row, moved: Change | None, material: Material) -> str:
    if row.value is None:
        return ""
    if report_cards.is_thin(row):
        return report_cards.thin_words(row, material)
    if not row.complete:
        return _("Not over yet: this period can only be compared when it is.")
    return "" if moved or row.grain == "all" else _("No earlier value to compare with.")


def _whole(metric: Metric, row: Row, board: Board) -> str:
    if row.grain == "all" or metric.slug in report_cards.TRAILING:
        return ""
    whole = next(iter(board.rows(series(metric.slug, "all", board.controls.where))), None)
    return written(metric, whole, board) if whole else ""
