"""Contracts with covariates: who renews more readily."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np

from kohorte.errors import ModelError
from kohorte.language import Text
from kohorte.models import shifted_beta_geometric as sbg
from kohorte.models.covariates import Factors, Group, levels
from kohorte.models.shifted_beta_geometric import ShiftedBetaGeometric


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
        rows, place = levels(columns, len(cohorts))
        self.prepare(ShiftedBetaGeometric, names)
        groups = []
        for level, row in enumerate(rows):
            some = [left for (_, left), at in zip(cohorts, place, strict=True) if at == level]
            left, still = sbg._counts(some)
            groups.append(
                Group(
                    self.design(row),
                    lambda at, left=left, still=still: sbg.likelihood(at, left, still),  # type: ignore[misc]
                    lambda at, left=left, still=still: sbg._scores(at, left, still),  # type: ignore[misc]
                    float(left.sum() + still.sum()),
                )
            )
        self.climb_groups(groups, plain.values, np.full(2, 1e-5), np.full(2, 1e6))
        return self

    def plain(self, **covariates: float) -> ShiftedBetaGeometric:
        """Return the model of contracts with these covariates."""
        row = np.array([float(covariates[name]) for name in self.covariates_])
        return ShiftedBetaGeometric.of(**self.of_group(row))
