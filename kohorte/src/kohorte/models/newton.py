"""Maximum likelihood by Newton's method in the logarithms of the parameters.

Parameters of these models are positive; their logarithms are free, and a step of one means the same
at every scale. Each step solves with the Hessian whose eigenvalues were all made negative, so it
climbs from anywhere; it is shortened to a length that can be trusted, and halved until the
likelihood grows. Parameters that run away are held at a bound, which is told apart from an optimum.

Source: Nocedal & Wright, Numerical Optimization (2006), sections 3.4 and 16.7.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kohorte.models.arrays import Array, Truth

_LONGEST_STEP = 2.5
_MOST_STEPS = 200


@dataclass(frozen=True)
class Derivatives:
    """A log-likelihood with its gradient and Hessian at one point."""

    value: float
    gradient: Array
    hessian: Array

    def __add__(self, other: Derivatives) -> Derivatives:
        return Derivatives(
            self.value + other.value,
            self.gradient + other.gradient,
            self.hessian + other.hessian,
        )

    def in_logarithms(self, parameters: Array) -> Derivatives:
        """Return the derivatives by the logarithms of positive parameters."""
        slope = parameters * self.gradient
        return Derivatives(
            self.value, slope, np.outer(parameters, parameters) * self.hessian + np.diag(slope)
        )


@dataclass(frozen=True)
class Prior:
    """What is known beforehand: the logarithms of the parameters are normal around `center`.

    `spread` holds their standard deviations.
    """

    center: Array
    spread: Array

    @property
    def precision(self) -> Array:
        """The inverse variances."""
        return np.asarray(1 / self.spread**2)

    def at(self, logarithms: Array) -> Derivatives:
        """Return the logarithm of its density, without the constant."""
        away = logarithms - self.center
        pull = -self.precision * away
        return Derivatives(float(pull @ away / 2), pull, np.diag(-self.precision))


@dataclass(frozen=True)
class Optimum:
    """Where the climb ended. `held` marks parameters at a bound that would have run further."""

    parameters: Array
    at: Derivatives
    held: Truth
    steps: int
    converged: bool


Likelihood = Callable[[Array], Derivatives]


def climb(
    likelihood: Likelihood,
    start: Array,
    *,
    lowest: Array,
    highest: Array,
    prior: Prior | None = None,
    gain: float = 1e-9,
) -> Optimum:
    """Return the parameters of the greatest likelihood between two bounds.

    Parameters
    ----------
    likelihood
        Returns the log-likelihood and its derivatives by the parameters themselves.
    start, lowest, highest
        Positive parameters.
    gain
        The climb ends when a step promises to gain less than this.

    Examples
    --------
    >>> def poisson(rate):  # seven events in four units of time
    ...     return Derivatives(7 * np.log(rate[0]) - 4 * rate[0], 7 / rate - 4, np.diag(-7 / rate**2))
    >>> low, high = np.array([1e-6]), np.array([1e6])
    >>> climb(poisson, np.array([1.0]), lowest=low, highest=high).parameters.round(9).tolist()
    [1.75]
    """
    low, high = np.log(lowest), np.log(highest)

    def at(place: Array) -> Derivatives:
        parameters = np.exp(place)
        found = likelihood(parameters).in_logarithms(parameters)
        return found if prior is None else found + prior.at(place)

    place = np.clip(np.log(start), low, high)
    here = at(place)
    for steps in range(1, _MOST_STEPS + 1):
        held = ((place <= low) & (here.gradient < 0)) | ((place >= high) & (here.gradient > 0))
        step = _step(here, ~held)
        promised = float(here.gradient @ step)
        length = float(np.max(np.abs(step), initial=0.0))
        if promised < 2 * gain:
            # What is left of the way costs nothing to go.
            end = np.clip(place + step, low, high) if length < _LONGEST_STEP else place
            return Optimum(np.exp(end), here, held, steps, True)
        step *= min(1.0, _LONGEST_STEP / length)
        found = _farther(at, place, here, step, low, high)
        if found is None:
            # Rounding hides what little is left to gain.
            return Optimum(np.exp(place), here, held, steps, promised < 1e-4)
        place, here = found
    return Optimum(np.exp(place), here, np.zeros(len(place), dtype=bool), _MOST_STEPS, False)


def _step(here: Derivatives, free: Truth) -> Array:
    """Return Newton's step of the free parameters, uphill whatever the curvature."""
    step = np.zeros_like(here.gradient)
    if not free.any():
        return step
    values, vectors = np.linalg.eigh(here.hessian[np.ix_(free, free)])
    steep = np.abs(values)
    steep = np.maximum(steep, 1e-10 * max(float(steep.max(initial=0.0)), 1e-300))
    step[free] = vectors @ ((vectors.T @ here.gradient[free]) / steep)
    return step


def _farther(
    at: Likelihood, place: Array, here: Derivatives, step: Array, low: Array, high: Array
) -> tuple[Array, Derivatives] | None:
    """Return the first point along the step, halved as often as needed, that lies higher."""
    for _ in range(40):
        there = np.clip(place + step, low, high)
        if np.array_equal(there, place):
            return None
        found = at(there)
        if np.isfinite(found.value) and np.isfinite(found.hessian).all():
            enough = here.value + 1e-4 * float(here.gradient @ (there - place))
            if found.value >= enough and found.value > here.value:
                return there, found
        step = step / 2
    return None
