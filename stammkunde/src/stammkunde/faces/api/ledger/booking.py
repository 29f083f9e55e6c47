"""Verbs of the ledger for programs: the key of the request is the key of the booking, for ever."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from ninja import Body
from pydantic import BaseModel, Field

from stammkunde.core import clock
from stammkunde.faces.api import repeating
from stammkunde.faces.api.answers import Answer
from stammkunde.faces.api.bearer import Visit
from stammkunde.faces.api.customers import Id
from stammkunde.faces.api.endpoints import write
from stammkunde.faces.api.ledger import said
from stammkunde.faces.api.ledger.routing import router
from stammkunde.faces.api.problems import Problem
from stammkunde.features.wallets import services as wallets
from stammkunde.ledger import commands, queries, services
from stammkunde.ledger.books import terms
from stammkunde.ledger.commands import Command, Owner, Posted

Code = Annotated[str, Field(max_length=40)]


class Balances(BaseModel):
    """What somebody has of a unit; debt is zero or below."""

    pending: int
    available: int
    held: int
    debt: int


class LotPart(BaseModel):
    """How much of a lot a booking gave, took or put back."""

    lot_id: int
    amount: int


class ShownBooking(BaseModel):
    """What was booked."""

    transaction_id: int
    kind: str
    replayed: Annotated[
        bool,
        Field(description=N("Whether it had been booked before, so that nothing was booked now.")),
    ]
    lots: list[LotPart]
    hold_id: int | None
    balances: Balances | None
    notes: list[str]
    proposal_id: Annotated[
        int | None,
        Field(description=N("Somebody else has to agree first; nothing was booked yet.")),
    ]


BOOKED = {200: ShownBooking}


@write(router, "POST", "/units/{unit}/earn", "ledger.post", BOOKED, summary=N("Give units"))
def earn(visit: Visit, unit: Code, said_: Body[said.SaidEarning]) -> Answer:
    """Give lots."""
    lines = tuple(
        commands.EarnedLine(line.source, line.amount, line.quantity) for line in said_.lines
    )
    return _book(
        visit, unit, said_, commands.Earn, owner=_owner(visit, unit, said_), lines=lines,
        available_at=said_.available_at, expires_at=said_.expires_at, policy=said_.policy,
        unit_value_minor=said_.unit_value_minor,
    )  # fmt: skip


@write(router, "POST", "/units/{unit}/spend", "ledger.post", BOOKED, summary=N("Use units up"))
def spend(visit: Visit, unit: Code, said_: Body[said.SaidSpending]) -> Answer:
    """Take lots, earliest end first."""
    owner = _owner(visit, unit, said_)
    return _book(
        visit, unit, said_, commands.Spend, owner=owner, amount=said_.amount, source=said_.source
    )


@write(router, "POST", "/units/{unit}/holds", "ledger.post", BOOKED, summary=N("Put units aside"))
def hold(visit: Visit, unit: Code, said_: Body[said.SaidHold]) -> Answer:
    """Put lots aside for a checkout."""
    return _book(
        visit, unit, said_, commands.Hold, owner=_owner(visit, unit, said_), amount=said_.amount,
        source=said_.source, expires_at=said_.expires_at,
    )  # fmt: skip


@write(
    router, "POST", "/units/{unit}/holds/{hold_id}/capture", "ledger.post", BOOKED,
    summary=N("Use up what was put aside"),
)  # fmt: skip
def capture(visit: Visit, unit: Code, hold_id: Id, said_: Body[said.SaidCapture]) -> Answer:
    """Spend a hold."""
    return _book(visit, unit, said_, commands.Capture, hold_id=hold_id, amount=said_.amount)


@write(
    router, "POST", "/units/{unit}/holds/{hold_id}/release", "ledger.post", BOOKED,
    summary=N("Set free what was put aside"),
)  # fmt: skip
def release(visit: Visit, unit: Code, hold_id: Id, said_: Body[said.SaidRelease]) -> Answer:
    """End a hold."""
    return _book(visit, unit, said_, commands.Release, hold_id=hold_id)


@write(
    router, "POST", "/units/{unit}/return", "ledger.post", BOOKED,
    summary=N("Take back what returned goods earned"), name="return_lines",
)  # fmt: skip
def return_(visit: Visit, unit: Code, said_: Body[said.SaidReturn]) -> Answer:
    """Claw back and give back."""
    return _book(
        visit, unit, said_, commands.Return,
        lines=tuple((line.source, line.quantity) for line in said_.lines),
        give_back=tuple((each.source, each.amount) for each in said_.give_back),
        minimum_days=said_.minimum_days,
    )  # fmt: skip


@write(
    router, "POST", "/units/{unit}/cancel", "ledger.post", BOOKED,
    summary=N("Undo everything of an order"), name="cancel_order",
)  # fmt: skip
def cancel(visit: Visit, unit: Code, said_: Body[said.SaidCancellation]) -> Answer:
    """Make an order void."""
    return _book(visit, unit, said_, commands.Cancel, source=said_.source)


@write(
    router, "POST", "/units/{unit}/adjust", "ledger.adjust", BOOKED,
    summary=N("Correct a balance"),
)  # fmt: skip
def adjust(visit: Visit, unit: Code, said_: Body[said.SaidAdjustment]) -> Answer:
    """Correct by hand; above the unit's limit somebody else has to agree."""
    return _book(
        visit, unit, said_, commands.Adjust, owner=_owner(visit, unit, said_),
        amount=said_.amount, reason=said_.reason, by=_by(visit), expires_at=said_.expires_at,
    )  # fmt: skip


