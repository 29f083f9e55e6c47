"""What orders and the tables beside them contribute to the export and the erasure of a person."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from stammkunde.core import bulk
from stammkunde.records.customers.privacy import Person
from stammkunde.records.orders import rules, writing
from stammkunde.records.orders.rules import LINES, Kind

# What belongs to whoever ordered, by the order that it names.
BY_ORDER = (rules.RETURNS, rules.DELIVERIES)


def export(person: Person) -> dict[str, Any]:
    """Return all rows of a person, orders with their lines, with their parcels and what came back."""
    found: dict[str, Any] = {}
    for kind in rules.OF_PERSONS:
        condition, values = bulk.among("customer_id", person.ids)
        columns = ("external_id", "source", *kind.columns)
        rows = bulk.select(
            f"SELECT id, {', '.join(columns)} FROM {kind.table} WHERE {condition} ORDER BY id",
            (values,),
        )
        found[kind.name] = [
            dict(zip(columns, map(writing.plain, row[1:]), strict=True)) for row in rows
        ]
        if kind is rules.ORDERS:
            places = {row[0]: place for place, row in enumerate(rows)}
            for order_id, *cells in writing.lines_of(list(places)):
                line = dict(zip(LINES, map(writing.plain, cells), strict=True))
                found["orders"][places[order_id]].setdefault("lines", []).append(line)
    for kind in BY_ORDER:
        columns = ("external_id", "source", *kind.columns)
        found[kind.name] = [
            dict(zip(columns, map(writing.plain, row), strict=True))
            for row in _of_orders(person, kind, columns)
        ]
    return found


def erase(person: Person) -> dict[str, int]:
    """Let rows no longer say whose key they came with, and empty what was written freely.

    Amounts, days and products stay with the nameless customer.
    """
    erased = {}
    for kind in rules.OF_PERSONS:
        condition, values = bulk.among("customer_id", person.ids)
        ids = [
            row_id
            for (row_id,) in bulk.select(
                f"SELECT id FROM {kind.table} WHERE {condition}", (values,)
            )
        ]
        _clear(kind, ids)
        _clear_versions(kind, ids)
        erased[kind.name] = len(ids)
    _clear_returns(person)
    _hide_parcels(person)
    _hide_numbers(person)
    return {name: count for name, count in erased.items() if count}


def _clear(kind: Kind, ids: list[int]) -> None:
    parts = ["key_id = NULL", *(f"{column} = NULL" for column in kind.texts)]
    for some in bulk.parts(ids):
        condition, values = bulk.among("id", some)
        bulk.run(f"UPDATE {kind.table} SET {', '.join(parts)} WHERE {condition}", (values,))


def _clear_versions(kind: Kind, ids: Sequence[int]) -> None:
    """Take the person out of what rows were before."""
    told = ("key_id", *kind.texts) if kind.has_person else kind.texts
    _change_versions(kind, dict.fromkeys(ids, dict.fromkeys(told)))


def _change_versions(kind: Kind, said: Mapping[int, Mapping[str, Any]]) -> None:
    """Change what rows were before: by row, cells by column."""
    for some in bulk.parts(list(said)):
        condition, values = bulk.among("row_id", some)
        rows = []
        for version, row_id, before in bulk.select(
            f"SELECT id, row_id, before FROM orders_version WHERE kind = %s AND {condition}",
            (kind.name, values),
        ):
            image = json.loads(before) if isinstance(before, str) else before
            rows.append((json.dumps({**image, **said[row_id]}, ensure_ascii=False), version))
        bulk.update("orders_version", ("before",), rows)


def _of_orders(person: Person, kind: Kind, columns: Sequence[str]) -> Sequence[tuple[Any, ...]]:
    """Return rows that name an order of a person, within its channel."""
    condition, values = bulk.among("o.customer_id", person.ids)
    return bulk.select(
        f"SELECT {', '.join(f'r.{name}' for name in columns)} "
        f"FROM {kind.table} {rules.WITH_ORDERS} WHERE {condition} ORDER BY r.id",
        (values,),
    )


def _clear_returns(person: Person) -> None:
    """Empty the reasons of what came back of a person's orders."""
    ids = [row_id for (row_id,) in _of_orders(person, rules.RETURNS, ("id",))]
    for some in bulk.parts(ids):
        inside, given = bulk.among("id", some)
        bulk.run(f"UPDATE orders_return SET reason = NULL WHERE {inside}", (given,))
    _clear_versions(rules.RETURNS, ids)


def _hide_parcels(person: Person) -> None:
    """Replace the numbers of a person's parcels: the carrier knows whose they were."""
    rows = _of_orders(person, rules.DELIVERIES, ("id",))
    bulk.update(
        "orders_delivery",
        ("external_id",),
        [(f"erased {row_id}", row_id) for (row_id,) in rows],
    )


def _hide_numbers(person: Person) -> None:
    """Replace numbers of rows that tell the person, such as the address as the number of a lead."""
    for kind in rules.OF_PERSONS:
        condition, values = bulk.among("customer_id", person.ids)
        rows = [
            (f"erased {row_id}", row_id)
            for row_id, number in bulk.select(
                f"SELECT id, external_id FROM {kind.table} WHERE {condition}", (values,)
            )
            if number in person.words or any(word in number for word in person.telling)
        ]
        if kind is rules.ORDERS:
            _follow_numbers({row_id: number for number, row_id in rows})
        bulk.update(kind.table, ("external_id",), rows)


def _follow_numbers(numbers: Mapping[int, str]) -> None:
    """Let what names an order, such as a refund, name it by the number that it is about to get."""
    condition, values = bulk.among("o.id", list(numbers))
    for kind in rules.OF_ORDERS:
        named = bulk.select(
            f"SELECT r.id, o.id FROM {kind.table} {rules.WITH_ORDERS} WHERE {condition}",
            (values,),
        )
        said = {row_id: {"order_number": numbers[order_id]} for row_id, order_id in named}
        bulk.update(
            kind.table,
            ("order_number",),
            [(numbers[order_id], row_id) for row_id, order_id in named],
        )
        _change_versions(kind, said)
