"""What customers write about: words that come together, with the comments that say it best."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np

from kohorte.errors import TooLittleError
from kohorte.models.arrays import Array

LEAST = 50
_WORDS = re.compile(r"[^\W\d_]{3,}")
_STEPS = 150
_SMALL = 1e-9
# Words that carry no topic, in the two languages of our users.
_EMPTY = frozenset(
    resources.files("kohorte.surveys").joinpath("empty_words.txt").read_text("utf-8").split()
)


@dataclass(frozen=True)
class Topic:
    """Words that come together.

    Parameters
    ----------
    words
        As customers write them most often, the most telling first.
    comments
        How many comments are mostly about it.
    quotes
        Places of the comments that say it best.
    places
        Places of all comments that are mostly about it.
    """

    words: tuple[str, ...]
    comments: int
    quotes: tuple[int, ...]
    places: tuple[int, ...] = ()


def find(
    comments: Sequence[str], *, topics: int = 6, words: int = 5, quotes: int = 2, seed: int = 1
) -> tuple[Topic, ...]:
    """Return what comments are about, the commonest topic first.

    Words cut to their stems (CISTEM: Weißweiler, Fraser 2017, GSCL), by TF-IDF, in a non-negative
    factorization (Lee, Seung 1999, Nature 401). A topic is a help to read, no number.

    Raises
    ------
    TooLittleError
        There are fewer than 50 comments with words.

    Examples
    --------
    >>> late = ["Die Lieferung kam viel zu spät", "späte Lieferung, lange Wartezeit"] * 20
    >>> soft = ["Der Stoff ist weich und schön", "schöner weicher Stoff"] * 20
    >>> [topic.words[:2] for topic in find(late + soft, topics=2)]
    [('lieferung', 'spät'), ('stoff', 'weich')]
    """
    stems = [[(stem(word), word) for word in _told(text)] for text in comments]
    filled = [place for place, found in enumerate(stems) if found]
    if len(filled) < LEAST:
        raise TooLittleError(
            "It takes {least} comments at least to find what they are about.",
            reason="few_comments",
            least=LEAST,
        )
    often = Counter(one for found in stems for one in {s for s, _w in found})
    known = sorted(s for s, count in often.items() if 2 <= count <= 0.5 * len(filled) + 1)
    place_of = {one: place for place, one in enumerate(known)}
    table = np.zeros((len(filled), len(known)))
    for row, place in enumerate(filled):
        for one, _word in stems[place]:
            if one in place_of:
                table[row, place_of[one]] += 1
    rarity = np.log((1 + len(filled)) / (1 + np.array([often[one] for one in known]))) + 1
    table = np.log1p(table) * rarity
    table /= np.maximum(np.linalg.norm(table, axis=1, keepdims=True), _SMALL)
    about, made_of = _factors(table, min(topics, len(known)), seed)
    spelled = _spelled(stems)
    mostly = np.where(about.max(axis=1) > _SMALL, about.argmax(axis=1), -1)
    found = [
        Topic(
            tuple(spelled[known[place]] for place in np.argsort(-made_of[topic])[:words]),
            int((mostly == topic).sum()),
            tuple(filled[row] for row in np.argsort(-about[:, topic])[:quotes]),
            tuple(filled[row] for row in np.flatnonzero(mostly == topic)),
        )
        for topic in range(len(made_of))
    ]
    return tuple(sorted((one for one in found if one.comments), key=lambda one: -one.comments))


def stem(word: str) -> str:
    """Return a German word without its endings, so that its forms count as one.

    >>> stem("Lieferungen"), stem("gelieferte"), stem("späte")
    ('lieferung', 'liefer', 'spa')
    """
    text = word.casefold().translate(str.maketrans("üöä", "uoa")).replace("ß", "ss")
    text = (
        re.sub(r"^ge(.{4,})", r"\1", text).replace("sch", "$").replace("ei", "%").replace("ie", "&")
    )
    text = re.sub(r"(.)\1", r"\1*", text)
    while len(text) > 3:
        shorter = re.sub(r"e[mr]$|nd$", "", text) if len(text) > 5 else text
        if shorter == text:
            shorter = re.sub(r"t$", "", text) if word[:1].islower() else text
        if shorter == text:
            shorter = re.sub(r"[esn]$", "", text)
        if shorter == text:
            break
        text = shorter
    text = re.sub(r"(.)\*", r"\1\1", text)
    return text.replace("%", "ei").replace("&", "ie").replace("$", "sch")


def _told(text: str) -> list[str]:
    return [word for word in _WORDS.findall(text) if word.casefold() not in _EMPTY]


def _spelled(stems: Sequence[Sequence[tuple[str, str]]]) -> dict[str, str]:
    """Return the commonest spelling of each stem."""
    found: dict[str, Counter[str]] = {}
    for words in stems:
        for one, word in words:
            found.setdefault(one, Counter())[word.casefold()] += 1
    return {one: min(counts, key=lambda w: (-counts[w], w)) for one, counts in found.items()}


def _factors(table: Array, topics: int, seed: int) -> tuple[Array, Array]:
    """Return two non-negative tables whose product comes near the given one."""
    chance = np.random.default_rng(seed)
    about = chance.random((table.shape[0], topics)) + 0.1
    made_of = chance.random((topics, table.shape[1])) + 0.1
    for _step in range(_STEPS):
        made_of *= (about.T @ table) / np.maximum(about.T @ about @ made_of, _SMALL)
        about *= (table @ made_of.T) / np.maximum(about @ (made_of @ made_of.T), _SMALL)
    return about, made_of
