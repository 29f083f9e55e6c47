"""What the surveys beside a shop's orders say, for its report."""

from __future__ import annotations

from kohorte import rfm
from kohorte.errors import ReadError
from kohorte.history import History
from kohorte.intervals import Estimate, quantile, share
from kohorte.language import Sentence, Text
from kohorte.results import About, Chosen, Heard, Ranged, Variant, Voices
from kohorte.surveys import purchases, stored, survey
from kohorte.surveys.purchases import Purchases
from kohorte.surveys.results import RFM, Survey, Terms
from kohorte.surveys.scores import Question

NAMES: dict[Question, Text] = {
    "nps": Text(de="Weiterempfehlung (NPS)", en="Recommendation (NPS)"),
    "csat": Text(de="Zufriedenheit (CSAT)", en="Satisfaction (CSAT)"),
    "ces": Text(de="Mühe (CES)", en="Effort (CES)"),
}


def of(history: History) -> tuple[Voices, ...]:
    """Return what the answers to each question say; nothing where nobody was asked.

    Answers are weighed to the RFM groups of all customers where the orders know who answered, unless they bring weights of
    their own.

    Examples
    --------
    >>> responses = [dict(response_id=str(n), answered_at="2026-01-05", question="nps", score=n) for n in range(11)]
    >>> with History.from_records(orders=[], responses=responses) as history:
    ...     [(one.question, one.n, round(one.variants[0].plain.value, 1)) for one in of(history)]
    [('nps', 11, -45.5)]
    """
    found = []
    for question in stored.every(history):
        answers = stored.load(history, question)
        if answers is None:
            continue
        try:
            bought: Purchases | None = purchases.of(history)
        except ReadError:
            bought = None
        by = (RFM,) if bought is not None else ()
        terms = Terms(
            by=by,
            weigh_by=RFM if by and answers.weights is None else None,
            comments=True,
            week_start=history.settings.week_start,
            confidence_percent=history.settings.confidence_percent,
        )
        told = survey.read(answers, terms, bought=bought)
        found.append(_shown(told, history.settings.confidence_percent))
    return tuple(found)


def _shown(found: Survey, confidence_percent: float) -> Voices:
    first = found.first
    z = quantile(confidence_percent)
    chosen = tuple(
        Chosen(first.lowest + place, n, _ranged(share(n, first.n, z=z).times(100)))
        for place, n in enumerate(first.counts)
    )
    written = found.written
    return Voices(
        question=first.question,
        name=NAMES[first.question],
        lowest=first.lowest,
        highest=first.highest,
        n=first.n,
        variants=tuple(
            Variant(
                one.name,
                one.unit,
                _ranged(one.plain),
                None if one.weighted is None else _ranged(one.weighted),
            )
            for one in first.scores
        ),
        chosen=chosen,
        groups=_groups(found),
        themes=tuple(
            About(one.words, one.comments, _ranged(one.score), one.praise_percent)
            for one in (written.themes if written else ())
        ),
        foretells=tuple(_foretells(found)),
        notes=tuple(_notes(found)),
    )


def _ranged(found: Estimate) -> Ranged:
    return Ranged(found.value, found.low, found.high)


def _groups(found: Survey) -> tuple[Heard, ...]:
    """Return the RFM groups side by side, with how they differ from all customers."""
    if not found.groups:
        return ()
    before = found.weighed.differences if found.weighed else {}
    after = found.weighed.left if found.weighed else {}
    return tuple(
        Heard(
            rfm.GROUPS[part.name][0],
            part.n,
            _ranged(part.plain),
            before.get(part.name),
            after.get(part.name),
        )
        for part in found.groups[0].parts
    )


def _foretells(found: Survey) -> list[Sentence]:
    if found.days is None:
        return []
    told = found.foretelling
    if told is None:
        return [found.silent["foretelling"]] if "foretelling" in found.silent else []
    if told.is_evidence:
        verdict = Sentence(
            "The score says more about who orders again within {days} days than purchases do.",
            {"days": found.days},
        )
    else:
        verdict = Sentence(
            "There is no evidence in these data that the score says more about who orders again within "
            "{days} days than purchases do.",
            {"days": found.days},
        )
    return [
        verdict,
        Sentence(
            "{came} of {n} customers who answered came again in time.",
            {"came": told.came, "n": told.n},
        ),
    ]


def _notes(found: Survey) -> list[Sentence]:
    notes = []
    if found.first.off_scale:
        notes.append(
            Sentence(
                "{n} {n:answer is|answers are} no score of that scale and {n:does|do} not count.",
                {"n": found.first.off_scale},
            )
        )
    if found.first.effective is not None:
        notes.append(
            Sentence(
                "Weighted it is as sure as {n} answers of equal weight.",
                {"n": round(found.first.effective)},
            )
        )
    if found.trend is not None:
        moves = [step.label for step in found.trend.moves]
        notes.append(
            Sentence("Beyond chance it changed in: {periods}.", {"periods": ", ".join(moves)})
            if moves
            else Sentence("No change from one period to the next is beyond chance.")
        )
    if found.written is not None:
        notes += found.written.silent
    return notes
