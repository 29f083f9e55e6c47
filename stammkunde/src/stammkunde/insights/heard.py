"""What the answers to one question of surveys say, as plain data that a snapshot keeps.

Numbers, groups and words of topics are kept, no comment of anybody: who was erased is in none of them after
the next refresh.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kohorte.errors import ReadError

if TYPE_CHECKING:
    from kohorte import History
    from kohorte.intervals import Estimate
    from kohorte.surveys.answers import Answers
    from kohorte.surveys.purchases import Purchases
    from kohorte.surveys.results import Survey

# Answers to other questions by the same customer, so near that they belong together.
NEAR_DAYS = 7
_BESIDE = """
SELECT s.place, arg_min(v.score, abs(v.day - (s.day - DATE '1970-01-01'))) AS score
FROM survey_rows AS s
JOIN valid_responses AS v ON v.customer_id = s.customer_id
WHERE v.question = $question AND abs(v.day - (s.day - DATE '1970-01-01')) <= $near
GROUP BY s.place
"""


def of(history: History, question: str) -> dict[str, Any] | None:
    """Return what the answers to a question say; None where nobody answered it.

    Answers are weighed to the sizes of the RFM groups where the orders know who answered.
    """
    from kohorte.surveys import purchases, stored, survey
    from kohorte.surveys.results import RFM, Terms

    if question not in stored.every(history):
        return None
    answers = stored.load(history, question)  # type: ignore[arg-type]  # one of the questions, as just seen
    if answers is None:
        return None
    answers = replace(answers, numbers=_beside(history, answers, question))
    try:
        bought: Purchases | None = purchases.of(history)
    except ReadError:
        bought = None
    terms = Terms(
        by=(RFM,) if bought else (),
        weigh_by=RFM if bought and answers.weights is None else None,
        comments=True,
        week_start=history.settings.week_start,
        confidence_percent=history.settings.confidence_percent,
    )
    return _record(survey.read(answers, terms, bought=bought), bought)


def _beside(history: History, answers: Answers, question: str) -> dict[str, Any]:
    """Return the scores that the same customers gave to other questions at that time."""
    import numpy as np

    from kohorte.surveys import scores

    found: dict[str, Any] = {}
    for other in scores.QUESTIONS:
        if other == question:
            continue
        values = np.full(len(answers.first.scores), np.nan)
        told = {"question": other, "near": NEAR_DAYS}
        for row in history.engine.rows(_BESIDE, told):
            values[row["place"]] = float(row["score"])
        if np.isfinite(values).any():
            found[other] = values
    return found


def _record(found: Survey, bought: Purchases | None) -> dict[str, Any]:
    first = found.first
    return {
        "question": first.question, "lowest": first.lowest, "highest": first.highest,
        "n": first.n, "effective": first.effective, "way": found.way,
        "customers": round(sum(bought.population.values())) if bought else None,
        "scores": [
            (one.name, one.unit, _ends(one.plain), _ends(one.weighted) if one.weighted else None)
            for one in first.scores
        ],
        "groups": _groups(found),
        "trend": [
            (step.starts_on, step.label, step.n, _ends(step.found), step.moved)
            for step in (found.trend.steps if found.trend else ())
        ],
        "grain": found.trend.grain if found.trend else None,
        "noise": found.trend.noise if found.trend else None,
        "drivers": found.drivers and {
            "n": found.drivers.n, "explained": found.drivers.explained_percent,
            "rows": [(one.name, _ends(one.explained), one.rises) for one in found.drivers.drivers],
        },
        "foretelling": found.foretelling and {
            "n": found.foretelling.n, "came": found.foretelling.came, "days": found.days,
            "odds": _ends(found.foretelling.odds), "gain": _ends(found.foretelling.gain),
            "ranking": found.foretelling.ranking_without,
            "is_evidence": found.foretelling.is_evidence,
        },
        "written": found.written and {
            "comments": found.written.comments, "pairs": found.written.pairs,
            "ranking": _ends(found.written.ranking) if found.written.ranking else None,
            "praise": found.written.praise_percent, "silent": list(found.written.silent),
            "themes": [
                (one.words, one.comments, _ends(one.score), one.praise_percent)
                for one in found.written.themes
            ],
        },
        "plan": {
            "now": found.plan.now, "answers": dict(found.plan.answers),
            "rest": found.plan.rest_days, "family_rest": found.plan.family_rest_days,
        },
        "silent": dict(found.silent),
    }  # fmt: skip


def _groups(found: Survey) -> list[tuple[Any, ...]]:
    """Return the RFM groups with their score, and how their share differs before and after weighing."""
    from kohorte import rfm

    if not found.groups:
        return []
    before = found.weighed.differences if found.weighed else {}
    after = found.weighed.left if found.weighed else {}
    return [
        (rfm.GROUPS[part.name][0], part.n, _ends(part.plain), before.get(part.name), after.get(part.name))
        for part in found.groups[0].parts
    ]  # fmt: skip


def _ends(found: Estimate) -> tuple[float | None, float | None, float | None]:
    return found.value, found.low, found.high
