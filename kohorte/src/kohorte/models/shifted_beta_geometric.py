"""Shifted beta-geometric (sBG): how contracts are renewed, period after period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self

import numpy as np
from scipy import special

from kohorte.errors import ModelError, TooLittleError
from kohorte.language import Sentence, Text
from kohorte.models.arrays import Array
from kohorte.models.fitted import Boundary, Fitted
from kohorte.models.newton import Derivatives, Optimum, Prior, climb
from kohorte.models.special import trigamma

ONE_CHANCE = Boundary(
    "one_chance_of_leaving",
    Sentence("By these data all contracts end with the same chance: retention stays as it is."),
)


class ShiftedBetaGeometric(Fitted):
    """The shifted beta-geometric model of contracts.

    At the end of each period a customer leaves with a chance of their own, beta(α, β) over customers:

        S(t) = B(α, β + t) / B(α, β),  P(leaves in period t) = B(α + 1, β + t − 1) / B(α, β).

    The share who renew, (β + t − 1) / (α + β + t − 1), rises with age although no single customer
    changes: those likely to leave are gone first. Cohorts of different ages add their counts, since
    each tells what it lived through.

    Notes
    -----
    Source: Fader & Hardie (2007), How to project customer retention, Journal of Interactive
    Marketing 21(1).

    Examples
    --------
    >>> regular = [1000, 631, 468, 382, 326]
    >>> model = ShiftedBetaGeometric().fit([regular])
    >>> {name: round(value, 3) for name, value in model.parameters_.items()}
    {'alpha': 0.764, 'beta': 1.296}
    >>> round(100 * model.survival(12), 1)
    16.0
    """

    slug = "sbg"
    name = Text(de="sBG", en="sBG")
    names = ("alpha", "beta")
    begin: ClassVar[dict[str, float]] = {"alpha": 1.0, "beta": 2.0}

    def fit(self, cohorts: Sequence[Sequence[float]], *, prior: Prior | None = None) -> Self:
        """Find the parameters of the greatest likelihood.

        Parameters
        ----------
        cohorts
            For each cohort how many customers were left at age 0, 1, 2 …, as far as observed.

        Raises
        ------
        ModelError
            A cohort grows, or a number is negative or missing.
        TooLittleError
            No contract came up for renewal yet, or none or all of them ended.
        """
        left, still = _counts(cohorts)
        if prior is None:
            _require_enough(left, still)
        found = climb(
            lambda at: likelihood(at, left, still),
            np.array([1.0, 2.0]) if prior is None else np.exp(prior.center),
            lowest=np.full(2, 1e-5),
            highest=np.full(2, 1e6),
            prior=prior,
        )
        scores, weights = _scores(found.parameters, left, still)
        self._settle(
            found,
            customers=float(left.sum() + still.sum()),
            prior=prior,
            scores=scores,
            weights=weights,
        )
        return self

    def predict(self, periods: int) -> dict[str, Array]:
        """Return `survival` and `retention` at the end of each of so many periods, counted from 1."""
        ages = range(1, periods + 1)
        return {
            "survival": np.array([self.survival(age) for age in ages]),
            "retention": np.array([self.retention(age) for age in ages]),
        }

    def survival(self, periods: float) -> float:
        """Return the share of customers who are still there after so many periods."""
        return float(np.exp(self._log_survival(float(periods))))

    def retention(self, period: int) -> float:
        """Return the share who renew at the end of a period, counted from 1, of those then there."""
        alpha, beta = map(float, self.values)
        return (beta + period - 1) / (alpha + beta + period - 1)

    def expected_periods(
        self, periods: int, *, renewals: int = 0, discount_percent: float = 0.0
    ) -> float:
        """Return how many of the next periods a customer is there, discounted to today.

        Parameters
        ----------
        periods
            How far to look ahead.
        renewals
            How often the customer has renewed already; 0 has just signed. The period that was
            renewed or signed last is paid and does not count.
        discount_percent
            Per period.
        """
        ages = np.arange(1.0, periods + 1)
        there = np.exp(self._log_survival(renewals + ages) - self._log_survival(float(renewals)))
        return float(there @ (1 + discount_percent / 100) ** -ages)

    def _log_survival(self, periods: Array | float) -> Array:
        alpha, beta = self.values
        return np.asarray(special.betaln(alpha, beta + periods) - special.betaln(alpha, beta))

    def _boundary(self, found: Optimum) -> Boundary | None:
        return ONE_CHANCE if found.parameters.sum() > 1e3 else super()._boundary(found)


def likelihood(parameters: Array, left: Array, still: Array) -> Derivatives:
    """Return the log-likelihood of (α, β) with its derivatives.

    `left[t]` left at the end of period t + 1, `still[t]` were last seen after t + 1 periods.
    """
    alpha, beta = parameters
    ages = np.arange(1, len(left) + 1)
    psi, bend = special.digamma, trigamma
    n, total = left.sum() + still.sum(), alpha + beta + ages
    gone, there = beta + ages - 1, beta + ages
    value = left @ special.betaln(alpha + 1, gone) + still @ special.betaln(alpha, there)
    both = left + still
    slope = both @ psi(total) - n * psi(alpha + beta)
    curve = both @ bend(total) - n * bend(alpha + beta)
    gradient = np.array(
        [
            left.sum() * psi(alpha + 1) + still.sum() * psi(alpha) - n * psi(alpha) - slope,
            left @ psi(gone) + still @ psi(there) - n * psi(beta) - slope,
        ]
    )
    hessian = np.full((2, 2), -curve)
    hessian[0, 0] += left.sum() * (bend(alpha + 1) - bend(alpha))
    hessian[1, 1] += left @ bend(gone) + still @ bend(there) - n * bend(beta)
    return Derivatives(float(value - n * special.betaln(alpha, beta)), gradient, hessian)


def _scores(parameters: Array, left: Array, still: Array) -> tuple[Array, Array]:
    """Return the gradient of a single customer of each kind, and how many of them there are."""
    kinds = np.eye(len(left))
    nobody = np.zeros(len(left))
    gradients = [likelihood(parameters, kind, nobody).gradient for kind in kinds]
    gradients += [likelihood(parameters, nobody, kind).gradient for kind in kinds]
    return np.array(gradients), np.concatenate([left, still])


def _counts(cohorts: Sequence[Sequence[float]]) -> tuple[Array, Array]:
    """Return how many left at each age, and how many were last seen at it."""
    longest = max((len(cohort) for cohort in cohorts), default=1) - 1
    left, still = np.zeros(max(longest, 1)), np.zeros(max(longest, 1))
    for cohort in cohorts:
        there = np.asarray(cohort, dtype=np.float64)
        lost = -np.diff(there)
        if not np.isfinite(there).all() or (there < 0).any() or (lost < 0).any():
            raise ModelError("A cohort can only shrink: {numbers}.", numbers=str(list(cohort)))
        if len(there) > 1:
            left[: len(lost)] += lost
            still[len(lost) - 1] += there[-1]
    return left, still


def _require_enough(left: Array, still: Array) -> None:
    if not left.sum() + still.sum():
        raise TooLittleError("No contract has come up for renewal yet.", reason="no_time")
    if not left.sum():
        raise TooLittleError("No contract has ended yet.", reason="nobody_left")
    if not (still.sum() + left[1:].sum()):
        raise TooLittleError("All contracts ended at the first renewal.", reason="everybody_left")
