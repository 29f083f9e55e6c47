"""How customers stay, when they come again, who they are, and what was left out."""

from __future__ import annotations

from typing import Annotated, Literal

from django.utils.translation import gettext_noop as N
from ninja import Query, Router
from pydantic import BaseModel, Field

from stammkunde.faces.api.answers import Answer
from stammkunde.faces.api.bearer import Visit
from stammkunde.faces.api.endpoints import read
from stammkunde.faces.api.numbers import models
from stammkunde.faces.api.numbers.asking import (
    State,
    Where,
    answered,
    condition,
    language,
    state,
    tell,
)
from stammkunde.faces.api.numbers.metrics import FORBID, WhereAsked
from stammkunde.insights import plain, services
from stammkunde.insights.questions import Question

router = Router(tags=["numbers"])


class CohortsAsked(BaseModel):
    """Which cohorts are wanted."""

    model_config = FORBID

    grain: Annotated[
        Literal["week", "month", "quarter", "year"],
        Field(description=N("The period of the first order.")),
    ] = "month"
    age: Annotated[
        Literal["calendar", "rolling"],
        Field(description=N("By the calendar, or in blocks of days from each first order.")),
    ] = "calendar"
    where: Where = None


class MovementsAsked(BaseModel):
    """Which movements are wanted."""

    model_config = FORBID

    grain: Annotated[
        Literal["month", "quarter", "year"], Field(description=N("The kind of period."))
    ] = "month"
    where: Where = None


class SurvivalAsked(BaseModel):
    """Which curve is wanted."""

    model_config = FORBID

    to_order: Annotated[
        int, Field(ge=2, le=10, description=N("To which order: 2 is the first that is repeated."))
    ] = 2


class Standing(BaseModel):
    """What numbers would be told of now."""

    snapshot: Annotated[State | None, Field(description=N("Null as long as there are no numbers."))]


@read(router, "/snapshot", "metrics.read", Standing, summary=N("Read how fresh the numbers are"))
def read_snapshot(visit: Visit) -> Answer:
    """Tell of when the numbers are, and whether newer ones are coming."""
    shown = services.shown(visit.shop)
    of = state(visit, shown.snapshot, shown.work) if shown.snapshot else None
    return Answer({"snapshot": of})


@tell(router, "/cohorts", models.Cohorts, summary=N("Read cohorts"))
def read_cohorts(visit: Visit, asked: Query[CohortsAsked]) -> Answer:
    """Tell what those who began together did at each age."""
    where = condition(visit, asked.where)
    return answered(
        visit,
        Question("cohorts", (asked.grain, asked.age, where)),
        lambda found: {"age_days": found.age_days, "data": plain.cohorts(found)},
    )


@tell(router, "/movements", models.Numbers[models.Movement], summary=N("Read who came and went"))
def read_movements(visit: Visit, asked: Query[MovementsAsked]) -> Answer:
    """Tell how many customers were active, gained, back again and lost."""
    where = condition(visit, asked.where)
    return answered(
        visit,
        Question("movements", (asked.grain, where)),
        lambda found: {"data": plain.movements(found, language())},
    )


@tell(router, "/rfm", models.Rfm, summary=N("Read the RFM map"))
def read_rfm(visit: Visit, asked: Query[WhereAsked]) -> Answer:
    """Tell the groups of the RFM map, its cells, and the bounds between its scores."""
    where = condition(visit, asked.where)
    return answered(
        visit,
        Question("rfm", (where,)),
        lambda found: {
            "as_of": found.as_of.isoformat(),
            "data": plain.rfm(found, language()),
            "cells": plain.cells(found),
            "thresholds": {name: list(bounds) for name, bounds in found.thresholds.items()},
        },
    )


@tell(
    router, "/survival", models.Survival, summary=N("Read how long customers take to order again")
)
def read_survival(visit: Visit, asked: Query[SurvivalAsked]) -> Answer:
    """Tell by which day how many ordered again."""
    return answered(
        visit,
        Question("survival", (str(asked.to_order),)),
        lambda found: {
            "to_order": found.to_order,
            "customers": found.customers,
            "quantiles": plain.quantiles(found),
            "data": plain.survival(found),
        },
    )


@tell(router, "/due", models.Numbers[models.DueCount], summary=N("Count whose next order is due"))
def read_due(visit: Visit, asked: Query[WhereAsked]) -> Answer:
    """Tell how many customers are overdue, due, not due yet, or lapsed."""
    where = condition(visit, asked.where)
    return answered(visit, Question("due", (where,)), lambda found: {"data": plain.due(found)})


@tell(
    router,
    "/reasons",
    models.Numbers[models.Reason],
    summary=N("Read the reasons that customers stated"),
)
def read_reasons(visit: Visit) -> Answer:
    """Tell why customers leave, send back and get in touch."""
    return answered(
        visit, Question("reasons"), lambda found: {"data": plain.reasons(found, language())}
    )


@tell(router, "/exclusions", models.Numbers[models.Exclusion], summary=N("Read what was left out"))
def read_exclusions(visit: Visit) -> Answer:
    """Tell what does not count, by reason."""
    return answered(
        visit, Question("exclusions"), lambda found: {"data": plain.exclusions(found, language())}
    )
