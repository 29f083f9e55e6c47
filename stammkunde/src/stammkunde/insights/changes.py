"""Which rows changed since the columns were written, as the journal of the records tells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import duckdb

from stammkunde.core import bulk
from stammkunde.insights import parts
from stammkunde.insights.manifest import Manifest
from stammkunde.records.orders import rules
from stammkunde.records.orders.models import Change, Mark


def mark(shop_id: int) -> int:
    """Return the number of the last change of a shop's records."""
    found = Mark.objects.filter(shop_id=shop_id).values_list("number", flat=True).first()
    return found or 0


def marks() -> list[tuple[int, int]]:
    """Return the number of the last change by shop, over all shops of which anything is recorded."""
    return list(Mark.objects.order_by("shop_id").values_list("shop_id", "number"))


def since(shop_id: int, number: int, *, until: int) -> list[Change] | None:
    """Return what changed after a number, oldest first; None where the journal does not reach back."""
    if number > until:
        return None
    found = list(
        Change.objects.filter(shop_id=shop_id, number__gt=number, number__lte=until).order_by(
            "number"
        )
    )
    if len(found) != until - number or any(change.what == "everything" for change in found):
        return None
    return found


def forget(shop_id: int, *, until: int) -> None:
    """Delete what the columns have followed."""
    Change.objects.filter(shop_id=shop_id, number__lte=until).delete()


def touched(
    found: Manifest, changes: Sequence[Change], *, connection: duckdb.DuckDBPyConnection
) -> dict[str, set[int]]:
    """Return the rows of each kind that differ, or may differ, from what the columns hold."""
    met: dict[str, set[int]] = {name: set() for name in rules.KINDS}
    for change in changes:
        if change.what in rules.KINDS:
            met[change.what] |= _of_kind(found, change, connection=connection)
        elif change.what == "person":
            _of_persons(change, met)
        elif change.what in ("import", "undone"):
            for name, import_id in product(rules.KINDS, change.ids):
                if change.what == "import":
                    values = (change.shop_id, import_id)
                    met[name] |= _stored(name, "shop_id = %s AND changed_by = %s", values)
                else:
                    where = f"changed_by = {int(import_id)}"
                    met[name] |= _held(found, name, where, connection=connection)
    return met


def _of_kind(found: Manifest, change: Change, *, connection: duckdb.DuckDBPyConnection) -> set[int]:
    """Return the rows of a kind that a change names, or all that there are and were."""
    if change.ids:
        return set(change.ids)
    held = _held(found, change.what, "true", connection=connection)
    return held | _stored(change.what, "shop_id = %s", (change.shop_id,))


def _of_persons(change: Change, met: dict[str, set[int]]) -> None:
    """Add all rows of erased customers, and those that name an order of theirs."""
    condition, ids = bulk.among("customer_id", change.ids)
    for kind in rules.OF_PERSONS:
        met[kind.name] |= _stored(kind.name, f"shop_id = %s AND {condition}", (change.shop_id, ids))
    condition, ids = bulk.among("o.customer_id", change.ids)
    for kind in rules.OF_ORDERS:
        met[kind.name] |= {
            row_id
            for (row_id,) in bulk.select(
                f"SELECT r.id FROM {kind.table} {rules.WITH_ORDERS} "
                f"WHERE r.shop_id = %s AND {condition}",
                (change.shop_id, ids),
            )
        }


def _stored(name: str, where: str, values: Sequence[object]) -> set[int]:
    select = f"SELECT id FROM {rules.KINDS[name].table} WHERE {where}"
    return {row_id for (row_id,) in bulk.select(select, values)}


def _held(
    found: Manifest, name: str, where: str, *, connection: duckdb.DuckDBPyConnection
) -> set[int]:
    held = found.tables.get(name, ())
    if not held:
        return set()
    source = parts.scan([found.folder / part.file for part in held])
    select = f"SELECT id FROM {source} WHERE {where}"
    return {row_id for (row_id,) in connection.execute(select).fetchall()}
