"""What customers spend per purchase, by a model or, where there is none, by the shop's mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kohorte.errors import TooLittleError
from kohorte.language import Sentence
from kohorte.models.arrays import Array
from kohorte.models.buyers import Buyers
from kohorte.models.gamma_gamma import ALL_ALIKE, NO_MEAN, GammaGamma

# Beyond this the value of a purchase depends on how often a customer buys.
_RELATED = 0.3
_FEW = 30


@dataclass(frozen=True)
class Spending:
    """What a purchase is worth.

    Attributes
    ----------
    model
        Gamma-Gamma; None where every customer is expected to spend the shop's mean.
    mean
        What a purchase is worth over all customers.
    correlation
        Between how often customers came back and what they spent; the model takes it to be none.
    notes, reason
        In words and by name what to know: `too_few_amounts`, a boundary, or `related`.
    """

    model: GammaGamma | None
    mean: float
    correlation: float | None
    notes: tuple[Sentence, ...] = ()
    reason: str | None = None

    def per_purchase(self, buyers: Buyers) -> Array:
        """Return what each customer is expected to spend per purchase."""
        if self.model is None:
            return np.full(len(buyers), self.mean)
        return self.model.spend(buyers)

    def simulate(self, buyers: Buyers, purchases: Array, *, chance: np.random.Generator) -> Array:
        """Return what so many purchases of each customer come to, drawn at random."""
        if self.model is None:
            return purchases * self.mean
        p, q, v = self.model.values
        monetary = np.zeros(len(buyers)) if buyers.monetary is None else buyers.monetary
        monetary = np.nan_to_num(monetary)
        x = np.where(monetary > 0, buyers.x, 0)
        own = np.maximum(chance.gamma(p * x + q, 1 / (v + x * monetary)), 1e-300)
        return np.where(purchases > 0, chance.gamma(np.maximum(p * purchases, 1e-9)) / own, 0.0)


def fit(buyers: Buyers, *, otherwise: float | None = None) -> Spending:
    """Fit Gamma-Gamma, or say by name why the mean has to do.

    Parameters
    ----------
    otherwise
        What a purchase is worth on average, first ones included, where repeat purchases are too few.

    Examples
    --------
    >>> fit(Buyers([1, 0], [4, 0], [9, 9], monetary=[20.0, 0.0])).reason
    'too_few_amounts'
    """
    known = (buyers.x > 0) & (
        np.zeros(len(buyers), dtype=bool)
        if buyers.monetary is None
        else np.nan_to_num(buyers.monetary) > 0
    )
    some = buyers.of(known)
    mean = _mean(some)
    if some.customers < _FEW:
        why = Sentence(
            "Only {n} {n:customer has|customers have} repeat purchases of a known value; what "
            "customers spend cannot be told apart.",
            {"n": round(some.customers)},
        )
        mean = mean if otherwise is None else otherwise
        return Spending(None, mean, None, (why,), "too_few_amounts")
    try:
        model = GammaGamma().fit(some)
    except TooLittleError as error:
        return Spending(None, mean, None, (error.sentence,), error.reason)
    related = _correlation(some)
    notes: tuple[Sentence, ...] = ()
    reason = None
    if related is not None and abs(related) > _RELATED:
        notes, reason = (Sentence(_TOGETHER, {"r": related}),), "related"
    found = model.boundary_
    if found is None:
        return Spending(model, model.mean_spend(), related, notes, reason)
    told = (found.sentence, *notes)
    if found in (NO_MEAN, ALL_ALIKE):
        return Spending(None, mean, related, told, found.slug)
    return Spending(model, model.mean_spend(), related, told, found.slug)


_TOGETHER = (
    "How often customers buy and what they spend go together (correlation {r}); the model takes them "
    "to be independent, so values of the best customers are uncertain."
)


def _mean(some: Buyers) -> float:
    if some.monetary is None or not len(some):
        return 0.0
    return float(np.average(some.monetary, weights=some.weighed * some.x))


def _correlation(some: Buyers) -> float | None:
    """Return the correlation of x and the mean value; None where either does not vary."""
    assert some.monetary is not None  # noqa: S101 – only customers with a value are asked
    covariance = np.cov(some.x, some.monetary, aweights=some.weighed)
    spread = np.sqrt(covariance[0, 0] * covariance[1, 1])
    return float(covariance[0, 1] / spread) if spread > 0 else None
