"""How long a product lasts a customer: the customer's own times, the product's, its category's and the shop's.

The logarithm of the time between two purchases is normal. Its mean belongs to the customer and the product
and is drawn to the product's, that to the category's, that to the shop's (`models.nested_means`), as far as
there are few data. Who buys twice as much comes later by 2^β; β is fitted within customers and products,

    ln gap = mean(customer, product) + β · (ln quantity − mean ln quantity of the product) + ε,  0 ≤ β ≤ 1.

Only finished times are looked at: it tells when the product is due if it is bought again, not whether.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from kohorte.errors import TooLittleError
from kohorte.models import nested_means
from kohorte.models.arrays import Array, Whole
from kohorte.models.nested_means import Level
from kohorte.replenishment.gaps import Gaps

# Four of five purchases come between these shares of all that come.
EARLY, HALF, LATE = 0.1, 0.5, 0.9
# Two purchases of the same thing by the same customer never lie apart by chance less than this (variance of ln days).
_LEAST_NOISE = 1e-4


@dataclass(frozen=True, eq=False)
class Rhythm:
    """The fitted rhythm.

    Attributes
    ----------
    growth
        β: 0 when more pieces last no longer, 1 when twice as many last twice as long.
    noise
        σ²: the variance of ln days for the same customer, product and quantity.
    pairs, products
        The means of ln days at the product's usual quantity.
    center
        The product's mean ln quantity.
    """

    growth: float
    noise: float
    pairs: Level
    products: Level
    center: Array

    def middle(self, gaps: Gaps) -> Array:
        """Return the mean of ln days until the next purchase of each pair, given the last quantity."""
        extra = np.log(np.maximum(gaps.pairs["last_quantity"], 1e-9)) - self.center[gaps.product]
        return np.asarray(self.pairs.mean + self.growth * extra)

    @property
    def spread(self) -> Array:
        """The standard deviation of ln days of each pair: of the next time, and of its mean."""
        return np.sqrt(self.noise + self.pairs.variance)

    def days(self, gaps: Gaps, share: float, *, elapsed: Array | None = None) -> Array:
        """Return after how many days since the last purchase a share of those who come have come.

        Parameters
        ----------
        elapsed
            Days that have passed without a purchase: then the share of those who come after them.
        """
        middle, spread = self.middle(gaps), self.spread
        if elapsed is None:
            return np.asarray(np.exp(middle + spread * special.ndtri(share)))
        with np.errstate(divide="ignore"):
            z = (np.log(elapsed) - middle) / spread
        # From the tail, where nothing is lost to rounding.
        left = (1 - share) * special.ndtr(-z)
        return np.asarray(np.exp(middle - spread * special.ndtri(np.maximum(left, 1e-300))))


def fit(gaps: Gaps) -> Rhythm:
    """Fit the rhythm.

    Raises
    ------
    TooLittleError
        No product was bought again often enough.

    Examples
    --------
    >>> from kohorte.replenishment import examples
    >>> rhythm = fit(examples.gaps(days=(28.0, 56.0), customers=40, purchases=6))
    >>> np.exp(rhythm.products.mean).round(-1).tolist()
    [30.0, 60.0]
    """
    count = len(gaps.products)
    if not count:
        raise TooLittleError(
            "No product was bought again often enough: it takes {gaps} times between two purchases by "
            "{customers} customers.",
            reason="no_repeats",
            gaps=10,
            customers=5,
        )
    n, product = gaps.pairs["gaps"], gaps.product
    growth, center = _growth(gaps, count)
    sizes = gaps.pairs["size"] - n * center[product]
    squares = (
        gaps.pairs["size_size"]
        - 2 * center[product] * gaps.pairs["size"]
        + n * center[product] ** 2
    )
    crossed = gaps.pairs["size_gap"] - center[product] * gaps.pairs["gap"]
    summed = gaps.pairs["gap"] - growth * sizes
    squared = gaps.pairs["gap_gap"] - 2 * growth * crossed + growth**2 * squares
    some = n > 0
    own = np.where(some, summed / np.where(some, n, 1), 0.0)
    within = np.where(some, squared - n * own**2, 0.0)
    freedom = float(np.maximum(n - 1, 0).sum())
    noise = max(float(within.sum()) / freedom, _LEAST_NOISE) if freedom else 0.5
    variance = np.where(some, noise / np.where(some, n, 1), np.inf)
    products, between = _products(gaps, own, variance, count)
    pairs = nested_means.drawn(
        own, variance, products.mean[product], products.variance[product], between
    )
    return Rhythm(growth, noise, pairs, products, center)


def common(gaps: Gaps) -> Rhythm:
    """Return the law of all products and customers together: the same mean and variance for everybody.

    Examples
    --------
    >>> from kohorte.replenishment import examples
    >>> law = common(examples.gaps(days=(30.0, 30.0), customers=40, purchases=6))
    >>> (round(float(np.exp(law.pairs.mean[0])), -1), law.growth)
    (30.0, 0.0)
    """
    n, total = float(gaps.pairs["gaps"].sum()), float(gaps.pairs["gap"].sum())
    middle = total / n
    noise = max(float(gaps.pairs["gap_gap"].sum()) / n - middle**2, _LEAST_NOISE)

    def same(count: int) -> Level:
        nothing = np.zeros(count)
        return Level(nothing, nothing + np.inf, nothing + middle, nothing, 0.0)

    count = len(gaps.products)
    return Rhythm(0.0, noise, same(len(gaps)), same(count), np.zeros(count))


def _growth(gaps: Gaps, count: int) -> tuple[float, Array]:
    """Return β within customers and products, and each product's mean ln quantity."""
    n = gaps.pairs["gaps"]
    total = np.bincount(gaps.product, weights=n, minlength=count)
    center = np.bincount(gaps.product, weights=gaps.pairs["size"], minlength=count) / total
    several = n > 1
    m, size, gap = n[several], gaps.pairs["size"][several], gaps.pairs["gap"][several]
    varied = float((gaps.pairs["size_size"][several] - size**2 / m).sum())
    together = float((gaps.pairs["size_gap"][several] - size * gap / m).sum())
    return (min(1.0, max(0.0, together / varied)) if varied > 1e-9 else 0.0), center


def _products(gaps: Gaps, own: Array, variance: Array, count: int) -> tuple[Level, float]:
    """Return the products' means, drawn to their categories' and the shop's, and τ² of their pairs."""
    between = nested_means.variance_between(own, variance, gaps.product)
    mean, spread = nested_means.above(own, variance, gaps.product, between, count)
    group, groups = _categories(gaps)
    of_products = nested_means.variance_between(mean, spread, group)
    told, told_spread = nested_means.above(mean, spread, group, of_products, groups)
    one = np.zeros(groups, dtype=np.int64)
    of_groups = nested_means.variance_between(told, told_spread, one)
    shop, shop_spread = nested_means.above(told, told_spread, one, of_groups, 1)
    categories = nested_means.drawn(
        told, told_spread, np.full(groups, shop[0]), np.full(groups, shop_spread[0]), of_groups
    )
    products = nested_means.drawn(
        mean, spread, categories.mean[group], categories.variance[group], of_products
    )
    return products, between


def _categories(gaps: Gaps) -> tuple[Whole, int]:
    """Return the number of each product's category; products without one are together."""
    named = [category or "" for category in gaps.categories]
    places = {name: place for place, name in enumerate(sorted(set(named)))}
    return np.array([places[name] for name in named], dtype=np.int64), len(places)
