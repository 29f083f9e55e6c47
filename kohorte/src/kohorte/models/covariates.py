"""What customers bring along: how channel, country or first product change buying and leaving.

Covariates multiply parameters: with z of a customer, α_i = α · Π f_j^{−z_j} lets those with z_j = 1 buy
f_j times as often, and a_i = a · Π g_j^{z_j} (MBG/NBD, BG/NBD) or β_i = β · Π g_j^{−z_j} (Pareto/NBD) lets
them leave more readily. In sBG it is α. Customers who share all covariates are one group; a likelihood of
groups is the sum of plain ones, so its gradient and Hessian follow from theirs by the chain rule. A few
levels are meant: cut what is measured, such as age, into classes.

Source: Fader & Hardie (2007), Incorporating time-invariant covariates into the Pareto/NBD and BG/NBD
models; Bachmann, Meierer & Näf (2021) for the signs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from kohorte.errors import ModelError
from kohorte.language import Text
from kohorte.models import shifted_beta_geometric as sbg
from kohorte.models.arrays import Array, Whole, column
from kohorte.models.bg_nbd import BgNbd
from kohorte.models.buyers import Buyers
from kohorte.models.fitted import Fitted
from kohorte.models.horizons import Horizon
from kohorte.models.mbg_nbd import MbgNbd
from kohorte.models.model import PurchaseModel
from kohorte.models.newton import Derivatives, climb
from kohorte.models.pareto_nbd import ParetoNbd
from kohorte.models.shifted_beta_geometric import ShiftedBetaGeometric

# What a covariate does, on which parameter, and with which sign of its logarithm.
_DOES: dict[type[Fitted], tuple[tuple[str, str, float], ...]] = {
    MbgNbd: (("buying", "alpha", -1.0), ("leaving", "a", 1.0)),
    BgNbd: (("buying", "alpha", -1.0), ("leaving", "a", 1.0)),
    ParetoNbd: (("buying", "alpha", -1.0), ("leaving", "beta", -1.0)),
    ShiftedBetaGeometric: (("leaving", "alpha", 1.0),),
}
_MOST_GROUPS = 5_000
_WIDEST = 1e3

Likelihood = Callable[[Array], Derivatives]
# The gradients of single customers at the group's own parameters, and what each of them weighs.
Scores = Callable[[Array], tuple[Array, Array]]


@dataclass(frozen=True, eq=False)
class _Group:
    """Customers who share all covariates: how these enter, and the plain likelihood."""

    design: Array
    likelihood: Likelihood
    scores: Scores
    customers: float


class Factors(Fitted):
    """A model whose parameters covariates multiply; the base of those for purchases and contracts.

    Its parameters are those of the plain model for customers whose covariates are all 0, and a factor
    for each covariate and what it does, such as `leaving:ads`.
    """

    kind: type[Fitted]
    covariates_: tuple[str, ...] = ()

    def _prepare(self, kind: type[Fitted], covariates: Sequence[str]) -> None:
        if kind not in _DOES:
            raise ModelError(
                "{model} takes no covariates; {names} do.",
                model=kind.name,
                names=", ".join(each.name.en for each in _DOES),
            )
        self.kind, self.covariates_ = kind, tuple(covariates)
        factors = [f"{does}:{each}" for does, _, _ in _DOES[kind] for each in covariates]
        self.names = (*kind.names, *factors)  # type: ignore[misc]  # a model's own, here
        self.slug, self.name = kind.slug, kind.name  # type: ignore[misc]

    def _design(self, row: Array) -> Array:
        """Return how the logarithms of one group's parameters follow from all parameters."""
        plain = self.kind.names
        found = np.zeros((len(plain), len(self.names)))
        found[:, : len(plain)] = np.eye(len(plain))
        place = len(plain)
        for _, name, sign in _DOES[self.kind]:
            found[plain.index(name), place : place + len(row)] = sign * row
            place += len(row)
        return found

    def _climb(self, groups: Sequence[_Group], start: Array, lowest: Array, highest: Array) -> None:
        """Find the parameters and keep them."""
        count = len(self.names) - len(start)

        def likelihood(parameters: Array) -> Derivatives:
            return _sum(groups, parameters)

        found = climb(
            likelihood,
            np.append(start, np.ones(count)),
            lowest=np.append(lowest, np.full(count, 1 / _WIDEST)),
            highest=np.append(highest, np.full(count, _WIDEST)),
        )
        logs = np.log(found.parameters)
        single = [_single(group, np.exp(group.design @ logs)) for group in groups]
        self._settle(
            found,
            customers=sum(group.customers for group in groups),
            prior=None,
            scores=np.concatenate([scores for scores, _ in single]) / found.parameters,
            weights=np.concatenate([weights for _, weights in single]),
        )

    def _of_group(self, row: Array) -> dict[str, float]:
        """Return the plain parameters of customers with these covariates."""
        values = np.exp(self._design(row) @ np.log(self.values))
        return dict(zip(self.kind.names, map(float, values), strict=True))


def _single(group: _Group, own: Array) -> tuple[Array, Array]:
    """Return the gradients of a group's customers by the logarithms of the common parameters."""
    scores, weights = group.scores(own)
    return (scores * own) @ group.design, weights


