"""Numbers of equal columns are computed once in a process of tests: they follow from columns and decisions alone.

Hundreds of tests begin with the same shop; what they are about is what comes after.
"""

from __future__ import annotations

import hashlib
import os
from typing import Any

import pytest
from django.db import connection

from stammkunde.core.shops.models import Shop
from stammkunde.insights import forecasts, snapshots
from stammkunde.insights.manifest import Manifest

_compute, _foretell = snapshots.compute, forecasts.compute
_known: dict[str, Any] = {}
_foretold: dict[str, Any] = {}


def about(shop: Shop, found: Manifest) -> str:
    """Return what tells columns with the decisions about them apart: every byte of them."""
    told = hashlib.sha256(f"{snapshots.decisions(shop)} {shop.currency}".encode())
    for name, parts in sorted(found.tables.items()):
        for part in sorted(parts, key=lambda each: (each.month or "", each.file)):
            told.update(f"{name} {part.month} ".encode())
            told.update((found.folder / part.file).read_bytes())
    return told.hexdigest()


def compute(shop: Shop, found: Manifest, **also: Any) -> Any:
    """Compute what is not known of these columns yet."""
    key = about(shop, found)
    if key not in _known:
        _known[key] = _compute(shop, found, **also)
    elif "progress" in also:
        also["progress"](snapshots.SHARES, snapshots.SHARES)
    return _known[key]


def foretell(shop: Shop, found: Manifest, *, progress: Any = forecasts.silent) -> Any:
    """Fit what was not fitted to these columns yet; a second time only the steps go by."""
    key = f"{about(shop, found)} {forecasts.DRAWS}"
    if key not in _foretold:
        _foretold[key] = _foretell(shop, found, progress=progress)
    for step in range(1, forecasts.STEPS):
        progress(step, forecasts.STEPS)
    return _foretold[key]


@pytest.fixture(autouse=True)
def remembered_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compute each numbers once."""
    monkeypatch.setattr(snapshots, "compute", compute)
    monkeypatch.setattr(forecasts, "compute", foretell)


def count_anew() -> None:
    """Let ids begin at 1 again, as on SQLite, so that equal shops have equal columns."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S' "
                "AND relname NOT LIKE 'django%%' AND relname NOT LIKE 'auth%%'"
            )


def hurry() -> None:
    """Let nothing wait for the disk: a process that is killed leaves its files whole all the same."""
    os.fsync = lambda _file: None  # type: ignore[assignment]
