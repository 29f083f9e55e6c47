"""How well the rhythm told, on the shop's own past, when products were bought again, beside simple rules.

Everything is learned until a day; whoever bought a product again after it is the yardstick. What was
foretold is the day in the middle, given that nothing came until then. The rules of one number are never let
foretell a day that has passed; the shop's law is conditional on the time elapsed as the rhythm is, and differs
from it only in knowing neither product nor customer nor quantity.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from kohorte import periods
from kohorte.history import History
from kohorte.language import Sentence, Text
from kohorte.models.arrays import Array, Truth, Whole
from kohorte.replenishment import gaps as known
from kohorte.replenishment import rhythm
from kohorte.replenishment.gaps import Gaps
from kohorte.replenishment.rhythm import EARLY, HALF, LATE, Rhythm

# With fewer purchases to be held to, chance decides.
FEWEST = 50
_NEXT = """
SELECT s.place AS product, n.customer_id, n.day
FROM (
  SELECT customer_id, product_id, MIN(day) AS day
  FROM product_purchases
  WHERE day > $known_until
  GROUP BY customer_id, product_id
) AS n
JOIN rhythmic_products AS s ON s.product_id = n.product_id
JOIN product_pairs AS p ON p.product_id = n.product_id AND p.customer_id = n.customer_id
"""
NAMES = {
    "rhythm": Text(de="Rhythmus von Artikel und Kunde", en="rhythm of product and customer"),
    "shop": Text(de="alle Artikel und Kunden zusammen", en="all products and customers together"),
    "product": Text(de="Mittel des Artikels", en="product's mean"),
    "last": Text(de="letzter Abstand des Kunden", en="customer's last time"),
}


@dataclass(frozen=True)
class Rule:
    """How one way to foretell did.

    Attributes
    ----------
    slug, name
        `rhythm`, and the rules `product`, `last` and `shop`.
    median_error, mean_error
        Days between the day foretold and the day it came, in the middle and on average.
    behind_low, behind_high
        The range of the mean of its error minus the best's, customers drawn as wholes; None for the best.
    """

    slug: str
    name: Text
    median_error: float
    mean_error: float
    behind_low: float | None = None
    behind_high: float | None = None


@dataclass(frozen=True)
class Trial:
    """The trial of a rhythm.

    Attributes
    ----------
    days, purchases, customers
        How long it was, how many purchases came in it, of how many customers.
    rules
        The rhythm first, then the law of all products and customers together, then rules of one number.
    best
        `rhythm`, unless the shop's law did better by more than chance: then `shop`.
    covered_percent
        How many came between the early and the late day of the best; four of five are meant to.
    loses
        Whether a rule of one number did better than the best, by more than chance; then nothing is shown.
    """

    days: int
    purchases: int
    customers: int
    rules: tuple[Rule, ...]
    best: str
    covered_percent: float
    loses: bool


def hold(history: History, split: dt.date) -> tuple[Trial | None, Sentence | None]:
    """Return how the rhythm known on a day did after it; or why that cannot be told."""
    found = known.until(history, split)
    if not len(found):
        return None, _too_few(0)
    came = _came(history, found)
    some = came > 0
    if np.count_nonzero(some) < FEWEST:
        return None, _too_few(int(np.count_nonzero(some)))
    fitted = rhythm.fit(found)
    assert history.span is not None  # noqa: S101 – there are purchases after the day
    length = (history.span.ends_on - split).days - 1
    confidence = history.settings.confidence_percent
    return _judged(found, fitted, came, some, length, confidence), None


def _too_few(count: int) -> Sentence:
    return Sentence(
        "Only {n} {n:purchase|purchases} came again in the time held back; fewer than {few} do not "
        "tell how well they were foretold.",
        {"n": count, "few": FEWEST},
    )


def _came(history: History, found: Gaps) -> Array:
    """Return for each pair the day after the split on which the product was bought again; 0 for never."""
    given = {"known_until": periods.day_number(found.as_of)}
    columns = history.engine.cursor(_NEXT, given).fetchnumpy()
    place = {
        key: index
        for index, key in enumerate(
            zip(found.product.tolist(), found.customers.tolist(), strict=True)
        )
    }
    came = np.zeros(len(found))
    keys = zip(columns["product"].tolist(), columns["customer_id"].tolist(), strict=True)
    for key, day in zip(keys, columns["day"].tolist(), strict=True):
        came[place[key]] = day
    return came


def _judged(
    found: Gaps, fitted: Rhythm, came: Array, some: Truth, length: int, confidence: float
) -> Trial:
    last = found.pairs["last_day"]
    elapsed = periods.day_number(found.as_of) - last
    truth = (came - last)[some]
    foretold = {
        slug: np.maximum(days, elapsed + 1)[some] for slug, days in _ways(found, fitted, elapsed)
    }
    errors = {slug: np.abs(days - truth) for slug, days in foretold.items()}
    groups = np.unique(found.customers[some].astype(str), return_inverse=True)[1].reshape(-1)
    z = NormalDist().inv_cdf(0.5 + confidence / 200)
    # The simpler law is taken only where it does better by more than chance.
    beyond = _range(errors["shop"] - errors["rhythm"], groups, z)
    best = "shop" if beyond[1] < 0 else "rhythm"
    rules = []
    for slug, error in errors.items():
        low = high = None
        if slug != best:
            low, high = _range(error - errors[best], groups, z)
        rules.append(
            Rule(slug, NAMES[slug], float(np.median(error)), float(error.mean()), low, high)
        )
    speaks = fitted if best == "rhythm" else rhythm.common(found)
    early, late = (speaks.days(found, share, elapsed=elapsed)[some] for share in (EARLY, LATE))
    covered = (truth >= np.floor(early)) & (truth <= np.ceil(late))
    return Trial(
        length,
        len(truth),
        int(groups.max()) + 1,
        tuple(rules),
        best,
        100 * float(covered.mean()),
        any(rule.behind_high is not None and rule.behind_high < 0 for rule in rules),
    )


def _ways(found: Gaps, fitted: Rhythm, elapsed: Array) -> Iterator[tuple[str, Array]]:
    """Give each way with the days after the last purchase that it foretells."""
    yield "rhythm", fitted.days(found, HALF, elapsed=elapsed)
    yield "shop", rhythm.common(found).days(found, HALF, elapsed=elapsed)
    n = np.bincount(found.product, weights=found.pairs["gaps"], minlength=len(found.products))
    logs = np.bincount(found.product, weights=found.pairs["gap"], minlength=len(found.products))
    product = np.exp(logs / n)[found.product]
    yield "product", product
    yield "last", np.where(found.pairs["last_gap"] > 0, found.pairs["last_gap"], product)


def _range(difference: Array, groups: Whole, z: float) -> tuple[float, float]:
    """Return the range of a mean whose values belong to customers, each drawn as a whole."""
    mean = float(difference.mean())
    sums = np.bincount(groups, weights=difference - mean)
    error = float(np.sqrt((sums**2).sum())) / len(difference)
    return mean - z * error, mean + z * error
