"""Gross profit by products, margins and refunds: by hand, and by a plain loop over lines."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kohorte
import strategies
from beside import shop
from beside.shop import Record, Said
from kohorte import tables
from kohorte.periods import Period
from oracle import intervals

COSTS = {"tea": Decimal("2.50"), "cup": Decimal(4), "gift": None}


def line(order: int, product: str | None, quantity: int | None, cents: int | None) -> Record:
    return {
        "order_id": str(order),
        "line_number": 1,
        "product_id": product,
        "quantity": None if quantity is None else Decimal(quantity),
        "amount_minor": cents,
    }


def shop_of(
    orders: list[Record],
    lines: list[Record],
    refunds: list[Record] | None = None,
    *,
    products: bool = True,
    **said: Any,
) -> kohorte.History:
    """Return a history with order lines, which records alone do not have."""
    history = kohorte.History.from_records(
        orders=orders,
        refunds=refunds or [],
        order_lines=lines,
        settings=kohorte.Settings(**said),
        currency="EUR",
        **({"products": PRODUCTS} if products else {}),
    )
    assert tables.ORDER_LINES.name not in history.lacking
    return history


PRODUCTS = [{"product_id": name, "unit_cost": cost} for name, cost in COSTS.items()]


def refund(order: int, cents: int) -> Record:
    return {
        "refund_id": f"r{order}",
        "order_id": str(order),
        "refunded_at": shop.at(40),
        "amount_minor": cents,
    }


def profit(history: kohorte.History) -> kohorte.results.Row:
    with history:
        (row,) = history.metric("profit_per_customer", grain="all")
        return row


TWO = [shop.placed(1, "anna", 0, 2000), shop.placed(2, "ben", 1, 1000)]
LINES = [line(1, "tea", 4, 2000), line(2, "cup", 1, 1000)]


def test_revenue_less_cost_of_goods_per_buyer() -> None:
    """20.00 − 4 × 2.50 from Anna, 10.00 − 4.00 from Ben: 16.00 from two."""
    row = profit(shop_of(TWO, LINES))
    assert (row.value, row.n) == (8, 2)
    assert row.low is not None
    assert row.low < 0


def test_half_of_it_refunded_halves_the_cost_as_well() -> None:
    assert profit(shop_of(TWO, LINES, [refund(1, 1000)])).value == (5 + 6) / 2


def test_a_line_without_cost_takes_the_margin_and_without_margin_nothing_is_known() -> None:
    lines = [*LINES, line(2, "gift", 1, 500)]
    orders = [TWO[0], shop.placed(2, "ben", 1, 1500)]
    row = profit(shop_of(orders, lines))
    assert row.reason is not None
    assert row.reason.render("de") == (
        "Einige Positionen haben weder Kosten noch Marge. Ergänzen Sie die Artikel oder nennen Sie --margin."
    )
    assert profit(shop_of(orders, lines, margin_percent=40)).value == (10 + 15 - 4 - 3) / 2


def test_with_the_margin_alone_profit_is_its_share_of_revenue() -> None:
    """Lines do not matter then, not even those that do not add up to the order."""
    lines = [line(1, "tea", 4, 9999)]
    assert profit(shop_of(TWO, lines, products=False, margin_percent=40)).value == 6
    assert profit(shop_of(TWO, [line(1, "gift", 1, None)], margin_percent=40)).value == 6


def test_each_customer_has_a_profit_of_its_own_the_best_first() -> None:
    """Anna: 20.00 − 4 × 2.50, half of it refunded. Ben: 10.00 − 4.00. Of Cleo's gift no cost is known."""
    orders = [*TWO, shop.placed(3, "cleo", 2, 500), shop.placed(4, "cleo", 2, 1000)]
    lines = [*LINES, line(3, "gift", 1, 500), line(4, "cup", 1, 1000)]
    with shop_of(orders, lines, [refund(1, 1000)]) as history:
        found = history.profits()
        behind = history.behind("profit_per_customer")
    assert found.columns == (
        *("customer_id", "orders", "revenue", "cost"),
        *("profit", "orders_of_unknown_cost"),
    )
    assert found.rows == (
        ("ben", 1, 10.0, 4.0, 6.0, 0),
        ("anna", 1, 10.0, 5.0, 5.0, 0),
        ("cleo", 2, 15.0, None, None, 1),
    )
    assert [(who, part) for who, part, *_ in behind.rows] == [
        ("anna", 500),
        ("ben", 600),
        ("cleo", None),
    ]


def test_goods_given_away_cost_what_they_cost() -> None:
    row = profit(shop_of([shop.placed(1, "anna", 0, 0)], [line(1, "cup", 2, 0)]))
    assert row.value == -8


def test_without_costs_and_margin_the_reason_names_both() -> None:
    row = profit(shop_of(TWO, LINES, products=False))
    assert row.reason is not None
    assert row.reason.render("de").startswith("Dazu braucht es die Marge, zum Beispiel --margin 40")


