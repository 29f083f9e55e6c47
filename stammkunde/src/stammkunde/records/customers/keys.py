"""Keys of people in the store: written once, found by value, tied where they were seen together."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from stammkunde.core import bulk, clock
from stammkunde.records.customers import rules
from stammkunde.records.customers.models import Customer, Key, Standing, Tie
from stammkunde.records.customers.rules import SaidKey, Seen


def admit(shop_id: int, keys: Sequence[SaidKey], *, import_id: int | None = None) -> None:
    """Write keys that the store does not know yet; they belong to nobody until settled."""
    now = str(clock.now().replace(tzinfo=None))
    bulk.add(
        "customers_key",
        ("shop_id", "kind", "source", "value", "written", "loose", "is_shared", "rule",
         "confidence", "since", "made_by"),
        [
            (shop_id, key.kind, key.source, key.value, key.written, key.loose, key.is_shared,
             "own", rules.CONFIDENCE["own"], now, import_id)
            for key in keys
        ],
    )  # fmt: skip


def ids(
    shop_id: int, kind: str, source: str, values: Sequence[str]
) -> dict[str, tuple[int, int | None]]:
    """Return the id and the customer of each key that the store knows, by value."""
    found: dict[str, tuple[int, int | None]] = {}
    for some in bulk.parts(values):
        condition, given = bulk.among("value", some)
        for value, key_id, customer_id in bulk.select(
            "SELECT value, id, customer_id FROM customers_key "
            f"WHERE shop_id = %s AND kind = %s AND source = %s AND {condition}",
            (shop_id, kind, source, given),
        ):
            found[value] = (key_id, customer_id)
    return found


def first_keys(shop_id: int, customers: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return the oldest key of each of some customers of a shop, with the customer."""
    found: dict[int, tuple[int, int]] = {}
    for some in bulk.parts(sorted(customers)):
        condition, values = bulk.among("customer_id", some)
        for customer, key in bulk.select(
            "SELECT customer_id, min(id) FROM customers_key "
            f"WHERE shop_id = %s AND {condition} GROUP BY customer_id",
            (shop_id, values),
        ):
            found[customer] = (key, customer)
    return found


def tie(
    shop_id: int,
    pairs: Collection[tuple[int, int]],
    *,
    rule: str = "same_row",
    import_id: int | None = None,
) -> None:
    """Write that keys were seen together; smaller ids stand first."""
    now = str(clock.now().replace(tzinfo=None))
    bulk.add(
        "customers_tie",
        ("shop_id", "one_id", "other_id", "rule", "is_apart", "since", "made_by"),
        [
            (shop_id, min(pair), max(pair), rule, False, now, import_id)
            for pair in pairs
            if pair[0] != pair[1]
        ],
    )


def forget_import(shop_id: int, import_id: int) -> list[int]:
    """Take back the ties that an import brought, and its keys that no row uses; return those touched."""
    ties = Tie.objects.filter(shop_id=shop_id, made_by=import_id)
    touched = {key for pair in ties.values_list("one_id", "other_id") for key in pair}
    touched |= set(
        Key.objects.filter(shop_id=shop_id, made_by=import_id).values_list("id", flat=True)
    )
    bulk.run("DELETE FROM customers_tie WHERE shop_id = %s AND made_by = %s", (shop_id, import_id))
    uses = " AND ".join(
        f"NOT EXISTS (SELECT 1 FROM {table} r WHERE r.key_id = k.id)"
        for table in _tables_with_keys()
    )
    unused = [
        key
        for (key,) in bulk.select(
            f"SELECT k.id FROM customers_key k WHERE k.shop_id = %s AND k.made_by = %s AND {uses} "
            "AND NOT EXISTS (SELECT 1 FROM customers_tie t WHERE t.one_id = k.id OR t.other_id = k.id)",
            (shop_id, import_id),
        )
    ]
    for some in bulk.parts(unused):
        condition, values = bulk.among("id", some)
        bulk.run(f"DELETE FROM customers_key WHERE {condition}", (values,))
    return sorted(touched - set(unused))


