"""Checks of when orders come: how long, how steadily, and on days that can be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from kohorte.language import Sentence
from kohorte.quality import bends, rhythm, score
from kohorte.quality.facts import Facts
from kohorte.results import Finding


def short_history(facts: Facts) -> Finding | None:
    """Less than the w + p days that retention takes."""
    days, needed = facts.length_days, facts.needed_days
    if days >= needed:
        return None
    shorter = max(1, days // 4)
    return Finding(
        "short_history",
        "warning",
        Sentence("The data cover {days} {days:day|days}.", {"days": days}),
        Sentence(
            "Retention, churn and lifetime value need {needed} days and stay empty.",
            {"needed": needed},
        ),
        Sentence(
            "Export a longer range, or measure over a shorter window: --active-days {shorter}.",
            {"shorter": shorter},
        ),
        (*bends.RETENTION, *bends.LIFETIME),
    )


def future_days(facts: Facts) -> Finding | None:
    """Orders that lie after today."""
    count = score.future(facts)
    if not count:
        return None
    return Finding(
        "future_days",
        "warning",
        Sentence("{count} {count:order lies|orders lie} in the future.", {"count": count}),
        Sentence("The data seem to reach further than they do, so too few seem active."),
        Sentence("Check how dates are written, and leave the rest out with --until."),
        (*bends.RETENTION, *bends.REPEAT),
    )


def placeholder_days(facts: Facts) -> Finding | None:
    """Orders on days that programs write for an unknown one."""
    count = rhythm.placeholders(facts.days)
    if not count:
        return None
    return Finding(
        "placeholder_days",
        "warning",
        Sentence(
            "{count} {count:order lies|orders lie} on a day that programs write for an unknown "
            "one, such as "
            "1 January or 1 January 1970.",
            {"count": count},
        ),
        Sentence("Their customers seem to have come too early, and cohorts of that day too large."),
        Sentence("Export the day of these orders, or leave them out with --since."),
        (*bends.RETURNING, *bends.RETENTION),
    )


def silence(facts: Facts) -> Finding | None:
    """An unusually long time without an order."""
    days = rhythm.silence(facts.days, facts.span)
    if not days:
        return None
    return Finding(
        "silence",
        "warning",
        Sentence("There is no order for {days} {days:day|days} in a row.", {"days": days}),
        Sentence("If orders are missing there, every rate around that time is too low."),
        Sentence("Check that the export holds this time, or that the shop was closed."),
        (*bends.RETENTION, *bends.REPEAT, *bends.VOLUME),
    )


def jump(facts: Facts) -> Finding | None:
    """Months far from their neighbors; `rhythm.jumps` states the rule."""
    found = rhythm.jumps(facts.days, facts.span)
    if not found:
        return None
    worst = max(found, key=lambda one: abs(one.orders - one.usual))
    return Finding(
        "jump",
        "warning",
        Sentence(
            "Months that stand out: {count}. {month} has {orders} orders, the months around it "
            "have {usual}.",
            {
                "count": len(found),
                "month": f"{worst.starts_on:%Y-%m}",
                "orders": worst.orders,
                "usual": round(worst.usual),
            },
        ),
        Sentence(
            "If orders are missing or doubled there, trends and cohorts of that time mislead."
        ),
        Sentence("Check that the export holds each order of these months once."),
        (*bends.VOLUME, *bends.RETURNING),
    )


def incomplete_months(facts: Facts) -> Finding | None:
    """A first or last month of which the data hold a part only."""
    start, end = facts.span.starts_on, facts.span.ends_on
    if start.day == 1 and end.day == 1:
        return None
    return Finding(
        "incomplete_months",
        "note",
        Sentence(
            "The data run from {start} to {end}; the first or the last month is not whole.",
            {"start": start, "end": end - dt.timedelta(days=1)},
        ),
        Sentence("Its sums are too small; comparisons leave an unfinished last month out."),
        Sentence("Export whole months, or choose them with --since and --until."),
        bends.VOLUME,
    )


def left_edge(facts: Facts) -> Finding:
    """Who had bought before the first day is not known."""
    start = {"start": facts.span.starts_on}
    return Finding(
        "left_edge",
        "note",
        Sentence("Orders count from {start} on.", start)
        if facts.settings.since
        else Sentence("The data begin on {start}.", start),
        Sentence(
            "Who had bought before that day counts as new; the first cohorts are too large and "
            "come back too often."
        ),
        Sentence("Read the first months with care; the grid marks them."),
        bends.RETURNING,
    )


CHECKS: tuple[Callable[[Facts], Finding | None], ...] = (
    short_history,
    future_days,
    placeholder_days,
    silence,
    jump,
    incomplete_months,
    left_edge,
)
