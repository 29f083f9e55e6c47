"""How numbers are told: from the snapshot, with its state; what it lacks is computed, and the caller told to wait.

A path names its question and how the answer is shown; all else happens here. No request waits for the
engine: until an answer is there, `202` says which job computes it and when to ask again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Annotated, Any, Literal

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from ninja import Router
from pydantic import BaseModel, Field

from kohorte import conditions, currencies
from kohorte.conditions import customers
from kohorte.errors import KohorteError
from kohorte.language import Language
from stammkunde.core.jobs import queries as jobs
from stammkunde.core.jobs.models import FAILED, OPEN
from stammkunde.core.jobs.queries import Line
from stammkunde.core.shops.rules import Permission
from stammkunde.faces.api import endpoints
from stammkunde.faces.api.answers import Answer
from stammkunde.faces.api.bearer import Visit
from stammkunde.faces.api.jobs_of_shop import ShownJob, show
from stammkunde.faces.api.problems import Problem
from stammkunde.insights import queries, services
from stammkunde.insights.models import Snapshot
from stammkunde.insights.questions import Question

CONDITION_MAX = 2_000
# So much may wait for a token at once: what it asks for is work for everybody's worker.
WAITING_MAX = 20
WAIT_MIN, WAIT_MAX = 1, 60
# Of the form of answers: counted up whenever it changes, so that what was kept is sent anew.
FORM = 1
_TAG: dict[str, Any] = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": N("The `ETag` of an answer before: if it still holds, the answer is `304`."),
    "schema": {"type": "string"},
}


class State(BaseModel):
    """What numbers are of."""

    manifest: Annotated[str, Field(description=N("Names the state of the data; new with each."))]
    data_at: Annotated[
        dt.datetime, Field(description=N("What was recorded until then is in the numbers."))
    ]
    made_at: Annotated[dt.datetime, Field(description=N("When the numbers were computed."))]
    first_on: dt.date | None
    last_on: Annotated[dt.date | None, Field(description=N("The last day that the data hold."))]
    orders: int
    currency: Annotated[
        str, Field(description=N("Money is in major units of it, such as 49.90 euros."))
    ]
    is_current: Annotated[
        bool, Field(description=N("`false`: something changed since, and newer numbers come."))
    ]
    job_id: Annotated[int | None, Field(description=N("The job that computes newer numbers."))]


class Computing(BaseModel):
    """An answer is being computed."""

    job: ShownJob
    retry_after_seconds: Annotated[
        int, Field(description=N("Ask the same again then, as the header `Retry-After` says."))
    ]


Where = Annotated[
    str | None,
    Field(
        max_length=CONDITION_MAX,
        description=N('Only customers of whom a condition holds, such as `country = "DE"`.'),
    ),
]
Dimension = Literal[
    "country", "channel", "first_product", "category", "cohort", "rfm_group"
]  # fmt: skip
By = Annotated[Dimension, Field(description=N("What customers are told apart by."))]
View = Callable[..., Any]


def tell(
    router: Router,
    path: str,
    answer: Any,
    *,
    summary: str,
    permission: Permission = "metrics.read",
    **rest: Any,
) -> Callable[[View], View]:
    """Declare a path that tells numbers, or that they are being computed."""
    return endpoints.read(
        router, path, permission, answer, summary=summary, others={202: Computing},
        openapi_extra={"parameters": [_TAG]}, **rest,
    )  # fmt: skip


def answered(visit: Visit, question: Question, show_: Callable[[Any], dict[str, Any]]) -> Answer:
    """Return the answer to a question as a path shows it; the state of the numbers comes with it.

    Parameters
    ----------
    show_
        Makes fields of what `kohorte` answered.

    Raises
    ------
    Problem
        There are no numbers, or the question cannot be asked so.
    """
    shown = services.shown(visit.shop)
    if isinstance(found := ready(shown), Answer):
        return found

    def tell_() -> dict[str, Any] | Answer:
        result = result_of(visit, found, question)
        if isinstance(result, Answer):
            return result
        return {"snapshot": state(visit, found, shown.work), **show_(result)}

    job = shown.work.job.pk if shown.work else None
    return unless_held(
        visit, (found.pk, found.manifest, found.decisions, found.definitions, job), tell_
    )


def unless_held(
    visit: Visit, of: tuple[object, ...], tell_: Callable[[], dict[str, Any] | Answer]
) -> Answer:
    """Return an answer, or that the one the caller holds is still the same.

    Parameters
    ----------
    of
        What answers to this address follow from, beside the caller's language.
    tell_
        Gives the answer; only called where the caller does not hold it.
    """
    parts = (FORM, *of, language(), visit.request.get_full_path())
    digest = hashlib.md5(repr(parts).encode(errors="replace"), usedforsecurity=False).hexdigest()
    headers = {"ETag": f'W/"{digest}"', "Cache-Control": "private, no-cache"}
    if headers["ETag"] in visit.request.headers.get("If-None-Match", ""):
        return Answer(status=304, headers=headers)
    told = tell_()
    return told if isinstance(told, Answer) else Answer(told, headers=headers)


def ready(shown: services.Shown) -> Snapshot | Answer:
    """Return the snapshot that numbers are told from, or that the first one is being computed.

    Raises
    ------
    Problem
        The shop has nothing that could be counted.
    """
    if shown.snapshot and shown.snapshot.last_on:
        return shown.snapshot
    if shown.work is None:
        raise no_numbers()
    return computing(shown.work)


def no_numbers() -> Problem:
    """Return that the shop has nothing that could be counted."""
    return Problem(
        409, "numbers.none", _("This shop has no order that counts, so there are no numbers.")
    )


def result_of(visit: Visit, snapshot: Snapshot, question: Question) -> Any:
    """Return what `kohorte` answered, or the answer that it is being computed.

    Raises
    ------
    Problem
        The question cannot be asked so; too much waits; or computing failed.
    """
    found = queries.answers(snapshot, [question])
    if question not in found:
        _require_room(visit)
        found, line = queries.ask(visit.shop, snapshot, [question], actor=visit.actor)
        if line is not None and question not in found:
            return computing(line)
    result = found[question]
    if isinstance(result, dict) and "fault" in result:
        raise Problem(422, "question.refused", result["fault"].render(language()))
    return result


def _require_room(visit: Visit) -> None:
    waiting = jobs.by_actor(visit.shop, visit.actor).filter(name="insights.answer", state__in=OPEN)
    if waiting.count() >= WAITING_MAX:
        raise Problem(
            429,
            "numbers.busy",
            _("%(count)s questions of this token wait for their answer. Ask when they are done.")
            % {"count": WAITING_MAX},
            headers={"Retry-After": str(WAIT_MAX)},
        )


def computing(line: Line) -> Answer:
    """Return the answer that something is being computed.

    Raises
    ------
    Problem
        It was, and failed.
    """
    place = f"{reverse('api:reference')}jobs/{line.job.pk}"
    if line.job.state == FAILED:
        raise Problem(
            409,
            "numbers.failed",
            _("Computing this failed: job %(id)s says why, and can be tried again.")
            % {"id": line.job.pk},
            headers={"Location": place},
        )
    wait = min(max(line.seconds_left or WAIT_MIN, WAIT_MIN), WAIT_MAX)
    body = {"job": show(line.job), "retry_after_seconds": wait}
    return Answer(body, status=202, headers={"Location": place, "Retry-After": str(wait)})


def state(visit: Visit, snapshot: Snapshot, work: Line | None) -> dict[str, Any]:
    """Return what the numbers are of as plain data."""
    kept = ("manifest", "data_at", "made_at", "first_on", "last_on", "orders")
    return State(
        **{name: getattr(snapshot, name) for name in kept},
        currency=visit.shop.currency,
        is_current=work is None,
        job_id=work.job.pk if work else None,
    ).model_dump(mode="json")


def condition(visit: Visit, where: str | None) -> str:
    """Return a condition as questions take it, empty for all customers.

    Raises
    ------
    Problem
        It cannot be understood.
    """
    text = (where or "").strip()
    if not text:
        return ""
    facts = customers.facts(exponent=currencies.exponent(visit.shop.currency))
    try:
        conditions.parse(text, facts)
    except KohorteError as fault:
        sentence = fault.render(language())
    except RecursionError:
        sentence = _("The condition is nested too deep.")
    else:
        return text
    raise Problem(
        422, "condition.unreadable", sentence, errors=[{"parameter": "where", "detail": sentence}]
    )


def language() -> Language:
    """Return the language of the caller."""
    return "de" if get_language() == "de" else "en"
