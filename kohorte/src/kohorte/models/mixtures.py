"""Likelihoods that are sums over what may have happened, with gradient and Hessian.

Where L = Σ_j e^{ℓ_j} and w_j = e^{ℓ_j} / L, the gradient of ln L is the mean of the gradients of ℓ_j
under w, and the Hessian is the mean of their Hessians plus the covariance of their gradients.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kohorte.models.arrays import Array


@dataclass(frozen=True, eq=False)
class Mixture:
    """The cases of every customer: logarithms of the sums, and what each case weighs.

    `logs` has a number for each customer, `share` customers × cases.
    """

    logs: Array
    share: Array

    @classmethod
    def of(cls, logs: Array) -> Mixture:
        """Sum the cases of each customer, given as logarithms; −∞ is a case that cannot be."""
        highest = logs.max(axis=1)
        share = np.exp(logs - highest[:, None])
        total = share.sum(axis=1)
        return cls(highest + np.log(total), share / total[:, None])

    def mean(self, by: Array) -> Array:
        """Return the gradient of each customer, customers × parameters.

        `by` holds the derivatives of the cases: parameters × customers × cases.
        """
        return np.asarray(np.einsum("ijk,jk->ji", by, self.share))

    def covariance(self, by: Array, weights: Array) -> Array:
        """Return the sum over customers of the covariances of the derivatives."""
        mean = self.mean(by)
        flat = by.reshape(len(by), -1)
        each = (self.share * weights[:, None]).ravel()
        return np.asarray((flat * each) @ flat.T - (mean.T * weights) @ mean)

    def hessian(self, by: Array, bends: Mapping[tuple[int, int], Array], weights: Array) -> Array:
        """Return the sum of the Hessians; `bends` are the second derivatives that are not zero."""
        found = self.covariance(by, weights)
        each = self.share * weights[:, None]
        for (row, column), bend in bends.items():
            found[row, column] += np.sum(each * bend)
            if row != column:
                found[column, row] = found[row, column]
        return found
