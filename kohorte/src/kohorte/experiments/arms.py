"""What was counted in each arm: customers, means and covariances, from which all results follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from kohorte.errors import UnknownNameError
from kohorte.models.arrays import Array


@dataclass(frozen=True, eq=False)
class Arm:
    """The sufficient statistics of one arm.

    Parameters
    ----------
    n
        Customers.
    names
        What was measured of each.
    means
        Their means, in the order of the names.
    covariances
        Their covariances with n − 1 in the denominator.

    Examples
    --------
    >>> arm = Arm.of_customers({"orders": [0, 1, 2], "before": [1, 1, 4]})
    >>> arm.n, arm.mean("orders"), float(arm.covariances[0, 1])
    (3, 1.0, 1.5)
    """

    n: int
    names: tuple[str, ...]
    means: Array
    covariances: Array

    @classmethod
    def of_customers(cls, values: Mapping[str, ArrayLike]) -> Self:
        """Return the arm whose customers have these values."""
        table = np.stack([np.asarray(column, dtype=float) for column in values.values()])
        n = table.shape[1]
        spread = np.atleast_2d(np.cov(table)) if n > 1 else np.zeros((len(table), len(table)))
        means = table.mean(axis=1) if n else np.zeros(len(table))
        return cls(n, tuple(values), means, spread)

    @classmethod
    def of_sums(
        cls,
        n: int,
        totals: Mapping[str, float],
        products: Mapping[tuple[str, str], float],
    ) -> Self:
        """Return the arm that has these sums, squares and products of all pairs.

        Where a mean is much larger than its spread, sums lose their last digits; `counting` asks the
        engine for means and covariances instead.

        Examples
        --------
        >>> arm = Arm.of_sums(3, {"y": 3.0}, {("y", "y"): 5.0})
        >>> float(arm.covariances[0, 0])
        1.0
        """
        names = tuple(totals)
        means = np.array([totals[name] / n for name in names])
        spread = np.empty((len(names), len(names)))
        for i, one in enumerate(names):
            for k, other in enumerate(names):
                both = products.get((one, other), products.get((other, one)))
                if both is None:
                    raise UnknownNameError(
                        "The products of {one} and {other} are missing.", one=one, other=other
                    )
                spread[i, k] = (both - n * means[i] * means[k]) / max(n - 1, 1)
        return cls(n, names, means, spread)

    def place(self, name: str) -> int:
        """Return where a measured value stands.

        Raises
        ------
        UnknownNameError
            It was not measured.
        """
        try:
            return self.names.index(name)
        except ValueError as fault:
            raise UnknownNameError(
                "“{name}” was not measured. There are: {names}.",
                name=name,
                names=", ".join(self.names),
            ) from fault

    def mean(self, name: str) -> float:
        """Return the mean of a measured value."""
        return float(self.means[self.place(name)])

    def with_(self, other: Arm) -> Arm:
        """Return two groups of customers as one, as of two days or two shops (Chan 1979).

        Examples
        --------
        >>> one, two = Arm.of_customers({"y": [0, 1]}), Arm.of_customers({"y": [2]})
        >>> both = one.with_(two)
        >>> both.n, both.mean("y"), float(both.covariances[0, 0])
        (3, 1.0, 1.0)
        """
        n = self.n + other.n
        if not n:
            return self
        order = [other.place(name) for name in self.names]
        apart = other.means[order] - self.means
        means = self.means + apart * (other.n / n)
        squares = max(self.n - 1, 0) * self.covariances
        squares = squares + max(other.n - 1, 0) * other.covariances[np.ix_(order, order)]
        squares = squares + np.outer(apart, apart) * (self.n * other.n / n)
        return Arm(n, self.names, means, squares / max(n - 1, 1))
