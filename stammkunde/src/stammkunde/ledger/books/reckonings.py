"""Liability and audit in the background: asked for from pages and programs, kept until the next time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django.db import transaction

from stammkunde.core import clock
from stammkunde.core.audit import services as log
from stammkunde.core.audit.services import Actor
from stammkunde.core.jobs import services as jobs
from stammkunde.core.jobs.models import Job
from stammkunde.core.shops.models import Shop
from stammkunde.ledger.books.models import Reckoning
from stammkunde.ledger.models import Unit

LIABILITY, AUDIT = "ledger.liability", "ledger.audit"
FINDINGS_MAX = 500
SHOWN = ("invariant", "unit", "what", "expected", "found")


class Finding(Protocol):
    """Something that does not hold, as the audit names it."""

    @property
    def invariant(self) -> str:
        """Which promise."""


@transaction.atomic
def start_liability(shop: Shop, unit: Unit, *, actor: Actor, month: int | None = None) -> Job:
    """Have what is owed for a unit reckoned."""
    log.note("ledger.liability_asked", actor=actor, shop_id=shop.pk, about=("unit", unit.pk))
    return jobs.enqueue(
        LIABILITY,
        args={"unit": unit.pk, "month": month},
        shop_id=shop.pk,
        key=f"ledger:{unit.pk}:liability:{month or 0}",
        actor=actor,
    )


@transaction.atomic
def start_audit(shop: Shop, *, actor: Actor) -> Job:
    """Have every balance rebuilt and every promise proved."""
    log.note("ledger.audit_asked", actor=actor, shop_id=shop.pk)
    return jobs.enqueue(AUDIT, shop_id=shop.pk, key=f"ledger:{shop.pk}:audit", actor=actor)


def last_audit(shop: Shop) -> Reckoning | None:
    """Return what the last audit found."""
    return Reckoning.objects.filter(shop=shop, kind="audit", unit=None).first()


def keep_audit(shop_id: int, findings: Sequence[Finding]) -> Reckoning:
    """Keep what an audit of a shop found, so that pages and programs can tell it."""
    answer: dict[str, Any] = {
        "count": len(findings),
        "findings": [
            {name: str(getattr(each, name)) for name in SHOWN} for each in findings[:FINDINGS_MAX]
        ],
    }
    kept, _made = Reckoning.objects.update_or_create(
        shop_id=shop_id, unit=None, kind="audit", month=0,
        defaults={"answer": answer, "made_at": clock.now()},
    )  # fmt: skip
    return kept
