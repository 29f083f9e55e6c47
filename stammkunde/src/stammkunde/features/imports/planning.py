"""What an import would change, before it does: how many rows of each kind, and a sample of differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
from django.db import transaction

from kohorte import exclusions
from kohorte.language import Language
from kohorte.reading import unread
from stammkunde.core import columns
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.features.imports import files, staging
from stammkunde.features.imports.models import Import
from stammkunde.records.orders import rules as orders
from stammkunde.records.orders import twins, writing
from stammkunde.records.orders.rules import Incoming, Kind

SAMPLE = 10
ROWS_AT_ONCE = 10_000
KNOWN = "known_rows"
HEADINGS: Mapping[Language, tuple[str, ...]] = {
    "de": ("Datei", "Zeile", "Grund", "Spalte", "Dort steht", "Was nicht stimmt"),
    "en": ("File", "Line", "Reason", "Column", "It says", "What is wrong"),
}


def plan(import_: Import, *, actor: Actor) -> dict[str, Any]:
    """Return and keep what publishing an import would change; nothing changes by it."""
    with staging.opened(files.reading(import_)) as connection:
        found: dict[str, Any] = {
            "kinds": {
                kind.name: counts
                for kind in orders.KINDS.values()
                if any((counts := _counts(import_, kind, connection=connection)).values())
            },
            "differences": _differences(import_, connection=connection),
        }
    with transaction.atomic():
        Import.objects.filter(pk=import_.pk, looks=import_.looks).update(plan=found)
        audit.note(
            "import.planned", actor=actor, shop_id=import_.shop_id, about=("import", import_.pk)
        )
    import_.plan = found
    return found


def _counts(
    import_: Import, kind: Kind, *, connection: duckdb.DuckDBPyConnection
) -> dict[str, int]:
    """Return how many rows of a kind are new, changed and as they are."""
    columns.fetch(
        connection,
        KNOWN,
        {"number": "VARCHAR", "hash": "VARCHAR"},
        f"SELECT external_id, CASE WHEN deleted_at IS NULL THEN hash ELSE 'deleted' END "
        f"FROM {kind.table} WHERE shop_id = %s AND source = %s",
        (import_.shop_id, import_.source),
        temporary=True,
    )
    new, changed, same = connection.execute(
        "SELECT count_if(k.number IS NULL), count_if(k.hash <> p.put_hash), "
        f"count_if(k.hash = p.put_hash) FROM put_{kind.name} p "
        f"LEFT JOIN {KNOWN} k ON k.number = p.put_number"
    ).fetchall()[0]
    known = _of_other_doors(import_, kind, connection=connection) if new else 0
    return {
        "new": int(new or 0) - known,
        "changed": int(changed or 0),
        "same": int(same or 0) + known,
    }


def _of_other_doors(import_: Import, kind: Kind, *, connection: duckdb.DuckDBPyConnection) -> int:
    """Return how many new rows of expenses a program or a form brought before."""
    if kind is not orders.SPEND:
        return 0
    rows = connection.execute(
        f"SELECT p.put_number, {', '.join(f'p.{name}' for name in kind.columns)} "
        f"FROM put_{kind.name} p ANTI JOIN {KNOWN} k ON k.number = p.put_number"
    ).fetchall()
    new = [Incoming(number=number, hash="", values=tuple(values)) for number, *values in rows]
    return len(
        twins.found(kind, new, shop_id=import_.shop_id, source=import_.source, is_of_import=True)
    )


def _differences(import_: Import, *, connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return what would change in some orders, by column."""
    kind = orders.ORDERS
    columns.fetch(
        connection,
        KNOWN,
        {"id": "BIGINT", "number": "VARCHAR", "hash": "VARCHAR"},
        "SELECT id, external_id, hash FROM orders_order WHERE shop_id = %s AND source = %s",
        (import_.shop_id, import_.source),
        temporary=True,
    )
    rows = connection.execute(
        f"SELECT k.id, p.put_number, {', '.join(kind.columns)} FROM put_orders p JOIN {KNOWN} k "
        f"ON k.number = p.put_number AND k.hash <> p.put_hash ORDER BY p.n LIMIT {SAMPLE}"
    ).fetchall()
    before = writing.images(kind, [row[0] for row in rows])
    found = []
    for row_id, number, *values in rows:
        after = dict(zip(kind.columns, values, strict=True))
        changed = {
            name: [before[row_id][name], value]
            for name, value in after.items()
            if not _equal(before[row_id][name], value)
        }
        found.append({"number": number, "changed": changed, "has_other_lines": not changed})
    return found


def _equal(one: object, other: object) -> bool:
    """Return whether two cells say the same; the stores write decimals differently."""
    if one is None or other is None or isinstance(one, str) != isinstance(other, str):
        try:
            return one == other or float(str(one)) == float(str(other))
        except ValueError:
            return False
    return one == other


def left_out(
    import_: Import, *, language: Language, reason: str = ""
) -> Iterator[tuple[object, ...]]:
    """Return the rows that do not count with file, line and reason, below their headings.

    Of those that cannot be read, also the column, what stands there, and what is wrong with it.
    """
    yield HEADINGS[language]
    with staging.opened(files.reading(import_)) as connection:
        cursor = connection.execute(
            f"SELECT file, line, reason, name, cell, why FROM {staging.EXPLAINED} "
            "WHERE $reason IN ('', reason) ORDER BY file, line, reason",
            {"reason": reason},
        )
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            for file, line, known, column, cell, why in rows:
                said = unread.WHY[why].render(language) if why else ""
                yield (file, line, _name(known, language), column or "", cell or "", said)


def _name(reason: str, language: Language) -> str:
    known = exclusions.REASONS.get(reason)
    return known[0].render(language) if known else reason
