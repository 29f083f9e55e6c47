"""Who came and went: active at the start, gained, back again, lost, active at the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from kohorte.engine import Engine
from kohorte.periods import Period, Span
from kohorte.results import Grain, Movement
from kohorte.settings import Settings


def of(
    engine: Engine, periods: Sequence[Period], *, grain: Grain, span: Span, settings: Settings
) -> list[Movement]:
    """Return the movements over the retention period that ends with each period."""
    at_end = {
        row["period"]: int(row["customers"])
        for row in engine.rows("SELECT period, customers FROM active_orders")
    }
    known = {row["period"]: row for row in engine.rows("SELECT * FROM retention")}
    enough = dt.timedelta(days=2 * settings.active_days + settings.retention_days)

    def movement(number: int, period: Period) -> Movement:
        def part(column: str) -> int | None:
            return int(known[number][column]) if number in known else None

        return Movement(
            grain=grain,
            period=period.label,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            active_at_start=part("active_at_start"),
            new=part("new"),
            reactivated=part("reactivated"),
            lost=part("lost"),
            active_at_end=at_end.get(number),
            new_may_hold_returned=number in known and period.at_on - enough < span.starts_on,
        )

    return [movement(number, period) for number, period in enumerate(periods)]
