"""Rows of any kind into the store: what is new is inserted, what changed leaves a version behind.

The work is done for many rows at once and always in a transaction of the caller.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from stammkunde.core import bulk, clock
from stammkunde.core.audit.services import Actor
from stammkunde.records.orders import twins
from stammkunde.records.orders.rules import LINES, ORDERS, Incoming, Kind, Outcome

_OWN = ("file", "line", "hash")
_PERSON = ("key_id", "customer_id")


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where rows come from: shop, channel, and the import or the actor that brings them."""

    shop_id: int
    source: str
    actor: Actor
    import_id: int | None = None


def write(kind: Kind, rows: Sequence[Incoming], *, origin: Origin) -> Outcome:
    """Write rows of one kind; rows that the store holds already as they are stay untouched."""
    known = _known(kind, [row.number for row in rows], origin=origin)
    new = [row for row in rows if row.number not in known]
    others = _twins(kind, new, origin=origin)
    for row in new:
        # What a file brought takes the number by which it can be changed from now on.
        if row.number in others and others[row.number][1] == "file":
            known[row.number] = _taken_over(row, others[row.number][0], origin=origin)
    new = [row for row in new if row.number not in others]
    changed: list[tuple[int, Incoming]] = []
    for row in rows:
        found = known.get(row.number)
        if found and _differs(found, row):
            # Rows of an erased person stay with the customer who has no name.
            is_nameless = found.key_id is None and row.key[0] is None
            owner = (None, found.customer_id) if is_nameless else row.key
            changed.append((found.id, replace(row, key=owner)))
    _insert(kind, new, origin=origin)
    _change(kind, changed, origin=origin)
    return Outcome(len(new), len(changed), len(rows) - len(new) - len(changed))


@dataclass(frozen=True)
class Told:
    """What writing a row does, and whom the row belongs to before."""

    outcome: Literal["new", "changed", "same"]
    customer_id: int | None = None


def tell(kind: Kind, rows: Sequence[Incoming], *, origin: Origin) -> dict[str, Told]:
    """Return what writing rows would do, by number."""
    known = _known(kind, [row.number for row in rows], origin=origin)
    others = _twins(kind, [row for row in rows if row.number not in known], origin=origin)
    told = {}
    for row in rows:
        found = known.get(row.number)
        if row.number in others:
            told[row.number] = Told("same")
        elif found is None:
            told[row.number] = Told("new")
        else:
            outcome: Literal["changed", "same"] = "changed" if _differs(found, row) else "same"
            told[row.number] = Told(outcome, found.customer_id)
    return told


def ids(kind: Kind, numbers: Sequence[str], *, origin: Origin) -> dict[str, int]:
    """Return the ids of rows by their number."""
    return {number: row.id for number, row in _known(kind, numbers, origin=origin).items()}


def _twins(
    kind: Kind, rows: Sequence[Incoming], *, origin: Origin
) -> dict[str, tuple[int, twins.Door]]:
    return twins.found(
        kind,
        rows,
        shop_id=origin.shop_id,
        source=origin.source,
        is_of_import=origin.import_id is not None,
    )


def _taken_over(row: Incoming, row_id: int, *, origin: Origin) -> _Known:
    twins.take_over(row_id, row.number, source=origin.source)
    # Its hash was that of a file's row: written anew, it is known as the same from then on.
    return _Known(row_id, "", None, None, is_deleted=False)


def _differs(found: _Known, row: Incoming) -> bool:
    return found.hash != row.hash or found.is_deleted or found.key_id != row.key[0]


@dataclass(frozen=True)
class _Known:
    id: int
    hash: str
    key_id: int | None
    customer_id: int | None
    is_deleted: bool


def _known(kind: Kind, numbers: Sequence[str], *, origin: Origin) -> dict[str, _Known]:
    person = "key_id, customer_id" if kind.has_person else "NULL, NULL"
    found: dict[str, _Known] = {}
    for some in bulk.parts(numbers):
        condition, values = bulk.among("external_id", some)
        for number, row_id, hash_, key_id, customer_id, deleted in bulk.select(
            f"SELECT external_id, id, hash, {person}, deleted_at IS NOT NULL FROM {kind.table} "
            f"WHERE shop_id = %s AND source = %s AND {condition}",
            (origin.shop_id, origin.source, values),
        ):
            found[number] = _Known(row_id, hash_, key_id, customer_id, bool(deleted))
    return found


def _insert(kind: Kind, rows: Sequence[Incoming], *, origin: Origin) -> None:
    if not rows:
        return
    now = stamp(clock.now())
    ids = bulk.new_ids(kind.table, len(rows))
    columns = (
        *("id", "shop_id", "source", "external_id", "made_by", "changed_by", "recorded_at"),
        *("changed_at", *_OWN, *(_PERSON if kind.has_person else ()), *kind.columns),
    )
    by = origin.import_id
    bulk.insert(
        kind.table,
        columns,
        (
            (
                *(row_id, origin.shop_id, origin.source, row.number, by, by, now, now),
                *(row.file, row.line, row.hash, *(row.key if kind.has_person else ()), *row.values),
            )
            for row_id, row in zip(ids, rows, strict=True)
        ),
    )
    if kind is ORDERS:
        insert_lines((row_id, row.lines) for row_id, row in zip(ids, rows, strict=True))


