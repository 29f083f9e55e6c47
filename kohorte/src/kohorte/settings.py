"""What a shop decides about its numbers; every setting has a documented default."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass, fields
from functools import cache

from kohorte.errors import SettingError

# Why an order as a whole may not count.
UNCOUNTED = ("test", "cancelled", "unpaid", "exchange", "staff", "business", "by_rule")
# What may be left out, or counted, against the rule.
COUNTABLE = (
    *UNCOUNTED,
    "fully_refunded",
    "adjustment",
    "quantity_not_positive",
    "price_not_positive",
    "gift_card",
)
OMITTABLE = ("zero_value", "open")
_WHOLE = (
    "active_days",
    "retention_days",
    "repeat_days",
    "cohort_days",
    "week_start",
    "payment_days",
    "renewal_days",
    "lead_days",
    "return_days",
)
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2200, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The shop's decisions that change numbers.

    Parameters
    ----------
    timezone
        IANA name of the shop's zone; days, weeks and months are local.
    active_days
        w: a customer is active with a counted order in the last `active_days` days.
    retention_days
        Length of the period over which retention is measured; `active_days` unless set,
        and never longer.
    repeat_days
        Window of the repeat rate: a second order within so many days of the first.
    cohort_days
        Length of one age step of rolling cohorts.
    week_start
        First day of the week, 1 = Monday (ISO) to 7 = Sunday.
    since, until
        First and last local day to be counted; everything that was read unless set.
    margin_percent
        Contribution margin of revenue; without it value is shown as revenue only.
    confidence_percent
        Coverage of the intervals.
    payment_days
        Time to pay: an order on invoice or prepayment counts when it is placed, and no longer
        if it is still unpaid after so many days.
    count
        Reasons of `COUNTABLE` for which orders or rows are usually left out, but count here.
    renewal_days
        A contract is renewed if a new term begins within so many days after the old one.
    lead_days
        Time that a lead has to become a customer.
    return_days
        Time in which an order may come back.
    leave_out
        Orders of `OMITTABLE` that usually count, but not here: `zero_value` those worth nothing,
        `open` those not paid yet.

    Examples
    --------
    >>> Settings(active_days=91).retention_days
    91
    """

    timezone: str = "UTC"
    active_days: int = 365
    retention_days: int = 0
    repeat_days: int = 90
    cohort_days: int = 30
    week_start: int = 1
    since: dt.date | None = None
    until: dt.date | None = None
    margin_percent: float | None = None
    confidence_percent: float = 95.0
    payment_days: int = 30
    renewal_days: int = 30
    lead_days: int = 90
    return_days: int = 30
    count: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.timezone not in _zones():
            raise SettingError(
                "“{zone}” is not a time zone. Use a name such as Europe/Berlin.", zone=self.timezone
            )
        for name in _WHOLE:
            _require_whole(name, getattr(self, name))
        for name in ("active_days", "repeat_days", "cohort_days"):
            _require(name, getattr(self, name), at_least=1, at_most=3660)
        if not self.retention_days:
            object.__setattr__(self, "retention_days", self.active_days)
        for name in ("payment_days", "renewal_days", "lead_days", "return_days"):
            _require(name, getattr(self, name), at_least=0, at_most=3660)
        _require("retention_days", self.retention_days, at_least=1, at_most=self.active_days)
        _require("week_start", self.week_start, at_least=1, at_most=7)
        _require("confidence_percent", self.confidence_percent, at_least=50, at_most=99.99)
        if self.margin_percent is not None:
            _require("margin_percent", self.margin_percent, at_least=0, at_most=100)
        for name in ("since", "until"):
            _require_day(name, getattr(self, name))
        if self.since and self.until and self.since > self.until:
            raise SettingError(
                "The first day {since} lies after the last day {until}.",
                since=self.since,
                until=self.until,
            )

        for name, known in (("count", COUNTABLE), ("leave_out", OMITTABLE)):
            _require_known(name, getattr(self, name), known)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of all settings, in the order in which they are documented."""
        return tuple(setting.name for setting in fields(cls))


def _require_day(name: str, value: object) -> None:
    if value is None:
        return
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise SettingError("{name} must be a day, not {value}.", name=name, value=str(value))
    if not FIRST_DAY <= value <= LAST_DAY:
        raise SettingError(
            "{name} must lie between {first} and {last}, not on {value}.",
            name=name,
            first=FIRST_DAY,
            last=LAST_DAY,
            value=value.isoformat(),
        )


def _require_known(name: str, values: tuple[str, ...], known: tuple[str, ...]) -> None:
    for value in values:
        if value not in known:
            raise SettingError(
                "{name} may hold {known} only, not “{value}”.",
                name=name,
                known=", ".join(known),
                value=value,
            )


def _require_whole(name: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise SettingError(
            "{name} must be a whole number, not {value}.", name=name, value=str(value)
        )


def _require(name: str, value: float, *, at_least: float, at_most: float) -> None:
    if not at_least <= value <= at_most:
        raise SettingError(
            "{name} must lie between {at_least} and {at_most}, not {value}.",
            name=name,
            at_least=f"{at_least:g}",
            at_most=f"{at_most:g}",
            value=f"{value:g}",
        )


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
