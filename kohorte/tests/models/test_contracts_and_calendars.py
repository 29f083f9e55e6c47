"""sBG, BG/BB and MBG/CNBD-k: published tables, naive oracles, derivatives, and when orders are due."""

from __future__ import annotations

import datetime as dt
import itertools
import math

import naive
import numpy as np
import pytest

from kohorte.errors import ModelError, TooLittleError
from kohorte.models import shifted_beta_geometric as sbg
from kohorte.models import waiting
from kohorte.models.bg_bb import BgBb
from kohorte.models.buyers import Buyers
from kohorte.models.mbg_cnbd_k import MbgCnbdK
from kohorte.models.mbg_nbd import MbgNbd
from kohorte.models.pareto_nbd import ParetoNbd
from kohorte.models.shifted_beta_geometric import ShiftedBetaGeometric

# Fader & Hardie (2007), table 1: percent of the customers left after years 0 to 12.
REGULAR = [100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3]
HIGH_END = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4]
YEAR = dt.timedelta(days=365)
# Fader, Hardie & Shang (2010), table 1: donors of 1995 by gifts and the last year of one, 1996–2001.
DONORS = {
    (0, 0): 3464, (1, 1): 1091, (1, 2): 277, (1, 3): 129, (1, 4): 78, (1, 5): 119, (1, 6): 129,
    (2, 2): 613, (2, 3): 255, (2, 4): 155, (2, 5): 173, (2, 6): 234, (3, 3): 322, (3, 4): 181,
    (3, 5): 225, (3, 6): 357, (4, 4): 240, (4, 5): 284, (4, 6): 512, (5, 5): 335, (5, 6): 728,
    (6, 6): 1203,
}  # fmt: skip


def donors() -> Buyers:
    x, t_x = zip(*DONORS, strict=True)
    return Buyers(x, t_x, [6] * len(DONORS), weights=list(DONORS.values()), unit=YEAR)


@pytest.mark.parametrize(
    ("percents", "years", "printed", "log_likelihood"),
    [
        (HIGH_END, 8, {"alpha": 0.668, "beta": 3.806}, -1611.158),
        (REGULAR, 8, {"alpha": 0.704, "beta": 1.182}, -1680.265),
        (REGULAR, 5, {"alpha": 0.764, "beta": 1.296}, -1401.559),
    ],
)
def test_contracts_of_the_paper_to_the_printed_digit(
    percents: list[float], years: int, printed: dict[str, float], log_likelihood: float
) -> None:
    model = ShiftedBetaGeometric().fit([[10 * share for share in percents[:years]]])
    assert {name: round(value, 3) for name, value in model.parameters_.items()} == printed
    assert round(model.log_likelihood_, 3) == log_likelihood
    assert model.customers_ == pytest.approx(1000)


@pytest.mark.parametrize(("percents", "year_12"), [(HIGH_END, 37.8), (REGULAR, 17.0)])
def test_the_projection_of_the_paper(percents: list[float], year_12: float) -> None:
    model = ShiftedBetaGeometric().fit([[10 * share for share in percents[:8]]])
    assert round(100 * model.survival(12), 1) == year_12
    ahead = [abs(100 * model.survival(year) / percents[year] - 1) for year in range(8, 13)]
    assert 100 * sum(ahead) / 5 == pytest.approx(2.8 if percents is HIGH_END else 1.5, abs=0.05)


def test_renewals_rise_with_age_and_multiply_to_the_curve() -> None:
    model = ShiftedBetaGeometric.of(alpha=0.7, beta=1.2)
    rates = [model.retention(period) for period in range(1, 30)]
    assert rates == sorted(rates)
    assert math.prod(rates[:12]) == pytest.approx(model.survival(12))
    # A sum by hand: of the next three periods, each discounted by a tenth, after two renewals.
    there = [math.prod(rates[2 : 2 + ahead]) for ahead in (1, 2, 3)]
    by_hand = sum(share / 1.1**ahead for ahead, share in enumerate(there, 1))
    assert model.expected_periods(3, renewals=2, discount_percent=10) == pytest.approx(by_hand)


def test_cohorts_of_different_ages_are_one_likelihood() -> None:
    old, young = [1000, 640, 480, 400], [500, 320]
    model = ShiftedBetaGeometric().fit([old, young])
    # Beside the one who left in the first period there are only customers seen for one period more.
    left, still = sbg._counts([old, young])
    assert left.tolist() == [540, 160, 80]
    assert still.tolist() == [320, 0, 400]
    alpha, beta = model.values
    chance, logs = naive.beta_grid(alpha, beta, step=0.01)

    def log_mean(values: np.ndarray) -> float:
        return math.log((np.exp(logs) * values).sum())

    by_hand = sum(n * log_mean(chance * (1 - chance) ** t) for t, n in enumerate(left))
    by_hand += 320 * log_mean(1 - chance) + 400 * log_mean((1 - chance) ** 3)
    assert model.log_likelihood_ == pytest.approx(by_hand, abs=1e-5)


