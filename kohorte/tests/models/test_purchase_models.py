"""BG/NBD, MBG/NBD and Pareto/NBD: published tables, a naive oracle, derivatives, extremes."""

from __future__ import annotations

import datetime as dt
import itertools

import cdnow
import naive
import numpy as np
import pytest

from kohorte.errors import ModelError, TooLittleError
from kohorte.models.bg_nbd import BgNbd
from kohorte.models.buyers import Buyers
from kohorte.models.horizons import Months
from kohorte.models.mbg_nbd import MbgNbd
from kohorte.models.model import PurchaseModel
from kohorte.models.nbd import Nbd
from kohorte.models.pareto_nbd import ParetoNbd

WEEK = cdnow.WEEK
VIGNETTE = BgNbd.known(r=0.2425967, alpha=4.413659, a=0.7929869, b=2.426164, unit=WEEK)
PUBLISHED = {
    # Fader, Hardie & Lee (2005), table 2, with the log-likelihoods of the BTYD vignette.
    BgNbd: ({"r": ".243", "alpha": "4.414", "a": ".793", "b": "2.426"}, -9582.429),
    # Of the same data: Batislam et al. (2007).
    MbgNbd: ({"r": ".525", "alpha": "6.183", "a": ".891", "b": "1.614"}, -9582.136),
    ParetoNbd: ({"r": ".553", "alpha": "10.578", "s": ".606", "beta": "11.669"}, -9594.976),
}


def parameters(model: PurchaseModel, **given: str) -> None:
    for name, printed in given.items():
        digits = len(printed.partition(".")[2])
        assert round(model.parameters_[name], digits) == float(printed), (name, model)


@pytest.mark.parametrize("kind", PUBLISHED)
def test_the_parameters_of_cdnow_to_the_printed_digit(kind: type[PurchaseModel]) -> None:
    printed, log_likelihood = PUBLISHED[kind]
    model = kind().fit(cdnow.customers())
    parameters(model, **printed)
    assert model.log_likelihood_ == pytest.approx(log_likelihood, abs=6e-4)
    assert model.boundary_ is None
    assert model.customers_ == 2357


def test_the_standard_errors_of_cdnow() -> None:
    """The plain ones as from the curvature in R; a bootstrap is as wide as the sandwich."""
    model = BgNbd().fit(cdnow.customers())
    found = {each.name: each for each in model.summary()}
    plain = [round(each.error or 0, 4) for each in found.values()]
    assert plain == [0.0126, 0.3782, 0.1857, 0.7054]
    spread = model.bootstrap(cdnow.customers(), draws=100, seed=1).std(axis=0)
    for each, drawn in zip(found.values(), spread, strict=True):
        assert drawn == pytest.approx(each.robust_error, rel=0.35)
        assert each.low is not None
        assert each.high is not None
        assert each.low < each.value < each.high


def test_customer_1516_of_the_vignette() -> None:
    best = Buyers([26], [(dt.date(1997, 8, 14) - dt.date(1997, 1, 10)) / WEEK], [31], unit=WEEK)
    customer = Buyers([26], [216 / 7], [31], unit=WEEK)
    assert len(best) == 1
    assert round(VIGNETTE.alive(customer)[0], 7) == 0.9688523
    assert VIGNETTE.purchases(customer, 52 * WEEK)[0] == pytest.approx(25.75659, abs=2e-3)
    model = ParetoNbd().fit(cdnow.customers())
    assert round(model.alive(customer)[0], 5) == 0.99787
    assert model.purchases(customer, 52 * WEEK)[0] == pytest.approx(25.45647, abs=2e-3)


def test_the_paradox_of_increasing_frequency() -> None:
    """Who bought more often before the same silence has more likely left."""
    silent = Buyers([10, 15, 20, 25], [20] * 4, [39] * 4, unit=WEEK)
    expected = [0.3474606, 0.04283391, 0.004158973, 0.0003583685]
    assert VIGNETTE.purchases(silent, 52 * WEEK) == pytest.approx(expected, rel=2e-7)
    pareto = ParetoNbd().fit(cdnow.customers()).purchases(silent, 52 * WEEK)
    assert pareto == pytest.approx([0.7062289, 0.1442396, 0.02250658, 0.00309267], rel=1e-3)


def test_new_customers() -> None:
    times = (0.1429, 1.0, 3.0, 31.8571, 32.0, 78.0)
    found = [VIGNETTE.new_customer(time * WEEK) for time in times]
    assert found == pytest.approx([0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8576], abs=1e-3)
    assert round(VIGNETTE.new_customer(52 * WEEK), 6) == 1.444004
    pareto = ParetoNbd().fit(cdnow.customers())
    assert pareto.new_customer(52 * WEEK) == pytest.approx(1.473434, abs=3e-6)


