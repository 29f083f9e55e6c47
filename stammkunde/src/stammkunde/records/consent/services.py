"""Verbs of consent: record what somebody said, and suppress an address."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stammkunde.core import bulk, clock
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import Refused
from stammkunde.core.shops.models import Shop
from stammkunde.records.consent import queries
from stammkunde.records.consent.models import (
    CHANNELS,
    PURPOSES,
    Fact,
    Proof,
    Suppression,
    Wording,
)
from stammkunde.records.consent.rules import State
from stammkunde.records.customers import queries as customers


@transaction.atomic
def record(
    shop: Shop,
    customer_id: int,
    *,
    purpose: str,
    channel: str,
    state: State,
    address: str,
    source: str,
    actor: Actor,
    wording: str = "",
    proof: Mapping[str, Any] | None = None,
    at: dt.datetime | None = None,
) -> Fact:
    """Record that somebody gave or withdrew consent.

    Parameters
    ----------
    address
        The address it is about; a grant is for no other.
    wording
        The words that were agreed to.
    proof
        What proves it, such as the confirmed link; a grant needs it.
    at
        When it was said; an old grant does not outweigh a newer withdrawal.

    Raises
    ------
    NotFound
        The shop has no such customer.
    Refused
        A grant without words or proof, an unknown purpose or channel, or one from the future.
    """
    customer = customers.one(shop, customer_id)
    now = clock.now()
    if purpose not in dict(PURPOSES) or channel not in dict(CHANNELS):
        raise Refused(_("There is no such purpose or channel."), name="consent.unknown")
    if state == "given" and not (wording.strip() and proof):
        raise Refused(
            _("Consent counts only with the words that were agreed to and a proof."),
            name="consent.unproved",
        )
    if at and at > now:
        raise Refused(_("Nobody can have agreed in the future."), name="consent.future")
    fact = Fact.objects.create(
        shop=shop,
        customer_id=customer.pk,
        purpose=purpose,
        channel=channel,
        state=state,
        address=queries.digest(shop.pk, channel, address),
        wording=_wording(shop, wording),
        source=source,
        at=at or now,
        recorded_at=now,
        actor_kind=actor.kind,
        actor_id=actor.id,
    )
    if proof:
        Proof.objects.create(fact=fact, data=dict(proof))
    audit.note(
        f"consent.{state}",
        actor=actor,
        shop_id=shop.pk,
        about=("customer", customer.pk),
        purpose=purpose,
        channel=channel,
    )
    return fact


def _wording(shop: Shop, text: str) -> Wording | None:
    if not text.strip():
        return None
    digest = hashlib.sha256(text.strip().encode()).hexdigest()
    found, _made = Wording.objects.get_or_create(
        shop=shop, digest=digest, defaults={"text": text.strip()}
    )
    return found


@transaction.atomic
def suppress(shop_id: int, *, channel: str, address: str, reason: str, actor: Actor) -> None:
    """Let nothing be sent to an address any more, whoever it belongs to."""
    digest = queries.digest(shop_id, channel, address)
    bulk.add(
        "consent_suppression",
        ("shop_id", "channel", "address", "reason", "since"),
        [(shop_id, channel, digest, reason, str(clock.now().replace(tzinfo=None)))],
    )
    audit.note("consent.suppressed", actor=actor, shop_id=shop_id, channel=channel, reason=reason)


@transaction.atomic
def lift(shop: Shop, *, channel: str, address: str, actor: Actor) -> None:
    """Let an address be written to again; consent is needed as before."""
    digest = queries.digest(shop.pk, channel, address)
    Suppression.objects.filter(shop=shop, channel=channel, address=digest).delete()
    audit.note("consent.unsuppressed", actor=actor, shop_id=shop.pk, channel=channel)
