"""Published and computed figures of a real shop, from its CSV files to the metrics."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import kohorte
from kohorte import summary
from kohorte.results import Row


def one(rows: list[Row], period: str = "all") -> Row:
    (row,) = [row for row in rows if row.period == period]
    return row


def test_one_year_counts_what_the_literature_counts(one_year: kohorte.History) -> None:
    counts = summary.summarize(one_year).counts
    assert counts.rows_read == 541_909
    assert counts.raw_amount == pytest.approx(9_747_747.93, abs=0.005)
    assert (counts.lines, counts.customers, counts.orders) == (397_884, 4_338, 18_532)
    assert counts.revenue == pytest.approx(8_911_407.90, abs=0.005)


def test_one_year_repeat_purchase_rate(one_year: kohorte.History) -> None:
    row = one(one_year.metric("repeat_purchase_rate", grain="all"))
    assert round(row.value or 0, 2) == 65.58
    assert row.n == 4_338
    behind = one_year.behind("repeat_purchase_rate")
    assert sum(int(str(line[1])) for line in behind.rows) == 2_845


def test_cancellations_are_refunds_without_an_order(one_year: kohorte.History) -> None:
    report = summary.summarize(one_year)
    (cancelled,) = [each for each in report.exclusions if each.reason == "cancellation"]
    assert (cancelled.rows, cancelled.orders) == (9_288, 3_836)
    assert report.counts.refunds_without_order == 3_836


def test_one_year_is_too_short_for_retention_and_says_so(one_year: kohorte.History) -> None:
    row = one(one_year.metric("customer_retention_rate", grain="all"))
    assert row.value is None
    assert row.reason is not None
    assert row.reason.render("de") == (
        "Vor dem Ende des Zeitraums braucht es 730 Tage Daten; sie beginnen am 1. Dez. 2010."
    )


def test_two_years_joined_without_their_overlap(two_years: kohorte.History) -> None:
    report = summary.summarize(two_years)
    counts = report.counts
    assert (counts.lines, counts.customers, counts.orders) == (791_044, 5_878, 36_969)
    assert counts.revenue == pytest.approx(17_431_533.16, abs=0.005)
    (overlap,) = [each for each in report.exclusions if each.reason == "seen_in_another_file"]
    assert overlap.rows == 22_523


def test_two_years_order_value_frequency_and_repeaters(two_years: kohorte.History) -> None:
    def whole(slug: str) -> Row:
        return one(two_years.metric(slug, grain="all", segment="all"))

    assert round(whole("average_order_value").value or 0, 2) == 471.52
    assert round(whole("purchase_frequency").value or 0, 3) == 6.289
    assert round(whole("repeat_purchase_rate").value or 0, 2) == 72.39
    behind = two_years.behind("repeat_purchase_rate")
    assert sum(int(str(line[1])) for line in behind.rows) == 4_255


def test_customer_value_is_order_value_times_frequency(two_years: kohorte.History) -> None:
    for period in two_years.periods("month"):
        value, order_value, frequency = (
            one(two_years.metric(slug, segment="all"), period.label).value or 0
            for slug in ("customer_value", "average_order_value", "purchase_frequency")
        )
        assert value == pytest.approx(order_value * frequency)


def test_retention_of_the_year_to_december_2011(two_years: kohorte.History) -> None:
    row = one(two_years.metric("customer_retention_rate"), "2011-11")
    assert round(row.value or 0, 2) == 63.60
    assert row.n == 4_266
    assert (round(row.low or 0, 2), round(row.high or 0, 2)) == (62.14, 65.03)
    (movement,) = [each for each in two_years.movements() if each.period == "2011-11"]
    assert movement.active_at_start == 4_266
    assert movement.active_at_end == 4_297
    assert (movement.new or 0) + (movement.reactivated or 0) == 1_584
    assert movement.lost == 4_266 - 2_713
    behind = two_years.behind("customer_retention_rate", grain="month", period="2011-11")
    assert len(behind.rows) == 4_266
    assert sum(int(str(line[1])) for line in behind.rows) == 2_713


def test_a_quarter_counted_the_textbook_way_passes_a_hundred_percent(
    two_years: kohorte.History,
) -> None:
    settings = kohorte.Settings(active_days=91, until=dt.date(2011, 11, 30))
    with two_years.under(settings) as history:
        row = one(history.metric("customer_retention_rate", grain="all"))
        (movement,) = history.movements("all")
    assert round(row.value or 0, 2) == 68.25
    assert movement.active_at_start is not None
    assert movement.new is not None
    textbook = (movement.active_at_end - movement.new) / movement.active_at_start
    assert round(100 * textbook) == 116


@pytest.mark.parametrize(
    ("cohort", "active"),
    [
        ("2010-01", (383, 79, 119, 117, 101, 115, 99)),
        ("2010-02", (374, 89, 84, 109, 92, 75, 72)),
        ("2010-03", (443, 84, 102, 107, 103, 90, 109)),
    ],
)
def test_cohorts_of_two_years(
    two_years: kohorte.History, cohort: str, active: tuple[int, ...]
) -> None:
    (found,) = [each for each in two_years.cohorts().cohorts if each.period == cohort]
    assert found.customers[:7] == active
    assert found.size == active[0]


@pytest.mark.slow
def test_stock_codes_that_are_no_goods_can_be_left_out(uci_files: list[Path]) -> None:
    options = kohorte.ReadOptions(goods_only=True)
    with kohorte.read(uci_files[-1], options=options) as history:
        counts = summary.summarize(history).counts
    assert counts.lines < 397_884
    assert (counts.revenue or 0) < 8_911_407.90
