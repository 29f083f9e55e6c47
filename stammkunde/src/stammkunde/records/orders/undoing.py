"""What an import did to rows, taken back: rows it made go, rows it changed are what they were."""

from __future__ import annotations

import json

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


def take_back(kind: Kind, *, shop_id: int, import_id: int) -> int:
    """Take back what an import did to some rows of a kind; return how many, 0 when all is done."""
    return _delete(kind, shop_id=shop_id, import_id=import_id) or _restore(
        kind, shop_id=shop_id, import_id=import_id
    )


def _delete(kind: Kind, *, shop_id: int, import_id: int) -> int:
    ids = [
        row_id
        for (row_id,) in bulk.select(
            f"SELECT id FROM {kind.table} WHERE shop_id = %s AND changed_by = %s AND made_by = %s "
            f"LIMIT {CHUNK}",
            (shop_id, import_id, import_id),
        )
    ]
    if kind is rules.ORDERS:
        writing.delete_lines(ids)
    condition, values = bulk.among("id", ids)
    if ids:
        bulk.run(f"DELETE FROM {kind.table} WHERE {condition}", (values,))
    return len(ids)


def _restore(kind: Kind, *, shop_id: int, import_id: int) -> int:
    found = bulk.select(
        "SELECT id, row_id, before FROM orders_version WHERE shop_id = %s AND import_id = %s "
        f"AND kind = %s AND undone_at IS NULL LIMIT {CHUNK}",
        (shop_id, import_id, kind.name),
    )
    images = {
        row_id: json.loads(before) if isinstance(before, str) else before
        for _, row_id, before in found
    }
    writing.put_back(kind, images)
    now = writing.stamp(clock.now())
    bulk.update("orders_version", ("undone_at",), [(now, version) for version, *_ in found])
    return len(found)
