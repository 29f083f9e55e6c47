"""Lists of customers by what is foretold of them, with their names, and the forecast of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kohorte import currencies
from stammkunde.core.audit import services as audit
from stammkunde.faces import exports
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights.people import Cell, Listed, Page
from stammkunde.faces.dashboard.predictions import record
from stammkunde.faces.dashboard.predictions.desk import Desk
from stammkunde.faces.dashboard.templatetags import formats
from stammkunde.insights import forecast_lists, forecast_plain
from stammkunde.insights.forecast_lists import EVERYBODY, Chosen
from stammkunde.records.customers import queries
from stammkunde.records.customers.models import Customer

SIZE = 50
HEADS: dict[str, str | Promise] = {
    "customer_id": _("Customer"), "last_on": _("Last order"), "purchase_days": _("Purchases"),
    "alive": _("Still a customer"), "orders_12": _("Orders in 12 months"),
    "value_12": _("Value in 12 months"), "interval": _("Four of five times"),
    "due_on": _("Next order by"), "due_interval": _("Range"), "late_days": _("Late from"),
}  # fmt: skip
BY_VALUE = ("customer_id", "value_12", "interval", "orders_12", "alive", "purchase_days", "last_on")
WITHOUT_VALUE = ("customer_id", "orders_12", "alive", "purchase_days", "last_on", "due_on")
BY_DAY = ("customer_id", "last_on", "due_on", "due_interval", "late_days", "alive", "value_12")
CELLS_MAX = 9


def page(
    desk: Desk, chosen: Chosen = EVERYBODY, *, columns: Sequence[str] = BY_VALUE
) -> Page | None:
    """Return the page of a list that the address asks for; None where nobody is foretold."""
    if desk.forecast is None or not desk.has_people or not desk.visit.may("customers.read"):
        return None
    if not desk.has_amounts:
        columns = WITHOUT_VALUE
    asked = desk.visit.request.GET.get("page", "1")
    number = max(int(asked), 1) if asked.isdecimal() and len(asked) <= CELLS_MAX else 1
    rows, count = _rows(desk, chosen, number)
    pages = max(1, -(-count // SIZE))
    if number > pages:
        number = pages
        rows, count = _rows(desk, chosen, number)
    names = queries.names(desk.visit.shop, [row["customer_id"] for row in rows])
    heads = tuple((HEADS[name], name != "customer_id") for name in columns)
    listed = [_listed(desk, row, columns, names) for row in rows]
    return Page(heads, listed, number, pages, count)


def _rows(desk: Desk, chosen: Chosen, number: int) -> tuple[list[forecast_lists.Row], int]:
    assert desk.forecast is not None  # noqa: S101 – looked at by `page`
    return forecast_lists.page(
        desk.visit.shop, desk.forecast, chosen, offset=(number - 1) * SIZE, size=SIZE
    )


def _listed(
    desk: Desk, row: forecast_lists.Row, columns: Iterable[str], names: dict[int, str]
) -> Listed:
    customer = row["customer_id"]
    name = names.get(customer) or f"#{customer}"
    url = ""
    if customer in names:
        url = reverse("customers_customer", args=[desk.visit.shop.slug, customer])
    texts = {each: name if each == "customer_id" else write(desk, each, row) for each in columns}
    cells = tuple(Cell(HEADS[each], text, each != "customer_id") for each, text in texts.items())
    return Listed(name, url, cells, texts)


def write(desk: Desk, name: str, row: forecast_lists.Row) -> str:
    """Write what is foretold of a customer as people read it."""
    voice = desk.voice
    match name:
        case "alive":
            return voice.percent(100 * row["alive"], n=1)
        case "orders_12":
            return voice.number(row["orders_12"], digits=1)
        case "purchase_days":
            return voice.count(row["purchase_days"])
        case "late_days":
            return voice.days(round(row["late_days"]))
        case "interval":
            return desk.between(desk.minor(row["low_12"]), desk.minor(row["high_12"]))
        case "due_interval":
            return desk.between(*(_day(row[each]) for each in ("early_on", "by_on")))
        case _ if name in forecast_plain.AMOUNTS:
            return desk.minor(row[name]) or formats.NOTHING
    return formats.day(row[name]) if row[name] else str(_("not within ten years"))


def _day(day: dt.date | None) -> str:
    return formats.day(day) if day else ""


def chosen(visit: Visit) -> Chosen:
    """Return which customers an address asks for; what it gets wrong is as if it were left out."""
    asked = visit.request.GET
    state = asked.get("status", "")
    return Chosen(
        alive=_class(asked.get("alive", "")),
        value=_class(asked.get("value", "")),
        state=state if state in ("overdue", "due") else "",  # type: ignore[arg-type]  # one of the states
    )


def _class(text: str) -> int | None:
    return int(text) if len(text) == 1 and text.isdecimal() else None


@page_of_shop("customers.export")
def file(visit: Visit) -> HttpResponseBase:
    """Send what is foretold of customers as CSV: ids, no names."""
    desk = Desk(visit)
    if desk.forecast is None or not desk.has_people:
        return visit.go("predictions")
    with transaction.atomic():
        audit.note(
            "customers.exported", actor=visit.actor, shop_id=visit.shop.pk, metric="forecast"
        )
    return exports.csv_file(f"{visit.shop.slug}-predictions", _lines(desk, chosen(visit)))


def _lines(desk: Desk, asked: Chosen) -> Iterator[list[object]]:
    assert desk.forecast is not None  # noqa: S101 – looked at by `file`
    currency = desk.visit.shop.currency
    exponent = currencies.exponent(currency)
    names = (*forecast_plain.PERSON, "profit_12")
    yield [*names, "currency", "as_of"]
    found = forecast_lists.every(desk.visit.shop, desk.forecast, asked)
    margin = desk.told["margin_percent"]
    for row in forecast_plain.people(found, exponent=exponent, margin_percent=margin):
        yield [*(_plain(name, row[name], exponent) for name in names), currency, desk.as_of]


def _plain(name: str, value: Any, exponent: int) -> object:
    if value is None:
        return ""
    is_amount = name in forecast_plain.AMOUNTS or name == "profit_12"
    return f"{value:.{exponent}f}" if is_amount else value


def card(visit: Visit, customer: Customer) -> dict[str, Any] | None:
    """Return the forecast of one customer with the model's own track record; None where there is none."""
    if customer.erased_at is not None:
        return None
    desk = Desk(visit, follows=False)
    if desk.forecast is None or not desk.has_people:
        return None
    row = forecast_lists.one(visit.shop, desk.forecast, customer.pk)
    if row is None:
        return None
    return {
        "as_of": formats.day(desk.as_of),
        "alive": write(desk, "alive", row),
        "orders": write(desk, "orders_12", row),
        "value": write(desk, "value_12", row) if desk.has_amounts else "",
        "interval": write(desk, "interval", row),
        "due": write(desk, "due_on", row),
        "due_interval": write(desk, "due_interval", row),
        "is_overdue": row["overdue"],
        "late": write(desk, "late_days", row),
        "model": desk.name_of_model(),
        "record": record.in_words(desk) or desk.untested,
        "notes": [desk.say(each) for each in desk.told["notes"]],
    }
