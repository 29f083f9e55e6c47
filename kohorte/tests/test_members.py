"""Who stands in a cell: of the map, of the cohorts, of the curves; and what a cohort earned there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from kohorte import History, Settings
from kohorte.errors import UnknownNameError
from kohorte.rfm import GROUPS

# Customer, day, amount in cents, country.
ORDERS = [
    ("anna", "2026-01-05", 1000), ("anna", "2026-02-09", 5000), ("anna", "2026-03-01", 2000),
    ("ben", "2026-01-31", 3000), ("cleo", "2026-02-20", 700), ("cleo", "2026-03-20", 300),
    ("dora", "2026-03-15", 4000),
]  # fmt: skip
COUNTRIES = {"anna": "DE", "ben": "DE", "cleo": "AT", "dora": "AT"}


def opened(**settings: object) -> History:
    return History.from_records(
        orders=[
            {"order_id": str(n), "customer_id": who, "placed_at": day, "amount_minor": amount}
            for n, (who, day, amount) in enumerate(ORDERS)
        ],
        customers=[{"customer_id": who, "country": where} for who, where in COUNTRIES.items()],
        currency="EUR",
        settings=Settings(**settings),  # type: ignore[arg-type]  # as the tests name them
    )


@pytest.fixture
def history() -> Iterator[History]:
    with opened() as found:
        yield found


def names(listing: object) -> list[str]:
    return [row[0] for row in listing.rows]  # type: ignore[attr-defined]


class TestMap:
    def test_cells_and_groups_hold_everybody_once(self, history: History) -> None:
        grid = history.rfm()
        for place, count in grid.cells.items():
            assert len(history.rfm_customers(cell=place).rows) == count
        found = [name for slug in GROUPS for name in names(history.rfm_customers(group=slug))]
        assert sorted(found) == sorted(COUNTRIES)
        for group in grid.groups:
            assert len(history.rfm_customers(group=group.slug).rows) == group.customers

    def test_those_of_most_revenue_stand_first(self, history: History) -> None:
        assert names(history.rfm_customers()) == ["anna", "dora", "ben", "cleo"]
        place = dict(
            zip(history.rfm_customers().columns, history.rfm_customers().rows[0], strict=True)
        )
        assert (place["revenue"], place["orders"]) == (80.0, 3)
        assert place["last_on"] == dt.date(2026, 3, 1)

    def test_what_is_none_is_refused(self, history: History) -> None:
        with pytest.raises(UnknownNameError):
            history.rfm_customers(group="luck")
        with pytest.raises(UnknownNameError):
            history.rfm_customers(cell=(6, 1))


class TestCohorts:
    @pytest.mark.parametrize("age", ["calendar", "rolling"])
    def test_each_cell_counts_those_who_are_named(self, history: History, age: str) -> None:
        for grain in ("month", "quarter", "week"):
            grid = history.cohorts(grain, age=age)  # type: ignore[arg-type]  # both ages
            for one in grid.cohorts:
                whole = history.cohort_customers(one.period, grain=grain)  # type: ignore[arg-type]
                assert len(whole.rows) == one.size
                for place, count in enumerate(one.customers):
                    named = history.cohort_customers(
                        one.period, grain=grain, age=age, at=place,  # type: ignore[arg-type]
                    )  # fmt: skip
                    if count is not None:
                        assert len(named.rows) == count, (one.period, place)
                        assert sum(row[4] for row in named.rows) == pytest.approx(
                            one.revenue[place]
                        )

    def test_an_age_beyond_the_data_has_nobody(self, history: History) -> None:
        assert history.cohort_customers("2026-01", at=40).rows == ()

    def test_the_profit_is_the_margin_of_what_was_ordered(self) -> None:
        with opened(margin_percent=40) as history:
            grid = history.cohorts()
            profits = history.cohort_profits(grid)
            for one in grid.cohorts:
                expected = [None if each is None else 0.4 * each for each in one.revenue]
                assert list(profits[one.period]) == pytest.approx(expected)

    def test_without_costs_it_is_not_known(self, history: History) -> None:
        profits = history.cohort_profits(history.cohorts())
        assert profits["2026-01"] == (None, None, None)


class TestCurves:
    def test_groups_have_the_curves_of_their_own_customers(self, history: History) -> None:
        curves, test = history.survival_by("country")
        found = {group.value: curve for group, curve in curves}
        assert {name: curve.customers for name, curve in found.items()} == {"DE": 2, "AT": 2}
        with history.only('country = "AT"'):
            assert history.survival() == found["AT"]
        assert test is not None
        assert test.degrees == 1

    def test_one_group_cannot_be_tested(self) -> None:
        with opened() as history, history.only('country = "DE"'):
            _curves, test = history.survival_by("country")
        assert test is None


def test_a_history_without_orders_has_nobody() -> None:
    with History.from_records(orders=[]) as history:
        assert history.rfm_customers().rows == ()
        assert history.cohort_customers("2026-01").rows == ()
        assert history.cohort_profits(history.cohorts()) == {}
