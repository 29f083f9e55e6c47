"""What every fitted model can tell of itself: its parameters, how sure they are, and its boundary."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import ClassVar, Self

import numpy as np

from kohorte.errors import ModelError
from kohorte.language import Sentence, Text
from kohorte.models.arrays import Array, blocks
from kohorte.models.newton import Optimum, Prior


@dataclass(frozen=True)
class Estimate:
    """A parameter with its standard errors: `error` from the curvature, `robust_error` sandwich.

    The sandwich holds when the model is only roughly right; `low` and `high` follow from it on the
    logarithmic scale. None where the likelihood has no curvature to go by.
    """

    name: str
    value: float
    error: float | None
    robust_error: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Boundary:
    """The data ask for less than the model offers: what they ask for, by name and in words."""

    slug: str
    sentence: Sentence


NOT_SETTLED = Boundary(
    "not_settled", Sentence("The likelihood is too flat to settle on one set of parameters.")
)


class Fitted(ABC):
    """A model with positive parameters. Attributes ending in `_` are there after `fit`.

    Attributes
    ----------
    parameters_
        By name.
    log_likelihood_
        With the constants of the published formula, without a prior.
    covariance_, sandwich_
        Of the logarithms of the parameters; None where there is no curvature.
    boundary_
        None, or what the data ask for instead of the whole model.
    customers_
        How many customers it was fitted to.
    """

    slug: ClassVar[str]
    name: ClassVar[Text]
    names: ClassVar[tuple[str, ...]]
    begin: ClassVar[Mapping[str, float]]

    parameters_: dict[str, float]
    log_likelihood_: float
    covariance_: Array | None = None
    sandwich_: Array | None = None
    boundary_: Boundary | None = None
    customers_: float = 0.0
    steps_: int = 0
    prior_: Prior | None = None

    @classmethod
    def of(cls, **given: float) -> Self:
        """Return the model with known parameters, such as published ones.

        Raises
        ------
        ModelError
            A parameter is missing, unknown or not positive.
        """
        if set(given) != set(cls.names) or not all(0 < each < np.inf for each in given.values()):
            raise ModelError(
                "{model} takes the positive parameters {names}.",
                model=cls.name,
                names=", ".join(cls.names),
            )
        made = cls()
        made.parameters_ = {name: float(given[name]) for name in cls.names}
        return made

    @property
    def values(self) -> Array:
        """The parameters as an array, in the order of `names`."""
        return np.array([self.parameters_[name] for name in self.names])

    def with_parameters(self, parameters: Array) -> Self:
        """Return the same model with other parameters, such as those of one bootstrap draw."""
        return self.of(**dict(zip(self.names, map(float, parameters), strict=True)))

    def summary(self, *, confidence_percent: float = 95.0) -> tuple[Estimate, ...]:
        """Return the parameters with their standard errors and ranges."""
        z = NormalDist().inv_cdf(0.5 + confidence_percent / 200)
        return tuple(self._estimate(place, name, z) for place, name in enumerate(self.names))

    def _estimate(self, place: int, name: str, z: float) -> Estimate:
        value = self.parameters_[name]
        plain, robust = (_error(each, place) for each in (self.covariance_, self.sandwich_))
        return Estimate(
            name,
            value,
            None if plain is None else value * plain,
            None if robust is None else value * robust,
            None if robust is None else value * float(np.exp(-z * robust)),
            None if robust is None else value * float(np.exp(z * robust)),
        )

    def _settle(
        self,
        found: Optimum,
        *,
        customers: float,
        prior: Prior | None,
        scores: Array,
        weights: Array | None,
    ) -> None:
        """Keep what a climb found; `scores` are the gradients of the single rows."""
        self.parameters_ = dict(zip(self.names, found.parameters.tolist(), strict=True))
        self.prior_, self.steps_, self.customers_ = prior, found.steps, customers
        logarithms = np.log(found.parameters)
        self.log_likelihood_ = found.at.value - (prior.at(logarithms).value if prior else 0.0)
        self.covariance_ = inverse(-found.at.hessian)
        self.sandwich_ = None
        if self.covariance_ is not None:
            spread = _products(scores, weights) * np.outer(found.parameters, found.parameters)
            if prior is not None:
                # What is known beforehand is known as surely as it says.
                spread = spread + np.diag(prior.precision)
            self.sandwich_ = np.asarray(self.covariance_ @ spread @ self.covariance_)
        self.boundary_ = self._boundary(found)

    def _boundary(self, found: Optimum) -> Boundary | None:
        return None if found.converged else NOT_SETTLED

    def __repr__(self) -> str:
        told = ", ".join(
            f"{name}={value:.6g}" for name, value in getattr(self, "parameters_", {}).items()
        )
        return f"{type(self).__name__}({told})"


def _products(rows: Array, weights: Array | None) -> Array:
    """Return the sum of the outer products of all rows, each as often as it weighs."""
    found = np.zeros((rows.shape[1], rows.shape[1]))
    for part in blocks(len(rows)):
        some = rows[part]
        found += (some if weights is None else some * weights[part, None]).T @ some
    return found


def inverse(curvature: Array) -> Array | None:
    """Return the covariance that belongs to a curvature; None where some direction has none."""
    values, vectors = np.linalg.eigh(curvature)
    if not np.isfinite(values).all() or values[0] <= 1e-12 * max(1.0, values[-1]):
        return None
    return np.asarray((vectors / values) @ vectors.T)


def _error(covariance: Array | None, place: int) -> float | None:
    return None if covariance is None else float(np.sqrt(max(covariance[place, place], 0.0)))
