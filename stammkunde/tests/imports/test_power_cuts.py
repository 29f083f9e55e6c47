"""The machine stops anywhere while an import is published or undone; it goes on and ends the same."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper

from importing import looked, numbers, rows  # type: ignore[import-not-found]
from stammkunde.core.audit.services import COMMAND
from stammkunde.features.imports import admitting, services, staging
from stammkunde.features.imports.models import Import
from stammkunde.flows import import_published, import_undone
from stammkunde.records.customers.models import Customer, Key, Merge, Tie
from stammkunde.records.orders import undoing
from stammkunde.records.orders.models import Order, OrderLine, Refund, Version
from stores_and_cast import Store, make_cast  # type: ignore[import-not-found]

LINE = "A{n};05.01.2026 10:00;{c};{e}@example.com;Person {c};{amount},00;bezahlt;Brie;1".format
FIRST = rows(*(LINE(n=n, c=n % 7, e=f"x{n % 7}", amount=10 + n) for n in range(12)))
SECOND = rows(
    *(LINE(n=n, c=n % 7, e=f"x{n % 7}", amount=50 + n) for n in range(4, 10)),
    *(LINE(n=n, c=n, e=f"x{n % 7}", amount=10 + n) for n in range(12, 20)),
)


class PowerCut(BaseException):
    pass


@contextmanager
def stopping_after(commits: int) -> Iterator[None]:
    """Let the machine stop behind so many commits: whatever was not committed is gone."""
    done = 0
    real = BaseDatabaseWrapper.commit

    def commit(self: BaseDatabaseWrapper) -> None:
        nonlocal done
        if done == commits:
            self.rollback()
            raise PowerCut
        real(self)
        done += 1

    BaseDatabaseWrapper.commit = commit  # type: ignore[method-assign]
    try:
        yield
    finally:
        BaseDatabaseWrapper.commit = real  # type: ignore[method-assign]


def everything() -> dict[str, Any]:
    """Return what the records hold, without what differs from run to run."""
    named = dict(Customer.objects.values_list("id", "number"))
    return {
        "orders": [
            (o.external_id, o.amount_minor, named.get(o.customer_id), o.made_by, o.changed_by)
            for o in Order.objects.order_by("external_id")
        ],
        "lines": sorted(OrderLine.objects.values_list("order__external_id", "amount_minor")),
        "refunds": Refund.objects.count(),
        "keys": sorted((k.value, named.get(k.customer_id)) for k in Key.objects.all()),
        "ties": Tie.objects.count(),
        "versions": sorted(Version.objects.values_list("row_id", "import_id")),
        "merges": Merge.objects.filter(undone_at=None).count(),
        "customers": sorted(
            Customer.objects.values_list("number", "orders", "revenue_minor", "last_order_on")
        ),
    }


@pytest.fixture(autouse=True)
def small(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA = tmp_path / "data"
    monkeypatch.setattr(staging, "CHUNK_ROWS", 6)
    monkeypatch.setattr(admitting, "AT_ONCE", 5)
    monkeypatch.setattr(undoing, "CHUNK", 3)


def test_after_a_stop_behind_any_commit_it_goes_on_and_ends_the_same(own_store: Store) -> None:
    cast = make_cast()
    first = services.start_publishing(
        looked(cast.cheese, FIRST), actor=COMMAND, despite_questions=True
    )
    import_published.run(first, actor=COMMAND)
    before, before_numbers = everything(), numbers(cast.cheese)
    import_ = looked(cast.cheese, SECOND)

    def resumed(state: str) -> tuple[int, set[str]]:
        """Stop behind one commit, then behind two, and so on, until it is done."""
        met: set[str] = set()
        run = import_published.run if state == "publishing" else import_undone.run
        for cut in range(100):
            found = Import.objects.select_related("shop").get(pk=import_.pk)
            met.add(str(sorted(numbers(cast.cheese).items())))
            try:
                with stopping_after(cut):
                    run(found, actor=COMMAND)
            except PowerCut:
                continue
            return cut, met
        raise AssertionError("It never ends.")

    services.start_publishing(import_, actor=COMMAND, despite_questions=True)
    cuts, met = resumed("publishing")
    after, after_numbers = everything(), numbers(cast.cheese)
    assert cuts > 5
    assert met <= {str(sorted(each.items())) for each in (before_numbers, after_numbers)}

    import_.refresh_from_db()
    services.start_undoing(import_, actor=COMMAND)
    cuts, met = resumed("undoing")
    assert cuts > 3
    assert met <= {str(sorted(each.items())) for each in (before_numbers, after_numbers)}
    assert {**everything(), "versions": []} == {**before, "versions": []}

    # Without any stop it ends the same.
    again = looked(cast.cheese, SECOND + "\r\n")
    begun = services.start_publishing(again, actor=COMMAND, despite_questions=True)
    import_published.run(begun, actor=COMMAND)
    straight = everything()
    for name in ("lines", "keys", "customers", "ties"):
        assert straight[name] == after[name]
    assert [row[:3] for row in straight["orders"]] == [row[:3] for row in after["orders"]]


# Loads the product once; each word of how long is answered by a process that publishes and is killed by then.
_KEEPER = """
import os, select, signal, sys
import django
django.setup()
from stammkunde.core.audit.services import COMMAND
from stammkunde.features.imports import admitting
from stammkunde.features.imports.models import Import
from stammkunde.flows import import_published
admitting.AT_ONCE = 100
for word in sys.stdin:
    ended, begun = os.pipe()
    child = os.fork()
    if not child:
        import_ = Import.objects.select_related("shop").get(state="publishing")
        import_published.run(import_, actor=COMMAND)
        os._exit(0)
    os.close(begun)
    select.select([ended], [], [], float(word))
    os.close(ended)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    print("done" if status == 0 else "killed", flush=True)
"""


@pytest.mark.slow
def test_a_killed_process_loses_and_repeats_nothing(
    own_store: Store, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(staging, "CHUNK_ROWS", 1_000)
    settings.DATA = tmp_path / "data"
    cast = make_cast()
    text = rows(*(LINE(n=n, c=n % 900, e=f"x{n % 900}", amount=10) for n in range(12_000)))
    upload = [("orders.csv", io.BytesIO(text.encode()))]
    import_ = services.look(services.receive(cast.cheese, upload, actor=COMMAND).import_)
    services.start_publishing(import_, actor=COMMAND, despite_questions=True)
    environment = {
        **os.environ,
        "DATABASE_URL": own_store.address,
        "STAMMKUNDE_DATA": str(settings.DATA),
        "STAMMKUNDE_DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings",
    }
    chance = random.Random(7)  # noqa: S311  # a seeded game, no secret
    with subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, "-c", _KEEPER], env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as keeper:  # fmt: skip
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        for _ in range(15):
            print(f"{chance.uniform(0.02, 0.5):.3f}", file=keeper.stdin, flush=True)
            if keeper.stdout.readline() == "done\n":
                break
            if Import.objects.get(pk=import_.pk).state == "published":
                break
        keeper.stdin.close()
    import_published.run(Import.objects.get(pk=import_.pk), actor=COMMAND)

    assert (Order.objects.count(), OrderLine.objects.count()) == (12_000, 12_000)
    assert Customer.objects.count() == 900
    assert numbers(cast.cheese) == {"customers": 900.0, "orders": 12000.0, "revenue": 120000.0}
    assert Import.objects.get().counts["new"]["orders"] == 12_000
