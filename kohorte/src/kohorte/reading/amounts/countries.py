"""Countries as shops write them: ISO codes, and names in German, English and other languages."""

from __future__ import annotations

import re
from functools import cache

from kohorte.reading.meaning.words import compact

_LANGUAGES = ("de", "en", "fr", "nl", "es", "it", "pl", "pt", "sv", "da", "fi", "cs", "hu")
# Regions, and codes that stand for no country.
_NO_COUNTRIES = frozenset(("EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"))
_ALSO = {
    "AT": ("Republik Österreich",),
    "BA": ("Bosnien", "Bosnia"),
    "CH": ("Swiss",),
    "CN": ("Volksrepublik China",),
    "CZ": ("Tschechische Republik", "Czech Republic", "Tschechei"),
    "DE": ("Bundesrepublik Deutschland", "BRD", "D"),
    "GB": (
        "Großbritannien", "Great Britain", "England", "Scotland", "Schottland", "Wales", "UK",
        "United Kingdom (UK)", "Northern Ireland", "Nordirland",
    ),
    "GR": ("EL", "Hellas"),
    "HK": ("Hongkong", "Hong Kong"),
    "IE": ("Republic of Ireland", "Republik Irland", "Eire"),
    "KR": ("Republic of Korea", "Korea"),
    "MK": ("Mazedonien", "Macedonia"),
    "NL": ("Holland", "The Netherlands"),
    "RU": ("Russian Federation", "Russische Föderation"),
    "SK": ("Slowakische Republik", "Slovak Republic"),
    "TR": ("Turkey",),
    "US": ("USA", "United States of America", "Vereinigte Staaten von Amerika", "America"),
}  # fmt: skip


def code(text: str) -> str | None:
    """Return the ISO code of a country, None if it is none that is known.

    >>> code("Österreich"), code("FRA"), code("United Kingdom (UK)"), code("Mittelerde")
    ('AT', 'FR', 'GB', None)
    """
    names = _names()
    outside, inside = re.sub(r"\([^)]*\)", "", text), re.findall(r"\(([^)]*)\)", text)
    for each in (text, outside, *inside):
        found = names.get(compact(each))
        if found:
            return found
    return None


@cache
def _names() -> dict[str, str]:
    """Return codes by names and codes written without anything between their letters."""
    from babel.core import get_global

    found: dict[str, str] = {}
    for language in reversed(_LANGUAGES):
        named = _territories(language)
        found |= {compact(name): each for each, name in named.items()}
    for alias, codes in get_global("territory_aliases").items():
        if len(str(alias)) == 3 and str(alias).isalpha() and len(codes) == 1:
            found[compact(str(alias))] = str(codes[0])
    found |= {compact(each): each for each in _territories("en")}
    found |= {compact(name): each for each, names in _ALSO.items() for name in names}
    found.pop("", None)
    return found


def _territories(language: str) -> dict[str, str]:
    """Return the names of all countries in a language by their codes."""
    from babel import Locale

    return {
        str(code): str(name)
        for code, name in Locale(language).territories.items()
        if len(str(code)) == 2 and str(code).isalpha() and code not in _NO_COUNTRIES
    }
