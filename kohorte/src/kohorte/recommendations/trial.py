"""How well each way foretold, on the shop's own past, what customers bought next, beside what sells anyway.

Everything is learned until a day. Of each customer who bought something new after it, the first k products
that a way names are held to what was bought:

    hit rate = share of customers with at least one of them bought,
    recall = bought of the k / min(k, all that was bought),
    NDCG = Σ 1/log2(1 + rank) over those bought / the same for the best possible order.

What a customer had counts only if it is a product that is bought again. Ranges are of the mean over
customers; differences are of the same customers.

Source: Järvelin & Kekäläinen (2002), Cumulated gain-based evaluation of IR techniques, ACM TOIS 20(4).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from scipy import sparse

from kohorte.history import History
from kohorte.language import Sentence, Text
from kohorte.models.arrays import Array, Truth, Whole
from kohorte.recommendations import baskets as read
from kohorte.recommendations import ways
from kohorte.recommendations.baskets import Baskets
from kohorte.recommendations.ways import NAMES, Ways

# With fewer customers to be held to, chance decides; more than so many tell nothing new.
FEWEST, MOST = 50, 20_000


@dataclass(frozen=True)
class Rule:
    """How one way did over the customers of the trial, in percent.

    Attributes
    ----------
    slug, name
        `together`, `next`, `recent` or `popular`.
    hit_percent, hit_low, hit_high
        The hit rate with its range.
    recall_percent, ndcg_percent
        Means over customers.
    coverage_percent
        How many of all products are named to at least one customer.
    ahead_low, ahead_high
        The range of its NDCG minus that of the more popular of the two simple ways; None for these.
    """

    slug: str
    name: Text
    hit_percent: float
    hit_low: float
    hit_high: float
    recall_percent: float
    ndcg_percent: float
    coverage_percent: float
    ahead_low: float | None = None
    ahead_high: float | None = None


@dataclass(frozen=True)
class Trial:
    """The trial: `best` is the way to use, the better simple one unless another beats it beyond chance."""

    days: int
    customers: int
    k: int
    rules: tuple[Rule, ...]
    best: str


def hold(
    history: History, split: dt.date, *, k: int, half_life_days: float | None = None
) -> tuple[Trial | None, Sentence | None]:
    """Return how every way did after a day; or why that cannot be told."""
    found = read.until(history, split)
    if not found.products:
        return None, _too_few(0)
    learned = ways.learn(found, half_life_days=half_life_days)
    came = _came(found, learned)
    chosen = np.flatnonzero(np.diff(came.indptr))
    if len(chosen) < FEWEST:
        return None, _too_few(len(chosen))
    chosen = chosen[:: -(-len(chosen) // MOST)]
    assert history.span is not None  # noqa: S101 – there are purchases after the day
    days = (history.span.ends_on - split).days - 1
    confidence = history.settings.confidence_percent
    return _judged(learned, came, chosen, k=k, days=days, confidence_percent=confidence), None


def _too_few(count: int) -> Sentence:
    return Sentence(
        "Only {n} {n:customer|customers} bought something new in the time held back; fewer than "
        "{few} do not tell which recommendations are good.",
        {"n": count, "few": FEWEST},
    )


def _came(found: Baskets, learned: Ways) -> sparse.csr_matrix:
    """Return what customers bought after the day that could have been recommended."""
    later = ~found.known
    shape = learned.bought.shape
    came = sparse.csr_matrix(
        (np.ones(int(later.sum())), (found.customer[later], found.product[later])), shape=shape
    )
    came.data[:] = 1.0
    once = sparse.diags((~learned.repeat).astype(float))
    fresh = came - came.multiply(learned.bought @ once)
    fresh = sparse.csr_matrix(fresh)
    fresh.eliminate_zeros()
    return fresh


def _judged(
    learned: Ways,
    came: sparse.csr_matrix,
    chosen: Whole,
    *,
    k: int,
    days: int,
    confidence_percent: float,
) -> Trial:
    z = NormalDist().inv_cdf(0.5 + confidence_percent / 200)
    truth = came[chosen]
    gains: dict[str, Array] = {}
    told: dict[str, tuple[Truth, float]] = {}
    for way in NAMES:
        named, _ = learned.best(way, chosen, k)
        bought = _bought(truth, named)
        gains[way] = ndcg(bought, np.diff(truth.indptr))
        covered = len(np.unique(named[named >= 0])) / len(learned.popular)
        told[way] = (bought, covered)
    simple = max(("recent", "popular"), key=lambda way: float(gains[way].mean()))
    rules = {}
    for way, (bought, covered) in told.items():
        hit = bought.any(axis=1).astype(float)
        low, high = _range(hit, z)
        ahead = (
            (None, None) if way in ("recent", "popular") else _range(gains[way] - gains[simple], z)
        )
        most = np.minimum(np.diff(truth.indptr), bought.shape[1])
        rules[way] = Rule(
            way, NAMES[way],
            100 * float(hit.mean()), 100 * max(low, 0.0), 100 * min(high, 1.0),
            100 * float((bought.sum(axis=1) / most).mean()), 100 * float(gains[way].mean()),
            100 * covered,
            *(None if end is None else 100 * end for end in ahead),
        )  # fmt: skip
    beyond = [rule for rule in rules.values() if rule.ahead_low is not None and rule.ahead_low > 0]
    best = max(beyond, key=lambda rule: rule.ndcg_percent).slug if beyond else simple
    order = sorted(rules.values(), key=lambda rule: (rule.slug != best, -rule.ndcg_percent))
    return Trial(days, len(chosen), k, tuple(order), best)


def _bought(truth: sparse.csr_matrix, named: Whole) -> Truth:
    """Return for each customer and each product named whether it was bought."""
    rows = np.repeat(np.arange(len(named)), named.shape[1])
    places = np.maximum(named, 0).reshape(-1)
    found = np.asarray(truth[rows, places]).reshape(named.shape)
    return np.asarray((found > 0) & (named >= 0))


def ndcg(bought: Truth, wanted: Whole) -> Array:
    """Return the normalized discounted cumulative gain of each customer.

    Parameters
    ----------
    bought
        Customers × ranks: whether the product at that rank was bought.
    wanted
        How many products each customer bought in all.

    Examples
    --------
    >>> ndcg(np.array([[True, False], [False, True]]), np.array([1, 5])).round(3).tolist()
    [1.0, 0.387]
    """
    discount = 1 / np.log2(np.arange(2, bought.shape[1] + 2))
    ideal = np.concatenate([[0.0], np.cumsum(discount)])
    best = ideal[np.minimum(wanted, bought.shape[1])]
    return np.asarray((bought @ discount) / np.where(best > 0, best, 1.0))


def _range(values: Array, z: float) -> tuple[float, float]:
    error = float(values.std(ddof=1)) / float(np.sqrt(len(values)))
    return float(values.mean()) - z * error, float(values.mean()) + z * error
