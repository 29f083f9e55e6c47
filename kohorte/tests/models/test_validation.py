"""Holding models to what came: measures by hand, CDNOW as published, and who may show numbers."""

from __future__ import annotations

import datetime as dt
import itertools

import cdnow
import numpy as np
import pytest

from kohorte.errors import TooLittleError
from kohorte.models import choosing
from kohorte.models.bg_nbd import BgNbd
from kohorte.models.buyers import Buyers
from kohorte.models.mbg_cnbd_k import MbgCnbdK
from kohorte.models.mbg_nbd import MbgNbd
from kohorte.models.pareto_nbd import ParetoNbd
from kohorte.validate import measures
from kohorte.validate.contest import Contest, Holdout, hold

HALF = 39 * cdnow.WEEK


def cdnow_holdout() -> Holdout:
    return Holdout(cdnow.customers(), HALF, np.array(cdnow.later(), dtype=float)[:, None])


def test_the_ranking_on_cdnow() -> None:
    """P(alive) of BG/NBD ranks worse than a coin; what is expected ranks as the last purchase does."""
    buyers = cdnow.customers()
    came = np.array(cdnow.later()) > 0
    assert round(100 * came.mean(), 1) == 29.0

    def area(score: np.ndarray) -> float:
        return round(measures.area(score, came) or 0, 3)

    models = {kind: kind().fit(buyers) for kind in (BgNbd, MbgNbd, ParetoNbd)}
    assert [area(model.alive(buyers)) for model in models.values()] == [0.316, 0.687, 0.726]
    expected = [area(model.purchases(buyers, HALF)) for model in models.values()]
    assert expected == [0.773, 0.773, 0.779]
    assert area(buyers.t_x - buyers.T) == 0.771


def test_the_contest_on_cdnow() -> None:
    found = hold(cdnow_holdout())
    assert (found.customers, found.actual, found.came_back) == (2357, 1882, 684)
    by_name = {trial.slug: trial for trial in found.models}
    assert by_name["bg_nbd"].foretold == pytest.approx(1653.4, abs=0.05)
    assert by_name["bg_nbd"].error_percent == pytest.approx(-12.15, abs=0.01)
    assert by_name["bg_nbd"].absolute_error == pytest.approx(0.785, abs=5e-4)
    assert by_name["pareto_nbd"].foretold == pytest.approx(1665.5, abs=0.05)
    assert found.best == "pareto_nbd"
    assert not by_name["pareto_nbd"].loses
    assert [trial.slug for trial in found.rules] == ["recency"]
    assert found.rules[0].area == pytest.approx(0.771, abs=5e-4)
    deviances = [trial.deviance or 0 for trial in found.models if not trial.loses]
    assert deviances == sorted(deviances)


def test_the_area_counts_pairs() -> None:
    chance = np.random.default_rng(2)
    score = chance.integers(0, 6, 80).astype(float)
    came = chance.random(80) < 0.2 + score / 12
    pairs = list(itertools.product(score[came], score[~came]))
    by_hand = sum((a > b) + (a == b) / 2 for a, b in pairs) / len(pairs)
    assert measures.area(score, came) == pytest.approx(by_hand)
    assert measures.area(score, np.ones(80, dtype=bool)) is None


def test_the_error_of_a_difference_of_areas_is_that_of_a_bootstrap() -> None:
    chance = np.random.default_rng(5)
    truth = chance.normal(size=500)
    came = truth + chance.normal(size=500) > 0.5
    good, worse = truth + chance.normal(size=500), truth + 2 * chance.normal(size=500)
    found = measures.area_difference(good, worse, came)
    assert found is not None
    drawn = []
    for _ in range(400):
        rows = chance.integers(0, 500, 500)
        first, second = (measures.area(each[rows], came[rows]) or 0 for each in (good, worse))
        drawn.append(first - second)
    assert found.value == pytest.approx(
        (measures.area(good, came) or 0) - (measures.area(worse, came) or 0)
    )
    assert found.error == pytest.approx(np.std(drawn), rel=0.15)
    assert not found.is_behind(1.96)
    other = measures.area_difference(worse, good, came)
    assert other is not None
    assert other.is_behind(1.96)


