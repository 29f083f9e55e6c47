"""Who stays away for so long that they count as lost, and who of them comes back after all."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import pytest

from kohorte.results import Row
from test_sharper_metrics import reason, shop, whole


class TestLapses:
    """Twenty days make somebody active; the periods are months: January 1, February 1 …"""

    BOUGHT: ClassVar = {
        "stays": [14, 40, 70],
        "lapses": [20],
        "comes back soon": [25, 60],
        "comes back late": [30, 85],
        "too early": [3, 90],
    }

    def months(self, slug: str, **settings: Any) -> dict[str, Row]:
        with shop(self.BOUGHT, active_days=20, repeat_days=15, last_day=95, **settings) as history:
            return {row.period: row for row in history.metric(slug, segment="all")}

    def test_who_orders_nothing_for_so_long_has_lapsed(self) -> None:
        rows = self.months("lapse_rate")
        february = rows["2024-02"]
        # Active on 1 February, day 31: bought on days 11 to 30. Nothing on days 31 to 50: three.
        assert (february.value, february.n, february.complete) == (75.0, 4, True)
        assert february.low is not None
        assert february.low < 75 < (february.high or 0)

    def test_before_it_is_over_nobody_has_lapsed(self) -> None:
        rows = self.months("lapse_rate")
        assert reason(rows["2024-04"]) == "The start of this period is not 20 days ago yet."
        assert not rows["2024-04"].complete

    def test_without_days_before_nobody_is_active(self) -> None:
        january = self.months("lapse_rate")["2024-01"]
        assert reason(january) == (
            "It takes 20 days of data before the start of the period; the data begin on 4 Jan 2024."
        )

    def test_it_is_the_churn_of_a_period_that_ends_later(self) -> None:
        with shop(self.BOUGHT, active_days=20, last_day=95) as history:
            churn = {
                r.starts_on: r.value for r in history.metric("customer_churn_rate", grain="day")
            }
            lapsed = {r.starts_on: r.value for r in history.metric("lapse_rate", grain="day")}
        known = {day: value for day, value in lapsed.items() if value is not None}
        assert len(known) > 40
        for day, value in known.items():
            # The churn of a day is judged at its end.
            assert churn[day + dt.timedelta(days=19)] == pytest.approx(value)

    def test_who_came_back_is_counted_within_a_window(self) -> None:
        february = self.months("reactivation_rate")["2024-02"]
        # Three lapsed by day 51; on days 51 to 65 one of them was back, on day 60.
        assert february.value == pytest.approx(100 / 3)
        assert february.n == 3
        with shop(self.BOUGHT, active_days=20, repeat_days=40, last_day=95) as history:
            (later,) = [
                r
                for r in history.metric("reactivation_rate", segment="all")
                if r.period == "2024-02"
            ]
        assert later.value == pytest.approx(200 / 3)

    def test_the_whole_time_takes_the_latest_start_that_is_over(self) -> None:
        with shop(self.BOUGHT, active_days=20, repeat_days=15, last_day=95) as history:
            row, back = whole(history, "lapse_rate"), whole(history, "reactivation_rate")
            behind = history.behind("lapse_rate")
        # Day 76 is 20 days before the end: two bought from day 56 on, neither of them after it.
        assert (row.value, row.n) == (100.0, 2)
        assert {record[:3] for record in behind.rows} == {
            ("comes back soon", 1, 1),
            ("stays", 1, 1),
        }
        # Day 61 is 35 days before the end: who bought on day 60 was not back by then.
        assert (back.value, back.n) == (0.0, 1)

    def test_the_customers_and_orders_behind_it(self) -> None:
        with shop(self.BOUGHT, active_days=20, repeat_days=15, last_day=95) as history:
            lapsed = history.behind("lapse_rate", grain="month", period="2024-02")
            back = history.behind("reactivation_rate", grain="month", period="2024-02")
            orders = history.orders_behind("lapse_rate", grain="month", period="2024-02")
        assert {row[0]: row[1] for row in lapsed.rows} == {
            "stays": 0,
            "lapses": 1,
            "comes back soon": 1,
            "comes back late": 1,
        }
        assert {row[0]: row[1] for row in back.rows} == {
            "lapses": 0,
            "comes back soon": 1,
            "comes back late": 0,
        }
        assert {row[1] for row in orders.rows} == {row[0] for row in lapsed.rows}