def test_tracking_of_the_vignette() -> None:
    model = BgNbd().fit(cdnow.customers())
    first = cdnow.first_purchases()

    def by(week: int) -> float:
        return sum(
            n * model.new_customer(dt.timedelta(days=7 * week - day))
            for day, n in first.items()
            if 7 * week > day
        )

    total = [by(week) for week in range(19, 26)]
    weekly = [round(later - before, 2) for before, later in itertools.pairwise(total)]
    assert weekly == [76.87, 74.89, 73.05, 71.32, 69.70, 68.18]
    assert [round(each, 1) for each in total[1:]] == [
        *(1312.5, 1387.3, 1460.4, 1531.7, 1601.4, 1669.6)
    ]


@pytest.mark.parametrize(
    ("kind", "expected", "total"),
    [
        (BgNbd, [0.225, 0.523, 1.044, 1.520, 2.164, 2.654, 3.504, 6.157], 1653.4),
        (ParetoNbd, [0.138, 0.600, 1.196, 1.714, 2.399, 2.907, 3.819, 6.403], 1665.5),
    ],
)
def test_the_holdout_by_frequency(
    kind: type[PurchaseModel], expected: list[float], total: float
) -> None:
    buyers = cdnow.customers()
    found = kind().fit(buyers).purchases(buyers, 39 * WEEK)
    bins = np.minimum(buyers.x, 7)
    means = [found[bins == level].mean() for level in range(8)]
    assert means == pytest.approx(expected, abs=8e-4)
    assert found.sum() == pytest.approx(total, abs=0.05)
    actual = np.array(cdnow.later())
    seen = [round(actual[bins == level].mean(), 3) for level in range(8)]
    assert seen == [0.237, 0.697, 1.393, 1.56, 2.532, 2.947, 3.862, 6.359]


STORIES: dict[naive.Story, list[PurchaseModel]] = {
    "bg_nbd": [VIGNETTE, BgNbd.known(r=2.0, alpha=30.0, a=1.0, b=0.7)],
    "mbg_nbd": [MbgNbd.known(r=0.6, alpha=5.0, a=a, b=1.5) for a in (0.8, 1.0, 2.5)],
    "pareto_nbd": [
        ParetoNbd.known(r=0.55, alpha=10.0, s=0.6, beta=12.0),
        ParetoNbd.known(r=1.5, alpha=90.0, s=1.0, beta=3.0),
        ParetoNbd.known(r=0.8, alpha=2.0, s=2.5, beta=80.0),
    ],
}


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize(("x", "t_x", "T", "t"), [(0, 0, 39, 52), (2, 30, 38, 20), (12, 9, 60, 5)])
def test_they_agree_with_the_sum_over_all_kinds_of_customers(
    story: naive.Story, x: int, t_x: float, T: float, t: float
) -> None:
    for known in STORIES[story]:
        model = known.with_parameters(known.values)
        model.unit_ = WEEK
        one = Buyers([x], [t_x], [T], unit=WEEK)
        found = naive.of(story, model.parameters_, x, t_x, T, t)
        likelihood = model._derivatives(model.values, model._gather(one)).value
        assert likelihood == pytest.approx(found.log_likelihood, abs=1e-6)
        assert model.alive(one)[0] == pytest.approx(found.alive, rel=1e-6)
        assert model.purchases(one, t * WEEK)[0] == pytest.approx(found.purchases, rel=1e-5)


def random_buyers(*, count: int = 300, seed: int = 3) -> Buyers:
    """Return customers who do as MBG/NBD says, in whole days."""
    chance = np.random.default_rng(seed)
    rows = []
    for rate, leave in zip(chance.gamma(1.2, 1 / 9, count), chance.beta(1, 2, count), strict=True):
        T, days, day = int(chance.integers(20, 200)), [0], 0.0
        while chance.random() > leave:
            day += chance.exponential(1 / rate)
            if day > T:
                break
            days.append(int(day))
        bought = sorted(set(days))
        rows.append((len(bought) - 1, bought[-1], T))
    x, t_x, T_all = zip(*rows, strict=True)
    return Buyers(x, t_x, T_all, weights=chance.integers(1, 4, count))


KINDS = (BgNbd, MbgNbd, ParetoNbd, Nbd)


