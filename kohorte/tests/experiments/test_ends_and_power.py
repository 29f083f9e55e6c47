"""How wide intervals are, and what a trial can see: published bounds, statsmodels, and simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from statsmodels.stats import power as oracle
from trials import buyers, told  # type: ignore[import-not-found]

from kohorte.errors import SettingError
from kohorte.experiments import effects, looks, sample_ratio
from kohorte.experiments.arms import Arm
from kohorte.experiments.ends import Always, End, Fixed, Planned
from kohorte.experiments.measures import Measure
from kohorte.experiments.power import Base, Plan, customers_needed, survey_needed


@pytest.mark.parametrize(
    ("spending", "published"),
    [
        ("obrien_fleming", [4.8769, 3.3569, 2.6803, 2.2898, 2.0310]),
        ("pocock", [2.4380, 2.4268, 2.4101, 2.3966, 2.3859]),
    ],
)
def test_bounds_of_five_looks_are_the_published_ones(
    spending: looks.Spending, published: list[float]
) -> None:
    found = looks.bounds((0.2, 0.4, 0.6, 0.8, 1.0), alpha=0.05, spending=spending)
    assert found == pytest.approx(published, abs=6e-4)


def test_one_look_at_the_end_is_the_usual_one() -> None:
    once = Planned((1.0,)).multiple(10_000, degrees=9_998)
    assert once == pytest.approx(Fixed().multiple(10_000, degrees=9_998), abs=1e-3)


def test_looks_that_do_not_rise_are_refused() -> None:
    for at in ((), (0.5, 0.4), (0.5, 1.2), (0.0, 1.0)):
        with pytest.raises(SettingError):
            Planned(at)


def test_a_sequence_is_narrowest_near_where_it_was_planned() -> None:
    def width(n: int) -> float:
        return Always(5_000).multiple(n, degrees=n)

    assert width(5_000) < width(500)
    assert width(5_000) < width(500_000)
    assert width(5_000) > Fixed().multiple(5_000, degrees=5_000)


def test_power_of_a_share_is_statsmodels() -> None:
    plan = Plan(4_000, control_percent=50)
    effect = oracle.NormalIndPower()
    for rise in (0.02, 0.03, 0.05):
        # The same variances as ours, so that nothing but the formula is compared.
        error = plan.error(Base.share(0.12), effect=rise)
        oracles = effect.power(rise / (error * math.sqrt(1000)), 2000, 0.05, ratio=1.0)
        assert plan.power(Base.share(0.12), effect=rise) / 100 == pytest.approx(oracles, abs=2e-3)


def test_customers_for_a_mean_are_statsmodels() -> None:
    needed = customers_needed(Base.money(20, variation=3), effect=3, control_percent=50)
    oracles = 2 * oracle.TTestIndPower().solve_power(3 / 60, power=0.8, alpha=0.05)
    assert needed == pytest.approx(oracles, abs=3)


@pytest.mark.parametrize(
    ("customers", "points", "percent"),
    [(2_000, 6.9, 58), (10_000, 3.1, 26), (50_000, 1.4, 11), (200_000, 0.7, 6)],
)
def test_what_a_tenth_in_control_can_see(customers: int, points: float, percent: int) -> None:
    found = Plan(customers, control_percent=10).smallest(Base.share(0.12))
    assert (round(100 * found, 1), round(100 * found / 0.12)) == (points, percent)


def test_more_of_what_was_before_sees_smaller_effects() -> None:
    plain, steady = (Base.money(20, variation=3, correlation=c) for c in (0.0, 0.5))
    plan = Plan(10_000, control_percent=10)
    assert plan.smallest(steady) == pytest.approx(plan.smallest(plain) * math.sqrt(0.75), rel=1e-6)


def test_a_trial_that_cannot_find_anything_says_so() -> None:
    assert Plan(4, control_percent=25).smallest(Base.share(0.5)) == math.inf
    with pytest.raises(SettingError):
        customers_needed(Base.share(0.12), effect=0.0, control_percent=50)


def test_answers_needed_for_ten_and_five_points() -> None:
    assert survey_needed(half_width=0.10, variance=0.6) == 231
    assert survey_needed(half_width=0.05, variance=0.6) == 922


def test_arms_that_differ_from_the_plan_raise_the_alarm_rarely_by_chance() -> None:
    chance = np.random.default_rng(9)
    alarms = 0
    for _ in range(2_000):
        held = int(chance.binomial(5_000, 0.1))
        found = sample_ratio.check({"c": held, "t": 5_000 - held}, {"c": 10, "t": 90})
        alarms += found.is_off
    assert alarms <= 8


def arrivals(
    chance: np.random.Generator, nights: int, each: int, *, rise: float = 0.0
) -> list[dict[str, Arm]]:
    """Return the arms as they stand after every night."""
    stood: list[dict[str, Arm]] = []
    for _night in range(nights):
        new = {
            "control": Arm.of_customers(buyers(chance, each)),
            "mail": Arm.of_customers(buyers(chance, each, rise=rise)),
        }
        stood.append({n: stood[-1][n].with_(arm) for n, arm in new.items()} if stood else new)
    return stood


def alarms(trials: list[list[dict[str, Arm]]], end: End) -> int:
    """Return in how many trials the interval leaves out 0 on any night."""
    return sum(
        any(effects.of(night, Measure("revenue"), end=end)["mail"].is_beyond for night in trial)
        for trial in trials
    )


def test_looking_every_night_is_safe_with_the_interval_made_for_it_and_only_with_that() -> None:
    chance = np.random.default_rng(10)
    trials = [arrivals(chance, 60, 40) for _ in range(300)]
    # Of 300 trials in which nothing happens, 15 may cry wolf.
    assert alarms(trials, Always(4_800)) <= 15
    assert alarms(trials, effects.WHENEVER) <= 15
    assert alarms(trials, Fixed()) >= 60


def test_planned_looks_are_safe_and_see_nearly_as_much_as_one() -> None:
    chance = np.random.default_rng(11)
    at = (0.25, 0.5, 0.75, 1.0)

    def found(rise: float, trials: int) -> tuple[int, int]:
        several = once = 0
        for _ in range(trials):
            nights = arrivals(chance, 4, 500, rise=rise)
            several += any(
                effects.of(night, Measure("orders"), end=Planned(at[: i + 1]))["mail"].is_beyond
                for i, night in enumerate(nights)
            )
            once += effects.of(nights[-1], Measure("orders"), end=Fixed())["mail"].is_beyond
        return several, once

    assert found(0.0, 400)[0] <= 32
    several, once = found(0.08, 300)
    assert several >= once - 15


def test_power_is_as_promised_and_intervals_hold_the_truth() -> None:
    chance = np.random.default_rng(12)
    plan = Plan(6_000, control_percent=20)
    base = Base.share(0.12)
    rise = plan.smallest(base)
    seen = held = 0
    trials = 4_000
    for _ in range(trials):
        counts = {"control": (1_200, 0.12), "mail": (4_800, 0.12 + rise)}
        arms = {}
        for name, (n, p) in counts.items():
            k = float(chance.binomial(n, p))
            arms[name] = Arm.of_sums(n, {"again": k}, {("again", "again"): k})
        found = effects.of(arms, Measure("again", kind="share"), end=Fixed())["mail"]
        _value, low, high = told(found.difference)
        seen += found.is_beyond
        held += low <= rise <= high
    assert 100 * seen / trials == pytest.approx(80, abs=2)
    assert 93 <= 100 * held / trials <= 97
