"""Roll-forward, what is owed, and the audit, for programs."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from ninja import Query
from pydantic import BaseModel, ConfigDict, Field

from stammkunde.core.errors import NotFound
from stammkunde.faces.api.answers import Answer
from stammkunde.faces.api.bearer import Visit
from stammkunde.faces.api.endpoints import read, write
from stammkunde.faces.api.jobs_of_shop import ShownJob, started
from stammkunde.faces.api.ledger.booking import Code
from stammkunde.faces.api.ledger.routing import router
from stammkunde.faces.api.models_of_rows import EARLIEST, LATEST, Instant
from stammkunde.ledger.books import owing, reckonings, terms
from stammkunde.ledger.books.rolling import roll_forward


class Period(BaseModel):
    """Between which instants."""

    model_config = ConfigDict(extra="forbid")

    since: Annotated[Instant | None, Field(description=N("From this instant on."))] = None
    until: Annotated[Instant | None, Field(description=N("Before this instant."))] = None
    basis: Annotated[
        Literal["effective", "recorded"],
        Field(description=N("By when things happened, or by when they were booked.")),
    ] = "effective"


class ShownRollForward(BaseModel):
    """From what was owed to what is owed."""

    opening: Annotated[
        dict[str, int], Field(description=N("By role: pending, available, held, debt."))
    ]
    doors: Annotated[
        dict[str, int],
        Field(description=N("By how much each kind of booking changed what is owed.")),
    ]
    closing: dict[str, int]
    opened: int
    closed: int
    rest: Annotated[int, Field(description=N("What stays unexplained: always 0."))]
    matured: int
    moved: int


class ShownReckoning(BaseModel):
    """What was reckoned, and when."""

    made_at: dt.datetime
    answer: dict[str, Any]


@read(
    router, "/units/{unit}/roll-forward", "ledger.read", ShownRollForward,
    summary=N("Read the roll-forward of a unit"),
)  # fmt: skip
def read_roll_forward(visit: Visit, unit: Code, asked: Query[Period]) -> Answer:
    """Tell what changed what is owed."""
    found = terms.unit(visit.shop, unit)
    rolled = roll_forward(
        found.pk, asked.since or EARLIEST, asked.until or LATEST, basis=asked.basis
    )
    shown = {name: getattr(rolled, name) for name in ShownRollForward.model_fields}
    return Answer(shown)


@read(
    router, "/units/{unit}/liability", "ledger.read", ShownReckoning,
    summary=N("Read what is owed for open units"),
)  # fmt: skip
def read_liability(visit: Visit, unit: Code) -> Answer:
    """Tell what was reckoned last."""
    kept = owing.kept(visit.shop, terms.unit(visit.shop, unit))
    if kept is None:
        raise NotFound(
            _("Nothing was calculated yet. Ask for it first."), name="ledger.not_reckoned"
        )
    return _shown(kept)


@write(
    router, "POST", "/units/{unit}/liability", "ledger.read", {202: ShownJob},
    summary=N("Reckon what is owed"), name="reckon_liability",
)  # fmt: skip
def reckon_liability(visit: Visit, unit: Code) -> Answer:
    """Reckon what is owed at the end of the last month, in the background."""
    found = terms.unit(visit.shop, unit)
    return started(visit, reckonings.start_liability(visit.shop, found, actor=visit.actor))


@read(router, "/ledger/audit", "ledger.read", ShownReckoning, summary=N("Read the last audit"))
def read_audit(visit: Visit) -> Answer:
    """Tell what the last audit found."""
    kept = reckonings.last_audit(visit.shop)
    if kept is None:
        raise NotFound(_("Nothing was audited yet. Ask for it first."), name="ledger.not_audited")
    return _shown(kept)


@write(
    router, "POST", "/ledger/audit", "ledger.read", {202: ShownJob}, summary=N("Audit the ledger")
)
def audit_ledger(visit: Visit) -> Answer:
    """Rebuild every balance and prove every promise, in the background."""
    return started(visit, reckonings.start_audit(visit.shop, actor=visit.actor))


def _shown(kept: Any) -> Answer:
    return Answer(ShownReckoning(made_at=kept.made_at, answer=kept.answer).model_dump(mode="json"))
