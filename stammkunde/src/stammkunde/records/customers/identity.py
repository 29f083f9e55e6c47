"""Keys become customers: those of one person get one, and what was joined wrongly parts again.

`settle` is given the keys that an import or an order touched and looks at everything tied to them. It
may be called again at any time; what is in order stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.db.models import Q

from stammkunde.core import bulk, clock
from stammkunde.core.audit.services import Actor
from stammkunde.records.customers import keys as key_store
from stammkunde.records.customers import rules, standings
from stammkunde.records.customers.models import Customer, Key, Merge
from stammkunde.records.customers.rules import Seen

# So many customers are made in one transaction.
CHUNK = 5_000


@dataclass(frozen=True)
class About:
    """What a source tells of a person beside the keys."""

    name: str = ""
    phone: str = ""
    country: str = ""


@dataclass(frozen=True)
class Told:
    """What is told of keys.

    Parameters
    ----------
    used
        Keys that rows came with; an address that several share is a customer only then.
    about
        Name, phone and country by key, for customers that do not tell them yet.
    """

    used: Collection[int] = ()
    about: Mapping[int, About] = field(default_factory=dict)


def nothing(_keys: Collection[int]) -> Told:
    """Tell nothing of any key."""
    return Told()


@dataclass(frozen=True)
class Settled:
    """What settling did: the customers made, the moves it was not to make, and the keys that belong to
    somebody else now.
    """

    made: int = 0
    left: int = 0
    moved: tuple[int, ...] = ()
    customers: frozenset[int] = frozenset()


@dataclass
class _Plan:
    new: list[tuple[int, ...]] = field(default_factory=list)
    joining: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    moving: list[tuple[int, int, tuple[int, ...]]] = field(default_factory=list)
    parting: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)


def settle(
    shop_id: int,
    touched: Collection[int],
    *,
    told: Callable[[Collection[int]], Told] = nothing,
    actor: Actor,
    import_id: int | None = None,
    may_move: bool = True,
) -> Settled:
    """Give every key its customer.

    Parameters
    ----------
    touched
        The keys that are new or were tied.
    told
        Asked for what is told of the keys that are looked at.
    may_move
        Whether keys may change their customer; without it only new customers are made, which no order
        belongs to yet, in several transactions.
    """
    keys, ties = key_store.around(shop_id, touched)
    said = told(keys)
    about = said.about
    for key in said.used:
        keys[key] = replace(keys[key], is_used=True)
    plan = _plan(keys, rules.groups(keys, ties))
    for start in range(0, len(plan.new), CHUNK):
        with transaction.atomic():
            _make(shop_id, plan.new[start : start + CHUNK], keys=keys, about=about, by=import_id)
    with transaction.atomic():
        _join(plan.joining, about=about)
    if not may_move or not (plan.moving or plan.parting):
        return Settled(made=len(plan.new), left=len(plan.moving) + len(plan.parting))
    with transaction.atomic():
        return _move(shop_id, plan, actor=actor, import_id=import_id)


def _plan(keys: Mapping[int, Seen], groups: Sequence[tuple[int, ...]]) -> _Plan:
    """Return what is to be done so that each group is one customer and each customer one group."""
    plan = _Plan()
    # A customer stays with the first group that holds one of its keys.
    home: dict[int, int] = {}
    for place, group in enumerate(groups):
        for key in group:
            if (owner := keys[key].customer_id) is not None:
                home.setdefault(owner, place)
    for place, group in enumerate(groups):
        by_owner: dict[int | None, tuple[int, ...]] = {}
        for key in group:
            owner = keys[key].customer_id
            by_owner[owner] = (*by_owner.get(owner, ()), key)
        loose = by_owner.pop(None, ())
        own = [owner for owner in by_owner if owner is not None and home[owner] == place]
        if own:
            _gather_in(plan, min(own), by_owner, loose)
        elif by_owner:
            former = next(owner for owner in by_owner if owner is not None)
            plan.parting.append((former, group))
        elif any(keys[key].kind == "number" or keys[key].is_used for key in group):
            plan.new.append(group)
    return plan


def _gather_in(
    plan: _Plan,
    kept: int,
    by_owner: Mapping[int | None, tuple[int, ...]],
    loose: tuple[int, ...],
) -> None:
    """Let all keys of a group be one customer's."""
    if loose:
        plan.joining.append((kept, loose))
    for owner, moved in by_owner.items():
        if owner is not None and owner != kept:
            plan.moving.append((owner, kept, moved))


