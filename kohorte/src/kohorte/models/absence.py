"""How many customers will not come again before a horizon: futures drawn from a model, counted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kohorte.models.buyers import Buyers
from kohorte.models.horizons import Horizon
from kohorte.models.model import PurchaseModel
from kohorte.models.value import Range, drawn_parameters

# So many customers stand for all of them, and each is given so many futures under every draw.
_SAMPLE, _FUTURES = 5_000, 5


def share(
    model: PurchaseModel,
    buyers: Buyers,
    horizon: Horizon,
    *,
    confidence_percent: float = 95.0,
    draws: int = 100,
    seed: int = 0,
) -> Range:
    """Return the expected share of customers who make no purchase until the horizon.

    Σ P(no purchase) / customers, in percent, where P follows from drawn futures and so holds for
    every model: who has left for good, and who stays but happens not to buy. The range holds how
    little the parameters are known (their sandwich errors) and the chance of each single customer.

    Examples
    --------
    >>> import datetime as dt
    >>> from kohorte.models.nbd import Nbd
    >>> model = Nbd.known(r=1.0, alpha=100.0)
    >>> found = share(model, Buyers([0] * 1000, [0] * 1000, [100] * 1000), dt.timedelta(days=200))
    >>> 49 < found.value < 51, found.low < found.value < found.high
    (True, True)
    """
    step = -(-len(buyers) // _SAMPLE) if len(buyers) else 1
    some = buyers.of(slice(None, None, step))
    weights = some.weighed / max(some.customers, 1e-300)
    chance = np.random.default_rng(seed)
    here = _absent(model, some, horizon, draws, chance)
    drawn = _expected(model, some, horizon, draws, weights, chance)
    # What one customer's chance adds, for as many as there really are.
    noise = np.sqrt(float(weights @ (here * (1 - here))) / max(buyers.customers, 1.0))
    value = float(weights @ here)
    found = value + (drawn - drawn.mean()) + noise * chance.standard_normal(draws)
    outside = (100 - confidence_percent) / 200
    low, high = np.clip(np.quantile(found, [outside, 1 - outside]), 0, 1)
    return Range(100 * value, 100 * float(low), 100 * float(high))


def _expected(
    model: PurchaseModel,
    some: Buyers,
    horizon: Horizon,
    draws: int,
    weights: np.ndarray,
    chance: np.random.Generator,
) -> np.ndarray:
    """Return the share under each draw of the parameters."""
    others: Sequence[PurchaseModel] = drawn_parameters(model, draws, chance)
    return np.array(
        [float(weights @ _absent(each, some, horizon, _FUTURES, chance)) for each in others]
    )


def _absent(
    model: PurchaseModel, some: Buyers, horizon: Horizon, futures: int, chance: np.random.Generator
) -> np.ndarray:
    """Return in which share of the futures each customer does not come."""
    stayed_away = np.zeros(len(some))
    for _ in range(futures):
        stayed_away += model.simulate(some, horizon, chance=chance) == 0
    return stayed_away / futures
