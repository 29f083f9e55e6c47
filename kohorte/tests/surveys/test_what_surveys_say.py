"""Surveys: scores in their variants, silence, drivers and plans, against oracles and simulation."""

from __future__ import annotations

import datetime as dt
from itertools import permutations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from kohorte.errors import SettingError, TooLittleError
from kohorte.metrics import voices
from kohorte.surveys import comments as comments_of
from kohorte.surveys import drivers, foretelling, logistic, planning, scales, silence, topics
from kohorte.surveys.scales import VARIANTS, Scale


@pytest.mark.parametrize("n", [10, 30, 100])
@pytest.mark.parametrize("shares", [(0.5, 0.2), (0.9, 0.02), (0.6, 0.05)])
def test_the_range_of_a_skewed_score_holds_the_truth_even_for_few(
    n: int, shares: tuple[float, float]
) -> None:
    chance = np.random.default_rng(n)
    up, down = shares
    drawn = chance.multinomial(n, [up, down, 1 - up - down], 4000)
    held = 0
    for promoters, detractors, _rest in drawn:
        found = voices.net_promoter_score(promoters / n, detractors / n, n=n, z=1.959964)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 100 * (up - down) <= found.high
    assert 0.925 <= held / 4000 <= 0.99


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 7), min_size=1, max_size=40), st.sampled_from(VARIANTS))
def test_every_variant_stays_between_its_ends(scores: list[int], variant: scales.Variant) -> None:
    found = scales.effort(scores, Scale(1, 7), variant=variant)
    ends = {"index": (100 / 7, 100), "mean": (1, 7), "net_easy": (-100, 100)}
    low, high = ends.get(variant, (0, 100))
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert low - 1e-9 <= found.low <= found.value <= found.high <= high + 1e-9


def test_the_index_has_its_floor_and_direction_counts() -> None:
    hard = scales.effort([1, 1, 1], Scale(1, 7), variant="index")
    assert hard.value == pytest.approx(100 / 7)
    as_effort = scales.effort([7, 7, 7], Scale(1, 7, good="low"), variant="index")
    assert as_effort.value == hard.value
    with pytest.raises(SettingError, match="is not on the scale from 1 to 7"):
        scales.effort([8], Scale(1, 7), variant="mean")
    with pytest.raises(TooLittleError):
        scales.effort([], Scale(1, 7), variant="mean")
    with pytest.raises(SettingError):
        Scale(5, 5)


def test_logistic_regression_is_statsmodels() -> None:
    chance = np.random.default_rng(1)
    facts = chance.normal(size=(800, 3))
    yes = (chance.random(800) < 1 / (1 + np.exp(1 - facts @ [1.0, -0.5, 0.0]))).astype(float)
    found = logistic.fit(facts, yes)
    oracle = sm.Logit(yes, sm.add_constant(facts)).fit(disp=0)
    assert [found.intercept, *found.slopes] == pytest.approx(list(oracle.params), rel=1e-6)
    assert list(found.errors) == pytest.approx(list(oracle.bse[1:]), rel=1e-5)
    assert found.log_likelihood == pytest.approx(oracle.llf)


def test_a_fact_that_parts_yes_and_no_wholly_stays_finite() -> None:
    facts = np.linspace(-1, 1, 50)[:, None]
    found = logistic.fit(facts, (facts[:, 0] > 0).astype(float), ridge=1.0)
    assert np.isfinite(found.slopes).all()


def test_weights_bring_the_score_of_who_answered_to_that_of_all() -> None:
    chance = np.random.default_rng(2)
    raw, weighed = [], []
    for _ in range(60):
        orders = chance.poisson(2.0, 3000).astype(float)
        happy = (chance.random(3000) < 0.3 + 0.1 * np.minimum(orders, 5)).astype(float)
        came = chance.random(3000) < 0.05 + 0.07 * np.minimum(orders, 5)
        found = silence.weigh(came, {"orders": orders})
        raw.append(happy[came].mean() - happy.mean())
        weighed.append(np.average(happy[came], weights=found.weights) - happy.mean())
        assert found.effective < found.answered
    assert np.mean(raw) > 0.04
    assert abs(np.mean(weighed)) < 0.012


def test_those_who_answer_like_all_others_weigh_nearly_alike() -> None:
    chance = np.random.default_rng(3)
    came = chance.random(4000) < 0.3
    found = silence.weigh(came, {"value": chance.gamma(1, 1, 4000), "same": np.ones(4000)})
    assert found.notable == []
    assert found.effective > 0.98 * found.answered
    assert found.rate_percent == pytest.approx(30, abs=3)
    with pytest.raises(TooLittleError, match="Fewer than 20"):
        silence.weigh(np.ones(100), {"value": np.arange(100)})