@pytest.mark.parametrize(
    ("cohorts", "reason"),
    [
        ([], "no_time"),
        ([[100]], "no_time"),
        ([[100, 100, 100]], "nobody_left"),
        ([[100, 0]], "everybody_left"),
    ],
)
def test_contracts_that_tell_nothing_are_named(cohorts: list[list[float]], reason: str) -> None:
    with pytest.raises(TooLittleError) as caught:
        ShiftedBetaGeometric().fit(cohorts)
    assert caught.value.reason == reason


def test_contracts_that_cannot_be_and_contracts_all_alike() -> None:
    with pytest.raises(ModelError, match="only shrink"):
        ShiftedBetaGeometric().fit([[100, 120]])
    alike = ShiftedBetaGeometric().fit([[1024, 512, 256, 128, 64, 32]])
    assert alike.boundary_ is sbg.ONE_CHANCE
    assert alike.survival(5) == pytest.approx(1 / 32, rel=0.02)


def test_donations_to_the_printed_digit() -> None:
    buyers = donors()
    model = BgBb().fit(buyers)
    assert [round(each, 3) for each in model.values] == [1.204, 0.750, 0.657, 2.783]
    assert round(model.log_likelihood_, 2) == -33225.58
    assert model.customers_ == 11104
    assert model.new_customer(10 * YEAR) == pytest.approx(3.179805, abs=3e-5)
    known = Buyers([0, 4], [0, 5], [6, 6], unit=YEAR)
    assert model.purchases(known, 10 * YEAR) == pytest.approx([0.1302169, 3.627858], abs=2e-4)
    expected = model.purchases(buyers, 5 * YEAR)
    assert buyers.weighed @ expected == pytest.approx(12884.2, abs=0.1)
    by_gifts = [
        (expected * buyers.weighed)[buyers.x == x].sum() / buyers.weighed[buyers.x == x].sum()
        for x in range(7)
    ]
    printed = [0.073, 0.325, 0.709, 1.334, 2.031, 2.784, 3.753]
    assert by_gifts == pytest.approx(printed, abs=6e-4)


def test_donations_are_the_sum_over_all_kinds_of_donors() -> None:
    model = BgBb.known(alpha=1.2, beta=0.8, gamma=0.7, delta=2.5, unit=YEAR)
    p, log_p = naive.beta_grid(1.2, 0.8)
    theta, log_theta = naive.beta_grid(0.7, 2.5)
    p, log_p = p[:, None], log_p[:, None]
    weight = np.exp(log_p + log_theta)
    x, t_x, n = 2, 3, 5
    still = p**x * (1 - p) ** (n - x) * (1 - theta) ** n
    gone = sum(
        p**x * (1 - p) ** (t_x + i - x) * theta * (1 - theta) ** (t_x + i) for i in range(n - t_x)
    )
    total = (weight * (still + gone)).sum()
    one = Buyers([x], [t_x], [n], unit=YEAR)
    found = model._derivatives(model.values, model._gather(one)).value
    assert found == pytest.approx(math.log(total), abs=1e-7)
    assert model.alive(one)[0] == pytest.approx((weight * still * (1 - theta)).sum() / total)
    ahead = sum(p * (1 - theta) ** k for k in range(1, 5))
    expected = (weight * still * ahead).sum() / total
    assert model.purchases(one, 4 * YEAR)[0] == pytest.approx(expected)


def regular(k: int, *, count: int = 1500, seed: int = 2) -> Buyers:
    """Return customers who buy at every k-th event of their own rate."""
    chance = np.random.default_rng(seed)
    rows = []
    for rate, leave in zip(
        chance.gamma(2, 0.1 * k / 2, count), chance.beta(0.8, 4, count), strict=True
    ):
        T, bought = float(chance.integers(60, 300)), [0.0]
        while chance.random() > leave:
            bought.append(bought[-1] + chance.gamma(k, 1 / rate))
        inside = [time for time in bought if time <= T]
        logs = [math.log(b - a) for a, b in itertools.pairwise(inside)]
        rows.append((len(inside) - 1, inside[-1], T, sum(logs)))
    x, t_x, ages, gaps = zip(*rows, strict=True)
    return Buyers(x, t_x, ages, log_gaps=gaps)


@pytest.mark.parametrize("k", [1, 3])
def test_how_regular_customers_are_is_found(k: int) -> None:
    buyers = regular(k)
    model = MbgCnbdK().fit(buyers)
    assert model.k_ == k
    assert model.boundary_ is None
    if k == 1:
        alone = MbgNbd().fit(buyers)
        assert model.values == pytest.approx(alone.values, rel=1e-6)
        assert model.log_likelihood_ == pytest.approx(alone.log_likelihood_)
        assert model.alive(buyers) == pytest.approx(alone.alive(buyers))
        quarter = dt.timedelta(days=90)
        found = model.purchases(buyers, quarter)
        assert found == pytest.approx(alone.purchases(buyers, quarter), abs=1e-8)