@st.composite
def stocks(draw: st.DrawFn) -> tuple[kohorte.Settings, list[Record], list[Record], list[Record]]:
    zone = draw(st.sampled_from(shop.ZONES))
    margin = draw(st.sampled_from((None, 40.0, 0.0)))
    orders = draw(shop.order_lists(zone, most=10))
    numbers = st.sampled_from([int(order["order_id"]) for order in orders])
    lines = draw(
        st.lists(
            st.builds(
                line,
                numbers,
                st.sampled_from(("tea", "cup", "tea", "cup", "gift", "new", None)),
                st.sampled_from((None, 1, 2, 2)),
                st.sampled_from((None, 500, 999)),
            ),
            max_size=12,
        )
    )
    refunded = draw(st.dictionaries(numbers, st.sampled_from((1, 500, 5000)), max_size=4))
    settings = kohorte.Settings(timezone=zone, margin_percent=margin)
    return settings, orders, lines, [refund(*each) for each in refunded.items()]


def profit_of(
    order: Record, lines: list[Record], refunds: list[Record], margin: Fraction | None
) -> Fraction | None:
    """Return the gross profit of a counted order in cents, None if it is not known."""
    amount = order["amount_minor"]
    back = sum(each["amount_minor"] for each in refunds if each["order_id"] == order["order_id"])
    revenue = amount - min(amount, back)
    own = [each for each in lines if each["order_id"] == order["order_id"]]
    costs: list[Fraction | None] = []
    any_known = False
    for each in own:
        unit = COSTS.get(each["product_id"])
        if unit is not None and each["quantity"] is not None:
            costs.append(Fraction(unit) * Fraction(each["quantity"]) * 100)
            any_known = True
        elif margin is not None and each["amount_minor"] is not None:
            costs.append(each["amount_minor"] * (1 - margin))
        else:
            costs.append(None)
    if not any_known or None in costs:
        return None if margin is None else revenue * margin
    cost = sum((each for each in costs if each is not None), Fraction(0))
    return revenue - cost * (Fraction(revenue, amount) if amount else 1)


@given(stocks())
@strategies.examples(20)
def test_profit_is_that_of_a_plain_loop(
    drawn: tuple[kohorte.Settings, list[Record], list[Record], list[Record]],
) -> None:
    settings, orders, lines, refunds = drawn
    margin = None if settings.margin_percent is None else Fraction(settings.margin_percent) / 100
    counted = []
    for order in orders:
        back = sum(r["amount_minor"] for r in refunds if r["order_id"] == order["order_id"])
        is_gone = order["amount_minor"] and back >= order["amount_minor"]
        if order["state"] == "counted" and not is_gone:
            counted.append(order)
    said = {"timezone": settings.timezone, "margin_percent": settings.margin_percent}
    with shop_of(orders, lines, refunds, **said) as history:

        def expected(period: Period, segment: str) -> Said:
            profits: dict[str, list[Fraction | None]] = {}
            for order in counted:
                if order["customer_id"] and shop.inside(order["placed_at"], period, history):
                    own = profits.setdefault(order["customer_id"], [])
                    own.append(profit_of(order, lines, refunds, margin))
            if not profits:
                return Said(None, 0, "nobody")
            if any(None in own for own in profits.values()):
                return Said(None, len(profits), "cost_unknown")
            sums = [sum((p for p in own if p is not None), Fraction(0)) for own in profits.values()]
            low, high = intervals.mean(sums, reach=intervals.z(95), floor=-1e99)
            return Said(
                float(sum(sums) / len(sums) / 100),
                len(sums),
                low=None if low is None else low / 100,
                high=None if high is None else high / 100,
            )

        if history.span is None:
            return
        shop.compare(history, "profit_per_customer", expected)
        assert by_customer(history) == pytest.approx(by_order(history))
        check_behind(history)


def check_behind(history: kohorte.History) -> None:
    for row in history.metric("profit_per_customer", grain="all"):
        if row.value is not None:
            numerator, denominator = shop.halves(history, row)
            assert row.value == pytest.approx(numerator / denominator / 100)
            profits = [record[4] for record in history.profits().rows]
            assert sum(profits) == pytest.approx(numerator / 100, abs=1e-3)
            assert profits == sorted(profits, reverse=True)
            assert history.orders_behind("profit_per_customer").rows


def by_customer(history: kohorte.History) -> list[float]:
    (row,) = history.engine.rows(
        "SELECT SUM(orders) AS o, SUM(new_orders) AS no, SUM(unknown) AS u, SUM(new_unknown) AS nu, "
        "SUM(profit_minor) AS p, SUM(new_profit_minor) AS np FROM customer_profits"
    )
    return [float(value or 0) for value in row.values()]


def by_order(history: kohorte.History) -> list[float]:
    (row,) = history.engine.rows(
        "SELECT COUNT(*) AS o, COUNT(*) FILTER (WHERE is_new) AS no, "
        "COUNT(*) FILTER (WHERE profit_minor IS NULL) AS u, "
        "COUNT(*) FILTER (WHERE profit_minor IS NULL AND is_new) AS nu, "
        "SUM(profit_minor) AS p, SUM(profit_minor) FILTER (WHERE is_new) AS np FROM order_profits"
    )
    return [float(value or 0) for value in row.values()]
