"""The top of the page: what was counted, and the story in one paragraph."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kohorte.report import change, periods
from kohorte.report.cards import RELIABLE_N
from kohorte.report.material import Material
from kohorte.results import Row


@dataclass(frozen=True)
class Head:
    """Title, range and summary, ready to be shown."""

    title: str
    range: str
    counted: str
    beside: str
    story: tuple[str, ...]
    created: str
    only: str
    note: str
    asked: str


def build(material: Material) -> Head:
    """Say what the report is about."""
    report, voice = material.report, material.voice
    first, last = material.date(report.first_on), material.date(report.last_on)
    range_ = first if first == last else voice.say("{first} to {last}", first=first, last=last)
    sentences = (_kept(material), _repeated(material), _again_soon(material), _existing(material))
    created = report.created_on
    return Head(
        title=report.title or voice.say("Customer retention"),
        range=range_,
        counted=_counted(material),
        beside=_beside(material),
        story=tuple(sentence for sentence in sentences if sentence)
        or (voice.say("There is too little history yet to tell who comes back."),),
        created=voice.say("Made on {day}", day=material.date(created)) if created else "",
        only=_only(material),
        note=voice.pick(report.note) if report.note else "",
        asked=_asked(material),
    )


def _only(material: Material) -> str:
    """Say which customers the report is about, where it is not about all."""
    voice = material.voice
    said = "; ".join(voice.pick(each) for each in material.report.only)
    return voice.say("Only customers of whom this holds: {what}.", what=said) if said else ""


def amount_of(number: int, one: str, many: str) -> str:
    """Choose between two finished phrases by number."""
    return one if number == 1 else many


def _asked(material: Material) -> str:
    """Say how many questions about the files are open, on whose answers the numbers rest."""
    asked = {question.option for file in material.report.files for question in file.questions}
    if not asked:
        return ""
    return material.voice.say(
        "{count} {count:question|questions} about the data {count:is|are} open, and the answers may "
        "change these numbers.",
        count=len(asked),
    )


def _counted(material: Material) -> str:
    voice, counts = material.voice, material.report.counts
    orders = voice.say("{count} {count:order|orders}", count=counts.orders)
    people = amount_of(
        counts.customers,
        voice.say("a single customer"),
        voice.say("{count} customers", count=counts.customers),
    )
    if counts.revenue is None:
        return voice.say("{orders} by {people}, no amounts", orders=orders, people=people)
    revenue = voice.money(counts.revenue)
    return voice.say(
        "{orders} by {people}, revenue {revenue}", orders=orders, people=people, revenue=revenue
    )


def _beside(material: Material) -> str:
    voice, counts = material.voice, material.report.counts
    if not counts.unidentified_orders:
        return ""
    orders = voice.say("{count} {count:order|orders}", count=counts.unidentified_orders)
    if counts.unidentified_revenue is None:
        return voice.say("Not included: {orders} without a customer.", orders=orders)
    return voice.say(
        "Not included: {orders} without a customer, worth {revenue}.",
        orders=orders,
        revenue=voice.money(counts.unidentified_revenue),
    )


def _kept(material: Material) -> str:
    """Of so many customers active then, so many are active now."""
    voice = material.voice
    rate = material.shelf.latest("customer_retention_rate", "month")
    kept = _same_period(material, "returning_customers", rate)
    if rate is None or rate.value is None or kept is None or kept.value is None:
        return ""
    if rate.n < RELIABLE_N:
        return ""
    days = material.setting("retention_days", 365)
    return voice.say(
        "Of {start} customers who were active on {first}, {kept} still were {days} days later, "
        "on {last}: a retention rate of {rate}.",
        start=rate.n,
        first=_days_before(material, rate, days),
        kept=round(kept.value),
        days=days,
        last=material.date(rate.ends_on),
        rate=voice.percent(rate.value, n=rate.n),
    )


def _days_before(material: Material, rate: Row, days: int) -> str:
    return material.date(rate.ends_on - dt.timedelta(days=days))


def _repeated(material: Material) -> str:
    voice = material.voice
    repeat = material.shelf.total("repeat_purchase_rate")
    frequency = material.shelf.total("purchase_frequency")
    if repeat is None or repeat.value is None or frequency is None or frequency.value is None:
        return ""
    if repeat.n == 1 and frequency.value == 1:
        return voice.say("The only customer has ordered once.")
    if repeat.n == 1:
        return voice.say(
            "The only customer has ordered {count} times.", count=round(frequency.value)
        )
    share = voice.percent(repeat.value, n=repeat.n)
    often = voice.value("ratio", frequency.value, n=frequency.n)
    worth = material.shelf.total("average_order_value")
    if worth is None or worth.value is None:
        return voice.say(
            "{share} of all {n} customers ordered more than once; on average they placed {often} "
            "orders.",
            share=share,
            n=repeat.n,
            often=often,
        )
    return voice.say(
        "{share} of all {n} customers ordered more than once; on average they placed {often} "
        "orders of {worth} each.",
        share=share,
        n=repeat.n,
        often=often,
        worth=voice.money(worth.value),
    )


def _again_soon(material: Material) -> str:
    """The repeat rate of the latest customers who have been watched long enough, and its change."""
    voice = material.voice
    row = material.shelf.latest("repeat_rate_90_days", "month")
    metric = material.metrics.get("repeat_rate_90_days")
    if row is None or row.value is None or metric is None or row.n < RELIABLE_N:
        return ""
    said = voice.say(
        "Of the {n} customers who first ordered {when}, {share} ordered again within {days} days",
        n=row.n,
        when=periods.within(row, voice),
        share=voice.percent(row.value, n=row.n),
        days=material.setting("repeat_days", 90),
    )
    before = material.shelf.comparable(row)
    moved = change.describe(row, before, metric, voice) if before else None
    return f"{said}: {moved.words}." if moved and moved.sign else f"{said}."


def _existing(material: Material) -> str:
    voice = material.voice
    existing = material.shelf.total("revenue", "existing")
    everything = material.shelf.total("revenue")
    if not existing or not everything or not existing.value or not everything.value:
        return ""
    share = existing.value / everything.value * 100
    return voice.say(
        "{share} of the revenue came from customers who had bought before.",
        share=voice.percent(share, n=material.report.counts.orders),
    )


def _same_period(material: Material, metric: str, row: Row | None) -> Row | None:
    if row is None:
        return None
    rows = material.shelf.series(metric, row.grain)
    return next((other for other in rows if other.period == row.period), None)