def test_value_of_regular_customers_by_quarters_is_that_by_months() -> None:
    model = MbgCnbdK.phased(3, r=1.2, alpha=9.0, a=0.6, b=3.0)
    some = Buyers([0, 4, 20], [0, 50, 200], [60, 70, 220])
    until = [dt.timedelta(days=30.4375 * month) for month in range(1, 13)]
    factors = [1.1 ** (-(month - 0.5) / 12) for month in range(1, 13)]
    monthly, before = np.zeros(3), np.zeros(3)
    for end, factor in zip(until, factors, strict=True):
        made = model.purchases(some, end)
        monthly, before = monthly + factor * (made - before), made
    assert model.discounted(some, until, factors) == pytest.approx(monthly, rel=1e-3)


def test_regular_customers_are_the_sum_over_all_kinds_of_them() -> None:
    model = MbgCnbdK.phased(2, r=0.9, alpha=12.0, a=0.7, b=2.0)
    rate, log_rate = naive.gamma_grid(0.9, 12.0)
    leave, log_leave = naive.beta_grid(0.7, 2.0)
    rate, log_rate = rate[:, None], log_rate[:, None]
    weight = np.exp(log_rate + log_leave)
    x, t_x, T, t = 3, 40.0, 60.0, 25.0
    events, stay = rate ** (2 * x) * np.exp(-rate * t_x), (1 - leave) ** x
    waited = T - t_x
    still = [
        events * stay * (1 - leave) * np.exp(-rate * waited) * (rate * waited) ** j for j in (0, 1)
    ]
    total = (weight * (events * stay * leave + sum(still))).sum()
    one = Buyers([x], [t_x], [T])
    found = model._derivatives(model.values, model._gather(one)).value
    assert found == pytest.approx(math.log(total), abs=1e-6)
    assert model.alive(one)[0] == pytest.approx((weight * sum(still)).sum() / total, rel=1e-6)
    expected = 0.0
    for j, case in enumerate(still):
        for n in range(1, 60):
            phases = np.exp(-rate * t + n * np.log(rate * t) - math.lgamma(n + 1))
            orders = (j + n) // 2
            made = sum((1 - leave) ** i for i in range(orders))
            expected += (weight * case * phases * made).sum() / total
    assert model.purchases(one, dt.timedelta(days=t))[0] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("name", ["bg_bb", "mbg_cnbd_k"])
def test_gradient_and_hessian_are_those_of_the_likelihood(name: str) -> None:
    model = BgBb() if name == "bg_bb" else MbgCnbdK(3)
    buyers = donors() if name == "bg_bb" else regular(3, count=200)
    gathered, place = model._gather(buyers), np.array([0.9, 1.4, 0.8, 2.5])
    here = model._derivatives(place, gathered)
    for index, step in enumerate(np.eye(4) * 1e-5):
        before, after = (model._derivatives(place + sign * step, gathered) for sign in (-1, 1))
        assert here.gradient[index] == pytest.approx((after.value - before.value) / 2e-5, rel=1e-4)
        bend = (after.gradient - before.gradient) / 2e-5
        assert here.hessian[index] == pytest.approx(bend, rel=1e-4, abs=1e-3)
    single = model._scores(place, buyers)
    assert buyers.weighed @ single == pytest.approx(here.gradient, rel=1e-8)


def test_the_next_order_is_due_when_half_have_come() -> None:
    """Customers made up anew, all with the same past: half of those who stay buy until that day."""
    chance = np.random.default_rng(8)
    one = Buyers([5], [60.0], [72.0])
    for model in (
        MbgNbd.known(r=0.9, alpha=12.0, a=0.7, b=2.0),
        MbgCnbdK.phased(3, r=1.5, alpha=8.0, a=0.7, b=2.0),
    ):
        k = getattr(model, "k_", 1)
        r, alpha = model.parameters_["r"], model.parameters_["alpha"]
        rates = chance.gamma(r + 5 * k, 1 / (alpha + 60), 400_000)
        gaps = chance.gamma(k, 1 / rates)
        found = waiting.next_order(model, one)
        assert found.usual[0] == pytest.approx(np.quantile(gaps, 0.5), rel=0.02)
        assert found.late[0] == pytest.approx(np.quantile(gaps, 0.8), rel=0.02)
        later = gaps[gaps > 12] - 12
        assert found.due[0] == pytest.approx(np.quantile(later, 0.5), rel=0.02)
        assert found.by[0] == pytest.approx(np.quantile(later, 0.8), rel=0.02)


def test_overdue_are_those_who_are_late_and_probably_still_there() -> None:
    model = ParetoNbd.known(r=1.0, alpha=10.0, s=0.5, beta=200.0)
    found = waiting.next_order(model, Buyers([10, 10, 10], [100] * 3, [102, 130, 400]))
    assert found.overdue.tolist() == [False, True, False]
    with pytest.raises(ModelError, match="opportunities"):
        waiting.next_order(BgBb.known(alpha=1, beta=1, gamma=1, delta=1), donors())
