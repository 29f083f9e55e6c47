"""Quantiles that a select has found by rank or on a curve, with the values at the ends of their range."""

from __future__ import annotations

from kohorte.intervals import NOTHING, Estimate
from kohorte.metrics.metric import Estimator, Sums
from kohorte.settings import Settings


def found(name: str) -> Estimator:
    """Return an estimator of the quantile in a column, its range in `low` and `high`.

    A range that lacks an end, because there are too few values or the end is not reached yet, is
    not known.

    Examples
    --------
    >>> found("days")([{"days": 30, "low": 20, "high": None}], Settings())
    Estimate(value=30.0, low=None, high=None, why=None)
    """

    def estimate(sums: Sums, settings: Settings) -> Estimate:
        value, low, high = (
            None if sums[0][column] is None else float(sums[0][column])
            for column in (name, "low", "high")
        )
        if value is None:
            return NOTHING
        if low is None or high is None:
            return Estimate(value)
        return Estimate(value, low, high)

    return estimate
