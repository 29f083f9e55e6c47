"""The roll-forward of a unit: from what was owed to what is owed, and by which doors it changed."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Literal

from django.db.models import Q, QuerySet, Sum

from stammkunde.ledger.closes import Close
from stammkunde.ledger.models import OWNED, Entry, Unit

Basis = Literal["effective", "recorded"]
# What comes and goes, in the order of the roll-forward.
DOORS = (
    "issued",
    "given_back",
    "redeemed",
    "donated",
    "expired",
    "clawed_back",
    "adjusted",
    "converted",
    "transferred",
)
_DOORS = {
    "issuance": "issued",
    "redemption": "redeemed",
    "donation": "donated",
    "breakage": "expired",
    "clawback": "clawed_back",
    "adjustment": "adjusted",
    "conversion": "converted",
    "transfer": "transferred",
}


@dataclass(frozen=True)
class RollForward:
    """What happened to everything that is owed in a unit between two instants.

    Parameters
    ----------
    opening, closing
        By role: pending, available, held, debt; closing is counted by itself, not added up.
    doors
        By how much each changed what is owed, with its sign.
    matured
        What became available; it changes nothing that is owed.
    moved
        What went from one owner to another.
    """

    opening: dict[str, int]
    closing: dict[str, int]
    doors: dict[str, int]
    matured: int
    moved: int

    @property
    def opened(self) -> int:
        """Return what was owed at the beginning."""
        return sum(self.opening.values())

    @property
    def closed(self) -> int:
        """Return what is owed at the end."""
        return sum(self.closing.values())

    @property
    def rest(self) -> int:
        """Return what the doors leave unexplained: 0, or the ledger is broken (I17)."""
        return self.closed - self.opened - sum(self.doors.values())


def roll_forward(
    unit_id: int, since: dt.datetime, until: dt.datetime, *, basis: Basis = "effective"
) -> RollForward:
    """Return the roll-forward of a unit, from an instant on up to another that no longer counts.

    It begins at the last close of the unit before, so that it costs what happened since.

    Parameters
    ----------
    basis
        By when things happened, or by when they were booked: as period closes count.
    """
    unit = Unit.objects.get(pk=unit_id)
    close = _close_before(unit, since, basis=basis)
    at = f"transaction__{basis}_at"
    # By the shop as well: the index of what was recorded when begins with it.
    entries = Entry.objects.filter(
        account__unit_id=unit_id, transaction__shop_id=unit.shop_id, **{f"{at}__lt": until}
    )
    before = Counter[str]()
    if close:
        entries = entries.filter(transaction__recorded_at__gte=close.until)
        before.update({role: close.sums.get(role, 0) for role in OWNED})
    before.update(_by_role(entries.filter(**{f"{at}__lt": since})))
    during = (
        entries.filter(**{f"{at}__gte": since})
        .order_by()
        .values_list("account__role", "transaction__kind")
        .annotate(total=Sum("amount"), came=Sum("amount", filter=Q(amount__gt=0)))
    )
    doors = dict.fromkeys(DOORS, 0)
    after: defaultdict[str, int] = defaultdict(int, before)
    matured = moved = 0
    for role, kind, total, came in during:
        if role in OWNED:
            after[role] += total
            matured += (came or 0) if (kind, role) == ("mature", "available") else 0
            moved += (came or 0) if kind == "transfer" else 0
            continue
        door = _DOORS[role]
        # What customers got back was redeemed before, perhaps long ago: it is told apart.
        if door == "redeemed" and kind in ("return", "cancel", "reverse") and total < 0:
            door = "given_back"
        doors[door] -= total
    return RollForward(
        {role: before.get(role, 0) for role in OWNED},
        {role: after[role] for role in OWNED},
        doors,
        matured,
        moved,
    )


def _close_before(unit: Unit, since: dt.datetime, *, basis: Basis) -> Close | None:
    """Return the last close from which on everything since an instant can be counted.

    By when things happened, nothing that was closed may have taken effect since.
    """
    closes = Close.objects.filter(unit=unit, until__lte=since)
    if basis == "effective":
        closes = closes.filter(Q(latest_at=None) | Q(latest_at__lt=since))
    return closes.order_by("-until").first()


def _by_role(entries: QuerySet[Entry]) -> dict[str, int]:
    found = entries.filter(account__role__in=OWNED).order_by()
    return dict(found.values_list("account__role").annotate(total=Sum("amount")))
