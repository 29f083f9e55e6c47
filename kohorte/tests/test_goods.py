"""Products and channels against counts by hand, and what is said where too little is known."""

from __future__ import annotations

from typing import Any

import pytest

from kohorte import History, Settings
from kohorte.errors import SettingError

# 40 customers begin with brie, of whom 30 come back within 90 days; 40 with feta, of whom 5 do.
PEOPLE = [
    (f"{cheese}{n}", cheese, n < back)
    for cheese, back in (("brie", 30), ("feta", 5))
    for n in range(40)
]
FIRST_ON, LATER_ON, END_ON = "2026-01-05", "2026-02-05", "2026-12-01"


def orders() -> list[dict[str, Any]]:
    found = [
        {"order_id": f"{who}-1", "customer_id": who, "placed_at": FIRST_ON, "amount_minor": 1000,
         "channel": "search" if cheese == "brie" else "mail"}
        for who, cheese, _ in PEOPLE
    ]  # fmt: skip
    found += [
        {"order_id": f"{who}-2", "customer_id": who, "placed_at": LATER_ON, "amount_minor": 1000}
        for who, _, came_back in PEOPLE
        if came_back
    ]
    return [
        *found,
        {"order_id": "end", "customer_id": "end", "placed_at": END_ON, "amount_minor": 1},
    ]


def lines() -> list[dict[str, Any]]:
    return [
        {"order_id": f"{who}-1", "line_number": 1, "product": cheese, "product_id": cheese[0]}
        for who, cheese, _ in PEOPLE
    ]


def opened(settings: Settings | None = None, **beside: Any) -> History:
    return History.from_records(
        orders=orders(), order_lines=lines(), currency="EUR", settings=settings, **beside
    )


class TestProducts:
    def test_shares_are_those_counted_by_hand(self) -> None:
        with opened() as history:
            found = history.first_products()
        assert [(one.name, one.times, one.n, one.value) for one in found.each] == [
            ("brie", 30, 40, 75.0), ("feta", 5, 40, 12.5)
        ]  # fmt: skip
        assert found.together == 43.75
        assert all(one.p is not None and one.p < 0.001 for one in found.each)

    def test_a_share_is_that_of_the_metric_among_those_customers(self) -> None:
        with opened() as history:
            (brie, _) = history.first_products().each
            with history.only('first_product = "brie"'):
                (row,) = history.metric("repeat_rate_90_days", grain="all", segment="all")
        assert (brie.value, brie.n, brie.low, brie.high) == (row.value, row.n, row.low, row.high)

    def test_few_cases_are_called_neither_good_nor_bad(self) -> None:
        some = [line for line in lines() if line["order_id"][4:-2] in map(str, range(10))]
        with History.from_records(orders=orders(), order_lines=some) as history:
            assert [one.p for one in history.first_products().each] == [None, None]

    def test_what_comes_back_is_counted_by_product_with_its_reason(self) -> None:
        back = [
            {"return_id": str(n), "order_id": f"brie{n}-1", "product_id": "b", "kind": "return",
             "returned_at": "2026-01-10", "reason": "too ripe" if n else "broken"}
            for n in range(3)
        ]  # fmt: skip
        nameless = {
            "return_id": "9",
            "order_id": "feta1-1",
            "kind": "return",
            "returned_at": "2026-01-10",
        }
        with opened(returns=[*back, nameless]) as history:
            found = history.returned_products()
        assert [(one.name, one.times, one.n, one.reason) for one in found.each] == [
            ("brie", 3, 40, "too ripe"), ("feta", 0, 40, None)
        ]  # fmt: skip
        assert found.unnamed == 1

    def test_without_returns_or_orders_there_is_nothing(self) -> None:
        with opened() as history:
            assert history.returned_products().each == ()
        with History.from_records(orders=[]) as history:
            assert history.first_products().each == ()


class TestChannels:
    SPENT = (
        {"starts_on": "2026-01-01", "ends_on": "2026-01-31", "purpose": "acquisition",
         "channel": "search", "amount_minor": 28_000},
        {"starts_on": "2026-01-01", "ends_on": "2026-01-31", "purpose": "acquisition",
         "channel": None, "amount_minor": 5_000},
    )  # fmt: skip

    def found(self, **settings: Any) -> dict[str | None, Any]:
        with opened(Settings(**settings), spend=self.SPENT) as history:
            told = history.channels()
        assert told.unassigned == {"acquisition": 50.0}
        return {each.group.value: each for each in told.each}

    def test_a_channel_has_paid_back_once_profit_reaches_its_cost(self) -> None:
        found = self.found(margin_percent=50)
        # 280 for 40 customers are 7 each; half of 10 comes at once, another half of 7.50 by day 60.
        assert found["search"].earned[:2] == pytest.approx((5.0, 8.75))
        assert found["search"].payback_days == 60
        assert found["mail"].payback_days is None

    def test_what_goods_cost_must_be_known(self) -> None:
        assert self.found()["search"].earned == ()
        assert self.found()["search"].payback_days is None

    def test_without_channels_it_says_so(self) -> None:
        bare = [{key: each[key] for key in each if key != "channel"} for each in orders()]
        with History.from_records(orders=bare) as history, pytest.raises(SettingError):
            history.channels()
