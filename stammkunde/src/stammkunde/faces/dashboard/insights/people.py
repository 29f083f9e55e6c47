"""Customers behind numbers: their names, which no column holds, put to the ids that numbers know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kohorte import currencies
from stammkunde.faces.dashboard.insights.board import Board
from stammkunde.faces.dashboard.templatetags import formats
from stammkunde.insights import queries as insights
from stammkunde.insights.questions import BLOCK, LISTED, Question, block
from stammkunde.records.customers import queries

SIZE = 50
HEADS: dict[str, str | Promise] = {
    "customer_id": _("Customer"), "status": _("State"), "last_on": _("Last order"),
    "first_on": _("First order"), "elapsed_days": _("Days since"), "purchase_days": _("Purchases"),
    "usual_days": _("Usual pause"), "late_days": _("Late from"), "due_on": _("Due on"),
    "late_on": _("Late on"), "chance_percent": _("Comes back"), "revenue": _("Revenue"), "value": _("Value so far"),
    "orders": _("Orders"), "order_id": _("Order"), "placed_on": _("Placed on"),
    "units": _("Pieces"), "segment": _("Kind"), "numerator": _("Part in the numerator"),
    "denominator": _("Part in the denominator"), "recency": _("Recency"),
    "frequency": _("Frequency"), "monetary": _("Monetary value"),
}  # fmt: skip
# What only machines ask for.
HIDDEN = frozenset({"basis", "status", "late_on"})


@dataclass(frozen=True)
class Cell:
    """A cell with its head."""

    head: str | Promise
    text: str
    is_number: bool


@dataclass(frozen=True)
class Listed:
    """A row of a list: whose it is, where that leads, and its cells."""

    name: str
    url: str
    cells: tuple[Cell, ...]
    facts: dict[str, str]


@dataclass(frozen=True)
class Page:
    """One page of a list that is kept whole."""

    heads: tuple[tuple[str | Promise, bool], ...]
    rows: list[Listed]
    number: int
    pages: int
    count: int

    @property
    def before(self) -> int | None:
        """The page before this one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The page after this one."""
        return self.number + 1 if self.number < self.pages else None


def page(board: Board, question: Question) -> Page | None:
    """Return the page of a list that the address asks for; None where it is not computed yet."""
    board.gather([question])
    found = board.answer(question)
    if not isinstance(found, dict) or "rows" not in found:
        return None
    asked = board.visit.request.GET.get("page", "1")
    pages = max(1, -(-min(found["count"], LISTED) // SIZE))
    number = min(max(int(asked) if asked.isdecimal() else 1, 1), pages)
    place, within = divmod((number - 1) * SIZE, BLOCK)
    held = block(question, place)
    rows = board.known([held]).get(held, found)["rows"] if place else found["rows"]
    columns = found["columns"]
    heads = tuple(
        (HEADS.get(name, name), name not in ("customer_id", "order_id", "segment"))
        for name in _shown(columns)
    )
    shown = listed(board, columns, rows[within : within + SIZE])
    return Page(heads, shown, number, pages, found["count"])


def every(board: Board, question: Question) -> Iterator[Sequence[object]]:
    """Yield the columns of a list that is computed, then all its rows."""
    board.gather([question])
    found = board.answer(question)
    if not isinstance(found, dict) or "rows" not in found:
        return
    yield found["columns"]
    if board.snapshot:
        yield from insights.whole(board.snapshot, question, found)


def listed(board: Board, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> list[Listed]:
    """Return rows with the names of their customers."""
    place = {name: number for number, name in enumerate(columns)}
    ids = [int(str(row[place["customer_id"]])) for row in rows if row[place["customer_id"]]]
    names = queries.names(board.visit.shop, ids)
    return [_one(board, columns, row, place, names) for row in rows]


def _one(
    board: Board,
    columns: Sequence[str],
    row: Sequence[object],
    place: dict[str, int],
    names: dict[int, str],
) -> Listed:
    who = row[place["customer_id"]]
    customer = int(str(who)) if who else None
    name = names.get(customer or 0) or (f"#{customer}" if customer else str(_("No customer given")))
    url = ""
    if customer in names:
        url = reverse("customers_customer", args=[board.visit.shop.slug, customer])
    texts = {each: write(board, each, row[place[each]]) for each in columns}
    cells = tuple(
        Cell(HEADS.get(each, each), name if each == "customer_id" else texts[each],
             each not in ("customer_id", "order_id", "segment"))
        for each in _shown(columns)
    )  # fmt: skip
    return Listed(name, url, cells, texts)


def _shown(columns: Sequence[str]) -> list[str]:
    return [name for name in columns if name not in HIDDEN]


def write(board: Board, name: str, value: object) -> str:
    """Write a cell as people read it."""
    voice = board.voice
    match value:
        case None:
            return formats.NOTHING
        case dt.date():
            return formats.day(value)
        case _ if name in ("revenue", "value"):
            exponent = currencies.exponent(board.visit.shop.currency)
            return voice.money(float(str(value)), digits=exponent)
        case float() if name == "chance_percent":
            return voice.percent(value, n=1)
        case int() | float() if name.endswith("_days") and name != "purchase_days":
            return voice.days(round(value))
        case int():
            return voice.count(value)
        case float():
            return voice.number(value, digits=0 if value == int(value) else 2)
    return str(value)
