"""Standings of a million customers: written at first and after 1,000 orders, and the list sorted by each.

It runs in a process of its own. The store is SQLite, filled without the product's doors, unless
`DATABASE_URL` names an empty PostgreSQL.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks import numbers, results, runs

NAME = "standings"
CUSTOMERS = 1_000_000
ORDERS_PER_CUSTOMER = 2
VISITS = 20
PAGE_MS = 150
COLUMNS = ("cohort", "rfm", "due", "value", "alive", "expected", "worth")
CONDITIONS = (
    "is_overdue", "alive < 30", 'rfm_group = "champions"', "value >= 100",
    "is_overdue and alive < 30",
)  # fmt: skip


def section(*, rows: int | None, command: str, today: dt.date) -> str:
    """Measure in a process of its own; return the section of the results."""
    count = rows or CUSTOMERS
    child = subprocess.run(  # our own program
        [sys.executable, "-m", "benchmarks.standings", str(count)],
        cwd=runs.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if child.returncode:
        raise runs.ContenderError(f"{NAME}: {child.stderr.strip()[-2000:]}")
    found: dict[str, Any] = json.loads(child.stdout.splitlines()[-1])
    return told(found, count=count, command=command, today=today)


def told(found: dict[str, Any], *, count: int, command: str, today: dt.date) -> str:
    """Return what was measured as a section."""
    worst = max(cpu for _name, _wall, _p95, cpu in found["pages"])
    lines = [
        f"## {NAME}, {count:,} customers, on {found['store']}",
        "",
        "Writing beside each customer what the history says, and the list sorted and chosen by it.",
        "",
        *results.circumstances(command, today=today),
        "",
        "| step | wall s | CPU s | rows written |",
        "| --- | ---: | ---: | ---: |",
        *[
            f"| {name} | {wall:.1f} | {cpu:.1f} | {written:,} |"
            for name, wall, cpu, written in found["steps"]
        ],
        "",
        "| list | median ms | p95 ms | p95 ms of CPU |",
        "| --- | ---: | ---: | ---: |",
        *[
            f"| {name} | {median:.0f} | {p95:.0f} | {cpu:.0f} |"
            for name, median, p95, cpu in found["pages"]
        ],
        "",
        "| bar | measured | holds |",
        "| --- | ---: | --- |",
        f"| every list within {PAGE_MS} ms at p95, by CPU time | {worst:.0f} ms | "
        f"{'yes' if worst <= PAGE_MS else 'no'} |",
        f"| peak memory | {found['bytes'] / 2**30:.2f} GiB | |",
    ]
    return "\n".join(lines) + "\n"


def main(count: int) -> None:
    """Fill a shop, measure, and print what was found as JSON."""
    _set_up()
    export = import_module("stammkunde.insights.export")
    orders = import_module("stammkunde.records.orders.services")
    shop, owner = numbers._founded()
    _fill(shop, count)
    orders.touch(shop.pk)
    export.refresh(shop.pk)
    steps = [_step("first standings", shop), _step("the same again", shop, anew=True)]
    steps.append(_foretold("first forecasts", shop, count, seed=1))
    numbers._more(shop.pk, count * ORDERS_PER_CUSTOMER)
    first = count * ORDERS_PER_CUSTOMER + 1
    orders.touch(shop.pk, "orders", range(first, first + numbers.NEW))
    export.refresh(shop.pk)
    steps.append(_step(f"after {numbers.NEW:,} orders", shop))
    steps.append(_foretold("other forecasts", shop, count, seed=2))
    _settle()
    pages = list(_pages(shop, owner))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    store = import_module("django.db").connection.vendor
    print(json.dumps({"store": store, "steps": steps, "pages": pages, "bytes": peak}))


def _set_up() -> None:
    address = os.environ.get("DATABASE_URL")
    if not address:
        import_module("benchmarks.product_store")
        return
    os.environ |= {
        "STAMMKUNDE_DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings",
        "STAMMKUNDE_DATA": os.environ.get("STAMMKUNDE_DATA", "bench-data"),
    }
    import_module("django").setup()
    import_module("django.conf").settings.DEBUG = False
    import_module("django.core.management").call_command("migrate", verbosity=0)


def _fill(shop: Any, count: int) -> None:
    """Write customers and orders, and count the orders of each."""
    numbers._fill(shop.pk, count * ORDERS_PER_CUSTOMER, people=count)
    bulk = import_module("stammkunde.core.bulk")
    bulk.run(
        "UPDATE customers_customer SET orders = s.n, revenue_minor = s.amount, "
        "first_order_on = s.first_on, last_order_on = s.last_on FROM (SELECT customer_id, "
        "count(*) AS n, sum(amount_minor) AS amount, min(date(placed_at)) AS first_on, "
        "max(date(placed_at)) AS last_on FROM orders_order GROUP BY customer_id) s "
        "WHERE s.customer_id = customers_customer.id"
    )


def _settle() -> None:
    """Let the store know its tables, as PostgreSQL does by itself after a while."""
    bulk = import_module("stammkunde.core.bulk")
    if import_module("django.db").connection.vendor == "postgresql":
        bulk.run("VACUUM ANALYZE customers_standing")
        bulk.run("VACUUM ANALYZE customers_customer")


def _step(name: str, shop: Any, *, anew: bool = False) -> tuple[str, float, float, int]:
    standing = import_module("stammkunde.insights.standing")
    standings = import_module("stammkunde.records.customers.standings")
    if anew:
        standings.rest_on(shop, of="")
    written = _counted(standings, "put")
    wall, cpu = _timed(lambda: standing.refresh(shop))
    return name, wall, cpu, sum(written)


def _foretold(name: str, shop: Any, count: int, *, seed: int) -> tuple[str, float, float, int]:
    """Write made-up forecasts, as a model would give them."""
    foretold = import_module("stammkunde.insights.foretold")
    numpy = import_module("numpy")
    chance = numpy.random.default_rng(seed)
    found = foretold.Foretold(
        customers=numpy.arange(1, count + 1),
        alive=chance.beta(2, 2, count),
        orders=chance.gamma(1, 1, count),
        value=chance.gamma(2, 30, count),
        model="bg_nbd",
        as_of=dt.date(2026, 5, 1),
    )
    written: list[int] = []
    wall, cpu = _timed(lambda: written.append(foretold.write(shop, found)))
    return name, wall, cpu, sum(written)


def _counted(module: Any, name: str) -> list[int]:
    """Let a function note how many rows it was given."""
    written: list[int] = []
    plain = getattr(module, f"_plain_{name}", None) or getattr(module, name)

    def counting(shop_id: int, columns: Any, rows: Any) -> None:
        written.append(len(rows))
        plain(shop_id, columns, rows)

    setattr(module, f"_plain_{name}", plain)
    setattr(module, name, counting)
    return written


def _pages(shop: Any, owner: Any) -> Iterator[tuple[str, float, float, float]]:
    """Yield each list with median and p95 in milliseconds, and p95 of the processor's time."""
    import_module("django.conf").settings.ALLOWED_HOSTS = ["testserver"]
    browser = import_module("django.test").Client()
    browser.force_login(owner)
    where = f"/{shop.slug}/customers/"
    asked = [("as it opens", {}), *(("sorted by " + way + name, {"sort": way + name, "column": COLUMNS})
             for name in COLUMNS for way in ("", "-"))]  # fmt: skip
    asked += [(f"where {text}", {"where": text, "sort": "name"}) for text in CONDITIONS]
    for name, question in asked:
        yield _visited(name, partial(browser.get, where, question))
    answer = browser.get(where, {"sort": "-rfm", "column": COLUMNS})
    page = answer.content.decode().split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    path = where + page.replace("&amp;", "&")
    yield _visited("the second page by -rfm", partial(browser.get, path))


def _visited(name: str, visit: Callable[[], object]) -> tuple[str, float, float, float]:
    walls, cpus = [], []
    for _visit in range(VISITS):
        wall, cpu = _timed(visit)
        walls.append(wall * 1000)
        cpus.append(cpu * 1000)
    p95 = int(VISITS * 0.95) - 1
    return name, sorted(walls)[VISITS // 2], sorted(walls)[p95], sorted(cpus)[p95]


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds that work takes, and those of the processor, the store's included."""
    wall, cpu = time.perf_counter(), _spent()
    work()
    return time.perf_counter() - wall, _spent() - cpu


def _spent() -> float:
    """Return the processor's time of this process and of the server that answers it on this machine."""
    store = import_module("django.db").connection
    if store.vendor != "postgresql":
        return time.process_time()
    store.ensure_connection()
    told = Path(f"/proc/{store.connection.info.backend_pid}/stat").read_text(encoding="ascii")
    ticks = sum(int(each) for each in told.rsplit(")", 1)[1].split()[11:13])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main(int(sys.argv[1]))
