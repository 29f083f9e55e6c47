"""Ways to write a date: the formats we know, their shapes, and what users call them.

A format is what the engine knows, such as `%d.%m.%Y %H:%M`, or `iso`, `excel` (days since
1899-12-30) or `unix` (seconds or milliseconds since 1970). `%B` stands for a month's name of any
length and language, wherever it stands; `%a` for the day of the week in front. The family of a
format is the part that writes the day.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from kohorte.reading.days import date_words

Order = Literal["day", "month", "year"]

ISO, EXCEL, UNIX = "iso", "excel", "unix"
NAMED = (ISO, EXCEL, UNIX)
_DIGITS = (
    "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y", "%d/%m/%y", "%d-%m-%y",
    "%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y", "%m-%d-%y", "%m.%d.%Y",
    "%Y%m%d", "%Y.%m.%d",
)  # fmt: skip
_MONTHS = ("%d %B %Y", "%d %B %y")
_WEEKDAY = "%a "
_WEEKDAYS = tuple(_WEEKDAY + day for day in (*_DIGITS, "%Y-%m-%d"))
_FAMILIES = (*_DIGITS, *_MONTHS, *_WEEKDAYS)
TIMES = (
    "", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %H:%M", ", %H:%M:%S",
    " %H:%M:%S.%f", "T%H:%M", "T%H:%M:%S", ", %I:%M %p", ", %I:%M:%S %p", " %H.%M", "%H%M%S",
    " um %H:%M", " %H:%M Uhr", " %H:%M:%S Uhr", ", %H:%M Uhr", ", %H:%M:%S Uhr",
    " um %H:%M Uhr", ", um %H:%M Uhr", " %H.%M Uhr", " - %H:%M", " - %H:%M:%S",
)  # fmt: skip
_WORDS = re.compile(r"%[aAbB]")

_SHAPES = {
    "%Y": r"\d{4}", "%y": r"\d{2}", "%m": r"\d{1,2}", "%d": r"\d{1,2}", "%H": r"\d{1,2}",
    "%I": r"\d{1,2}", "%M": r"\d{2}", "%S": r"\d{2}", "%f": r"\d{1,9}", "%p": r"[APap][Mm]",
}  # fmt: skip


def of_this_shape(values: list[str]) -> list[str]:
    """Return the formats of which at least one value has the shape; the engine then tells."""
    month = [date_words.numbered(value) for value in values if date_words.names_month(value)]
    plain = [value for value in values if not date_words.names_month(value)]
    weekday = [bare for value in plain if (bare := date_words.numbered(value)) != value]
    return [
        *_shaped(_DIGITS, plain),
        *_shaped(_MONTHS, month),
        *_shaped(_WEEKDAYS, weekday),
    ]


def _shaped(days: tuple[str, ...], values: list[str]) -> list[str]:
    found = []
    for day in days if values else ():
        pattern = _shape(in_digits(day))
        rests = {value[len(match[0]) :] for value in values if (match := pattern.match(value))}
        found += [day + time for time in TIMES if any(map(_shape(time).fullmatch, rests))]
    return found


@cache
def _shape(written: str) -> re.Pattern[str]:
    parts = re.split(r"(%[A-Za-z])", written)
    return re.compile(
        "".join(_SHAPES.get(part, re.escape(part).replace(r"\ ", r"\s+")) for part in parts)
    )


def has_words(text: str) -> bool:
    """Return whether a format names the month or the day of the week."""
    return _WORDS.search(text) is not None


def in_digits(text: str) -> str:
    """Return the format of the same dates after `date_words` has put digits for their words.

    >>> in_digits("%A, %d. %B %Y, %H:%M"), in_digits("%a %d.%m.%Y")
    ('%d %m %Y, %H:%M', '%d.%m.%Y')
    """
    bare = re.sub(r"^%[aA][.,]*\s*", "", text)
    if not has_words(bare):
        return bare
    year = "%y" if "%y" in bare else "%Y"
    ends = max(bare.find(token) for token in ("%d", "%b", "%B", year)) + 2
    return f"%d %m {year}{bare[ends:]}"


def family(text: str) -> str:
    """Return the part of a format that writes the day.

    >>> family("%d.%m.%Y %H:%M"), family("iso")
    ('%d.%m.%Y', 'iso')
    """
    if text in NAMED:
        return text
    return max((day for day in _FAMILIES if text.startswith(day)), key=len, default="")


def order(day: str) -> Order | None:
    """Return what comes first in a format of digits: day, month or year; None if a word tells."""
    bare = day.removeprefix(_WEEKDAY)
    if day in NAMED or has_words(bare):
        return None
    if bare.startswith("%Y"):
        return "year"
    return "day" if bare.startswith("%d") else "month"


_DAY_TOKENS = {
    "yyyy": "%Y", "jjjj": "%Y", "yy": "%y", "jj": "%y", "mmmm": "%B", "mmm": "%B", "mm": "%m",
    "m": "%m", "dd": "%d", "d": "%d", "tt": "%d", "t": "%d", "eeee": "%a", "eee": "%a",
}  # fmt: skip
_TIME_TOKENS = {"hh": "%H", "h": "%H", "mm": "%M", "m": "%M", "ss": "%S", "am/pm": "%p"}
_DAY_TOKEN = re.compile(r"\bum\b|yyyy|jjjj|yy|jj|m{1,4}|eeee?|dd?|tt?", re.IGNORECASE)
_TIME_TOKEN = re.compile(r"\bUhr\b|am/pm|hh?|ss|mm?", re.IGNORECASE)
_HOUR = re.compile(r"(?:(?<=[a-z])T)?hh?(?!r)", re.IGNORECASE)


def strptime(given: str) -> str:
    """Translate a format as people write it; formats with % stay as they are.

    >>> strptime("dd.mm.yyyy HH:MM"), strptime("T. MMMM JJJJ"), strptime("mm/dd/yy hh:mm am/pm")
    ('%d.%m.%Y %H:%M', '%d. %B %Y', '%m/%d/%y %I:%M %p')
    """
    if "%" in given or given.lower() in NAMED:
        return given if "%" in given else given.lower()
    hour = _HOUR.search(given)
    ends = hour.start() if hour else len(given)
    day = _DAY_TOKEN.sub(lambda found: _DAY_TOKENS.get(found[0].lower(), found[0]), given[:ends])
    time = _TIME_TOKEN.sub(lambda found: _TIME_TOKENS.get(found[0].lower(), found[0]), given[ends:])
    return day + (time.replace("%H", "%I") if "%p" in time else time)
