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
from typing import Any

import numpy as np

from kohorte.errors import ModelError
from kohorte.models.arrays import Array, Whole, column
from kohorte.models.bg_nbd import BgNbd
from kohorte.models.fitted import Fitted
from kohorte.models.mbg_nbd import MbgNbd
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
class Group:
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

    def prepare(self, kind: type[Fitted], covariates: Sequence[str]) -> None:
        """Name the parameters: those of the plain model, and a factor for each covariate."""
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

    def design(self, row: Array) -> Array:
        """Return how the logarithms of one group's parameters follow from all parameters."""
        plain = self.kind.names
        found = np.zeros((len(plain), len(self.names)))
        found[:, : len(plain)] = np.eye(len(plain))
        place = len(plain)
        for _, name, sign in _DOES[self.kind]:
            found[plain.index(name), place : place + len(row)] = sign * row
            place += len(row)
        return found

    def climb_groups(
        self, groups: Sequence[Group], start: Array, lowest: Array, highest: Array
    ) -> None:
        """Find the parameters and keep them."""
        count = len(self.names) - len(start)

        def likelihood(parameters: Array) -> Derivatives:
            return together(groups, parameters)

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

    def of_group(self, row: Array) -> dict[str, float]:
        """Return the plain parameters of customers with these covariates."""
        values = np.exp(self.design(row) @ np.log(self.values))
        return dict(zip(self.kind.names, map(float, values), strict=True))


def _single(group: Group, own: Array) -> tuple[Array, Array]:
    """Return the gradients of a group's customers by the logarithms of the common parameters."""
    scores, weights = group.scores(own)
    return (scores * own) @ group.design, weights


def together(groups: Sequence[Group], parameters: Array) -> Derivatives:
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


def levels(
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
