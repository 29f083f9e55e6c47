"""What customers will be worth: residual value per customer, of the shop, and of a new customer.

Residual value is what is still to come, discounted to today month by month,

    Σ_k (E[Y(t_k)] − E[Y(t_{k−1})]) · E[spend] · (1 + d)^{−(k − ½)/12};

what a customer has brought already is not in it, and is added for the total. Ranges come from futures
drawn at random: parameters by their sandwich errors, then rates, leaving and spending of each customer.

Source: Fader, Hardie & Lee (2005), RFM and CLV: using iso-value curves for customer base analysis,
Journal of Marketing Research 42(4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kohorte.errors import ModelError
from kohorte.models.arrays import Array
from kohorte.models.buyers import Buyers
from kohorte.models.horizons import Months
from kohorte.models.model import PurchaseModel
from kohorte.models.spending import Spending

# So many customers stand for all of them when the future of the shop is drawn.
_SAMPLE = 5_000


@dataclass(frozen=True)
class Range:
    """A value with the range in which it lies as often as was asked for."""

    value: float
    low: float
    high: float


def residual(
    model: PurchaseModel,
    spending: Spending,
    buyers: Buyers,
    *,
    months: int,
    discount_percent: float = 10.0,
) -> Array:
    """Return the discounted revenue still to come of each customer.

    Parameters
    ----------
    months
        How far to look ahead.
    discount_percent
        Per year.

    Examples
    --------
    >>> from kohorte.models.nbd import Nbd
    >>> spending = Spending(None, 20.0, None)
    >>> one = Buyers([9], [300], [365])
    >>> model = Nbd.known(r=1.0, alpha=35.0)
    >>> residual(model, spending, one, months=12, discount_percent=0).round(1).tolist()
    [182.6]
    """
    until = [Months(k) for k in range(1, months + 1)]
    factors = factors_of(months, discount_percent)
    return model.discounted(buyers, until, factors) * spending.per_purchase(buyers)


def newcomer(
    model: PurchaseModel, spending: Spending, *, months: int, discount_percent: float = 10.0
) -> float:
    """Return the discounted revenue of the repeat purchases of a customer newly won."""
    nobody = Buyers([0], [0], [0], unit=model.unit_, as_of=model.as_of_)
    worth = residual(model, spending, nobody, months=months, discount_percent=discount_percent)
    return float(worth[0])


def factors_of(months: int, discount_percent: float) -> list[float]:
    """Return what an amount in the middle of each month ahead is worth today.

    Raises
    ------
    ModelError
        There are no months, or more than a hundred years, or the discount is no share of a whole.

    Examples
    --------
    >>> [round(factor, 4) for factor in factors_of(2, 12.0)]
    [0.9953, 0.9859]
    """
    if not 1 <= months <= 1200:
        raise ModelError("A value looks 1 to 1,200 months ahead, not {months}.", months=months)
    if not 0 <= discount_percent <= 1000:
        raise ModelError("The discount lies between 0 and 1,000 % a year.")
    return [float((1 + discount_percent / 100) ** (-(k + 0.5) / 12)) for k in range(months)]


def of_shop(
    model: PurchaseModel,
    spending: Spending,
    buyers: Buyers,
    *,
    months: int,
    discount_percent: float = 10.0,
    confidence_percent: float = 95.0,
    draws: int = 200,
    seed: int = 0,
    worth: Array | None = None,
) -> Range:
    """Return the residual value of all customers together, with its range.

    Of a large shop every so-manieth customer stands for those beside. `worth` is what `residual`
    returned, where that is known already.
    """
    step = -(-len(buyers) // _SAMPLE) if len(buyers) else 1
    some = buyers.of(slice(None, None, step))
    weights = some.weighed * (buyers.customers / max(some.customers, 1e-300))
    if worth is None:
        worth = residual(model, spending, buyers, months=months, discount_percent=discount_percent)
    total = float(worth @ buyers.weighed)
    chance = np.random.default_rng(seed)
    factor = _mean_factor(months, discount_percent)
    horizon = Months(months)
    here = float(model.purchases(some, horizon) * spending.per_purchase(some) @ weights)
    found = []
    for other in drawn_parameters(model, draws, chance):
        expected = other.purchases(some, horizon) * spending.per_purchase(some)
        made = other.simulate(some, horizon, chance=chance)
        revenue = spending.simulate(some, made, chance=chance)
        # A part's deviation shrinks when it is taken for the whole.
        noise = float((revenue - expected) @ np.sqrt(weights))
        found.append(float(expected @ weights) - here + noise)
    low, high = _band(found, confidence_percent)
    return Range(total, max(total + low * factor, 0.0), total + high * factor)


def ranges(
    model: PurchaseModel,
    spending: Spending,
    buyers: Buyers,
    *,
    months: int,
    discount_percent: float = 10.0,
    share_percent: float = 80.0,
    draws: int = 400,
    seed: int = 0,
) -> tuple[Array, Array]:
    """Return for each customer between which amounts so many of a hundred possible futures lie.

    Meant for the customers on a page: it takes customers × draws numbers.
    """
    chance = np.random.default_rng(seed)
    factor = _mean_factor(months, discount_percent)
    futures = np.empty((draws, len(buyers)))
    for row, other in enumerate(drawn_parameters(model, draws, chance)):
        made = other.simulate(buyers, Months(months), chance=chance)
        futures[row] = factor * spending.simulate(buyers, made, chance=chance)
    outside = (100 - share_percent) / 200
    low, high = np.quantile(futures, [outside, 1 - outside], axis=0)
    return low, high


def _mean_factor(months: int, discount_percent: float) -> float:
    return float(np.mean(factors_of(months, discount_percent)))


def drawn_parameters(
    model: PurchaseModel, draws: int, chance: np.random.Generator
) -> Sequence[PurchaseModel]:
    """Return the model with parameters drawn by their errors; as it is where these are not known."""
    spread = model.sandwich_
    if spread is None:
        return [model] * draws
    logarithms = np.log(model.values)
    drawn = chance.multivariate_normal(logarithms, spread, size=draws, method="eigh")
    # A parameter that is hardly known at all is not let run away.
    drawn = np.clip(drawn, logarithms - 3, logarithms + 3)
    return [model.with_parameters(np.exp(each)) for each in drawn]


def _band(found: list[float], confidence_percent: float) -> tuple[float, float]:
    outside = (100 - confidence_percent) / 200
    low, high = np.quantile(np.asarray(found), [outside, 1 - outside])
    return float(low), float(high)
