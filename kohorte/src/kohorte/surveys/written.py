"""What customers wrote in a survey: what it is about, and whether it is praise or blame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kohorte.errors import TooLittleError
from kohorte.intervals import Estimate
from kohorte.language import Sentence
from kohorte.models.arrays import Truth
from kohorte.surveys import comments as comments_of
from kohorte.surveys import topics
from kohorte.surveys.answers import Answers

_BLAMED = 0.5
# More comments than this are not read; a sample says as much and takes seconds.
MOST = 3_000


@dataclass(frozen=True)
class Theme:
    """What several comments are about.

    Parameters
    ----------
    words
        The most telling ones.
    comments
        How many are mostly about it.
    score
        The score of those who wrote so, with its range.
    praise_percent
        How many of them read as praise; None as long as the reader may not speak.
    quotes
        Comments that say it best.
    """

    words: tuple[str, ...]
    comments: int
    score: Estimate
    praise_percent: float | None
    quotes: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """What customers wrote.

    Parameters
    ----------
    comments
        How many wrote anything.
    themes
        What they wrote about, the commonest first.
    pairs, ranking
        Comments with a score from which praise and blame were learned, and how well that reads comments that it
        has not seen (0.5 is a coin); None where it could not be learned.
    praise_percent
        How many comments read as praise; None where the reader may not speak.
    silent
        Why there are no themes, or no reading of praise and blame, and whether only a sample was read.
    """

    comments: int
    themes: tuple[Theme, ...]
    pairs: int
    ranking: Estimate | None
    praise_percent: float | None
    silent: tuple[Sentence, ...]


def of(answers: Answers, score: Callable[[Truth], Estimate], *, most: int = 6) -> Written | None:
    """Return what the comments of a survey say; None where nobody wrote anything.

    Praise and blame are learned from comments whose score is among the best or below the middle of the scale; what
    lies between teaches nothing. See `comments.learn` and `topics.find`.
    """
    texts = [(text or "").strip() for text in answers.comments]
    places = [place for place, text in enumerate(texts) if text]
    if not places:
        return None
    wrote = len(places)
    silent: list[Sentence] = []
    if wrote > MOST:
        drawn = np.random.default_rng(1).choice(wrote, MOST, replace=False)
        places = [places[place] for place in np.sort(drawn)]
        silent.append(Sentence("Of them {n}, drawn by lot, were read.", {"n": MOST}))
    told = [texts[place] for place in places]
    reader: comments_of.Sentiment | None = None
    good, pairs = _pairs(answers, places)
    try:
        reader = comments_of.learn([texts[place] for place in pairs], good)
    except TooLittleError as error:
        silent.append(error.sentence)
    praise = reader.read(told) if reader else None
    if reader is not None and praise is None:
        silent.append(
            Sentence(
                "What is praise and what blame cannot be told from these comments well enough, so nothing is "
                "said of it."
            )
        )
    found: tuple[topics.Topic, ...] = ()
    try:
        found = topics.find(told, topics=most)
    except TooLittleError as error:
        silent.append(error.sentence)
    themes = []
    for topic in found:
        inside = np.zeros(len(texts), dtype=bool)
        inside[[places[place] for place in topic.places]] = True
        inside &= answers.first.answered
        themes.append(
            Theme(
                topic.words,
                topic.comments,
                score(inside) if inside.any() else Estimate(None),
                None
                if praise is None
                else 100 * float(np.mean(praise[list(topic.places)] > _BLAMED)),
                tuple(dict.fromkeys(told[place] for place in topic.quotes)),
            )
        )
    return Written(
        wrote,
        tuple(themes),
        len(pairs),
        reader.ranking if reader else None,
        None if praise is None else 100 * float(np.mean(praise > _BLAMED)),
        tuple(silent),
    )


def _pairs(answers: Answers, places: list[int]) -> tuple[list[bool], list[int]]:
    """Return the comments that come with a good or a bad score, and which it is."""
    scale = answers.first.scale
    good, kept = [], []
    for place in places:
        score = answers.first.scores[place]
        if np.isnan(score):
            continue
        high = scale.turned(int(score)) - scale.lowest
        top = 9 if answers.first.question == "nps" else 0.75 * (scale.options - 1)
        bottom = 6 if answers.first.question == "nps" else 0.5 * (scale.options - 1)
        if high >= top or high <= bottom:
            good.append(high >= top)
            kept.append(place)
    return good, kept
