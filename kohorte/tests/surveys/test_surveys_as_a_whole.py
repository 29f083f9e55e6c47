"""Whole surveys: weights by groups, noise of a trend, evidence, and what a history holds, against plain numpy."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

import kohorte
from kohorte.errors import SettingError, TooLittleError
from kohorte.intervals import Estimate
from kohorte.models.arrays import Array
from kohorte.surveys import items, purchases, scores, stored, strata, survey, trend, written
from kohorte.surveys.answers import Answers, Asked
from kohorte.surveys.results import Terms
from kohorte.surveys.scales import Scale

DAY = dt.date(2026, 1, 1)


def nps(values: Array) -> Asked:
    return Asked("nps", "Recommend?", scores.NPS, np.asarray(values, dtype=float))


def test_groups_weighed_by_their_size_give_the_mean_of_their_means() -> None:
    chance = np.random.default_rng(1)
    groups = chance.choice(["a", "b", "c"], 600, p=[0.5, 0.3, 0.2])
    values = chance.integers(0, 11, 600).astype(float)
    found = strata.weigh(list(groups), {"a": 30, "b": 30, "c": 40})
    plain = sum(
        share * values[groups == name].mean()
        for name, share in (("a", 0.3), ("b", 0.3), ("c", 0.4))
    )
    assert np.average(values, weights=found.weights) == pytest.approx(plain)
    assert max(map(abs, found.left.values())) < 1e-9
    assert found.effective < 600
    with pytest.raises(TooLittleError):
        strata.weigh([], {"a": 1})
    with pytest.raises(SettingError, match="size above 0"):
        strata.weigh(["a"], {"a": 0})


def test_a_weighted_score_is_that_of_answers_counted_so_often() -> None:
    chance = np.random.default_rng(2)
    values, weights = chance.integers(0, 11, 300), chance.integers(1, 5, 300).astype(float)
    often = np.repeat(values, weights.astype(int))
    found = scores.of("nps", scores.tally(values, scores.NPS, weights))["nps"]
    counted = scores.of("nps", scores.tally(often, scores.NPS))["nps"]
    assert found.value == pytest.approx(counted.value)
    assert found.low is not None
    assert counted.low is not None
    assert found.low < counted.low


def test_where_nothing_changes_a_trend_hardly_ever_tells_of_a_change() -> None:
    chance = np.random.default_rng(3)
    days = [DAY + dt.timedelta(days=int(day)) for day in np.repeat(np.arange(0, 360, 30), 60)]
    alarms = 0
    for _ in range(120):
        asked = nps(chance.choice([10, 8, 2], len(days), p=[0.5, 0.3, 0.2]))
        found = survey.read(Answers("s", [asked], days=days)).trend
        assert found is not None
        alarms += bool(found.moves)
    assert alarms <= 10
    values = np.where(np.arange(len(days)) < 360, 10.0, 2.0)
    moved = survey.read(Answers("s", [nps(values)], days=days)).trend
    assert moved is not None
    assert [step.label for step in moved.moves] == ["2026-06"]


def test_periods_without_answers_have_no_score_and_one_alone_is_no_trend() -> None:
    answered = np.array([True, True])

    def score(inside: object) -> Estimate:
        return Estimate(1.0, 0.0, 2.0)

    months = [dt.date(2026, 1, 5), dt.date(2026, 3, 5)]
    found = trend.of(months, answered, score)
    assert found is not None
    assert [(step.n, step.found.value) for step in found.steps] == [(1, 1.0), (0, None), (1, 1.0)]
    assert trend.of(months[:1] * 2, answered, score) is None
    assert trend.grain_of([dt.date(2000, 1, 1), DAY]) == "year"


def test_only_ratings_that_the_silent_left_empty_explain_a_score() -> None:
    answers = Answers(
        "s",
        [nps(np.array([9.0, 2.0, 5.0, np.nan]))],
        numbers={
            "delivery": np.array([5.0, 1.0, 3.0, np.nan]),
            "orders": np.array([1.0, 2.0, 3.0, 4.0]),
            "revenue": np.array([99.5, 12.0, 3.0, np.nan]),
        },
        everybody=True,
    )
    assert list(items.of(answers)) == ["delivery"]
    assert list(items.of(answers, ["Orders"])) == ["orders"]


def shop(*, evident: bool) -> kohorte.History:
    """Customers with a year of orders who answer once; who comes again follows the score, or does not."""
    chance = np.random.default_rng(4)
    orders, responses = [], []
    for n in range(500):
        own = int(chance.integers(0, 11))
        days = [float(day) for day in chance.uniform(0, 300, 1 + int(chance.poisson(2)))]
        pull = 0.08 * own if evident else 0.4
        if chance.random() < pull:
            days.append(float(chance.uniform(320, 380)))
        orders += [
            {
                "order_id": f"{n}-{k}",
                "customer_id": f"c{n}",
                "placed_at": dt.date(2025, 1, 1) + dt.timedelta(days=int(day)),
                "amount_minor": 2000,
            }
            for k, day in enumerate(days)
        ]
        responses.append(
            {
                "response_id": str(n),
                "customer_id": f"C{n}",
                "answered_at": dt.date(2025, 11, 1) + dt.timedelta(days=n % 8),
                "question": "nps",
                "score": own,
                "answer": "so so",
            }
        )
    orders.append(
        {
            "order_id": "last",
            "customer_id": "z",
            "placed_at": dt.date(2026, 4, 1),
            "amount_minor": 1,
        }
    )
    return kohorte.History.from_records(orders=orders, responses=responses, currency="EUR")


@pytest.mark.parametrize("evident", [True, False])
def test_evidence_is_told_where_it_is_and_only_there(evident: bool) -> None:
    with shop(evident=evident) as history:
        assert stored.every(history) == ["nps"]
        answers = stored.load(history, "nps")
        assert answers is not None
        bought = purchases.of(history)
        found = survey.read(answers, Terms(weigh_by="rfm_group"), bought=bought)
        assert stored.load(history, "ces") is None
    assert found.first.n == 500
    assert found.way == "rfm"
    assert found.foretelling is not None
    assert found.foretelling.is_evidence is evident
    assert sum(bought.population.values()) == 501


def test_customers_are_found_by_number_where_no_table_tells_what_else_they_go_by() -> None:
    with shop(evident=False) as history:
        history.engine.connection.execute("DROP TABLE identities")
        assert stored.load(history, "nps") is not None
        found = purchases.of(history)
    assert found.customer[0] == "c0"
    assert np.isfinite(found.facts["frequency"]).sum() == 500


def test_another_scale_is_left_out_of_what_a_history_holds() -> None:
    rows = [
        {"response_id": str(n), "answered_at": DAY, "question": "csat", "score": 1 + n % 5,
         "lowest": 1, "highest": 10 if n > 20 else 5}
        for n in range(24)
    ]  # fmt: skip
    with kohorte.History.from_records(orders=[], responses=rows) as history:
        found = stored.load(history, "csat")
    assert found is not None
    assert (found.first.scale, found.first.n, found.first.off_scale) == (Scale(1, 5), 21, 3)


def test_of_very_many_comments_a_sample_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(written, "MOST", 60)
    texts = ["Lieferung zu spät", "Stoff weich und schön"] * 100
    asked = nps(np.where(np.arange(200) % 2, 10.0, 2.0))
    found = survey.read(Answers("s", [asked], comments=texts), Terms(comments=True)).written
    assert found is not None
    assert found.comments == 200
    assert sum(theme.comments for theme in found.themes) == 60
    assert found.silent[0].render("en") == "Of them 60, drawn by lot, were read."
    assert {round(theme.score.value or 0) for theme in found.themes} == {-100, 100}
