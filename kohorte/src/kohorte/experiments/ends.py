"""How wide an interval must be: for whoever looks once, at planned looks, or whenever they like.

An interval is an estimate ± a multiple of its standard error. Looking once at the planned end takes
Student's quantile. Whoever looks every night and stops when the interval leaves 0 is wrong far more often
than said, unless the multiple is that of a confidence sequence, which holds at all nights together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from kohorte import intervals
from kohorte.errors import SettingError
from kohorte.student import student

if TYPE_CHECKING:
    from kohorte.experiments.looks import Spending

# Where an interval is narrowest unless a trial says otherwise; a number that no data may move.
PLANNED = 5_000


class End(Protocol):
    """When a trial is read."""

    @property
    def confidence_percent(self) -> float:
        """How surely the interval holds what is true."""
        ...

    def multiple(self, n: int, *, degrees: float) -> float:
        """Return how many standard errors an interval reaches to both sides.

        Parameters
        ----------
        n
            Customers whose time is over, of all arms that are compared.
        degrees
            Degrees of freedom of the standard error.
        """
        ...


@dataclass(frozen=True)
class Always:
    """The interval that holds whenever one looks: an asymptotic confidence sequence.

    Formula: √( 2 (nρ² + 1) / (nρ²) · ln( √(nρ² + 1) / α ) ) with ρ² = (−2 ln α + ln(−2 ln α + 1)) / n*,
    narrowest at n* customers. Source: Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas 2024, Annals of
    Statistics 52.

    Parameters
    ----------
    planned
        n*, where the trial is expected to be decided, said before its start. Whoever moves it along with the
        customers that have come makes the interval too narrow: it then no longer holds at all looks.

    Examples
    --------
    >>> [round(Always(10_000).multiple(n, degrees=n), 2) for n in (1_000, 10_000, 100_000)]
    [3.87, 3.04, 3.24]
    """

    planned: int = PLANNED
    confidence_percent: float = 95

    def multiple(self, n: int, *, degrees: float) -> float:
        """Return the multiple at n customers."""
        alpha = 1 - self.confidence_percent / 100
        twice = -2 * math.log(alpha)
        grown = max(n, 1) * (twice + math.log(twice + 1)) / max(self.planned, 1)
        z = math.sqrt(2 * (grown + 1) / grown * (0.5 * math.log(grown + 1) - math.log(alpha)))
        return student(z, int(degrees)) if degrees >= 1 else math.inf


@dataclass(frozen=True)
class Fixed:
    """The interval of whoever looks once, at the end that was planned: Student's."""

    confidence_percent: float = 95

    def multiple(self, n: int, *, degrees: float) -> float:
        """Return Student's quantile."""
        z = intervals.quantile(self.confidence_percent)
        return student(z, int(degrees)) if degrees >= 1 else math.inf


@dataclass(frozen=True)
class Planned:
    """The interval at one of a few planned looks, when the greatest number of customers is known.

    The error that may be made is spent over the looks as Lan and DeMets do, sparingly at first (as
    O'Brien and Fleming) or evenly (as Pocock).

    Parameters
    ----------
    at
        The share of all planned customers that is there at each look so far, ascending, up to 1; the
        last one is the look that is read.
    spending
        `obrien_fleming` or `pocock`.

    Raises
    ------
    SettingError
        The shares do not rise to 1 at most.
    """

    at: tuple[float, ...]
    spending: Spending = "obrien_fleming"
    confidence_percent: float = 95

    def __post_init__(self) -> None:
        if not self.at or any(b <= a for a, b in zip((0.0, *self.at), self.at, strict=False)):
            raise SettingError("The looks of a trial come one after the other.")
        if self.at[-1] > 1 + 1e-9:
            raise SettingError("A trial ends with all of its planned customers.")

    def multiple(self, n: int, *, degrees: float) -> float:
        """Return the bound of the last look."""
        # Only planned looks take the libraries of arrays; whoever plans does without them.
        from kohorte.experiments import looks

        bounds = looks.bounds(
            self.at, alpha=1 - self.confidence_percent / 100, spending=self.spending
        )
        return student(bounds[-1], int(degrees)) if degrees >= 1 else math.inf
