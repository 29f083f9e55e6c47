"""Reads of customers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from stammkunde.core import bulk
from stammkunde.core.errors import NotFound
from stammkunde.core.shops.models import Shop
from stammkunde.records.customers.models import Customer, Key, Merge

# How sure a hint makes that two customers are one person, in percent; never sure enough to join them.
SAME_PHONE_AND_NAME = 80
LOOSE_ADDRESS = 60
PAIRS_MAX = 200


@dataclass(frozen=True)
class Pair:
    """Two customers that may be one person, why, and how sure that is."""

    one_id: int
    other_id: int
    rule: str
    confidence: int


def of_shop(shop: Shop) -> QuerySet[Customer]:
    """Return the customers of a shop: those that went into others and those erased are left out."""
    return Customer.objects.filter(shop=shop, merged_into=None, erased_at=None)


def one(shop: Shop, customer_id: int, *, lock: bool = False) -> Customer:
    """Return a customer of a shop; of one that was merged, the customer it went into.

    Raises
    ------
    NotFound
        The shop has none of that number.
    """
    known = Customer.objects.filter(shop=shop)
    known = known.select_for_update() if lock else known
    customer = known.filter(pk=customer_id).first()
    if customer is None:
        raise NotFound(_("There is no such customer."), name="customer.unknown")
    seen = {customer.pk}
    while customer.merged_into_id and customer.merged_into_id not in seen:
        customer = known.get(pk=customer.merged_into_id)
        seen.add(customer.pk)
    return customer


def keys(customer: Customer) -> QuerySet[Key]:
    """Return what a customer is known by."""
    return Key.objects.filter(shop_id=customer.shop_id, customer=customer).order_by("id")


def merges(customer: Customer) -> QuerySet[Merge]:
    """Return the merges of a customer, undone ones too, newest first."""
    return Merge.objects.filter(shop_id=customer.shop_id, kept=customer).order_by("-id")


def perhaps_same(shop: Shop, *, customer_id: int | None = None) -> list[Pair]:
    """Return customers that may be one person, the surest first.

    Those of the same phone and last name, and those whose addresses differ only in what their provider
    ignores. Pairs that somebody said to be apart are left out.
    """
    # Of one customer only the rows around it are looked at, in a shop of any size.
    apart, about = "b.id > a.id", ""
    if customer_id is not None:
        apart, about = "b.id <> a.id", f" AND a.id = {int(customer_id)}"
    pairs = [
        Pair(one, other, "same_phone_and_name", SAME_PHONE_AND_NAME)
        for one, other in bulk.select(
            "SELECT a.id, b.id FROM customers_customer a JOIN customers_customer b "
            f"ON b.shop_id = a.shop_id AND b.phone = a.phone AND {apart} "
            f"WHERE a.shop_id = %s AND a.phone <> '' AND b.phone <> '' {_LIVING}{about} "
            f"AND {_last_name('a')} = {_last_name('b')} AND {_last_name('a')} <> '' "
            f"{_NOT_APART} ORDER BY a.id, b.id LIMIT {PAIRS_MAX}",
            (shop.pk,),
        )
    ]
    known = {(pair.one_id, pair.other_id) for pair in pairs}
    pairs += [
        Pair(one, other, "loose_address", LOOSE_ADDRESS)
        for one, other in bulk.select(
            "SELECT DISTINCT a.id, b.id FROM customers_key k JOIN customers_key l "
            "ON l.shop_id = k.shop_id AND l.loose = k.loose AND l.id <> k.id "
            "JOIN customers_customer a ON a.id = k.customer_id "
            f"JOIN customers_customer b ON b.id = l.customer_id AND {apart} "
            "WHERE k.shop_id = %s AND k.loose <> '' AND k.kind = 'email' AND l.kind = 'email' "
            f"{_LIVING}{about} {_NOT_APART} ORDER BY a.id, b.id LIMIT {PAIRS_MAX}",
            (shop.pk,),
        )
        if (one, other) not in known
    ]
    return [
        Pair(
            min(pair.one_id, pair.other_id),
            max(pair.one_id, pair.other_id),
            pair.rule,
            pair.confidence,
        )
        for pair in pairs
    ]


def whole(customer: Customer) -> list[int]:
    """Return the ids of a customer and of all who went into it."""
    found = [customer.pk]
    fresh = [customer.pk]
    while fresh:
        fresh = list(
            Customer.objects.filter(shop_id=customer.shop_id, merged_into_id__in=fresh)
            .exclude(pk__in=found)
            .values_list("id", flat=True)
        )
        found += fresh
    return found


_LIVING = (
    "AND a.merged_into_id IS NULL AND b.merged_into_id IS NULL "
    "AND a.erased_at IS NULL AND b.erased_at IS NULL"
)
_NOT_APART = (
    "AND NOT EXISTS (SELECT 1 FROM customers_tie t JOIN customers_key x ON x.id = t.one_id "
    "JOIN customers_key y ON y.id = t.other_id WHERE t.is_apart "
    "AND ((x.customer_id = a.id AND y.customer_id = b.id) "
    "OR (x.customer_id = b.id AND y.customer_id = a.id)))"
)


def _last_name(table: str) -> str:
    """Return the SQL of the last word of a name, in small letters; both stores know these functions."""
    if connection.vendor == "postgresql":
        return f"lower(regexp_replace(trim({table}.name), '^.*\\s', ''))"
    # What remains when everything up to the last blank is taken away.
    name = f"trim({table}.name)"
    return f"lower(replace({name}, rtrim({name}, replace({name}, ' ', '')), ''))"


def names(shop: Shop, ids: Iterable[int]) -> dict[int, str]:
    """Return how customers of a shop are called, by their ids; those of other shops are not among them."""
    found = Customer.objects.filter(shop=shop, pk__in=list(ids))
    return {customer.pk: str(customer) for customer in found}
