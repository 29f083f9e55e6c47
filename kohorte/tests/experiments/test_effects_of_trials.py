"""Effects: Hillstrom's published figures, and statsmodels and plain numpy on made trials."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats import weightstats
from trials import buyers, hillstrom, told  # type: ignore[import-not-found]

from kohorte.errors import TooLittleError, UnknownNameError
from kohorte.experiments import compliers, effects, increments, measures, pooling, staggered
from kohorte.experiments.arms import Arm
from kohorte.experiments.ends import PLANNED, Always, Fixed
from kohorte.experiments.measures import Measure


@pytest.mark.parametrize(
    ("arm", "measure", "control", "value", "difference", "error"),
    [
        ("mens", "visit", 10.617, 18.276, 7.659, 0.339),
        ("mens", "conversion", 0.573, 1.253, 0.681, 0.092),
        ("mens", "spend", 65.28, 142.26, 76.98, 14.53),
        ("womens", "visit", 10.617, 15.140, 4.523, 0.323),
        ("womens", "conversion", 0.573, 0.884, 0.311, 0.082),
        ("womens", "spend", 65.28, 107.72, 42.44, 13.03),
    ],
)
def test_hillstroms_figures_come_out(
    arm: str, measure: str, control: float, value: float, difference: float, error: float
) -> None:
    found = effects.of(hillstrom(), Measure(measure), end=Fixed())[arm]
    value_found = told(found.difference)[0]
    numbers = (found.control.value, found.arm.value, value_found, found.error)
    assert [100 * number for number in numbers] == pytest.approx(
        [control, value, difference, error], abs=0.01 if measure == "spend" else 0.0005
    )
    assert found.is_good


def test_what_was_bought_before_steadies_hillstroms_spend_a_little() -> None:
    plain = effects.of(hillstrom(), Measure("spend"), end=Fixed())["mens"]
    steady = effects.of(hillstrom(), Measure("spend", before="history"), end=Fixed())["mens"]
    assert steady.error < plain.error
    assert steady.steadied_percent is not None
    assert 0.02 < steady.steadied_percent < 0.06
    assert told(steady.difference)[0] == pytest.approx(told(plain.difference)[0], abs=0.02)


def test_a_difference_is_welchs() -> None:
    chance = np.random.default_rng(1)
    one, other = buyers(chance, 300, rise=0.3)["orders"], buyers(chance, 700)["orders"]
    arms = {
        "mail": Arm.of_customers({"orders": one}),
        "control": Arm.of_customers({"orders": other}),
    }
    found = effects.of(arms, Measure("orders"), end=Fixed())["mail"]
    oracle = weightstats.CompareMeans.from_data(one, other)
    low, high = oracle.tconfint_diff(usevar="unequal")
    assert found.difference.value == pytest.approx(one.mean() - other.mean())
    assert (found.difference.low, found.difference.high) == pytest.approx((low, high), rel=2e-3)


def test_cuped_is_a_regression_on_what_was_before() -> None:
    chance = np.random.default_rng(2)
    one, other = buyers(chance, 4000, rise=0.1), buyers(chance, 4000)
    arms = {"mail": Arm.of_customers(one), "control": Arm.of_customers(other)}
    found = effects.of(arms, Measure("orders", before="before"), end=Fixed())["mail"]
    y = np.concatenate([one["orders"], other["orders"]])
    x = np.concatenate([one["before"], other["before"]])
    treated = np.repeat([1.0, 0.0], 4000)
    design = np.stack([np.ones(8000), treated, x], axis=1)
    beta = np.linalg.lstsq(design, y, rcond=None)[0]
    assert found.difference.value == pytest.approx(beta[1], rel=1e-3)
    residual = y - design @ beta
    plain = np.sqrt(residual.var(ddof=3) * 2 / 4000)
    assert found.error == pytest.approx(plain, rel=0.02)


def test_a_ratio_counts_customers_not_orders() -> None:
    chance = np.random.default_rng(3)
    one, other = buyers(chance, 3000, rise=0.2), buyers(chance, 3000)
    arms = {"mail": Arm.of_customers(one), "control": Arm.of_customers(other)}
    found = effects.of(arms, Measure("revenue", per="orders"), end=Fixed())["mail"]
    drawn = []
    for _ in range(800):
        values = []
        for each in (one, other):
            pick = chance.integers(0, 3000, 3000)
            values.append(each["revenue"][pick].sum() / each["orders"][pick].sum())
        drawn.append(values[0] - values[1])
    assert found.error == pytest.approx(float(np.std(drawn)), rel=0.08)


def test_percent_has_no_bounds_where_control_is_near_nothing() -> None:
    arms = {
        "mail": Arm.of_customers({"orders": [0, 1, 1, 1] * 5}),
        "control": Arm.of_customers({"orders": [0] * 19 + [1]}),
    }
    found = effects.of(arms, Measure("orders"), end=Fixed())["mail"]
    assert found.percent.value == pytest.approx(1400)
    assert (found.percent.low, found.percent.high) == (None, None)
    assert found.is_beyond


def test_an_arm_of_one_customer_has_a_value_and_no_interval() -> None:
    arms = {
        "mail": Arm.of_customers({"orders": [2]}),
        "control": Arm.of_customers({"orders": [0, 1]}),
    }
    found = effects.of(arms, Measure("orders"), end=Fixed())["mail"]
    assert (found.difference.value, found.difference.low) == (1.5, None)
    assert found.is_good is None


def test_without_an_end_the_interval_is_the_one_for_whoever_keeps_looking() -> None:
    arms = hillstrom()
    always = effects.of(arms, Measure("visit"))["mens"]
    once = effects.of(arms, Measure("visit"), end=Fixed())["mens"]
    assert always == effects.of(arms, Measure("visit"), end=Always(PLANNED))["mens"]
    assert told(always.difference)[1] < told(once.difference)[1]


def test_what_was_not_measured_is_named() -> None:
    with pytest.raises(UnknownNameError, match=r"“orders” was not measured\. There are: visit"):
        effects.of(hillstrom(), Measure("orders"))


def test_sums_of_two_days_are_those_of_both() -> None:
    chance = np.random.default_rng(4)
    values = buyers(chance, 500)
    parts = [
        Arm.of_customers({n: v[a:b] for n, v in values.items()}) for a, b in ((0, 77), (77, 500))
    ]
    both, whole = parts[0].with_(parts[1]), Arm.of_customers(values)
    assert both.n == 500
    assert both.means == pytest.approx(whole.means)
    assert both.covariances == pytest.approx(whole.covariances)


def test_the_effect_on_who_took_it_is_the_effect_over_the_share_that_did() -> None:
    chance = np.random.default_rng(5)
    hits, took = 0, 0.0
    for _ in range(200):
        joins = (chance.random(2000) < 0.4).astype(float)
        invited = buyers(chance, 2000)["orders"] + joins * (chance.random(2000) < 0.5)
        offered = Arm.of_customers({"orders": invited, "joined": joins})
        held = {"orders": buyers(chance, 2000)["orders"], "joined": np.zeros(2000)}
        found = compliers.effect(
            offered, Arm.of_customers(held), Measure("orders"), taken="joined", end=Fixed()
        )
        value, low, high = told(found)
        hits += low <= 0.5 <= high
        took += value / 200
    assert took == pytest.approx(0.5, abs=0.02)
    assert 182 <= hits <= 198


def test_an_offer_that_nobody_took_tells_nothing_of_who_did() -> None:
    arm = Arm.of_customers({"orders": [0, 1] * 20, "joined": [0] * 40})
    with pytest.raises(TooLittleError, match="did not change by more than chance"):
        compliers.effect(arm, arm, Measure("orders"), taken="joined", end=Fixed())


def test_waves_find_the_effect_and_are_as_unsure_as_they_say() -> None:
    chance = np.random.default_rng(6)
    hits = 0
    for _ in range(300):
        waves = {}
        for start in (1, 2, 3, 5):
            taste = chance.gamma(1, 1, 150)
            months = {
                str(month): chance.poisson(taste * (1 + 0.2 * month) + 0.3 * (start <= month))
                for month in range(5)
            }
            waves[start] = Arm.of_customers(months)
        found = staggered.effect(waves, end=Fixed())
        _value, low, high = told(found.effect)
        hits += low <= 0.3 <= high
        assert found.periods == 4
    assert 276 <= hits <= 294


def test_waves_equal_a_regression_on_periods_and_treatment() -> None:
    chance = np.random.default_rng(7)
    waves = {
        start: Arm.of_customers({str(m): chance.poisson(1 + m, n) for m in range(4)})
        for start, n in ((1, 40), (2, 70), (4, 50))
    }
    rows, values, weights = [], [], []
    for start, arm in waves.items():
        for month in range(4):
            rows.append([*(float(month == m) for m in range(4)), float(start <= month)])
            values.append(arm.means[month])
            weights.append(arm.n)
    root = np.sqrt(weights)
    beta = np.linalg.lstsq(np.array(rows) * root[:, None], np.array(values) * root, rcond=None)[0]
    assert staggered.effect(waves, end=Fixed()).effect.value == pytest.approx(beta[-1])


def test_what_it_brought_is_net_of_what_it_cost() -> None:
    found = effects.of(hillstrom(), Measure("spend", kind="money"), end=Fixed())["mens"]
    net = increments.net(found, margin_percent=40, cost_per_customer=0.05, cost_fixed=300)
    assert net.value == pytest.approx(21307 * (0.4 * 0.769827 - 0.05) - 300, abs=1)
    brought = increments.of(found)
    assert brought.total.value == pytest.approx(21307 * 0.769827, abs=1)
    assert brought.missed.value == pytest.approx(21306 * 0.769827, abs=1)


def test_pooled_trials_agree_with_statsmodels() -> None:
    from statsmodels.stats import meta_analysis

    values, errors = [0.10, 0.30, -0.05, 0.65], [0.17, 0.1, 0.22, 0.12]
    oracle = meta_analysis.combine_effects(
        np.array(values), np.array(errors) ** 2, method_re="dl", use_t=True
    )
    found = pooling.pool(values, errors)
    assert found.mean.value == pytest.approx(oracle.mean_effect_re)
    assert found.between**2 == pytest.approx(oracle.tau2)
    value, low, _high = told(found.mean)
    assert value - low >= 3.1824 * oracle.sd_eff_w_re_hksj - 1e-9


def test_one_trial_is_not_pooled() -> None:
    with pytest.raises(TooLittleError, match="two trials"):
        pooling.pool([0.1], [0.1])


def test_readings_of_all_arms_are_steadied_by_one_slope() -> None:
    chance = np.random.default_rng(8)
    arms = {name: Arm.of_customers(buyers(chance, 900)) for name in ("control", "a", "b")}
    found = measures.read(arms, Measure("orders", before="before"))
    total = sum(one.n * (one.value - one.raw) for one in found.arms.values())
    assert total == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("measure", "worth"),
    [
        (Measure("orders", before="before"), 1.0),
        (Measure("revenue", kind="money"), float(np.exp(3 + 0.8**2 / 2))),
        (Measure("revenue", per="orders"), 0.0),
    ],
    ids=["what was before", "skewed amounts", "ratio"],
)
def test_ranges_of_skewed_customers_hold_the_truth(measure: Measure, worth: float) -> None:
    chance = np.random.default_rng(13)
    rise, held, trials = 0.1, 0, 1_500
    for _ in range(trials):
        arms = {
            "control": Arm.of_customers(buyers(chance, 400)),
            "mail": Arm.of_customers(buyers(chance, 600, rise=rise)),
        }
        _value, low, high = told(effects.of(arms, measure, end=Fixed())["mail"].difference)
        held += low <= rise * worth <= high
    assert 93 <= 100 * held / trials <= 97
