"""Curves, medians and pauses: worked examples, the published curve, and what is not known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

import kohorte
from kohorte.results import Row

START = dt.datetime.combine(dt.date(2024, 1, 1), dt.time(12))
# Remission of leukemia in weeks under 6-mercaptopurine (Freireich et al. 1963, as printed in
# Kalbfleisch & Prentice): weeks with a relapse, and weeks where the observation ended.
RELAPSED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
OBSERVED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]


def shop(bought: Mapping[str, Iterable[int | tuple[int, int]]], **settings: Any) -> kohorte.History:
    """Return the history of customers with the days they bought on, and what for in cents."""
    orders: list[dict[str, Any]] = []
    for customer, days in bought.items():
        for each in days:
            day, cents = each if isinstance(each, tuple) else (each, 1000)
            orders.append(
                {
                    "order_id": str(len(orders)),
                    "customer_id": customer,
                    "placed_at": START + dt.timedelta(days=day),
                    "amount_minor": cents,
                }
            )
    until = settings.pop("last_day", None)
    if until is not None:
        settings["until"] = START.date() + dt.timedelta(days=until)
    return kohorte.History.from_records(
        orders=orders, currency="EUR", settings=kohorte.Settings(**settings)
    )


def whole(history: kohorte.History, slug: str, segment: str = "all") -> Row:
    (row,) = history.metric(slug, grain="all", segment=segment)
    return row


def reason(row: Row) -> str:
    assert row.value is None
    assert row.reason is not None
    return row.reason.render("en")


class TestCurve:
    def published(self, days: int) -> kohorte.History:
        """Patients as customers: the relapse is the second order, on the last day of the data at most."""
        last = 40
        bought: dict[str, list[int]] = {}
        for number, week in enumerate(RELAPSED):
            bought[f"relapsed {number}"] = [0, week]
        for number, week in enumerate(OBSERVED):
            bought[f"observed {number}"] = [last - week]
        return shop(bought, last_day=last, repeat_days=days)

    @pytest.mark.parametrize(
        ("weeks", "left"),
        [(6, 0.857), (7, 0.807), (10, 0.753), (13, 0.690), (16, 0.627), (22, 0.538), (23, 0.448)],
    )
    def test_the_published_curve_comes_out(self, weeks: int, left: float) -> None:
        with self.published(weeks) as history:
            row = whole(history, "kaplan_meier_repeat_rate")
        assert row.value == pytest.approx(100 * (1 - left), abs=0.05)
        assert row.n == 21

    @pytest.mark.parametrize("days", [1, 6, 9, 23, 30, 35])
    def test_it_is_the_curve_that_the_history_shows(self, days: int) -> None:
        with self.published(days) as history:
            row, point = whole(history, "kaplan_meier_repeat_rate"), history.survival().by(days)
        assert point is not None
        assert row.value == pytest.approx(100 * point.returned)
        for ours, theirs in ((row.low, point.low), (row.high, point.high)):
            assert ours == (None if theirs is None else pytest.approx(100 * theirs))

    def test_beyond_the_longest_observation_nothing_is_known(self) -> None:
        with self.published(36) as history:
            row = whole(history, "kaplan_meier_repeat_rate")
            assert history.survival().by(36) is None
            assert whole(history, "kaplan_meier_repeat_rate", "365_days").value is None
        assert reason(row) == "No first order of this period is 36 days old yet."
        assert (row.n, row.complete) == (21, False)

    def test_young_customers_count_where_the_fixed_window_leaves_them_out(self) -> None:
        bought = {"a": [0, 10], "b": [0], "c": [70, 80], "d": [95]}
        with shop(bought, last_day=100) as history:
            curve, fixed = (
                whole(history, slug) for slug in ("kaplan_meier_repeat_rate", "repeat_rate_90_days")
            )
        # On day 10 three had waited so long and two of them came; then b waited on alone.
        assert curve.value == pytest.approx(200 / 3)
        assert curve.n == 4
        assert (fixed.value, fixed.n) == (50.0, 2)

    def test_where_everybody_came_there_is_no_range(self) -> None:
        with shop({"a": [0, 5], "b": [0, 9]}, last_day=20) as history:
            row = whole(history, "kaplan_meier_repeat_rate")
        assert (row.value, row.low, row.high) == (100.0, None, None)

    def test_several_orders_on_the_first_day_are_one(self) -> None:
        with shop({"a": [0, 0, 0], "b": [0, 0, 7]}, last_day=100) as history:
            assert whole(history, "kaplan_meier_repeat_rate").value == pytest.approx(50)
            assert whole(history, "repeat_rate_90_days").value == 100.0


class TestMedians:
    def test_half_of_the_orders_lie_below_the_median(self) -> None:
        values = [100, 200, 300, 400, 5000]
        with shop({f"c{cents}": [(0, cents)] for cents in values}) as history:
            median, mean = (
                whole(history, "median_order_value"),
                whole(history, "average_order_value"),
            )
        assert (median.value, median.n) == (3.0, 5)
        assert mean.value == 12.0

    def test_of_two_in_the_middle_it_is_the_one_between(self) -> None:
        with shop({"a": [(0, 100)], "b": [(0, 250)]}) as history:
            assert whole(history, "median_order_value").value == 1.75

    def test_the_trimmed_mean_leaves_out_a_tenth_on_either_side(self) -> None:
        values = [0, *range(100, 900, 100), 100_000]
        with shop({f"c{cents}": [(0, cents)] for cents in values}) as history:
            row = whole(history, "median_order_value", "trimmed")
        assert (row.value, row.n) == (4.5, 10)

    def test_a_range_needs_enough_orders(self) -> None:
        few, more = range(100, 600, 100), range(100, 1000, 100)
        with shop({f"c{cents}": [(0, cents)] for cents in few}) as history:
            row = whole(history, "median_order_value")
            assert (row.value, row.low, row.high) == (3.0, None, None)
        with shop({f"c{cents}": [(0, cents)] for cents in more}) as history:
            row = whole(history, "median_order_value")
            # Of nine values the second and the eighth hold the median 96 % of the time.
            assert (row.value, row.low, row.high) == (5.0, 2.0, 8.0)

    def test_orders_of_one_customer_make_the_range_wider(self) -> None:
        alone = {f"c{n}": [(0, 100 * n)] for n in range(60)}
        alike = {
            f"c{n // 6}": [(day, 100 * (n - n % 6) + day) for day in range(6)] for n in range(60)
        }
        with shop(alone) as history:
            narrow = whole(history, "median_order_value")
        with shop(alike) as history:
            wide = whole(history, "median_order_value")
        assert narrow.n == wide.n == 60
        assert narrow.low is not None
        assert wide.low is not None
        assert (wide.high or 0) - wide.low > 1.5 * ((narrow.high or 0) - narrow.low)

    def test_one_customer_alone_tells_nothing_of_others(self) -> None:
        with shop({"a": [(day, 100 * day) for day in range(1, 40)]}) as history:
            row = whole(history, "median_order_value")
        assert (row.value, row.low, row.high) == (20.0, None, None)

    def test_how_often_customers_order(self) -> None:
        bought = {f"c{n}": list(range(n)) for n in (1, 1, 2, 3, 7)}
        bought["again once"] = [4]
        with shop(bought) as history:
            assert whole(history, "median_orders_per_customer").value == 2.0
            shares = {
                row.segment: row.value
                for row in history.metric("one_time_customer_rate", grain="all")
            }
            repeated = whole(history, "repeat_purchase_rate").value
        assert shares == {
            "all": 40.0,
            "2_orders": 20.0,
            "3_orders": 20.0,
            "4_orders": 0.0,
            "5_or_more_orders": 20.0,
        }
        assert shares["all"] == 100 - (repeated or 0)

    def test_without_amounts_there_is_no_median(self) -> None:
        orders = [{"order_id": "1", "customer_id": "a", "placed_at": START}]
        with kohorte.History.from_records(orders=orders) as history:
            assert "no amounts" in reason(whole(history, "median_order_value"))


class TestPauses:
    def test_the_open_pause_counts(self) -> None:
        """Finished pauses last 10 and 20 days; the mean of these, 15, would be far too short."""
        with shop({"a": [0, 10], "b": [0, 20], "c": [0], "d": [0]}, last_day=60) as history:
            row = whole(history, "time_between_orders")
            assert row.value is None
            assert row.n == 6
        with shop({"a": [0, 10], "b": [0, 20], "c": [0, 50]}, last_day=60) as history:
            row = whole(history, "time_between_orders")
        # Of six pauses three end on days 10, 20 and 50; those open end on days 10, 40 and 50.
        assert row.value == 50.0
        assert row.n == 6

    def test_it_is_where_the_curve_and_its_band_reach_the_share(self) -> None:
        with shop({f"c{n}": [0, n] for n in range(1, 101)}, last_day=100) as history:
            (first, *_) = history.metric("time_between_orders", grain="day", segment="all")
            points = history.survival().points
        assert (first.period, first.value, first.n) == ("2024-01-01", 50.0, 100)
        assert first.low == next(p.day for p in points if (p.high or 0) >= 0.5) == 40
        assert first.high == next(p.day for p in points if (p.low or 0) >= 0.5) == 60

    def test_a_quantile_that_is_not_reached_has_a_reason(self) -> None:
        with shop({"a": [0, 10], "b": [0], "c": [0]}, last_day=400) as history:
            row = whole(history, "time_between_orders")
        assert reason(row) == "So many have not ordered again in the time observed."

    def test_pauses_of_one_customer_make_the_range_wider(self) -> None:
        """Thirty customers, each at an own pace, and three hundred who pause as long but once."""
        own = {f"c{n}": list(range(0, 10 * (n + 5), n + 5)) for n in range(30)}
        once = {f"{name}-{day}": [day, day + days[1]] for name, days in own.items() for day in days}
        with shop(own, last_day=400) as history:
            wide = whole(history, "time_between_orders")
        with shop(once, last_day=400) as history:
            narrow = history.survival()
        low = next(p.day for p in narrow.points if (p.high or 0) >= 0.5)
        high = next(p.day for p in narrow.points if (p.low or 0) >= 0.5)
        assert wide.low is not None
        assert (wide.high or 0) - wide.low > 2 * (high - low)
