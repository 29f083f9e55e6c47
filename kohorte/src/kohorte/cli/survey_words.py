"""A survey as lines for the terminal: scores, who did not answer, what goes with them, what it takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kohorte.cli import aligned, survey_sides
from kohorte.cli.survey_sides import number_of, ranged
from kohorte.language import Language, Sentence, number, translate

if TYPE_CHECKING:
    from kohorte.surveys.results import Numbers, Survey


def lines(found: Survey, spoken: Language) -> Iterator[str]:
    """Give the lines that the command prints."""
    for place, numbers in enumerate(found.numbers):
        if place:
            yield ""
        yield from _question(numbers, spoken)
    yield from _rate(found, spoken)
    for part in (
        survey_sides.weighed(found, spoken),
        survey_sides.groups(found, spoken),
        _trend(found, spoken),
        _drivers(found, spoken),
        _foretelling(found, spoken),
        survey_sides.written(found, spoken),
        _plan(found, spoken),
    ):
        told = list(part)
        if told:
            yield ""
            yield from told


def _question(numbers: Numbers, spoken: Language) -> Iterator[str]:
    values = {
        "n": numbers.n,
        "question": numbers.text,
        "low": numbers.lowest,
        "high": numbers.highest,
    }
    yield Sentence("“{question}”, from {low} to {high}: {n} {n:answer|answers}", values).render(
        spoken
    )
    rows = []
    for place, score in enumerate(numbers.scores):
        cells = [
            ("" if not place else "  ") + score.name.render(spoken),
            ranged(score.plain, score.unit, spoken),
            "" if score.weighted is None else ranged(score.weighted, score.unit, spoken),
        ]
        rows.append(cells)
    head = ["", "", translate("weighted", spoken) if numbers.effective is not None else ""]
    yield from aligned.lines([head, *rows] if head[2] else rows)
    if numbers.effective is not None:
        yield "  " + Sentence(
            "Weighted it is as sure as {n} answers of equal weight.",
            {"n": round(numbers.effective)},
        ).render(spoken)
    if numbers.off_scale:
        yield "  " + Sentence(
            "{n} {n:answer is|answers are} no score of that scale and {n:does|do} not count.",
            {"n": numbers.off_scale},
        ).render(spoken)


def _rate(found: Survey, spoken: Language) -> Iterator[str]:
    yield ""
    if found.rate is None or found.asked is None:
        yield translate(
            "How many were asked is not known (--invited, --invitations), so neither is the response rate.",
            spoken,
        )
        return
    yield Sentence(
        "{n} of {asked} who were asked answered: {rate}.",
        {
            "n": found.first.n,
            "asked": found.asked,
            "rate": ranged(found.rate, "percent", spoken),
        },
    ).render(spoken)


def _trend(found: Survey, spoken: Language) -> Iterator[str]:
    trend = found.trend
    if trend is None:
        return
    unit = found.first.scores[0].unit
    yield Sentence("{name} over time:", {"name": found.first.scores[0].name}).render(spoken)
    rows = []
    for step in trend.steps:
        up = translate("beyond chance", spoken) if step.moved else ""
        n = f"n = {number(step.n, spoken)}"
        rows.append([step.label, ranged(step.found, unit, spoken), n, up])
    yield from aligned.lines(rows)
    if not trend.moves:
        yield "  " + translate("No change from one period to the next is beyond chance.", spoken)
    if trend.noise is not None:
        yield "  " + Sentence(
            "Changes of less than {number} are mostly chance."
            if unit == "ratio"
            else "Changes of less than {number} points are mostly chance.",
            {"number": number_of(trend.noise, "ratio" if unit == "ratio" else "points", spoken)},
        ).render(spoken)


def _drivers(found: Survey, spoken: Language) -> Iterator[str]:
    if found.drivers is None:
        if "drivers" in found.silent:
            yield found.silent["drivers"].render(spoken)
        return
    yield Sentence(
        "What “{question}” goes with; all of it explains {percent} ({n} answers):",
        {
            "question": found.first.text,
            "percent": number_of(found.drivers.explained_percent, "percent", spoken),
            "n": found.drivers.n,
        },
    ).render(spoken)
    rows = [
        [
            driver.name,
            ranged(driver.explained, "percent", spoken),
            translate("rises with it" if driver.rises else "falls with it", spoken),
        ]
        for driver in found.drivers.drivers
    ]
    yield from aligned.lines(rows)
    yield "  " + translate(
        "Rising and falling: the others being equal. What a score goes with need not be what moves it.",
        spoken,
    )


def _foretelling(found: Survey, spoken: Language) -> Iterator[str]:
    if found.days is None:
        return
    yield Sentence(
        "Does the score foretell who orders again within {days} days?", {"days": found.days}
    ).render(spoken)
    told = found.foretelling
    if told is None:
        if "foretelling" in found.silent:
            yield "  " + found.silent["foretelling"].render(spoken)
        return
    values = {
        "n": told.n,
        "came": told.came,
        "odds": ranged(told.odds, "ratio", spoken),
        "gain": ranged(told.gain, "points", spoken),
        "ranking": number(told.ranking_without, spoken, digits=1),
    }
    yield "  " + Sentence(
        "{came} of {n} customers who answered ordered again. One standard deviation more of the score "
        "multiplies the odds by {odds}, recency, frequency and value being equal.",
        values,
    ).render(spoken)
    yield "  " + Sentence(
        "Purchases alone rank {ranking} of 100 pairs rightly; the score adds {gain}.", values
    ).render(spoken)
    yield "  " + translate(
        "So it says more than the purchases do."
        if told.is_evidence
        else "There is no evidence in your data that it says more than the purchases do.",
        spoken,
    )


def _plan(found: Survey, spoken: Language) -> Iterator[str]:
    plan = found.plan
    yield Sentence(
        "With {n} answers the score is sure to ±{points} points.",
        {"n": found.first.n, "points": number(plan.now, spoken, digits=1)},
    ).render(spoken)
    for width, answers in plan.answers.items():
        values = {"width": width, "n": answers}
        if width in plan.invitations:
            yield "  " + Sentence(
                "±{width} points take {n} answers, so {invitations} invitations.",
                {**values, "invitations": plan.invitations[width]},
            ).render(spoken)
        else:
            yield "  " + Sentence("±{width} points take {n} answers.", values).render(spoken)
    if plan.quota is not None:
        yield "  " + Sentence(
            "For ±10 points every {days} days ask {daily} customers a day; everybody's turn comes after "
            "{turn} days."
            if plan.quota.is_enough
            else "For ±10 points every {days} days {daily} customers a day would have to be asked; there are "
            "too few for that, each would be asked again after {turn} days.",
            {
                "days": plan.family_rest_days,
                "daily": number(plan.quota.daily, spoken, digits=1),
                "turn": round(plan.quota.days_until_all or 0),
            },
        ).render(spoken)
    yield "  " + Sentence(
        "Leave customers alone for {family} days after such a question, and for {any} days after any other.",
        {"family": plan.family_rest_days, "any": plan.rest_days},
    ).render(spoken)
