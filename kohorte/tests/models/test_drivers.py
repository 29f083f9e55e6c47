"""What goes with a second order: Cox regression by hand, against lifelines' data, and from a history."""

from __future__ import annotations

import csv
import datetime as dt
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kohorte
from kohorte.errors import ModelError, TooLittleError, UnknownNameError
from kohorte.forecasts import drivers
from kohorte.models import cox
from kohorte.models.arrays import Array
from kohorte.models.cox import Cox

ROOT = Path(__file__).parents[3]


def sample(*, count: int = 120, seed: int = 6) -> tuple[Array, Array, dict[str, Array]]:
    chance = np.random.default_rng(seed)
    ads, rank = chance.integers(0, 2, count).astype(float), chance.integers(0, 4, count) / 2
    times = np.ceil(chance.exponential(20 / np.exp(0.7 * ads - 0.4 * rank)))
    end = chance.integers(5, 40, count)
    return np.minimum(times, end), (times <= end).astype(float), {"ads": ads, "rank": rank}


def by_hand(beta: list[float], times: Array, came: Array, covariates: dict[str, Array]) -> float:
    """Return Efron's partial likelihood in plain Python."""
    rows = list(zip(times, came, *covariates.values(), strict=True))
    eta = [sum(b * z for b, z in zip(beta, row[2:], strict=True)) for row in rows]
    total = 0.0
    for moment in sorted({row[0] for row in rows if row[1]}):
        risk = sum(math.exp(e) for row, e in zip(rows, eta, strict=True) if row[0] >= moment)
        events = [e for row, e in zip(rows, eta, strict=True) if row[0] == moment and row[1]]
        tied = sum(map(math.exp, events))
        total += sum(events)
        total -= sum(math.log(risk - l / len(events) * tied) for l in range(len(events)))  # noqa: E741
    return total


def test_the_likelihood_and_its_derivatives_are_those_by_hand() -> None:
    times, came, covariates = sample()
    tables = cox._tables(times, came, covariates, None)
    place = np.array([1.7, 0.6])

    def at(ratios: Array) -> float:
        return by_hand([math.log(ratio) for ratio in ratios], times, came, covariates)

    here = cox._likelihood(place, tables)
    assert here.value == pytest.approx(at(place))
    for index, step in enumerate(np.eye(2) * 1e-5):
        slope = (at(place + step) - at(place - step)) / 2e-5
        assert here.gradient[index] == pytest.approx(slope, rel=1e-5)
        after, before = (cox._likelihood(place + sign * step, tables) for sign in (1, -1))
        assert here.hessian[index] == pytest.approx(
            (after.gradient - before.gradient) / 2e-5, rel=1e-5
        )


def test_weights_are_customers() -> None:
    times, came, covariates = sample()
    weights = np.random.default_rng(1).integers(1, 4, len(times))
    weighed = Cox().fit(times, came, covariates, weights=weights)
    each = Cox().fit(
        np.repeat(times, weights),
        np.repeat(came, weights),
        {name: np.repeat(values, weights) for name, values in covariates.items()},
    )
    assert weighed.values == pytest.approx(each.values)
    assert weighed.customers_ == weights.sum()


def test_rearrest_as_published() -> None:
    """Rossi, Berk & Lenihan (1980), as in Fox & Weisberg's appendix: coefficients and errors of R."""
    path = ROOT / ".venv" / "data" / "lifelines" / "datasets" / "rossi.csv"
    if not path.exists():
        pytest.skip("The data of Rossi, Berk and Lenihan are not there (make setup)")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = ("fin", "age", "race", "wexp", "mar", "paro", "prio")
    model = Cox().fit(
        [float(row["week"]) for row in rows],
        [float(row["arrest"]) for row in rows],
        {name: [float(row[name]) for row in rows] for name in names},
    )
    printed = {
        "fin": (-0.37942, 0.19138), "age": (-0.05744, 0.02200), "race": (0.31390, 0.30799),
        "wexp": (-0.14980, 0.21222), "mar": (-0.43370, 0.38187), "paro": (-0.08487, 0.19576),
        "prio": (0.09150, 0.02865),
    }  # fmt: skip
    for each in model.summary():
        coefficient, error = printed[each.name]
        assert math.log(each.value) == pytest.approx(coefficient, abs=6e-6)
        assert each.error is not None
        assert each.error / each.value == pytest.approx(error, abs=6e-6)


