"""Statements: what happened on somebody's accounts between two instants, with the balance after each booking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet, Sum

from stammkunde.ledger.commands import Owner
from stammkunde.ledger.models import OWNED, Account, Entry


@dataclass(frozen=True)
class Line:
    """One booking as its owner sees it.

    Parameters
    ----------
    at, recorded_at
        When it happened, and when it was booked.
    changes
        By role: what became pending, available, held or debt.
    amount
        By how much everything together changed: 0 when something only moved.
    balance
        Everything together afterwards.
    """

    transaction_id: int
    kind: str
    cause: str
    at: dt.datetime
    recorded_at: dt.datetime
    changes: dict[str, int] = field(hash=False)
    amount: int
    balance: int


@dataclass(frozen=True)
class Statement:
    """Opening, each booking, closing; closing is opening plus all amounts."""

    opening: int
    lines: Sequence[Line]
    closing: int
    # Whether there are more bookings than were asked for; closing is then that after the last line.
    more: bool = False


def statement(
    unit_id: int,
    owner: Owner,
    *,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    lines_max: int = 1000,
    skip: int = 0,
) -> Statement:
    """Return what happened on the accounts of an owner, oldest first.

    Parameters
    ----------
    since, until
        From an instant on, up to another that no longer counts; by when things happened.
    lines_max, skip
        So many bookings, after so many.
    """
    entries = _of(unit_id, owner)
    opening = 0
    if since is not None:
        opening = _sum(entries.filter(transaction__effective_at__lt=since))
        entries = entries.filter(transaction__effective_at__gte=since)
    if until is not None:
        entries = entries.filter(transaction__effective_at__lt=until)
    chosen = list(
        entries.order_by("transaction__effective_at", "transaction_id")
        .values_list("transaction_id", "transaction__effective_at")
        .distinct()[skip : skip + lines_max + 1]
    )
    more = len(chosen) > lines_max
    chosen = chosen[:lines_max]
    if skip and chosen:
        first = chosen[0]
        opening += _sum(entries.filter(transaction__effective_at__lt=first[1]))
        opening += _sum(
            entries.filter(transaction__effective_at=first[1], transaction_id__lt=first[0])
        )
    lines = _lines(entries.filter(transaction_id__in=[key for key, _at in chosen]), opening)
    return Statement(opening, lines, lines[-1].balance if lines else opening, more)


def count(unit_id: int, owner: Owner) -> int:
    """Return how many bookings the accounts of an owner have."""
    return _of(unit_id, owner).values("transaction_id").distinct().count()


def _of(unit_id: int, owner: Owner) -> QuerySet[Entry]:
    accounts = Account.objects.filter(
        unit_id=unit_id, owner_kind=owner.kind, owner_id=owner.id, role__in=OWNED
    )
    return Entry.objects.filter(account_id__in=list(accounts.values_list("pk", flat=True)))


def _sum(entries: QuerySet[Entry]) -> int:
    return int(entries.aggregate(total=Sum("amount"))["total"] or 0)


def _lines(entries: QuerySet[Entry], opening: int) -> list[Line]:
    rows = (
        entries.order_by("transaction__effective_at", "transaction_id", "account__role")
        .values_list(
            "transaction_id", "transaction__kind", "transaction__cause",
            "transaction__effective_at", "transaction__recorded_at", "account__role",
        )
        .annotate(total=Sum("amount"))
    )  # fmt: skip
    found: list[Line] = []
    balance = opening
    for key, kind, cause, at, recorded_at, role, total in rows:
        balance += total
        if found and found[-1].transaction_id == key:
            before = found.pop()
            changes = {**before.changes, role: total}
            found.append(
                Line(key, kind, cause, at, recorded_at, changes, before.amount + total, balance)
            )
        else:
            found.append(Line(key, kind, cause, at, recorded_at, {role: total}, total, balance))
    return found
