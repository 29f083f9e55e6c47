"""Data quality: each finding on data that have it, none on data that do not, and the score."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import kohorte
from kohorte import metrics, quality, summary
from kohorte.quality import bends, rhythm
from kohorte.results import Finding
from kohorte.settings import Settings

Orders = list[dict[str, Any]]
FIRST = dt.date(2024, 1, 1)
DAYS = 731


def order(number: int, **changes: Any) -> dict[str, Any]:
    """Return one of many orders: one a day, thirty customers in turn, every amount different."""
    return {
        "order_id": str(number),
        "customer_id": f"K-{number % 30}",
        "placed_at": (FIRST + dt.timedelta(days=number)).isoformat(),
        "amount_minor": 1999 + 7 * (number % 997),
        **changes,
    }


@pytest.fixture
def sound() -> Orders:
    """Return two whole years with nothing amiss."""
    return [order(number) for number in range(DAYS)]


def found(orders: Orders, **said: Any) -> dict[str, Finding]:
    today = said.pop("today", None)
    with kohorte.History.from_records(
        orders=orders, refunds=said.pop("refunds", ()), settings=Settings(**said)
    ) as history:
        return {one.slug: one for one in summary.assess(history, today=today).findings}


def score(orders: Orders, **said: Any) -> tuple[int, dict[str, float]]:
    with kohorte.History.from_records(orders=orders, settings=Settings(**said)) as history:
        value = summary.assess(history, today=dt.date(2026, 1, 1)).score
        return value.value, {part.slug: part.points_lost for part in value.parts}


def test_sound_data_lose_nothing_and_only_what_is_always_true_is_noted(sound: Orders) -> None:
    assert found(sound).keys() == {"left_edge", "tax_unknown"}
    assert score(sound) == (
        100,
        {"identity": 0, "uniqueness": 0, "values": 0, "continuity": 0, "length": 0},
    )


def test_orders_of_equal_customer_day_and_amount_are_counted(sound: Orders) -> None:
    copies = [{**sound[number], "order_id": f"copy {number}"} for number in range(10)]
    other = {**sound[20], "order_id": "other amount", "amount_minor": 1}
    (finding,) = [one for slug, one in found([*sound, *copies, other]).items() if "alike" in slug]
    assert finding.severity == "warning"
    assert finding.what.values["count"] == 10
    assert "revenue" in finding.metrics
    assert score([*sound, *copies])[1]["uniqueness"] == pytest.approx(100 * 10 / 741)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anna@example.com", "Anna@Example.com"),
        ("anna@example.com", "anna+shop@example.com"),
        ("an.na@gmail.com", "anna@googlemail.com"),
        ("123", "000123"),
        ("123", "123.0"),
    ],
)
def test_customers_that_may_be_one_person_are_counted_and_not_merged(
    sound: Orders, one: str, other: str
) -> None:
    orders = [
        *sound,
        order(731, order_id="a", placed_at="2024-05-01", customer_id=one),
        order(731, order_id="b", placed_at="2024-06-01", customer_id=other),
    ]
    finding = found(orders)["same_person"]
    assert finding.what.values == {"ids": 2, "people": 1}
    with kohorte.History.from_records(orders=orders) as history:
        assert len(history.customers()) == 32


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("an.na@example.com", "anna@example.com"),
        ("K-0123", "K-123"),
        ("0", "00A"),
        ("1", "10"),
        ("cus_aB", "cus_Ab"),
    ],
)
def test_customers_that_differ_in_more_than_writing_are_two(
    sound: Orders, one: str, other: str
) -> None:
    orders = [
        *sound,
        order(1, order_id="a", customer_id=one),
        order(2, order_id="b", customer_id=other),
    ]
    assert "same_person" not in found(orders)


def test_a_month_far_from_its_neighbors_stands_out(sound: Orders) -> None:
    flood = [
        order(number, order_id=f"x{number}", placed_at="2024-06-15", customer_id=f"X-{number}")
        for number in range(120)
    ]
    finding = found([*sound, *flood])["jump"]
    assert finding.what.values == {"count": 1, "month": "2024-06", "orders": 150, "usual": 31}
    assert finding.severity == "warning"
    assert score([*sound, *flood])[1]["continuity"] == pytest.approx(100 * 30 / 731)


def test_a_month_with_too_few_orders_stands_out_as_well() -> None:
    days = {FIRST + dt.timedelta(days=number): 10 for number in range(365)}
    days |= {day: 1 for day in days if (day.year, day.month) == (2024, 7)}
    span = kohorte.periods.Span(FIRST, dt.date(2024, 12, 31))
    assert [(jump.starts_on.month, jump.orders) for jump in rhythm.jumps(days, span)] == [(7, 31)]


def test_few_orders_jump_by_chance_and_are_left_alone() -> None:
    counts = {1: 2, 2: 2, 3: 9, 4: 2, 5: 2}
    days = {dt.date(2024, month, 3): count for month, count in counts.items()}
    assert rhythm.jumps(days, kohorte.periods.Span(FIRST, dt.date(2024, 6, 1))) == ()


def test_a_pause_is_a_silence_and_costs_its_days(sound: Orders) -> None:
    orders = [one for one in sound if not "2024-08-01" <= one["placed_at"] < "2024-09-01"]
    assert found(orders)["silence"].what.values == {"days": 31}
    assert score(orders)[1]["continuity"] == pytest.approx(100 * 31 / 731)


def test_days_in_the_future_need_a_today(sound: Orders) -> None:
    assert "future_days" not in found(sound)
    finding = found(sound, today=dt.date(2025, 12, 21))["future_days"]
    assert finding.what.values == {"count": 10}
    assert finding.severity == "warning"


def test_a_first_of_january_full_of_orders_is_a_placeholder(sound: Orders) -> None:
    empty = [
        order(n, order_id=f"x{n}", placed_at="2025-01-01", customer_id=f"X-{n}") for n in range(12)
    ]
    assert found([*sound, *empty])["placeholder_days"].what.values == {"count": 13}


def test_an_amount_beyond_measure_is_named_with_its_share(sound: Orders) -> None:
    huge = order(5, order_id="huge", amount_minor=90_000_000)
    finding = found([*sound, huge])["beyond_measure"]
    assert finding.what.values["count"] == 1
    assert finding.severity == "warning"
    assert "average_order_value" in finding.metrics


def test_round_amounts_are_noted_from_half_of_them_on(sound: Orders) -> None:
    rounded = [{**one, "amount_minor": 1000 * (2 + number % 9)} for number, one in enumerate(sound)]
    assert found(rounded)["round_amounts"].what.values == {"share": 100.0}
    assert "round_amounts" not in found(sound)


def test_a_part_of_a_month_is_noted(sound: Orders) -> None:
    finding = found(sound[:-10])["incomplete_months"]
    assert finding.what.values == {"start": FIRST, "end": dt.date(2025, 12, 21)}


def test_unknown_customers_and_a_short_history_cost_their_percent(sound: Orders) -> None:
    guests = [{**one, "customer_id": None} if n % 50 == 0 else one for n, one in enumerate(sound)]
    lost = score(guests[:500])[1]
    assert lost["identity"] == pytest.approx(2.0)
    assert lost["length"] == 20.0
    assert score(guests[:500])[0] == 78


def test_without_amounts_the_values_lose_all_their_points(sound: Orders) -> None:
    bare = [{**one, "amount_minor": None} for one in sound]
    assert score(bare)[1]["values"] == 20.0
    assert found(bare)["no_amounts"].metrics == bends.VALUE


def test_every_finding_names_metrics_that_exist() -> None:
    known = set(metrics.every())
    groups = [value for name, value in vars(bends).items() if name.isupper()]
    assert set().union(*groups) <= known
    with kohorte.History.from_records(
        orders=[order(1), order(1, order_id="2"), order(40, order_id="3", amount_minor=0)],
        refunds=[{"refund_id": "r", "refunded_at": "2024-02-01", "amount_minor": 1}],
    ) as history:
        for finding in summary.assess(history).findings:
            assert finding.metrics
            assert set(finding.metrics) <= known


def test_findings_alone_are_those_of_the_assessment(sound: Orders) -> None:
    with kohorte.History.from_records(orders=sound) as history:
        assert history.span is not None
        alone = quality.findings(
            history.engine, span=history.span, settings=history.settings, lacking=history.lacking
        )
        assert alone == summary.assess(history).findings