def test_what_tells_nothing_is_named() -> None:
    times, came, covariates = sample()
    with pytest.raises(TooLittleError) as caught:
        Cox().fit(times, came * 0, covariates)
    assert caught.value.reason == "no_events"
    with pytest.raises(ModelError, match="same for all"):
        Cox().fit(times, came, {"ads": np.ones(len(times))})
    with pytest.raises(ModelError, match="every customer"):
        Cox().fit(times, came, {"ads": np.ones(3)})
    always = Cox().fit([1, 2, 3, 9, 9, 9], [1, 1, 1, 0, 0, 0], {"ads": [1, 1, 1, 0, 0, 0]})
    assert always.boundary_ is cox.SEPARATED


def orders() -> list[dict[str, Any]]:
    chance = np.random.default_rng(9)
    found = []
    for number in range(900):
        ads, dear = number % 2 == 0, chance.random() < 0.5
        day = int(chance.integers(0, 200))
        again = day + math.ceil(chance.exponential(60 / (0.4 if ads else 1)))
        for place, at in enumerate([day, again]):
            if at <= 260:
                found.append(
                    {
                        "order_id": f"{number}-{place}",
                        "customer_id": str(number),
                        "placed_at": dt.date(2025, 1, 1) + dt.timedelta(days=at),
                        "channel": "ads" if ads else "search",
                        "amount_minor": 9000 + number if dear else 1000 + number,
                    }
                )
    return found


def test_drivers_of_a_history() -> None:
    with kohorte.History.from_records(orders=orders(), currency="EUR") as history:
        found = drivers.second_order(history)
    (channel,) = (each for each in found.drivers if each.fact == "channel")
    assert found.drivers[0] == channel
    assert {channel.value, channel.against} == {"ads", "search"}
    expected = 0.4 if channel.value == "ads" else 1 / 0.4
    assert channel.low is not None
    assert channel.high is not None
    assert channel.low < expected < channel.high
    assert channel.beyond
    worth = [each for each in found.drivers if each.fact == "first_value"]
    assert len(worth) == 2
    assert not any(each.beyond for each in worth)
    assert found.customers == 900
    assert found.boundary is None


def test_a_history_without_facts_is_named() -> None:
    plain = [{**order, "channel": None, "amount_minor": None} for order in orders()]
    with kohorte.History.from_records(orders=plain) as history:
        with pytest.raises(TooLittleError) as caught:
            drivers.second_order(history)
        assert caught.value.reason == "no_facts"
        with pytest.raises(UnknownNameError, match="channel"):
            drivers.second_order(history, ("weather",))
    with kohorte.History.from_records(orders=[]) as nothing, pytest.raises(TooLittleError):
        drivers.second_order(nothing)


def after_the_first(*, effect: float, customers: int = 4000) -> dict[str, list[dict[str, Any]]]:
    """Customers of whom half would return something on a day of their own, if they had not come before.

    From then on they come `effect` times as often; until then nothing tells them apart.
    """
    chance = np.random.default_rng(12)
    start = dt.date(2025, 1, 1)
    found: dict[str, list[dict[str, Any]]] = {"orders": [], "returns": []}
    for number in range(customers):
        first = int(chance.integers(0, 30))
        sends_back = int(chance.integers(1, 25)) if chance.random() < 0.5 else None
        again = float(chance.exponential(50))
        if sends_back is not None and again > sends_back:
            again = sends_back + float(chance.exponential(50 / effect))
            day = start + dt.timedelta(days=first + sends_back)
            found["returns"].append(
                {"return_id": str(number), "order_id": f"{number}-0", "returned_at": day,
                 "kind": "return"}
            )  # fmt: skip
        for place, at in enumerate([first, first + max(1, math.ceil(again))]):
            if at <= 230:
                found["orders"].append(
                    {"order_id": f"{number}-{place}", "customer_id": str(number),
                     "placed_at": start + dt.timedelta(days=at)}
                )  # fmt: skip
    return found


@pytest.mark.parametrize("effect", [1.0, 0.5])
def test_a_return_is_judged_from_the_landmark_on(effect: float) -> None:
    """Who came before could not return any more; counting that as faithful would be immortal time."""
    tables = after_the_first(effect=effect)
    with kohorte.History.from_records(**tables) as history:
        found = drivers.since(history, ("returned",))
    (returned,) = found.drivers
    assert (returned.value, returned.against, found.landmark_days) == ("yes", "no", 30)
    assert returned.low is not None
    assert returned.high is not None
    assert returned.low < effect < returned.high
    # Ever returned or not, from the first order on, says something else altogether.
    ever = {each["order_id"] for each in tables["returns"]}
    days: dict[str, list[dt.date]] = {}
    for order in tables["orders"]:
        days.setdefault(order["customer_id"], []).append(order["placed_at"])
    end = max(day for each in days.values() for day in each)
    waits = [(each[1] if len(each) > 1 else end) - each[0] for each in days.values()]
    naive = Cox().fit(
        [wait.days for wait in waits],
        [len(each) > 1 for each in days.values()],
        {"returned": [float(f"{customer}-0" in ever) for customer in days]},
    )
    assert naive.parameters_["returned"] < 0.85 * effect


