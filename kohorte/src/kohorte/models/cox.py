"""Cox regression: what goes with waiting longer or shorter for an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from scipy import special

from kohorte.errors import ModelError, TooLittleError
from kohorte.language import Sentence, Text
from kohorte.models.arrays import Array, column
from kohorte.models.fitted import Boundary, Fitted
from kohorte.models.newton import Derivatives, Optimum, climb
from kohorte.models.special import trigamma

SEPARATED = Boundary(
    "separated",
    Sentence("All or none of the customers of some group came, so its ratio has no bound."),
)
_MOST_LEVELS = 5_000
_WIDEST = 1e4


@dataclass(frozen=True, eq=False)
class _Tables:
    """At each time with events, by combination of covariates: events, and customers still waiting."""

    levels: Array
    events: Array
    at_risk: Array


class Cox(Fitted):
    """The proportional hazards model, with tied times by Efron's method.

    While they wait, customers with covariates z have the event exp(Σ β_j z_j) = Π ratio_j^{z_j} times as
    often as those with 0; how often that is may change with time and is not modelled. The partial
    likelihood of d events at one time, with risk set sum a and c the mean over those events, is

        Σ η_i − Σ_{l < d} ln(a − l·c) = Σ η_i − d ln c − ln Γ(a/c + 1) + ln Γ(a/c − d + 1),

    whose closed form makes thousands of ties as cheap as one. Parameters are hazard ratios; errors are
    of the curvature.

    Notes
    -----
    Source: Cox (1972), Regression models and life-tables, JRSS B 34(2); Efron (1977), The efficiency of
    Cox's likelihood function for censored data, JASA 72.

    Examples
    --------
    >>> days, came = [5, 8, 8, 12, 20, 30, 30, 40], [1, 1, 1, 1, 1, 0, 1, 0]
    >>> model = Cox().fit(days, came, {"voucher": [1, 1, 0, 1, 0, 0, 1, 0]})
    >>> {name: round(value, 2) for name, value in model.parameters_.items()}
    {'voucher': 3.26}
    """

    slug = "cox"
    name = Text(de="Cox-Regression", en="Cox regression")
    begin: ClassVar[dict[str, float]] = {}

    def fit(
        self,
        times: Any,
        came: Any,
        covariates: Mapping[str, Any],
        *,
        weights: Any = None,
    ) -> Self:
        """Find the ratios of the greatest partial likelihood.

        Parameters
        ----------
        times, came
            How long each customer was watched, and whether the event ended it.
        covariates
            By name a number for each customer; 0 and 1 for no and yes.
        weights
            How many customers a row stands for.

        Raises
        ------
        ModelError
            Columns differ in length, a covariate does not vary, or there are too many combinations.
        TooLittleError
            There is no event.
        """
        tables = _tables(column(times), column(came), covariates, weights)
        self.names = tuple(covariates)  # type: ignore[misc]  # a fit's own
        count = len(self.names)
        found = climb(
            lambda at: _likelihood(at, tables),
            np.ones(count),
            lowest=np.full(count, 1 / _WIDEST),
            highest=np.full(count, _WIDEST),
        )
        self._settle(
            found,
            customers=float(tables.at_risk[0].sum()),
            prior=None,
            scores=np.zeros((0, count)),
            weights=None,
        )
        self.sandwich_ = self.covariance_
        return self

    def _boundary(self, found: Optimum) -> Boundary | None:
        away = np.abs(np.log(found.parameters)) > np.log(_WIDEST) * 0.75
        return SEPARATED if away.any() else super()._boundary(found)


def _likelihood(ratios: Array, tables: _Tables) -> Derivatives:
    levels = tables.levels
    eta = levels @ np.log(ratios)
    hazard = np.exp(eta)
    d = tables.events.sum(axis=1)
    waiting, coming = tables.at_risk * hazard, tables.events * hazard / d[:, None]
    a, c = waiting.sum(axis=1), coming.sum(axis=1)
    slope_a, slope_c = waiting @ levels, coming @ levels
    share = a / c
    once = (special.digamma(share + 1) - special.digamma(share - d + 1)) / c
    twice = (trigamma(share - d + 1) - trigamma(share + 1)) / c**2
    value = np.sum(tables.events @ eta) - np.sum(
        d * np.log(c) + special.gammaln(share + 1) - special.gammaln(share - d + 1)
    )
    by_c = -(a * once - d) / c
    slope = tables.events.sum(axis=0) @ levels - once @ slope_a - by_c @ slope_c
    cross = (a * twice - once) / c
    both = (slope_a * cross[:, None]).T @ slope_c
    square = (a**2 * twice - 2 * a * once + d) / c**2
    bend = (slope_a * twice[:, None]).T @ slope_a - both - both.T
    bend += (slope_c * square[:, None]).T @ slope_c
    pull = once @ waiting + by_c @ coming
    bend -= (levels * pull[:, None]).T @ levels
    return Derivatives(
        float(value), slope / ratios, (bend - np.diag(slope)) / np.outer(ratios, ratios)
    )


def _tables(times: Array, came: Array, covariates: Mapping[str, Any], weights: Any) -> _Tables:
    """Count events and customers at risk at each time with events."""
    if not covariates:
        raise ModelError("There are no covariates.")
    columns = {name: column(values) for name, values in covariates.items()}
    came = (came > 0).astype(np.float64)
    weight = np.ones(len(times)) if weights is None else column(weights)
    for name, values in {**columns, "came": came, "weights": weight}.items():
        if len(values) != len(times) or not np.isfinite(values).all():
            raise ModelError("{name} must be a number for every customer.", name=name)
        if name in columns and len(values) and values.min() == values.max():
            raise ModelError("{name} is the same for all, so it says nothing.", name=name)
    if not (weight[came.astype(bool)] > 0).any():
        raise TooLittleError("Nobody has come yet, so nothing goes with it.", reason="no_events")
    levels, place = np.unique(np.stack(list(columns.values()), axis=1), axis=0, return_inverse=True)
    if len(levels) > _MOST_LEVELS:
        raise ModelError(
            "The covariates have {n} combinations, more than {most}. Cut them into fewer classes.",
            n=len(levels),
            most=_MOST_LEVELS,
        )
    moments, at = np.unique(times, return_inverse=True)
    shape = (len(moments), len(levels))
    cell = at.reshape(-1) * len(levels) + place.reshape(-1)
    every = np.bincount(cell, weights=weight, minlength=shape[0] * shape[1]).reshape(shape)
    events = np.bincount(cell, weights=weight * came, minlength=every.size).reshape(shape)
    at_risk = every[::-1].cumsum(axis=0)[::-1]
    some = events.sum(axis=1) > 0
    return _Tables(levels, events[some], at_risk[some])
