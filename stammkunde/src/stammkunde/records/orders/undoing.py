"""What an import did to rows, taken back: rows it made go, rows it changed are what they were."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from stammkunde.core import bulk, clock
from stammkunde.records.orders import rules, writing
from stammkunde.records.orders.rules import Kind

CHUNK = 2_000


def built_upon(shop_id: int, import_id: int) -> dict[int | None, int]:
    """Return who changed rows after an import did, with how many: later imports, or None for people."""
    found: dict[int | None, int] = {}
    for kind in rules.KINDS.values():
        for by, count in bulk.select(
            f"SELECT r.changed_by, count(*) FROM {kind.table} r WHERE r.shop_id = %s "
            "AND (r.changed_by IS NULL OR r.changed_by <> %s) AND (r.made_by = %s OR EXISTS "
            "(SELECT 1 FROM orders_version v WHERE v.import_id = %s AND v.kind = %s "
            "AND v.row_id = r.id AND v.undone_at IS NULL)) GROUP BY r.changed_by",
            (shop_id, import_id, import_id, import_id, kind.name),
        ):
            found[by] = found.get(by, 0) + count
    return found


def parts(kind: Kind, *, shop_id: int, import_id: int) -> Iterator[Sequence[int]]:
    """Return the rows of a kind that an import made or changed last, in parts for one transaction."""
    found = bulk.select(
        f"SELECT id FROM {kind.table} WHERE shop_id = %s AND changed_by = %s ORDER BY id",
        (shop_id, import_id),
    )
    yield from bulk.parts([row_id for (row_id,) in found], CHUNK)


def take_back(kind: Kind, ids: Sequence[int], *, import_id: int) -> None:
    """Delete the rows that an import made, and make those that it changed what they were."""
    condition, values = bulk.among("id", ids)
    made = [
        row_id
        for (row_id,) in bulk.select(
            f"SELECT id FROM {kind.table} WHERE {condition} AND made_by = %s", (values, import_id)
        )
    ]
    _delete(kind, made)
    _restore(kind, sorted(set(ids) - set(made)), import_id=import_id)


def _delete(kind: Kind, ids: Sequence[int]) -> None:
    if kind is rules.ORDERS:
        writing.delete_lines(ids)
    condition, values = bulk.among("id", ids)
    bulk.run(f"DELETE FROM {kind.table} WHERE {condition}", (values,))


def _restore(kind: Kind, ids: Sequence[int], *, import_id: int) -> None:
    condition, values = bulk.among("row_id", ids)
    found = bulk.select(
        "SELECT id, row_id, before FROM orders_version WHERE import_id = %s AND kind = %s "
        f"AND undone_at IS NULL AND {condition}",
        (import_id, kind.name, values),
    )
    images = {
        row_id: json.loads(before) if isinstance(before, str) else before
        for _, row_id, before in found
    }
    writing.put_back(kind, images)
    now = writing.stamp(clock.now())
    bulk.update("orders_version", ("undone_at",), [(now, version) for version, *_ in found])
