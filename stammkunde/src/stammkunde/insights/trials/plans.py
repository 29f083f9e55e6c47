"""What is declared of a trial before it starts, how its file is then read, and what went another way.

A plan is kept as it was said: it cannot be changed, only withdrawn. So a result that fits it was not
chosen among many, and one that does not says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stammkunde.core.errors import Refused
from stammkunde.insights.trials.choices import Choice, Ending, guess

if TYPE_CHECKING:
    from kohorte.experiments.columns import Kind
    from kohorte.experiments.sums import Sums

Measure = Literal["ordered", "revenue"]
# What a column holds that tells what a plan is judged by.
KINDS: Mapping[Measure, Kind] = {"ordered": "share", "revenue": "money"}
ENDS: tuple[Ending, ...] = ("once", "always", "looks")
# Planned looks are spread evenly over the customers that are planned.
LOOKS = 4
CUTS = (99.5, 99.0, 100.0)
HYPOTHESIS_MAX, WHERE_MAX = 500, 2_000
CUSTOMERS_LEAST, CUSTOMERS_MOST, DAYS_MOST = 20, 100_000_000, 730
# Up to so many percent more or fewer customers are as planned.
_NEAR_PERCENT = 5


@dataclass(frozen=True)
class Plan:
    """A trial as it was declared.

    Parameters
    ----------
    hypothesis
        What is expected and why, in words.
    measure, days
        What it is judged by: who orders again, or revenue per customer, within so many days.
    customers, control_percent
        How many take part in all, and how many of them are held back.
    power_percent, effect_percent
        How surely an effect of that size is to be found; the size is in percent of what customers do
        anyway, None where nobody says.
    end
        When it is read: once at its end, at `LOOKS` looks, or whenever one likes.
    cut_percent
        The quantile at which very large amounts are cut; 100 cuts nothing.
    where
        The condition that holds of those who take part; empty for all.
    starts_on
        The first day; None where it is open.
    """

    hypothesis: str
    measure: Measure
    days: int
    customers: int
    control_percent: float
    power_percent: float = 80
    effect_percent: float | None = None
    end: Ending = "once"
    cut_percent: float = CUTS[0]
    where: str = ""
    starts_on: dt.date | None = None

    @property
    def ends_on(self) -> dt.date | None:
        """The day after the last one that is measured."""
        return self.starts_on + dt.timedelta(days=self.days) if self.starts_on else None


@dataclass(frozen=True)
class Deviation:
    """What went another way than planned; `what` is one of `DEVIATIONS`."""

    what: str
    planned: Any
    found: Any


DEVIATIONS = ("measure", "end", "shares", "customers", "look", "length", "groups", "decided")


def as_record(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON can hold it."""
    day = plan.starts_on.isoformat() if plan.starts_on else None
    return asdict(plan) | {"starts_on": day}


def of_record(record: Mapping[str, Any]) -> Plan:
    """Return a plan as the store keeps it.

    >>> plan = Plan("Mail helps", "ordered", 30, 1_000, 10, starts_on=dt.date(2026, 5, 1))
    >>> of_record(as_record(plan)) == plan, plan.ends_on.isoformat()
    (True, '2026-05-31')
    """
    day = record.get("starts_on")
    return Plan(**{**record, "starts_on": dt.date.fromisoformat(day) if day else None})


def require(plan: Plan) -> None:
    """Refuse a plan that cannot be kept.

    Raises
    ------
    Refused
        With the sentences at their fields.
    """
    faults: dict[str, str | Promise] = {}
    if not plan.hypothesis or len(plan.hypothesis) > HYPOTHESIS_MAX:
        faults["hypothesis"] = _("Say in up to 500 characters what you expect, and why.")
    if not CUSTOMERS_LEAST <= plan.customers <= CUSTOMERS_MOST:
        faults["customers"] = _("At least 20 customers take part.")
    if not 1 <= plan.control_percent <= 90:
        faults["control_percent"] = _("Between 1 and 90 % are held back.")
    if not 50 <= plan.power_percent < 100:
        faults["power_percent"] = _("The power lies between 50 and 100 %.")
    if plan.effect_percent is not None and not 0 < plan.effect_percent <= 1_000:
        faults["effect_percent"] = _("The effect lies above 0 and is 1,000 % at most.")
    if not 1 <= plan.days <= DAYS_MOST:
        faults["days"] = _("Between 1 and 730 days are measured.")
    if len(plan.where) > WHERE_MAX:
        faults["where"] = _("The condition is too long.")
    if plan.measure not in KINDS or plan.end not in ENDS or plan.cut_percent not in CUTS:
        faults["measure"] = _("Such a trial cannot be planned.")
    if faults:
        said = " ".join(map(str, faults.values()))
        raise Refused(said, name="trial.plan", fields=faults)


