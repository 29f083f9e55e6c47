"""Published answers and contracts, whose figures anybody can compute, must come out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pytest

import kohorte
from beside import shop
from kohorte.results import Row

DATA = Path(__file__).parent / "data"


def records(name: str) -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        found = connection.execute("SELECT * FROM read_parquet($file)", {"file": str(DATA / name)})
        columns = [column[0] for column in found.description or []]
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def midnight(year: int, month: int, day: int) -> dt.datetime:
    return dt.datetime.combine(dt.date(year, month, day), dt.time())


@pytest.fixture(scope="module")
def rows() -> dict[tuple[str, str], Row]:
    responses = [
        {
            "response_id": str(number),
            "answered_at": midnight(answer["year"], 5, 1),
            "question": "nps",
            "score": answer["score"],
            "weight": answer["weight"],
        }
        for number, answer in enumerate(records("sfo_nps.parquet"))
    ]
    with kohorte.History.from_records(orders=[], responses=responses) as history:
        found = history.metric("net_promoter_score", grain="year")
    return {(row.period, row.segment): row for row in found}


class TestAirport:
    """SFO's customer survey: 0 to 10, weighted, 11 where the question was left blank."""

    @pytest.mark.parametrize(
        ("year", "n", "score", "weighted"),
        [("2017", 2_746, 39.84, 40.40), ("2018", 2_650, 30.98, 35.11)],
    )
    def test_the_score_is_the_published_one(
        self, rows: dict[tuple[str, str], Row], year: str, n: int, score: float, weighted: float
    ) -> None:
        plain, heard = rows[year, "all"], rows[year, "weighted"]
        assert (plain.n, heard.n) == (n, n)
        assert round(plain.value or 0, 2) == score
        assert round(heard.value or 0, 2) == weighted

    def test_weights_make_the_range_wider(self, rows: dict[tuple[str, str], Row]) -> None:
        def width(row: Row) -> float:
            assert row.low is not None
            assert row.high is not None
            return row.high - row.low

        assert 5 < width(rows["2018", "all"]) < width(rows["2018", "weighted"]) < 10


class TestTelephone:
    """IBM's sample of contracts: who left within the month, at which monthly charge."""

    def rows(self, contract: str | None = None) -> dict[str, Row]:
        month = dt.date(2024, 3, 1)
        subscriptions = [
            {
                "subscription_id": str(number),
                "customer_id": str(number),
                "starts_at": midnight(2024, 2, 29) - 30 * each["tenure"] * shop.DAY,
                "ends_at": midnight(2024, 3, 15) if each["churn"] else None,
                "monthly_minor": int(100 * each["monthly_charges"]),
            }
            for number, each in enumerate(records("telco.parquet"))
            if contract in (None, each["contract"])
        ]
        settings = kohorte.Settings(until=month + 30 * shop.DAY)
        with kohorte.History.from_records(
            orders=[], subscriptions=subscriptions, currency="USD", settings=settings
        ) as history:
            slugs = ("revenue_churn_rate", "contract_churn_rate", "gross_revenue_retention")
            found = {
                row.metric: row
                for slug in slugs
                for row in history.metric(slug)
                if row.period == "2024-03"
            }
            lost = history.behind("revenue_churn_rate", grain="month", period="2024-03").rows
        if contract is None:
            assert sum(record[1] for record in lost) == 13_913_085
            assert sum(record[2] for record in lost) == 45_611_660
        return found

    def test_revenue_and_customers_lost(self) -> None:
        found = self.rows()
        revenue, customers = found["revenue_churn_rate"], found["contract_churn_rate"]
        assert revenue.value == pytest.approx(100 * 139_130.85 / 456_116.60)
        assert round(revenue.value, 2) == 30.50
        assert customers.value == pytest.approx(100 * 1_869 / 7_043)
        assert (round(customers.value, 2), customers.n, customers.complete) == (26.54, 7_043, True)
        assert found["gross_revenue_retention"].value == pytest.approx(100 - revenue.value)

    @pytest.mark.parametrize(
        ("contract", "share"),
        [("Month-to-month", 42.71), ("One year", 11.27), ("Two year", 2.83)],
    )
    def test_long_contracts_are_kept(self, contract: str, share: float) -> None:
        assert round(self.rows(contract)["contract_churn_rate"].value or 0, 2) == share
