"""Channels: what winning customers costs by channel, and whose a lead is, by hand."""

from __future__ import annotations

from typing import Any

import pytest

import kohorte
from beside import shop
from beside.shop import Record
from kohorte.errors import SettingError
from kohorte.metrics import evaluate
from kohorte.results import Row


def spent(day: int, cents: int, channel: str | None, purpose: str = "acquisition") -> Record:
    on = shop.day(day)
    return {
        "starts_on": on,
        "ends_on": on,
        "purpose": purpose,
        "channel": channel,
        "amount_minor": cents,
    }


def lead(number: int, customer: str | None, on: int, channel: str | None) -> Record:
    return {
        "lead_id": str(number),
        "customer_id": customer,
        "created_at": shop.at(on),
        "channel": channel,
        "qualified": True,
    }


# Anna and Ben came by search, Cleo by mail, Dora by nobody knows what. Later orders change nothing.
ORDERS = [
    shop.placed(1, "anna", 0, channel="search"),
    shop.placed(2, "ben", 3, channel="search"),
    shop.placed(3, "cleo", 4, channel="mail"),
    shop.placed(4, "dora", 5),
    shop.placed(5, "anna", 9, channel="mail"),
    shop.placed(6, "dora", 9, channel="mail"),
]
SPEND = [
    spent(1, 5_000, "search"),
    spent(2, 3_000, "radio"),
    spent(3, 800, None),
    spent(4, 400, "search", "retention"),
    spent(4, 900, "mail", "service"),
]


def by_channel(slug: str, segment: str = "all", **tables: Any) -> dict[str | None, Row]:
    with kohorte.History.from_records(orders=ORDERS, **tables) as history:
        return {
            group.value: part.metric(slug, grain="all", segment=segment)[0]
            for group, part in history.by("channel")
        }


def why(row: Row) -> str | None:
    return None if row.reason is None else row.reason.render("en")


def test_customers_have_the_channel_of_their_first_order() -> None:
    assert {name: row.value for name, row in by_channel("customers").items()} == {
        "search": 2,
        "mail": 1,
        None: 1,
    }


def test_of_two_first_orders_on_one_day_the_one_that_names_a_channel_counts() -> None:
    orders = [
        shop.placed(1, "anna", 0),
        shop.placed(2, "anna", 0, channel="search"),
        shop.placed(3, "anna", 0, channel="mail"),
    ]
    with kohorte.History.from_records(orders=orders) as history:
        assert [group.value for group, _ in history.by("channel")] == ["search"]


def test_each_channel_costs_what_was_spent_on_it_for_each_of_its_new_customers() -> None:
    found = by_channel("customer_acquisition_cost", spend=SPEND)
    assert {name: (row.value, row.n, why(row)) for name, row in found.items()} == {
        "search": (25, 2, None),
        "mail": (None, 0, "There are no such expenses in this period."),
        "radio": (None, 0, "Nobody ordered for the first time in this period."),
        None: (None, 0, "Some of these expenses name no channel."),
    }
    assert list(found) == ["search", "mail", "radio", None]


def test_customers_without_a_channel_are_not_set_against_expenses_without_one() -> None:
    tables = {"spend": [spent(1, 5_000, "search"), spent(2, 700, None, "service")]}
    unknown = by_channel("customer_acquisition_cost", **tables)[None]
    assert why(unknown) == "There are no such expenses in this period."
    assert by_channel("customer_retention_cost", **tables)[None].value == 7


def test_what_is_spent_on_keeping_customers_is_a_total_of_its_channel() -> None:
    found = by_channel("customer_retention_cost", spend=SPEND)
    assert {name: row.value for name, row in found.items()} == {
        "search": 4,
        "mail": 9,
        "radio": None,
        None: None,
    }
    each = by_channel("customer_retention_cost_per_customer", spend=SPEND)
    assert {why(row) for row in each.values()} == {
        "What is spent through a channel on keeping customers is for those of all channels."
    }


