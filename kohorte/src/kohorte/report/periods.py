"""Periods in words: November 2011, 4. Quartal 2011, im November 2011."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from kohorte.language import Language, Text
from kohorte.report.voice import Voice
from kohorte.results import Grain

GRAIN_NAMES: dict[Grain, Text] = {
    "day": Text(de="Tag", en="Day"),
    "week": Text(de="Woche", en="Week"),
    "month": Text(de="Monat", en="Month"),
    "quarter": Text(de="Quartal", en="Quarter"),
    "year": Text(de="Jahr", en="Year"),
    "all": Text(de="Gesamter Zeitraum", en="All time"),
}


class Period(Protocol):
    """Anything that covers a period: a row, a movement."""

    @property
    def grain(self) -> Grain:
        """Its kind."""

    @property
    def period(self) -> str:
        """Its label in files."""

    @property
    def starts_on(self) -> dt.date:
        """Its first day."""


@dataclass(frozen=True)
class Named:
    """A bare period, for things that do not carry their grain."""

    grain: Grain
    period: str
    starts_on: dt.date


def name(period: Period, voice: Voice) -> str:
    """Return the full name: November 2011, 4. Quartal 2011."""
    return _named(period, voice, month="LLLL y")


def short(period: Period, voice: Voice) -> str:
    """Return the name for an axis: Nov. 11, Q4 11, 2011."""
    day = period.starts_on
    if period.grain == "month":
        return f"{_formatted(day, 'LLL', voice.language)} {day:%y}"
    if period.grain == "quarter":
        return f"Q{quarter(day)} {day:%y}"
    return name(period, voice)


def within(period: Period, voice: Voice) -> str:
    """Return when something happened: im November 2011, in Q4 2011."""
    named = name(period, voice)
    match period.grain:
        case "month" | "quarter":
            return voice.say("in {period}", period=named)
        case "year":
            return voice.say("in the year {period}", period=named)
        case "week":
            return voice.say("in the week {period}", period=named)
        case "day":
            return voice.say("on {period}", period=named)
        case "all":
            return voice.say("over all time")


def quarter(day: dt.date) -> int:
    """Return the quarter of a day, 1 to 4."""
    return (day.month + 2) // 3


def _named(period: Period, voice: Voice, *, month: str) -> str:
    day = period.starts_on
    match period.grain:
        case "month":
            return _formatted(day, month, voice.language)
        case "quarter":
            return voice.say("Q{quarter} {year}", quarter=quarter(day), year=f"{day:%Y}")
        case "all":
            return voice.pick(GRAIN_NAMES["all"])
        case "day":
            return _formatted(
                day, "d. MMM y" if voice.language == "de" else "d MMM y", voice.language
            )
        case _:
            return period.period


def _formatted(day: dt.date, pattern: str, language: Language) -> str:
    from babel.dates import format_date

    return str(format_date(day, format=pattern, locale=language))