def naive(score: np.ndarray, items: dict[str, np.ndarray]) -> dict[str, float]:
    """Return each question's part of R² by adding them in every order, as the words say it."""

    def explained(names: tuple[str, ...]) -> float:
        if not names:
            return 0.0
        design = np.column_stack([np.ones(len(score)), *(items[name] for name in names)])
        rest = score - design @ np.linalg.lstsq(design, score, rcond=None)[0]
        return float(1 - rest.var() / score.var())

    parts = dict.fromkeys(items, 0.0)
    orders = list(permutations(items))
    for order in orders:
        for place, name in enumerate(order):
            gained = explained(order[: place + 1]) - explained(order[:place])
            parts[name] += 100 * gained / len(orders)
    return parts


def test_parts_are_those_of_adding_questions_in_every_order() -> None:
    chance = np.random.default_rng(4)
    common = chance.normal(size=300)
    items = {
        name: common * weight + chance.normal(size=300)
        for name, weight in zip("abcd", (1, 1, 0, 2), strict=True)
    }
    score = items["a"] + 0.5 * items["d"] + chance.normal(size=300)
    found = drivers.shapley(score, items)
    oracle = naive(score, items)
    assert {one.name: one.explained.value for one in found.drivers} == pytest.approx(oracle)
    assert found.explained_percent == pytest.approx(sum(oracle.values()))
    assert found.drivers[0].rises


def test_too_many_questions_or_too_few_answers_are_named() -> None:
    with pytest.raises(SettingError, match="one to 10"):
        drivers.shapley([1, 2], {str(n): [1, 2] for n in range(11)})
    with pytest.raises(TooLittleError):
        drivers.shapley([1, 2, 3], {"a": [1, 2, 3]})


def test_a_quota_says_when_there_are_too_few_to_ask() -> None:
    plenty = planning.quota(customers=20_000, rate_percent=20, half_width=0.10)
    few = planning.quota(customers=1_000, rate_percent=10, half_width=0.10)
    assert plenty.is_enough
    assert not few.is_enough
    assert plenty.invitations == 1155
    with pytest.raises(SettingError):
        planning.quota(customers=10, rate_percent=0, half_width=0.1)


def test_two_clocks_keep_surveys_apart_and_none_starves() -> None:
    day = dt.date(2026, 3, 1)
    assert planning.may_ask("csat", day, {}) == day
    assert planning.may_ask("csat", day, {"nps": dt.date(2026, 2, 20)}) == dt.date(2026, 3, 6)
    assert planning.may_ask("nps", day, {"nps": dt.date(2025, 1, 1)}) == day


def test_a_score_that_only_follows_purchases_is_hardly_ever_evidence() -> None:
    chance = np.random.default_rng(5)
    found = 0
    for _ in range(100):
        orders = chance.poisson(2.0, 800)
        score = np.clip(np.round(6 + orders + chance.normal(size=800)), 0, 10)
        came = chance.random(800) < 1 / (1 + np.exp(1.5 - 0.4 * orders))
        found += foretelling.again(score, came, {"orders": orders}).is_evidence
    assert found <= 10


def test_a_score_that_tells_more_is_found_and_says_how_much_more() -> None:
    chance = np.random.default_rng(6)
    orders = chance.poisson(2.0, 3000)
    score = chance.normal(size=3000)
    came = chance.random(3000) < 1 / (1 + np.exp(1.5 - 0.4 * orders - 0.5 * score))
    found = foretelling.again(score, came, {"orders": orders})
    assert found.is_evidence
    assert found.odds.low is not None
    assert found.odds.high is not None
    assert found.odds.low < np.exp(0.5) < found.odds.high
    assert found.gain.low is not None
    assert found.gain.low > 0


def test_a_reader_that_cannot_tell_stays_silent() -> None:
    chance = np.random.default_rng(7)
    words = ["tasche", "schuhe", "paket", "farbe", "montag", "berlin"]
    comments = [" ".join(chance.choice(words, 6)) for _ in range(400)]
    reader = comments_of.learn(comments, list(chance.random(400) < 0.5))
    assert reader.read(["tolle tasche"]) is None
    with pytest.raises(TooLittleError, match="300 comments"):
        comments_of.learn(comments[:200], [True] * 200)


def test_topics_need_comments_and_leave_out_empty_words() -> None:
    with pytest.raises(TooLittleError, match="50 comments"):
        topics.find(["gut"] * 10)
    texts = ["Die Lieferung war und ist zu spät"] * 30 + ["Das Material ist nicht schön"] * 30
    found = topics.find(texts, topics=2)
    assert sum(one.comments for one in found) == 60
    assert {word for one in found for word in one.words} == {
        "lieferung",
        "spät",
        "material",
        "schön",
    }
    assert all(texts[place] for one in found for place in one.quotes)
