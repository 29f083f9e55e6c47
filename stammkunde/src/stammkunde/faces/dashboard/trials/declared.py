"""A plan in words: what was declared, what a reading does in another way, and the form that keeps it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django import forms as fields
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kohorte.report.voice import Voice
from stammkunde.faces.dashboard import forms
from stammkunde.faces.dashboard.insights.inputs import DayInput, NumberField
from stammkunde.faces.dashboard.templatetags import formats
from stammkunde.faces.dashboard.trials import asking, planning
from stammkunde.insights.trials import plans, queries
from stammkunde.insights.trials.models import NAME_MAX, Trial
from stammkunde.insights.trials.plans import Deviation, Plan

CUTS: Mapping[float, str | Promise] = {
    99.5: gettext_lazy("at the 99.5% quantile"),
    99.0: gettext_lazy("at the 99% quantile"),
    100.0: gettext_lazy("not at all"),
}


class KeepForm(forms.Once):
    """What a plan says beside the numbers of the calculator."""

    name = fields.CharField(
        label=gettext_lazy("Name"),
        max_length=NAME_MAX,
        help_text=gettext_lazy("What it is about, such as “Voucher in May”."),
    )
    hypothesis = fields.CharField(
        label=gettext_lazy("What you expect, and why"),
        max_length=plans.HYPOTHESIS_MAX,
        widget=fields.Textarea({"rows": 3}),
        help_text=gettext_lazy("No names of customers: the plan stays as it is."),
    )
    effect = NumberField(
        label=gettext_lazy("Effect you expect, in %"),
        required=False,
        help_text=gettext_lazy("In percent of what customers do anyway; empty if you do not know."),
    )
    starts_on = fields.DateField(
        label=gettext_lazy("First day"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("From then on the trial is running."),
    )
    cut = fields.ChoiceField(
        label=gettext_lazy("Very large amounts are cut"),
        choices=[(str(value), label) for value, label in CUTS.items()],
    )

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        for field in self.fields.values():
            # Whoever changes a number of the calculator keeps what was typed here.
            field.widget.attrs["hx-preserve"] = "true"


def rows(trial: Trial, voice: Voice) -> list[tuple[str, str]]:
    """Return what was declared of a trial, as labels and values."""
    plan = plans.of_record(trial.plan)
    everybody = {
        "n": voice.count(plan.customers),
        "control": planning.share(plan.control_percent, voice),
    }
    found = [
        (_("Expected"), plan.hypothesis),
        (
            _("Judged by"),
            _("%(measure)s, within %(days)s days")
            % {"measure": asking.MEASURES[plan.measure], "days": plan.days},
        ),
        (_("Customers"), _("%(n)s, %(control)s of them held back") % everybody),
        (_("It is read"), str(asking.READ[plan.end])),
        (_("Very large amounts are cut"), str(CUTS[plan.cut_percent])),
    ]
    if plan.effect_percent is not None:
        size = {
            "size": planning.percent(plan.effect_percent, voice),
            "power": voice.count(plan.power_percent),
        }
        said = _("%(size)s, to be found in %(power)s of 100 trials") % size
        found.insert(2, (_("Effect"), said))
    if plan.where:
        found.insert(3, (_("Only customers of whom this holds"), plan.where))
    if plan.starts_on and plan.ends_on:
        last = plan.ends_on - dt.timedelta(days=1)
        found.append((_("Measured"), f"{formats.day(plan.starts_on)} – {formats.day(last)}"))
    return found


def deviations(trial: Trial, voice: Voice) -> list[str]:
    """Say what a reading does in another way than planned, one sentence each."""
    return [_SAID[one.what](one, voice) for one in queries.deviations(trial)]


def _measure(one: Deviation, _voice: Voice) -> str:
    words = {"planned": asking.MEASURES[one.planned], "found": one.found}
    return (
        _(
            "Planned to be judged by “%(planned)s”; “%(found)s” is something else, so it proves less."
        )
        % words
    )


def _end(one: Deviation, _voice: Voice) -> str:
    words = {"planned": asking.READ[one.planned], "found": asking.READ[one.found]}
    return _("Planned to be read %(planned)s; it is read %(found)s.") % words


def _decided(one: Deviation, voice: Voice) -> str:
    words = {"planned": voice.count(one.planned), "found": voice.count(one.found)}
    return (
        _("The ranges were to be narrowest at %(planned)s customers, and are at %(found)s.") % words
    )


def _shares(one: Deviation, voice: Voice) -> str:
    planned, found = (planning.share(each, voice) for each in (one.planned, one.found))
    return _("%(planned)s were to be held back; the reading says %(found)s.") % {
        "planned": planned,
        "found": found,
    }


def _customers(one: Deviation, voice: Voice) -> str:
    words = {"planned": voice.count(one.planned), "found": voice.count(one.found)}
    if one.found < one.planned:
        return (
            _(
                "%(planned)s customers were planned, %(found)s took part: it sees only larger effects."
            )
            % words
        )
    return _("%(planned)s customers were planned, %(found)s took part.") % words


def _look(one: Deviation, voice: Voice) -> str:
    words = {"planned": voice.count(one.planned), "found": voice.count(one.found)}
    return _("This look was planned at %(planned)s customers; %(found)s took part so far.") % words


def _length(one: Deviation, voice: Voice) -> str:
    words = {"planned": voice.count(one.planned), "found": voice.count(one.found)}
    return _("%(planned)s days were to be measured; the file came after %(found)s.") % words


def _groups(one: Deviation, _voice: Voice) -> str:
    return _("Groups of “%(by)s” were not planned: they suggest, and prove nothing.") % {
        "by": one.found
    }


_SAID: Mapping[str, Callable[[Deviation, Voice], str]] = {
    "measure": _measure, "end": _end, "decided": _decided, "shares": _shares,
    "customers": _customers, "look": _look, "length": _length, "groups": _groups,
}  # fmt: skip


def declared(asked: asking.Asked, said: Mapping[str, Any], *, customers: int, where: str) -> Plan:
    """Return the plan that the calculator and the form beside it say."""
    return Plan(
        hypothesis=said["hypothesis"],
        measure=asked.measure,
        days=asked.days,
        customers=customers,
        control_percent=asked.control_percent,
        power_percent=asked.power_percent,
        effect_percent=said["effect"],
        end=asked.read,
        cut_percent=float(said["cut"]),
        where=where,
        starts_on=said["starts_on"],
    )
