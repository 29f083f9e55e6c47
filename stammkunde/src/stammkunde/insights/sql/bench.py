"""The database that questions in SQL are asked: a shop's columns in a file of DuckDB, made once for each manifest.

It stands among the columns and is named by their manifest. Whatever replaces the columns, such as an
erasure, sweeps it away with them.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from kohorte import History
from stammkunde.core.shops.models import Shop
from stammkunde.insights import export, history, parts, snapshots
from stammkunde.insights.manifest import Manifest
from stammkunde.insights.sql import tables

# Counted up whenever such a file holds something else.
FORMAT = 1


def of(shop: Shop, manifest: Manifest) -> Path:
    """Return the database of a shop's columns; it is made where there is none yet."""
    path = _path(shop, manifest)
    with export.alone(manifest.folder):
        if not path.is_file():
            _make(shop, manifest, path)
    return path


def _path(shop: Shop, manifest: Manifest) -> Path:
    decided = f"{snapshots.decisions(shop)[:8]}{snapshots.definitions()[:8]}"
    return manifest.folder / f"sql-{manifest.id}-{decided}-{FORMAT}.duckdb"


def _make(shop: Shop, manifest: Manifest, path: Path) -> None:
    """Write the tables and the relations; the file appears when it is whole."""
    beside = path.with_name(f"making-{secrets.token_hex(4)}")
    try:
        with history.of_columns(shop, manifest) as opened:
            connection = opened.engine.connection
            tables.prepare(opened)
            connection.execute(f"ATTACH {parts.quoted(beside)} AS bench")
            for name in tables.names():
                connection.execute(f"CREATE TABLE bench.main.{name} AS {_select(opened, name)}")
            connection.execute("DETACH bench")
        for old in path.parent.glob("sql-*.duckdb"):
            old.unlink(missing_ok=True)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
        beside.with_name(f"{beside.name}.wal").unlink(missing_ok=True)


def _select(opened: History, name: str) -> str:
    """Return what a table holds; relations of a shop in which no order counts are empty."""
    if name not in (*tables.RELATIONS, tables.CUSTOMER_FACTS):
        return f"SELECT {', '.join(tables.columns_of(name))} FROM memory.main.{name}"
    if opened.span is None:
        known = next(table for table in tables.every() if table.name == name)
        cells = ", ".join(f"NULL::{column.type} AS {column.name}" for column in known.columns)
        return f"SELECT {cells} WHERE false"
    return tables.show(opened, name)
