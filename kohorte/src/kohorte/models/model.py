"""What every model of repeat purchases can do: be fitted, foretell, and say how sure it is."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Self

import numpy as np

from kohorte.errors import ModelError, TooLittleError
from kohorte.models.arrays import Array
from kohorte.models.buyers import Buyers
from kohorte.models.fitted import Fitted
from kohorte.models.horizons import DAY, Horizon, duration
from kohorte.models.newton import Derivatives, Optimum, Prior, climb

# With more distinct rows than this, a part of them tells where to begin.
_MANY_ROWS = 60_000
# A parameter in units of time lies within this factor of how long customers were watched.
_WIDEST = 1e6


class PurchaseModel(Fitted):
    """A model of when customers buy and when they stop.

    Attributes
    ----------
    unit_, as_of_
        The unit of time of the customers it was fitted to, and their last day.
    """

    # Which parameters are times, so that their value depends on the unit.
    times: ClassVar[frozenset[str]] = frozenset()
    unit_: dt.timedelta = DAY
    as_of_: dt.date | None = None

    @classmethod
    def known(
        cls, *, unit: dt.timedelta = DAY, as_of: dt.date | None = None, **given: float
    ) -> Self:
        """Return the model with known parameters for times in some unit."""
        made = cls.of(**given)
        made.unit_, made.as_of_ = unit, as_of
        return made

    def fit(self, buyers: Buyers, *, prior: Prior | None = None) -> Self:
        """Find the parameters of the greatest likelihood, or with a prior of the greatest posterior.

        Raises
        ------
        TooLittleError
            There are no customers, no repeat purchases or no time to learn from, and no prior.
        """
        if prior is None:
            _require_enough(buyers)
        some = self._distinct(buyers)
        found = self._climb(self._gather(some), self._first_guess(some, prior), some, prior=prior)
        self.unit_, self.as_of_ = buyers.unit, buyers.as_of
        self._settle(
            found,
            customers=buyers.customers,
            prior=prior,
            scores=self._scores(found.parameters, some),
            weights=some.weights,
        )
        return self

    def _first_guess(self, some: Buyers, prior: Prior | None) -> Array:
        if prior is not None:
            return np.exp(prior.center)
        scale = _mean_age(some)
        start = np.array(
            [self.begin[name] * (scale if name in self.times else 1.0) for name in self.names]
        )
        if len(some) <= _MANY_ROWS:
            return start
        part = some.of(slice(None, None, len(some) // (_MANY_ROWS // 3)))
        return self._climb(self._gather(part), start, some, gain=1e-3).parameters

    def _climb(
        self,
        gathered: Any,
        start: Array,
        buyers: Buyers,
        *,
        prior: Prior | None = None,
        gain: float = 1e-9,
    ) -> Optimum:
        scale = _mean_age(buyers)
        lowest = np.array([scale / _WIDEST if name in self.times else 1e-5 for name in self.names])
        highest = np.array([scale * _WIDEST if name in self.times else 1e6 for name in self.names])
        return climb(
            lambda at: self._derivatives(at, gathered),
            np.clip(start, lowest, highest),
            lowest=lowest,
            highest=highest,
            prior=prior,
            gain=gain,
        )

    def bootstrap(self, buyers: Buyers, *, draws: int = 200, seed: int = 0) -> Array:
        """Return the parameters of refits to customers drawn anew, one row for each draw.

        Customers are drawn with replacement, as many as there are; each refit begins at the fit.
        """
        some = self._distinct(buyers)
        weights = some.weighed
        chance = np.random.default_rng(seed)
        found = []
        for _ in range(draws):
            drawn = chance.multinomial(round(weights.sum()), weights / weights.sum())
            there = drawn > 0
            again = some.of(there).weighing(drawn[there].astype(np.float64))
            gathered = self._gather(again)
            found.append(
                self._climb(gathered, self.values, some, prior=self.prior_, gain=1e-5).parameters
            )
        return np.array(found)

    def with_parameters(self, parameters: Array) -> Self:
        """Return the same model with other parameters, such as those of one bootstrap draw."""
        given = dict(zip(self.names, map(float, parameters), strict=True))
        return self.known(unit=self.unit_, as_of=self.as_of_, **given)

    def predict(self, buyers: Buyers, horizon: Horizon) -> dict[str, Array]:
        """Return `purchases` expected until the horizon, and `alive`, the chance of still being a customer.

        Of BG/NBD that chance is no churn: to it whoever bought once is a customer for ever.
        """
        return {"purchases": self.purchases(buyers, horizon), "alive": self.alive(buyers)}

    def purchases(self, buyers: Buyers, horizon: Horizon) -> Array:
        """Return how many purchases each customer is expected to make until the horizon."""
        self._require_unit(buyers)
        return self._purchases(buyers, buyers.units(horizon))

    def discounted(
        self, buyers: Buyers, until: Sequence[Horizon], factors: Sequence[float]
    ) -> Array:
        """Return Σ_k factor_k · (purchases expected between the horizons k − 1 and k).

        Horizons rise; with factors of present value this is what a unit of revenue per purchase is
        worth today.
        """
        self._require_unit(buyers)
        times = np.array([buyers.units(horizon) for horizon in until])
        return self._discounted(buyers, times, np.asarray(factors, dtype=np.float64))

    def _discounted(self, buyers: Buyers, times: Array, factors: Array) -> Array:
        total, before = np.zeros(len(buyers)), np.zeros(len(buyers))
        for time, factor in zip(times, factors, strict=True):
            until = self._purchases(buyers, float(time))
            total += factor * (until - before)
            before = until
        return total

    def simulate(self, buyers: Buyers, horizon: Horizon, *, chance: np.random.Generator) -> Array:
        """Return how often each customer buys until the horizon in one future drawn at random."""
        self._require_unit(buyers)
        there = chance.random(len(buyers)) < self.alive(buyers)
        return np.where(there, self._drawn(buyers, buyers.units(horizon), chance), 0)

    @abstractmethod
    def _drawn(self, buyers: Buyers, t: float, chance: np.random.Generator) -> Array:
        """Return how often customers who are still ones buy in one future drawn at random."""

    def new_customer(self, horizon: Horizon) -> float:
        """Return how many repeat purchases a customer makes who bought for the first time today."""
        time = duration(horizon, as_of=self.as_of_) / self.unit_
        return float(self._purchases(self._newcomer(), time)[0])

    def _newcomer(self) -> Buyers:
        return Buyers([0], [0], [0], log_gaps=[0], unit=self.unit_, as_of=self.as_of_)

    def _distinct(self, buyers: Buyers) -> Buyers:
        """Return the customers as the likelihood tells them apart."""
        return buyers if buyers.weights is not None else buyers.counted()

    @abstractmethod
    def alive(self, buyers: Buyers) -> Array:
        """Return how likely each customer still is one."""

    @abstractmethod
    def _purchases(self, buyers: Buyers, t: float) -> Array: ...

    @abstractmethod
    def _gather(self, buyers: Buyers) -> Any: ...

    @abstractmethod
    def _derivatives(self, parameters: Array, gathered: Any) -> Derivatives: ...

    @abstractmethod
    def _scores(self, parameters: Array, buyers: Buyers) -> Array: ...

    def _require_unit(self, buyers: Buyers) -> None:
        if buyers.unit != self.unit_:
            raise ModelError(
                "The model counts time in units of {fitted}, the customers in units of {given}.",
                fitted=str(self.unit_),
                given=str(buyers.unit),
            )


def _require_enough(buyers: Buyers) -> None:
    if not buyers.customers:
        raise TooLittleError("There are no customers to learn from.", reason="nobody")
    if not np.any(buyers.T > 0):
        raise TooLittleError(
            "All first purchases are of the last day of the data; nobody has been watched yet.",
            reason="no_time",
        )
    if not buyers.repeaters:
        raise TooLittleError(
            "Of {n} {n:customer|customers} nobody has come back on another day yet.",
            reason="no_repeaters",
            n=round(buyers.customers),
        )


def _mean_age(buyers: Buyers) -> float:
    """Return how long customers were watched on average; 1 where nobody was."""
    if not len(buyers) or not np.any(buyers.T > 0):
        return 1.0
    return float(np.average(buyers.T, weights=buyers.weights))
