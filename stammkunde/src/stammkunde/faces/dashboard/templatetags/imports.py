"""Sizes of files as the reader writes them."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from stammkunde.faces.dashboard.templatetags.formats import number
from stammkunde.features.imports.models import File

register = template.Library()
UNITS = ("kB", "MB", "GB", "TB")


@register.filter
def size(count: int) -> str:
    r"""Write a number of bytes: 812 kB, 1,4 MB or 1.4 MB.

    >>> size(4_000_000_000)
    '4\xa0GB'
    """
    value, unit = count / 1000, 0
    while value >= 1000 and unit < len(UNITS) - 1:
        value, unit = value / 1000, unit + 1
    digits = 1 if unit and value < 10 and round(value, 1) % 1 else 0
    return f"{number(max(value, 1 if not unit else value), digits)}\N{NO-BREAK SPACE}{UNITS[unit]}"


@register.filter
def sizes(files: Iterable[File]) -> str:
    """Write what several files weigh together."""
    return size(sum(file.size for file in files))
