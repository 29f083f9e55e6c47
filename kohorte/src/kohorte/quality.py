"""Findings: what in the data bends which number, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kohorte.engine import Engine
from kohorte.language import Sentence
from kohorte.periods import Span
from kohorte.results import Finding
from kohorte.settings import Settings

LARGE_SHARE = 0.1
GAP_FACTOR = 7
GAP_DAYS_AT_LEAST = 14


@dataclass(frozen=True)
class Facts:
    """What the findings look at: the span, the settings, and a few totals of the data."""

    span: Span
    settings: Settings
    totals: Mapping[str, Any]
    lacking: frozenset[str]


_TOTALS = """
SELECT
  COUNT(*) + (SELECT COALESCE(SUM(orders), 0) FROM unidentified_days) AS orders,
  (SELECT COALESCE(SUM(orders), 0) FROM unidentified_days) AS unidentified,
  (SELECT MAX(revenue_minor) FROM customer_totals) AS largest_customer,
  (SELECT COUNT(*) FROM customer_totals) AS customers,
  SUM(revenue_minor) AS revenue_minor,
  COUNT(*) FILTER (WHERE revenue_minor = 0) AS free_orders,
  COUNT(DISTINCT day) AS busy_days,
  (SELECT COUNT(*) FROM loose_refunds) AS loose_refunds
FROM purchases
"""
_LONGEST_GAP = """
WITH days AS (
  SELECT day FROM purchases UNION SELECT day FROM unidentified_days
), pauses AS (
  SELECT day AS from_day, LEAD(day) OVER (ORDER BY day) AS to_day FROM days
)
SELECT from_day, to_day, to_day - from_day - 1 AS silent_days
FROM pauses
WHERE to_day IS NOT NULL
ORDER BY silent_days DESC, from_day
LIMIT 1
"""


def findings(
    engine: Engine, *, span: Span, settings: Settings, lacking: frozenset[str]
) -> tuple[Finding, ...]:
    """Return everything worth knowing about the data, warnings first."""
    totals = {**engine.rows(_TOTALS)[0], "gap": next(iter(engine.rows(_LONGEST_GAP)), None)}
    facts = Facts(span, settings, totals, lacking)
    found = [finding for check in _CHECKS if (finding := check(facts)) is not None]
    return tuple(sorted(found, key=lambda finding: finding.severity != "warning"))


def _short_history(facts: Facts) -> Finding | None:
    days = (facts.span.ends_on - facts.span.starts_on).days
    needed = facts.settings.active_days + facts.settings.retention_days
    if days >= needed:
        return None
    shorter = max(1, days // 4)
    return Finding(
        "short_history",
        "warning",
        Sentence("The data cover {days} days.", {"days": days}),
        Sentence(
            "Retention, churn and lifetime value need {needed} days and stay empty.",
            {"needed": needed},
        ),
        Sentence(
            "Export a longer range, or measure over a shorter window: --active-days {shorter}.",
            {"shorter": shorter},
        ),
    )


def _unidentified(facts: Facts) -> Finding | None:
    count = int(facts.totals["unidentified"])
    if not count:
        return None
    share = 100 * count / int(facts.totals["orders"])
    return Finding(
        "unidentified",
        "warning" if share > 100 * LARGE_SHARE else "note",
        Sentence("{count} orders ({share} %) name no customer.", {"count": count, "share": share}),
        Sentence("They count in no customer metric; repeat rates may be higher in truth."),
        Sentence("Export the customer number or the e-mail address with every order."),
    )


def _loose_refunds(facts: Facts) -> Finding | None:
    count = int(facts.totals["loose_refunds"])
    if not count:
        return None
    return Finding(
        "loose_refunds",
        "note",
        Sentence("{count} refunds name no order of these data.", {"count": count}),
        Sentence("They are not subtracted from any order, so order values are before refunds."),
        Sentence("Export refunds with the number of the order they belong to."),
    )


def _free_orders(facts: Facts) -> Finding | None:
    count = int(facts.totals["free_orders"])
    if not count:
        return None
    return Finding(
        "free_orders",
        "note",
        Sentence("{count} counted orders have an amount of zero.", {"count": count}),
        Sentence("They count as purchases and lower the average order value."),
        Sentence("Mark them as test or cancelled if they are no purchases."),
    )


def _silence(facts: Facts) -> Finding | None:
    gap = facts.totals["gap"]
    if gap is None:
        return None
    days = (facts.span.ends_on - facts.span.starts_on).days
    usual = days / max(1, int(facts.totals["busy_days"]))
    if gap["silent_days"] < max(GAP_DAYS_AT_LEAST, GAP_FACTOR * usual):
        return None
    return Finding(
        "silence",
        "warning",
        Sentence("There is no order for {days} days in a row.", {"days": int(gap["silent_days"])}),
        Sentence("If orders are missing there, every rate around that time is too low."),
        Sentence("Check that the export holds this time, or that the shop was closed."),
    )


def _one_large_customer(facts: Facts) -> Finding | None:
    largest, total = facts.totals["largest_customer"], facts.totals["revenue_minor"]
    if not largest or not total or int(facts.totals["customers"]) < 20:
        return None
    share = float(largest) / float(total)
    if share < LARGE_SHARE:
        return None
    return Finding(
        "one_large_customer",
        "note",
        Sentence("One customer brings {share} % of the revenue.", {"share": 100 * share}),
        Sentence("Averages of order and customer value lean on this one customer."),
        Sentence("Look at wholesale and staff customers separately."),
    )


def _no_amounts(facts: Facts) -> Finding | None:
    if "amounts" not in facts.lacking:
        return None
    return Finding(
        "no_amounts",
        "note",
        Sentence("The files hold no amounts."),
        Sentence("Revenue, order value, customer value and lifetime value stay empty."),
        Sentence("Export the total of each order, or quantity and unit price."),
    )


def _left_edge(facts: Facts) -> Finding:
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
    )


def _tax_unknown(facts: Facts) -> Finding | None:
    if "amounts" in facts.lacking:
        return None
    return Finding(
        "tax_unknown",
        "note",
        Sentence("Amounts are taken as they stand in the file, gross or net."),
        Sentence("Revenue, order value and customer value include tax if the file does."),
        Sentence("Compare them only with figures of the same kind."),
    )


_CHECKS: tuple[Callable[[Facts], Finding | None], ...] = (
    _short_history,
    _unidentified,
    _silence,
    _loose_refunds,
    _free_orders,
    _one_large_customer,
    _no_amounts,
    _tax_unknown,
    _left_edge,
)
