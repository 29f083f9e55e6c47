"""The form that says how a trial is read: what was guessed stands in it, and can be changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kohorte.language import Language
from stammkunde.core.errors import Refused
from stammkunde.faces.dashboard import lists
from stammkunde.faces.dashboard.insights import inputs
from stammkunde.faces.dashboard.templatetags.formats import reader
from stammkunde.insights.trials import choices
from stammkunde.insights.trials.choices import Choice
from stammkunde.insights.trials.models import Trial

ROLES: dict[str, str | Promise] = {
    "": _("not used"),
    "headline": _("decides (headline)"),
    "judged": _("looked at as well"),
    "before": _("known before the start"),
}
KINDS: dict[str, str | Promise] = {
    "share": _("yes or no"), "count": _("whole numbers"), "money": _("amounts"),
}  # fmt: skip
ENDS: dict[str, str | Promise] = {
    "always": _("whenever you like: the ranges hold however often you look"),
    "once": _("once, at the end that was fixed before the start"),
    "looks": _("at a few looks that were fixed before the start"),
}
Options = list[tuple[str, Any, bool]]


@dataclass(frozen=True)
class Column:
    """A numeric column with what it is for."""

    place: int
    name: str
    kind: str | Promise
    roles: Options
    is_less: bool


@dataclass(frozen=True)
class Share:
    """An arm with how many customers it has and how many were planned, as typed."""

    name: str
    customers: int
    planned: str


@dataclass(frozen=True)
class Form:
    """What can be chosen, with what is."""

    arm: str
    arms: Options
    controls: Options
    columns: list[Column]
    groups: Options
    shares: list[Share]
    ends: Options
    looks: str
    planned: str
    cost: str
    fixed_cost: str
    margin: str
    faults: Mapping[str, Any]


def form(
    trial: Trial,
    arm: str,
    *,
    typed: QueryDict | None = None,
    faults: Mapping[str, Any] | None = None,
) -> Form:
    """Return the form of a trial.

    Parameters
    ----------
    arm
        The column whose groups are shown; the chosen one unless it is one of the file's.
    typed, faults
        What was sent and refused, with why.
    """
    chosen = choices.of_record(trial.choice)
    if typed is not None:
        chosen = _read(trial, typed, keep_faults=False)
    splits = {name: (arms, groups) for name, arms, groups in trial.columns["splits"]}
    if arm in splits and arm != chosen.arm:
        chosen = replace(chosen, arm=arm, control="", by="", shares={})
    arms, groups = splits.get(chosen.arm) or next(iter(splits.values()))
    number = inputs.NumberField().prepare_value
    return Form(
        arm=chosen.arm,
        arms=[(name, name, name == chosen.arm) for name in splits],
        controls=[(name, name, name == chosen.control) for name, _n in arms],
        columns=[
            Column(
                place,
                name,
                KINDS[kind],
                [(role, label, role == chosen.role(name)) for role, label in ROLES.items()],
                name in chosen.less,
            )
            for place, (name, kind) in enumerate(trial.columns["kinds"])
            if name != chosen.arm
        ],
        groups=[(name, name, name == chosen.by) for name in groups],
        shares=[
            Share(name, n, number(float(chosen.shares[name])) if name in chosen.shares else "")
            for name, n in arms
        ],
        ends=[(name, label, name == chosen.end) for name, label in ENDS.items()],
        looks=", ".join(f"{look:g}" for look in chosen.looks),
        planned=str(chosen.planned) if chosen.planned != choices.PLANNED else "",
        cost=number(chosen.cost) if chosen.cost else "",
        fixed_cost=number(chosen.fixed_cost) if chosen.fixed_cost else "",
        margin="" if chosen.margin_percent is None else number(chosen.margin_percent),
        faults=faults or {},
    )


def choice(trial: Trial, sent: QueryDict) -> Choice:
    """Return what a form says.

    Raises
    ------
    Refused
        A number cannot be read; the sentences stand at their fields.
    """
    return _read(trial, sent, keep_faults=True)


def _read(trial: Trial, sent: QueryDict, *, keep_faults: bool) -> Choice:
    language = reader()
    faults: dict[str, str | Promise] = {}

    def number(field: str, name: str, *, most: float) -> float | None:
        text = sent.get(field, "").strip()
        found = _number(text, language, most)
        if text and found is None:
            faults[name] = _("This is no number that fits.")
        return found

    kinds = [name for name, _kind in trial.columns["kinds"]]
    arms: list[tuple[str, int]] = next(
        (arms for name, arms, _g in trial.columns["splits"] if name == sent.get("arm")), []
    )
    roles = {name: sent.get(f"role-{place}", "") for place, name in enumerate(kinds)}
    headline = [name for name, role in roles.items() if role == "headline"]
    if len(headline) > 1:
        faults["measures"] = _("One column decides alone. Look at the others as well.")
    shares = {
        name: share
        for place, (name, _n) in enumerate(arms)
        if (share := number(f"share-{place}", "shares", most=1e9)) is not None
    }
    end = sent.get("end", "")
    looks = [_look(text) for text in sent.get("looks", "").split(",") if text.strip()]
    found = Choice(
        arm=sent.get("arm", ""),
        control=sent.get("control", ""),
        measures=(*headline[:1], *(name for name, role in roles.items() if role == "judged")),
        before=tuple(name for name, role in roles.items() if role == "before"),
        less=tuple(name for place, name in enumerate(kinds) if sent.get(f"less-{place}")),
        by=sent.get("by", ""),
        shares=shares,
        end=end if end in ENDS else "always",  # type: ignore[arg-type]  # one of the ends
        looks=tuple(look for look in looks if look is not None),
        planned=lists.number(sent.get("planned", "").replace(".", ""), most=10**9)
        or choices.PLANNED,
        cost=number("cost", "cost", most=1e6) or 0.0,
        fixed_cost=number("fixed_cost", "fixed_cost", most=1e9) or 0.0,
        margin_percent=number("margin", "margin", most=100),
    )
    if None in looks and found.end == "looks":
        faults["looks"] = _("Write the looks so far as shares of all customers: 0.25, 0.5.")
    if not headline and found.measures:
        faults["measures"] = _("Choose the column that decides.")
    if faults and keep_faults:
        raise Refused(" ".join(map(str, faults.values())), name="trial.choice", fields=faults)
    return found


def _number(text: str, language: Language, most: float) -> float | None:
    try:
        found = inputs.number(text[:40], language)
    except ValueError:
        return None
    return found if 0 <= found <= most else None


def _look(text: str) -> float | None:
    try:
        found = float(text.strip())
    except ValueError:
        return None
    return found if 0 < found <= 1 else None
