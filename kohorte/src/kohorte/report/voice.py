"""How the report speaks: sentences, numbers, amounts and intervals in one language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from kohorte.language import Language, Sentence, Text, number
from kohorte.results import Unit

NO_BREAK = "\N{NO-BREAK SPACE}"
DASH = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
WHOLE_MONEY_FROM = 10_000
_CODE = re.compile("`([^`]+)`")


@dataclass(frozen=True)
class Voice:
    r"""A language and a currency.

    >>> Voice("de", "EUR").percent(63.596, n=4266)
    '63,6\xa0%'
    >>> Voice("en", "GBP").value("money", 471.52, n=36969)
    '£471.52'
    """

    language: Language
    currency: str | None

    def say(self, msgid: str, **values: object) -> str:
        """Return a sentence of the catalog; strings, also those made here, stand as they are."""
        return Sentence(msgid, values).render(self.language)

    def tell(self, sentence: Sentence) -> str:
        """Return a sentence; what stands in backticks, such as a command, in quotation marks.

        >>> Voice("de", None).tell(Sentence("`kohorte` {n}", {"n": 1}))
        '„kohorte“ 1'
        """
        marks = r"„\1“" if self.language == "de" else r"“\1”"
        return _CODE.sub(marks, sentence.render(self.language))

    def pick(self, text: Text) -> str:
        """Return a text in this language."""
        return text.render(self.language)

    def count(self, value: float) -> str:
        """Write a whole number."""
        return self.number(value, digits=0)

    def number(self, value: float, *, digits: int) -> str:
        """Write a number with a proper minus sign."""
        return number(value, self.language, digits=digits).replace("-", MINUS)

    def percent(self, value: float, *, n: float) -> str:
        """Write a percentage with as many digits as its n supports."""
        return f"{self.number(value, digits=percent_digits(n))}{self.percent_sign}"

    @property
    def percent_sign(self) -> str:
        """The sign with the space that German puts before it."""
        return f"{NO_BREAK}%" if self.language == "de" else "%"

    def money(self, amount: float | Decimal, *, digits: int | None = None) -> str:
        """Write an amount; without `digits` as many as the currency has, from 10,000 on none."""
        places = self.money_digits(float(amount)) if digits is None else digits
        if self.currency is None:
            return self.number(float(amount), digits=places)
        from babel.numbers import format_currency, get_currency_symbol

        locale = "de_DE" if self.language == "de" else "en_GB"
        pattern = "#,##0" + ("." + "0" * places if places else "")
        gap = NO_BREAK if get_currency_symbol(self.currency, locale=locale).isalpha() else ""
        written = format_currency(
            amount,
            self.currency,
            format=f"{pattern}{NO_BREAK}¤" if self.language == "de" else f"¤{gap}{pattern}",
            locale=locale,
            currency_digits=False,
        )
        return str(written).replace("-", MINUS)

    def millions(self, amount: float, *, digits: int) -> str:
        """Write an amount that is given in millions: 1,5 Mio. €, £1.5m."""
        written = self.money(amount, digits=digits)
        if self.language == "en":
            return f"{written}m"
        figure, _, symbol = written.partition(NO_BREAK)
        return NO_BREAK.join(part for part in (figure, "Mio.", symbol) if part)

    def money_digits(self, amount: float) -> int:
        """Return how many digits an amount of this size is written with."""
        return 0 if abs(amount) >= WHOLE_MONEY_FROM else self.currency_digits

    @property
    def currency_digits(self) -> int:
        """The digits of the currency: EUR 2, JPY 0, KWD 3; 2 without a currency."""
        if self.currency is None:
            return 2
        from babel.numbers import get_currency_precision

        return int(get_currency_precision(self.currency))

    def value(self, unit: Unit, value: float, *, n: float) -> str:
        """Write a metric's value in its unit."""
        match unit:
            case "percent":
                return self.percent(value, n=n)
            case "money":
                return self.money(value)
            case "count":
                return self.count(value)
            case "ratio":
                return self.number(value, digits=ratio_digits(value))
            case "points":
                return self.number(value, digits=1)
            case "hours":
                return f"{self.number(value, digits=1)} h"
            case "days":
                return self.days(round(value))

    def days(self, count: int) -> str:
        r"""Write a number of days on one line.

        >>> Voice("de", None).days(1), Voice("en", None).days(90)
        ('1\xa0Tag', '90\xa0days')
        """
        return self.say("{count} {count:day|days}", count=count).replace(" ", NO_BREAK)

    def interval(self, unit: Unit, low: float, high: float, *, n: float) -> str:
        """Write an interval with its unit once: 62,1–65,0 %."""
        if unit == "percent":
            first, last = self._percent_pair(low, high, n)
        elif unit == "money":
            first, last = self._money_pair(low, high)
        else:
            digits = {"count": 0, "days": 0, "points": 1, "hours": 1}.get(unit, ratio_digits(high))
            first, last = self.number(low, digits=digits), self.number(high, digits=digits)
        spaced = f" {DASH} " if MINUS in first + last else DASH
        return f"{first}{spaced}{last}"

    def _percent_pair(self, low: float, high: float, n: float) -> tuple[str, str]:
        return self.number(low, digits=percent_digits(n)), self.percent(high, n=n)

    def _money_pair(self, low: float, high: float) -> tuple[str, str]:
        digits = self.money_digits(high)
        plain, full = self.number, self.money
        if self.language == "de":
            return plain(low, digits=digits), full(high, digits=digits)
        return full(low, digits=digits), plain(high, digits=digits)


def percent_digits(n: float) -> int:
    """Return the digits of a percentage: none while one more case moves it by a whole point."""
    if n < 100:
        return 0
    return 1 if n < 100_000 else 2


def ratio_digits(value: float) -> int:
    """Return the digits of a ratio: three figures that count."""
    if abs(value) < 10:
        return 2
    return 1 if abs(value) < 100 else 0
