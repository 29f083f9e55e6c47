"""Scores of surveys: by hand, and by a plain loop over random answers."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kohorte
import strategies
from beside import shop
from beside.shop import Record, Said
from kohorte.periods import Period
from oracle import intervals

ASKED = {
    "net_promoter_score": "nps",
    "customer_satisfaction_score": "csat",
    "customer_effort_score": "ces",
    "service_satisfaction_score": "csat",
}


def answers(question: str, *scores: float | None, **more: Any) -> list[Record]:
    return [
        {
            "response_id": f"{question} {number} {more.get('answered_at', '')}",
            "customer_id": f"c{number}",
            "answered_at": shop.at(0),
            "question": question,
            "score": score,
        }
        | more
        for number, score in enumerate(scores)
    ]


def asked(responses: list[Record], slug: str, segment: str = "all") -> kohorte.results.Row:
    with kohorte.History.from_records(orders=[], responses=responses) as history:
        (row,) = history.metric(slug, grain="all", segment=segment)
        return row


def test_promoters_less_detractors() -> None:
    """5 of 10 recommend, 2 do not, 3 in between: 50 − 20 = 30 points."""
    row = asked(answers("nps", 10, 9, 9, 10, 9, 8, 7, 7, 6, 0), "net_promoter_score")
    assert (row.value, row.n) == (30, 10)
    # Of 13 answers 5.75 and 2.75: 23.08 ± 1.96 √((8.5 / 13 − 0.2308²) / 13) = 23.08 ± 42.13.
    assert (row.low, row.high) == (pytest.approx(-19.05, abs=0.01), pytest.approx(65.20, abs=0.01))


def test_an_answer_of_eleven_is_a_blank() -> None:
    assert asked(answers("nps", 10, 11, None, 0, -1), "net_promoter_score").n == 2


@pytest.mark.parametrize(
    ("scores", "value"), [((10, 9, 9), 100.0), ((0, 6, 3), -100.0), ((7, 8), 0.0)]
)
def test_everybody_alike_gives_the_ends_of_the_scale(scores: tuple[int, ...], value: float) -> None:
    row = asked(answers("nps", *scores), "net_promoter_score")
    assert row.value == value
    assert row.low is not None
    assert row.high is not None
    assert -100 <= row.low <= value <= row.high <= 100
    assert row.low < row.high


def test_a_weight_of_two_counts_twice() -> None:
    responses = [*answers("nps", 10, weight=2), *answers("nps", 0, answered_at=shop.at(1))]
    assert asked(responses, "net_promoter_score").value == 0
    weighted = asked(responses, "net_promoter_score", "weighted")
    assert (weighted.value, weighted.n) == (pytest.approx(100 / 3), 2)


def test_without_weights_there_is_no_weighted_score() -> None:
    with kohorte.History.from_records(orders=[], responses=answers("nps", 9, 3)) as history:
        assert [row.segment for row in history.metric("net_promoter_score")] == ["all"]


def test_a_month_without_weights_beside_one_with_them_is_weighted_as_well() -> None:
    later = answers("nps", 10, 0, weight=3, answered_at=shop.at(30))
    with kohorte.History.from_records(
        orders=[], responses=[*answers("nps", 10), *later]
    ) as history:
        rows = history.metric("net_promoter_score", segment="weighted")
    assert [(row.period, row.value) for row in rows] == [("2024-01", 100), ("2024-02", 0)]


def test_another_scale_gives_no_nps() -> None:
    ten = asked(answers("nps", 10, 9, lowest=1), "net_promoter_score")
    assert ten.value is None
    assert ten.reason is not None
    assert ten.reason.render("de") == (
        "Die Antworten dieses Zeitraums haben nicht die Skala von 0 bis 10."
    )


@pytest.mark.parametrize(
    ("scale", "scores", "share"),
    [
        ({}, (5, 4, 3, 1), 50),
        ({"highest": 7}, (7, 6, 5, 4), 50),
        ({"highest": 10}, (10, 8, 7, 1), 50),
        ({"lowest": 0, "highest": 1}, (1, 1, 1, 0), 75),
        ({"lowest": 0, "highest": 100}, (75, 74, 100, 0), 50),
    ],
)
def test_satisfied_is_the_upper_quarter_of_the_scale(
    scale: dict[str, int], scores: tuple[int, ...], share: float
) -> None:
    assert asked(answers("csat", *scores, **scale), "customer_satisfaction_score").value == share


@pytest.mark.parametrize(
    ("scale", "scores", "value"),
    [
        ({"highest": 5}, (3, 4, 5), 80),
        ({}, (7, 7, 7), 100),
        ({"highest": 5}, (1, 1), 20),
        ({"lowest": 0, "highest": 9}, (0, 9), 55),
    ],
)
def test_effort_is_the_mean_over_the_number_of_options(
    scale: dict[str, int], scores: tuple[int, ...], value: float
) -> None:
    """The lowest answer counts as 1, so the score cannot fall below 100 / options."""
    row = asked(answers("ces", *scores, **scale), "customer_effort_score")
    assert row.value == pytest.approx(value)
    options = scale.get("highest", 7) - scale.get("lowest", 1) + 1
    assert row.low is None or row.low >= 100 / options
    assert row.high is None or row.high <= 100


def test_two_scales_are_never_mixed() -> None:
    mixed = [*answers("csat", 5), *answers("csat", 7, highest=7, answered_at=shop.at(0, 1))]
    row = asked(mixed, "customer_satisfaction_score")
    assert (row.value, row.n) == (None, 2)
    of_talks = [{**answer, "ticket_id": "1"} for answer in answers("csat", 3, 3, highest=3)]
    row = asked(
        [*answers("csat", 5, answered_at=shop.at(0, 1)), *of_talks], "service_satisfaction_score"
    )
    assert (row.value, row.n) == (100, 2)


@st.composite
def surveys(draw: st.DrawFn) -> tuple[str, list[Record], list[Record]]:
    zone = draw(st.sampled_from(shop.ZONES))
    one = st.tuples(
        st.sampled_from(("nps", "csat", "ces", "leaving")),
        shop.moments(zone, -5, 75),
        st.sampled_from((None, 0, 1, 3, 4, 5, 6, 8.5, 9, 10, 11)),
        st.sampled_from(((None, None),) * 4 + ((1, 5), (0, 10), (None, 7), (4, 4))),
        st.sampled_from((None, None, 1, 0.5, 2, 0, math.nan)),
        st.sampled_from((*shop.PEOPLE, None)),
        st.sampled_from((None, "t")),
    )
    responses = [
        {
            "response_id": str(number),
            "question": question,
            "answered_at": moment,
            "score": score,
            "lowest": scale[0],
            "highest": scale[1],
            "weight": weight,
            "customer_id": customer,
            "ticket_id": ticket,
        }
        for number, (question, moment, score, scale, weight, customer, ticket) in enumerate(
            draw(st.lists(one, min_size=1, max_size=25))
        )
    ]
    return zone, draw(st.just([]) | shop.order_lists(zone, most=3)), responses


def valid(answer: Record) -> tuple[Fraction, Fraction] | None:
    """Return the scale of an answer if it counts."""
    lowest, highest = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}[answer["question"]]
    lowest = Fraction(lowest if answer["lowest"] is None else answer["lowest"])
    highest = Fraction(highest if answer["highest"] is None else answer["highest"])
    weight = 1 if answer["weight"] is None else answer["weight"]
    if answer["score"] is None or not weight > 0 or lowest >= highest:
        return None
    return (lowest, highest) if lowest <= answer["score"] <= highest else None


def expected(
    history: kohorte.History, responses: list[Record], slug: str, segment: str, period: Period
) -> Said:
    counted = [
        answer
        for answer in responses
        if answer["question"] == ASKED[slug]
        and valid(answer)
        and (slug != "service_satisfaction_score" or answer["ticket_id"])
        and shop.inside(answer["answered_at"], period, history)
    ]
    n = len(counted)
    scales = {valid(answer) for answer in counted}
    if not n:
        return Said(None, 0, "nobody_answered")
    if len(scales) > 1:
        return Said(None, n, "mixed_scales")
    ((lowest, highest),) = [scale for scale in scales if scale]
    scores = [Fraction(answer["score"]) for answer in counted]
    if slug == "customer_effort_score":
        options = highest - lowest + 1
        places = [score - lowest + 1 for score in scores]
        low, high = adjusted(places, [1.0] * n, (Fraction(1), options))
        value = float(sum(places) / n)
        low, high = min(value, low), max(value, high)
        scale = 100 / float(options)
        return Said(value * scale, n, low=low * scale, high=high * scale)
    if slug != "net_promoter_score":
        top = sum(score >= highest - (highest - lowest) / 4 for score in scores)
        low, high = intervals.wilson(top, n, reach=intervals.z(95))
        assert low is not None
        assert high is not None
        return Said(100 * top / n, n, low=max(0, low * 100), high=min(100, high * 100))
    if (lowest, highest) != (0, 10):
        return Said(None, n, "other_scale")
    heard = [1 if segment == "all" or a["weight"] is None else a["weight"] for a in counted]
    return net_promoter(scores, heard, n)


def net_promoter(scores: list[Fraction], heard: list[float], n: int) -> Said:
    votes = [Fraction((score >= 9) - (score <= 6)) for score in scores]
    value = 100 * sum(w * float(v) for w, v in zip(heard, votes, strict=True)) / sum(heard)
    low, high = adjusted(votes, heard, (Fraction(-1), Fraction(1)))
    return Said(value, n, low=min(value, 100 * low), high=max(value, 100 * high))


def adjusted(
    scores: list[Fraction], heard: list[float], ends: tuple[Fraction, Fraction]
) -> tuple[float, float]:
    """Return the adjusted Wald interval: three answers more, 3/4 at each end, the rest between."""
    factor = sum(heard) / sum(weight**2 for weight in heard)
    middle = (ends[0] + ends[1]) / 2
    weighed = [(float(score), weight * factor) for score, weight in zip(scores, heard, strict=True)]
    weighed += [(float(ends[0]), 0.75), (float(ends[1]), 0.75), (float(middle), 1.5)]
    n = sum(weight for _, weight in weighed)
    mean = sum(score * weight for score, weight in weighed) / n
    variance = sum(weight * (score - mean) ** 2 for score, weight in weighed) / n
    half = intervals.z(95) * math.sqrt(variance / n)
    return max(float(ends[0]), mean - half), min(float(ends[1]), mean + half)


@given(surveys())
@strategies.examples(30)
def test_scores_are_those_of_a_plain_loop(
    drawn: tuple[str, list[Record], list[Record]],
) -> None:
    zone, orders, responses = drawn
    settings = kohorte.Settings(timezone=zone)
    with kohorte.History.from_records(
        orders=orders, responses=responses, settings=settings
    ) as history:
        for slug in ASKED:
            shop.compare(
                history,
                slug,
                lambda period, segment, slug=slug: expected(
                    history, responses, slug, segment, period
                ),
            )
            for row in history.metric(slug, grain="all", segment="all"):
                numerator, denominator = shop.halves(history, row)
                if row.value is not None:
                    assert row.value == pytest.approx(100 * numerator / denominator)
                assert history.orders_behind(slug).rows == ()