@write(
    router, "POST", "/units/{unit}/transfer", "ledger.post", BOOKED,
    summary=N("Hand units to another owner"),
)  # fmt: skip
def transfer(visit: Visit, unit: Code, said_: Body[said.SaidTransfer]) -> Answer:
    """Let lots change hands."""
    owner = _owner(visit, unit, said_)
    to = _named(visit, said_.to_customer_id, said_.to_owner)
    return _book(visit, unit, said_, commands.Transfer, owner=owner, to=to, amount=said_.amount)


@write(
    router, "POST", "/units/{unit}/donate", "ledger.post", BOOKED, summary=N("Donate units"),
)  # fmt: skip
def donate(visit: Visit, unit: Code, said_: Body[said.SaidDonation]) -> Answer:
    """Let lots go to a charity."""
    return _book(
        visit, unit, said_, commands.Donate, owner=_owner(visit, unit, said_),
        amount=said_.amount, charity=said_.charity,
    )  # fmt: skip


@write(
    router, "POST", "/units/{unit}/convert", "ledger.post", BOOKED,
    summary=N("Turn units into another unit"),
)  # fmt: skip
def convert(visit: Visit, unit: Code, said_: Body[said.SaidConversion]) -> Answer:
    """Let lots become lots of another unit."""
    terms.unit(visit.shop, said_.to_unit)
    return _book(
        visit, unit, said_, commands.Convert, owner=_owner(visit, unit, said_),
        amount=said_.amount, to_unit=said_.to_unit, numerator=said_.numerator,
        denominator=said_.denominator,
    )  # fmt: skip


@write(
    router, "POST", "/units/{unit}/transactions/{transaction_id}/reversal", "ledger.adjust",
    BOOKED, summary=N("Reverse a booking"),
)  # fmt: skip
def reverse(visit: Visit, unit: Code, transaction_id: Id, said_: Body[said.SaidReversal]) -> Answer:
    """Mirror a booking, once."""
    return _book(
        visit, unit, said_, commands.Reverse, transaction_id=transaction_id, reason=said_.reason
    )


@write(
    router, "POST", "/units/{unit}/proposals/{proposal_id}/approval", "ledger.adjust", BOOKED,
    summary=N("Agree to a correction"),
)  # fmt: skip
def approve(visit: Visit, unit: Code, proposal_id: Id) -> Answer:
    """Be the second pair of eyes."""
    found = terms.unit(visit.shop, unit)
    posted = wallets.approve(visit.shop, proposal_id, by=_by(visit), unit_id=found.pk)
    return Answer(shown(posted))


@write(
    router, "POST", "/units/{unit}/proposals/{proposal_id}/refusal", "ledger.adjust", {204: None},
    summary=N("Refuse a correction"),
)  # fmt: skip
def decline(visit: Visit, unit: Code, proposal_id: Id) -> Answer:
    """Refuse a proposal."""
    found = terms.unit(visit.shop, unit)
    services.decline(visit.shop.pk, proposal_id, by=_by(visit), unit_id=found.pk)
    return Answer(status=204)


def shown(posted: Posted) -> dict[str, Any]:
    """Return a booking as plain data."""
    return {
        "transaction_id": posted.transaction_id,
        "kind": posted.kind,
        "replayed": posted.replayed,
        "lots": [{"lot_id": lot, "amount": amount} for lot, amount in posted.lots],
        "hold_id": posted.hold_id,
        "balances": posted.balances and dataclasses.asdict(posted.balances),
        "notes": list(posted.notes),
        "proposal_id": posted.proposal_id,
    }


def _book(
    visit: Visit, unit: str, said_: said.Booking, verb: type[Command], **values: Any
) -> Answer:
    """Book under the key of the request.

    A repeated request that names no time has the one of its first booking: otherwise it would be another.
    """
    terms.unit(visit.shop, unit)
    key = visit.request.headers.get(repeating.HEADER, "").strip()
    if not key:
        sentence = _("Bookings need a key of yours in the header `Idempotency-Key`.")
        raise Problem(
            422, "key.missing", sentence, errors=[{"header": repeating.HEADER, "detail": sentence}]
        )
    before = queries.effective_at(visit.shop.pk, scope=verb.kind, key=key)
    at = said_.effective_at or before or clock.now()
    command = verb(
        shop_id=visit.shop.pk, unit=unit, key=key, effective_at=at, cause=said_.cause, **values
    )
    return Answer(shown(wallets.book(visit.shop, command)))


def _owner(visit: Visit, unit: str, said_: said.Owned) -> Owner:
    terms.unit(visit.shop, unit)
    return _named(visit, said_.customer_id, said_.owner)


def _named(visit: Visit, customer_id: int | None, other: said.OtherOwner | None) -> Owner:
    if customer_id is not None:
        return wallets.owner_of(visit.shop, customer_id)
    if other is None:
        raise TypeError("The model demands an owner.")
    return Owner(other.kind, other.id)


def _by(visit: Visit) -> str:
    return f"token:{visit.token.pk}"
