"""What purchase models read of each customer: x, t_x and T, and what they spent on average."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kohorte.errors import ModelError
from kohorte.models.arrays import Array, Truth, Whole, column, counted
from kohorte.models.horizons import DAY, Horizon, duration

_NAMES = ("x", "t_x", "T")


@dataclass(frozen=True, eq=False)
class Buyers:
    """Customers of whom only three numbers matter.

    Parameters
    ----------
    x
        Repeat purchases: distinct purchase days after the first.
    t_x
        Time from the first to the last purchase, 0 without a repeat.
    T
        Time from the first purchase to the last day of the data.
    weights
        How many customers a row stands for; one unless given.
    monetary
        Mean value of the repeat purchases, in major units; what it is without any is not looked at.
    log_gaps
        Sum of the logarithms of the times between purchases; regular buyers' models need it.
    unit
        What the times are counted in. Days unless said otherwise; `timedelta(weeks=1)` for weeks.
    as_of
        The last day of the data, from which a date as horizon is counted.

    Raises
    ------
    ModelError
        A number is missing or negative, the columns differ in length, or an order lies behind the
        last day of the data.

    Examples
    --------
    >>> buyers = Buyers(x=[0, 2], t_x=[0, 40], T=[90, 60])
    >>> len(buyers), buyers.repeaters
    (2, 1.0)
    """

    x: Array
    t_x: Array
    T: Array
    weights: Array | None = None
    monetary: Array | None = None
    log_gaps: Array | None = None
    unit: dt.timedelta = DAY
    as_of: dt.date | None = field(default=None)

    def __init__(
        self,
        x: Any,
        t_x: Any,
        T: Any,
        *,
        weights: Any = None,
        monetary: Any = None,
        log_gaps: Any = None,
        unit: dt.timedelta = DAY,
        as_of: dt.date | None = None,
    ) -> None:
        columns = {"x": x, "t_x": t_x, "T": T, "weights": weights}
        columns |= {"monetary": monetary, "log_gaps": log_gaps}
        for name, values in columns.items():
            object.__setattr__(self, name, None if values is None else column(values))
        if unit <= dt.timedelta(0):
            raise ModelError("The unit of time must be longer than nothing.")
        object.__setattr__(self, "unit", unit)
        object.__setattr__(self, "as_of", as_of)
        self._check()

    def _check(self) -> None:
        lengths = {
            name: len(values)
            for name in (*_NAMES, "weights", "monetary", "log_gaps")
            if (values := getattr(self, name)) is not None
        }
        if len(set(lengths.values())) > 1:
            told = ", ".join(f"{name} {length}" for name, length in lengths.items())
            raise ModelError("The columns differ in length: {lengths}.", lengths=told)
        for name in (*_NAMES, "weights"):
            values = getattr(self, name)
            if values is not None and not np.all(np.isfinite(values) & (values >= 0)):
                raise ModelError("{name} must be a number from 0 on for every customer.", name=name)
        if np.any(self.x != np.floor(self.x)):
            raise ModelError("x counts repeat purchases; it must be whole.")
        ahead = int(np.count_nonzero(self.t_x > self.T))
        if ahead:
            raise ModelError(
                "The last purchase of {n} {n:customer|customers} lies behind the last day of the "
                "data. Leave orders of the future out.",
                n=ahead,
            )
        if np.any((self.x == 0) & (self.t_x > 0)):
            raise ModelError("A customer without a repeat purchase must have t_x = 0.")

    def __len__(self) -> int:
        return len(self.x)

    @property
    def weighed(self) -> Array:
        """How many customers each row stands for."""
        return np.ones(len(self.x)) if self.weights is None else self.weights

    @property
    def customers(self) -> float:
        """How many customers the rows stand for."""
        return float(self.weighed.sum())

    @property
    def repeaters(self) -> float:
        """How many customers came back at least once."""
        return float(self.weighed[self.x > 0].sum())

    def units(self, horizon: Horizon) -> float:
        """Return a horizon as a number in the unit of these times."""
        return duration(horizon, as_of=self.as_of) / self.unit

    def days(self, times: Array) -> Array:
        """Return times in the unit of these customers as days."""
        return times * (self.unit / DAY)

    def of(self, rows: Truth | Whole | slice) -> Buyers:
        """Return some of the customers."""
        some: dict[str, Any] = {
            name: None if (values := getattr(self, name)) is None else values[rows]
            for name in ("weights", "monetary", "log_gaps")
        }
        return Buyers(
            self.x[rows],
            self.t_x[rows],
            self.T[rows],
            **some,
            unit=self.unit,
            as_of=self.as_of,
        )

    def weighing(self, weights: Array) -> Buyers:
        """Return the same rows with other weights."""
        return Buyers(
            self.x,
            self.t_x,
            self.T,
            weights=weights,
            monetary=self.monetary,
            log_gaps=self.log_gaps,
            unit=self.unit,
            as_of=self.as_of,
        )

    def counted(self) -> Buyers:
        """Return the distinct (x, t_x, T), each weighing as many customers as share it.

        Examples
        --------
        >>> Buyers(x=[0, 0, 1], t_x=[0, 0, 3], T=[9, 9, 9]).counted().weights.tolist()
        [2.0, 1.0]
        """
        (x, t_x, T), weights = counted(self.x, self.t_x, self.T, weights=self.weights)
        return Buyers(x, t_x, T, weights=weights, unit=self.unit, as_of=self.as_of)
