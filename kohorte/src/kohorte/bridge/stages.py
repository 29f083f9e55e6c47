"""The stages between another tool's number and ours: each replaces one component of the one before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from kohorte import exclusions
from kohorte.bridge.ways import Definition
from kohorte.language import Sentence
from kohorte.metrics import Metric
from kohorte.periods import Span
from kohorte.settings import COUNTABLE, OMITTABLE, UNCOUNTED, Settings


@dataclass(frozen=True, kw_only=True)
class Assumed:
    """What is assumed about the other tool.

    Parameters
    ----------
    seen_on
        The day on which its number was read; what was ordered later it did not know.
    timezone
        Its time zone, if that is not the shop's.
    days
        The days that its number is about, if they are not ours.
    """

    seen_on: dt.date | None = None
    timezone: str | None = None
    days: Span | None = None


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One way to get the number; `slug` and `name` say what it replaced.

    `reading` are the options of `reading.ReadOptions` with which the files are read.
    """

    slug: str
    name: Sentence
    settings: Settings
    days: Span
    metric: Metric
    reading: Mapping[str, bool] = field(default_factory=dict)


def stages(
    definition: Definition,
    *,
    settings: Settings,
    days: Span,
    assumed: Assumed,
    reading: Mapping[str, bool],
    states: Collection[str],
) -> list[Stage]:
    """Return all stages, theirs first and ours last.

    Parameters
    ----------
    settings, days
        Ours.
    reading
        The reading options that differ from ours.
    states
        The states of the orders; a reason that none of them has makes no stage.
    """
    variants = definition.variants
    found = [
        Stage(
            slug="theirs",
            name=Sentence("As the other tool has it"),
            settings=_theirs(definition, settings, assumed),
            days=assumed.days or days,
            metric=variants[0],
            reading=reading,
        )
    ]

    def add(slug: str, name: Sentence, stage: Stage) -> None:
        found.append(replace(stage, slug=slug, name=name))

    if assumed.seen_on:
        later = Sentence("Orders after {day}, which it did not know yet", {"day": assumed.seen_on})
        known = replace(found[-1].settings, until=settings.until)
        add("seen", later, replace(found[-1], settings=known))
    if assumed.timezone and assumed.timezone != settings.timezone:
        zones = {"theirs": assumed.timezone, "ours": settings.timezone}
        local = replace(found[-1].settings, timezone=settings.timezone)
        name = Sentence("Days of the zone {ours} instead of {theirs}", zones)
        add("zone", name, replace(found[-1], settings=local))
    if assumed.days and assumed.days != days:
        add("period", _period(days), replace(found[-1], days=days))
    for slug, name, counting in _counting(found[-1].settings, settings, states):
        add(slug, name, replace(found[-1], settings=counting))
    for option in _READING:
        if option in found[-1].reading:
            kept = {key: value for key, value in found[-1].reading.items() if key != option}
            add(option, _READING[option], replace(found[-1], reading=kept))
    for way, variant in zip(definition.ways, variants[1:], strict=True):
        add(way.slug, way.change, replace(found[-1], metric=variant, settings=settings))
    return found


_READING = {
    "separate_accounts": Sentence("Accounts with one e-mail address are one customer"),
    "without_postage": Sentence("Amounts hold the postage"),
    "net": Sentence("Amounts hold the taxes"),
}


def _theirs(definition: Definition, settings: Settings, assumed: Assumed) -> Settings:
    return replace(
        settings,
        count=definition.reasons(settings),
        leave_out=settings.leave_out if definition.counts is None else (),
        payment_days=definition.payment_days(settings),
        timezone=assumed.timezone or settings.timezone,
        until=assumed.seen_on or settings.until,
    )


def _period(days: Span) -> Sentence:
    last = days.ends_on - dt.timedelta(days=1)
    return Sentence("From {first} to {last} instead", {"first": days.starts_on, "last": last})


def _counting(
    theirs: Settings, ours: Settings, states: Collection[str]
) -> Iterator[tuple[str, Sentence, Settings]]:
    """Give the settings that lead to which orders we count, one reason after the other."""
    now = theirs
    for reason in (*COUNTABLE, *OMITTABLE):
        name = {"reason": exclusions.REASONS[reason][0]}
        said = Sentence("Left out: {reason}", name)
        if reason in now.count and reason not in ours.count:
            now = replace(now, count=tuple(one for one in now.count if one != reason))
        elif reason in ours.count and reason not in now.count:
            now, said = (
                replace(now, count=(*now.count, reason)),
                Sentence("Counted: {reason}", name),
            )
        elif reason in ours.leave_out and reason not in now.leave_out:
            now = replace(now, leave_out=(*now.leave_out, reason))
        else:
            continue
        if reason not in UNCOUNTED or reason in states or (reason == "unpaid" and "open" in states):
            yield reason, said, now
    now = replace(now, count=ours.count, leave_out=ours.leave_out)
    if now.payment_days != ours.payment_days and "open" in states:
        said = Sentence("Left out: unpaid after {days} days", {"days": ours.payment_days})
        yield "payment_days", said, replace(now, payment_days=ours.payment_days)