def _make(
    shop_id: int,
    groups: Sequence[tuple[int, ...]],
    *,
    keys: Mapping[int, Seen],
    about: Mapping[int, About],
    by: int | None,
) -> None:
    """Make a customer for each group of keys."""
    written = _written([key for group in groups for key in group])
    now = str(clock.now().replace(tzinfo=None))
    made = bulk.new_ids("customers_customer", len(groups))
    rows = []
    for customer_id, group in zip(made, groups, strict=True):
        first = dict.fromkeys(("number", "email", "phone"), "")
        for key in group:
            kind = keys[key].kind
            first[kind] = first[kind] or written[key]
        told = [about[key] for key in group if key in about]
        rows.append(
            (customer_id, shop_id, first["number"], first["email"],
             first["phone"] or _first(each.phone for each in told),
             _first(each.name for each in told), _first(each.country for each in told),
             0, 0, 0, by, now, now)
        )  # fmt: skip
    bulk.add(
        "customers_customer",
        ("id", "shop_id", "number", "email", "phone", "name", "country", "orders",
         "revenue_minor", "refunded_minor", "made_by", "created_at", "changed_at"),
        rows,
    )  # fmt: skip
    bulk.update(
        "customers_key",
        ("customer_id",),
        [
            (customer_id, key)
            for customer_id, group in zip(made, groups, strict=True)
            for key in group
        ],
    )


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")


def _written(key_ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in bulk.parts(key_ids):
        condition, values = bulk.among("id", some)
        found |= dict(
            bulk.select(
                "SELECT id, CASE WHEN kind = 'number' THEN written ELSE value END "
                f"FROM customers_key WHERE {condition}",
                (values,),
            )
        )
    return found


def _join(joining: Sequence[tuple[int, tuple[int, ...]]], *, about: Mapping[int, About]) -> None:
    """Give keys without a customer to the one they belong to, who may learn something by it."""
    bulk.update(
        "customers_key",
        ("customer_id",),
        [(customer_id, key) for customer_id, group in joining for key in group],
    )
    for customer_id, group in joining:
        fill(customer_id, keys=group, about=about)


def fill(customer_id: int, *, keys: Collection[int], about: Mapping[int, About]) -> None:
    """Fill what a customer does not tell yet; what is known stays."""
    customer = Customer.objects.get(pk=customer_id)
    told = [about[key] for key in keys if key in about]
    given = {
        "name": _first(each.name for each in told),
        "phone": _first(each.phone for each in told),
        "country": _first(each.country for each in told),
    }
    for key in Key.objects.filter(customer_id=customer_id).order_by("id"):
        given[key.kind] = given.get(key.kind) or (
            key.written if key.kind == "number" else key.value
        )
    changed = [name for name, text in given.items() if text and not getattr(customer, name)]
    for name in changed:
        setattr(customer, name, given[name])
    if changed:
        customer.changed_at = clock.now()
        customer.save(update_fields=[*changed, "changed_at"])


def _move(shop_id: int, plan: _Plan, *, actor: Actor, import_id: int | None) -> Settled:
    """Move keys between customers, and note each merge and each parting."""
    moved: list[int] = []
    met: set[int] = set()
    for gone, kept, keys in plan.moving:
        unite(shop_id, gone=gone, kept=kept, keys=keys, rule="same_address", actor=actor,
              import_id=import_id)  # fmt: skip
        moved += keys
        met |= {gone, kept}
    for former, keys in plan.parting:
        target = _back_to(shop_id, former, keys)
        Key.objects.filter(pk__in=keys).update(customer_id=target)
        moved += keys
        met |= {former, target}
    return Settled(made=len(plan.new), moved=tuple(moved), customers=frozenset(met))


def unite(
    shop_id: int,
    *,
    gone: int,
    kept: int,
    keys: Sequence[int],
    rule: str,
    actor: Actor,
    import_id: int | None = None,
) -> Merge:
    """Let the keys of one customer be another's, and note it so that it can be undone."""
    Key.objects.filter(shop_id=shop_id, pk__in=keys).update(customer_id=kept)
    if not Key.objects.filter(customer_id=gone).exists():
        Customer.objects.filter(shop_id=shop_id, pk=gone).update(merged_into_id=kept)
        standings.forget([gone])
    fill(kept, keys=(), about={})
    return Merge.objects.create(
        shop_id=shop_id,
        kept_id=kept,
        gone_id=gone,
        rule=rule,
        confidence=rules.CONFIDENCE[rule],
        actor_kind=actor.kind,
        actor_id=actor.id,
        import_id=import_id,
        keys=list(keys),
    )


def _back_to(shop_id: int, former: int, keys: Sequence[int]) -> int:
    """Return the customer that keys belonged to before a merge that no longer holds, or a new one."""
    open_merges = Merge.objects.filter(Q(kept_id=former), shop_id=shop_id, undone_at=None)
    for merge in open_merges.order_by("-id"):
        if set(merge.keys) & set(keys):
            Merge.objects.filter(pk=merge.pk).update(undone_at=clock.now())
            Customer.objects.filter(pk=merge.gone_id).update(merged_into=None)
            return int(merge.gone_id)
    seen = key_store.seen(shop_id, keys)
    _make(shop_id, [tuple(keys)], keys=seen, about={}, by=None)
    return int(
        Customer.objects.filter(shop_id=shop_id).order_by("-id").values_list("id", flat=True)[0]
    )
