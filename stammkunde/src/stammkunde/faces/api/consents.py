"""Consent: what somebody gave or withdrew, and what holds now."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from ninja import Body, Query, Router
from pydantic import BaseModel, Field, SkipValidation, ValidationError

from stammkunde.core.errors import NotFound, Refused
from stammkunde.faces.api import paging, problems, words
from stammkunde.faces.api.answers import Answer
from stammkunde.faces.api.bearer import Visit
from stammkunde.faces.api.customers import Id
from stammkunde.faces.api.endpoints import read, write
from stammkunde.faces.api.models_of_rows import BATCH_MAX, SAID, Instant, Short, Source, Text
from stammkunde.faces.api.paging import Asked, Page
from stammkunde.records.consent import queries, services
from stammkunde.records.consent.models import Fact
from stammkunde.records.customers import queries as customers
from stammkunde.records.customers import rules as keys
from stammkunde.records.customers.models import Key

router = Router(tags=["consent"])
Purpose = Literal["marketing", "surveys", "profiling", "audiences"]
Channel = Literal["email", "sms", "phone", "post", "ads"]
State = Literal["given", "withdrawn"]


class SaidConsent(BaseModel):
    """Somebody gave or withdrew consent. Facts are only ever added."""

    model_config = SAID

    customer_id: Annotated[
        Id | None, Field(description=N("The customer, where its id is known."))
    ] = None
    number: Annotated[
        Short | None, Field(description=N("Or the customer number in `channel_of_number`."))
    ] = None
    channel_of_number: Annotated[
        Source, Field(description=N("The channel of the customer number."))
    ] = "shop"
    purpose: Annotated[Purpose, Field(description=N("What it is for."))]
    channel: Annotated[Channel, Field(description=N("By which way."))]
    state: Annotated[State, Field(description=N("Given or withdrawn."))]
    address: Annotated[
        str,
        Field(
            min_length=1, max_length=320,
            description=N("The address or phone it is about; a grant is for no other."),
        ),
    ]  # fmt: skip
    source: Annotated[
        str, Field(min_length=1, max_length=40, description=N("Where it was said, as `checkout`."))
    ]
    wording: Annotated[
        Text, Field(description=N("The words that were agreed to; a grant needs them."))
    ] = ""
    proof: Annotated[
        dict[str, Any] | None,
        Field(description=N("What proves it, such as the confirmed link; a grant needs it.")),
    ] = None
    at: Annotated[Instant | None, Field(description=N("When it was said; now unless given."))] = (
        None
    )


class Consents(BaseModel):
    """Facts of consent."""

    model_config = SAID

    rows: Annotated[
        list[SkipValidation[SaidConsent]],
        Field(min_length=1, max_length=BATCH_MAX, description=N("Up to 500 facts.")),
    ]


class ConsentOutcome(BaseModel):
    """The fact that was recorded."""

    id: int
    customer_id: int


class ConsentRowOutcome(BaseModel):
    """What became of a fact of a batch."""

    index: int
    outcome: Literal["created", "refused"]
    id: int | None = None
    customer_id: int | None = None
    problem: dict[str, Any] | None = None


class ConsentsOutcome(BaseModel):
    """What became of a batch of facts, row by row."""

    created: int
    refused: int
    rows: list[ConsentRowOutcome]


class ShownFact(BaseModel):
    """A fact of consent; the address is kept as a hash only."""

    id: int
    purpose: Purpose
    channel: Channel
    state: State
    wording: str | None
    source: str
    at: dt.datetime
    recorded_at: dt.datetime


class Holding(BaseModel):
    """Whether consent holds now."""

    purpose: Purpose
    channel: Channel
    holds: bool


class Current(BaseModel):
    """What holds now, by purpose and channel; what is not listed was never given."""

    data: list[Holding]


@write(
    router, "POST", "/consents", "customers.change", {201: ConsentOutcome},
    summary=N("Record a consent or its withdrawal"),
)  # fmt: skip
def record_consent(visit: Visit, said: Body[SaidConsent]) -> Answer:
    """Record one fact."""
    fact = _record(visit, said)
    return Answer({"id": fact.pk, "customer_id": fact.customer_id}, status=201)


@write(
    router, "POST", "/consents/batch", "customers.change", {200: ConsentsOutcome},
    summary=N("Record consents and withdrawals"),
)  # fmt: skip
def batch_consents(visit: Visit, said: Body[Consents]) -> Answer:
    """Record many facts; those that cannot be taken are refused one by one."""
    told: list[dict[str, Any]] = []
    for index, raw in enumerate(said.rows):
        row: dict[str, Any] = {"index": index, "outcome": "refused", "id": None,
                               "customer_id": None, "problem": None}  # fmt: skip
        below = f"/rows/{index}"
        try:
            with transaction.atomic():
                fact = _record(visit, SaidConsent.model_validate(raw))
            row |= {"outcome": "created", "id": fact.pk, "customer_id": fact.customer_id}
        except ValidationError as fault:
            row["problem"] = words.of_row(fault, below=below).body()
        except Refused as refused:
            row["problem"] = problems.of_refusal(refused, below=below).body()
        told.append(row)
    created = sum(each["outcome"] == "created" for each in told)
    return Answer({"created": created, "refused": len(told) - created, "rows": told})


@read(
    router, "/customers/{customer_id}/consents", "customers.read", Page[ShownFact],
    summary=N("List what a customer said about consent"),
)  # fmt: skip
def list_consents(visit: Visit, customer_id: Id, asked: Query[Asked]) -> Answer:
    """Tell all facts of a customer, newest first."""
    found = queries.facts(customers.one(visit.shop, customer_id)).select_related("wording")
    return paging.page(visit, found, asked, _fact, sort="-id")


@read(
    router, "/customers/{customer_id}/consents/current", "customers.read", Current,
    summary=N("Read which consent of a customer holds"),
)  # fmt: skip
def read_consent(visit: Visit, customer_id: Id) -> Answer:
    """Tell what holds now."""
    found = queries.current(customers.one(visit.shop, customer_id))
    return Answer(
        {
            "data": [
                {"purpose": one.purpose, "channel": one.channel, "holds": one.holds}
                for one in found
            ]
        }
    )


def _record(visit: Visit, said: SaidConsent) -> Fact:
    return services.record(
        visit.shop,
        _customer(visit, said),
        purpose=said.purpose,
        channel=said.channel,
        state=said.state,
        address=said.address,
        source=said.source,
        actor=visit.actor,
        wording=said.wording,
        proof=said.proof,
        at=said.at,
    )


def _customer(visit: Visit, said: SaidConsent) -> int:
    """Return the customer a fact is about: by id, by number, or by the address itself."""
    if said.customer_id is not None:
        return said.customer_id
    key = (
        keys.number(said.number, source=said.channel_of_number)
        if said.number
        else keys.email(said.address)
    )
    found = None
    if key is not None:
        found = Key.objects.filter(
            shop=visit.shop, kind=key.kind, source=key.source, value=key.value
        ).first()
    if found is None or found.customer_id is None:
        raise NotFound(_("There is no such customer."), name="customer.unknown")
    return found.customer_id


def _fact(fact: Fact) -> dict[str, Any]:
    shown = {name: getattr(fact, name) for name in ShownFact.model_fields}
    words_ = fact.wording.text if fact.wording else None
    return ShownFact(**{**shown, "wording": words_}).model_dump(mode="json")
