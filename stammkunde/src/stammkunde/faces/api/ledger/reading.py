"""Balances, lots, statements, holds and proposals for programs."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from ninja import Query
from pydantic import BaseModel, ConfigDict, Field

from stammkunde.core.errors import NotFound, Refused
from stammkunde.faces.api import paging
from stammkunde.faces.api.answers import Answer
from stammkunde.faces.api.bearer import Visit
from stammkunde.faces.api.customers import Id
from stammkunde.faces.api.endpoints import read
from stammkunde.faces.api.ledger.booking import Balances, Code
from stammkunde.faces.api.ledger.routing import router
from stammkunde.faces.api.models_of_rows import Instant
from stammkunde.faces.api.paging import Asked, Page
from stammkunde.features.wallets import services as wallets
from stammkunde.ledger import queries
from stammkunde.ledger.books import terms
from stammkunde.ledger.books.statements import statement
from stammkunde.ledger.commands import Owner
from stammkunde.ledger.models import Hold, Proposal
from stammkunde.records.customers import queries as customers

LINES_MAX = 500


class Whose(BaseModel):
    """Whose accounts are read."""

    model_config = ConfigDict(extra="forbid")

    customer_id: Annotated[Id | None, Field(description=N("Whose accounts: a customer …"))] = None
    owner_kind: Annotated[
        str | None, Field(pattern=r"^[a-z_]{1,20}$", description=N("… or another owner: kind"))
    ] = None
    owner_id: Annotated[
        str | None, Field(pattern=r"^[\w\-.:]{1,100}$", description=N("and id."))
    ] = None


class ShownLot(BaseModel):
    """What was given at once, and what is left of it."""

    id: int
    source: str
    earned: int
    pending: int
    available: int
    held: int
    available_at: dt.datetime
    expires_at: dt.datetime | None
    policy: str


class Lots(BaseModel):
    """Lots, in the order in which they are used."""

    data: list[ShownLot]


class OfStatement(Whose):
    """Which part of a statement is wanted."""

    since: Annotated[Instant | None, Field(description=N("From this instant on."))] = None
    until: Annotated[Instant | None, Field(description=N("Before this instant."))] = None
    skip: Annotated[
        int, Field(ge=0, le=10**6, description=N("After so many bookings; 500 are told at once."))
    ] = 0


class ShownLine(BaseModel):
    """A booking on a statement."""

    transaction_id: int
    kind: str
    cause: str
    at: dt.datetime
    recorded_at: dt.datetime
    changes: Annotated[
        dict[str, int], Field(description=N("By role: pending, available, held, debt."))
    ]
    amount: int
    balance: int


class ShownStatement(BaseModel):
    """Opening balance, bookings, closing balance."""

    opening: int
    lines: list[ShownLine]
    closing: int
    more: Annotated[bool, Field(description=N("Whether more bookings follow: ask with `skip`."))]


class OfHolds(Asked):
    """Which holds are wanted."""

    state: Annotated[
        Literal["open", "captured", "released", "lapsed"] | None,
        Field(description=N("Only in this state.")),
    ] = None


class ShownHold(BaseModel):
    """Something that is or was put aside."""

    id: int
    source: str
    state: Literal["open", "captured", "released", "lapsed"]
    amount: int
    expires_at: dt.datetime
    customer_id: Annotated[int | None, Field(description=N("Whose it is; null of other owners."))]


class ShownProposal(BaseModel):
    """A correction that waits for a second person, or was decided on."""

    id: int
    amount: int
    reason: str
    state: str
    proposed_by: str
    decided_by: str
    customer_id: int | None


@read(
    router, "/units/{unit}/balances", "ledger.read", Balances, summary=N("Read balances"),
)  # fmt: skip
def read_balances(visit: Visit, unit: Code, asked: Query[Whose]) -> Answer:
    """Tell what somebody has."""
    terms.unit(visit.shop, unit)
    total = dict.fromkeys(("pending", "available", "held", "debt"), 0)
    for owner in _owners(visit, asked):
        for role, amount in dataclasses.asdict(
            queries.balances(visit.shop.pk, unit, owner)
        ).items():
            total[role] += amount
    return Answer(total)


@read(router, "/units/{unit}/lots", "ledger.read", Lots, summary=N("List what is left of lots"))
def list_lots(visit: Visit, unit: Code, asked: Query[Whose]) -> Answer:
    """Tell which lots somebody has that anything is left of."""
    terms.unit(visit.shop, unit)
    shown = [
        {name: getattr(lot, name) for name in ShownLot.model_fields}
        for owner in _owners(visit, asked)
        for lot in queries.lots(visit.shop.pk, unit, owner, open_only=True)
    ]
    return Answer({"data": [ShownLot(**each).model_dump(mode="json") for each in shown]})


@read(
    router, "/units/{unit}/statement", "ledger.read", ShownStatement,
    summary=N("Read a statement"),
)  # fmt: skip
def read_statement(visit: Visit, unit: Code, asked: Query[OfStatement]) -> Answer:
    """Tell what happened on somebody's accounts, oldest first."""
    found = terms.unit(visit.shop, unit)
    owners = _owners(visit, asked)
    told = statement(
        found.pk, owners[0], since=asked.since, until=asked.until, lines_max=LINES_MAX,
        skip=asked.skip,
    )  # fmt: skip
    return Answer(ShownStatement(**dataclasses.asdict(told)).model_dump(mode="json"))


