"""From rows to pages: the first export and snapshot of a shop, following 1,000 orders, and each page.

It runs in a process of its own, which sets the product up on an empty SQLite and fills it without its
doors: those are measured by `import_store`.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from typing import Any

from benchmarks import results, runs

NAME = "numbers"
ROWS = 1_000_000
ORDERS_PER_CUSTOMER = 5
NEW = 1_000
DAYS = 2_700
VISITS = 40
PAGE_MS = 150
PAGES = (
    "", "metrics/", "metrics/revenue/", "metrics/customer_retention_rate/?grain=day", "cohorts/",
    "rfm/", "pauses/", "due/",
)  # fmt: skip
_CUSTOMER = (
    *("id", "shop_id", "number", "email", "phone", "name", "country", "orders"),
    *("revenue_minor", "refunded_minor", "created_at", "changed_at"),
)
_KEY = (
    *("id", "shop_id", "customer_id", "kind", "source", "value", "written", "loose"),
    *("is_shared", "rule", "confidence", "since"),
)
_ORDER = (
    *("id", "shop_id", "source", "external_id", "hash", "recorded_at", "changed_at", "key_id"),
    *("customer_id", "placed_at", "currency", "amount_minor", "units", "state", "channel"),
)
_NOW = "2026-11-01 00:00:00"
_FIRST = dt.datetime(2019, 1, 1, tzinfo=dt.UTC)


def section(*, rows: int | None, command: str, today: dt.date) -> str:
    """Measure in a process of its own; return the section of the results."""
    count = rows or ROWS
    child = subprocess.run(  # our own program
        [sys.executable, "-m", "benchmarks.numbers", str(count)],
        cwd=runs.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if child.returncode:
        raise runs.ContenderError(f"{NAME}: {child.stderr.strip()[-2000:]}")
    found: dict[str, Any] = json.loads(child.stdout.splitlines()[-1])
    worst = max(cpu for _name, _wall, _p95, cpu in found["pages"])
    lines = [
        f"## {NAME}, {count:,} orders of {count // ORDERS_PER_CUSTOMER:,} customers",
        "",
        "From rows to pages: columns, snapshot, following new orders, and the time of each page.",
        "",
        *results.circumstances(command, today=today),
        "",
        "| step | wall s | CPU s |",
        "| --- | ---: | ---: |",
        *[f"| {name} | {wall:.1f} | {cpu:.1f} |" for name, wall, cpu in found["steps"]],
        "",
        "| page | median ms | p95 ms | p95 ms of CPU |",
        "| --- | ---: | ---: | ---: |",
        *[
            f"| {name or 'overview'} | {median:.0f} | {p95:.0f} | {cpu:.0f} |"
            for name, median, p95, cpu in found["pages"]
        ],
        "",
        "| bar | measured | holds |",
        "| --- | ---: | --- |",
        f"| every page within {PAGE_MS} ms at p95, by CPU time | {worst:.0f} ms | "
        f"{'yes' if worst <= PAGE_MS else 'no'} |",
        f"| peak memory | {found['bytes'] / 2**30:.2f} GiB | |",
    ]
    return "\n".join(lines) + "\n"


def main(count: int) -> None:
    """Fill a shop, measure, and print what was found as JSON."""
    import_module("benchmarks.product_store")
    export = import_module("stammkunde.insights.export")
    snapshots = import_module("stammkunde.insights.snapshots")
    orders = import_module("stammkunde.records.orders.services")
    shop, owner = _founded()
    _fill(shop.pk, count)
    orders.touch(shop.pk)
    steps = [
        _timed("first export", lambda: export.refresh(shop.pk)),
        _timed("first snapshot", lambda: snapshots.refresh(shop)),
    ]
    _more(shop.pk, count)
    orders.touch(shop.pk, "orders", range(count + 1, count + NEW + 1))
    steps += [
        _timed(f"export follows {NEW:,} orders", lambda: export.refresh(shop.pk)),
        _timed("snapshot after them", lambda: snapshots.refresh(shop)),
    ]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"steps": steps, "pages": list(_pages(shop, owner)), "bytes": peak}))


def _founded() -> tuple[Any, Any]:
    command = import_module("stammkunde.core.audit.services").COMMAND
    people = import_module("stammkunde.core.people.models").Person.objects
    owner = people.create_user("owner@example.com", name="Owner")
    found = import_module("stammkunde.core.shops.services").found
    return found("A", owner=owner, actor=command), owner


def _fill(shop_id: int, count: int, *, people: int | None = None) -> None:
    """Write customers with a number each and orders that many buy once and few often."""
    bulk = import_module("stammkunde.core.bulk")
    chance = random.Random(1)  # noqa: S311  # a seeded game, no secret
    people = people or count // ORDERS_PER_CUSTOMER
    with import_module("django.db").transaction.atomic():
        bulk.insert(
            "customers_customer", _CUSTOMER,
            ((i, shop_id, str(i), "", "", f"P {i}", chance.choice(("DE", "AT", "CH")), 0, 0, 0,
              _NOW, _NOW) for i in range(1, people + 1)),
        )  # fmt: skip
        bulk.insert(
            "customers_key", _KEY,
            ((i, shop_id, i, "number", "shop", str(i), str(i), "", 0, "own", 100, _NOW)
             for i in range(1, people + 1)),
        )  # fmt: skip
        bulk.insert("orders_order", _ORDER, _orders(shop_id, count, people, chance))


def _orders(
    shop_id: int, count: int, people: int, chance: random.Random
) -> Iterator[tuple[Any, ...]]:
    for number in range(1, count + 1):
        share = chance.random() ** chance.choice((1, 3))
        who = 1 + int(share * people) % people
        at = _FIRST + dt.timedelta(days=chance.random() * DAYS)
        amount = int(chance.gammavariate(2, 2500))
        yield (number, shop_id, "shop", f"A{number}", "h", _NOW, _NOW, who, who, _written(at), "EUR",
               amount, chance.randint(1, 4), "counted", chance.choice(("web", "app", None)))  # fmt: skip


def _written(at: dt.datetime) -> str:
    return str(at.replace(tzinfo=None))


def _more(shop_id: int, count: int) -> None:
    """Write as many new orders as a shop has in a busy hour."""
    bulk = import_module("stammkunde.core.bulk")
    at = _written(_FIRST + dt.timedelta(days=DAYS))
    with import_module("django.db").transaction.atomic():
        bulk.insert(
            "orders_order", _ORDER,
            ((count + i, shop_id, "shop", f"B{i}", "h", _NOW, _NOW, i, i, at, "EUR", 1000, 1,
              "counted", "web") for i in range(1, NEW + 1)),
        )  # fmt: skip


def _timed(name: str, work: Callable[[], object]) -> tuple[str, float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return name, time.perf_counter() - wall, time.process_time() - cpu


def _pages(shop: Any, owner: Any) -> Iterator[tuple[str, float, float, float]]:
    """Yield each page with median and p95 in milliseconds, and p95 of the processor's time."""
    import_module("django.conf").settings.ALLOWED_HOSTS = ["testserver"]
    browser = import_module("django.test").Client()
    browser.force_login(owner)
    for page in PAGES:
        walls, cpus = [], []
        for _visit in range(VISITS):
            _name, wall, cpu = _timed(page, partial(browser.get, f"/{shop.slug}/{page}"))
            walls.append(wall * 1000)
            cpus.append(cpu * 1000)
        p95 = int(VISITS * 0.95) - 1
        yield page, sorted(walls)[VISITS // 2], sorted(walls)[p95], sorted(cpus)[p95]


if __name__ == "__main__":
    main(int(sys.argv[1]))
