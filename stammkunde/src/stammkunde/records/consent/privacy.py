"""What consent contributes to the export and the erasure of a person."""

from __future__ import annotations

from typing import Any

from stammkunde.core.audit.services import Actor
from stammkunde.records.consent import queries, services
from stammkunde.records.consent.models import Fact, Proof
from stammkunde.records.customers.privacy import Person

_CHANNELS = {"email": ("email", "ads"), "phone": ("sms", "phone")}


def export(person: Person) -> dict[str, Any]:
    """Return everything a person said about consent, with its words and proofs."""
    proofs = dict(
        Proof.objects.filter(fact__customer_id__in=person.ids).values_list("fact_id", "data")
    )
    return {
        "facts": [
            {
                "purpose": fact.purpose,
                "channel": fact.channel,
                "state": fact.state,
                "words": fact.wording.text if fact.wording else None,
                "source": fact.source,
                "at": fact.at,
                "proof": proofs.get(fact.pk),
            }
            for fact in queries.facts(person.customer).select_related("wording").order_by("id")
        ]
    }


def erase(person: Person, *, actor: Actor) -> dict[str, int]:
    """Delete proofs and suppress the addresses; that somebody agreed stays, without who it was."""
    facts = Fact.objects.filter(shop_id=person.customer.shop_id, customer_id__in=person.ids)
    deleted, _ = Proof.objects.filter(fact__in=facts).delete()
    for key in person.keys:
        for channel in _CHANNELS.get(key.kind, ()):
            services.suppress(
                person.customer.shop_id,
                channel=channel,
                address=key.value,
                reason="erased",
                actor=actor,
            )
    return {"proofs": deleted}
