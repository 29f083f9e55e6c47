"""The page of products: which of them bring customers back, and which come back themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from kohorte.report import axis, cards, interval_bars
from kohorte.results import Portion, Portions
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights.board import Board
from stammkunde.insights.questions import Question

FIRST, RETURNED = Question("first_products"), Question("returned_products")
# Among so many that are looked at, one in twenty times any stands out by chance.
SURE = 0.05
WORDS: dict[str, str | Promise] = {
    "more": _("more than the others"), "less": _("less than the others"),
    "even": _("within chance"), "thin": _("too few to tell"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A product: its share, how sure that is, and how it stands to the others."""

    name: str
    text: str
    interval: str
    n: str
    picture: Markup
    raw: str
    verdict: str | Promise
    css: str
    reason: str


@dataclass(frozen=True)
class Compared:
    """Products side by side, those that differ beyond chance first."""

    lines: list[Line]
    scale: tuple[str, str]
    together: str
    sure: int
    unnamed: str


@page_of_shop("metrics.read")
def products(visit: Visit) -> HttpResponse:
    """Show which first products bring customers back, and which products are sent back."""
    board = Board(visit)
    found: dict[str, Any] = {"board": board}
    if not board.is_empty:
        board.gather([FIRST, RETURNED])
        for name, question in (("first", FIRST), ("returned", RETURNED)):
            answer = board.answer(question)
            if isinstance(answer, Portions):
                found[name] = _compared(answer, board, is_more_good=name == "first")
    return visit.page("insights/products.html", **found)


def _compared(found: Portions, board: Board, *, is_more_good: bool) -> Compared:
    voice = board.voice
    reliable = [one for one in found.each if one.n >= cards.RELIABLE_N] or list(found.each)
    scale = axis.fit(interval_bars.extent(reliable), "percent", voice, from_zero=True)
    ordered = sorted(
        found.each, key=lambda one: (not _is_sure(one), -one.value if _is_sure(one) else -one.n)
    )
    whole = sum(one.n for one in found.each)
    return Compared(
        [_line(one, found.together, scale, board, is_more_good=is_more_good) for one in ordered],
        (scale.labels[0], scale.labels[-1]),
        "" if found.together is None else voice.percent(found.together, n=whole),
        sum(map(_is_sure, found.each)),
        voice.count(found.unnamed) if found.unnamed else "",
    )


def _is_sure(one: Portion) -> bool:
    return one.p is not None and one.p < SURE


def _line(
    one: Portion, together: float | None, scale: axis.Axis, board: Board, *, is_more_good: bool
) -> Line:
    voice = board.voice
    interval = ""
    if one.low is not None and one.high is not None:
        interval = voice.interval("percent", one.low, one.high, n=one.n)
    verdict = _verdict(one, together)
    tone = {"more": is_more_good, "less": not is_more_good}.get(verdict)
    return Line(
        name=one.name,
        text=voice.percent(one.value, n=one.n),
        interval=interval,
        n=voice.count(one.n),
        picture=interval_bars.draw(one, scale, middle=together),
        raw=interval_bars.raw(one, n=one.n),
        verdict=WORDS[verdict],
        css="is-thin" if tone is None else "is-good" if tone else "is-bad",
        reason=one.reason or "",
    )


def _verdict(one: Portion, together: float | None) -> str:
    if one.n < cards.RELIABLE_N:
        return "thin"
    if not _is_sure(one):
        return "even"
    return "more" if one.value > (together or 0.0) else "less"
