"""The pages of customers in Chromium: both widths, both languages, with script and without."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from stammkunde.core import clock
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.shops.models import Shop
from stammkunde.records.customers import services, standings
from stammkunde.records.customers.models import Customer, Key, Standing
from stammkunde.records.orders import services as orders
from stammkunde.records.orders.models import Order, OrderLine, Refund, Response, Ticket

CUSTOMERS = "/kaesehaus/customers/"
NAMES = ("Anna Ahorn", "Jürgen Müller", "Cleo Clematis-von und zu Hohenlohe-Langenburg")


def filled(shop: Shop) -> Customer:
    """Give a shop customers, one of whom did everything; return that one."""
    for place in range(60):
        name = NAMES[place] if place < len(NAMES) else f"Kunde {place}"
        made = Customer.objects.create(
            shop=shop, name=name, number=str(1000 + place), email=f"kunde{place}@example.com",
            country="DE" if place % 3 else "", orders=place % 5, revenue_minor=place * 12345,
            first_order_on=dt.date(2026, 1, 5) if place % 5 else None,
            last_order_on=dt.date(2026, 2, 1 + place % 20) if place % 5 else None,
        )  # fmt: skip
        Key.objects.create(
            shop=shop, customer=made, kind="email", value=made.email, loose=made.email
        )
    anna = Customer.objects.get(name=NAMES[0])
    own: Any = {"shop": shop, "source": "shop", "hash": "", "customer": anna}
    for day in range(1, 29):
        at = dt.datetime(2026, 1, day, 10, tzinfo=dt.UTC)
        order = Order.objects.create(
            **own, external_id=f"A{day}", placed_at=at, amount_minor=day * 1000, currency="EUR",
            state="cancelled" if day == 7 else "counted",
        )  # fmt: skip
        OrderLine.objects.create(
            order=order, line_number=1, product="Gouda", quantity=2, amount_minor=99
        )
    noon = dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC)
    Refund.objects.create(**own, external_id="R", refunded_at=noon, amount_minor=500)
    Ticket.objects.create(**own, external_id="T", opened_at=noon, reason="Wo bleibt es?")
    Response.objects.create(
        **own, external_id="S", answered_at=noon, question="nps", score=9, highest=10
    )
    orders.count(shop.pk, {anna.pk}, zone=shop.zone)
    other = Customer.objects.get(name="Kunde 59")
    services.merge(shop, kept_id=anna.pk, gone_id=other.pk, actor=COMMAND)
    return anna


@pytest.mark.parametrize(("language", "width"), [("de", 390), ("en", 1440)])
def test_every_page_is_sound(visit: Any, place: Any, language: str, width: int) -> None:
    anna = filled(place.cast.cheese)
    scheme = "dark" if width < 1000 else "light"
    visitor = visit(place.cast.olga, language=language, width=width, scheme=scheme)
    paths = (
        "", "?where=orders+%3E%3D+2", "?where=orders+%3E%3D+x", "?q=nobody", "?sort=-revenue",
        f"{anna.pk}/", f"{anna.pk}/orders/", f"{anna.pk}/identity/", f"{anna.pk}/privacy/",
    )  # fmt: skip

    for path in paths:
        visitor.go(f"{CUSTOMERS}{path}")
        assert visitor.faults() == [], path


@pytest.mark.parametrize(("language", "width"), [("de", 390), ("en", 1440), ("en", 390)])
def test_where_customers_stand_is_told_without_color_alone(
    visit: Any, place: Any, language: str, width: int
) -> None:
    shop = place.cast.cheese
    anna = filled(shop)
    standings.rest_on(
        shop, as_of=dt.date(2026, 6, 1), made_at=clock.now(), customers=60, pauses={"0": 40},
        model="bg_nbd", model_name={"de": "BG/NBD", "en": "BG/NBD"},
        foretold_on=dt.date(2026, 6, 1),
    )  # fmt: skip
    Standing.objects.create(
        customer=anna, shop=shop, recency=5, frequency=4, monetary=3, rfm=8, value_minor=1234567,
        profit_minor=234567, purchase_days=3, last_on=dt.date(2026, 3, 1), basis="shop",
        due_on=dt.date(2026, 4, 1), late_on=dt.date(2026, 5, 1), alive_percent=41,
        expected_orders=230, expected_value_minor=56700, expected_low_minor=0,
        expected_high_minor=123400,
    )  # fmt: skip
    scheme = "dark" if width < 1000 else "light"
    visitor = visit(place.cast.olga, language=language, width=width, scheme=scheme)
    columns = "&".join(
        f"column={name}" for name in ("rfm", "cohort", "due", "value", "alive", "worth")
    )

    page = visitor.go(f"{CUSTOMERS}?{columns}&sort=-due&where=is_overdue+and+alive+%3C+50")
    expect(page.locator("#found .tag")).to_have_text(
        re.compile("überfällig" if language == "de" else "overdue")
    )
    assert visitor.faults() == []
    page.locator("a.row").click()
    page.get_by_text("Warum?" if language == "de" else "Why?", exact=True).click()
    expect(page.locator(".why li").first).to_be_visible()
    assert visitor.faults() == []


def test_an_empty_shop_leads_to_the_import(visit: Any, place: Any) -> None:
    visitor = visit(place.cast.olga, language="de", width=390)

    page = visitor.go(CUSTOMERS)
    page.get_by_role("link", name="Bestellungen importieren").click()

    assert page.url.endswith("/data/new/")


def test_typing_searches_and_keeps_the_place(visit: Any, place: Any) -> None:
    filled(place.cast.cheese)
    visitor = visit(place.cast.olga)
    page = visitor.go(CUSTOMERS)

    page.get_by_role("searchbox", name="Search").press_sequentially("muell", delay=20)

    expect(page.locator("#found a.row")).to_have_text(["Jürgen Müller"])
    expect(page.get_by_role("searchbox", name="Search")).to_be_focused()
    assert "q=muell" in page.url
    assert visitor.faults() == []


def test_a_condition_is_counted_while_it_is_typed(visit: Any, place: Any) -> None:
    filled(place.cast.cheese)
    visitor = visit(place.cast.olga)
    page = visitor.go(CUSTOMERS)
    page.locator(".condition summary").click()
    field = page.get_by_label("Condition", exact=True)

    field.press_sequentially("orders >= 3")
    expect(page.locator("#count")).to_contain_text("customers")
    expect(page.locator("#found a.row")).to_have_count(50)
    field.press_sequentially(" and revenu > 1")
    expect(page.locator("#count mark")).to_have_text("revenu")
    field.fill("orders >= 3")
    field.press("Enter")

    expect(page.locator("#found .figures")).to_have_text("24 customers")
    assert visitor.faults() == []


def test_marked_rows_stand_on_the_button_and_are_sent(visit: Any, place: Any) -> None:
    filled(place.cast.cheese)
    page = visit(place.cast.olga).go(f"{CUSTOMERS}?sort=name")

    page.get_by_role("checkbox", name="Mark Anna Ahorn").check()
    with page.expect_download() as begun:
        page.get_by_role("button", name="Export marked (1)").click()

    lines = begun.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "Anna Ahorn" in lines[1]


def test_all_of_it_works_without_script(visit: Any, place: Any) -> None:
    filled(place.cast.cheese)
    page = visit(place.cast.olga, script=False).go(CUSTOMERS)

    page.get_by_label("Search").fill("MÜLLER")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Jürgen Müller").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Jürgen Müller")
    page.get_by_role("link", name="Identity").click()
    expect(page.get_by_text(re.compile("kunde1@example.com")).first).to_be_visible()


def test_columns_are_chosen_without_leaving(visit: Any, place: Any) -> None:
    filled(place.cast.cheese)
    visitor = visit(place.cast.olga)
    page = visitor.go(CUSTOMERS)

    page.locator("details.choose summary").click()
    page.get_by_role("checkbox", name="Country").check()

    expect(page.get_by_role("columnheader", name="Country")).to_be_visible()
    assert "column=country" in page.url
    assert visitor.faults() == []
