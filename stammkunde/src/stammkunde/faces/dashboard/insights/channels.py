"""The page of channels: what a customer costs in each, what they bring, and when they have paid back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kohorte import metrics
from kohorte.report import sides
from kohorte.report.cards import is_thin
from kohorte.results import Channels, ChannelWorth, Row
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights import cards
from stammkunde.faces.dashboard.insights.board import Board
from stammkunde.insights.questions import Question

CHANNELS = Question("channels")
PURPOSES: dict[str, str | Promise] = {
    "acquisition": _("for new customers"), "retention": _("for retention"),
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """A number of a channel: empty where `reason` says why."""

    head: str
    text: str
    interval: str
    reason: str
    is_thin: bool


@dataclass(frozen=True)
class Line:
    """A channel with its numbers, and when a customer of it has paid back."""

    name: str
    cells: list[Cell]
    payback: str
    why: str | Promise


@page_of_shop("metrics.read")
def channels(visit: Visit) -> HttpResponse:
    """Show channels side by side."""
    board = Board(visit)
    found: dict[str, Any] = {"board": board}
    if not board.is_empty:
        board.gather([CHANNELS])
        answer = board.answer(CHANNELS)
        if isinstance(answer, Channels):
            found |= _shown(answer, board)
        found["fault"] = board.fault(CHANNELS)
    return visit.page("insights/channels.html", **found)


def _shown(found: Channels, board: Board) -> dict[str, Any]:
    """Return the channels that brought or cost anything, and of their numbers those that any has."""
    pick = board.voice.pick
    each = [one for one in found.each if one.group.customers or one.group.value is not None]
    slugs = list(
        dict.fromkeys(
            row.metric
            for one in each
            for row in one.rows
            if row.value is not None or row.metric == "customer_acquisition_cost"
        )
    )
    return {
        "heads": [(pick(metrics.get(slug).name), cards.address(board, slug)) for slug in slugs],
        "lines": [_line(one, slugs, board) for one in each],
        "unassigned": [
            (PURPOSES[purpose], board.voice.money(amount))
            for purpose, amount in found.unassigned.items()
            if purpose in PURPOSES
        ],
    }


def _line(each: ChannelWorth, slugs: Sequence[str], board: Board) -> Line:
    rows = {row.metric: row for row in each.rows}
    cost = rows.get("customer_acquisition_cost")
    why: str | Promise = ""
    if cost is None or cost.value is None:
        why = _("its cost is not known")
    elif not each.earned:
        why = _("the cost of goods is not known")
    elif each.payback_days is None:
        why = _("not yet")
    return Line(
        sides.group_name("channel", each.group, board.material()),
        [_cell(rows[slug], board) for slug in slugs],
        "" if each.payback_days is None else board.voice.days(each.payback_days),
        why,
    )


def _cell(row: Row, board: Board) -> Cell:
    metric = metrics.get(row.metric)
    return Cell(
        board.voice.pick(metric.name),
        cards.written(metric, row, board),
        cards.interval(metric, row, board),
        cards.reason(row, board) if row.value is None else "",
        is_thin(row),
    )
