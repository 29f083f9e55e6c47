"""Metrics: what they mean, their values over time, in groups, and why they moved."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from kohorte import metrics
from kohorte.metrics import Metric
from kohorte.results import Grain, Row
from stammkunde.core.errors import NotFound
from stammkunde.faces.api.answers import Answer
from stammkunde.faces.api.bearer import Visit
from stammkunde.faces.api.endpoints import read
from stammkunde.faces.api.numbers import models
from stammkunde.faces.api.numbers.asking import (
    By,
    Where,
    answered,
    condition,
    language,
    state,
    tell,
)
from stammkunde.insights import plain, queries, questions, services
from stammkunde.insights.questions import Question

router = Router(tags=["numbers"])
FORBID = ConfigDict(extra="forbid")
Month = Annotated[str, Field(pattern=r"^\d{4}-\d{2}$", description=N("A month as 2026-01."))]
WORDS = ("name", "sentence", "formula", "denominator", "censoring", "source")


class SeriesAsked(BaseModel):
    """Which values are wanted."""

    model_config = FORBID

    grain: Annotated[Grain, Field(description=N("The kind of period."))] = "month"
    segment: Annotated[
        str | None, Field(max_length=40, description=N("Only this segment; all of them without."))
    ] = None
    since: Annotated[
        dt.date | None, Field(description=N("Only periods that begin on this day or later."))
    ] = None
    until: Annotated[
        dt.date | None, Field(description=N("Only periods that begin before this day."))
    ] = None
    where: Where = None


class GroupsAsked(BaseModel):
    """Which groups are wanted."""

    model_config = FORBID

    by: By = "country"


class WhyAsked(GroupsAsked):
    """Which move is to be explained."""

    before: Annotated[Month, Field(description=N("The month it moved from, as 2026-01."))]
    after: Annotated[Month, Field(description=N("The month it moved to, as 2026-02."))]


class WhereAsked(BaseModel):
    """Of whom."""

    model_config = FORBID

    where: Where = None


@read(router, "/metrics", "metrics.read", models.Definitions, summary=N("List metrics"))
def list_metrics(visit: Visit) -> Answer:
    """Tell what all metrics mean, and which of them the shop's data can tell."""
    shown = services.shown(visit.shop)
    known = None
    if shown.snapshot:
        question = Question("measurable")
        known = queries.answers(shown.snapshot, [question]).get(question)
    told = [_definition(each, known) for each in metrics.every().values()]
    of = state(visit, shown.snapshot, shown.work) if shown.snapshot else None
    return Answer({"snapshot": of, "data": told})


@read(
    router,
    "/metrics/{slug}",
    "metrics.read",
    models.Definition,
    summary=N("Read what a metric means"),
)
def read_metric(visit: Visit, slug: str) -> Answer:
    """Tell what one metric means."""
    found = find(slug)
    shown = services.shown(visit.shop)
    question = Question("measurable")
    known = queries.answers(shown.snapshot, [question]) if shown.snapshot else {}
    return Answer(_definition(found, known.get(question)))


@tell(
    router,
    "/metrics/{slug}/series",
    models.Numbers[models.Value],
    summary=N("Read a metric over time"),
)
def read_series(visit: Visit, slug: str, asked: Query[SeriesAsked]) -> Answer:
    """Tell a metric over all periods of a grain."""
    where = condition(visit, asked.where)
    question = questions.series(find(slug).slug, asked.grain, where)

    def show(rows: tuple[Row, ...]) -> dict[str, Any]:
        return {"data": plain.series((row for row in rows if _is_wanted(row, asked)), language())}

    return answered(visit, question, show)


@tell(
    router,
    "/metrics/{slug}/groups",
    models.Numbers[models.ValueOfGroup],
    summary=N("Read a metric of groups by month"),
)
def read_groups(visit: Visit, slug: str, asked: Query[GroupsAsked]) -> Answer:
    """Tell a metric by month, of the largest groups of customers."""
    return answered(
        visit,
        questions.groups(find(slug).slug, asked.by),
        lambda found: {"data": plain.groups(found, language())},
    )


@tell(router, "/metrics/{slug}/why", models.Why, summary=N("Read why a metric moved"))
def read_why(visit: Visit, slug: str, asked: Query[WhyAsked]) -> Answer:
    """Tell which groups of customers moved a metric from one month to another."""
    question = Question("why", (find(slug).slug, asked.before, asked.after, asked.by))
    return answered(
        visit,
        question,
        lambda found: {
            "kind": found.kind if found else None,
            "rest": found.rest if found else None,
            "data": plain.why(found),
        },
    )


@tell(router, "/metrics/{slug}/sql", models.Sql, summary=N("Read the query of a metric"))
def read_sql(visit: Visit, slug: str) -> Answer:
    """Tell the query that a metric is computed by."""
    found = find(slug)
    return answered(
        visit, Question("sql", (slug,)), lambda text: {"select": found.sql, "sql": text}
    )


@tell(router, "/moves", models.Numbers[models.Moved], summary=N("Read what moved"))
def read_moves(visit: Visit, asked: Query[WhereAsked]) -> Answer:
    """Tell how every metric moved into its last whole month, the surest first."""
    where = condition(visit, asked.where)
    return answered(
        visit,
        Question("moves", (where,)),
        lambda found: {"data": sorted(plain.moves(found), key=lambda one: one["p"])},
    )


@tell(router, "/breakdown", models.Breakdown, summary=N("Set groups of customers side by side"))
def read_breakdown(visit: Visit, asked: Query[GroupsAsked]) -> Answer:
    """Tell what groups of customers are worth, and how long they stay."""
    return answered(
        visit,
        Question("breakdown", (asked.by,)),
        lambda found: {
            "data": plain.breakdown(found, language()),
            "stays": plain.stays(found),
            "apart": dict(found.apart),
        },
    )


def find(slug: str) -> Metric:
    """Return the metric of an address.

    Raises
    ------
    NotFound
        There is none.
    """
    if slug not in metrics.every():
        raise NotFound(_("There is no such metric."), name="metric.unknown")
    return metrics.get(slug)


def _definition(found: Metric, known: tuple[str, ...] | None) -> dict[str, Any]:
    return {
        "slug": found.slug,
        **plain.of_record(found, WORDS, language()),
        "unit": found.unit,
        "direction": found.direction,
        "chapter": found.chapter,
        "segments": list(found.segments),
        "is_measurable": None if known is None else found.slug in known,
    }


def _is_wanted(row: Row, asked: SeriesAsked) -> bool:
    return (
        (asked.segment is None or row.segment == asked.segment)
        and (asked.since is None or row.starts_on >= asked.since)
        and (asked.until is None or row.starts_on < asked.until)
    )