def drop_nobodies(shop_id: int, import_id: int) -> set[int]:
    """Delete the customers that an import made and that nothing leads to any more; return them."""
    uses = " AND ".join(
        f"NOT EXISTS (SELECT 1 FROM {table} r WHERE r.customer_id = c.id)"
        for table in dict.fromkeys((*_tables_with_keys(), *_tables_of_customers(), "customers_key"))
    )
    gone = [
        customer
        for (customer,) in bulk.select(
            "SELECT c.id FROM customers_customer c WHERE c.shop_id = %s AND c.made_by = %s "
            f"AND {uses} AND NOT EXISTS (SELECT 1 FROM customers_merge m WHERE m.undone_at IS NULL "
            "AND (m.kept_id = c.id OR m.gone_id = c.id))",
            (shop_id, import_id),
        )
    ]
    for some in bulk.parts(gone):
        for table, column in (("customers_merge", "kept_id"), ("customers_merge", "gone_id"),
                              ("customers_standing", "customer_id"),
                              ("customers_customer", "id")):  # fmt: skip
            condition, values = bulk.among(column, some)
            bulk.run(f"DELETE FROM {table} WHERE {condition}", (values,))
    return set(gone)


def _tables_with_keys() -> list[str]:
    """Return the tables whose rows point to keys, wherever they are."""
    return [
        relation.field.model._meta.db_table
        for relation in Key._meta.related_objects
        if relation.field.name == "key"
    ]


def _tables_of_customers() -> list[str]:
    """Return the tables of other parts that know a customer, such as the wallet with their points."""
    return [
        relation.field.model._meta.db_table
        for relation in Customer._meta.related_objects
        if relation.field.column == "customer_id" and relation.field.model is not Standing
    ]


def around(
    shop_id: int, touched: Collection[int]
) -> tuple[dict[int, Seen], list[tuple[int, int, str, bool]]]:
    """Return the keys that ties connect with those touched, and these ties."""
    ties: dict[tuple[int, int], tuple[str, bool]] = {}
    reached: set[int] = set()
    fresh = set(touched)
    while fresh:
        reached |= fresh
        following: set[int] = set()
        for some in bulk.parts(sorted(fresh)):
            for column in ("one_id", "other_id"):
                condition, values = bulk.among(column, some)
                for one, other, rule, is_apart in bulk.select(
                    f"SELECT one_id, other_id, rule, is_apart FROM customers_tie WHERE {condition}",
                    (values,),
                ):
                    ties[one, other] = (rule, bool(is_apart))
                    following |= {one, other}
        fresh = following - reached
    # Keys of customers who are met belong to the picture, though no tie leads there.
    keys = seen(shop_id, reached)
    owners = {each.customer_id for each in keys.values() if each.customer_id}
    others: set[int] = set()
    for some in bulk.parts(sorted(owners)):
        condition, values = bulk.among("customer_id", some)
        others |= {
            key
            for (key,) in bulk.select(f"SELECT id FROM customers_key WHERE {condition}", (values,))
        }
    if missing := others - reached:
        return around(shop_id, reached | missing)
    return keys, [(one, other, *about) for (one, other), about in ties.items()]


def seen(shop_id: int, key_ids: Collection[int]) -> dict[int, Seen]:
    """Return what is known of keys; whether rows came with them is for the caller to say."""
    found: dict[int, Seen] = {}
    for some in bulk.parts(sorted(key_ids)):
        condition, values = bulk.among("id", some)
        for key_id, kind, is_shared, customer_id in bulk.select(
            "SELECT id, kind, is_shared, customer_id FROM customers_key "
            f"WHERE shop_id = %s AND {condition}",
            (shop_id, values),
        ):
            found[key_id] = Seen(kind, bool(is_shared), customer_id)
    return found