@pytest.mark.parametrize("kind", KINDS)
def test_gradient_and_hessian_are_those_of_the_likelihood(kind: type[PurchaseModel]) -> None:
    buyers, model = random_buyers(), kind()
    gathered = model._gather(buyers)
    place = np.array([0.7, 12.0, 0.9, 3.0])[: len(kind.names)]
    here = model._derivatives(place, gathered)
    for index, step in enumerate(np.eye(len(place)) * 1e-5):
        before, after = (model._derivatives(place + sign * step, gathered) for sign in (-1, 1))
        slope = (after.value - before.value) / 2e-5
        assert here.gradient[index] == pytest.approx(slope, rel=1e-5, abs=1e-4)
        bend = (after.gradient - before.gradient) / 2e-5
        assert here.hessian[index] == pytest.approx(bend, rel=1e-5, abs=1e-4)
    single = model._scores(place, buyers)
    assert buyers.weights is not None
    assert buyers.weights @ single == pytest.approx(here.gradient, rel=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_weights_are_customers(kind: type[PurchaseModel]) -> None:
    weighed = random_buyers()
    assert weighed.weights is not None
    single = weighed.of(np.repeat(np.arange(len(weighed)), weighed.weights.astype(int)))
    each = Buyers(single.x, single.t_x, single.T)
    assert kind().fit(weighed).values == pytest.approx(kind().fit(each).values, rel=1e-6)
    assert kind().fit(each).customers_ == weighed.customers


@pytest.mark.parametrize("kind", KINDS)
def test_the_unit_of_time_changes_nothing_but_the_times(kind: type[PurchaseModel]) -> None:
    days = random_buyers()
    seconds = Buyers(
        days.x, days.t_x * 86400, days.T * 86400, weights=days.weights,
        unit=dt.timedelta(seconds=1),
    )  # fmt: skip
    by_day, by_second = kind().fit(days), kind().fit(seconds)
    for name, value in by_day.parameters_.items():
        factor = 86400 if name in kind.times else 1
        assert by_second.parameters_[name] == pytest.approx(value * factor, rel=1e-4)
    horizon = dt.timedelta(days=30)
    expected = by_day.purchases(days, horizon)
    assert by_second.purchases(seconds, horizon) == pytest.approx(expected, rel=1e-4)
    with pytest.raises(ModelError, match="units"):
        by_day.purchases(seconds, horizon)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_expected_is_finite_for_every_customer(kind: type[PurchaseModel]) -> None:
    for third in (0.2, 1 - 1e-12, 1.0, 1 + 1e-12, 4.0):
        values = np.array([0.4, 20.0, third, 2.0])[: len(kind.names)]
        model = kind().with_parameters(values)
        x = np.array([0.0, 1, 10, 3000, 100_000])
        T = np.array([0.0, 1, 500, 3000, 100_000])
        buyers = Buyers(x, np.minimum(T, x), T)
        for days in (1, 365, 36500):
            found = model.purchases(buyers, dt.timedelta(days=days))
            assert np.isfinite(found).all()
            assert (found >= 0).all()
        assert ((model.alive(buyers) >= 0) & (model.alive(buyers) <= 1)).all()


def test_expectations_are_smooth_through_a_equal_to_one() -> None:
    buyers = random_buyers()

    def expected(a: float) -> np.ndarray:
        known = MbgNbd.known(r=0.5, alpha=10.0, a=a, b=2.0)
        return known.purchases(buyers, dt.timedelta(days=300))

    for gap in (1e-4, 1e-6, 1e-9, 1e-12):
        middle = (expected(1 - gap) + expected(1 + gap)) / 2
        assert middle == pytest.approx(expected(1.0), rel=1e-5)


def test_a_date_a_duration_and_months_say_the_same() -> None:
    model = MbgNbd.known(r=0.5, alpha=20.0, a=0.8, b=2.0, as_of=dt.date(2026, 1, 1))
    one = Buyers([3], [50], [80], as_of=dt.date(2026, 1, 1))
    year = model.purchases(one, dt.timedelta(days=365))
    assert model.purchases(one, Months(12)) == year
    assert model.purchases(one, dt.date(2027, 1, 1)) == year
    with pytest.raises(ModelError, match="duration"):
        model.purchases(one, 365)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("buyers", "reason"),
    [
        (Buyers([], [], []), "nobody"),
        (Buyers([0], [0], [50]), "no_repeaters"),
        (Buyers([0, 0], [0, 0], [0, 0]), "no_time"),
        (Buyers([3, 1], [0, 0], [0, 0]), "no_time"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_too_little_is_named(kind: type[PurchaseModel], buyers: Buyers, reason: str) -> None:
    with pytest.raises(TooLittleError) as caught:
        kind().fit(buyers)
    assert caught.value.reason == reason
