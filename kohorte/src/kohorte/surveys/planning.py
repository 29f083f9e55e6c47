"""Whom to ask, how many, and how long to leave them alone afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from kohorte import intervals
from kohorte.errors import SettingError
from kohorte.experiments.power import survey_needed

# Between any two surveys, and between two of one family, in days.
REST_DAYS = 14
FAMILY_REST_DAYS: Mapping[str, int] = {"nps": 90, "csat": 30, "ces": 30}


@dataclass(frozen=True)
class Quota:
    """How a survey is spread over time.

    Parameters
    ----------
    answers
        Wanted in each period.
    invitations
        To be sent in each period to get them.
    daily
        Invitations a day: a rolling panel instead of a blast.
    days_until_all
        After so many days everybody has been asked once; None if that takes longer than the rest between
        two invitations, so that nobody is asked too often anyway.
    is_enough
        Whether there are customers enough to ask so many without breaking their rest.
    """

    answers: int
    invitations: int
    daily: float
    days_until_all: float
    is_enough: bool


def quota(
    *,
    customers: int,
    rate_percent: float,
    half_width: float,
    variance: float = 0.6,
    days: int = 90,
    rest_days: int = FAMILY_REST_DAYS["nps"],
    confidence_percent: float = 95,
) -> Quota:
    """Return how many customers to ask a day for a score that is as sure as wanted in each period.

    Parameters
    ----------
    rate_percent
        How many of those asked answer.
    half_width
        The score ± this, of NPS in points / 100.
    variance
        Of one answer; 0.6 for the NPS of most shops, 1 at most.
    days
        Length of a period.

    Raises
    ------
    SettingError
        A rate is not between 0 and 100 %.

    Examples
    --------
    >>> found = quota(customers=10_000, rate_percent=15, half_width=0.10)
    >>> found.answers, found.invitations, round(found.daily, 1), found.is_enough
    (231, 1540, 17.1, True)
    """
    if not 0 < rate_percent <= 100:
        raise SettingError("A response rate lies between 0 and 100 %.")
    answers = survey_needed(
        half_width=half_width, variance=variance, confidence_percent=confidence_percent
    )
    invitations = -(-answers * 100 // rate_percent)
    daily = invitations / days
    return Quota(
        answers, int(invitations), daily, customers / daily, customers / daily >= rest_days
    )


def sureness(*, answers: int, variance: float = 0.6, confidence_percent: float = 95) -> float:
    """Return ± how many points of NPS / 100 so many answers are sure to.

    Examples
    --------
    >>> round(100 * sureness(answers=231), 1)
    10.0
    """
    return float(intervals.quantile(confidence_percent) * (variance / max(answers, 1)) ** 0.5)


def may_ask(
    family: str,
    on: dt.date,
    asked: Mapping[str, dt.date],
    *,
    rest_days: int = REST_DAYS,
    family_rest_days: Mapping[str, int] = FAMILY_REST_DAYS,
) -> dt.date:
    """Return the first day from `on` on which a customer may be asked.

    Two clocks run: one for all surveys together and one for each family, so that one survey cannot keep
    another from ever being sent.

    Parameters
    ----------
    asked
        When the customer was last asked, by family.

    Examples
    --------
    >>> day = dt.date(2026, 3, 1)
    >>> may_ask("nps", day, {"nps": dt.date(2026, 1, 10), "csat": dt.date(2026, 2, 25)})
    datetime.date(2026, 4, 10)
    """
    free = [on, *(last + dt.timedelta(days=rest_days) for last in asked.values())]
    if family in asked:
        own = family_rest_days.get(family, rest_days)
        free.append(asked[family] + dt.timedelta(days=own))
    return max(free)
