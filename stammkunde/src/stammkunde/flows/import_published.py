"""What happens when an import is published, from top to bottom.

Parts run in transactions of their own and say that they are done, so that a crash anywhere is followed
by going on. Until the last of them the rows count nowhere; then all of them do, at once.
"""

from __future__ import annotations

from django.db import transaction

from stammkunde.core import bulk
from stammkunde.core.audit.services import Actor
from stammkunde.features.imports import files, publishing, services, staging
from stammkunde.features.imports.models import Chunk, Import
from stammkunde.features.imports.publishing import Progress, Publication, silent
from stammkunde.features.wallets import services as wallets
from stammkunde.insights import services as insights
from stammkunde.records.customers import identity
from stammkunde.records.orders import rules
from stammkunde.records.orders import services as orders

COUNTED = "counted"


def run(import_: Import, *, actor: Actor, progress: Progress = silent) -> Import:
    """Publish an import that is being published; one that is published already stays as it is."""
    if import_.state not in ("publishing", "published"):
        return import_
    with staging.opened(files.reading(import_)) as connection:
        publication = Publication(import_=import_, connection=connection, actor=actor)
        if import_.state == "publishing":
            publication.admit_people(progress)
            bulk.learn()
            done = 0
            for kind in rules.KINDS.values():
                done = publication.record(kind, progress, before=done)
            _let_count(publication)
    _count_customers(import_)
    bulk.learn()
    return import_


def _let_count(publication: Publication) -> None:
    """Join customers whom the import shows to be one person, and let its rows count."""
    keys = publication.keys() if publication.joins_people() else []
    import_, actor = publication.import_, publication.actor
    with transaction.atomic():
        services.hold(import_, "publishing")
        settled = identity.settle(publication.shop_id, keys, actor=actor, import_id=import_.pk)
        orders.follow(settled.moved)
        wallets.follow(import_.shop, settled.customers)
        orders.touch(publication.shop_id, "import", [import_.pk])
        insights.follow(publication.shop_id, at_once=True)
        counts = {**publishing.summed(import_), "merged": len(settled.customers)}
        services.end(import_, "published", actor=actor, counts=counts)
        Chunk.objects.get_or_create(
            import_of=import_, step="moved", number=0,
            defaults={"counts": {"customers": sorted(settled.customers)}},
        )  # fmt: skip


def _count_customers(import_: Import) -> None:
    """Count the orders of all customers that the import touched; doing it again changes nothing."""
    if Chunk.objects.filter(import_of=import_, step=COUNTED).exists():
        return
    shop = import_.shop
    moved = Chunk.objects.filter(import_of=import_, step="moved").first()
    customers = orders.customers_of_import(shop.pk, import_.pk)
    customers |= set(moved.counts["customers"]) if moved else set()
    orders.count(shop.pk, customers | orders.customers_before(shop.pk, import_.pk), zone=shop.zone)
    Chunk.objects.get_or_create(import_of=import_, step=COUNTED, number=0)
