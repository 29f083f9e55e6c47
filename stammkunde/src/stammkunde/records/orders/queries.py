"""Reads of orders and of what is recorded beside them."""

from __future__ import annotations

import datetime as dt
import statistics
import zoneinfo
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Prefetch, Q, QuerySet

from stammkunde.core.shops.models import Shop
from stammkunde.records.consent.models import Fact
from stammkunde.records.customers import queries as customers
from stammkunde.records.customers.models import Customer, Merge
from stammkunde.records.orders.models import (
    Delivery,
    Lead,
    Order,
    OrderLine,
    Product,
    Recorded,
    Referral,
    Refund,
    Response,
    Return,
    Spend,
    Subscription,
    Ticket,
)
from stammkunde.records.orders.rules import Kind

Named = TypeVar("Named", Return, Delivery)
COUNTED = ("counted", "open")
MODELS: tuple[type[Recorded], ...] = (
    Order, Refund, Product, Spend, Lead, Subscription, Response, Ticket, Referral, Return,
    Delivery,
)  # fmt: skip
# The usual gap is that of the latest orders; what somebody did ten years ago says little.
GAPS_OF = 200
# Which field says when it happened. Of what happened in one instant, later kinds come first on the page.
HAPPENED: Mapping[str, str] = {
    "lead": "created_at",
    "subscription": "starts_at",
    "order": "placed_at",
    "refund": "refunded_at",
    "delivery": "delivered_at",
    "return": "returned_at",
    "ticket": "opened_at",
    "response": "answered_at",
    "consent": "at",
    "merge": "at",
    "parting": "undone_at",
}
_RANKS = {kind: rank for rank, kind in enumerate(HAPPENED)}
_OF_PERSON: Mapping[str, type[Model]] = {
    "lead": Lead, "subscription": Subscription, "order": Order, "refund": Refund, "ticket": Ticket,
    "response": Response,
}  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """Something that happened to a customer."""

    at: dt.datetime
    kind: str
    row: Any

    @property
    def mark(self) -> tuple[str, str, int]:
        """Where it stands in the order of what happened."""
        return self.at.isoformat(), self.kind, self.row.pk


def orders(customer: Customer) -> QuerySet[Order]:
    """Return the orders of a customer with their lines."""
    lines = Prefetch("lines", OrderLine.objects.order_by("line_number"))
    found = Order.objects.filter(shop_id=customer.shop_id, customer=customer, deleted_at=None)
    return found.prefetch_related(lines)


def rows(shop: Shop, kind: Kind) -> QuerySet[Any]:
    """Return all rows of a kind, those taken back too; orders with their lines."""
    model = next(each for each in MODELS if each._meta.db_table == kind.table)
    found: QuerySet[Any] = model._default_manager.filter(shop=shop)
    if model is Order:
        return found.prefetch_related(Prefetch("lines", OrderLine.objects.order_by("line_number")))
    return found


def answers(shop: Shop, *, question: str = "") -> QuerySet[Response]:
    """Return answers in which somebody wrote something, of one kind of question or of all."""
    found = Response.objects.filter(shop=shop, deleted_at=None, answer__isnull=False)
    found = found.exclude(answer="")
    return found.filter(question=question) if question else found


def has_orders(shop: Shop) -> bool:
    """Return whether anything was ever ordered in a shop."""
    return Order.objects.filter(shop=shop, deleted_at=None).exists()


def usual_gap(shop: Shop, customer: Customer) -> int | None:
    """Return the median of the days between two orders that follow each other, None below two.

    Orders of one local day are one; half a day is rounded up.
    """
    zone = zoneinfo.ZoneInfo(shop.zone)
    found = orders(customer).filter(state__in=COUNTED).order_by("-placed_at")
    instants = found.prefetch_related(None).values_list("placed_at", flat=True)[:GAPS_OF]
    days = sorted({at.astimezone(zone).date() for at in instants})
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    return int(statistics.median(gaps) + 0.5) if gaps else None


def moments(
    customer: Customer, *, size: int, after: tuple[str, str, int] | None = None
) -> tuple[list[Moment], bool]:
    """Return what happened to a customer, newest first, and whether there is more.

    Parameters
    ----------
    after
        The mark of the last moment of the page before.
    """
    found: list[Moment] = []
    for kind, rows in _sources(customer):
        field = HAPPENED[kind]
        known = rows.filter(**{f"{field}__isnull": False})
        if after:
            known = known.filter(_before(kind, field, after))
        newest = known.order_by(f"-{field}", "-pk")[: size + 1]
        found += [Moment(getattr(row, field), kind, row) for row in newest]
    found.sort(key=lambda one: (one.at, _RANKS[one.kind], one.row.pk), reverse=True)
    return found[:size], len(found) > size


def _before(kind: str, field: str, mark: tuple[str, str, int]) -> Q:
    at, of, key = dt.datetime.fromisoformat(mark[0]), *mark[1:]
    if _RANKS[kind] < _RANKS[of]:
        return Q(**{f"{field}__lte": at})
    if _RANKS[kind] > _RANKS[of]:
        return Q(**{f"{field}__lt": at})
    return Q(**{f"{field}__lt": at}) | Q(**{field: at, "pk__lt": key})


def _sources(customer: Customer) -> Iterator[tuple[str, QuerySet[Any]]]:
    for kind, model in _OF_PERSON.items():
        manager = model._default_manager
        rows = manager.filter(shop_id=customer.shop_id, customer=customer, deleted_at=None)
        if kind == "order":
            rows = rows.prefetch_related(
                Prefetch("lines", OrderLine.objects.order_by("line_number"))
            )
        yield kind, rows
    yield "return", returns(customer)
    yield "delivery", of_orders(customer, Delivery)
    # Consent is never moved: what those who went into the customer said counts as well.
    said = Fact.objects.filter(shop_id=customer.shop_id, customer_id__in=customers.whole(customer))
    yield "consent", said
    merged = Merge.objects.filter(shop_id=customer.shop_id, kept=customer).select_related("gone")
    yield "merge", merged
    yield "parting", merged


def returns(customer: Customer) -> QuerySet[Return]:
    """Return what a customer sent back, found by the orders it came with."""
    return of_orders(customer, Return)


def of_orders(customer: Customer, model: type[Named]) -> QuerySet[Named]:
    """Return rows that name an order and no person, found by the orders of a customer."""
    orders_ = Order.objects.filter(shop_id=customer.shop_id, customer=customer)
    own = orders_.filter(source=OuterRef("source"), external_id=OuterRef("order_number"))
    # The numbers alone say the same for one channel; asked first, they lead to the rows by an index.
    return model._default_manager.filter(
        Exists(own),
        shop_id=customer.shop_id,
        order_number__in=orders_.values("external_id"),
        deleted_at=None,
    )
