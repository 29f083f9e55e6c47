"""A trial before its start in words and pictures: what it would see, and what would help it see more."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from kohorte.report.voice import Voice
from stammkunde.faces.dashboard.insights.figures import Figure
from stammkunde.faces.dashboard.predictions import pictures
from stammkunde.faces.dashboard.trials.asking import Asked
from stammkunde.insights.trials.plans import LOOKS

if TYPE_CHECKING:
    from kohorte.experiments.ends import End
    from kohorte.experiments.power import Base, Plan

CONTROLS = (5.0, 10.0, 20.0, 30.0, 50.0)
REPEATS = (3, 6, 12)
WANTED_PERCENT = (5, 10, 20)
STEPS = 12
# From here on a correlation with the time before is worth a word.
NOTABLE = 0.05
_NICE = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Planner:
    """A plan and what customers do without the treatment.

    Parameters
    ----------
    base
        Without what is known of the time before.
    correlation
        How far the same time before foretells it; 0 where nobody knows.
    """

    asked: Asked
    plan: Plan
    base: Base
    correlation: float
    voice: Voice

    @property
    def steadied(self) -> Base:
        """The base of whoever reads the trial with what was known before (CUPED)."""
        return replace(self.base, correlation=self.correlation)

    @property
    def knows_before(self) -> bool:
        """Whether the time before steadies the reading notably."""
        return self.correlation >= NOTABLE


def of(asked: Asked, found: Mapping[str, Any] | None, voice: Voice) -> Planner | None:
    """Return the plan that an address asks for; None where nobody says what customers do anyway.

    Parameters
    ----------
    found
        What the shop's orders tell, as the question `baseline` answers; None where they tell nothing.
    """
    from kohorte.experiments.power import Base, Plan

    known = (found or {}).get("bases", {})
    correlation = 0.0
    if asked.is_own:
        base = (
            Base.share((asked.share or 0) / 100)
            if asked.measure == "ordered"
            else Base.money(asked.mean or 0, variation=asked.variation)
        )
    elif asked.measure in known:
        mean, deviation, correlation = known[asked.measure]
        base = Base(mean, deviation)
    else:
        return None
    customers = asked.customers or (found or {}).get("customers") or 0
    if customers < 4:
        return None
    plan = Plan(customers, asked.control_percent, asked.power_percent, _end(asked.read, customers))
    return Planner(asked, plan, base, correlation, voice)


def _end(read: str, customers: int) -> End:
    """Return how wide the ranges are at the end of a trial that is read so."""
    from kohorte.experiments.ends import Always, Fixed, Planned

    if read == "looks":
        return Planned(tuple(place / LOOKS for place in range(1, LOOKS + 1)))
    return Always(customers) if read == "always" else Fixed()


def percent(value: float, voice: Voice) -> str:
    """Write an effect in percent, with a digit behind the mark only where it would be too coarse."""
    if math.isinf(value):
        return "–"
    digits = 1 if value < 10 and round(value, 1) != round(value) else 0
    return f"{voice.number(value, digits=digits)}{voice.percent_sign}"


def share(value: float, voice: Voice) -> str:
    """Write a share as somebody typed it.

    >>> share(12.5, Voice("en", None)), share(10, Voice("en", None))
    ('12.5%', '10%')
    """
    digits = 0 if value == round(value) else 1
    return f"{voice.number(value, digits=digits)}{voice.percent_sign}"


def amount(planner: Planner, value: float) -> str:
    """Write what customers do: a share of them, or revenue of each."""
    if planner.base.deviation is None:
        digits = 2 if value < 0.02 else 1
        return f"{planner.voice.number(100 * value, digits=digits)}{planner.voice.percent_sign}"
    return planner.voice.money(value)


def smallest_percent(plan: Plan, base: Base) -> float:
    """Return the smallest effect that a plan finds, in percent of what customers do anyway."""
    return 100 * plan.smallest(base) / base.mean


def headline(planner: Planner) -> str:
    """Say what the trial would see."""
    plan, base, voice = planner.plan, planner.base, planner.voice
    effect = plan.smallest(base)
    words = {
        "n": voice.count(plan.customers),
        "control": share(plan.control_percent, voice),
        "power": voice.count(plan.power_percent),
    }
    if math.isinf(effect):
        return (
            _(
                "With your %(n)s customers and %(control)s of them held back you would not see any effect."
            )
            % words
        )
    words |= {
        "percent": percent(100 * effect / base.mean, voice),
        "before": amount(planner, base.mean),
        "after": amount(planner, base.mean + effect),
    }
    if base.deviation is None:
        said = _(
            "With your %(n)s customers and %(control)s of them held back you will only see effects "
            "above %(percent)s: instead of %(before)s, %(after)s would have to order again."
        )
    else:
        said = _(
            "With your %(n)s customers and %(control)s of them held back you will only see effects "
            "above %(percent)s: %(before)s per customer would have to become %(after)s."
        )
    return said % words


def meaning(planner: Planner) -> str:
    """Say how sure that is, and what reading it in the other way would cost."""
    plan, voice = planner.plan, planner.voice
    sure = _("Of 100 trials with such an effect, %(power)s would find it.") % {
        "power": voice.count(plan.power_percent)
    }
    other = "always" if planner.asked.read == "once" else "once"
    other_plan = replace(plan, end=_end(other, plan.customers))
    found = percent(smallest_percent(other_plan, planner.base), voice)
    if planner.asked.read == "once":
        said = _(
            "That is read once, at the planned end. Whoever looks again and again sees effects above "
            "%(percent)s."
        )
    elif planner.asked.read == "looks":
        said = _(
            "You may look at a quarter, a half and three quarters of your customers, and at the end. Read "
            "once, at the end, effects above %(percent)s could be seen."
        )
    else:
        said = _(
            "You may look whenever you like. Read once, at an end that was fixed beforehand, effects "
            "above %(percent)s could be seen."
        )
    return f"{sure} {said % {'percent': found}}"


@dataclass(frozen=True)
class Share:
    """What is seen if so many customers are held back."""

    control: str
    held: str
    effect: str
    amount: str
    steadied: str
    is_chosen: bool


def shares(planner: Planner) -> list[Share]:
    """Return the smallest effect by the share that is held back."""
    plan, found = planner.plan, []
    for control in sorted({*CONTROLS, plan.control_percent}):
        other = replace(plan, control_percent=control)
        effect = other.smallest(planner.base)
        found.append(
            Share(
                share(control, planner.voice),
                planner.voice.count(plan.customers * control / 100),
                percent(100 * effect / planner.base.mean, planner.voice),
                "–" if math.isinf(effect) else _gain(planner, effect),
                percent(smallest_percent(other, planner.steadied), planner.voice),
                control == plan.control_percent,
            )
        )
    return found


def _gain(planner: Planner, effect: float) -> str:
    if planner.base.deviation is None:
        points = planner.voice.number(100 * effect, digits=2 if effect < 0.01 else 1)
        return _("%(points)s points") % {"points": points}
    return planner.voice.money(effect)


@dataclass(frozen=True)
class Help:
    """Something that lets smaller effects be seen, and from which size on they would be."""

    what: str
    effect: str


def helps(
    planner: Planner, *, longer: Mapping[str, Any] | None, everybody: Mapping[str, Any] | None
) -> Iterator[Help]:
    """Give what would help, with how small effects may be then.

    Parameters
    ----------
    longer
        What customers do in twice the days; None where that is not known.
    everybody
        What all customers do, if only some are to take part.
    """
    plan, voice = planner.plan, planner.voice
    now = smallest_percent(plan, planner.base)

    def help_(what: str, found: float) -> Iterator[Help]:
        if found < 0.98 * now:
            yield Help(what, percent(found, voice))

    if plan.control_percent < 50:
        half = smallest_percent(replace(plan, control_percent=50.0), planner.base)
        yield from help_(_("hold back half of the customers"), half)
    if planner.knows_before:
        yield from help_(
            _("upload what each customer did before the start as well, it steadies the reading"),
            smallest_percent(plan, planner.steadied),
        )
    if longer and (other := of(planner.asked, longer, voice)) and not planner.asked.is_own:
        yield from help_(
            _("measure for %(days)s days instead of %(before)s")
            % {"days": longer["days"], "before": planner.asked.days},
            smallest_percent(replace(plan, end=other.plan.end), other.base),
        )
    if everybody and everybody["customers"] > plan.customers:
        all_of = replace(planner.asked, customers=None)
        if other := of(all_of, everybody, voice):
            yield from help_(
                _("let all %(n)s customers take part") % {"n": voice.count(other.plan.customers)},
                smallest_percent(other.plan, other.base),
            )
    for times in REPEATS:
        yield from help_(
            _(
                "repeat the trial %(times)s times and pool the results, if it works the same each time"
            )
            % {"times": times},
            now / math.sqrt(times),
        )


@dataclass(frozen=True)
class Needed:
    """How many customers an effect of a size takes."""

    effect: str
    customers: str
    is_there: bool


def needed(planner: Planner) -> list[Needed]:
    """Return how many customers it takes to see effects of some sizes; nothing for planned looks."""
    from kohorte.errors import SettingError
    from kohorte.experiments.power import customers_needed

    found: list[Needed] = []
    if planner.asked.read == "looks":
        return found
    for size in WANTED_PERCENT:
        try:
            count = customers_needed(
                planner.base,
                effect=planner.base.mean * size / 100,
                control_percent=planner.plan.control_percent,
                power_percent=planner.plan.power_percent,
                always=planner.asked.read == "always",
            )
        except SettingError:
            continue
        found.append(
            Needed(
                percent(size, planner.voice),
                planner.voice.count(count),
                count <= planner.plan.customers,
            )
        )
    return found


def figure(planner: Planner) -> Figure:
    """Draw how surely effects are found, by their size."""
    plan, voice = planner.plan, planner.voice
    smallest = smallest_percent(plan, planner.base)
    step = _step(2 * (100 if math.isinf(smallest) else smallest) / STEPS)
    sizes = [step * place for place in range(STEPS + 1)]

    def surely(plan: Plan, base: Base) -> list[float | None]:
        return [
            plan.power(base, effect=effect) if _is_possible(base, effect) else None
            for effect in (base.mean * size / 100 for size in sizes)
        ]

    lines = [(_("as planned"), surely(plan, planner.base))]
    if plan.control_percent < 50:
        half = replace(plan, control_percent=50.0)
        lines.append((_("with half held back"), surely(half, planner.base)))
    if planner.knows_before:
        lines.append((_("steadied by the time before"), surely(plan, planner.steadied)))
    return pictures.figure(
        "power",
        _("How surely an effect is found"),
        _("Of 100 trials with an effect of this size, so many find it."),
        over=_("Effect"),
        labels=[percent(size, voice) for size in sizes],
        lines=lines,
        unit="percent",
        kind="lines",
        voice=voice,
        summary=_("From %(percent)s on, %(power)s of 100 trials find the effect.")
        % {"percent": percent(smallest, voice), "power": voice.count(plan.power_percent)}
        if not math.isinf(smallest)
        else _("No effect is found surely enough."),
    )


def _is_possible(base: Base, effect: float) -> bool:
    return base.deviation is not None or base.mean + effect < 1


def _step(rough: float) -> float:
    """Return a round step that is not smaller.

    >>> _step(4.1), _step(0.7)
    (5.0, 1.0)
    """
    power = 10.0 ** math.floor(math.log10(max(rough, 1e-6)))
    return next(nice * power for nice in _NICE if nice * power >= rough * (1 - 1e-9))
