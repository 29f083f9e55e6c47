"""Everything a report shows, gathered from a history in one go."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import kohorte
from kohorte import exclusions, industry, metrics, moving, quality, restatement, tables
from kohorte import targets as goals
from kohorte.errors import ReadError
from kohorte.history import History
from kohorte.language import Sentence, Text
from kohorte.periods import Span
from kohorte.quality import Quality
from kohorte.results import GRAINS, Counts, Proof, Report
from kohorte.yardsticks import Target

Progress = Callable[[Sentence, float | None], None]

# The orders to which the report shows how long customers take.
_CURVES = (2, 3, 4)
_COUNTS = """
SELECT
  COUNT(*) AS orders,
  SUM(revenue_minor) AS revenue_minor,
  COUNT(DISTINCT customer_id) AS customers,
  (SELECT COALESCE(SUM(orders), 0) FROM unidentified_days) AS unidentified_orders,
  (SELECT SUM(revenue_minor) FROM unidentified_days) AS unidentified_revenue_minor
FROM purchases
"""
_LINES = """
SELECT COUNT(*) AS lines
FROM order_lines AS l
JOIN counted_orders AS o ON o.order_id = l.order_id
WHERE o.customer_id IS NOT NULL
"""
_LOOSE_REFUNDS = "SELECT COUNT(*) AS refunds, SUM(amount_minor) AS amount_minor FROM loose_refunds"


def silent(sentence: Sentence, share: float | None) -> None:
    """Say nothing about progress."""


def summarize(
    history: History,
    *,
    title: str = "",
    created_on: dt.date | None = None,
    progress: Progress = silent,
    by: Sequence[str] = (),
    targets: Sequence[Target] = (),
    earlier: Path | None = None,
    note: Text | None = None,
    trial: Proof | None = None,
) -> Report:
    """Compute every metric at every grain, cohorts, RFM, exclusions and findings.

    `by` names what customers are told apart by, each with a breakdown of its own; `earlier` is the
    folder of an earlier report, whose numbers are compared with these. `note` is what readers have
    to know first, `trial` what a trial of the shop showed.

    Raises
    ------
    ReadError
        There is not one counted order.
    """
    span = _span(history)
    rows = []
    movements = []
    for number, grain in enumerate(GRAINS):
        progress(Sentence("Metrics by period"), number / len(GRAINS))
        rows += history.rows(grain)
        movements += history.movements(grain) if grain not in ("day", "week") else []
    progress(Sentence("Cohorts"), None)
    calendar, rolling = history.cohorts(), history.cohorts(age="rolling")
    progress(Sentence("Time to the next order"), None)
    curves = tuple(history.survival(number) for number in _CURVES)
    progress(Sentence("Customer groups"), None)
    rfm = history.rfm()
    breakdowns = []
    for dimension in by:
        progress(Sentence("Groups side by side"), None)
        breakdowns.append(history.breakdown(dimension))
    progress(Sentence("Forecast"), None)
    from kohorte.forecasts import outlook

    ahead = outlook.of(history)
    progress(Sentence("Surveys"), None)
    from kohorte.surveys import voices

    heard = voices.of(history)
    progress(Sentence("Data quality"), None)
    found = assess(history, today=created_on)
    reading = history.reading
    report = Report(
        title=title,
        currency=history.currency,
        first_on=span.starts_on,
        last_on=span.ends_on - dt.timedelta(days=1),
        created_on=created_on,
        settings=dataclasses.asdict(history.settings),
        counts=_counts(history),
        rows=tuple(rows),
        movements=tuple(movements),
        calendar_cohorts=calendar,
        rolling_cohorts=rolling,
        rfm=rfm,
        files=reading.files if reading else (),
        exclusions=exclusions.by_reason(history.engine, exponent=history.exponent),
        findings=found.findings,
        version=kohorte.__version__,
        score=found.score,
        only=history.narrowed,
        unmeasured=_unmeasured(history),
        moves=tuple(
            moving.compare(
                (row for row in rows if row.grain == "month"),
                confidence_percent=history.settings.confidence_percent,
            )
        ),
        breakdowns=tuple(breakdowns),
        survival=curves,
        reasons=tuple(history.reasons()),
        outlook=ahead,
        note=note,
        voices=heard,
        trial=trial,
    )
    if earlier is not None:
        progress(Sentence("Comparing with the earlier report"), None)
    return _held_against(report, history, targets=targets, earlier=earlier)


def _held_against(
    report: Report, history: History, *, targets: Sequence[Target], earlier: Path | None
) -> Report:
    """Add what the numbers are held against; published figures are about all customers of a shop."""
    goals.check(targets)
    rows = report.rows
    return dataclasses.replace(
        report,
        targets=tuple(targets),
        verdicts=tuple(goals.latest(rows, targets)),
        industry=() if history.narrowed else tuple(industry.beside(rows, report.settings)),
        restatement=restatement.compare(history, earlier, rows) if earlier else None,
    )


def _unmeasured(history: History) -> dict[str, tuple[str, ...]]:
    """Return the tables that are missing, with the metrics that take them."""
    return {
        table: slugs
        for table in tables.BESIDE
        if table in history.lacking
        and (slugs := tuple(s for s, m in metrics.every().items() if table in m.needs))
    }


def assess(history: History, *, today: dt.date | None = None) -> Quality:
    """Return what is worth knowing about the data of a history, and their score.

    Raises
    ------
    ReadError
        There is not one counted order.
    """
    return quality.assess(
        history.engine,
        span=_span(history),
        settings=history.settings,
        lacking=history.lacking,
        exponent=history.exponent,
        today=today,
    )


def _span(history: History) -> Span:
    if history.span is None:
        raise ReadError(
            "None of the orders counts, so there is nothing to report. "
            "All of them are cancelled, unpaid, tests, fully refunded, negative or outside the range."
        )
    return history.span


def _counts(history: History) -> Counts:
    engine = history.engine
    totals = engine.rows(_COUNTS)[0]
    refunds = engine.rows(_LOOSE_REFUNDS)[0]
    reading = history.reading

    def major(minor: Any) -> float | None:
        return None if minor is None else float(Decimal(minor) / 10**history.exponent)

    return Counts(
        rows_read=reading.rows_read if reading else int(totals["orders"]),
        raw_amount=_float(reading.raw_amount) if reading else None,
        lines=int(engine.rows(_LINES)[0]["lines"]),
        orders=int(totals["orders"]),
        customers=int(totals["customers"]),
        revenue=major(totals["revenue_minor"]),
        unidentified_orders=int(totals["unidentified_orders"]),
        unidentified_revenue=major(totals["unidentified_revenue_minor"]),
        refunds_without_order=int(refunds["refunds"]),
        refunds_without_order_amount=major(refunds["amount_minor"]),
    )


def _float(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)
