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
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kohorte import conditions, currencies
from kohorte.conditions import customers
from kohorte.errors import KohorteError
from stammkunde.core.errors import Refused
from stammkunde.insights.trials.choices import Choice, Ending, guess

if TYPE_CHECKING:
    from kohorte.experiments.columns import Kind
    from kohorte.experiments.sums import Sums

Measure = Literal["ordered", "revenue"]
# What may go another way than planned.
What = Literal["measure", "end", "shares", "customers", "look", "length", "groups", "decided"]
# What a column holds that tells what a plan is judged by.
KINDS: Mapping[Measure, Kind] = {"ordered": "share", "revenue": "money"}
ENDS: tuple[Ending, ...] = ("once", "always", "looks")
# Planned looks are spread evenly over the customers that are planned.
LOOKS = 4
CUTS = (99.5, 99.0, 100.0)
HYPOTHESIS_MAX, WHERE_MAX = 500, 2_000
CUSTOMERS_LEAST, CUSTOMERS_MOST, DAYS_MOST = 20, 100_000_000, 730
# A first day is one of these years.
YEARS = (1901, 2199)
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
    """What went another way than planned."""

    what: What
    planned: Any
    found: Any


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


def require(plan: Plan, *, currency: str) -> None:
    """Refuse a plan that cannot be kept.

    Parameters
    ----------
    currency
        That of the shop, in which conditions name amounts.

    Raises
    ------
    Refused
        With the sentences at their fields.
    """
    faults = {name: said for name, fits, said in _wanted(plan) if not fits}
    if fault := _misunderstood(plan.where, currency):
        faults["where"] = fault
    if faults:
        said = " ".join(map(str, faults.values()))
        raise Refused(said, name="trial.plan", fields=faults)


def _wanted(plan: Plan) -> Iterator[tuple[str, bool, str | Promise]]:
    """Yield what must hold of the fields of a plan: which, whether it does, and what is said if not."""
    is_said = bool(plan.hypothesis) and len(plan.hypothesis) <= HYPOTHESIS_MAX
    yield "hypothesis", is_said, _("Say in up to 500 characters what you expect, and why.")
    are_enough = CUSTOMERS_LEAST <= plan.customers <= CUSTOMERS_MOST
    yield "customers", are_enough, _("At least 20 customers take part.")
    is_share = 1 <= plan.control_percent <= 90
    yield "control_percent", is_share, _("Between 1 and 90 % are held back.")
    is_power = 50 <= plan.power_percent < 100
    yield "power_percent", is_power, _("The power lies between 50 and 100 %.")
    is_effect = plan.effect_percent is None or 0 < plan.effect_percent <= 1_000
    yield "effect_percent", is_effect, _("The effect lies above 0 and is 1,000 % at most.")
    yield "days", 1 <= plan.days <= DAYS_MOST, _("Between 1 and 730 days are measured.")
    is_day = plan.starts_on is None or YEARS[0] <= plan.starts_on.year <= YEARS[1]
    yield "starts_on", is_day, _("The first day lies in the years 1901 to 2199.")
    choices: tuple[tuple[str, object, tuple[object, ...]], ...] = (
        ("measure", plan.measure, tuple(KINDS)),
        ("end", plan.end, ENDS),
        ("cut_percent", plan.cut_percent, CUTS),
    )
    for name, said, known in choices:
        words = {"words": ", ".join(map(str, known))}
        yield name, said in known, _("Choose one of these: %(words)s.") % words


def _misunderstood(where: str, currency: str) -> str | Promise:
    """Return what is wrong with a condition; nothing is where all customers take part."""
    if not where:
        return ""
    if len(where) > WHERE_MAX:
        return _("The condition is too long.")
    try:
        conditions.parse(where, customers.facts(exponent=currencies.exponent(currency)))
    except KohorteError as fault:
        return fault.render("de" if get_language() == "de" else "en")
    return ""


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