def test_deviance_is_least_for_the_truth_and_finite_for_a_wrong_zero() -> None:
    actual = np.array([0.0, 0, 1, 3, 7])
    right = measures.deviance(actual, actual)
    assert 0 <= right < 1e-5
    assert measures.deviance(np.full(5, 2.2), actual) > right
    assert np.isfinite(measures.deviance(np.zeros(5), actual))
    by_hand = 2 * sum(
        (y * np.log(y / 2.2) if y else 0) - (y - 2.2) for y in actual
    ) / 5  # fmt: skip
    assert measures.deviance(np.full(5, 2.2), actual) == pytest.approx(by_hand)


def test_deciles_hold_everybody_once() -> None:
    foretold = np.arange(37.0)[::-1]
    found = measures.deciles(foretold, foretold * 2)
    assert sum(each.customers for each in found) == 37
    assert [each.actual for each in found] == pytest.approx([2 * each.foretold for each in found])
    assert [each.foretold for each in found] == sorted(each.foretold for each in found)
    assert measures.deciles(np.arange(3.0), np.arange(3.0))[-1].foretold == 2


def returning(*, seed: int = 1, turned: bool = False) -> Contest:
    """Return a contest over customers of a law; turned, the future is the opposite of the past."""
    chance = np.random.default_rng(seed)
    law = MbgNbd.known(r=0.8, alpha=30.0, a=0.6, b=2.5)
    start = Buyers([0] * 3000, [0] * 3000, [0] * 3000)
    x = law.simulate(start, dt.timedelta(days=300), chance=chance)
    t_x = np.where(x > 0, np.round(300 * x / (x + 1)), 0)
    buyers = Buyers(x, t_x, np.full(3000, 300))
    later = law.simulate(buyers, dt.timedelta(days=200), chance=chance)
    if turned:
        later = np.where(x == 0, 3.0, 0.0)
    return hold(Holdout(buyers, dt.timedelta(days=200), later[:, None], last_year=x * 0.5))


def test_who_loses_to_the_last_purchase_shows_no_numbers_and_stays_visible() -> None:
    fine = returning()
    assert fine.best is not None
    assert {trial.slug for trial in fine.rules} == {"recency", "last_year"}
    chance = np.random.default_rng(3)
    x = chance.integers(0, 9, 800)
    T = np.full(800, 400)
    t_x = np.where(x > 0, chance.integers(1, 400, 800), 0)
    # Only the last purchase tells who comes back, and those who bought little do so most often.
    came = ((t_x > 300) & (x < 4) & (x > 0)).astype(float)
    found = hold(Holdout(Buyers(x, t_x, T), dt.timedelta(days=100), came[:, None]))
    lost = [trial for trial in found.models if trial.loses]
    assert lost
    assert all(trial.deciles and trial.area for trial in lost)
    assert found.best is None or not (found.trial(found.best) or lost[0]).loses
    # Those who lose come after those who do not.
    order = [trial.loses for trial in found.models]
    assert order == sorted(order)


def test_of_two_that_do_equally_well_the_simpler_one_is_chosen() -> None:
    """Where nobody is regular, MBG/CNBD-k finds one phase and is MBG/NBD."""
    chance = np.random.default_rng(2)
    rate = chance.gamma(1.0, 1 / 30, 400)
    T = np.full(400, 300.0)
    x = chance.poisson(rate * T).astype(float)
    t_x = np.where(x > 0, np.round(T * x / (x + 1)), 0)
    gaps = np.where(x > 0, x * (np.log(np.maximum(t_x, 1) / np.maximum(x, 1)) - 0.8), 0)
    buyers = Buyers(x, t_x, T, log_gaps=gaps)
    later = chance.poisson(rate * 100).astype(float)
    found = hold(Holdout(buyers, dt.timedelta(days=100), later[:, None]), (MbgCnbdK, MbgNbd))
    assert [trial.slug for trial in found.models] == ["mbg_cnbd_k", "mbg_nbd"]
    turned = hold(Holdout(buyers, dt.timedelta(days=100), later[:, None]), (MbgNbd, MbgCnbdK))
    assert turned.best == "mbg_nbd"


def test_when_nothing_came_no_model_is_best() -> None:
    buyers = Buyers([1] * 100, [9] * 100, [50] * 100)
    found = hold(Holdout(buyers, dt.timedelta(days=30), np.zeros((100, 3))))
    assert found.best is None
    assert found.models[0].error_percent is None
    assert len(found.models[0].tracking) == 3
    with pytest.raises(TooLittleError):
        hold(Holdout(Buyers([], [], []), dt.timedelta(days=30), np.zeros((0, 3))))
    assert set(choosing.KINDS) >= {trial.slug for trial in found.models}
