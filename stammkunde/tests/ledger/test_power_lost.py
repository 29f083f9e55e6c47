"""The power fails at any write: what the disk kept opens, is whole, and holds everything that was answered."""

from __future__ import annotations

import random
import shutil
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from happening import happen  # type: ignore[import-not-found]
from losing_power import Disk, recorded  # type: ignore[import-not-found]
from promises import assert_whole  # type: ignore[import-not-found]
from shop_events import History  # type: ignore[import-not-found]
from side_by_side import asked  # type: ignore[import-not-found]
from units_of_shops import with_units  # type: ignore[import-not-found]

from stammkunde.core.errors import Refused
from stammkunde.core.shops.models import Shop
from stammkunde.ledger.commands import Posted
from stammkunde.ledger.models import Transaction
from stores_and_cast import (  # type: ignore[import-not-found]
    Store,
    as_default,
    make_cast,
)

Told = list[tuple[int, Any]]


def booked(path: Path, events: int, seed: int, **how: Any) -> tuple[Disk, Told]:
    """Book a history through a disk that remembers; return it and what was answered when."""
    told: Told = []
    with as_default(f"sqlite:///{path}"):
        shop = with_units(make_cast().cheese)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        with recorded(path, **how) as disk:
            answers: dict[str, Posted] = {}
            for event in islice(History(seed, shop_id=shop.pk), events):
                if not event.command:
                    happen(event, shop.pk, answers)
                    continue
                try:
                    posted = asked(event.with_ids(answers))
                except Refused:
                    continue
                answers[event.command.key] = posted
                told.append((len(disk.noted), posted.transaction_id))
    return disk, told


def found_after(files: dict[str, bytes], folder: Path) -> set[int]:
    """Open what a power cut left, prove it whole, and return what is booked there."""
    folder.mkdir()
    for name, data in files.items():
        if not name.endswith("-shm"):
            (folder / name).write_bytes(data)
    with as_default(f"sqlite:///{folder / 'store.sqlite3'}"):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchall() == [("ok",)]
        shop = Shop.objects.get(name="Käsehaus")
        assert_whole(shop.pk)
        found = set(Transaction.objects.values_list("pk", flat=True))
    shutil.rmtree(folder)
    return found


def lose_power(store: Store, folder: Path, *, events: int, cuts: int, seed: int) -> None:
    path = folder / "store.sqlite3"
    shutil.copyfile(store.address.removeprefix("sqlite:///"), path)
    disk, told = booked(path, events, seed)
    assert len(told) > events // 3
    chance = random.Random(seed)  # noqa: S311  # repeatable, not secret
    for number in range(cuts):
        cut = chance.randint(len(disk.noted) // 20, len(disk.noted))
        found = found_after(disk.after(cut, chance), folder / f"cut{number}")
        missing = [
            transaction for at, transaction in told if at <= cut and transaction not in found
        ]
        assert not missing, (seed, cut)


def test_a_power_cut_loses_no_answer(
    sqlite_store: Store, tmp_path: Path, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        lose_power(sqlite_store, tmp_path, events=150, cuts=12, seed=5)


@pytest.mark.soak
def test_nor_do_three_hundred(sqlite_store: Store, tmp_path: Path, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        lose_power(sqlite_store, tmp_path, events=3000, cuts=300, seed=6)


def test_the_disk_does_lose_what_nobody_synced(
    sqlite_store: Store, tmp_path: Path, django_db_blocker: Any
) -> None:
    path = tmp_path / "store.sqlite3"
    shutil.copyfile(sqlite_store.address.removeprefix("sqlite:///"), path)
    with django_db_blocker.unblock():
        disk, told = booked(path, 60, seed=5, synchronous="OFF")
        try:
            found = found_after(disk.after(len(disk.noted), random.Random(4)), tmp_path / "cut")  # noqa: S311
        except Exception:  # noqa: BLE001  # whatever a torn file makes of it
            return
    assert {transaction for _, transaction in told} - found
