"""Still pictures of charts, drawn by `kohorte` for paper and for pages alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django import template
from django.utils.safestring import SafeString, mark_safe

from kohorte.report import drawing
from kohorte.report.charts import Kind, Panel

register = template.Library()


@register.simple_tag
def draw(panel: Panel, kind: Kind) -> SafeString:
    """Draw a chart; its words stand beside it, so those who hear the page are spared it."""
    return mark_safe(drawing.chart(panel, kind))  # noqa: S308 - numbers and escaped labels only


@register.filter
def parts(text: str) -> list[str]:
    """Return what stands between semicolons, for lines of their own.

    >>> parts("10–20%; n = 40")
    ['10–20%', 'n = 40']
    """
    return text.split("; ")


@register.filter
def any_has(rows: Iterable[object], name: str) -> bool:
    """Return whether any row says something under a name; a column of nothing is no column."""
    return any(getattr(row, name) for row in rows)


@register.simple_tag
def spark(values: Sequence[float | None]) -> SafeString:
    """Draw the course of a number; its words stand beside it."""
    drawn = drawing.sparkline(values, [True] * len(values))
    return mark_safe(drawn)  # noqa: S308 - numbers only
