"""What the records of customers contribute to the export and the erasure of a person."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from stammkunde.core import clock
from stammkunde.records.customers import queries, standings, tombstones
from stammkunde.records.customers.models import Customer, Key, Merge, Standing, Tie
from stammkunde.records.customers.rules import SaidKey

# Shorter words stand in too many places to be searched for.
WORD_MIN = 3


@dataclass(frozen=True)
class Person:
    """Somebody with all the customers that are this person, and all words that tell who it is.

    Parameters
    ----------
    ids
        The customer, and those who went into it.
    keys
        The keys they are known by.
    words
        Names, addresses, numbers and phones, in every writing that the records hold.
    """

    customer: Customer
    ids: tuple[int, ...]
    keys: tuple[Key, ...]
    words: frozenset[str]

    @property
    def numbers(self) -> frozenset[str]:
        """The customer numbers, which may be short."""
        return frozenset(key.value for key in self.keys if key.kind == "number")

    @property
    def telling(self) -> frozenset[str]:
        """The words that tell a person wherever they stand."""
        return frozenset(word for word in self.words - self.numbers if len(word) >= WORD_MIN)

    def is_told_by(self, text: str) -> bool:
        """Return whether a text that somebody typed holds one of these as a word of its own."""
        if not self.telling:
            return False
        words = "|".join(re.escape(word) for word in self.telling)
        return re.search(rf"(?<!\w)(?:{words})(?!\w)", text, re.IGNORECASE) is not None


def gather(customer: Customer) -> Person:
    """Return who a customer is."""
    ids = tuple(queries.whole(customer))
    keys = tuple(Key.objects.filter(shop_id=customer.shop_id, customer_id__in=ids).order_by("id"))
    words: set[str] = set()
    for each in Customer.objects.filter(shop_id=customer.shop_id, pk__in=ids):
        words |= {each.name, each.email, each.phone, each.number}
    for key in keys:
        words |= {key.value, key.written}
    return Person(customer, ids, keys, frozenset(word.strip() for word in words) - {""})


def export(person: Person) -> dict[str, Any]:
    """Return what the records hold of who a person is."""
    customer = person.customer
    return {
        "name": customer.name,
        "email": customer.email,
        "phone": customer.phone,
        "number": customer.number,
        "country": customer.country,
        "customer_since": customer.created_at,
        "first_order_on": customer.first_order_on,
        "last_order_on": customer.last_order_on,
        "orders": customer.orders,
        "revenue_minor": customer.revenue_minor,
        "refunded_minor": customer.refunded_minor,
        **_standing(customer),
        "known_by": [
            {
                "kind": key.kind,
                "value": key.value,
                "channel": key.source,
                "since": key.since,
                "rule": key.rule,
                "confidence_percent": key.confidence,
            }
            for key in person.keys
        ],
        "merges": [
            {"at": merge.at, "rule": merge.rule, "undone_at": merge.undone_at}
            for merge in Merge.objects.filter(kept_id__in=person.ids).order_by("id")
        ],
    }


def _standing(customer: Customer) -> dict[str, Any]:
    """Return what was counted of a customer, which is said of the person as well.

    What was foretold is told by those who foretold it (`insights.privacy`), with its range and its day.
    """
    found = Standing.objects.filter(shop_id=customer.shop_id, customer=customer).first()
    if found is None:
        return {}
    return {
        "rfm_group": standings.group(found.rfm),
        "value_minor": found.value_minor,
        "profit_minor": found.profit_minor,
        "next_order_due_on": found.due_on,
    }


def erase(person: Person) -> dict[str, int]:
    """Take away who a person is; a number without a name stays, so that amounts add up."""
    shop_id = person.customer.shop_id
    bury(shop_id, person.keys)
    ids = [key.pk for key in person.keys]
    Tie.objects.filter(one_id__in=ids).delete()
    Tie.objects.filter(other_id__in=ids).delete()
    Merge.objects.filter(kept_id__in=person.ids).delete()
    Merge.objects.filter(gone_id__in=person.ids).delete()
    Key.objects.filter(pk__in=ids).delete()
    standings.forget(person.ids)
    now = clock.now()
    Customer.objects.filter(pk__in=person.ids).update(
        number="", email="", phone="", name="", country="", erased_at=now, changed_at=now
    )
    return {"customers": len(person.ids), "keys": len(ids)}


def bury(shop_id: int, keys: Iterable[Key]) -> None:
    """Keep the hashes of keys, so that an old file does not bring the person back."""
    tombstones.bury(
        shop_id,
        [SaidKey(kind=key.kind, source=key.source, value=key.value) for key in keys],  # type: ignore[arg-type]  # the database checks kinds
    )
