"""From customers to owners in the ledger, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stammkunde.core.errors import NotFound
from stammkunde.core.shops.models import Shop
from stammkunde.features.wallets.models import Wallet
from stammkunde.ledger.commands import Owner
from stammkunde.records.customers import queries as customers
from stammkunde.records.customers.models import Customer

KIND = "customer"


@transaction.atomic
def owner_of(shop: Shop, customer_id: int) -> Owner:
    """Return the owner in the ledger that a customer is; the wallet is made when first asked for.

    Somebody who was merged into another is that other; what the gone one had is found with them.

    Raises
    ------
    NotFound
        The shop has no such customer.
    """
    customer = customers.one(shop, customer_id)
    found = owners_of(customer)
    if found:
        return found[0]
    if customer.erased_at:
        raise NotFound(_("There is no such customer."), name="customer.unknown")
    made, _new = Wallet.objects.get_or_create(customer=customer, defaults={"shop": shop})
    return Owner(KIND, made.key)


def owners_of(customer: Customer) -> list[Owner]:
    """Return the owners in the ledger that a customer is: their own first, then those merged into them."""
    ids = customers.whole(customer)
    rows = Wallet.objects.filter(customer_id__in=ids).values_list("customer_id", "key")
    found = sorted(rows, key=lambda row: (row[0] != customer.pk, row[0]))
    return [Owner(KIND, key) for _id, key in found]


def many(shop: Shop, customer_ids: Sequence[int]) -> dict[int, Owner]:
    """Return the owners of many customers of a shop at once; wallets are made where there are none."""
    wanted = set(customer_ids)
    known = dict(
        Wallet.objects.filter(shop=shop, customer_id__in=wanted).values_list("customer_id", "key")
    )
    made = [Wallet(shop=shop, customer_id=id_) for id_ in sorted(wanted - known.keys())]
    Wallet.objects.bulk_create(made, batch_size=1000)
    known |= {one.customer_id: one.key for one in made}
    return {id_: Owner(KIND, key) for id_, key in known.items()}


def customers_of(shop: Shop, keys: Iterable[str]) -> dict[str, Customer]:
    """Return the customers behind keys of the ledger; keys of the erased have none."""
    found = Wallet.objects.filter(shop=shop, key__in=set(keys)).select_related("customer")
    return {one.key: one.customer for one in found}