def test_a_return_by_channel_is_that_of_new_customers_only() -> None:
    settings = kohorte.Settings(margin_percent=60)
    found = by_channel("return_on_investment", "new", spend=SPEND, settings=settings)
    assert found["search"].value == pytest.approx((1_200 - 5_000) / 5_000 * 100)
    everything = by_channel("return_on_investment", spend=SPEND, settings=settings)
    assert everything["search"].value is None


def test_a_lead_belongs_to_its_own_channel_whatever_its_order_says() -> None:
    """Cleo was a lead of the fair and ordered through a mail; two more of the fair did not order."""
    leads = [
        lead(1, "cleo", 0, "fair"),
        lead(2, None, 0, "fair"),
        lead(3, "nobody", 1, "fair"),
        lead(4, "ben", 1, "search"),
        lead(5, None, 1, None),
    ]
    settings = kohorte.Settings(lead_days=5)
    found = by_channel("lead_to_customer_ratio", leads=leads, settings=settings)
    assert {name: (row.value, row.n) for name, row in found.items()} == {
        "fair": (pytest.approx(100 / 3), 3),
        "search": (100, 1),
        "mail": (None, 0),
        None: (0, 1),
    }


def test_those_behind_a_number_of_a_channel_are_its_own() -> None:
    leads = [lead(1, "cleo", 0, "fair"), lead(2, "ben", 1, "search")]
    with (
        kohorte.History.from_records(
            orders=ORDERS, spend=SPEND, leads=leads, settings=kohorte.Settings(lead_days=5)
        ) as history,
        history.only('channel = "search"'),
    ):
        cost = history.behind("customer_acquisition_cost").rows
        assert [(who, float(part)) for who, part, *_ in cost] == [("anna", 2500), ("ben", 2500)]
        assert history.behind("lead_to_customer_ratio").rows[0][:3] == ("ben", 1, 1)


def test_a_condition_on_the_channel_alone_is_one_on_expenses_and_leads_too() -> None:
    with kohorte.History.from_records(orders=ORDERS, spend=SPEND) as history:
        with history.only('channel in ("search", "radio")'):
            (row,) = history.metric("customer_acquisition_cost", grain="all")
            assert (row.value, row.n) == (40, 2)
        with history.only('channel = "search" and orders >= 1'):
            (row,) = history.metric("customer_acquisition_cost", grain="all")
            assert row.reason is not None
            assert row.reason.msgid == evaluate.MISSING["shared_spend"]
        with history.only("channel is unknown"):
            (row,) = history.metric("customer_acquisition_cost", grain="all")
            assert row.reason is not None
            assert row.reason.msgid == evaluate.MISSING["unassigned_spend"]
        (row,) = history.metric("customer_acquisition_cost", grain="all")
        assert (row.value, row.n) == (22, 4)


def test_leads_that_did_not_buy_belong_to_no_country() -> None:
    leads = [lead(1, "cleo", 0, "fair"), lead(2, None, 1, "fair")]
    with (
        kohorte.History.from_records(orders=ORDERS, leads=leads) as history,
        history.only("orders = 1"),
    ):
        (row,) = history.metric("lead_to_customer_ratio", grain="all")
    assert row.value is None
    assert why(row) == "Leads that have not bought belong to no group of customers but a channel."


def test_a_dimension_that_nobody_has_is_refused_with_the_file_that_fills_it() -> None:
    orders = [shop.placed(1, "anna", 0)]
    with kohorte.History.from_records(orders=orders) as history:
        for name, file in (
            ("channel", "orders"),
            ("country", "customers"),
            ("first_product", "order_lines"),
            ("category", "products"),
        ):
            with pytest.raises(SettingError, match=f"kohorte template {file}"):
                next(history.by(name))
            with pytest.raises(SettingError, match=f"kohorte template {file}"):
                history.only(f'{name} = "x"').__enter__()
            with history.only(f"{name} is unknown"):
                assert history.metric("customers", grain="all")[0].value == 1


def test_values_of_the_data_are_offered_while_a_condition_is_typed() -> None:
    with kohorte.History.from_records(orders=ORDERS) as history:
        assert [each.text for each in history.completions("channel = ")] == ['"search"', '"mail"']
