"""Logistic regression by Newton's method: the chance of yes from a few facts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kohorte.models.arrays import Array

_STEPS = 60
_SMALL = 1e-9


@dataclass(frozen=True, eq=False)
class Fitted:
    """A fitted regression.

    Parameters
    ----------
    intercept
        The log-odds where all facts are 0.
    slopes
        What one more of each fact adds to the log-odds.
    errors
        Standard errors of the slopes, from the inverse of the information.
    log_likelihood
        Without the penalty.
    """

    intercept: float
    slopes: Array
    errors: Array
    log_likelihood: float

    def chance(self, facts: Array) -> Array:
        """Return the chance of yes for rows of facts."""
        return _sigmoid(self.intercept + np.atleast_2d(facts) @ self.slopes)


def fit(facts: Array, yes: Array, *, ridge: float = 0.0) -> Fitted:
    """Return the regression of greatest likelihood, less ridge / 2 times the squared slopes.

    A small penalty keeps the slopes finite where a fact parts yes and no wholly.

    Parameters
    ----------
    facts
        One row per customer, one column per fact; best standardized where there is a penalty.
    yes
        1 and 0.

    Examples
    --------
    >>> facts = np.array([[0.0], [0.0], [1.0], [1.0], [1.0], [0.0]])
    >>> found = fit(facts, np.array([0, 1, 1, 1, 0, 0]))
    >>> round(found.intercept, 4), round(float(found.slopes[0]), 4)
    (-0.6931, 1.3863)
    """
    design = np.column_stack([np.ones(len(facts)), facts])
    penalty = np.diag([0.0, *([ridge] * facts.shape[1])])
    beta = np.zeros(design.shape[1])
    value = _objective(design, yes, beta, penalty)
    information = np.eye(design.shape[1])
    for _step in range(_STEPS):
        chance = _sigmoid(design @ beta)
        gradient = design.T @ (yes - chance) - penalty @ beta
        information = (design * (chance * (1 - chance))[:, None]).T @ design + penalty
        step = np.linalg.lstsq(information, gradient, rcond=None)[0]
        size = 1.0
        tried = _objective(design, yes, beta + step, penalty)
        while tried < value and size > _SMALL:
            size /= 2
            tried = _objective(design, yes, beta + size * step, penalty)
        beta = beta + size * step
        gained, value = tried - value, tried
        if gained < _SMALL * (1 + abs(value)):
            break
    errors = np.sqrt(np.maximum(np.diag(np.linalg.pinv(information)), 0.0))
    likelihood = _objective(design, yes, beta, 0 * penalty)
    return Fitted(float(beta[0]), beta[1:], errors[1:], likelihood)


def _objective(design: Array, yes: Array, beta: Array, penalty: Array) -> float:
    odds = design @ beta
    likelihood = float(np.sum(yes * odds - np.logaddexp(0, odds)))
    return likelihood - 0.5 * float(beta @ penalty @ beta)


def _sigmoid(odds: Array) -> Array:
    return 1 / (1 + np.exp(-np.clip(odds, -700, 700)))
