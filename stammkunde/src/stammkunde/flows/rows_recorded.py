"""What happens when rows of one kind are recorded, from top to bottom, in one transaction.

One row and five hundred take the same way. Rows that the records know already, and words that are older
than the last ones, change nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stammkunde.core import turns
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import NotFound, Refused
from stammkunde.core.shops.models import Shop
from stammkunde.features.wallets import services as wallets
from stammkunde.insights import services as insights
from stammkunde.records.customers import identity, tombstones
from stammkunde.records.customers import rules as people
from stammkunde.records.customers import services as customers
from stammkunde.records.customers.identity import About
from stammkunde.records.customers.rules import SaidKey
from stammkunde.records.orders import rules, single, writing
from stammkunde.records.orders import services as orders
from stammkunde.records.orders.rules import Incoming, Kind
from stammkunde.records.orders.writing import Origin, Told

NUMBER_MAX = 250
COUNTING = (rules.ORDERS, rules.REFUNDS)
Owner = tuple[int | None, int | None]


@dataclass(frozen=True, kw_only=True)
class Who:
    """The person a row is about, as its source says it; all may be empty."""

    number: str = ""
    email: str = ""
    phone: str = ""
    name: str = ""
    country: str = ""

    def keys(self, *, source: str) -> list[SaidKey]:
        """Return what the person is known by, the strongest first."""
        said = (
            people.number(self.number, source=source),
            people.email(self.email),
            people.phone(self.phone, country=self.country),
        )
        return [key for key in said if key is not None]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row on its way into the records.

    Parameters
    ----------
    said
        What the source says of it, the person left out.
    said_at
        When the source changed it last; an older word does not undo a newer one. Only orders keep it.
    """

    said: Incoming
    who: Who = field(default_factory=Who)
    said_at: dt.datetime | None = None


@dataclass(frozen=True)
class Recorded:
    """The row, and what became of it: new, changed, the same as before, or outdated."""

    row_id: int
    outcome: Literal["new", "changed", "same", "outdated"]


@transaction.atomic
def record(
    shop: Shop, kind: Kind, rows: Sequence[Row], *, source: str, actor: Actor
) -> list[Recorded]:
    """Record rows of a kind, each number once; return what became of each, in their order.

    Raises
    ------
    Refused
        A number is empty, too long, or said twice.
    """
    _require_numbers(rows)
    turns.take(shop.pk)
    origin = Origin(shop_id=shop.pk, source=source, actor=actor)
    numbers = sorted(row.said.number for row in rows)
    for number in numbers:
        single.lock(shop.pk, source=f"{kind.name} {source}", number=number)
    outdated = _outdated(kind, rows, origin=origin)
    due = [row for row in rows if row.said.number not in outdated]
    known, incoming = _owned(shop, kind, due, source=source, actor=actor)
    told = writing.tell(kind, incoming, origin=origin)
    writing.write(kind, incoming, origin=origin)
    ids = writing.ids(kind, numbers, origin=origin)
    if kind is rules.ORDERS:
        single.said((row.said_at, ids[row.said.number]) for row in due if row.said_at is not None)
    if any(each.outcome != "same" for each in told.values()) or known.are_left:
        changed = [ids[number] for number, each in told.items() if each.outcome != "same"]
        _follow(shop, kind, incoming, told, changed=changed, known=known, actor=actor)
        _note(shop, kind, told, ids, actor=actor)
    return [
        Recorded(ids[number], told[number].outcome if number in told else "outdated")
        for number in (row.said.number for row in rows)
    ]


@transaction.atomic
def take_back(shop: Shop, kind: Kind, number: str, *, source: str, actor: Actor) -> Recorded:
    """Let a row no longer count; what it was stays as a version, and recording it again brings it back.

    Raises
    ------
    NotFound
        The shop has no such row.
    """
    turns.take(shop.pk)
    origin = Origin(shop_id=shop.pk, source=source, actor=actor)
    single.lock(shop.pk, source=f"{kind.name} {source}", number=number)
    row_id = writing.ids(kind, [number], origin=origin).get(number)
    if row_id is None:
        raise NotFound(_("There is no such row."), name="row.unknown")
    before = writing.images(kind, [row_id])[row_id]
    if before["deleted_at"] is not None:
        return Recorded(row_id, "same")
    writing.take_back(kind, [row_id], origin=origin)
    customer = before.get("customer_id")
    if kind in COUNTING and customer is not None:
        orders.count(shop.pk, [customer], zone=shop.zone)
    orders.touch(shop.pk, kind.name, [row_id])
    insights.follow(shop.pk)
    audit.note("record.taken_back", actor=actor, shop_id=shop.pk, about=(kind.name, row_id))
    return Recorded(row_id, "changed")


