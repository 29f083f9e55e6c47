"""Other tools' numbers, reproduced: on a shop where nothing changes, a real shop, and random ones."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from fractions import Fraction

import others
import pytest
from hypothesis import given

import kohorte
import product
import strategies
from kohorte.bridge import DEFINITIONS, Assumed
from kohorte.errors import KohorteError
from kohorte.settings import Settings
from kohorte.yardsticks import Bridge
from oracle import orders as log

FIRST = dt.date(2023, 1, 1)
DAYS = 1096


@pytest.fixture(scope="module")
def stationary() -> Iterator[kohorte.History]:
    """A shop in which nothing ever changes: customers join any day and buy at a constant pace."""
    chance = random.Random(4)  # noqa: S311 – a simulation, not a secret
    records = []
    for customer in range(2500):
        day, gap = chance.randrange(DAYS), 1 / chance.gammavariate(1.5, 1 / 150)
        while day < DAYS:
            records.append((customer, day))
            if chance.random() > 0.9:
                break
            day += 1 + int(chance.expovariate(1 / gap))
    found = [
        {"order_id": number, "customer_id": who, "placed_at": FIRST + dt.timedelta(days=day)}
        for number, (who, day) in enumerate(records)
    ]
    with kohorte.History.from_records(orders=found) as history:
        yield history


def at(history: kohorte.History, seen: dt.date) -> Bridge:
    return history.bridge(
        "returning_customer_rate",
        to="shopify",
        grain="quarter",
        period="2024-Q1",
        assumed=Assumed(seen_on=seen),
    )


def test_shopifys_rate_of_one_quarter_grows_with_the_day_one_looks(
    stationary: kohorte.History,
) -> None:
    """Nothing changes in this shop; the same quarter reads higher every time, ours never moves."""
    days = [dt.date(2024, 4, 1), dt.date(2024, 12, 31), dt.date(2025, 12, 31)]
    found = [at(stationary, day) for day in days]
    early, later, last = (each.theirs for each in found)
    assert later - early > 10
    assert last - later > 1
    assert {each.ours for each in found} == {found[0].ours}
    assert abs(early - found[0].ours) < 4
    for each in found:
        assert each.theirs + sum(s.amount for s in each.steps) == pytest.approx(each.ours, abs=1e-9)


def placed(history: kohorte.History) -> list[others.Order]:
    """Return a history's orders as another tool's list of orders."""
    rows = history.engine.rows("SELECT * FROM orders")
    return [
        others.Order(row["customer_id"], row["placed_at"].date(), row["amount_minor"], row["state"])
        for row in rows
    ]


def test_a_real_shops_rate_is_what_shopify_would_show(two_years: kohorte.History) -> None:
    found = two_years.bridge(
        "returning_customer_rate", to="shopify", grain="month", period="2010-11"
    )
    counts: dict[str, int] = {}
    for order in placed(two_years):
        if order.customer:
            counts[order.customer] = counts.get(order.customer, 0) + 1
    november = {
        order.customer
        for order in placed(two_years)
        if order.customer and (order.day.year, order.day.month) == (2010, 11)
    }
    often = sum(counts[person] > 1 for person in november)
    assert found.theirs == pytest.approx(100 * often / len(november), abs=1e-9)
    assert (round(found.theirs, 1), round(found.ours, 1)) == (91.7, 82.5)


def test_the_textbook_retains_more_than_everybody(two_years: kohorte.History) -> None:
    """Online Retail, September to November 2011: 116 % of the customers against 68 % who stayed."""
    with two_years.under(Settings(active_days=91)):
        found = two_years.bridge(
            "customer_retention_rate", to="textbook", grain="month", period="2011-11"
        )
    expected = others.textbook_retention(
        placed(two_years), dt.date(2011, 12, 1), active_days=91, retention_days=91
    )
    assert found.theirs == pytest.approx(float(expected), abs=1e-9)
    assert (round(found.theirs, 2), round(found.ours, 2)) == (116.34, 68.25)
    assert [(step.slug, round(step.amount, 2)) for step in found.steps] == [("definition", -48.09)]


@pytest.mark.parametrize(("seen", "sales"), [(None, 19.95), (dt.date(2024, 1, 30), 20.0)])
def test_money_paid_back_after_the_last_order_lowers_the_other_tools_month(
    seen: dt.date | None, sales: float
) -> None:
    """The last order is of the 20th, its refund of the 31st; who looked on the 30th knew nothing of it."""
    orders = [
        {"order_id": 1, "customer_id": 1, "placed_at": dt.date(2024, 1, 20), "amount_minor": 2000}
    ]
    refunds = [
        {
            "refund_id": 1,
            "order_id": 1,
            "refunded_at": dt.date(2024, 1, 31),
            "customer_id": 1,
            "amount_minor": 5,
        }
    ]
    with kohorte.History.from_records(orders=orders, refunds=refunds) as history:
        found = history.bridge(
            "revenue",
            to="woocommerce",
            grain="month",
            period="2024-01",
            assumed=Assumed(seen_on=seen),
        )
    assert found.theirs == pytest.approx(sales)
    assert found.ours == pytest.approx(19.95)
    assert found.theirs + sum(step.amount for step in found.steps) == pytest.approx(19.95)


@given(shop=strategies.shops(min_orders=1, spans=(14,), bounded=False))
@strategies.examples(8)
def test_any_shop_has_the_other_tools_numbers_and_steps_that_add_up(shop: strategies.Shop) -> None:
    zone = shop.settings.timezone
    refunds: dict[object, list[tuple[dt.date, int]]] = {}
    for refund in shop.refunds:
        day = log.local_day(refund.refunded_at, zone)
        refunds.setdefault(refund.order_id, []).append((day, refund.amount_minor))
    known = [
        others.Order(
            None if order.customer_id is None else str(order.customer_id),
            log.local_day(order.placed_at, zone),
            order.amount_minor or 0,
            order.state,
            tuple(refunds.get(order.order_id, ())),
        )
        for order in shop.recorded
    ]
    with product.history(shop) as history:
        for (tool, slug), definition in DEFINITIONS.items():
            for period in history.periods("month"):
                first, last = period.starts_on, period.ends_on - dt.timedelta(days=1)
                try:
                    found = history.bridge(slug, to=tool, grain="month", period=period.label)
                except KohorteError:
                    continue
                moved = sum(step.amount for step in found.steps)
                assert found.theirs + moved == pytest.approx(found.ours, abs=1e-6, rel=1e-9)
                assert definition.metric == slug
                theirs = naive(tool, slug, known, first, last, shop)
                assert found.theirs == pytest.approx(float(theirs), abs=1e-9, rel=1e-9), (
                    tool,
                    slug,
                    period.label,
                    found,
                )


def naive(
    tool: str,
    slug: str,
    known: list[others.Order],
    first: dt.date,
    last: dt.date,
    shop: strategies.Shop,
) -> Fraction:
    unit = 10**shop.digits
    match tool, slug:
        case "shopify", "returning_customer_rate":
            return others.shopify_returning(known, first, last, dt.date.max)
        case "shopify", _:
            return others.shopify_order_value(known, first, last) / unit
        case "woocommerce", "revenue":
            return Fraction(others.woocommerce_net_sales(known, first, last), unit)
        case "woocommerce", "orders":
            return Fraction(len(others.woocommerce_orders(known, first, last)))
        case "woocommerce", _:
            sales = others.woocommerce_net_sales(known, first, last)
            return Fraction(sales, unit * len(others.woocommerce_orders(known, first, last)))
    counted = log.read(shop.recorded, shop.refunds, settings=shop.settings, digits=shop.digits)
    assert counted is not None
    bought = [
        others.Order(str(p.customer_id), p.placed_on, 0) for p in counted.identified
    ]  # fmt: skip
    return others.textbook_retention(
        bought,
        min(last + log.DAY, counted.end),
        active_days=shop.settings.active_days,
        retention_days=shop.settings.retention_days,
    )
