"""Verbs about customers: join two, part them again, know one by its keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stammkunde.core import bulk, clock
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import NotFound, Refused
from stammkunde.core.shops.models import Shop
from stammkunde.records.customers import identity, queries, rules
from stammkunde.records.customers import keys as key_store
from stammkunde.records.customers.identity import About, Told
from stammkunde.records.customers.models import Customer, Key, Merge, Tie
from stammkunde.records.customers.rules import SaidKey


@transaction.atomic
def merge(shop: Shop, *, kept_id: int, gone_id: int, actor: Actor) -> Merge:
    """Let two customers be one because somebody says so.

    Raises
    ------
    NotFound
        The shop has no such customers.
    Refused
        They are one already, or one of them was erased.
    """
    kept = queries.one(shop, kept_id, lock=True)
    gone = queries.one(shop, gone_id, lock=True)
    if kept.pk == gone.pk:
        raise Refused(_("They are one customer already."), name="customer.is_same")
    if kept.erased_at or gone.erased_at:
        raise Refused(_("A customer that was erased cannot be joined."), name="customer.is_erased")
    keys = list(queries.keys(gone).values_list("id", flat=True))
    ours = list(queries.keys(kept).values_list("id", flat=True))
    if not keys or not ours:
        raise Refused(_("Nothing is known that would tell them."), name="customer.is_unknown")
    # Whoever joins them now no longer holds them apart.
    Tie.objects.filter(
        one_id__in=[*keys, *ours], other_id__in=[*keys, *ours], is_apart=True
    ).delete()
    key_store.tie(shop.pk, [(ours[0], keys[0])], rule=rules.BY_HAND)
    made = identity.unite(
        shop.pk, gone=gone.pk, kept=kept.pk, keys=keys, rule=rules.BY_HAND, actor=actor
    )
    audit.note(
        "customer.merged",
        actor=actor,
        shop_id=shop.pk,
        about=("customer", kept.pk),
        gone=gone.pk,
        rule=rules.BY_HAND,
    )
    return made


@transaction.atomic
def part(shop: Shop, merge_id: int, *, actor: Actor) -> Merge:
    """Undo a merge: the keys that moved, and with them exactly their orders, go back; and stay apart.

    Raises
    ------
    NotFound
        The shop has no such merge.
    Refused
        It is undone already, or what it made was merged further.
    """
    found = Merge.objects.select_for_update().filter(shop=shop, pk=merge_id).first()
    if found is None:
        raise NotFound(_("There is no such merge."), name="merge.unknown")
    if found.undone_at:
        raise Refused(_("This merge is undone already."), name="merge.is_undone")
    keys = list(
        Key.objects.filter(pk__in=found.keys, customer_id=found.kept_id).values_list(
            "id", flat=True
        )
    )
    if found.kept.merged_into_id or len(keys) < len(found.keys):
        raise Refused(
            _("The customer was merged further. Undo the later merge first."),
            name="merge.is_built_upon",
        )
    rest = list(
        Key.objects.filter(customer_id=found.kept_id)
        .exclude(pk__in=keys)
        .values_list("id", flat=True)
    )
    Key.objects.filter(pk__in=keys).update(customer_id=found.gone_id)
    Customer.objects.filter(pk=found.gone_id).update(merged_into=None)
    Tie.objects.filter(rule=rules.BY_HAND, one_id__in=keys, other_id__in=rest).delete()
    Tie.objects.filter(rule=rules.BY_HAND, one_id__in=rest, other_id__in=keys).delete()
    _hold_apart(shop, keys, rest)
    found.undone_at = clock.now()
    found.save(update_fields=["undone_at"])
    audit.note(
        "customer.parted",
        actor=actor,
        shop_id=shop.pk,
        about=("customer", found.kept_id),
        back=found.gone_id,
    )
    return found


def _hold_apart(shop: Shop, keys: Sequence[int], rest: Sequence[int]) -> None:
    """Note that some keys are not of those others, whatever ties them."""
    pairs = [(min(one, other), max(one, other)) for one in keys for other in rest]
    Tie.objects.filter(shop=shop, one_id__in=[*keys, *rest], other_id__in=[*keys, *rest]).filter(
        pk__in=[
            tie.pk
            for tie in Tie.objects.filter(one_id__in=[*keys, *rest], other_id__in=[*keys, *rest])
            if (tie.one_id in keys) != (tie.other_id in keys)
        ]
    ).update(is_apart=True, rule=rules.APART)
    now = str(clock.now().replace(tzinfo=None))
    bulk.add(
        "customers_tie",
        ("shop_id", "one_id", "other_id", "rule", "is_apart", "since"),
        [(shop.pk, one, other, rules.APART, True, now) for one, other in pairs],
    )


def know(
    shop: Shop, said: Sequence[SaidKey], *, about: About, actor: Actor
) -> tuple[int | None, int | None]:
    """Return the key and the customer of a row that names a person, who is made where unknown.

    Parameters
    ----------
    said
        What the row names: the first is the key that the row came with.
    about
        Name, phone and country.
    """
    return know_all(shop, [(said, about)], actor=actor).owners[0]


@dataclass(frozen=True)
class Known:
    """The key and the customer of each row, all keys that were met, and whether people are to be joined."""

    owners: tuple[tuple[int | None, int | None], ...]
    keys: tuple[int, ...] = ()
    are_left: bool = False


def know_all(
    shop: Shop, named: Sequence[tuple[Sequence[SaidKey], About]], *, actor: Actor
) -> Known:
    """Return the keys and customers of many rows at once, as `know` does for one.

    Two customers whom the rows show to be one person stay two until their keys are settled, as
    `are_left` says: what belongs to them has to follow.
    """
    said = {key for keys_, _about in named for key in keys_}
    if not said:
        return Known(tuple((None, None) for _ in named))
    # In one order for everybody, so that two who write the same keys do not wait for each other.
    ordered = sorted(said, key=lambda key: (key.kind, key.source, key.value, key.written))
    key_store.admit(shop.pk, ordered)
    ids: dict[tuple[str, str, str], int] = {}
    for kind, source in {(key.kind, key.source) for key in ordered}:
        values = [key.value for key in ordered if (key.kind, key.source) == (kind, source)]
        for value, (key_id, _owner) in key_store.ids(shop.pk, kind, source, values).items():
            ids[kind, source, value] = key_id
    rows = [[ids[key.kind, key.source, key.value] for key in keys_] for keys_, _about in named]
    pairs = sorted({(row[0], other) for row in rows for other in row[1:]})
    key_store.tie(shop.pk, pairs)
    first = {row[0]: about for row, (_keys, about) in zip(rows, named, strict=True) if row}
    settled = identity.settle(
        shop.pk, ids.values(), told=lambda _met: Told(first, first), actor=actor, may_move=False
    )
    owners: dict[int, int | None] = dict(
        Key.objects.filter(pk__in=first).values_list("id", "customer_id")
    )
    return Known(
        tuple((row[0], owners[row[0]]) if row else (None, None) for row in rows),
        tuple(ids.values()),
        bool(settled.left),
    )


def known(shop: Shop, named: Sequence[Sequence[SaidKey]]) -> list[bool | None]:
    """Return whether all keys of a row are one customer's already; None where no key is anybody's."""
    owners: dict[tuple[str, str, str], int | None] = {}
    said = {key for keys_ in named for key in keys_}
    for kind, source in {(key.kind, key.source) for key in said}:
        values = [key.value for key in said if (key.kind, key.source) == (kind, source)]
        for value, (_id, owner) in key_store.ids(shop.pk, kind, source, values).items():
            owners[kind, source, value] = owner
    found: list[bool | None] = []
    for keys_ in named:
        people = {owners.get((key.kind, key.source, key.value)) for key in keys_}
        found.append(len(people) == 1 if people - {None} else None)
    return found
