"""Dates with words: names of months and of days of the week, German and English, in any case.

Both are put into digits before a date is parsed: `Mittwoch, 3. April 2024 14:03` is
`3 4 2024 14:03`. What holds no such word stays as it is.
"""

from __future__ import annotations

import re
import unicodedata

from kohorte.reading import sql

_WEEKDAY = (
    r"(?i)^(?:mo|di|mi|do|fr|sa|so|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun"
    r"|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday)(?:[.,]+\s*|\s+)"
)
_MONTH = (
    r"((?:jan(?:uar|uary)?|j(?:ä|ae)n(?:ner)?|feb(?:ruar|ruary|er)?|m(?:ä|ae)rz?|mar(?:ch|z)?|mrz"
    r"|apr(?:il)?|ma[iy]|jun[ie]?|jul[iy]?|aug(?:ust)?|sept?(?:ember)?|o[kc]t(?:ober)?"
    r"|nov(?:ember)?|de[zc](?:ember)?))"
)
_DAY = r"([0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"([0-9]{4}|[0-9]{2})([^0-9].*)?$"
_APART = r"[.,\s/-]*"
# The first letters of a month tell it in both languages.
_NUMBERS = {
    "jan": 1, "jän": 1, "jae": 1, "feb": 2, "mär": 3, "mae": 3, "mar": 3, "mrz": 3, "apr": 4,
    "mai": 5, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11,
    "dez": 12, "dec": 12,
}  # fmt: skip
# Each pattern holds day, month and year in its own order; no date holds what marks the month's place.
_HOLE = "\x1f"
_PATTERNS = (
    (rf"(?i)^{_DAY}{_APART}{_MONTH}{_APART}{_YEAR}", rf"\1 {_HOLE} \3\4", 2),
    (rf"(?i)^{_MONTH}{_APART}{_DAY}[.,\s/-]+{_YEAR}", rf"\2 {_HOLE} \3\4", 1),
    (rf"(?i)^([0-9]{{4}}){_APART}{_MONTH}{_APART}{_DAY}([^0-9].*)?$", rf"\3 {_HOLE} \1\4", 2),
)
_SOLE = rf"(?i)(?:^|[0-9.,\s/-]|st|nd|rd|th){_MONTH}"


# A date that holds words, for a glance at many cells; case and accents are those of files.
LOOKS = re.compile(
    rf"{_WEEKDAY.removeprefix('(?i)^')}\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}(?:\D.*)?|"
    rf"(?:{_WEEKDAY.removeprefix('(?i)^')})?"
    rf"(?:{'|'.join(each.removeprefix('(?i)^') for each, _, _ in _PATTERNS)})",
    re.IGNORECASE,
)


def numbered(text: str) -> str:
    """Return a date with digits in the place of its words.

    >>> numbered("3. März 2024"), numbered("Mi, 03.04.2024"), numbered("Jan 5th, 2024 10:00")
    ('3 3 2024', '03.04.2024', '5 1 2024 10:00')
    """
    text = re.sub(_WEEKDAY, "", unicodedata.normalize("NFC", text.strip()))
    for pattern, order, month in _PATTERNS:
        found = re.match(pattern, text)
        if found:
            number = _NUMBERS[found[month][:3].lower()]
            return re.sub(pattern, order, text, count=1).replace(_HOLE, str(number))
    return text


def names_month(text: str) -> bool:
    """Return whether a text is a date that writes its month as a word.

    >>> names_month("15 Dez 24"), names_month("15.12.24"), names_month("15 Rosen 2024")
    (True, False, False)
    """
    bare = re.sub(_WEEKDAY, "", unicodedata.normalize("NFC", text.strip()))
    return any(re.match(pattern, bare) for pattern, _, _ in _PATTERNS)


def numbered_sql(text: str) -> str:
    """Return the SQL that does the same to the SQL of a text."""
    bare = f"regexp_replace(nfc_normalize({text}), {sql.literal(_WEEKDAY)}, '')"
    ordered = bare
    for pattern, order, _ in _PATTERNS:
        ordered = f"regexp_replace({ordered}, {sql.literal(pattern)}, {sql.literal(order)})"
    month = f"lower(left(regexp_extract({bare}, {sql.literal(_SOLE)}, 1), 3))"
    cases = " ".join(f"WHEN {sql.literal(word)} THEN '{n}'" for word, n in _NUMBERS.items())
    return f"replace({ordered}, '{_HOLE}', CASE {month} {cases} ELSE '' END)"
