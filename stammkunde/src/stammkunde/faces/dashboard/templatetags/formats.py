"""Numbers, money and time as the reader writes them; instants in the zone of the shop."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision
from django import template
from django.utils import timezone, translation

from kohorte import language as spoken
from kohorte.language import Language

register = template.Library()
NOTHING = "–"


def reader() -> Language:
    """Return the language of the page."""
    return "de" if (translation.get_language() or "en").startswith("de") else "en"


@register.filter
def number(value: float | Decimal | None, digits: int = 0) -> str:
    """Write a number: 1.234,5 or 1,234.5."""
    return NOTHING if value is None else _signed(spoken.number(value, reader(), digits=digits))


@register.filter
def percent(value: float | Decimal | None, digits: int = 1) -> str:
    """Write a share of one in percent: 72,4 % or 72.4%."""
    if value is None:
        return NOTHING
    sign = "\N{NO-BREAK SPACE}%" if reader() == "de" else "%"
    return _signed(spoken.number(value * 100, reader(), digits=digits)) + sign


@register.filter
def money(amount_minor: int | None, currency: str) -> str:
    """Write an amount in minor units of a currency: 1.234,56 € or €1,234.56."""
    if amount_minor is None:
        return NOTHING
    scaled = Decimal(amount_minor).scaleb(-get_currency_precision(currency))
    return _signed(spoken.money(scaled, currency, reader()))


def money_exactly(amount_minor: Decimal, currency: str) -> str:
    """Write parts of a minor unit as well: half a cent is 0,005 € or €0.005."""
    scaled = amount_minor.scaleb(-get_currency_precision(currency))
    locale = "de_DE" if reader() == "de" else "en_GB"
    return _signed(
        str(format_currency(scaled, currency, locale=locale, decimal_quantization=False))
    )


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """Write a day: 21. Nov. 2026 or 21 Nov 2026; of an instant the day it is in the shop."""
    if value is None:
        return NOTHING
    return spoken.date(_local(value), reader())


@register.filter
def clock(value: dt.datetime | None) -> str:
    """Write the time of day: 14:05."""
    return NOTHING if value is None else f"{_local(value):%H:%M}"


@register.filter
def moment(value: dt.datetime | None) -> str:
    """Write day and time: 21. Nov. 2026, 14:05."""
    return NOTHING if value is None else f"{day(value)}, {clock(value)}"


@register.filter
def machine(value: dt.date | dt.datetime) -> str:
    """Write a day or an instant for `<time datetime=…>`."""
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    return value.isoformat()


def _local(value: dt.date | dt.datetime) -> dt.date | dt.datetime:
    return timezone.localtime(value) if isinstance(value, dt.datetime) else value


def _signed(written: str) -> str:
    """Write a minus as wide as a plus."""
    return written.replace("-", "\N{MINUS SIGN}")