def insert_lines(orders: Any) -> None:
    """Insert the lines of orders, given as pairs of the order's id and its lines."""
    bulk.insert(
        "orders_orderline",
        ("order_id", *LINES),
        ((order_id, *line) for order_id, lines in orders for line in lines),
    )


def _change(kind: Kind, rows: Sequence[tuple[int, Incoming]], *, origin: Origin) -> None:
    if not rows:
        return
    ids = [row_id for row_id, _ in rows]
    keep(kind, ids, origin=origin)
    now = stamp(clock.now())
    person = _PERSON if kind.has_person else ()
    bulk.update(
        kind.table,
        ("changed_by", "changed_at", "deleted_at", "file", "line", "hash", *person, *kind.columns),
        [
            (
                *(origin.import_id, now, None, row.file, row.line, row.hash),
                *(row.key if kind.has_person else ()),
                *(*row.values, row_id),
            )
            for row_id, row in rows
        ],
    )
    if kind is ORDERS:
        delete_lines(ids)
        insert_lines((row_id, row.lines) for row_id, row in rows)


def delete_lines(order_ids: Sequence[int]) -> None:
    """Delete the lines of orders, which others replace."""
    for some in bulk.parts(order_ids):
        condition, values = bulk.among("order_id", some)
        bulk.run(f"DELETE FROM orders_orderline WHERE {condition}", (values,))


def keep(kind: Kind, ids: Sequence[int], *, origin: Origin) -> None:
    """Keep what rows are as versions, before they change."""
    now = stamp(clock.now())
    actor = origin.actor
    bulk.add(
        "orders_version",
        ("shop_id", "kind", "row_id", "import_id", "actor_kind", "actor_id", "at", "before"),
        [
            (
                *(origin.shop_id, kind.name, row_id, origin.import_id, actor.kind, actor.id, now),
                json.dumps(before, ensure_ascii=False),
            )
            for row_id, before in images(kind, ids).items()
        ],
    )


def take_back(kind: Kind, ids: Sequence[int], *, origin: Origin) -> None:
    """Let rows no longer count, and keep what they were."""
    keep(kind, ids, origin=origin)
    now = stamp(clock.now())
    columns = ("deleted_at", "changed_at", "changed_by")
    bulk.update(kind.table, columns, [(now, now, origin.import_id, row_id) for row_id in ids])


def image_columns(kind: Kind) -> tuple[str, ...]:
    """Return what a version holds of a row."""
    person = _PERSON if kind.has_person else ()
    return ("changed_by", "changed_at", "deleted_at", *_OWN, *person, *kind.columns)


def images(kind: Kind, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return rows as plain data, orders with their lines."""
    columns = image_columns(kind)
    found: dict[int, dict[str, Any]] = {}
    for some in bulk.parts(ids):
        condition, values = bulk.among("id", some)
        for row_id, *cells in bulk.select(
            f"SELECT id, {', '.join(columns)} FROM {kind.table} WHERE {condition}", (values,)
        ):
            found[row_id] = dict(zip(columns, map(plain, cells), strict=True))
    if kind is ORDERS:
        for image in found.values():
            image["lines"] = []
        for order_id, *cells in lines_of(ids):
            found[order_id]["lines"].append([plain(cell) for cell in cells])
    return found


def lines_of(order_ids: Sequence[int]) -> list[tuple[Any, ...]]:
    """Return the lines of orders, each behind the id of its order."""
    found: list[tuple[Any, ...]] = []
    for some in bulk.parts(order_ids):
        condition, values = bulk.among("order_id", some)
        found += bulk.select(
            f"SELECT order_id, {', '.join(LINES)} FROM orders_orderline WHERE {condition} "
            "ORDER BY order_id, line_number",
            (values,),
        )
    return found


def put_back(kind: Kind, images: Mapping[int, Mapping[str, Any]]) -> None:
    """Make rows what they were."""
    columns = image_columns(kind)
    bulk.update(
        kind.table,
        columns,
        [(*(image[column] for column in columns), row_id) for row_id, image in images.items()],
    )
    if kind is ORDERS:
        delete_lines(list(images))
        insert_lines((row_id, image["lines"]) for row_id, image in images.items())


def stamp(at: dt.datetime) -> str:
    """Return an instant as both stores take it.

    >>> stamp(dt.datetime(2026, 1, 5, 9, 30, tzinfo=dt.UTC))
    '2026-01-05 09:30:00'
    """
    return str(at.astimezone(dt.UTC).replace(tzinfo=None))


def plain(cell: Any) -> Any:
    """Return a cell as JSON can hold it."""
    match cell:
        case dt.datetime():
            return stamp(cell) if cell.tzinfo else str(cell)
        case dt.date() | Decimal():
            return str(cell)
        case _:
            return cell
