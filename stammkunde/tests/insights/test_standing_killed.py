"""Whoever writes standings is stopped anywhere; what is there stays, and the next one writes the rest."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from importing import imported, rows
from stammkunde.insights import export, standing
from stammkunde.records.customers import standings
from stammkunde.records.customers.models import Standing
from stores_and_cast import Cast, Store, make_cast

ROUNDS = 6
LINE = "A{n};05.0{m}.2026 10:00;{c};x{c}@example.com;Person {c};{amount},00;bezahlt;Brie;1".format
_CHILD = """
import sys
import django
django.setup()
from stammkunde.core.shops.models import Shop
from stammkunde.insights import standing
from stammkunde.records.customers import standings
standings.CHUNK = 7
print("ready", flush=True)
standing.refresh(Shop.objects.get(pk=int(sys.argv[1])))
print("done", flush=True)
"""


def bought(*, orders: int, amount: int) -> str:
    found: str = rows(
        *(LINE(n=n, m=n % 9 + 1, c=n % 97, amount=amount + n % 7) for n in range(orders))
    )
    return found


def held() -> set[tuple[Any, ...]]:
    return set(Standing.objects.values_list(*standing.OWN))


@pytest.mark.django_db
def test_who_is_stopped_between_two_parts_leaves_them_written(
    cast: Cast, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA = tmp_path / "data"
    monkeypatch.setattr(standings, "CHUNK", 10)
    imported(cast.cheese, bought(orders=40, amount=10))
    export.refresh(cast.cheese.pk)
    calls: list[int] = []

    def stop() -> None:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        standing.refresh(cast.cheese, between=stop)
    assert len(held()) == 20
    assert not standings.basis(cast.cheese).of

    assert standing.refresh(cast.cheese)
    assert len(held()) == 40
    assert standings.basis(cast.cheese).customers == 40


@pytest.mark.slow
def test_a_killed_process_is_gone_on_from(own_store: Store, settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"
    shop = make_cast().cheese
    environment = {
        **os.environ,
        "DATABASE_URL": own_store.address,
        "STAMMKUNDE_DATA": str(settings.DATA),
        "STAMMKUNDE_DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings",
    }
    chance = random.Random(5)  # noqa: S311  # a seeded game, no secret
    for number in range(ROUNDS):
        imported(shop, bought(orders=150 + 20 * number, amount=10 + number))
        export.refresh(shop.pk)
        child = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-c", _CHILD, str(shop.pk)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(chance.uniform(0.0, 1.5))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()

    standing.refresh(shop)
    found = held()
    Standing.objects.all().delete()
    standings.rest_on(shop, of="")
    standing.refresh(shop)
    assert found == held()
    assert len(found) == 97
