"""One value with its interval as a bar on a common scale, for the rows of a table.

The bar stretches with its cell, so that it can be read on a phone; colors are those of the style
sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from kohorte.differences import Estimated
from kohorte.report.axis import Axis

WIDTH, HEIGHT = 1000, 20
_EDGE = 8


def extent(rows: Sequence[Estimated]) -> list[float]:
    """Return what a scale must hold: all values, and intervals as far as they leave these visible.

    An interval reaches out by the spread of the values at most, so that one that hardly knows
    anything does not press the others together.
    """
    values = [row.value for row in rows if row.value is not None]
    if not values:
        return []
    low, high = min(values), max(values)
    reach = (high - low) or abs(high)
    ends = [end for row in rows for end in (row.low, row.high) if end is not None]
    return values + [min(max(end, low - reach), high + reach) for end in ends]


def raw(row: Estimated, *, n: int) -> str:
    """Write a row for the download as a table: value, ends of the interval, n.

    >>> from kohorte.metrics.metric import Estimate
    >>> raw(Estimate(12.5, 10.0, None), n=40)
    '12.5,10.0,,40'
    """
    cells = ("" if each is None else str(round(each, 6)) for each in (row.value, row.low, row.high))
    return ",".join((*cells, str(n)))


def draw(row: Estimated, axis: Axis, *, middle: float | None = None) -> Markup:
    """Draw the interval as a band, the value as a mark in it, and `middle` as a line behind them.

    A band that goes on beyond the scale ends at its edge; a value beyond it has no mark.
    """
    if row.value is None:
        return Markup("")
    x = _place(axis)
    parts = []
    if middle is not None:
        parts.append(_line("middle", x(middle), 0, HEIGHT))
    if row.low is not None and row.high is not None:
        low, high = x(row.low), x(row.high)
        parts.append(
            f'<rect class="band" x="{low:.1f}" y="5" width="{high - low:.1f}" height="10"/>'
        )
    if axis.low <= row.value <= axis.high:
        parts.append(_line("mark", x(row.value), 2, HEIGHT - 2))
    return Markup(  # noqa: S704 - numbers only
        f'<svg class="interval" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" '
        f'aria-hidden="true" focusable="false"><g class="first">{"".join(parts)}</g></svg>'
    )


def _line(css: str, x: float, top: float, bottom: float) -> str:
    return (
        f'<line class="{css}" x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}" '
        'vector-effect="non-scaling-stroke"/>'
    )


def _place(axis: Axis) -> Callable[[float], float]:
    span = (axis.high - axis.low) or 1.0
    room = WIDTH - 2 * _EDGE
    return lambda value: _EDGE + min(1.0, max(0.0, (value - axis.low) / span)) * room
