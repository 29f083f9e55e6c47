"""Trials: planned beforehand, read from files, and what each says, for programs that report on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop as N
from ninja import Body, File, Query, Router, UploadedFile
from pydantic import BaseModel, Field

from stammkunde.faces.api import paging
from stammkunde.faces.api.answers import Answer
from stammkunde.faces.api.bearer import Visit
from stammkunde.faces.api.customers import Id
from stammkunde.faces.api.endpoints import read, write
from stammkunde.faces.api.models_of_rows import SAID, Day
from stammkunde.faces.api.paging import Asked, Page
from stammkunde.insights.trials import plans, queries, services
from stammkunde.insights.trials.choices import Ending
from stammkunde.insights.trials.models import NAME_MAX, Trial
from stammkunde.insights.trials.plans import Plan

router = Router(tags=["trials"])
State = Literal["planned", "running", "reading", "asking", "read", "failed"]
Verdict = Literal["better", "worse", "chance", "off"]


class ShownTrial(BaseModel):
    """A trial with what it says as a whole."""

    id: int
    name: str
    file_name: str
    state: Annotated[
        State,
        Field(
            description=N("Whether it is planned, running, its file is read, or asks something.")
        ),
    ]
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


class SaidPlan(BaseModel):
    """What is declared of a trial before it starts; nobody can change it."""

    model_config = SAID

    hypothesis: Annotated[
        str,
        Field(
            min_length=1,
            max_length=plans.HYPOTHESIS_MAX,
            description=N("What is expected, and why."),
        ),
    ]
    measure: Annotated[
        plans.Measure,
        Field(description=N("What decides: who orders again, or revenue per customer.")),
    ]
    days: Annotated[
        int, Field(ge=1, le=plans.DAYS_MOST, description=N("So many days are measured."))
    ] = 30
    customers: Annotated[
        int,
        Field(
            ge=plans.CUSTOMERS_LEAST,
            le=plans.CUSTOMERS_MOST,
            description=N("Of all groups together."),
        ),
    ]
    control_percent: Annotated[
        float, Field(ge=1, le=90, description=N("How many of them are held back."))
    ] = 10
    power_percent: Annotated[
        float, Field(ge=50, lt=100, description=N("How surely an effect is to be found."))
    ] = 80
    effect_percent: Annotated[
        float | None,
        Field(gt=0, le=1000, description=N("Expected, in percent of what customers do anyway.")),
    ] = None
    end: Annotated[
        Ending,
        Field(description=N("Read once at the end, at four looks, or whenever one looks.")),
    ] = "once"
    cut_percent: Annotated[
        float,
        Field(description=N("The quantile at which very large amounts are cut; 100 cuts nothing.")),
    ] = 99.5
    where: Annotated[
        str,
        Field(
            max_length=plans.WHERE_MAX,
            description=N("The condition that holds of those who take part; empty for all."),
        ),
    ] = ""
    starts_on: Annotated[
        Day | None, Field(description=N("The first day; the trial is running from then on."))
    ] = None


class PlannedTrial(SaidPlan):
    """A plan and what the trial is called."""

    name: Annotated[str, Field(min_length=1, max_length=NAME_MAX)]


class ShownDeviation(BaseModel):
    """What went another way than planned."""

    what: Annotated[
        plans.What,
        Field(description=N("Which part of the plan.")),
    ]
    planned: str | float
    found: str | float


class ReadTrial(ShownTrial):
    """A trial with its effects, the headline first."""

    plan: Annotated[SaidPlan | None, Field(description=N("Null if nobody declared one."))]
    planned_at: dt.datetime | None
    deviations: list[ShownDeviation]

    control: Annotated[str | None, Field(description=N("The group that got nothing."))]
    end: Annotated[
        Ending | None,
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
    state: Annotated[
        Literal["planned", "running", "read"] | None, Field(description=N("Only in this state."))
    ] = None


@read(router, "/trials", "metrics.read", Page[ShownTrial], summary=N("List trials"))
def list_trials(visit: Visit, asked: Query[Filter]) -> Answer:
    """Tell which trials were planned and read, newest first."""
    found = queries.of_shop(visit.shop, verdict=asked.verdict or "", state=asked.state or "")
    return paging.page(visit, found, asked, _plain, sort="-id")


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
        "plan": trial.plan or None,
        "planned_at": trial.planned_at,
        "deviations": [asdict(one) for one in queries.deviations(trial)],
    }
    return Answer(ReadTrial(**_plain(trial), **said).model_dump(mode="json"))


@write(
    router, "POST", "/trials", "data.import", {201: ShownTrial}, summary=N("Plan a trial"),
)  # fmt: skip
def plan_trial(visit: Visit, said: Body[PlannedTrial]) -> Answer:
    """Keep what is declared of a trial; it is read as declared once its file is there."""
    told = said.model_dump()
    name = told.pop("name")
    trial = services.plan(visit.shop, name, Plan(**told), actor=visit.actor)
    place = f"{visit.request.path}/{trial.pk}"
    return Answer(_plain(trial), status=201, headers={"Location": place})


@write(
    router, "POST", "/trials/{trial_id}/file", "data.import", {202: ShownTrial},
    summary=N("Send the file of a planned trial"), repeats=True,
)  # fmt: skip
def send_trial(visit: Visit, trial_id: Id, file: File[UploadedFile]) -> Answer:
    """Keep the file of a planned trial until it is read, in the background."""
    content: Any = file
    trial = services.receive(
        visit.shop, "", file.name or "", content, actor=visit.actor, planned=trial_id
    )
    return Answer(_plain(trial), status=202)


@write(
    router, "DELETE", "/trials/{trial_id}", "data.import", {200: ShownTrial},
    summary=N("Withdraw or delete a trial"),
)  # fmt: skip
def delete_trial(visit: Visit, trial_id: Id) -> Answer:
    """Withdraw a plan or delete a trial; on the page it can be brought back for a month."""
    return Answer(_plain(services.delete(visit.shop, trial_id, actor=visit.actor)))


def _plain(trial: Trial) -> dict[str, Any]:
    shown: dict[str, Any] = {name: getattr(trial, name) for name in ShownTrial.model_fields}
    shown["state"] = queries.state(trial)
    return ShownTrial(**{**shown, "verdict": trial.verdict or None}).model_dump(mode="json")
