from __future__ import annotations

import datetime as dt

import pytest

import kohorte
from kohorte import rfm
from kohorte.errors import SettingError

NOON = dt.datetime(2025, 1, 1, 12, tzinfo=dt.UTC)


def shop(*customers: tuple[str, int, int]) -> list[dict[str, object]]:
    """Return orders of (name, number of orders, days since the last one)."""
    return [
        {
            "order_id": f"{name}-{number}",
            "customer_id": name,
            "placed_at": NOON - dt.timedelta(days=recency + 2 * number),
            "amount_minor": 1000 * (1 + number),
        }
        for name, orders, recency in customers
        for number in range(orders)
    ]


def test_every_pair_of_scores_has_a_group_with_words() -> None:
    scores = range(1, rfm.SCORES + 1)
    assert {rfm.group_of(r, f) for r in scores for f in scores} == set(rfm.GROUPS)


def test_ties_stay_together() -> None:
    orders = shop(*[(f"c{number}", 1, 10) for number in range(9)], ("best", 5, 0))
    with kohorte.History.from_records(orders=orders) as history:
        found = history.rfm()
    assert found.cells == {(5, 1): 9, (5, 5): 1}
    assert found.customers == 10


def test_kept_thresholds_hold_a_customer_in_place_when_others_move() -> None:
    customers = [(f"c{number}", 1 + number, 9 - number) for number in range(10)]
    with kohorte.History.from_records(orders=shop(*customers)) as history:
        before = history.rfm()
    more = [*customers, *[(f"n{number}", 30, 0) for number in range(40)]]
    with kohorte.History.from_records(orders=shop(*more)) as history:
        fresh = history.rfm()
        kept = history.rfm(thresholds=before.thresholds)
    assert kept.thresholds == before.thresholds
    assert {cell: kept.cells[cell] for cell in before.cells if cell != (5, 5)} == {
        cell: count for cell, count in before.cells.items() if cell != (5, 5)
    }
    assert fresh.cells != kept.cells


def test_thresholds_of_the_wrong_length_are_named() -> None:
    with (
        kohorte.History.from_records(orders=shop(("a", 1, 0))) as history,
        pytest.raises(SettingError, match="recency need four numbers, not 1"),
    ):
        history.rfm(thresholds={"recency": [1]})


def test_groups_hold_every_customer_once(two_years: kohorte.History) -> None:
    found = two_years.rfm()
    assert sum(group.customers for group in found.groups) == found.customers == 5_878
    assert sum(found.cells.values()) == 5_878
    assert sum(group.revenue for group in found.groups) == pytest.approx(17_431_533.16, abs=0.01)


def test_who_has_just_bought_is_never_among_the_lost() -> None:
    orders = shop(*[(f"c{number}", 1, 0) for number in range(100)])
    with kohorte.History.from_records(orders=orders) as history:
        assert history.rfm().cells == {(5, 1): 100}


def test_scores_of_different_days_are_fifths() -> None:
    orders = shop(*[(f"c{number}", 1, number) for number in range(10)])
    with kohorte.History.from_records(orders=orders) as history:
        assert history.rfm().cells == {(score, 1): 2 for score in range(1, 6)}
