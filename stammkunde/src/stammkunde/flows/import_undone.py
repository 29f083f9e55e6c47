"""What happens when an import is undone: its rows go or become what they were, as do its customers."""

from __future__ import annotations

from django.db import transaction

from stammkunde.core.audit.services import Actor
from stammkunde.features.imports import services
from stammkunde.features.imports.models import Chunk, Import
from stammkunde.features.imports.publishing import Progress, silent
from stammkunde.features.wallets import services as wallets
from stammkunde.insights import services as insights
from stammkunde.records.customers import identity, keys
from stammkunde.records.orders import rules, undoing
from stammkunde.records.orders import services as orders


def run(import_: Import, *, actor: Actor, progress: Progress = silent) -> Import:
    """Take an import back that is being undone; its rows count nowhere meanwhile."""
    if import_.state != "undoing":
        return import_
    shop = import_.shop
    _remember_customers(import_)
    done, total = (
        0,
        sum(import_.counts.get("new", {}).values())
        + sum(import_.counts.get("changed", {}).values()),
    )
    for kind in reversed(rules.KINDS.values()):
        for ids in undoing.parts(kind, shop_id=shop.pk, import_id=import_.pk):
            with transaction.atomic():
                undoing.take_back(kind, ids, import_id=import_.pk)
            done += len(ids)
            progress(done, max(done, total))
    with transaction.atomic():
        services.hold(import_, "undoing")
        touched = keys.forget_import(shop.pk, import_.pk)
        settled = identity.settle(shop.pk, touched, actor=actor, import_id=import_.pk)
        orders.follow(settled.moved)
        wallets.follow(shop, settled.customers)
        met = Chunk.objects.get(import_of=import_, step="met").counts["customers"]
        left = keys.drop_nobodies(shop.pk, import_.pk)
        orders.touch(shop.pk, "undone", [import_.pk])
        insights.follow(shop.pk, at_once=True)
        services.end(import_, "undone", actor=actor, counts={})
    orders.count(shop.pk, (set(met) | set(settled.customers)) - left, zone=shop.zone)
    return import_


def _remember_customers(import_: Import) -> None:
    """Note whose orders are about to change, before the rows that say it are gone."""
    shop_id = import_.shop_id
    if Chunk.objects.filter(import_of=import_, step="met").exists():
        return
    customers = orders.customers_of_import(shop_id, import_.pk)
    customers |= orders.customers_before(shop_id, import_.pk)
    Chunk.objects.get_or_create(
        import_of=import_,
        step="met",
        number=0,
        defaults={"counts": {"customers": sorted(customers)}},
    )
