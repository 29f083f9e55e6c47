"""A process that exports is killed anywhere; whatever it leaves behind, the next one goes on from there."""

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

from importing import imported, rows  # type: ignore[import-not-found]
from insights.test_columns_follow import of_columns, of_records
from stammkunde.insights import export
from stores_and_cast import Store, make_cast  # type: ignore[import-not-found]

ROUNDS = 10
LINE = "A{n};05.0{m}.2026 10:00;{c};x{c}@example.com;Person {c};{amount},00;bezahlt;Brie;1".format
_CHILD = """
import sys
import django
django.setup()
from stammkunde.insights import export, parts
export.STEP, export.FETCHED_AT_ONCE, parts.PARTED_FROM = 300, 200, 500
print("ready", flush=True)
export.refresh(int(sys.argv[1]))
print("done", flush=True)
"""


@pytest.mark.slow
def test_a_killed_export_goes_on(own_store: Store, settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"
    shop = make_cast().cheese
    environment = {
        **os.environ,
        "DATABASE_URL": own_store.address,
        "STAMMKUNDE_DATA": str(settings.DATA),
        "STAMMKUNDE_DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings",
    }
    chance = random.Random(3)  # noqa: S311  # a seeded game, no secret
    finished = 0
    for number in range(ROUNDS):
        lines = [
            LINE(n=n, m=n % 9 + 1, c=n % 99, amount=number + 1)
            for n in range(number * 150, number * 300 + 700)
        ]
        imported(shop, rows(*lines))
        child = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-c", _CHILD, str(shop.pk)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(chance.uniform(0.0, 1.2))
        child.send_signal(signal.SIGKILL)
        finished += "done" in child.stdout.read()
        child.wait()
        child.stdout.close()
        # Whoever reads meanwhile finds columns that are whole, or none.
        if found := export.current(shop.pk):
            of_columns(found)

    assert finished < ROUNDS
    found = export.refresh(shop.pk)
    assert of_columns(found) == of_records(shop)
    assert {path.name for path in found.folder.glob("*.parquet")} >= found.files()
