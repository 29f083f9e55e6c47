"""Trials that were read from files: what each says, for programs that report on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop as N
from ninja import Query, Router
from pydantic import BaseModel, Field

from stammkunde.faces.api import paging
from stammkunde.faces.api.answers import Answer
from stammkunde.faces.api.bearer import Visit
from stammkunde.faces.api.customers import Id
from stammkunde.faces.api.endpoints import read
from stammkunde.faces.api.paging import Asked, Page
from stammkunde.insights.trials import queries
from stammkunde.insights.trials.models import Trial

router = Router(tags=["trials"])
State = Literal["reading", "asking", "read", "failed"]
Verdict = Literal["better", "worse", "chance", "off"]


class ShownTrial(BaseModel):
    """A trial with what it says as a whole."""

    id: int
    name: str
    file_name: str
    state: Annotated[State, Field(description=N("Whether the file is read, or asks something."))]
    verdict: Annotated[
        Verdict | None,
        Field(description=N("What the headline says; `off` if the groups are not as planned.")),
    ]
    customers: int | None
    made_at: dt.datetime


class ShownEffect(BaseModel):
    """What one group did, beside the one that got nothing; shares are between 0 and 1."""

    measure: str
    arm: Annotated[str, Field(description=N("The group."))]
    n: Annotated[int, Field(description=N("Customers of the group."))]
    n_control: int
    value: float
    control: float
    difference: float | None
    low: float | None
    high: float | None
    standard_error: float | None
    percent: Annotated[float | None, Field(description=N("The difference in percent of control."))]
    percent_low: float | None
    percent_high: float | None
    is_good: Annotated[
        bool | None, Field(description=N("Whether it is better or worse; null within chance."))
    ]


class ReadTrial(ShownTrial):
    """A trial with its effects, the headline first."""

    control: Annotated[str | None, Field(description=N("The group that got nothing."))]
    end: Annotated[
        Literal["always", "once", "looks"] | None,
        Field(
            description=N("When the ranges hold: whenever one looks, once, or at planned looks.")
        ),
    ]
    sample_ratio_p: Annotated[
        float | None,
        Field(
            description=N("How likely chance makes the groups so large; null if nobody planned.")
        ),
    ]
    effects: list[ShownEffect]


class Filter(Asked):
    """Which trials are wanted."""

    verdict: Annotated[Verdict | None, Field(description=N("Only of this result."))] = None


@read(router, "/trials", "metrics.read", Page[ShownTrial], summary=N("List trials"))
def list_trials(visit: Visit, asked: Query[Filter]) -> Answer:
    """Tell which trials were read, newest first."""
    found = queries.of_shop(visit.shop, verdict=asked.verdict or "")
    return paging.page(visit, found, asked, lambda trial: _plain(trial), sort="-id")


@read(router, "/trials/{trial_id}", "metrics.read", ReadTrial, summary=N("Read what a trial says"))
def read_trial(visit: Visit, trial_id: Id) -> Answer:
    """Tell what a trial says; without effects as long as it is being read."""
    trial = queries.one(visit.shop, trial_id)
    result: Mapping[str, Any] = trial.result
    ratio = result.get("sample_ratio")
    effects = [
        {name: effect.get(name) for name in ShownEffect.model_fields} | {"is_good": good}
        for effect, good in zip(result.get("effects", ()), result.get("good", ()), strict=True)
    ]
    said: dict[str, Any] = {
        "control": result.get("control"),
        "end": result.get("end"),
        "sample_ratio_p": ratio["p"] if ratio else None,
        "effects": effects,
    }
    return Answer(ReadTrial(**_plain(trial), **said).model_dump(mode="json"))


def _plain(trial: Trial) -> dict[str, Any]:
    shown: dict[str, Any] = {name: getattr(trial, name) for name in ShownTrial.model_fields}
    return ShownTrial(**{**shown, "verdict": trial.verdict or None}).model_dump(mode="json")
