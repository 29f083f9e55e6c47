"""Contracts and occasions fed from a history: counted by hand, published figures, known truths, the command."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kohorte
from kohorte.errors import TooLittleError
from kohorte.forecasts import contracts, occasions

REGULAR = (1000, 631, 468, 382, 326, 289, 262, 241)
TO_THE_END = [
    {"order_id": "1", "customer_id": "anna", "placed_at": "2019-12-31", "amount_minor": 100}
]


def terms_of(survivors: tuple[int, ...]) -> list[dict[str, Any]]:
    """Return contracts of a year that began together, so many left after each renewal."""
    found = []
    for number in range(survivors[0]):
        year = next((age for age, left in enumerate(survivors) if number >= left), None)
        found.append(
            {"subscription_id": str(number), "customer_id": str(number),
             "starts_at": "2013-01-01", "monthly_minor": 2000,
             "ends_at": f"{2013 + year}-01-01" if year is not None else None}
        )  # fmt: skip
    return found


def shop(terms: list[dict[str, Any]], until: str) -> kohorte.History:
    orders = [{**TO_THE_END[0], "placed_at": until}]
    return kohorte.History.from_records(orders=orders, subscriptions=terms, currency="EUR")


def test_the_regular_customers_of_the_paper_come_from_their_terms() -> None:
    """Fader & Hardie (2007), table 1: alpha .704, beta 1.182, year 12 at 17.0 %."""
    with shop(terms_of(REGULAR), "2020-01-02") as history:
        found = contracts.of(history, period="year", discount_percent=0)
    assert found.lives.cohorts() == [[float(each) for each in REGULAR]]
    assert found.model.parameters_["alpha"] == pytest.approx(0.704, abs=5e-4)
    assert found.model.parameters_["beta"] == pytest.approx(1.182, abs=5e-4)
    assert 100 * found.model.survival(12) == pytest.approx(17.0, abs=0.05)
    assert found.retention[0][:2] == (631, 1000)
    assert found.retention[1][:2] == (468, 631)
    # 241 contracts of 240 a year: the next year is that of the eighth renewal.
    year = found.worth[0]
    assert year.shop.value == pytest.approx(241 * 240 * found.model.retention(8), rel=1e-9)
    assert year.shop.low < year.shop.value < year.shop.high
    assert year.new == pytest.approx(240 + 240 * found.model.survival(1), rel=1e-9)
    three = sum(found.model.survival(7 + k) / found.model.survival(7) for k in (1, 2, 3))
    assert found.worth[2].shop.value == pytest.approx(241 * 240 * three, rel=1e-9)


def random_terms(count: int = 3000) -> list[dict[str, Any]]:
    """Contracts renewed month by month, each with a chance of leaving of its own, begun over two years."""
    chance = np.random.default_rng(8)
    found = []
    for number in range(count):
        start = dt.date(2022, 1, 1) + dt.timedelta(days=int(chance.integers(0, 700)))
        lived = int(chance.geometric(max(chance.beta(0.8, 6.0), 1e-6)))
        end = start + dt.timedelta(days=round(30.436875 * lived))
        found.append(
            {"subscription_id": str(number), "customer_id": str(number), "starts_at": start,
             "monthly_minor": 1000 + number % 7 * 500,
             "ends_at": end if end <= dt.date(2024, 12, 31) else None}
        )  # fmt: skip
    return found


def test_cohorts_of_many_ages_give_back_what_was_put_in_and_foretell_the_rest() -> None:
    with shop(random_terms(), "2024-12-31") as history:
        found = contracts.of(history, period="month")
    assert found.model.parameters_["alpha"] == pytest.approx(0.8, rel=0.15)
    assert found.model.parameters_["beta"] == pytest.approx(6.0, rel=0.2)
    held = found.held
    assert held is not None
    assert held.foretold == pytest.approx(held.actual, rel=0.05)
    assert abs(held.foretold - held.actual) < abs(held.by_rate - held.actual)
    # Who is left at an age is what came up for it: in plain Python.
    renewals, left = found.lives.renewals, found.lives.left
    for at in (1, 2, 5):
        up = sum(
            r >= at and (gone == 0 or gone >= at) for r, gone in zip(renewals, left, strict=True)
        )
        gone_now = sum(r >= at and gone == at for r, gone in zip(renewals, left, strict=True))
        assert found.retention[at - 1][:2] == (up - gone_now, up)


def test_contracts_that_tell_nothing_are_named() -> None:
    plain = kohorte.History.from_records(orders=TO_THE_END, currency="EUR")
    with plain as history, pytest.raises(TooLittleError) as caught:
        contracts.of(history)
    assert caught.value.reason == "no_contracts"
    fresh = [{**one, "starts_at": "2019-12-20", "ends_at": None} for one in terms_of((30, 20))]
    with shop(fresh, "2019-12-31") as history, pytest.raises(TooLittleError) as caught:
        contracts.of(history)
    assert caught.value.reason == "no_time"
    staying = [{**one, "ends_at": None} for one in terms_of((30, 20))]
    with shop(staying, "2019-12-31") as history, pytest.raises(TooLittleError) as caught:
        contracts.of(history)
    assert caught.value.reason == "nobody_left"


def donations(count: int = 2500, years: int = 9) -> list[dict[str, Any]]:
    """Donors as in BG/BB: each gives with a chance of their own until they stop."""
    chance = np.random.default_rng(11)
    found = []
    for number in range(count):
        first = int(chance.integers(0, 3))
        gives, stops = chance.beta(1.2, 0.75), chance.beta(0.66, 2.8)
        last = int(chance.geometric(max(stops, 1e-6)))
        for year in range(first, years):
            age = year - first
            if age == 0 or (age < last and chance.random() < gives):
                found += [
                    {"order_id": f"{number}-{year}-{gift}", "customer_id": str(number),
                     "placed_at": dt.date(2010 + year, 1 + (number + gift) % 12, 5)}
                    for gift in range(1 + number % 2)
                ]  # fmt: skip
    found.append(
        {"order_id": "end", "customer_id": "end", "placed_at": dt.date(2010 + years, 3, 1)}
    )
    return found


def test_occasions_are_those_counted_by_hand_and_give_back_what_was_put_in() -> None:
    orders = donations()
    with kohorte.History.from_records(orders=orders) as history:
        found = occasions.of(history, grain="year")
    years: dict[str, set[int]] = {}
    for order in orders:
        years.setdefault(order["customer_id"], set()).add(order["placed_at"].year)
    for at, customer in enumerate(found.customers):
        first = min(years[customer])
        taken = [year - first for year in years[customer] if first < year < 2019]
        assert found.buyers.x[at] == len(taken)
        assert found.buyers.t_x[at] == max(taken, default=0)
        assert found.buyers.T[at] == 2018 - first
    assert "end" not in found.customers
    assert len(found.customers) == 2500
    expected = {"alpha": 1.2, "beta": 0.75, "gamma": 0.66, "delta": 2.8}
    for name, value in expected.items():
        assert found.model.parameters_[name] == pytest.approx(value, rel=0.35), name
    held = found.held
    assert held is not None
    assert held.foretold == pytest.approx(held.actual, rel=0.06)
    assert held.ranking_percent is not None
    assert held.recency_percent is not None
    assert held.ranking_percent > held.recency_percent - 2
    expected_first = found.listing().rows[0][5]
    assert isinstance(expected_first, float)
    assert 0 < expected_first <= 3


def test_occasions_that_tell_nothing_are_named() -> None:
    once = [
        {"order_id": str(n), "customer_id": str(n), "placed_at": f"20{10 + n % 4}-05-01"}
        for n in range(40)
    ]
    with (
        kohorte.History.from_records(orders=once) as history,
        pytest.raises(TooLittleError) as caught,
    ):
        occasions.of(history)
    assert caught.value.reason == "no_repeaters"
    now = [{**one, "placed_at": "2014-05-01"} for one in once]
    with (
        kohorte.History.from_records(orders=now) as history,
        pytest.raises(TooLittleError) as caught,
    ):
        occasions.of(history)
    assert caught.value.reason == "no_time"


def test_the_command_foretells_both(tmp_path: Path) -> None:
    rows = ["Order number,Customer number,Order date,Total"]
    rows += [
        f"{one['order_id']},K{one['customer_id']},{one['placed_at'].isoformat()},10.00"
        for one in donations(300)
    ]
    (tmp_path / "orders.csv").write_text("\n".join(rows) + "\n", "utf-8")
    head = "Contract number,Customer number,Contract start,Term end,Ended at,Monthly amount,Cancellation reason"
    terms = [
        f"V-{one['subscription_id']},K{one['customer_id']},{one['starts_at']},,"
        f"{one['ends_at'] or ''},9.90,"
        for one in terms_of((200, 130, 95, 80))
    ]
    (tmp_path / "contracts.csv").write_text("\n".join([head, *terms]) + "\n", "utf-8")

    def asked(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 – our own interpreter
            [sys.executable, "-m", "kohorte", "clv", "orders.csv", *words, "--currency", "EUR"],
            capture_output=True, text=True, cwd=tmp_path, check=False,
        )  # fmt: skip

    done = asked("--occasions", "year", "--language", "de", "--out", "all.csv")
    assert done.returncode == 0, done.stderr
    assert "BG/BB, angepasst an 300 Kunden" in done.stdout
    assert len((tmp_path / "all.csv").read_text("utf-8").splitlines()) == 301
    done = asked("contracts.csv", "--contracts", "year", "--json")
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)["contracts"]
    assert record["retention"][0] == pytest.approx(
        {
            "renewal": 1,
            "came_up": 200,
            "renewed": 130,
            "expected": record["retention"][0]["expected"],
        }
    )
    assert [each["months"] for each in record["value"]] == [12, 24, 36]
    done = asked("contracts.csv", "--contracts", "year")
    assert "80 ran on" in done.stdout
    both = asked("--contracts", "year", "--occasions", "year")
    assert both.returncode == 2
    assert "not for both" in both.stderr
