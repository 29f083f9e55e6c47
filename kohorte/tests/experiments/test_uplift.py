"""Whom to treat: found where there is somebody to find, and silent where there is not."""

from __future__ import annotations

import numpy as np
import pytest

from kohorte.errors import TooLittleError, UnknownNameError
from kohorte.experiments import uplift
from kohorte.experiments.uplift import KINDS, Kind, Uplift


def learned(seed: int, *, effect: float, kind: Kind, n: int = 12_000) -> Uplift:
    chance = np.random.default_rng(seed)
    orders = chance.poisson(2.0, n)
    age = chance.normal(size=n)
    treated = chance.random(n) < 0.4
    bought = chance.random(n) < 0.1 + 0.03 * orders + effect * treated * (age > 0)
    return uplift.learn(bought, treated, {"orders": orders, "age": age}, kind=kind)


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_moved_is_ranked_first_and_it_is_proved(kind: Kind) -> None:
    found = learned(1, effect=0.15, kind=kind)
    assert found.may_be_used
    first, last = found.groups[0].effect, found.groups[-1].effect
    assert first.low is not None
    assert last.high is not None
    assert first.low > last.high
    scores = found.foretell({"orders": np.array([2, 2]), "age": np.array([1.0, -1.0])})
    assert scores is not None
    assert scores[0] > scores[1] + 0.05


@pytest.mark.parametrize("kind", KINDS)
def test_where_all_are_moved_alike_nobody_is_ranked(kind: Kind) -> None:
    used = 0
    for seed in range(20):
        chance = np.random.default_rng(seed)
        facts = chance.normal(size=3_000)
        treated = chance.random(3_000) < 0.5
        bought = chance.random(3_000) < 0.2 + 0.1 * treated + 0.05 * (facts > 0)
        used += uplift.learn(bought, treated, {"facts": facts}, kind=kind).may_be_used
    assert used <= 3


def test_what_may_not_be_used_foretells_nothing() -> None:
    found = learned(2, effect=0.0, kind="two_models", n=2_000)
    assert not found.may_be_used
    assert found.foretell({"orders": [1], "age": [0.0]}) is None


def test_a_perfect_ranking_gains_most_and_chance_nothing() -> None:
    treated = np.array([True, False] * 200)
    moved = np.arange(400) < 100
    outcome = (moved & treated).astype(float)
    assert uplift.qini(outcome, treated) > 0.08
    mixed = np.random.default_rng(1).permutation(400)
    assert abs(uplift.qini(outcome[mixed], treated[mixed])) < 0.03
    assert uplift.gains(outcome, treated)[-1] == pytest.approx(0.25)


def test_too_few_customers_and_unknown_kinds_are_named() -> None:
    with pytest.raises(TooLittleError, match="200 customers in each arm"):
        uplift.learn([1, 0] * 50, [True, False] * 50, {"a": [1, 2] * 50})
    with pytest.raises(UnknownNameError, match="two_models, transformed"):
        uplift.learn([1], [True], {"a": [1]}, kind="forest")  # type: ignore[arg-type]
