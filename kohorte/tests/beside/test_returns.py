"""Orders that come back or are cancelled: by hand, and by a plain loop."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kohorte
import strategies
from beside import shop
from beside.shop import Record, Said
from kohorte.periods import Period
from oracle import intervals

BEFORE = {"return_rate": "no_returns_yet", "cancellation_rate": "no_cancellations_yet"}


def returned(number: int, order: int, on: int, kind: str = "return") -> Record:
    return {
        "return_id": f"r{number}",
        "order_id": str(order),
        "returned_at": shop.at(on),
        "kind": kind,
    }


def monthly(slug: str, orders: list[Record], **tables: Any) -> dict[str, kohorte.results.Row]:
    with kohorte.History.from_records(orders=orders, **tables) as history:
        return {row.period: row for row in history.metric(slug)}


# January has four orders; the data end on day 60.
ORDERS = [
    shop.placed(1, "anna", 0),
    shop.placed(2, "ben", 1),
    shop.placed(3, None, 2),
    shop.placed(4, "cleo", 3),
    shop.placed(5, "anna", 60),
]


def test_an_order_comes_back_within_thirty_days_or_not_at_all() -> None:
    returns = [returned(1, 1, 30), returned(2, 1, 5), returned(3, 2, 32), returned(4, 3, 9)]
    found = monthly("return_rate", ORDERS, returns=returns)
    assert (found["2024-01"].value, found["2024-01"].n, found["2024-01"].complete) == (50, 4, False)
    assert found["2024-03"].reason is not None
    assert (
        found["2024-03"].reason.render("de")
        == "Keine Bestellung dieses Zeitraums ist schon 30 Tage alt."
    )


def test_a_refunded_order_came_back_as_well() -> None:
    refunds = [{"refund_id": "1", "order_id": "2", "refunded_at": shop.at(9), "amount_minor": 1000}]
    found = monthly("return_rate", ORDERS, refunds=refunds, returns=[returned(1, 2, 9)])
    assert (found["2024-01"].value, found["2024-01"].n) == (25, 4)


def test_before_the_first_return_nothing_is_known() -> None:
    orders = [*ORDERS, shop.placed(6, "dora", 100)]
    found = monthly("return_rate", orders, returns=[returned(1, 5, 61)])
    assert [found[month].value for month in ("2024-01", "2024-03")] == [None, 100]
    assert found["2024-01"].reason is not None
    assert (
        found["2024-01"].reason.render("de")
        == "Die Daten enthalten keine Retouren zu so alten Bestellungen."
    )


def test_cancellations_alone_say_nothing_of_returns() -> None:
    found = monthly("return_rate", ORDERS, returns=[returned(1, 1, 2, "cancellation")])
    assert found["2024-01"].reason is not None
    assert found["2024-01"].reason.render("en").startswith("It takes returns with reasons.")


def test_one_of_five_cancelled_whoever_says_so() -> None:
    cancelled = shop.placed(6, "dora", 5, state="cancelled")
    by_state = monthly("cancellation_rate", [*ORDERS, cancelled])
    assert (by_state["2024-01"].value, by_state["2024-01"].n) == (20, 5)
    found = monthly("cancellation_rate", ORDERS, returns=[returned(1, 2, 2, "cancellation")])
    assert (found["2024-01"].value, found["2024-01"].n) == (25, 4)
    twice = [returned(n, 6, 5, "cancellation") for n in (1, 2)]
    found = monthly("cancellation_rate", [*ORDERS, cancelled], returns=twice)
    assert (found["2024-01"].value, found["2024-01"].n) == (20, 5)


def test_cancelled_orders_that_count_are_still_cancelled() -> None:
    settings = kohorte.Settings(count=("cancelled",))
    orders = [*ORDERS, shop.placed(6, "dora", 5, state="cancelled")]
    found = monthly("cancellation_rate", orders, settings=settings)
    assert (found["2024-01"].value, found["2024-01"].n) == (20, 5)


def test_without_any_cancelled_order_the_rate_is_not_zero() -> None:
    (row, *_) = monthly("cancellation_rate", ORDERS).values()
    assert (row.value, row.n) == (None, 0)
    assert row.reason is not None
    assert row.reason.render("de") == "Die Daten enthalten keine stornierten Bestellungen."


@st.composite
def sent_back(draw: st.DrawFn) -> tuple[kohorte.Settings, list[Record], list[Record]]:
    zone = draw(st.sampled_from(shop.ZONES))
    settings = kohorte.Settings(timezone=zone, return_days=draw(st.sampled_from((0, 5, 30))))
    orders = draw(shop.order_lists(zone))
    drawn = draw(
        st.lists(
            st.tuples(
                st.integers(0, len(orders)),
                shop.moments(zone, 0, 90),
                st.sampled_from(("return", "return", "cancellation")),
            ),
            min_size=1,
            max_size=10,
        )
    )
    returns = [
        {"return_id": str(n), "order_id": str(order), "returned_at": moment, "kind": kind}
        for n, (order, moment, kind) in enumerate(drawn)
    ]
    return settings, orders, returns


def expected(
    history: kohorte.History, slug: str, orders: list[Record], returns: list[Record], period: Period
) -> Said:
    assert history.span is not None
    zone = history.settings.timezone
    window = history.settings.return_days * shop.DAY
    is_return = slug == "return_rate"
    pairs: dict[str, list[int]] = {}
    begun, placed, young = False, 0, 0
    for order in orders:
        day = shop.on(order["placed_at"], zone)
        states = ("counted",) if is_return else ("counted", "cancelled")
        is_known = history.span.starts_on <= day < history.span.ends_on
        if order["state"] not in states or not is_known:
            continue
        happened = any(
            each["order_id"] == order["order_id"]
            and (each["kind"] == "return") == is_return
            and (not is_return or shop.on(each["returned_at"], zone) <= day + window)
            for each in returns
        ) or (not is_return and order["state"] == "cancelled")
        begun = begun or (happened and day < period.ends_on)
        if not period.starts_on <= day < period.ends_on:
            continue
        placed += 1
        if is_return and day + window >= history.span.ends_on:
            young += 1
            continue
        pair = pairs.setdefault(order["customer_id"] or f"order {order['order_id']}", [0, 0])
        pair[0] += happened
        pair[1] += 1
    happened_to, n = (sum(pair[place] for pair in pairs.values()) for place in (0, 1))
    if not placed:
        return Said(None, 0, "nobody")
    if not begun:
        return Said(None, n, BEFORE[slug], observed=not young)
    if not n:
        return Said(None, 0, "too_fresh", observed=not young)
    low, high = intervals.wilson_of_clusters(
        [(pair[0], pair[1]) for pair in pairs.values()], reach=intervals.z(95)
    )
    assert low is not None
    assert high is not None
    bounds = {"low": max(0, low * 100), "high": min(100, high * 100)}
    return Said(100 * happened_to / n, n, observed=not young, **bounds)


@given(sent_back())
@strategies.examples(25)
def test_returns_are_those_of_a_plain_loop(
    drawn: tuple[kohorte.Settings, list[Record], list[Record]],
) -> None:
    settings, orders, returns = drawn
    with kohorte.History.from_records(orders=orders, returns=returns, settings=settings) as history:
        for slug, need in (("return_rate", "returns"), ("cancellation_rate", "cancellations")):
            if need in history.lacking:
                continue
            shop.compare(
                history,
                slug,
                lambda period, _, slug=slug: expected(history, slug, orders, returns, period),
            )
            for row in history.metric(slug, grain="all"):
                if row.value is not None:
                    numerator, denominator = shop.halves(history, row)
                    assert (100 * numerator / denominator, denominator) == (
                        pytest.approx(row.value),
                        row.n,
                    )
