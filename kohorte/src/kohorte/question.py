"""The calendar that a question brings along: periods, the days in them, the days of the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from kohorte.engine import Engine
from kohorte.periods import Period, Span, day_number


def lay_out_history(engine: Engine, span: Span) -> None:
    """Write `history_days`: every day at whose beginning activity can be asked for."""
    start, end = day_number(span.starts_on), day_number(span.ends_on)
    engine.parameters.update(history_start=start, history_end=end)
    engine.connection.execute(
        "CREATE OR REPLACE TEMP TABLE history_days AS "
        "SELECT CAST(UNNEST(RANGE($from, $to)) AS INTEGER) AS at_day",
        {"from": start, "to": end + 1},
    )


def lay_out_periods(engine: Engine, periods: Sequence[Period]) -> None:
    """Write `periods` (numbered from 0) and `calendar`.

    The calendar says which day lies in which period, from where to where. It ends with the data,
    so that what is dated before or after them, such as a survey, is in no period.
    """
    engine.connection.execute(
        "CREATE OR REPLACE TEMP TABLE periods AS SELECT "
        "CAST(UNNEST(RANGE($count)) AS INTEGER) AS period, UNNEST($labels) AS label, "
        "CAST(UNNEST($starts) AS INTEGER) AS starts_day, "
        "CAST(UNNEST($ends) AS INTEGER) AS ends_day, "
        "CAST(UNNEST($ats) AS INTEGER) AS at_day",
        {
            "count": len(periods),
            "labels": [period.label for period in periods],
            "starts": _numbers([period.starts_on for period in periods]),
            "ends": _numbers([period.ends_on for period in periods]),
            "ats": _numbers([period.at_on for period in periods]),
        },
    )
    engine.connection.execute(
        "CREATE OR REPLACE TEMP TABLE calendar AS SELECT * FROM (SELECT "
        "CAST(UNNEST(RANGE(starts_day, ends_day)) AS INTEGER) AS day, period, starts_day, ends_day "
        "FROM periods) AS days WHERE day >= $start AND day < $end",
        {
            "start": engine.parameters["history_start"],
            "end": engine.parameters["history_end"],
        },
    )


def _numbers(days: Sequence[dt.date]) -> list[int]:
    return [day_number(day) for day in days]
