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
