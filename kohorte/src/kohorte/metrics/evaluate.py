"""From sums to rows: every metric over the periods of one grain, with reasons for what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from kohorte.engine import Engine
from kohorte.intervals import NOTHING, Estimate
from kohorte.language import Sentence
from kohorte.metrics.metric import Metric
from kohorte.periods import Period
from kohorte.results import Grain, Row
from kohorte.settings import Settings

MISSING = {
    "amounts": "The file holds no amounts. `kohorte template orders` shows how.",
    "units": "The file holds no quantities. `kohorte template orders` shows how.",
    "margin": "It takes the contribution margin, for example --margin 40.",
    "products": "It takes products with their cost. `kohorte template products` shows how.",
    "subscriptions": "It takes contracts. `kohorte template subscriptions` shows how.",
    "responses": "It takes answers to a survey. `kohorte template responses` shows how.",
    "spend": "It takes expenses. `kohorte template spend` shows how.",
    "leads": "It takes leads. `kohorte template leads` shows how.",
    "tickets": "It takes requests to customer service. `kohorte template tickets` shows how.",
    "referrals": "It takes referred orders. `kohorte template referrals` shows how.",
    "returns": "It takes returns with reasons. `kohorte template returns` shows how.",
    "costs": "It takes the margin, for example --margin 40, or products with their cost. "
    "`kohorte template products` shows how.",
    "cancellations": "The data hold no cancelled orders.",
    "shared_spend": "Expenses are for all customers together, not for some of them.",
    "shared_leads": "Leads that have not bought belong to no group of customers but a channel.",
    "channel_spend": "What is spent through a channel on keeping customers is for those of all "
    "channels.",
    "unassigned_spend": "Some of these expenses name no channel.",
    "nobody_answered": "Nobody answered in this period.",
    "mixed_scales": "The answers of this period are on different scales, which are never mixed.",
    "other_scale": "The answers of this period are not on the scale from 0 to 10.",
    "no_tickets": "No request came in in this period.",
    "no_first_answers": "No first answer to a request of this period is known.",
    "no_contacts": "No solved request of this period says how often the customer got in touch.",
    "still_open": "Too many requests of this period are still open.",
    "no_leads": "No qualified lead came in in this period.",
    "leads_too_young": "No lead of this period has had {days} days to buy yet.",
    "no_spend": "There are no such expenses in this period.",
    "cost_unknown": "Some lines have neither a cost nor a margin. Add the products, or use --margin.",
    "no_returns_yet": "The data hold no returns of orders as old as these.",
    "no_referrals_yet": "The data hold no referrals as old as this.",
    "no_cancellations_yet": "The data hold no cancelled orders as old as these.",
    "too_fresh": "No order of this period is {days} days old yet.",
    "no_year_before": "This is known for months, quarters and years that the data hold whole a "
    "year before as well.",
    "nothing_before": "There was no revenue in this period a year before.",
    "year_not_over": "No first order of this period is a year old yet.",
    "nobody_contracted": "Nobody had a contract at the start of the period.",
    "nothing_due": "No contract was due for renewal in this period.",
    "due_too_young": "No contract of this period has had {days} days to be renewed yet.",
    "history": "It takes {days} days of data before the end of the period; "
    "the data begin on {start}.",
    "active_history": "It takes {days} days of data before the end of the period; "
    "the data begin on {start}.",
    "too_young": "No first order of this period is {days} days old yet.",
    "too_young_30": "No first order of this period is {days} days old yet.",
    "too_young_365": "No first order of this period is {days} days old yet.",
    "start_history": "It takes {days} days of data before the start of the period; "
    "the data begin on {start}.",
    "start_too_young": "The start of this period is not {days} days ago yet.",
    "back_too_young": "The start of this period is not {days} days ago yet.",
    "back_too_young_30": "The start of this period is not {days} days ago yet.",
    "back_too_young_365": "The start of this period is not {days} days ago yet.",
    "nobody_lapsed": "Nobody who was active at the start stayed away so long.",
    "not_reached": "So many have not ordered again in the time observed.",
    "nobody_at_start": "Nobody was active at the start of the period.",
    "nobody_active": "Nobody is active at the end of the period.",
    "nobody_lost": "Nobody has been lost, so the lifetime has no end yet.",
    "nobody": "Nobody ordered in this period.",
    "nobody_new": "Nobody ordered for the first time in this period.",
}


# Orders without a customer, and answers with weights.
OPTIONAL = ("unidentified", "weighted")
# Whom the numbers are about: everybody; the customers, expenses and leads of some channels,
# expenses without a channel among them (`unassigned`) or not; or some customers by other facts.
Reach = Literal["everybody", "channel", "unassigned", "some"]


@dataclass(frozen=True)
class Question:
    """What a metric is asked over: periods of one grain in a history with its settings.

    `lacking` is what the data do not hold; `reach` says whom the numbers are about.
    """

    grain: Grain
    periods: Sequence[Period]
    settings: Settings
    history_start: dt.date
    exponent: int
    lacking: frozenset[str]
    reach: Reach = "everybody"


def rows(metric: Metric, engine: Engine, question: Question) -> list[Row]:
    """Return one row per period and segment, periods in order, none left out.

    A segment of `OPTIONAL` stands only where the data hold something for it.
    """
    lacking = [need for need in sorted(metric.needs) if need in question.lacking]
    if lacking:
        why = Sentence(MISSING[lacking[0]])
        return [
            _row(metric, question, period, segment, NOTHING, why=why)
            for period in question.periods
            for segment in metric.segments
            if segment not in OPTIONAL
        ]
    found = _grouped(engine.rows(metric.select))
    present = {segment for _, segment in found}
    return [
        _answer(metric, question, period, segment, found.get((number, segment), []))
        for number, period in enumerate(question.periods)
        for segment in metric.segments
        if segment not in OPTIONAL or segment in present
    ]


def _grouped(
    rows: Iterable[Mapping[str, Any]],
) -> dict[tuple[int, str], list[Mapping[str, Any]]]:
    found: dict[tuple[int, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault((row["period"], row["segment"]), []).append(row)
    return found


def _answer(
    metric: Metric,
    question: Question,
    period: Period,
    segment: str,
    sums: Sequence[Mapping[str, Any]],
) -> Row:
    if shared := _shared(metric, question, segment):
        return _row(metric, question, period, segment, NOTHING, why=Sentence(MISSING[shared]))
    if not sums:
        if metric.absent == "zero":
            return _row(metric, question, period, segment, Estimate(0.0))
        why = _missing(metric.absent, question)
        return _row(metric, question, period, segment, NOTHING, why=why)
    estimate = metric.estimate(sums, question.settings)
    if metric.unit == "money":
        estimate = estimate.per(10**question.exponent)
    estimate = estimate.at_least(metric.floor)
    return _row(
        metric,
        question,
        period,
        segment,
        estimate,
        n=sum(int(row["n"]) for row in sums),
        why=_missing(estimate.why or metric.undefined, question)
        if estimate.value is None
        else None,
        complete=all(bool(row.get("complete", True)) for row in sums),
    )


def _shared(metric: Metric, question: Question, segment: str) -> str | None:
    """Return why a number cannot be told for some customers only, if it cannot.

    Expenses belong to channels at most, and only what is spent on winning customers can be set
    against the customers of the same channel.
    """
    if question.reach == "everybody":
        return None
    if question.reach == "some":
        return next((f"shared_{name}" for name in ("spend", "leads") if name in metric.needs), None)
    if "spend" not in metric.needs:
        return None
    if segment not in metric.by_channel:
        return "channel_spend"
    is_total = metric.orders_from == "none"
    return "unassigned_spend" if question.reach == "unassigned" and not is_total else None


def _missing(key: str, question: Question) -> Sentence:
    settings = question.settings
    days = {
        "history": settings.active_days + settings.retention_days,
        "active_history": settings.active_days,
        "too_young": settings.repeat_days,
        "too_young_30": 30,
        "too_young_365": 365,
        "start_history": settings.active_days,
        "start_too_young": settings.active_days,
        "back_too_young": settings.active_days + settings.repeat_days,
        "back_too_young_30": settings.active_days + 30,
        "back_too_young_365": settings.active_days + 365,
        "leads_too_young": settings.lead_days,
        "too_fresh": settings.return_days,
        "due_too_young": settings.renewal_days,
    }
    values = {"days": days.get(key, 0), "start": question.history_start}
    return Sentence(MISSING[key], {name: value for name, value in values.items() if key in days})


def _row(
    metric: Metric,
    question: Question,
    period: Period,
    segment: str,
    estimate: Estimate,
    *,
    n: int = 0,
    why: Sentence | None = None,
    complete: bool = True,
) -> Row:
    return Row(
        metric=metric.slug,
        grain=question.grain,
        period=period.label,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        segment=segment,
        value=estimate.value,
        low=estimate.low,
        high=estimate.high,
        n=n,
        complete=complete and period.complete,
        reason=why,
    )
