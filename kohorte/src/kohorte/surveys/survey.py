"""A whole survey read at once: the scores, who is behind them, what goes with them, and what they foretell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import numpy as np

from kohorte import contrasts, rfm
from kohorte.errors import TooLittleError
from kohorte.experiments.power import survey_needed
from kohorte.intervals import Estimate
from kohorte.language import Sentence
from kohorte.models.arrays import Array, Truth
from kohorte.surveys import (
    drivers,
    foretelling,
    items,
    planning,
    scores,
    trend,
    weighing,
    written,
)
from kohorte.surveys.answers import Answers, Asked
from kohorte.surveys.drivers import Drivers
from kohorte.surveys.foretelling import Foretelling
from kohorte.surveys.purchases import Purchases
from kohorte.surveys.results import RFM, WIDTHS, Numbers, Part, Parts, Planned, Survey, Terms

T = TypeVar("T")
# So many of those who answer another question must have answered the first, or its weights are not theirs.
_ALIKE = 0.9


def read(
    answers: Answers, terms: Terms | None = None, *, bought: Purchases | None = None
) -> Survey:
    """Return what a survey says.

    Parameters
    ----------
    bought
        What the orders tell of each row.

    Raises
    ------
    SettingError
        What it is to be weighed by is not known.
    UnknownNameError
        It is told apart or explained by a column that is not there.

    Examples
    --------
    >>> from kohorte.surveys.scores import NPS
    >>> told = Answers("tea", [Asked("nps", "Recommend?", NPS, np.array([10.0] * 50 + [8.0] * 30 + [2.0] * 20))])
    >>> found = read(told)
    >>> found.first.scores[0].plain.value, found.plan.answers[10]
    (30.0, 235)
    """
    terms = terms or Terms()
    silent: dict[str, Sentence] = {}
    way, weighed, weights = weighing.of(answers, terms, bought, silent)
    first = answers.first
    score = partial(_headline, first, terms, None)
    rate, asked = weighing.rate(answers, terms.confidence_percent)
    explained = _tried(silent, "drivers", lambda: _drivers(answers, terms))
    foretold = None
    if bought is not None:
        foretold = _tried(silent, "foretelling", lambda: _foretold(first, bought, terms))
    numbers = tuple(
        _numbers(one, terms, weights if way == "file" or _are_alike(one, first) else None)
        for one in answers.asked
    )
    return Survey(
        name=answers.name,
        numbers=numbers,
        asked=asked,
        rate=rate,
        way=way,
        weighed=weighed,
        trend=trend.of(
            answers.days,
            first.answered,
            score,
            grain=terms.grain,
            week_start=terms.week_start,
            confidence_percent=terms.confidence_percent,
        ),
        groups=tuple(_parts(name, answers, terms, weights, bought) for name in terms.by),
        drivers=explained,
        foretelling=foretold,
        days=bought.days if bought else None,
        written=written.of(answers, score) if terms.comments else None,
        comments=sum(bool(text and text.strip()) for text in answers.comments),
        plan=_plan(first, rate, terms, bought),
        silent=silent,
    )


def _tried(silent: dict[str, Sentence], name: str, made: Callable[[], T]) -> T | None:
    """Return what there is enough for; what there is too little for is told instead."""
    try:
        return made()
    except TooLittleError as error:
        silent[name] = error.sentence
        return None


def _headline(asked: Asked, terms: Terms, weights: Array | None, inside: Truth) -> Estimate:
    """Return the first number of some rows."""
    inside = inside & asked.answered
    counts = scores.tally(
        asked.scores[inside], asked.scale, None if weights is None else weights[inside]
    )
    found = scores.of(
        asked.question,
        counts,
        variant=terms.variant,
        top=terms.top,
        confidence_percent=terms.confidence_percent,
    )
    return found[scores.headline(asked.question, terms.variant)]


def _are_alike(asked: Asked, first: Asked) -> bool:
    """Return whether those who answer a question are those whom the weights are of."""
    return float(first.answered[asked.answered].mean()) > _ALIKE


def _numbers(asked: Asked, terms: Terms, weights: Array | None) -> Numbers:
    inside = asked.answered
    of = partial(
        scores.of,
        asked.question,
        variant=terms.variant,
        top=terms.top,
        confidence_percent=terms.confidence_percent,
    )
    counts = scores.tally(asked.scores[inside], asked.scale)
    heard = None
    if weights is not None:
        heard = scores.tally(asked.scores[inside], asked.scale, weights[inside])
    upward = counts if asked.scale.good == "high" else counts[::-1]
    return Numbers(
        asked.question,
        asked.text,
        asked.scale.lowest,
        asked.scale.highest,
        asked.scale.good,
        asked.n,
        tuple(int(count) for count in upward),
        asked.off_scale,
        None if heard is None else float(heard.sum()),
        scores.both(of(counts), None if heard is None else of(heard)),
    )


def _drivers(answers: Answers, terms: Terms) -> Drivers | None:
    found = items.of(answers, terms.drivers)
    if not found:
        return None
    return drivers.shapley(
        items.turned(answers.first), found, confidence_percent=terms.confidence_percent
    )


def _foretold(asked: Asked, bought: Purchases, terms: Terms) -> Foretelling:
    """Tell whether the score foretells; of customers who answered more than once the first answer counts."""
    told = asked.answered & bought.is_over
    seen: set[str | None] = set()
    for place in np.flatnonzero(told):
        told[place] = bought.customer[place] not in seen
        seen.add(bought.customer[place])
    return foretelling.again(
        items.turned(asked)[told],
        bought.came[told],
        {name: values[told] for name, values in bought.facts.items()},
        confidence_percent=terms.confidence_percent,
    )


def _parts(
    name: str, answers: Answers, terms: Terms, weights: Array | None, bought: Purchases | None
) -> Parts:
    is_rfm = name.casefold() == RFM and bought is not None
    if is_rfm and bought is not None:
        groups: Sequence[str | None] = bought.groups
    else:
        name = answers.column(name)
        groups = answers.texts[name]
    first = answers.first
    told = np.array([group or "" for group in groups])
    found = set(told[first.answered]) - {""}
    names = [one for one in rfm.GROUPS if one in found] if is_rfm else sorted(found)
    parts = []
    for one in names:
        inside = (told == one) & first.answered
        parts.append(
            Part(
                one,
                int(inside.sum()),
                _headline(first, terms, None, inside),
                None if weights is None else _headline(first, terms, weights, inside),
            )
        )
    p = contrasts.homogeneity(
        [part.plain for part in parts], confidence_percent=terms.confidence_percent
    )
    return Parts(name, tuple(parts), p)


def _plan(asked: Asked, rate: Estimate | None, terms: Terms, bought: Purchases | None) -> Planned:
    counts = scores.tally(asked.scores[asked.answered], asked.scale)
    variance = scores.spread(asked.question, counts, top=terms.top)
    sure = terms.confidence_percent
    needed = {
        width: survey_needed(half_width=width / 100, variance=variance, confidence_percent=sure)
        for width in WIDTHS
    }
    family = planning.FAMILY_REST_DAYS[asked.question]
    invitations, quota = {}, None
    if rate is not None and rate.value:
        invitations = {width: int(-(-n * 100 // rate.value)) for width, n in needed.items()}
        if bought is not None and variance:
            quota = planning.quota(
                customers=int(sum(bought.population.values())),
                rate_percent=rate.value,
                half_width=WIDTHS[0] / 100,
                variance=variance,
                days=family,
                rest_days=family,
                confidence_percent=sure,
            )
    now = 100 * planning.sureness(answers=asked.n, variance=variance, confidence_percent=sure)
    return Planned(asked.question, now, needed, invitations, planning.REST_DAYS, family, quota)
