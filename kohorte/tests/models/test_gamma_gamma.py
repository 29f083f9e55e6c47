"""Gamma-Gamma: the published table, derivatives, and what cannot be told."""

from __future__ import annotations

import cdnow
import numpy as np
import pytest

from kohorte.errors import TooLittleError
from kohorte.models import gamma_gamma
from kohorte.models.buyers import Buyers
from kohorte.models.gamma_gamma import GammaGamma


def test_the_parameters_of_cdnow_to_the_printed_digit() -> None:
    model = GammaGamma().fit(cdnow.customers())
    assert model.customers_ == 946
    assert [round(each, 2) for each in model.values] == [6.25, 3.74, 15.44]
    assert model.log_likelihood_ == pytest.approx(-4055.9177, abs=5e-5)
    assert round(model.mean_spend(), 2) == 35.17
    x, mean, weights = gamma_gamma._of_value(cdnow.customers())
    at = np.array([6.25, 3.74, 15.44])
    found = gamma_gamma._likelihood(at, gamma_gamma._Sums.of(x, mean, weights)).value
    assert found == pytest.approx(-4055.919232, abs=1e-6)


def sample(*, count: int = 400, seed: int = 5) -> Buyers:
    chance = np.random.default_rng(seed)
    x = chance.integers(0, 6, count)
    nu = chance.gamma(4, 1 / 15, count)
    mean = [chance.gamma(6 * n, 1 / (each * n)) if n else 0 for n, each in zip(x, nu, strict=True)]
    return Buyers(x, x, np.full(count, 9), monetary=mean)


def test_gradient_and_hessian_are_those_of_the_likelihood() -> None:
    x, mean, weights = gamma_gamma._of_value(sample())
    sums, place = gamma_gamma._Sums.of(x, mean, weights), np.array([5.0, 3.0, 12.0])
    here = gamma_gamma._likelihood(place, sums)
    for index, step in enumerate(np.eye(3) * 1e-5):
        before, after = (gamma_gamma._likelihood(place + sign * step, sums) for sign in (-1, 1))
        assert here.gradient[index] == pytest.approx((after.value - before.value) / 2e-5, rel=1e-5)
        bend = (after.gradient - before.gradient) / 2e-5
        assert here.hessian[index] == pytest.approx(bend, rel=1e-5, abs=1e-4)
    single = gamma_gamma._scores(place, sums)
    assert single.sum(axis=0) == pytest.approx(here.gradient)


def test_the_likelihood_is_that_of_the_story() -> None:
    """Averaged over all ν, the density of a mean of x gamma-distributed values."""
    model = GammaGamma.of(p=3.0, q=4.0, v=20.0)
    p, q, v = model.values
    nu = np.exp(np.arange(-16, 6, 0.01))
    prior = nu**q * v**q * np.exp(-v * nu) / 6 * 0.01
    x, z = 4, 17.0
    shape, rate = p * x, nu * x
    own = np.exp(shape * np.log(rate) + (shape - 1) * np.log(z) - rate * z) / 39916800
    sums = gamma_gamma._Sums.of(np.array([4.0]), np.array([17.0]), np.ones(1))
    found = gamma_gamma._likelihood(model.values, sums).value
    assert found == pytest.approx(np.log((prior * own).sum()), abs=1e-8)
    expected = (prior * own * p / nu).sum() / (prior * own).sum()
    assert model.spend(Buyers([4], [1], [1], monetary=[17]))[0] == pytest.approx(expected)


def test_who_never_came_back_spends_as_all_do() -> None:
    model = GammaGamma().fit(sample())
    found = model.spend(Buyers([0, 2, 2], [0, 1, 1], [9, 9, 9], monetary=[0, 500, float("nan")]))
    assert found[0] == found[2] == model.mean_spend()
    assert model.mean_spend() < found[1] < 500


def test_too_few_amounts_and_wild_ones_are_named() -> None:
    with pytest.raises(TooLittleError) as caught:
        GammaGamma().fit(Buyers([0, 1, 2], [0, 1, 1], [9, 9, 9], monetary=[5, 0, 9]))
    assert caught.value.reason == "too_few_amounts"
    # The larger the rarer: of every ten-fold amount there are nearly as many dollars.
    amounts = [1.0 / (n / 200) ** 3 for n in range(1, 200)]
    wild = Buyers([1] * 199, [1] * 199, [9] * 199, monetary=amounts)
    model = GammaGamma().fit(wild)
    assert model.boundary_ is gamma_gamma.NO_MEAN
    assert model.mean_spend() == float("inf")
    same = Buyers([1] * 40, [1] * 40, [9] * 40, monetary=[30.0] * 40)
    assert GammaGamma().fit(same).boundary_ is gamma_gamma.ALL_ALIKE
