"""Currencies: their minor units and the signs that stand for them in shop files."""

from __future__ import annotations

import re

# ISO 4217: currencies whose minor unit is not a hundredth.
_WITHOUT_MINOR = (
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND",
    "VUV", "XAF", "XOF", "XPF",
)  # fmt: skip
_THOUSANDTHS = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
EXPONENTS = dict.fromkeys(_WITHOUT_MINOR, 0) | dict.fromkeys(_THOUSANDTHS, 3)
SIGNS = {"€": "EUR", "£": "GBP", "$": "USD", "CHF": "CHF", "Fr.": "CHF", "zł": "PLN", "¥": "JPY"}


def exponent(currency: str | None) -> int:
    """Return the digits of a currency's minor unit.

    >>> exponent("EUR"), exponent("JPY"), exponent("KWD")
    (2, 0, 3)
    """
    return EXPONENTS.get(currency or "", 2)


def is_currency(text: str) -> bool:
    """Return whether a text has the form of an ISO code."""
    return re.fullmatch(r"[A-Z]{3}", text) is not None
