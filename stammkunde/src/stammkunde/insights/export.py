"""From rows to columns: a folder of Parquet for each shop, kept up with the records.

Whatever changed since the last time is fetched and replaced; the manifest changes last. A first export
goes in steps that are kept, so that after a crash it goes on. What changes meanwhile is followed by the
journal, so nothing is locked. Two at the same time wait for each other.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from kohorte.engine import Engine
from stammkunde.core import bulk, clock
from stammkunde.insights import changes, manifest, parts, rows
from stammkunde.insights.manifest import Manifest
from stammkunde.insights.models import Columns
from stammkunde.records.orders import rules
from stammkunde.records.orders.models import Change

MEMORY_LIMIT = "1GB"
STEP = 250_000
# Records may change all the while; what comes later is for the next refresh.
ATTEMPTS = 3
FETCHED_AT_ONCE = 20_000
Progress = Callable[[int, int], None]


def silent(_done: int, _total: int) -> None:
    """Say nothing about progress."""


def current(shop_id: int) -> Manifest | None:
    """Return the columns of a shop, None where there are none that belong to this store."""
    found = manifest.load(shop_id)
    known = Columns.objects.filter(shop_id=shop_id).first()
    # After a store was put back from a backup its columns are another store's.
    return found if found and known and found.id in (known.manifest, known.coming) else None


def refresh(shop_id: int, *, progress: Progress = silent) -> Manifest:
    """Let the columns of a shop follow its records; return what they are then."""
    folder = manifest.folder(shop_id)
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder), Engine(memory_limit=MEMORY_LIMIT) as engine:
        found = current(shop_id)
        for _attempt in range(ATTEMPTS):
            until = changes.mark(shop_id)
            if found and found.mark == until:
                return found
            changed = changes.since(shop_id, found.mark, until=until) if found else None
            if found is None or changed is None:
                found = _everything(shop_id, folder, engine.connection, progress=progress)
            else:
                found = _follow(shop_id, found, changed, engine.connection, progress=progress)
        return found  # type: ignore[return-value]  # there is one after the first attempt


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let no other process write these columns; whoever is killed lets go."""
    with (folder / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _everything(
    shop_id: int, folder: Path, connection: duckdb.DuckDBPyConnection, *, progress: Progress
) -> Manifest:
    """Write all rows anew, going on with the steps that are there already."""
    staging = folder / "staging"
    plan = _plan(shop_id, staging)
    total = len(plan["steps"])
    for done, (name, first, last) in enumerate(plan["steps"]):
        progress(done, total + 1)
        marker = staging / f"{name}-{first}.done"
        if marker.exists():
            continue
        _stage(shop_id, name, first, last, staging=staging, connection=connection)
        manifest.write(marker, "")
    made = {}
    for name in parts.TABLES:
        paths = sorted(staging.glob(f"{name}-*.parquet"))
        select = f"SELECT * FROM {parts.scan(paths)}" if paths else ""
        made[name] = (
            parts.write(name, select, connection=connection, folder=folder) if select else ()
        )
    found = Manifest(folder, manifest.new_id(), plan["mark"], clock.now().isoformat(), made)
    _let_hold(shop_id, found, keep=())
    shutil.rmtree(staging)
    progress(total + 1, total + 1)
    return found


def _plan(shop_id: int, staging: Path) -> dict[str, Any]:
    """Return the steps of an export: those of one that was interrupted, if it can go on."""
    path = staging / "plan.json"
    if path.exists():
        known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        until = changes.mark(shop_id)
        if known["schema"] == manifest.SCHEMA and (
            changes.since(shop_id, known["mark"], until=until) is not None
        ):
            return known
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    mark = changes.mark(shop_id)
    steps = []
    for kind in rules.KINDS.values():
        low, high = bulk.select(
            f"SELECT min(id), max(id) FROM {kind.table} WHERE shop_id = %s", (shop_id,)
        )[0]
        if low is not None:
            steps += [(kind.name, first, first + STEP - 1) for first in range(low, high + 1, STEP)]
    steps += [(parts.KEYS, 0, 0), (parts.PEOPLE, 0, 0)]
    plan = {"schema": manifest.SCHEMA, "mark": mark, "steps": steps}
    manifest.write(path, json.dumps(plan))
    return plan


def _stage(
    shop_id: int,
    name: str,
    first: int,
    last: int,
    *,
    staging: Path,
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Fetch one step into a file of its own."""
    if name in (parts.KEYS, parts.PEOPLE):
        _fetch_identity(name, shop_id=shop_id, connection=connection)
        _store(name, "fresh", 0, staging=staging, connection=connection)
        return
    chosen: rows.Chosen = (" AND r.id BETWEEN %s AND %s", (first, last))
    kind = rules.KINDS[name]
    rows.fetch(kind, shop_id=shop_id, connection=connection, into="fresh", chosen=chosen)
    _store(name, "fresh", first, staging=staging, connection=connection)
    if kind is rules.ORDERS:
        rows.fetch_lines(shop_id=shop_id, connection=connection, into="fresh", chosen=chosen)
        _store(rows.LINES, "fresh", first, staging=staging, connection=connection)


def _store(
    name: str, table: str, first: int, *, staging: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    path = staging / f"{name}-{first:015}.parquet"
    connection.execute(f"COPY {table} TO {parts.quoted(path)} (FORMAT parquet)")
    manifest.sync(path)


def _fetch_identity(name: str, *, shop_id: int, connection: duckdb.DuckDBPyConnection) -> None:
    fetch = rows.fetch_keys if name == parts.KEYS else rows.fetch_people
    fetch(shop_id=shop_id, connection=connection, into="fresh")


def _follow(
    shop_id: int,
    found: Manifest,
    changed: Sequence[Change],
    connection: duckdb.DuckDBPyConnection,
    *,
    progress: Progress,
) -> Manifest:
    """Replace what changed since the columns were written."""
    met = changes.touched(found, changed, connection=connection)
    total, done = sum(map(len, met.values())), 0
    made = dict(found.tables)
    for name, ids in met.items():
        if not ids:
            continue
        _fetch_by_id(rules.KINDS[name], sorted(ids), shop_id=shop_id, connection=connection)
        for table in (name, rows.LINES) if name == rules.ORDERS.name else (name,):
            made[table] = parts.change(
                found, table, connection=connection, fresh=f"fresh_{table}", touched="touched"
            )
        done += len(ids)
        progress(done, max(total, 1))
    for name in (parts.KEYS, parts.PEOPLE):
        _fetch_identity(name, shop_id=shop_id, connection=connection)
        if not _is_same(found, name, connection=connection):
            made[name] = parts.write(
                name, "SELECT * FROM fresh", connection=connection, folder=found.folder
            )
    now = clock.now().isoformat()
    new = replace(found, id=manifest.new_id(), mark=changed[-1].number, made_at=now, tables=made)
    # Whoever reads the columns at this moment may; but what an erasure took away goes at once.
    is_erased = any(change.what == "person" for change in changed)
    _let_hold(shop_id, new, keep=() if is_erased else found.files())
    return new


def _fetch_by_id(
    kind: rules.Kind,
    ids: Sequence[int],
    *,
    shop_id: int,
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Make `touched` and `fresh_…` of rows by their ids."""
    names = (kind.name, rows.LINES) if kind is rules.ORDERS else (kind.name,)
    for name in names:
        parts.empty(name, connection=connection, into=f"fresh_{name}")
    connection.execute("CREATE OR REPLACE TABLE touched (id BIGINT)")
    for some in bulk.parts(ids, FETCHED_AT_ONCE):
        connection.execute("INSERT INTO touched SELECT unnest($ids)", {"ids": list(some)})
        condition, values = bulk.among("r.id", some)
        chosen: rows.Chosen = (f" AND {condition}", (values,))
        rows.fetch(kind, shop_id=shop_id, connection=connection, into="fresh", chosen=chosen)
        connection.execute(f"INSERT INTO fresh_{kind.name} SELECT * FROM fresh")
        if kind is rules.ORDERS:
            rows.fetch_lines(shop_id=shop_id, connection=connection, into="fresh", chosen=chosen)
            connection.execute(f"INSERT INTO fresh_{rows.LINES} SELECT * FROM fresh")


def _is_same(found: Manifest, name: str, *, connection: duckdb.DuckDBPyConnection) -> bool:
    parts.read(found, name, connection=connection, into="held")
    differing = connection.execute(
        "SELECT 1 FROM ((SELECT * FROM held EXCEPT SELECT * FROM fresh) UNION ALL "
        "(SELECT * FROM fresh EXCEPT SELECT * FROM held)) LIMIT 1"
    ).fetchall()
    return not differing


def _let_hold(shop_id: int, new: Manifest, *, keep: Sequence[str] | frozenset[str]) -> None:
    """Let new columns hold: the store knows them before and after they do."""
    Columns.objects.update_or_create(shop_id=shop_id, defaults={"coming": new.id})
    manifest.save(new)
    Columns.objects.filter(shop_id=shop_id).update(manifest=new.id, coming="")
    manifest.sweep(new.folder, keep={*new.files(), *keep})
    changes.forget(shop_id, until=new.mark)
