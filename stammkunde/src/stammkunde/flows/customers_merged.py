"""What happens when two customers become one, or part again: their orders follow their keys,
and what one took of the other's points goes back once they part.
"""

from __future__ import annotations

from django.db import transaction

from stammkunde.core import turns
from stammkunde.core.audit.services import Actor
from stammkunde.core.shops.models import Shop
from stammkunde.features.wallets import services as wallets
from stammkunde.insights import services as insights
from stammkunde.records.customers import services as customers
from stammkunde.records.customers.models import Merge
from stammkunde.records.orders import services as orders


@transaction.atomic
def merge(shop: Shop, *, kept_id: int, gone_id: int, actor: Actor) -> Merge:
    """Join two customers by hand."""
    turns.take(shop.pk)
    made = customers.merge(shop, kept_id=kept_id, gone_id=gone_id, actor=actor)
    _follow(shop, made)
    return made


@transaction.atomic
def part(shop: Shop, merge_id: int, *, actor: Actor) -> Merge:
    """Undo a merge; the orders that came with the keys go back with them."""
    turns.take(shop.pk)
    undone = customers.part(shop, merge_id, actor=actor)
    _follow(shop, undone)
    return undone


def _follow(shop: Shop, made: Merge) -> None:
    orders.follow(made.keys)
    orders.count(shop.pk, {made.kept_id, made.gone_id}, zone=shop.zone)
    wallets.follow(shop, {made.kept_id, made.gone_id})
    orders.touch(shop.pk, "identity")
    insights.follow(shop.pk)
