"""Models of repeat purchases with covariates: who buys more often, and who leaves more readily."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

import numpy as np

from kohorte.errors import ModelError
from kohorte.language import Text
from kohorte.models.arrays import Array
from kohorte.models.buyers import Buyers
from kohorte.models.covariates import Factors, Group, levels
from kohorte.models.horizons import Horizon
from kohorte.models.mbg_nbd import MbgNbd
from kohorte.models.model import PurchaseModel


class PurchaseFactors(Factors):
    """MBG/NBD, BG/NBD or Pareto/NBD with covariates.

    Examples
    --------
    >>> chance = np.random.default_rng(5)
    >>> start, ads = Buyers([0] * 2000, [0] * 2000, [0] * 2000), np.arange(2000) % 2
    >>> def futures(alpha):
    ...     law = MbgNbd.known(r=1.0, alpha=alpha, a=0.5, b=3.0)
    ...     import datetime as dt
    ...     return law.simulate(start, dt.timedelta(days=300), chance=chance)
    >>> x = np.where(ads == 1, futures(30.0), futures(60.0))
    >>> buyers = Buyers(x, np.where(x > 0, 270, 0), np.full(2000, 300))
    >>> model = PurchaseFactors(MbgNbd).fit(buyers, {"ads": ads})
    >>> 1.5 < model.parameters_["buying:ads"] < 2.6
    True
    """

    name = Text(de="mit Merkmalen", en="with covariates")

    def __init__(self, kind: type[PurchaseModel] = MbgNbd) -> None:
        self._kind = kind

    def fit(self, buyers: Buyers, covariates: Mapping[str, Any]) -> Self:
        """Find the parameters of the greatest likelihood.

        Parameters
        ----------
        covariates
            By name a number for each customer; 0 and 1 for no and yes. What is the same for all says
            nothing and is refused.

        Raises
        ------
        ModelError
            The model takes no covariates, one does not vary or is not a number for each customer, or
            there are more combinations than a few thousand.
        TooLittleError
            As of the plain model.
        """
        rows, place = levels(covariates, len(buyers))
        self.prepare(self._kind, list(covariates))
        plain = self._kind().fit(buyers)
        self._unit, self._as_of = buyers.unit, buyers.as_of
        groups = []
        for level, row in enumerate(rows):
            some = buyers.of(place == level)
            groups.append(_purchases_of(self._kind(), some, self.design(row)))
        start = plain.values
        self.climb_groups(groups, start, start / 1e4, start * 1e4)
        return self

    def purchases(self, buyers: Buyers, covariates: Mapping[str, Any], horizon: Horizon) -> Array:
        """Return how many purchases each customer is expected to make until the horizon."""
        return self._each(buyers, covariates, lambda model, some: model.purchases(some, horizon))

    def alive(self, buyers: Buyers, covariates: Mapping[str, Any]) -> Array:
        """Return how likely each customer still is one."""
        return self._each(buyers, covariates, lambda model, some: model.alive(some))

    def plain(self, **covariates: float) -> PurchaseModel:
        """Return the model of customers with these covariates."""
        row = np.array([float(covariates[name]) for name in self.covariates_])
        return self._kind.known(unit=self._unit, as_of=self._as_of, **self.of_group(row))

    def _each(
        self,
        buyers: Buyers,
        covariates: Mapping[str, Any],
        ask: Callable[[PurchaseModel, Buyers], Array],
    ) -> Array:
        if tuple(covariates) != self.covariates_:
            raise ModelError(
                "The model was fitted with the covariates {names}.",
                names=", ".join(self.covariates_),
            )
        rows, place = levels(covariates, len(buyers), may_be_equal=True)
        found = np.zeros(len(buyers))
        for level, row in enumerate(rows):
            here = place == level
            model = self.plain(**dict(zip(self.covariates_, row, strict=True)))
            found[here] = ask(model, buyers.of(here))
        return found


def _purchases_of(model: PurchaseModel, buyers: Buyers, design: Array) -> Group:
    some = model._distinct(buyers)
    gathered = model._gather(some)
    return Group(
        design,
        lambda at: model._derivatives(at, gathered),
        lambda at: (model._scores(at, some), some.weighed),
        some.customers,
    )
