"""Cells that name a span of days: a month, a quarter, a week, a year, or a first and a last day."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from kohorte.reading.days import date_words

Span = tuple[dt.date, dt.date]

_YEAR = r"(?P<year>(?:19|20)\d{2})"
_MONTHS = (
    re.compile(rf"{_YEAR}[-/. ](?P<month>0?[1-9]|1[0-2])"),
    re.compile(rf"(?P<month>0?[1-9]|1[0-2])[-/. ]{_YEAR}"),
)
_QUARTERS = (
    re.compile(rf"q(?P<quarter>[1-4])[-/. ]?{_YEAR}", re.IGNORECASE),
    re.compile(rf"{_YEAR}[-/. ]?q(?P<quarter>[1-4])", re.IGNORECASE),
    re.compile(rf"(?P<quarter>[1-4])\.? ?quartal,? {_YEAR}", re.IGNORECASE),
    re.compile(rf"quartal (?P<quarter>[1-4])[/ ]{_YEAR}", re.IGNORECASE),
)
_WEEKS = (
    re.compile(rf"(?:kw|cw|week|woche) ?(?P<week>\d{{1,2}})[-/., ]+{_YEAR}", re.IGNORECASE),
    re.compile(rf"{_YEAR}[-/. ]*(?:kw|cw|w|week|woche) ?(?P<week>\d{{1,2}})", re.IGNORECASE),
)
_BETWEEN = re.compile(r"\s+(?:-|–|—|bis|to|until)\s+|\s*(?:–|—)\s*", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_GERMAN = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.(\d{4})")


def parse(text: str) -> Span | None:
    """Return the first and the last day that a text names, None if it names no span.

    >>> [each.isoformat() for each in parse("Februar 2024")]
    ['2024-02-01', '2024-02-29']
    >>> [each.isoformat() for each in parse("KW 1/2026")]
    ['2025-12-29', '2026-01-04']
    >>> parse("05.01.2026"), parse("Suchanzeigen")
    (None, None)
    """
    bare = " ".join(text.split())
    for pattern in _MONTHS:
        if found := pattern.fullmatch(bare):
            return months(int(found["year"]), int(found["month"]))
    for pattern in _QUARTERS:
        if found := pattern.fullmatch(bare):
            return months(int(found["year"]), 3 * int(found["quarter"]) - 2, count=3)
    for pattern in _WEEKS:
        if found := pattern.fullmatch(bare):
            return _week(int(found["year"]), int(found["week"]))
    if found := re.fullmatch(_YEAR, bare):
        return months(int(found["year"]), 1, count=12)
    return _named_month(bare) or _two_days(bare)


def months(year: int, month: int, *, count: int = 1) -> Span:
    """Return the first and the last day of some months of one year."""
    last = month + count - 1
    return dt.date(year, month, 1), dt.date(year, last, calendar.monthrange(year, last)[1])


def _week(year: int, week: int) -> Span | None:
    try:
        monday = dt.date.fromisocalendar(year, week, 1)
    except ValueError:
        return None
    return monday, monday + dt.timedelta(days=6)


def _named_month(text: str) -> Span | None:
    if not text[:1].isalpha():
        return None
    day, _, rest = date_words.numbered(f"1. {text}").partition(" ")
    found = re.fullmatch(r"(\d{1,2}) (\d{4}|\d{2})", rest)
    if day != "1" or not found:
        return None
    year = int(found[2])
    return months(year + 2000 if year < 100 else year, int(found[1]))


def _two_days(text: str) -> Span | None:
    parts = _BETWEEN.split(text)
    if len(parts) != 2:
        return None
    first, last = map(_day, parts)
    return (first, last) if first and last else None


def _day(text: str) -> dt.date | None:
    iso, german = _ISO.fullmatch(text), _GERMAN.fullmatch(text)
    parts = iso.groups() if iso else german.groups()[::-1] if german else None
    try:
        return dt.date(*map(int, parts)) if parts else None
    except ValueError:
        return None
