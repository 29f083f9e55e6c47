"""Inside a scope every number is that of its customers, and outside nothing has changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kohorte
import strategies
from kohorte import metrics
from kohorte.errors import ConditionError, UnknownNameError
from kohorte.results import Row
from kohorte.settings import Settings

START = dt.date(2024, 1, 1)
SETTINGS = Settings(
    active_days=60, retention_days=40, since=START, until=START + dt.timedelta(days=200)
)
NAMES = ["anna", "ben", "cleo", "dora", "o'neil"]
ORDERS = st.lists(
    st.tuples(
        st.sampled_from([*NAMES, None]), st.integers(0, 200), st.integers(0, 500), st.integers(0, 3)
    ),
    min_size=1,
    max_size=25,
)


def records(drawn: list[tuple[str | None, int, int, int]]) -> tuple[list[Any], list[Any]]:
    orders, refunds = [], []
    for number, (name, day, amount, refunded) in enumerate(drawn):
        placed_at = dt.datetime.combine(START + dt.timedelta(days=day), dt.time(12))
        orders.append(
            {
                "order_id": str(number),
                "customer_id": name,
                "placed_at": placed_at,
                "amount_minor": amount,
                "units": 1 + amount % 3,
            }
        )
        if refunded:
            refunds.append(
                {
                    "refund_id": str(number),
                    "order_id": str(number) if refunded < 3 else None,
                    "customer_id": name,
                    "refunded_at": placed_at,
                    "amount_minor": amount // refunded,
                }
            )
    return orders, refunds


def plain(rows: list[Row]) -> list[tuple[Any, ...]]:
    """Return rows without what tells whether a period is over, which is that of all the data."""

    def close(number: float | None) -> float | None:
        """Return a number without its last digits, in which the order of a sum shows."""
        return None if number is None else float(f"{number:.10g}")

    known = [row for row in rows if row.segment != "unidentified"]
    return [
        (row.metric, row.period, row.segment, *map(close, (row.value, row.low, row.high)), row.n)
        for row in known
    ]


@settings(max_examples=strategies.count(25), deadline=None)
@given(drawn=ORDERS, least=st.integers(1, 3))
def test_a_scope_gives_what_the_orders_of_its_customers_alone_give(
    drawn: list[tuple[str | None, int, int, int]], least: int
) -> None:
    orders, refunds = records(drawn)
    with kohorte.History.from_records(orders=orders, refunds=refunds, settings=SETTINGS) as history:
        before = history.rows("all") + history.rows("quarter")
        totals = history.engine.rows("SELECT customer_id, orders FROM customer_totals")
        chosen = {row["customer_id"] for row in totals if row["orders"] >= least}
        with history.only(f"orders >= {least}"):
            inside = history.rows("all") + history.rows("quarter")
            cells = history.cohorts().cohorts
        assert plain(history.rows("all") + history.rows("quarter")) == plain(before)
    if not chosen:
        return
    alone_orders = [order for order in orders if order["customer_id"] in chosen]
    alone_refunds = [refund for refund in refunds if refund["customer_id"] in chosen]
    with kohorte.History.from_records(
        orders=alone_orders, refunds=alone_refunds, settings=SETTINGS
    ) as alone:
        assert plain(inside) == plain(alone.rows("all") + alone.rows("quarter"))
        assert [each.customers for each in cells] == [
            each.customers for each in alone.cohorts().cohorts
        ]


def order(number: int, customer: str, day: int, **columns: Any) -> dict[str, Any]:
    placed_at = dt.datetime.combine(START + dt.timedelta(days=day), dt.time(12))
    return {"order_id": str(number), "customer_id": customer, "placed_at": placed_at} | columns


def with_countries(history: kohorte.History, **countries: str | None) -> kohorte.History:
    for name, country in countries.items():
        history.engine.connection.execute("INSERT INTO customers VALUES (?, ?)", [name, country])
    return history


SHOP = [order(1, "anna", 0), order(2, "anna", 9), order(3, "ben", 9), order(4, "cleo", 70)]


def customers_of(history: kohorte.History) -> float | None:
    return history.metric("customers", grain="all", segment="all")[0].value


def test_scopes_may_be_nested_and_end_with_their_blocks() -> None:
    with kohorte.History.from_records(orders=SHOP) as history:
        with history.only("orders = 1"):
            assert customers_of(history) == 2
            with history.only("first_order > 2024-02-01"):
                assert customers_of(history) == 1
            assert customers_of(history) == 2
        assert customers_of(history) == 3


def test_groups_come_largest_first_and_the_rest_together() -> None:
    countries = {"anna": "DE", "ben": "DE", "cleo": "AT", "dora": None, "emil": "o'land"}
    countries |= {"fred": None, "gus": None}
    orders = [order(n, name, n) for n, name in enumerate(countries)]
    with kohorte.History.from_records(orders=orders) as history:
        with_countries(history, **countries)
        found = [(g.value, g.rest, customers_of(part)) for g, part in history.by("country")]
        assert found == [
            ("DE", False, 2),
            ("AT", False, 1),
            ("o'land", False, 1),
            (None, False, 3),
        ]
        few = [
            (g.value, g.rest, g.customers, customers_of(p))
            for g, p in history.by("country", most=2)
        ]
        assert few == [("DE", False, 2, 2), (None, True, 2, 2), (None, False, 3, 3)]


def test_customers_have_the_category_of_the_top_line_of_their_first_order() -> None:
    """Anna's top line is tea, her cup and her later order do not matter; Ben's product is not listed."""
    lines = [(1, 2, "cup"), (1, 1, "tea"), (2, 1, "cup"), (3, 1, "hat"), (4, 1, "cup")]
    order_lines = [
        {"order_id": str(number), "line_number": place, "product_id": product}
        for number, place, product in lines
    ]
    products = [
        {"product_id": "tea", "category": "food"},
        {"product_id": "cup", "category": "ware"},
    ]
    with kohorte.History.from_records(
        orders=SHOP, order_lines=order_lines, products=products
    ) as history:
        found = {group.value: group.customers for group, _ in history.by("category")}
        assert found == {"food": 1, "ware": 1, None: 1}
        with history.only('category = "food" and orders >= 2'):
            assert customers_of(history) == 1


def test_leaving_a_loop_early_widens_the_tables_again() -> None:
    with kohorte.History.from_records(orders=SHOP) as history:
        groups = history.by("cohort")
        next(groups)
        groups.close()
        assert customers_of(history) == 3


def test_a_group_of_the_rfm_map_can_be_asked_for() -> None:
    with kohorte.History.from_records(orders=SHOP) as history:
        sizes = {group.slug: group.customers for group in history.rfm().groups if group.customers}
        found = {group.value: group.customers for group, _ in history.by("rfm_group")}
        assert found == sizes


def test_days_in_a_condition_are_counted_from_the_end_of_the_data() -> None:
    with (
        kohorte.History.from_records(orders=SHOP) as history,
        history.only("last_order more than 60 days ago"),
    ):
        assert customers_of(history) == 2


def test_a_scope_without_anybody_gives_no_numbers_and_no_error() -> None:
    with kohorte.History.from_records(orders=SHOP) as history, history.only("orders > 99"):
        assert customers_of(history) == 0
        assert {row.value for row in history.metric("repeat_purchase_rate")} == {None}


def test_a_history_without_orders_can_be_narrowed() -> None:
    with kohorte.History.from_records(orders=[]) as history, history.only("orders > 1"):
        assert history.rows("all") == []
        assert list(history.by("country")) == []


def test_what_cannot_be_understood_is_refused_and_nothing_is_narrowed() -> None:
    with kohorte.History.from_records(orders=SHOP) as history:
        with pytest.raises(ConditionError), history.only("country = 1"):
            pass
        with pytest.raises(UnknownNameError, match="There are: country, channel, first_product"):
            next(history.by("orders"))
        assert customers_of(history) == 3


def test_other_settings_narrow_by_the_facts_that_they_make() -> None:
    """A test order that counts under them makes Ben one who ordered twice."""
    orders = [*SHOP, order(5, "ben", 80, state="test")]
    with kohorte.History.from_records(orders=orders) as history:
        with history.only("orders >= 2"):
            assert customers_of(history) == 1
            with history.under(Settings(count=("test",))):
                assert customers_of(history) == 2
                with history.only("last_order > 2024-03-15"):
                    assert customers_of(history) == 1
            assert customers_of(history) == 1
        assert customers_of(history) == 3


def test_every_metric_can_be_narrowed() -> None:
    with kohorte.History.from_records(orders=SHOP) as history, history.only("orders >= 1"):
        for slug in metrics.every():
            assert history.metric(slug, grain="all"), slug
