"""From another tool's number to ours: each difference in its own step, and all of them add up."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

import kohorte
from kohorte.bridge import Assumed
from kohorte.errors import KohorteError, SettingError, UnknownNameError
from kohorte.periods import Span
from kohorte.settings import Settings
from kohorte.yardsticks import Bridge

Day = dt.date


def order(number: int, customer: str | None, day: str, cents: int = 1000, **more: Any) -> Any:
    return {
        "order_id": number, "customer_id": customer, "placed_at": day, "amount_minor": cents, **more
    }  # fmt: skip


def refund(number: int, order_id: int, day: str, cents: int) -> dict[str, Any]:
    return {
        "refund_id": number, "order_id": order_id, "customer_id": None, "refunded_at": day,
        "amount_minor": cents,
    }  # fmt: skip


def bridge(
    slug: str,
    orders: list[Any],
    *,
    to: str = "shopify",
    refunds: list[Any] | None = None,
    settings: Settings | None = None,
    **asked: Any,
) -> Bridge:
    asked = {"grain": "month", "period": "2024-01"} | asked
    with kohorte.History.from_records(
        orders=orders, refunds=refunds or [], currency="EUR", settings=settings
    ) as history:
        return history.bridge(slug, to=to, **asked)


def moving(found: Bridge) -> dict[str, float]:
    """Return the steps that move the number, after proving that all of them add up."""
    assert found.theirs + sum(step.amount for step in found.steps) == pytest.approx(found.ours)
    values = [found.theirs, *(step.value for step in found.steps)]
    for step, before, after in zip(found.steps, values, values[1:], strict=False):
        assert step.amount == after - before
    assert values[-1] == found.ours
    return {step.slug: round(step.amount, 6) for step in found.steps if step.amount}


def test_who_buys_again_later_is_returning_for_shopify_only() -> None:
    orders = [
        order(1, "anna", "2024-01-05"), order(2, "ben", "2024-01-06"),
        order(3, "anna", "2024-06-05"),
    ]  # fmt: skip
    found = bridge("returning_customer_rate", orders)
    assert (found.theirs, found.ours) == (50, 0)
    assert moving(found) == {"definition": -50}


def test_two_orders_on_one_day_make_nobody_return_here() -> None:
    orders = [order(1, "anna", "2024-01-05"), order(2, "anna", "2024-01-05")]
    assert moving(bridge("returning_customer_rate", orders)) == {"definition": -100}


def test_the_day_on_which_shopify_is_read_is_a_step() -> None:
    orders = [
        order(1, "anna", "2024-01-05"), order(2, "ben", "2024-01-06"),
        order(3, "anna", "2024-06-05"),
    ]  # fmt: skip
    assumed = Assumed(seen_on=Day(2024, 3, 1))
    found = bridge("returning_customer_rate", orders, assumed=assumed)
    assert found.theirs == 0
    assert moving(found) == {"seen": 50, "definition": -50}


@pytest.mark.parametrize("state", ["cancelled", "unpaid", "exchange", "staff", "business"])
def test_what_shopify_counts_as_an_order_is_a_step_of_its_own(state: str) -> None:
    orders = [
        order(1, "anna", "2023-12-05", state=state), order(2, "anna", "2024-01-05"),
        order(3, "ben", "2024-01-06"),
    ]  # fmt: skip
    found = bridge("returning_customer_rate", orders)
    assert found.theirs == 50
    assert moving(found) == {state: -50}


def test_tests_count_for_nobody() -> None:
    orders = [order(1, "anna", "2023-12-05", state="test"), order(2, "anna", "2024-01-05")]
    found = bridge("returning_customer_rate", orders)
    assert (found.theirs, moving(found), found.ours) == (0, {}, 0)


def test_what_the_shop_counts_anyway_is_no_difference() -> None:
    orders = [order(1, "anna", "2023-12-05", state="cancelled"), order(2, "anna", "2024-01-05")]
    found = bridge("returning_customer_rate", orders, settings=Settings(count=("cancelled",)))
    assert (found.theirs, moving(found), found.ours) == (100, {}, 100)


def test_an_order_still_unpaid_after_the_time_to_pay_is_a_step() -> None:
    orders = [
        order(1, "anna", "2023-10-05", state="open"), order(2, "anna", "2024-01-05"),
        order(3, "ben", "2024-01-31"),
    ]  # fmt: skip
    assert moving(bridge("returning_customer_rate", orders)) == {"payment_days": -50}
    early = [*orders, order(4, "cem", "2023-10-06")]
    found = bridge("orders", early, to="woocommerce", grain="quarter", period="2023-Q4")
    assert moving(found) == {"payment_days": -1}


def test_shopifys_order_value_is_before_refunds_and_for_all_orders() -> None:
    orders = [
        order(1, "anna", "2024-01-05", 10_000), order(2, "ben", "2024-01-06", 2_000),
        order(3, None, "2024-01-07", 5_000), order(4, "cem", "2024-01-08", 3_000, state="cancelled"),
        order(5, "dora", "2024-01-09", 4_000),
    ]  # fmt: skip
    refunds = [refund(1, 1, "2024-02-01", 4_000), refund(2, 5, "2024-02-01", 4_000)]
    found = bridge("average_order_value", orders, refunds=refunds)
    assert found.theirs == 48.0
    assert moving(found) == {
        "cancelled": 4.5,  # 240 over 5 orders becomes 210 over 4
        "fully_refunded": 4.166667,  # 170 over 3
        "partial_refunds": -13.333333,  # 130 over 3
        "unidentified": -3.333333,  # 80 over 2
    }
    assert found.ours == 40.0


def test_woocommerce_books_refunds_on_their_own_day() -> None:
    orders = [
        order(1, "anna", "2024-01-05", 10_000), order(2, "ben", "2023-12-06", 2_000),
        order(3, None, "2024-01-07", 5_000), order(4, "cem", "2024-01-08", 3_000, state="cancelled"),
    ]  # fmt: skip
    refunds = [refund(1, 1, "2024-02-01", 4_000), refund(2, 2, "2024-01-02", 500)]
    found = bridge("revenue", orders, to="woocommerce", refunds=refunds)
    assert found.theirs == 145.0
    assert moving(found) == {"refund_days": -35.0, "unidentified": -50.0}
    assert found.ours == 60.0


def test_a_day_of_another_zone_is_a_step() -> None:
    orders = [
        order(1, "anna", "2023-12-31 23:30:00"), order(2, "anna", "2024-01-20 12:00:00"),
        order(3, "ben", "2024-01-20 12:00:00"),
    ]  # fmt: skip
    settings = Settings(timezone="Europe/Berlin")
    assumed = Assumed(timezone="UTC")
    found = bridge("orders", orders, to="woocommerce", settings=settings, assumed=assumed)
    assert (found.theirs, moving(found), found.ours) == (2, {"zone": 1}, 3)


def test_orders_without_times_follow_no_zone_and_it_is_said() -> None:
    orders = [order(1, "anna", "2023-12-31 23:00:00"), order(2, "ben", "2024-01-19 23:00:00")]
    settings = Settings(timezone="Europe/Berlin")
    found = bridge(
        "orders", orders, to="woocommerce", settings=settings, assumed=Assumed(timezone="UTC")
    )
    assert (found.theirs, found.ours) == (2, 2)
    assert [note.render("de") for note in found.notes] == [
        "Die Bestellungen haben Tage und keine Uhrzeiten; einer anderen Zone lassen sie sich nicht "
        "zuordnen."
    ]


def test_other_days_are_a_step() -> None:
    orders = [order(1, "anna", "2024-01-05"), order(2, "ben", "2024-02-03")]
    assumed = Assumed(days=Span(Day(2024, 1, 1), Day(2024, 2, 5)))
    found = bridge("orders", orders, to="woocommerce", assumed=assumed)
    assert (found.theirs, moving(found), found.ours) == (2, {"period": -1}, 1)


def test_what_no_step_explains_is_shown() -> None:
    found = bridge("orders", [order(1, "anna", "2024-01-05")], to="woocommerce", theirs=5)
    assert (found.told, found.unexplained, found.ours) == (5, -4, 1)
    assert bridge("orders", [order(1, "anna", "2024-01-05")], to="woocommerce").unexplained is None


def test_the_history_answers_as_before_after_a_bridge() -> None:
    orders = [order(1, "anna", "2024-01-05", state="cancelled"), order(2, "ben", "2024-01-06")]
    with kohorte.History.from_records(orders=orders) as history:
        before = history.rows("month")
        history.bridge("returning_customer_rate", to="shopify")
        assert history.rows("month") == before


@pytest.mark.parametrize(
    ("tool", "slug", "said"),
    [
        (
            "magento",
            "orders",
            "There is no tool “magento”. There are: shopify, textbook, woocommerce.",
        ),
        (
            "shopify",
            "orders",
            "No definition of orders by shopify is known. Known are: returning_customer_rate, "
            "average_order_value.",
        ),
    ],
)
def test_an_unknown_definition_is_answered_with_the_known_ones(
    tool: str, slug: str, said: str
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        bridge(slug, [order(1, "anna", "2024-01-05")], to=tool)
    assert caught.value.render("en") == said


def test_a_number_that_is_not_known_leads_nowhere_and_says_why() -> None:
    with pytest.raises(KohorteError) as caught:
        bridge("customer_retention_rate", [order(1, "anna", "2024-01-05")], to="textbook")
    assert caught.value.render("de").startswith(
        "Der Wert ist nicht bekannt: Vor dem Ende des Zeitraums braucht es 730 Tage Daten"
    )


def test_some_customers_have_no_bridge() -> None:
    with (
        kohorte.History.from_records(orders=[order(1, "anna", "2024-01-05")]) as history,
        history.only("orders >= 1"),
        pytest.raises(SettingError, match="all customers"),
    ):
        history.bridge("orders", to="woocommerce")


ACCOUNTS = """Bestellnummer;Kundennummer;E-Mail;Bestelldatum;Betrag
1;20;anna@example.com;05.12.2023;10,00
2;7;Anna@Example.com;06.01.2024;20,00
3;30;ben@example.com;07.01.2024;30,00
"""
TAXED = """Bestellnummer;Kundennummer;Bestelldatum;Gesamtbetrag brutto;Versandkosten
1;20;05.01.2024;124,00;5,00
2;30;07.01.2024;64,50;5,00
"""


def read(folder: Path, text: str, **options: Any) -> kohorte.History:
    path = folder / "shop.csv"
    path.write_text(text, encoding="utf-8")
    return kohorte.read(path, options=kohorte.ReadOptions(**options))


def test_accounts_apart_are_a_step(tmp_path: Path) -> None:
    with read(tmp_path, ACCOUNTS) as history:
        found = history.bridge(
            "returning_customer_rate", to="shopify", grain="month", period="2024-01"
        )
    assert (found.theirs, found.ours) == (0, 50)
    assert moving(found) == {"separate_accounts": 50}


def test_taxes_and_postage_in_the_amounts_are_steps(tmp_path: Path) -> None:
    with read(tmp_path, TAXED, taxes="inside", postage="inside", tax_rate="19") as history:
        found = history.bridge("average_order_value", to="shopify", grain="month", period="2024-01")
    assert found.theirs == pytest.approx(75.0)
    assert moving(found) == {"without_postage": 4.2, "net": 15.05}
    assert found.ours == 94.25


def test_amounts_of_which_nothing_is_known_stay_and_it_is_said(tmp_path: Path) -> None:
    with read(tmp_path, ACCOUNTS) as history:
        found = history.bridge("average_order_value", to="shopify", grain="month", period="2024-01")
    assert (found.theirs, found.ours) == (25, 25)
    assert len(found.notes) == 2
    assert found.notes[0].render("en").startswith("Shopify counts without taxes and postage.")
