"""What happens when a person asks for their data, or to be forgotten: every part is listed here.

Each part contributes what it holds of a person and how it forgets it. Booked amounts stay, with a
customer who has no name; salted hashes stay, so that no old file brings the person back.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock, turns
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import Refused
from stammkunde.core.jobs import services as jobs
from stammkunde.core.jobs.models import Job
from stammkunde.core.shops.models import Shop
from stammkunde.features.imports import privacy as imports
from stammkunde.features.imports import queries as import_queries
from stammkunde.features.views import privacy as views
from stammkunde.features.wallets import privacy as wallets
from stammkunde.insights import privacy as foretold
from stammkunde.insights import services as insights
from stammkunde.insights.sql import privacy as questions
from stammkunde.insights.trials import privacy as trials
from stammkunde.records.consent import privacy as consent
from stammkunde.records.customers import privacy as customers
from stammkunde.records.customers import queries
from stammkunde.records.orders import privacy as orders
from stammkunde.records.orders import services as order_services

EXPORTS = {
    "person": customers.export,
    "orders": orders.export,
    "consent": consent.export,
    "imports": imports.export,
    "forecast": foretold.export,
    "points": wallets.export,
}


@dataclass(frozen=True)
class Section:
    """A part of an export for people to read: a heading, and tables under it."""

    title: str
    facts: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@transaction.atomic
def export(shop: Shop, customer_id: int, *, actor: Actor) -> dict[str, Any]:
    """Return everything the shop holds of a person, as JSON can hold it.

    Raises
    ------
    NotFound
        The shop has no such customer.
    """
    person = customers.gather(queries.one(shop, customer_id))
    found = {name: _plain(part(person)) for name, part in EXPORTS.items()}
    audit.note(
        "customer.exported", actor=actor, shop_id=shop.pk, about=("customer", person.customer.pk)
    )
    return {
        "shop": shop.name,
        "currency": shop.currency,
        "exported_at": clock.now().isoformat(),
        **found,
    }


def sections(exported: dict[str, Any]) -> list[Section]:
    """Return an export as headings, facts and tables, for a page that people can read."""
    found = []
    for name in EXPORTS:
        part = exported[name]
        tables = {key: rows for key, rows in part.items() if isinstance(rows, list) and rows}
        facts = {key: value for key, value in part.items() if not isinstance(value, list)}
        found.append(Section(name, facts, tables))
    return found


def erasing(customer_id: int) -> str:
    """Return the key of the job that erases a customer."""
    return f"customer:{customer_id}:erase"


@transaction.atomic
def start_erasing(shop: Shop, customer_id: int, *, actor: Actor) -> Job:
    """Have a person forgotten in the background.

    Raises
    ------
    NotFound
        The shop has no such customer.
    Refused
        An import is under way, or the customer is erased already.
    """
    customer = queries.one(shop, customer_id)
    if customer.erased_at:
        raise Refused(_("This customer is erased already."), name="customer.is_erased")
    if import_queries.unfinished(shop.pk):
        raise Refused(_("An import is under way. Wait until it is done."), name="import.is_busy")
    audit.note(
        "customer.erasure_asked", actor=actor, shop_id=shop.pk, about=("customer", customer.pk)
    )
    return jobs.enqueue(
        "customers.erase",
        args={"customer": customer.pk},
        shop_id=shop.pk,
        key=erasing(customer.pk),
        actor=actor,
    )


def erase(
    shop: Shop, customer_id: int, *, actor: Actor, tell: imports.Tell = imports.silent
) -> dict[str, int]:
    """Forget a person; return what was forgotten, by kind.

    Files are redacted first, while others may write: should the machine stop in between, the person is
    still known and the erasure is asked for again.

    Raises
    ------
    NotFound
        The shop has no such customer.
    Refused
        An import is under way, or the customer is erased already.
    """
    person = _gathered(shop, customer_id)
    counts: dict[str, int] = {}
    while not counts:
        searched, redacted = person.words, imports.redact(person, tell=tell)
        with transaction.atomic():
            turns.take(shop.pk)
            person = _gathered(shop, customer_id, lock=True)
            # Somebody may have been joined meanwhile, by whose words the files are still to be searched.
            if person.words <= searched:
                counts = _forget(shop, person, redacted, actor=actor)
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            # The log of writes ahead would hold the person until it is used anew.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return counts


def _gathered(shop: Shop, customer_id: int, *, lock: bool = False) -> customers.Person:
    """Return the person to erase, if that can be done now."""
    customer = queries.one(shop, customer_id, lock=lock)
    if customer.erased_at:
        raise Refused(_("This customer is erased already."), name="customer.is_erased")
    if import_queries.unfinished(shop.pk):
        raise Refused(_("An import is under way. Wait until it is done."), name="import.is_busy")
    return customers.gather(customer)


def _forget(
    shop: Shop, person: customers.Person, redacted: dict[str, int], *, actor: Actor
) -> dict[str, int]:
    """Take the person out of every record; return what was forgotten, files included."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # What is deleted is overwritten as well.
            cursor.execute("PRAGMA secure_delete = ON")
    imports.erase(person)
    counts = {
        **redacted,
        **consent.erase(person, actor=actor),
        **orders.erase(person),
        **views.erase(person),
        **wallets.erase(person),
        **questions.erase(person),
        **trials.erase(person),
        **customers.erase(person),
    }
    order_services.touch(shop.pk, "person", person.ids)
    # The columns still hold what the person wrote; they let it go with the next refresh.
    insights.follow(shop.pk, at_once=True)
    audit.note(
        "customer.erased",
        actor=actor,
        shop_id=shop.pk,
        about=("customer", person.customer.pk),
        counts=counts,
    )
    return counts


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case dt.date():
            return value.isoformat()
        case _:
            return value
