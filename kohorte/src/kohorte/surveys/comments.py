"""What customers write, read offline: whether it is praise or blame, learned from the shop's own scores.

Word lists from elsewhere know neither the shop nor its slang. Here every comment that came with a score is
an example: a regression on pieces of words learns what goes with good and with bad scores. It says nothing
until it has proved on comments it had not seen that it can.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kohorte.errors import TooLittleError
from kohorte.intervals import Estimate
from kohorte.models.arrays import Array
from kohorte.validate.measures import area

# Below so many pairs, or this sureness, it stays silent.
PAIRS = 300
RANKING = 0.70
_PIECES = (2, 5)
_PLACES = 2**15
_RIDGE = 1.0
_FOLDS = 5
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, eq=False)
class Sentiment:
    """A reader of comments and how well it reads.

    Parameters
    ----------
    pairs
        Comments with a score that it learned from.
    ranking
        Chance that of an unseen praising and an unseen blaming comment the praising one is ranked higher
        (AUC by cross-validation), with its range; 0.5 is a coin.
    """

    pairs: int
    ranking: Estimate
    _weights: Array
    _intercept: float
    _rarity: Array

    @property
    def may_speak(self) -> bool:
        """Whether it has proved that it reads well enough."""
        return self.ranking.low is not None and self.ranking.low >= RANKING

    def read(self, comments: Sequence[str]) -> Array | None:
        """Return the chance that each comment is praise; None as long as it may not speak."""
        if not self.may_speak:
            return None
        table = _table(comments)
        return _chance(
            table @ (self._weights * self._rarity) / _lengths(table, self._rarity), self._intercept
        )


def learn(comments: Sequence[str], is_good: Sequence[bool], *, seed: int = 1) -> Sentiment:
    """Return a reader that learned from the shop's own comments.

    Pieces of 2 to 5 characters within words, by TF-IDF with logarithmic counts, in a logistic regression
    with a ridge; so it needs no dictionary, and German compounds share their parts. Sources: Joulin et al.
    2017, EACL (pieces of words); Wang, Manning 2012, ACL (linear models on short texts).

    Parameters
    ----------
    is_good
        Whether each came with a good score. Leave the middle of the scale out.

    Raises
    ------
    TooLittleError
        There are fewer than 300 pairs, or fewer than 30 of either kind.

    Examples
    --------
    >>> praise, blame = "Schnelle Lieferung, super Qualität", "Lieferung kam zu spät und war kaputt"
    >>> reader = learn([f"{praise} {n}" for n in range(200)] + [f"{blame} {n}" for n in range(200)], [True] * 200 + [False] * 200)
    >>> reader.may_speak, [bool(chance > 0.5) for chance in reader.read(["super schnell", "kam kaputt an"])]
    (True, [True, False])
    """
    good = np.asarray(is_good, dtype=float)
    if len(comments) < PAIRS or min(good.sum(), (1 - good).sum()) < PAIRS / 10:
        raise TooLittleError(
            "It takes {least} comments with a score at least, a tenth of them good and a tenth bad.",
            reason="few_comments",
            least=PAIRS,
        )
    table = _table(comments)
    folds = np.random.default_rng(seed).permutation(len(good)) % _FOLDS
    unseen = np.empty(len(good))
    for fold in range(_FOLDS):
        held = folds == fold
        weights, intercept, rarity = _fit(table[~held], good[~held])
        part = table[held]
        unseen[held] = part @ (weights * rarity) / _lengths(part, rarity) + intercept
    found = area(unseen, good > 0) or 0.0
    weights, intercept, rarity = _fit(table, good)
    return Sentiment(len(good), _around(found, good), weights, intercept, rarity)


def _around(found: float, good: Array) -> Estimate:
    """Return an AUC with its range (Hanley, McNeil 1982, Radiology 143)."""
    ups, downs = float(good.sum()), float((1 - good).sum())
    q1, q2 = found / (2 - found), 2 * found**2 / (1 + found)
    spread = found * (1 - found) + (ups - 1) * (q1 - found**2) + (downs - 1) * (q2 - found**2)
    half = 1.959964 * (max(spread, 0.0) / (ups * downs)) ** 0.5
    return Estimate(found, max(0.0, found - half), min(1.0, found + half))


def _pieces(text: str) -> list[int]:
    """Return the places of all pieces of a comment, once for each time that they come."""
    found = []
    for word in _BLANK.split(text.casefold().strip()):
        around = f" {word} ".encode()
        for size in range(_PIECES[0], _PIECES[1] + 1):
            found += [
                zlib.crc32(around[start : start + size]) % _PLACES
                for start in range(max(1, len(around) - size + 1))
            ]
    return found


def _table(comments: Sequence[str]):  # type: ignore[no-untyped-def]  # scipy has no types
    """Return comments by pieces as a sparse table of 1 + ln(count)."""
    from scipy import sparse

    rows, columns, values = [], [], []
    for row, text in enumerate(comments):
        places, counts = np.unique(_pieces(text), return_counts=True)
        rows += [row] * len(places)
        columns += list(places.astype(int))
        values += list(1 + np.log(counts))
    return sparse.csr_array((values, (rows, columns)), shape=(len(comments), _PLACES))


def _lengths(table, rarity: Array) -> Array:  # type: ignore[no-untyped-def]  # scipy has no types
    """Return the length of each comment, by which a long one is no louder than a short one."""
    squares = np.asarray(table.power(2) @ rarity**2).ravel()
    return np.asarray(np.sqrt(np.maximum(squares, 1e-12)))


def _fit(table, good: Array) -> tuple[Array, float, Array]:  # type: ignore[no-untyped-def]  # as above
    from scipy import optimize, sparse

    often = np.asarray((table > 0).sum(axis=0)).ravel()
    # What only one comment has teaches nothing about others.
    known = np.flatnonzero(often > 1)
    rarity = np.zeros(_PLACES)
    rarity[known] = np.log((1 + table.shape[0]) / (1 + often[known])) + 1
    scaled = sparse.diags_array(1 / _lengths(table, rarity)) @ table[:, known]
    scaled = (scaled @ sparse.diags_array(rarity[known])).tocsr()

    def loss(beta: Array) -> tuple[float, Array]:
        odds = scaled @ beta[1:] + beta[0]
        rest = _chance(odds, 0.0) - good
        likelihood = float(np.sum(np.logaddexp(0, odds) - good * odds))
        slope = np.concatenate([[rest.sum()], scaled.T @ rest + _RIDGE * beta[1:]])
        return likelihood + 0.5 * _RIDGE * float(beta[1:] @ beta[1:]), slope

    found = optimize.minimize(loss, np.zeros(len(known) + 1), jac=True, method="L-BFGS-B")
    weights = np.zeros(_PLACES)
    weights[known] = found.x[1:]
    return weights, float(found.x[0]), rarity


def _chance(odds: Array, intercept: float) -> Array:
    return 1 / (1 + np.exp(-np.clip(odds + intercept, -700, 700)))
