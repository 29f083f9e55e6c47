"""Pages of the product visited again and again, and the time that they and other work take.

The store is an empty SQLite, unless `DATABASE_URL` names a PostgreSQL.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

VISITS = 20
PAGE_MS = 150
# A page with its median, its p95, and the p95 of the processor's time, in milliseconds.
Visited = tuple[str, float, float, float]


def keep_in(folder: str) -> None:
    """Let the store be one in a folder, which is kept."""
    os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder).absolute()}/store.sqlite3"
    os.environ["STAMMKUNDE_DATA"] = f"{Path(folder).absolute()}/data"


def set_up() -> None:
    """Set the product up on an empty store, or the one that is kept."""
    if not os.environ.get("DATABASE_URL"):
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


def browser(owner: Any) -> Any:
    """Return a browser in which somebody is signed in, on pages that are as ready as `serve` makes them."""
    import_module("django.conf").settings.ALLOWED_HOSTS = ["testserver"]
    import_module("stammkunde.core.upkeep.serving").application()
    found = import_module("django.test").Client()
    found.force_login(owner)
    return found


def visited(name: str, visit: Callable[[], Any], *, visits: int = VISITS) -> Visited:
    """Visit a page until its times are known; one that is not answered stops the benchmark."""
    walls, cpus = [], []
    for _visit in range(visits):
        wall, cpu, answer = timed(visit)
        if answer.status_code != 200:
            raise RuntimeError(f"{name}: {answer.status_code}")
        walls.append(wall * 1000)
        cpus.append(cpu * 1000)
    p95 = int(visits * 0.95) - 1
    return name, sorted(walls)[visits // 2], sorted(walls)[p95], sorted(cpus)[p95]


def paths(
    client: Any, where: str, asked: Iterable[tuple[str, str, Mapping[str, object]]]
) -> list[Visited]:
    """Visit pages below a path, each given by name, path and query."""
    return [visited(name, partial(client.get, where + path, query)) for name, path, query in asked]


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Return the seconds that work takes, those of the processor (the store's included), and its result."""
    wall, cpu = time.perf_counter(), _spent()
    found = work()
    return time.perf_counter() - wall, _spent() - cpu, found


def _spent() -> float:
    """Return the processor's time of this process and of the server that answers it on this machine."""
    store = import_module("django.db").connection
    if store.vendor != "postgresql":
        return time.process_time()
    store.ensure_connection()
    told = Path(f"/proc/{store.connection.info.backend_pid}/stat").read_text(encoding="ascii")
    ticks = sum(int(each) for each in told.rsplit(")", 1)[1].split()[11:13])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def table(title: str, pages: Sequence[Visited]) -> list[str]:
    """Return the lines that tell what visits took."""
    return [
        f"| {title} | median ms | p95 ms | p95 ms of CPU |",
        "| --- | ---: | ---: | ---: |",
        *[f"| {name} | {median:.0f} | {p95:.0f} | {cpu:.0f} |" for name, median, p95, cpu in pages],
    ]


def bar(pages: Sequence[Visited], *, peak_bytes: int) -> list[str]:
    """Return the lines that tell whether the slowest page is fast enough."""
    worst = max(cpu for _name, _wall, _p95, cpu in pages)
    return [
        "| bar | measured | holds |",
        "| --- | ---: | --- |",
        f"| every page within {PAGE_MS} ms at p95, by CPU time | {worst:.0f} ms | "
        f"{'yes' if worst <= PAGE_MS else 'no'} |",
        f"| peak memory | {peak_bytes / 2**30:.2f} GiB | |",
    ]
