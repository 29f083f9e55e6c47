"""Reads of consent: what holds now, worked out from the facts each time."""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from stammkunde.records.consent import rules
from stammkunde.records.consent.models import Fact, Suppression
from stammkunde.records.consent.rules import Said
from stammkunde.records.customers import queries as customers
from stammkunde.records.customers import rules as keys
from stammkunde.records.customers.models import Customer


@dataclass(frozen=True)
class Consent:
    """Whether consent holds for a purpose and a channel, and for which addresses (as hashes)."""

    purpose: str
    channel: str
    addresses: frozenset[str]

    @property
    def holds(self) -> bool:
        """Whether it holds for any address."""
        return bool(self.addresses)


def facts(customer: Customer) -> QuerySet[Fact]:
    """Return the facts of a customer and of those who went into it, newest first."""
    return Fact.objects.filter(
        shop_id=customer.shop_id, customer_id__in=customers.whole(customer)
    ).order_by("-id")


def current(customer: Customer) -> list[Consent]:
    """Return what holds now, by purpose and channel."""
    found: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for fact in facts(customer):
        found[fact.purpose, fact.channel].append(Said(fact.address, fact.state, fact.at, fact.pk))
    return [Consent(*key, rules.granted(said)) for key, said in sorted(found.items())]


def may(customer: Customer, *, purpose: str, channel: str, address: str) -> bool:
    """Return whether somebody may be written to at an address for a purpose."""
    hashed = digest(customer.shop_id, channel, address)
    if is_suppressed(customer.shop_id, channel=channel, address=address):
        return False
    return any(
        hashed in consent.addresses
        for consent in current(customer)
        if (consent.purpose, consent.channel) == (purpose, channel)
    )


def is_suppressed(shop_id: int, *, channel: str, address: str) -> bool:
    """Return whether nothing is sent to an address."""
    hashed = digest(shop_id, channel, address)
    return Suppression.objects.filter(shop_id=shop_id, channel=channel, address=hashed).exists()


def digest(shop_id: int, channel: str, address: str) -> str:
    """Return the salted hash of an address in its one writing."""
    key = keys.email(address) if channel == "email" else keys.phone(address)
    value = key.value if key else address.strip().lower()
    salt = hashlib.sha256(f"consent {settings.SECRET_KEY}".encode()).digest()
    text = "\x1f".join((str(shop_id), channel, value))
    return hmac.new(salt, text.encode(), hashlib.sha256).hexdigest()
