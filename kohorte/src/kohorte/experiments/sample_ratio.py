"""Whether as many customers came into each arm as planned: if not, something chose, and nothing is proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kohorte.chi_square import upper_tail
from kohorte.errors import SettingError

# Looked at every night, chance alone shall not raise the alarm.
ALARM = 0.001


@dataclass(frozen=True)
class SampleRatio:
    """The customers of each arm beside those that were to be expected.

    `p` is the probability that chance alone puts them so far off.
    """

    counted: Mapping[str, int]
    expected: Mapping[str, float]
    p: float

    @property
    def is_off(self) -> bool:
        """Whether the arms are so far off that the trial must not be read."""
        return self.p < ALARM


def check(counted: Mapping[str, int], shares: Mapping[str, float]) -> SampleRatio:
    """Return whether customers are spread over the arms as planned (Pearson's chi-square).

    Parameters
    ----------
    counted
        Customers by arm.
    shares
        What was planned, in any unit.

    Raises
    ------
    SettingError
        An arm has no share, or the other way round.

    Examples
    --------
    >>> check({"control": 21306, "mens": 21307, "womens": 21387}, {"control": 1, "mens": 1, "womens": 1}).is_off
    False
    >>> check({"control": 4_000, "mail": 6_500}, {"control": 40, "mail": 60}).is_off
    True
    """
    if counted.keys() != shares.keys() or not all(share > 0 for share in shares.values()):
        raise SettingError("Every arm of a trial needs a share above 0.")
    total, whole = sum(counted.values()), sum(shares.values())
    expected = {arm: total * share / whole for arm, share in shares.items()}
    if not total:
        return SampleRatio(counted, expected, 1.0)
    statistic = sum((counted[arm] - expected[arm]) ** 2 / expected[arm] for arm in counted)
    return SampleRatio(counted, expected, upper_tail(statistic, len(counted) - 1))
