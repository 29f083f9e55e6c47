"""From customers to owners in the ledger, and back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock, turns
from stammkunde.core.errors import NotFound
from stammkunde.core.shops.models import Shop
from stammkunde.features.wallets.models import Wallet
from stammkunde.ledger import services as ledger
from stammkunde.ledger.commands import Command, Owner, Posted
from stammkunde.records.customers import queries as customers
from stammkunde.records.customers.models import Customer

KIND = "customer"


@transaction.atomic
def owner_of(shop: Shop, customer_id: int) -> Owner:
    """Return the owner in the ledger that a customer is; the wallet is made when first asked for.

    Somebody who was merged into another is that other; what the gone one had stays in their own accounts and
    is taken with `book`, so that both have their own again should they part.

    Raises
    ------
    NotFound
        The shop has no such customer.
    """
    customer = require(shop, customer_id)
    own = Wallet.objects.filter(customer=customer).values_list("key", flat=True).first()
    if own is not None:
        return Owner(KIND, own)
    # Whoever is being erased at this moment is gone by then.
    turns.take(shop.pk)
    customer = require(shop, customer_id)
    made, _new = Wallet.objects.get_or_create(customer=customer, defaults={"shop": shop})
    return Owner(KIND, made.key)


def require(shop: Shop, customer_id: int) -> Customer:
    """Return a customer who may have an account; no wallet is made.

    Raises
    ------
    NotFound
        The shop has no such customer, or they were erased and nobody knows what was theirs.
    """
    customer = customers.one(shop, customer_id)
    if customer.erased_at and not Wallet.objects.filter(customer=customer).exists():
        raise NotFound(_("There is no such customer."), name="customer.unknown")
    return customer


def owners_of(customer: Customer) -> list[Owner]:
    """Return the owners in the ledger that a customer is: their own first, then those merged into them."""
    ids = customers.whole(customer)
    rows = Wallet.objects.filter(customer_id__in=ids).values_list("customer_id", "key")
    found = sorted(rows, key=lambda row: (row[0] != customer.pk, row[0]))
    return [Owner(KIND, key) for _id, key in found]


def others_of(shop: Shop, owner: Owner) -> list[Owner]:
    """Return the other owners that are the same person: whoever was merged with them and has a wallet."""
    if owner.kind != KIND:
        return []
    wallet = Wallet.objects.filter(shop=shop, key=owner.id).first()
    if wallet is None:
        return []
    found = owners_of(customers.one(shop, wallet.customer_id))
    return [each for each in found if each != owner]


@transaction.atomic
def book(shop: Shop, command: Command) -> Posted:
    """Post a command; what it takes may come from all accounts of the person, earliest end first.

    Whoever is one with others waits for the turn of the shop, so that nobody parts them meanwhile.
    """
    owner = getattr(command, "owner", None)
    others: list[Owner] = []
    if isinstance(owner, Owner) and others_of(shop, owner):
        turns.take(shop.pk)
        others = others_of(shop, owner)
    return ledger.post_as_one(command, others)


@transaction.atomic
def approve(shop: Shop, proposal_id: int, *, by: str, unit_id: int | None = None) -> Posted:
    """Let a correction be booked that somebody else has proposed, out of all accounts of the person."""
    turns.take(shop.pk)
    return ledger.approve(
        shop.pk, proposal_id, by=by, unit_id=unit_id,
        others_of=lambda owner: others_of(shop, owner),
    )  # fmt: skip


@transaction.atomic
def follow(shop: Shop, customer_ids: Collection[int]) -> int:
    """Give back what customers took from each other while they were one and are no more; return how often.

    May be called again at any time: what is in order stays as it is.
    """
    wallets = Wallet.objects.filter(shop=shop, customer_id__in=list(customer_ids))
    owners = [Owner(KIND, key) for key in wallets.values_list("key", flat=True)]
    if not owners:
        return 0

    def is_one(concerned: frozenset[Owner]) -> bool:
        theirs = Wallet.objects.filter(shop=shop, key__in=[each.id for each in concerned])
        ids = list(theirs.values_list("customer_id", flat=True))
        # Whose wallet was forgotten with the person stays as it is: nobody knows whose it was.
        return len(ids) < len(concerned) or len({customers.one(shop, id_).pk for id_ in ids}) == 1

    return len(ledger.part(shop.pk, owners, is_one=is_one, effective_at=clock.now()))


def many(shop: Shop, customer_ids: Sequence[int]) -> dict[int, Owner]:
    """Return the owners of many customers of a shop at once; wallets are made where there are none."""
    wanted = set(customer_ids)
    known = dict(
        Wallet.objects.filter(shop=shop, customer_id__in=wanted).values_list("customer_id", "key")
    )
    made = [Wallet(shop=shop, customer_id=id_) for id_ in sorted(wanted - known.keys())]
    # Somebody may make one of them at the same moment: whose came first holds.
    Wallet.objects.bulk_create(made, batch_size=1000, ignore_conflicts=True)
    fresh = Wallet.objects.filter(shop=shop, customer_id__in=[one.customer_id for one in made])
    known |= dict(fresh.values_list("customer_id", "key"))
    return {id_: Owner(KIND, key) for id_, key in known.items()}


def customers_of(shop: Shop, keys: Iterable[str]) -> dict[str, Customer]:
    """Return the customers behind keys of the ledger; keys of the erased have none."""
    found = Wallet.objects.filter(shop=shop, key__in=set(keys)).select_related("customer")
    return {one.key: one.customer for one in found}