def _require_numbers(rows: Sequence[Row]) -> None:
    numbers = [row.said.number for row in rows]
    if any(not number.strip() or len(number) > NUMBER_MAX or "\0" in number for number in numbers):
        raise Refused(
            _("A number has between 1 and 250 letters."),
            name="row.number",
            fields={"number": _("A number has between 1 and 250 letters.")},
        )
    if len(set(numbers)) < len(numbers):
        raise Refused(_("The same number stands in it twice."), name="row.is_repeated")


def _outdated(kind: Kind, rows: Sequence[Row], *, origin: Origin) -> set[str]:
    """Return the numbers of orders of which something newer was said already."""
    said = {row.said.number: row.said_at for row in rows if row.said_at is not None}
    if kind is not rules.ORDERS or not said:
        return set()
    last = single.last_said(origin.shop_id, source=origin.source, numbers=list(said))
    return {number for number, at in last.items() if said[number] < at}


def _owned(
    shop: Shop, kind: Kind, rows: Sequence[Row], *, source: str, actor: Actor
) -> tuple[customers.Known, list[Incoming]]:
    """Return the rows with the keys and customers of the store; those from before an erasure are nobody's."""
    if not kind.has_person:
        return customers.Known(()), [row.said for row in rows]
    buried = tombstones.of_shop(shop.pk)
    when = kind.columns.index(kind.happened) if kind.happened else None
    named: list[tuple[list[SaidKey], About]] = []
    for row in rows:
        keys = row.who.keys(source=source)
        at = None if when is None else row.said.values[when]
        if any(_is_buried(buried, key, at) for key in keys):
            keys = []
        # A phone alone makes nobody known; it is only told.
        phone = next((key.value for key in keys if key.kind == "phone"), "")
        about = About(name=row.who.name.strip(), phone=phone, country=row.who.country.strip())
        named.append(([key for key in keys if key.kind != "phone"], about))
    known = customers.know_all(shop, named, actor=actor)
    owners = list(known.owners)
    if kind is rules.REFUNDS:
        owners = _of_orders(shop, rows, owners, source=source)
    return known, [replace(row.said, key=owner) for row, owner in zip(rows, owners, strict=True)]


def _is_buried(buried: tombstones.Tombstones, key: SaidKey, at: str | None) -> bool:
    erased_at = buried.erased_at(key)
    return erased_at is not None and (at is None or at <= writing.stamp(erased_at))


def _of_orders(
    shop: Shop, rows: Sequence[Row], owners: Sequence[Owner], *, source: str
) -> list[Owner]:
    """Give refunds that name nobody to who placed the order."""
    place = rules.REFUNDS.columns.index("order_number")
    numbers = [row.said.values[place] for row in rows if row.said.values[place]]
    known = single.owners(shop.pk, source=source, numbers=numbers)
    return [
        known.get(row.said.values[place], owner) if owner == (None, None) else owner
        for row, owner in zip(rows, owners, strict=True)
    ]


def _follow(
    shop: Shop,
    kind: Kind,
    incoming: Sequence[Incoming],
    told: dict[str, Told],
    *,
    changed: Sequence[int],
    known: customers.Known,
    actor: Actor,
) -> None:
    """Join whom the rows show to be one person, and count the customers anew who were met."""
    met: set[int] = set()
    if known.are_left:
        settled = identity.settle(shop.pk, known.keys, actor=actor)
        orders.follow(settled.moved)
        wallets.follow(shop, settled.customers)
        met |= settled.customers
    if kind in COUNTING:
        met |= {row.key[1] for row in incoming if row.key[1] is not None}
        met |= {each.customer_id for each in told.values() if each.customer_id is not None}
    orders.count(shop.pk, met, zone=shop.zone)
    orders.touch(shop.pk, kind.name if changed else "identity", changed)
    insights.follow(shop.pk)


def _note(
    shop: Shop, kind: Kind, told: dict[str, Told], ids: dict[str, int], *, actor: Actor
) -> None:
    """Note one order by itself, and many rows by how many they were."""
    outcomes = [str(each.outcome) for each in told.values()]
    if kind is rules.ORDERS and len(told) == 1:
        audit.note(
            "order.recorded" if outcomes == ["new"] else "order.changed",
            actor=actor,
            shop_id=shop.pk,
            about=("order", ids[next(iter(told))]),
        )
        return
    audit.note(
        "records.written",
        actor=actor,
        shop_id=shop.pk,
        counts={name: {kind.name: outcomes.count(name)} for name in ("new", "changed")},
    )