def test_answers_and_facts_of_ones_own_are_judged_as_returns_are() -> None:
    """The same customers say with an answer, or a table of one's own, what others say with a return."""
    tables = after_the_first(effect=0.5, customers=1500)
    said = {
        "nps": {"score": 3},
        "csat": {"score": 2},
        "ces": {"score": 1},
        "leaving": {"answer": "Preis"},
    }
    responses = [
        {"response_id": f"{back['return_id']}-{question}-{days}", "question": question,
         "customer_id": back["return_id"], **(answer if not days else {"score": 10}),
         "answered_at": back["returned_at"] + dt.timedelta(days=days)}
        for back in tables["returns"] for question, answer in said.items()
        # What is said later is not known at the landmark.
        for days in ((0, 60) if question == "nps" else (0,))
    ]  # fmt: skip
    late = {each["return_id"] for each in tables["returns"]}
    own = {str(number): "late" if str(number) in late else "on time" for number in range(1500)}
    with kohorte.History.from_records(**tables, responses=responses) as history:
        (expected,) = drivers.since(history, ("returned",)).drivers
        found = [drivers.since(history, (fact,)).drivers for fact in said]
        delivery = drivers.since(history, (), own={"delivery": own}).drivers
        every = drivers.every(history)
    assert [(one.value, one.against) for (one,) in found] == [
        ("detractor", "no"), ("below", "no"), ("below", "no"), ("Preis", "no"),
    ]  # fmt: skip
    for (one,) in found:
        assert (one.ratio, one.customers) == (pytest.approx(expected.ratio), expected.customers)
    assert len(delivery) == 1
    inverse = delivery[0].value == "on time"
    assert delivery[0].ratio == pytest.approx(1 / expected.ratio if inverse else expected.ratio)
    # All say the same, so one of them is enough.
    assert [one.fact for one in every.drivers] == ["returned"]


def test_what_comes_after_the_landmark_is_not_known_at_it() -> None:
    tables = after_the_first(effect=0.5, customers=400)
    late = [
        {**each, "returned_at": each["returned_at"] + dt.timedelta(days=60)}
        for each in tables["returns"]
    ]
    with (
        kohorte.History.from_records(orders=tables["orders"], returns=late) as history,
        pytest.raises(TooLittleError) as caught,
    ):
        drivers.since(history, ("returned",))
    assert caught.value.reason == "no_facts"
    with kohorte.History.from_records(**tables) as history:
        with pytest.raises(kohorte.KohorteError, match="at least one day"):
            drivers.since(history, landmark_days=0)
        with pytest.raises(UnknownNameError):
            drivers.second_order(history, ("returned",))


def test_a_deep_discount_is_what_lines_come_to_above_what_was_paid() -> None:
    chance = np.random.default_rng(4)
    orders, lines = [], []
    for number in range(900):
        deep = number % 3 == 0
        again = math.ceil(chance.exponential(60 / (0.5 if deep else 1)))
        for place, day in enumerate([0, again]):
            if day < 120:
                key = f"{number}-{place}"
                paid = 800 if deep and not place else 1000
                orders.append(
                    {"order_id": key, "customer_id": str(number), "amount_minor": paid,
                     "placed_at": dt.date(2025, 1, 1) + dt.timedelta(days=day)}
                )  # fmt: skip
                lines.append({"order_id": key, "line_number": 1, "amount_minor": 1000})
    with kohorte.History.from_records(orders=orders, order_lines=lines, currency="EUR") as history:
        (found,) = drivers.second_order(history, ("first_discount",)).drivers
    assert (found.value, found.against, found.customers) == ("deep", "none", 300)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.5 < found.high
    half_price = [{**line, "amount_minor": 2000} for line in lines]
    with (
        kohorte.History.from_records(
            orders=orders, order_lines=half_price, currency="EUR"
        ) as history,
        pytest.raises(TooLittleError),
    ):
        drivers.second_order(history, ("first_discount",))