def choice(plan: Plan, sums: Sums) -> Choice:
    """Return how a file is read as planned: what is not evident in it stays open and is asked."""
    guessed = guess(sums)
    arms = sums.splits[guessed.arm].arms
    numbers = [name for name in sums.kinds if name not in (guessed.arm, *guessed.before)]
    fits = [name for name in numbers if sums.kinds[name] == KINDS[plan.measure]]
    # Columns that sound like what customers did come before others of the kind.
    fits.sort(key=lambda name: name not in guessed.measures)
    others = [name for name in guessed.measures if name not in fits[:1]]
    found = replace(
        guessed,
        measures=(*fits[:1], *others) if fits else (),
        shares=_shares(plan, guessed.control, list(arms)),
        end=plan.end,
        looks=_looks(plan, sum(arm.n for arm in arms.values())) if plan.end == "looks" else (),
    )
    return replace(found, planned=plan.customers) if plan.end == "always" else found


def _shares(plan: Plan, control: str, arms: list[str]) -> dict[str, float]:
    """Return what was planned for each arm: those who are not held back are spread evenly."""
    if control not in arms:
        return {}
    others = (100 - plan.control_percent) / (len(arms) - 1)
    return {arm: plan.control_percent if arm == control else others for arm in arms}


def _looks(plan: Plan, customers: int) -> tuple[float, ...]:
    """Return the planned looks up to the one that a number of customers is nearest to."""
    done = min(LOOKS, max(1, round(LOOKS * customers / plan.customers)))
    return tuple(place / LOOKS for place in range(1, done + 1))


def deviations(
    plan: Plan, read: Choice, *, kinds: Mapping[str, str], customers: int, sent_on: dt.date | None
) -> Iterator[Deviation]:
    """Yield what a reading does in another way than planned.

    Parameters
    ----------
    read
        How the file is read now.
    kinds
        What the columns of the file hold.
    customers
        How many stand in it.
    sent_on
        The day on which the file came.

    Examples
    --------
    >>> plan = Plan("Mail helps", "ordered", 30, 1_000, 10, starts_on=dt.date(2026, 5, 1))
    >>> read = Choice("arm", "no", ("spend",), end="always")
    >>> [one.what for one in deviations(plan, read, kinds={"spend": "money"}, customers=640,
    ...     sent_on=dt.date(2026, 5, 12))]
    ['measure', 'end', 'customers', 'length']
    """
    headline = read.measures[0] if read.measures else ""
    if headline and kinds.get(headline) != KINDS[plan.measure]:
        yield Deviation("measure", plan.measure, headline)
    looks = _looks(plan, customers) if plan.end == "looks" else ()
    if read.end != plan.end or read.looks != looks:
        yield Deviation("end", plan.end, read.end)
    elif plan.end == "always" and read.planned != plan.customers:
        yield Deviation("decided", plan.customers, read.planned)
    if read.control and read.shares and round(_held(read), 6) != round(plan.control_percent, 6):
        yield Deviation("shares", plan.control_percent, _held(read))
    expected = plan.customers * (looks[-1] if looks else 1)
    is_between = expected < plan.customers
    if 100 * abs(customers - expected) > _NEAR_PERCENT * expected:
        yield Deviation("look" if is_between else "customers", round(expected), customers)
    if not is_between and plan.starts_on and plan.ends_on and sent_on and sent_on < plan.ends_on:
        yield Deviation("length", plan.days, max(0, (sent_on - plan.starts_on).days))
    if read.by:
        yield Deviation("groups", "", read.by)


def _held(read: Choice) -> float:
    """Return how many percent a reading says were to be held back."""
    return 100 * read.shares.get(read.control, 0.0) / (sum(read.shares.values()) or 1)
