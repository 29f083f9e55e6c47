"""Ways to write a date: the formats we know, their shapes, and what users call them."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

Order = Literal["day", "month", "year"]

_DAY_FIRST = (
    "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y", "%d/%m/%y", "%d-%m-%y",
    "%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%d. %B %Y", "%d. %b %Y", "%d-%b-%y",
)  # fmt: skip
_MONTH_FIRST = (
    "%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y", "%m-%d-%y", "%m.%d.%Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y",
    "%b-%d-%y", "%b-%d-%Y",
)  # fmt: skip
_YEAR_FIRST = ("%Y%m%d", "%Y.%m.%d")
TIMES = (
    "", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %H:%M", ", %H:%M:%S",
    " %H:%M:%S.%f", "T%H:%M", "T%H:%M:%S", ", %I:%M %p", " %H.%M", "%H%M%S", " um %H:%M",
    " %H:%M Uhr", " %H:%M:%S Uhr", ", %H:%M Uhr", ", %H:%M:%S Uhr", " um %H:%M Uhr", " %H.%M Uhr",
)  # fmt: skip
ISO = "iso"
EXCEL = "excel"

_SHAPES = {
    "%Y": r"\d{4}", "%y": r"\d{2}", "%m": r"\d{1,2}", "%d": r"\d{1,2}", "%b": r"[A-Za-z]{3}",
    "%B": r"[A-Za-z]{3,9}", "%H": r"\d{1,2}", "%I": r"\d{1,2}", "%M": r"\d{2}", "%S": r"\d{2}",
    "%f": r"\d{1,9}", "%p": r"[APap][Mm]",
}  # fmt: skip


def of_this_shape(values: list[str]) -> list[str]:
    """Return the formats of which at least one value has the shape; the engine then tells."""
    found: dict[str, None] = {}
    times = {time: _shape(time) for time in TIMES}
    for day in (*_DAY_FIRST, *_MONTH_FIRST, *_YEAR_FIRST):
        pattern = _shape(day)
        rests = {value[len(match[0]) :] for value in values if (match := pattern.match(value))}
        for time, shape in times.items():
            if any(shape.fullmatch(rest) for rest in rests):
                found[day + time] = None
    return list(found)


@cache
def _shape(written: str) -> re.Pattern[str]:
    parts = re.split(r"(%[A-Za-z])", written)
    return re.compile(
        "".join(_SHAPES.get(part, re.escape(part).replace(r"\ ", r"\s+")) for part in parts)
    )


def family(text: str) -> str:
    """Return the part of a format that writes the day.

    >>> family("%d.%m.%Y %H:%M")
    '%d.%m.%Y'
    """
    days = (*_DAY_FIRST, *_MONTH_FIRST, *_YEAR_FIRST)
    return max((day for day in days if text.startswith(day)), key=len, default="")


def order(day: str) -> Order:
    """Return what comes first in a format: day, month or year."""
    if day.startswith("%Y"):
        return "year"
    return "day" if day.startswith("%d") else "month"


_TOKENS = {"yyyy": "%Y", "yy": "%y", "dd": "%d", "d": "%d", "hh": "%H", "h": "%H", "ss": "%S"}


def strptime(given: str) -> str:
    """Translate `dd.mm.yyyy HH:MM` to `%d.%m.%Y %H:%M`; formats with % stay as they are."""
    if "%" in given or given.lower() in (ISO, EXCEL):
        return given if "%" in given else given.lower()
    day, _, time = given.partition(" ")
    return f"{_with_tokens(day, m='%m')} {_with_tokens(time, m='%M')}".strip()


def _with_tokens(part: str, *, m: str) -> str:
    """Write `%` tokens for letters; `mm` is the month in a day and the minute in a time."""

    def token(found: re.Match[str]) -> str:
        return _TOKENS.get(found[0].lower(), m)

    return re.sub(r"yyyy|yy|dd?|hh?|ss|mm?", token, part, flags=re.IGNORECASE)
