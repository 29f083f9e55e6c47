"""Shops that strain a model: a result or a named reason, always, and never a stack trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as draw

import strategies
from kohorte.errors import TooLittleError, UnknownNameError
from kohorte.models import choosing, priors, spending, value
from kohorte.models.buyers import Buyers
from kohorte.models.gamma_gamma import GammaGamma
from kohorte.models.horizons import Months
from kohorte.models.mbg_nbd import MbgNbd
from kohorte.models.model import PurchaseModel
from kohorte.models.nbd import Nbd
from kohorte.models.pareto_nbd import ParetoNbd

QUARTER = dt.timedelta(days=90)


def buyers(x: np.ndarray, t_x: np.ndarray, T: np.ndarray) -> Buyers:
    x, T = np.asarray(x, dtype=float), np.asarray(T, dtype=float)
    t_x = np.where(x > 0, np.minimum(t_x, T), 0)
    gaps = x * np.log(np.maximum(t_x, 1) / np.maximum(x, 1))
    return Buyers(x, t_x, T, log_gaps=gaps, monetary=np.where(x > 0, 20 + 3 * (x % 7), 0))


def chance() -> np.random.Generator:
    return np.random.default_rng(0)


def no_churn() -> Buyers:
    T = chance().integers(300, 700, 600)
    x = chance().poisson(chance().gamma(2, 0.02, 600) * T)
    return buyers(x, np.round(T * x / (x + 1)), T)


def everybody_dies() -> Buyers:
    x = chance().poisson(3, 2000)
    return buyers(x, x * 5, np.full(2000, 900))


def once() -> Buyers:
    return buyers(np.zeros(500), np.zeros(500), chance().integers(1, 400, 500))


def mostly_once() -> Buyers:
    T = chance().integers(100, 700, 3000)
    x = (chance().random(3000) < 0.09) * chance().integers(1, 4, 3000)
    return buyers(x, chance().integers(1, 90, 3000), T)


def thousands() -> Buyers:
    T = chance().integers(3000, 6000, 500)
    x = chance().integers(0, 3000, 500)
    return buyers(x, T - chance().integers(0, 50, 500), T)


def sixty() -> Buyers:
    x = chance().poisson(1, 60)
    return buyers(x, chance().integers(1, 300, 60), chance().integers(300, 700, 60))


def heavy_tail() -> Buyers:
    T = chance().integers(100, 700, 300)
    x = np.minimum(np.floor(chance().pareto(0.8, 300)), T)
    return buyers(x, np.round(T * 0.8), T)


SHOPS: dict[str, tuple[Callable[[], Buyers], set[str | None]]] = {
    "no churn": (no_churn, {"nobody_leaves", None}),
    "everybody dies": (everybody_dies, {"one_chance_of_leaving", "everybody_leaves", "one_rate", None}),
    "only one-time buyers": (once, {"no_repeaters"}),
    "91 % one-time buyers": (mostly_once, {"one_chance_of_leaving", "one_rate", None}),
    "x in the thousands": (thousands, {"nobody_leaves", "one_chance_of_leaving", None}),
    "sixty customers": (sixty, {"few_repeaters"}),
    "heavy tail": (heavy_tail, {"nobody_leaves", "one_chance_of_leaving", "not_settled", None}),
    "one customer, today": (lambda: Buyers([0], [0], [0]), {"no_time"}),
    "one customer": (lambda: Buyers([3], [50], [60]), {"few_repeaters"}),
    "identical timestamps": (lambda: Buyers([0] * 99, [0] * 99, [0] * 99), {"no_time"}),
    "repeats without time": (lambda: Buyers([2] * 99, [0] * 99, [0] * 99), {"no_time"}),
}  # fmt: skip


@pytest.mark.parametrize("name", SHOPS)
@pytest.mark.parametrize("slug", choosing.KINDS)
def test_a_result_or_a_named_reason(name: str, slug: str) -> None:
    make, reasons = SHOPS[name]
    shop = make()
    if shop.log_gaps is None:
        shop = Buyers(shop.x, shop.t_x, shop.T, log_gaps=np.zeros(len(shop)))
    found = choosing.fit(shop, choosing.kind(slug))
    assert found.reason in reasons
    assert bool(found.notes) == (found.reason is not None)
    for note in found.notes:
        assert note.render("de") != note.render("en")
    expected = found.model.purchases(shop, QUARTER)
    assert np.isfinite(expected).all()
    assert (expected >= 0).all()
    spend = spending.fit(shop)
    worth = value.of_shop(found.model, spend, shop, months=12, draws=2)
    assert np.isfinite([worth.value, worth.low, worth.high]).all()
    assert np.isfinite(value.newcomer(found.model, spend, months=36))


def test_without_customers_there_is_no_answer() -> None:
    with pytest.raises(TooLittleError) as caught:
        choosing.fit(Buyers([], [], []))
    assert caught.value.reason == "nobody"
    with pytest.raises(UnknownNameError, match="mbg_nbd"):
        choosing.kind("gbg")


@given(
    rows=draw.lists(
        draw.tuples(draw.integers(0, 40), draw.floats(0, 1), draw.integers(0, 900)), max_size=30
    )
)
@strategies.examples(40)
def test_any_shop_gets_numbers_or_a_reason(rows: list[tuple[int, float, int]]) -> None:
    x = np.array([row[0] if row[2] else 0 for row in rows], dtype=float)
    T = np.array([row[2] for row in rows], dtype=float)
    t_x = np.array([row[1] * row[2] for row in rows])
    shop = Buyers(x, np.where(x > 0, t_x, 0), T)
    for kind in (MbgNbd, ParetoNbd, Nbd):
        try:
            found = choosing.fit(shop, kind)
        except TooLittleError:
            assert not rows
            continue
        assert np.isfinite(found.model.purchases(shop, QUARTER)).all()
        assert 0 <= found.own_percent <= 100


def test_with_more_customers_other_shops_weigh_less() -> None:
    known = MbgNbd.known(r=1.5, alpha=30.0, a=0.5, b=3.0)
    chance = np.random.default_rng(4)
    T = chance.integers(100, 500, 4000).astype(float)
    nobody = Buyers(np.zeros(4000), np.zeros(4000), T)
    x = known.simulate(Buyers([0] * 4000, [0] * 4000, [0] * 4000), Months(9), chance=chance)
    shop = buyers(x, T * 0.7, T)
    assert len(nobody) == len(shop)
    shares = []
    for count in (5, 50, 500, 4000):
        model = MbgNbd().fit(shop.of(slice(0, count)), prior=priors.pooled(MbgNbd))
        shares.append(priors.own_percent(model))
    assert shares == sorted(shares)
    assert shares[0] < 60 < 95 < shares[-1]
    assert priors.own_percent(MbgNbd().fit(shop)) == 100


def test_a_prior_counts_time_as_the_customers_do() -> None:
    days = sixty()
    week = dt.timedelta(weeks=1)
    weeks = Buyers(days.x, days.t_x / 7, days.T / 7, unit=week)
    by_day, by_week = choosing.fit(days), choosing.fit(weeks)
    expected = by_day.model.purchases(days, QUARTER)
    assert by_week.model.purchases(weeks, QUARTER) == pytest.approx(expected, rel=1e-5)


KNOWN: list[PurchaseModel] = [
    MbgNbd.known(r=0.6, alpha=50.0, a=0.5, b=2.5),
    ParetoNbd.known(r=0.6, alpha=50.0, s=0.5, beta=100.0),
    Nbd.known(r=0.6, alpha=50.0),
]


@pytest.mark.parametrize("model", KNOWN)
def test_futures_drawn_at_random_come_to_what_is_expected(model: PurchaseModel) -> None:
    one = Buyers([4] * 200_000, [200] * 200_000, [260] * 200_000, monetary=[25.0] * 200_000)
    drawn = model.simulate(one, Months(12), chance=np.random.default_rng(1))
    expected = model.purchases(one, Months(12))[0]
    assert drawn.mean() == pytest.approx(expected, rel=0.02)
    spend = spending.Spending(GammaGamma.of(p=4.0, q=5.0, v=30.0), 30.0, 0.0)
    revenue = spend.simulate(one, drawn, chance=np.random.default_rng(2))
    assert revenue.mean() == pytest.approx(expected * spend.per_purchase(one)[0], rel=0.02)


def test_value_is_the_sum_of_discounted_months() -> None:
    model, spend = KNOWN[0], spending.Spending(None, 20.0, None)
    one = Buyers([4], [200], [260], as_of=dt.date(2025, 1, 31))
    by_hand, before = 0.0, 0.0
    for month in range(1, 25):
        until = float(model.purchases(one, Months(month))[0])
        by_hand += 20 * (until - before) / 1.1 ** ((month - 0.5) / 12)
        before = until
    found = value.residual(model, spend, one, months=24, discount_percent=10)
    assert found[0] == pytest.approx(by_hand)
    plain = value.residual(model, spend, one, months=24, discount_percent=0)
    assert plain[0] == pytest.approx(20 * before)


def test_the_range_of_a_shop_holds_its_futures() -> None:
    """Shops of one law, each fitted alone: the range holds what then happens nine times in ten."""
    law = MbgNbd.known(r=0.9, alpha=40.0, a=0.6, b=2.5)
    held = 0
    for seed in range(12):
        chance = np.random.default_rng(seed)
        rate, leave = chance.gamma(0.9, 1 / 40, 800), chance.beta(0.6, 2.5, 800)
        past, later = np.zeros((3, 800)), np.zeros(800)
        for row in range(800):
            T, day, stays = 200 + row % 300, 0.0, chance.random() > leave[row]
            past[:, row] = 0, 0, T
            while stays:
                day += chance.exponential(1 / rate[row])
                if day > T + 365:
                    break
                if day <= T:
                    past[:2, row] = past[0, row] + 1, day
                else:
                    later[row] += 1
                stays = chance.random() > leave[row]
        shop = Buyers(*past)
        assert law.names == ("r", "alpha", "a", "b")
        spend = spending.Spending(None, 10.0, None)
        model = MbgNbd().fit(shop)
        found = value.of_shop(
            model, spend, shop, months=12, discount_percent=0, confidence_percent=90, draws=80
        )
        held += found.low <= 10 * later.sum() <= found.high
    assert held >= 8


def test_the_range_of_a_customer_holds_zero_for_one_who_is_gone() -> None:
    shop = buyers(np.array([30, 1]), np.array([580, 10]), np.array([600, 600]))
    low, high = value.ranges(KNOWN[0], spending.Spending(None, 10.0, None), shop, months=12)
    assert low[0] > 0
    assert high[1] == 0
    assert low[0] < high[0]


def test_spending_that_goes_with_frequency_is_told() -> None:
    chance = np.random.default_rng(3)
    x = chance.integers(1, 20, 400)
    shop = Buyers(x, x, x + 5, monetary=chance.gamma(4, 5 * x))
    found = spending.fit(shop)
    assert found.reason == "related"
    assert found.correlation is not None
    assert found.correlation > 0.5
    same = Buyers(x, x, x + 5, monetary=[30.0] * 400)
    alike = spending.fit(same)
    assert (alike.model, alike.reason) == (None, "all_alike")
    assert alike.per_purchase(same)[0] == pytest.approx(30)
