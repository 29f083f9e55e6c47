"""Groups side by side and moves for the hand-made reports."""

from __future__ import annotations

import dataclasses

from kohorte import contrasts, moving
from kohorte.language import Sentence, Text
from kohorte.results import Breakdown, Group, Report, Row, Side, Stay

EVIL_NAME = "<b>Kanalinseln</b>_mit_einem_überaus_langen_Namen"
GROUPS = (
    (Group("United Kingdom", 5_350), 1.0, 0.9),
    (Group("Germany", 106), 1.12, 0.02),
    (Group(EVIL_NAME, 12), 0.5, 0.002),
    (Group(None, 215, rest=True), 0.95, 0.04),
    (Group(None, 40), 1.3, 0.01),
)
SHOWN = ("customer_retention_rate", "repeat_purchase_rate", "average_order_value")


def with_groups(report: Report) -> Report:
    """Return a report with a breakdown of its numbers over all time, and with its moves."""
    whole = {row.metric: row for row in report.rows if row.grain == "all" and row.segment == "all"}
    sides = tuple(
        Side(
            group,
            tuple(_part(whole[slug], times, share) for slug in SHOWN if slug in whole),
            tuple(
                Stay(age, n, round(n * 0.3), 30.0, 30 - 300 / n, 30 + 300 / n, None, None)
                for age in (1, 2, 3, 6, 12)
                for n in [max(1, round(group.customers * (1 - age / 20)))]
            ),
        )
        for group, times, share in GROUPS
    )
    months = [row for row in report.rows if row.grain == "month"]
    return dataclasses.replace(
        report,
        breakdowns=(
            Breakdown(
                "country",
                Text(de="Land", en="Country"),
                sides,
                contrasts.apart(sides, confidence_percent=95),
            ),
        ),
        moves=tuple(moving.compare(months, confidence_percent=95)),
    )


def _part(row: Row, times: float, share: float) -> Row:
    n = max(1, round(row.n * share))
    if row.value is None or n < 10:
        return dataclasses.replace(
            row, value=None, low=None, high=None, n=0, reason=Sentence("Nobody is there.")
        )
    value = min(row.value * times, 95.0) if row.value < 100 else row.value * times
    wider = 2 / share**0.5
    return dataclasses.replace(row, value=value, low=value - wider, high=value + wider, n=n)