def _sum(groups: Sequence[_Group], parameters: Array) -> Derivatives:
    """Return the likelihood of all groups with its derivatives by the common parameters."""
    logs = np.log(parameters)
    value, slope = 0.0, np.zeros(len(parameters))
    bend = np.zeros((len(parameters), len(parameters)))
    for group in groups:
        own = np.exp(group.design @ logs)
        here = group.likelihood(own).in_logarithms(own)
        value += here.value
        slope += group.design.T @ here.gradient
        bend += group.design.T @ here.hessian @ group.design
    return Derivatives(
        value,
        slope / parameters,
        (bend - np.diag(slope)) / np.outer(parameters, parameters),
    )


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
        rows, place = _levels(covariates, len(buyers))
        self._prepare(self._kind, list(covariates))
        plain = self._kind().fit(buyers)
        self._unit, self._as_of = buyers.unit, buyers.as_of
        groups = []
        for level, row in enumerate(rows):
            some = buyers.of(place == level)
            groups.append(_purchases_of(self._kind(), some, self._design(row)))
        start = plain.values
        self._climb(groups, start, start / 1e4, start * 1e4)
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
        return self._kind.known(unit=self._unit, as_of=self._as_of, **self._of_group(row))

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
        rows, place = _levels(covariates, len(buyers), may_be_equal=True)
        found = np.zeros(len(buyers))
        for level, row in enumerate(rows):
            here = place == level
            model = self.plain(**dict(zip(self.covariates_, row, strict=True)))
            found[here] = ask(model, buyers.of(here))
        return found


class ContractFactors(Factors):
    """sBG with covariates.

    Examples
    --------
    >>> regular, high_end = [1000, 631, 468, 382, 326], [1000, 869, 743, 653, 593]
    >>> model = ContractFactors().fit([({"high_end": 0}, regular), ({"high_end": 1}, high_end)])
    >>> model.parameters_["leaving:high_end"] < 0.5
    True
    """

    name = Text(de="mit Merkmalen", en="with covariates")

    def fit(self, cohorts: Sequence[tuple[Mapping[str, float], Sequence[float]]]) -> Self:
        """Find the parameters of the greatest likelihood.

        Parameters
        ----------
        cohorts
            Covariates of a cohort, and how many of it were left at age 0, 1, 2 …

        Raises
        ------
        ModelError
            Cohorts have different covariates, or a covariate does not vary.
        TooLittleError
            As of the plain model.
        """
        plain = ShiftedBetaGeometric().fit([left for _, left in cohorts])
        names = list(cohorts[0][0])
        if any(list(given) != names for given, _ in cohorts):
            raise ModelError("All cohorts need the same covariates.")
        columns = {name: [given[name] for given, _ in cohorts] for name in names}
        rows, place = _levels(columns, len(cohorts))
        self._prepare(ShiftedBetaGeometric, names)
        groups = []
        for level, row in enumerate(rows):
            some = [left for (_, left), at in zip(cohorts, place, strict=True) if at == level]
            left, still = sbg._counts(some)
            groups.append(
                _Group(
                    self._design(row),
                    lambda at, left=left, still=still: sbg.likelihood(at, left, still),  # type: ignore[misc]
                    lambda at, left=left, still=still: sbg._scores(at, left, still),  # type: ignore[misc]
                    float(left.sum() + still.sum()),
                )
            )
        self._climb(groups, plain.values, np.full(2, 1e-5), np.full(2, 1e6))
        return self

    def plain(self, **covariates: float) -> ShiftedBetaGeometric:
        """Return the model of contracts with these covariates."""
        row = np.array([float(covariates[name]) for name in self.covariates_])
        return ShiftedBetaGeometric.of(**self._of_group(row))


def _purchases_of(model: PurchaseModel, buyers: Buyers, design: Array) -> _Group:
    some = model._distinct(buyers)
    gathered = model._gather(some)
    return _Group(
        design,
        lambda at: model._derivatives(at, gathered),
        lambda at: (model._scores(at, some), some.weighed),
        some.customers,
    )


def _levels(
    covariates: Mapping[str, Any], count: int, *, may_be_equal: bool = False
) -> tuple[Array, Whole]:
    """Return the combinations of covariates that occur, and which of them each customer has."""
    if not covariates:
        raise ModelError("There are no covariates.")
    columns = {name: column(values) for name, values in covariates.items()}
    for name, values in columns.items():
        if len(values) != count or not np.isfinite(values).all():
            raise ModelError("{name} must be a number for every customer.", name=name)
        if not may_be_equal and count and values.min() == values.max():
            raise ModelError("{name} is the same for all, so it says nothing.", name=name)
    stacked = np.stack(list(columns.values()), axis=1)
    rows, place = np.unique(stacked, axis=0, return_inverse=True)
    if len(rows) > _MOST_GROUPS:
        raise ModelError(
            "The covariates have {n} combinations, more than {most}. Cut them into fewer classes.",
            n=len(rows),
            most=_MOST_GROUPS,
        )
    return rows, place.reshape(-1)
