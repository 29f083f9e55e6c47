"""Adjust: a correction by hand. Above the unit's limit it waits for a second person.

A proposal is a transaction without entries, so that its key is reserved; what is approved is booked by another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from stammkunde.core import clock
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import Refused
from stammkunde.core.shops.models import Token
from stammkunde.ledger import instants, pooling, posting, refusals, spending
from stammkunde.ledger.book import Book, Posting
from stammkunde.ledger.commands import Adjust, Owner, Posted
from stammkunde.ledger.models import OPEN, Proposal, Unit
from stammkunde.ledger.posting import Verb, named_owner

APPROVED, DECLINED = "approved", "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved(Adjust):
    """A correction that a second person has agreed to."""


def write(book: Book, posting: Posting, command: Adjust) -> None:
    """Book the correction, or note that it waits."""
    _check(command)
    unit = book.units[command.shop_id, command.unit]
    if not unit.limits(command.amount):
        write_at_once(book, posting, command)
        return
    posting.kind = "proposal"
    posting.holder = book.holder(unit, command.owner)
    posting.proposal_id = book.draw("ledger_proposal")
    book.proposals.append(
        (posting.proposal_id, command.shop_id, unit.id, posting.id, command.owner.kind,
         command.owner.id, command.amount, command.reason, command.by,
         instants.stored(command.expires_at), OPEN, "")
    )  # fmt: skip
    _note("ledger.proposed", command)


def write_at_once(book: Book, posting: Posting, command: Adjust) -> None:
    """Book the correction: a lot more, or available less."""
    _check(command)
    unit = book.units[command.shop_id, command.unit]
    holder = posting.holder = book.holder(unit, command.owner)
    posting.cause = command.cause or command.reason
    other_side = unit.accounts["adjustment"]
    if command.amount > 0:
        lot = book.new_lot(
            posting,
            holder,
            source="",
            earned=command.amount,
            available_at=command.effective_at,
            expires_at=command.expires_at,
        )
        posting.system(other_side, lot, -command.amount)
        posting.credit(holder, lot, command.amount)
    else:
        for lot, amount in spending.choose(holder, -command.amount, at=command.effective_at):
            posting.out(holder, "available", lot, amount)
            posting.system(other_side, lot, amount)
            posting.lots.append((lot.id, amount))
    _note("ledger.corrected", command)


def _check(command: Adjust) -> None:
    if not command.amount:
        raise refusals.BadCommand("amount")
    if not command.reason or not command.by:
        raise refusals.BadCommand("reason" if command.by else "by")
    if command.expires_at and command.expires_at <= command.effective_at:
        raise refusals.BadCommand("expires_at")


def _note(name: str, command: Adjust) -> None:
    audit.note(
        name,
        actor=actor(command.by),
        shop_id=command.shop_id,
        about=("unit", command.unit),
        amount=command.amount,
    )


def actor(by: str) -> Actor:
    """Return who is meant by `person:7`; anything else is a command at the terminal.

    >>> actor("person:7").id
    7
    """
    kind, _, id_ = by.partition(":")
    number = int(id_) if id_.isdigit() else None
    if kind == "person":
        return Actor("person", number)
    return Actor("token", number) if kind == "token" else audit.COMMAND


def approve(
    shop_id: int,
    proposal_id: int,
    *,
    by: str,
    unit_id: int | None = None,
    effective_at: dt.datetime | None = None,
    others_of: Callable[[Owner], Sequence[Owner]] = lambda _owner: (),
) -> Posted:
    """Let a correction be booked that somebody else has proposed; it is decided once.

    Parameters
    ----------
    unit_id
        Where given, a proposal of another unit does not exist.
    others_of
        Returns the other owners that are the same person: a correction may take of theirs as well.

    Raises
    ------
    NeedsSecondPerson
        Where who proposed it approves it, be it by a token that they made.
    """
    with transaction.atomic():
        proposal = _open(shop_id, proposal_id, unit_id, by=by)
        code = Unit.objects.values_list("code", flat=True).get(pk=proposal.unit_id)
        command = Approved(
            shop_id=shop_id,
            unit=code,
            key=f"proposal:{proposal.pk}",
            scope=pooling.APPROVED,
            effective_at=effective_at or clock.now(),
            owner=Owner(proposal.owner_kind, proposal.owner_id),
            amount=proposal.amount,
            reason=proposal.reason,
            by=proposal.proposed_by,
            expires_at=proposal.expires_at,
        )
        pooling.gather(command, others_of(command.owner))
        (posted,) = posting.post([command], verbs={Approved: AT_ONCE})
        if isinstance(posted, Refused):
            raise posted
        _decide(proposal, APPROVED, by=by)
        _note_decision("ledger.correction_approved", proposal, by=by)
    return posted


def decline(shop_id: int, proposal_id: int, *, by: str, unit_id: int | None = None) -> None:
    """Let a correction not be booked; whoever proposed it may take it back as well."""
    with transaction.atomic():
        proposal = _open(shop_id, proposal_id, unit_id, by=None)
        _decide(proposal, DECLINED, by=by)
        _note_decision("ledger.correction_declined", proposal, by=by)


def _open(shop_id: int, proposal_id: int, unit_id: int | None, *, by: str | None) -> Proposal:
    found = Proposal.objects.select_for_update().filter(pk=proposal_id, shop_id=shop_id).first()
    if found is None or unit_id not in (None, found.unit_id):
        raise refusals.UnknownProposal
    if found.state != OPEN:
        raise refusals.ProposalDecided
    if by is not None and (not by or len(set(people({by, found.proposed_by}).values())) < 2):
        raise refusals.NeedsSecondPerson
    return found


def people(names: Collection[str]) -> dict[str, str]:
    """Return who is behind `person:7` and `token:3`: of a token, the person who made it, if that is known."""
    tokens = [each.id for each in map(actor, names) if each.kind == "token" and each.id]
    made = Token.objects.filter(pk__in=tokens, made_by__isnull=False)
    found = {f"token:{pk}": f"person:{person}" for pk, person in made.values_list("pk", "made_by")}
    return {name: found.get(name, name) for name in names}


def _decide(proposal: Proposal, state: str, *, by: str) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at = state, by, clock.now()
    proposal.save(update_fields=["state", "decided_by", "decided_at"])


def _note_decision(name: str, proposal: Proposal, *, by: str) -> None:
    audit.note(name, actor=actor(by), shop_id=proposal.shop_id, about=("proposal", proposal.pk))


def _expected(_command: Adjust) -> Mapping[str, int]:
    return {"ledger_lot": 1, "ledger_proposal": 1}


ADJUST = Verb(write, named_owner, spending.load, expected=_expected)
AT_ONCE = Verb(write_at_once, named_owner, spending.load, expected=_expected)
