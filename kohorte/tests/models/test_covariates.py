"""Covariates: factors that were put in come out, derivatives, and covariates that say nothing."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from kohorte.errors import ModelError
from kohorte.models.arrays import Array
from kohorte.models.buyers import Buyers
from kohorte.models.contract_factors import ContractFactors
from kohorte.models.covariates import together
from kohorte.models.mbg_nbd import MbgNbd
from kohorte.models.nbd import Nbd
from kohorte.models.newton import Derivatives
from kohorte.models.pareto_nbd import ParetoNbd
from kohorte.models.purchase_factors import PurchaseFactors
from kohorte.models.shifted_beta_geometric import ShiftedBetaGeometric

QUARTER = dt.timedelta(days=90)


def shop(*, count: int = 3000, seed: int = 11) -> tuple[Buyers, dict[str, Array]]:
    """Return customers: those of ads buy 1.5 times as often, samples halve the odds of leaving."""
    chance = np.random.default_rng(seed)
    ads, sample = chance.integers(0, 2, count), chance.integers(0, 2, count)
    rate = chance.gamma(1.2, 1 / 40, count) * np.where(ads, 1.5, 1)
    leave = chance.beta(1.0 * np.where(sample, 0.5, 1), 2.0)
    rows = []
    for one in range(count):
        T, day, x, last = 150 + one % 300, 0.0, 0, 0.0
        while chance.random() > leave[one]:
            day += chance.exponential(1 / rate[one])
            if day > T:
                break
            x, last = x + 1, day
        rows.append((x, last, T))
    x, t_x, T = np.array(rows, dtype=float).T
    return Buyers(x, t_x, T), {"ads": ads.astype(float), "sample": sample.astype(float)}


def test_factors_that_were_put_in_come_out() -> None:
    buyers, covariates = shop()
    model = PurchaseFactors(MbgNbd).fit(buyers, covariates)
    found = {each.name: each for each in model.summary()}
    truth = {"buying:ads": 1.5, "buying:sample": 1, "leaving:ads": 1, "leaving:sample": 0.5}
    for name, value in truth.items():
        each = found[name]
        assert each.low is not None
        assert each.high is not None
        assert each.low * 0.93 < value < each.high * 1.07, each
    assert found["buying:ads"].low is not None
    assert found["buying:ads"].low > 1
    assert found["leaving:sample"].high is not None
    assert found["leaving:sample"].high < 1
    for each in found.values():
        assert each.error == pytest.approx(each.robust_error, rel=0.25)
    assert model.log_likelihood_ > MbgNbd().fit(buyers).log_likelihood_ + 20
    assert model.customers_ == 3000


def test_a_group_is_a_plain_model_with_its_own_parameters() -> None:
    buyers, covariates = shop(count=600)
    for kind in (MbgNbd, ParetoNbd):
        model = PurchaseFactors(kind).fit(buyers, covariates)
        everybody = model.purchases(buyers, covariates, QUARTER)
        alive = model.alive(buyers, covariates)
        total = 0.0
        for ads in (0, 1):
            for sample in (0, 1):
                here = (covariates["ads"] == ads) & (covariates["sample"] == sample)
                plain, some = model.plain(ads=ads, sample=sample), buyers.of(here)
                assert everybody[here] == pytest.approx(plain.purchases(some, QUARTER))
                assert alive[here] == pytest.approx(plain.alive(some))
                total += plain._derivatives(plain.values, plain._gather(some)).value
        assert model.log_likelihood_ == pytest.approx(total)
    with pytest.raises(ModelError, match="ads, sample"):
        model.alive(buyers, {"ads": covariates["ads"]})


def test_gradient_and_hessian_are_those_of_the_likelihood() -> None:
    buyers, covariates = shop(count=300)
    model = PurchaseFactors(MbgNbd)
    groups: list[object] = []
    model.climb_groups = lambda found, *_: groups.extend(found)  # type: ignore[method-assign]
    model.fit(buyers, covariates)
    place = np.array([1.1, 35.0, 0.8, 2.2, 1.3, 0.9, 1.1, 0.7])

    def at(parameters: Array) -> Derivatives:
        return together(groups, parameters)  # type: ignore[arg-type]

    here = at(place)
    for index, step in enumerate(np.eye(8) * 1e-5):
        before, after = at(place - step), at(place + step)
        assert here.gradient[index] == pytest.approx(
            (after.value - before.value) / 2e-5, rel=1e-4, abs=1e-4
        )
        bend = (after.gradient - before.gradient) / 2e-5
        assert here.hessian[index] == pytest.approx(bend, rel=1e-4, abs=1e-3)


def test_contracts_with_a_covariate() -> None:
    """Where only α differs by a factor of two, that is what is found."""
    base = ShiftedBetaGeometric.of(alpha=1.0, beta=3.0)
    other = ShiftedBetaGeometric.of(alpha=2.0, beta=3.0)
    cohorts = [
        ({"discount": at}, [1e5 * law.survival(age) for age in range(7)])
        for at, law in enumerate((base, other))
    ]
    model = ContractFactors().fit(cohorts)
    assert model.parameters_["leaving:discount"] == pytest.approx(2, rel=1e-4)
    assert model.plain(discount=1).survival(12) == pytest.approx(other.survival(12), rel=1e-4)
    with pytest.raises(ModelError, match="same covariates"):
        ContractFactors().fit([({"a": 1}, [10, 5, 2]), ({"b": 0}, [10, 6, 2])])


def test_covariates_that_say_nothing_are_named() -> None:
    buyers, covariates = shop(count=300)
    for given, said in (
        ({}, "no covariates"),
        ({"ads": np.ones(300)}, "same for all"),
        ({"ads": np.ones(3)}, "every customer"),
        ({"ads": np.full(300, np.nan)}, "every customer"),
    ):
        with pytest.raises(ModelError, match=said):
            PurchaseFactors(MbgNbd).fit(buyers, given)
    with pytest.raises(ModelError, match="takes no covariates"):
        PurchaseFactors(Nbd).fit(buyers, covariates)
    many = Buyers([0, 1] * 3000, [0, 5] * 3000, [9, 9] * 3000)
    with pytest.raises(ModelError, match="fewer classes"):
        PurchaseFactors(MbgNbd).fit(many, {"age": np.arange(6000.0)})