@read(
    router,
    "/units/{unit}/holds",
    "ledger.read",
    Page[ShownHold],
    summary=N("List what is put aside"),
)
def list_holds(visit: Visit, unit: Code, asked: Query[OfHolds]) -> Answer:
    """Tell what is or was put aside, newest first."""
    found = Hold.objects.filter(shop_id=visit.shop.pk, unit=terms.unit(visit.shop, unit))
    if asked.state:
        found = found.filter(state=asked.state)
    return paging.page(
        visit, found.prefetch_related("holdlot_set"), asked, lambda one: _hold(visit, one),
        sort="-id",
    )  # fmt: skip


@read(
    router, "/units/{unit}/holds/{hold_id}", "ledger.read", ShownHold,
    summary=N("Read what is put aside"),
)  # fmt: skip
def read_hold(visit: Visit, unit: Code, hold_id: Id) -> Answer:
    """Tell how a hold stands."""
    found = Hold.objects.filter(
        shop_id=visit.shop.pk, unit=terms.unit(visit.shop, unit), pk=hold_id
    ).first()
    if found is None:
        raise NotFound(_("There is no such reservation."), name="ledger.unknown_hold")
    return Answer(_hold(visit, found))


@read(
    router, "/units/{unit}/proposals", "ledger.read", Page[ShownProposal],
    summary=N("List corrections that wait for a second person"),
)  # fmt: skip
def list_proposals(visit: Visit, unit: Code, asked: Query[Asked]) -> Answer:
    """Tell which corrections wait or were decided on, newest first."""
    found = Proposal.objects.filter(shop_id=visit.shop.pk, unit=terms.unit(visit.shop, unit))
    return paging.page(visit, found, asked, lambda one: _proposal(visit, one), sort="-id")


def _hold(visit: Visit, hold: Hold) -> dict[str, Any]:
    return ShownHold(
        id=hold.pk,
        source=hold.source,
        state=hold.state,  # type: ignore[arg-type]  # the database checks it
        amount=sum(part.amount for part in hold.holdlot_set.all()),
        expires_at=hold.expires_at,
        customer_id=_customer(visit, hold.owner_kind, hold.owner_id),
    ).model_dump(mode="json")


def _proposal(visit: Visit, proposal: Proposal) -> dict[str, Any]:
    shown = {
        name: getattr(proposal, name)
        for name in ShownProposal.model_fields
        if name != "customer_id"
    }
    return {
        **shown, "id": proposal.pk,
        "customer_id": _customer(visit, proposal.owner_kind, proposal.owner_id),
    }  # fmt: skip


def _customer(visit: Visit, kind: str, key: str) -> int | None:
    if kind != wallets.KIND:
        return None
    found = wallets.customers_of(visit.shop, [key]).get(key)
    return found.pk if found else None


def _owners(visit: Visit, asked: Whose) -> list[Owner]:
    """Return whose accounts are meant; nobody's are made by asking."""
    if asked.customer_id is not None:
        customer = customers.one(visit.shop, asked.customer_id)
        return wallets.owners_of(customer) or [Owner(wallets.KIND, "")]
    if asked.owner_kind and asked.owner_id and asked.owner_kind != wallets.KIND:
        return [Owner(asked.owner_kind, asked.owner_id)]
    sentence = _("Name either a customer or another owner.")
    raise Refused(sentence, name="ledger.owner_missing", fields={"customer_id": sentence})
