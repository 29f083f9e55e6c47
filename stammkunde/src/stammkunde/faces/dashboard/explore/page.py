"""The page on which numbers are put together freely, and the same as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse

from kohorte import metrics
from kohorte.report.sides import group_name
from kohorte.results import Row
from stammkunde.faces import exports
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.explore import choice, showing, views
from stammkunde.faces.dashboard.explore.choice import Chosen
from stammkunde.faces.dashboard.insights import cards
from stammkunde.faces.dashboard.insights.board import Board
from stammkunde.insights.questions import series, sides

KINDS = ("csv", "json")
HEADS = (
    "metric", "group", "grain", "period", "starts_on", "ends_on", "value", "low", "high", "n",
    "unit", "complete", "reason",
)  # fmt: skip


@page_of_shop("metrics.read")
def explore(visit: Visit) -> HttpResponse:
    """Show what the address puts together; what nobody asked before is computed meanwhile."""
    board = Board(visit)
    chosen = choice.read(visit.request.GET)
    found: dict[str, Any] = {
        "board": board,
        "chosen": chosen,
        "chips": choice.chips(chosen, board),
        "offered": choice.offered(chosen, board),
        "dimensions": choice.dimensions(chosen, board),
        "views": views.linked(visit),
    }
    if not board.is_empty:
        board.gather(chosen.questions(board))
        found["periods"] = cards.periods_of(board, chosen.slugs) if chosen.by else []
        if not board.answering:
            found["sections"] = [showing.build(slug, chosen, board) for slug in chosen.slugs]
            found["heads"] = _heads(visit, chosen)
    return visit.page("explore/explore.html", **found)


@page_of_shop("metrics.read")
def table(visit: Visit, kind: str) -> HttpResponseBase:
    """Send all periods between the two days as a file, values as programs read them."""
    if kind not in KINDS:
        raise Http404("There is no such file.")
    board = Board(visit)
    chosen = choice.read(visit.request.GET)
    board.gather(chosen.questions(board))
    if board.answering:
        page = reverse("explore", args=[visit.shop.slug])
        return HttpResponse(
            status=302, headers={"Location": f"{page}?{visit.request.GET.urlencode()}"}
        )
    lines = _lines(chosen, board)
    name = f"{visit.shop.slug}-explore-{board.controls.grain}"
    if kind == "csv":
        return exports.csv_file(name, ([*HEADS], *(line.values() for line in lines)))
    text = json.dumps(list(lines), ensure_ascii=False, indent=1)
    return HttpResponse(
        text,
        content_type="application/json",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.json"',
            "Cache-Control": "no-store",
        },
    )


def _heads(visit: Visit, chosen: Chosen) -> dict[str, tuple[str, str]]:
    """Return the address that sorts by each column, and how it is sorted now."""
    found = {}
    for name in choice.SORTS:
        is_sorted = chosen.sort.removeprefix("-") == name
        first = name if name == "name" else f"-{name}"
        turned = name if chosen.sort == f"-{name}" else f"-{name}"
        asked = visit.request.GET.copy()
        asked["sort"] = turned if is_sorted else first
        downwards = chosen.sort.startswith("-")
        state = ("descending" if downwards else "ascending") if is_sorted else ""
        found[name] = (f"?{asked.urlencode()}", state)
    return found


def _lines(chosen: Chosen, board: Board) -> Iterator[dict[str, object]]:
    grain, where = board.controls.grain, board.controls.where
    material = board.material()
    for slug in chosen.slugs:
        every = board.rows(series(slug, grain, where))
        told = [("", every)]
        if chosen.by:
            answer = board.answer(sides(slug, grain, chosen.by, where), ())
            groups = answer if isinstance(answer, tuple) else ()
            told = [(group_name(chosen.by, group, material), rows) for group, rows in groups]
        for name, rows in told:
            for row in chosen.within(rows):
                yield _plain(name, row, board)


def _plain(group: str, row: Row, board: Board) -> dict[str, object]:
    unit = metrics.get(row.metric).unit
    cells = (
        row.metric, group, row.grain, row.period, row.starts_on.isoformat(),
        row.ends_on.isoformat(), _rounded(row.value), _rounded(row.low), _rounded(row.high), row.n,
        board.visit.shop.currency if unit == "money" else unit, row.complete,
        row.reason.render(board.language) if row.reason else "",
    )  # fmt: skip
    return dict(zip(HEADS, cells, strict=True))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
