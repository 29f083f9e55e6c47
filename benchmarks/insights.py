"""From rows to pages: the first export and snapshot of a large shop, following 1,000 orders, and each page.

It runs in a process of its own, which sets the product up on an empty store (see `visits`) and fills it
without its doors: those are measured by `import_store`. `python -m benchmarks.insights 1000000 FOLDER`
keeps the store in a folder, and goes on with the one that is there.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from benchmarks import large_shop, results, runs, visits

NAME = "insights"
ROWS = 10_000_000
Step = tuple[str, float, float]
_WHERE = "is_overdue and alive < 30"
# Name, path and query of each page; {month} is the last whole one.
PAGES: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("overview", "", {}),
    ("overview against the month before", "", {"compare": "before"}),
    ("metrics", "metrics/", {}),
    ("revenue", "metrics/revenue/", {}),
    ("revenue by day", "metrics/revenue/", {"grain": "day"}),
    ("retention by day", "metrics/customer_retention_rate/", {"grain": "day"}),
    ("cohorts", "cohorts/", {}),
    ("RFM map", "rfm/", {}),
    ("a group of the map", "rfm/champions/", {}),
    ("pauses", "pauses/", {}),
    ("due", "due/", {}),
    ("groups", "groups/", {}),
    ("products", "products/", {}),
    ("channels", "channels/", {}),
    ("voices", "voices/", {}),
    ("service", "service/", {}),
    ("explore", "explore/", {"metric": "revenue", "by": "country"}),
    ("predictions", "predictions/", {}),
    ("predicted value", "predictions/value/", {}),
    ("predictions on the map", "predictions/map/", {}),
    ("report of a month", "reports/{month}/", {}),
    ("customers", "customers/", {}),
    ("customers by revenue", "customers/", {"sort": "-revenue"}),
    ("customers by value to come", "customers/", {"sort": "-worth"}),
    ("customers searched by name", "customers/", {"q": "greta huberstein"}),
    ("customers searched by number", "customers/", {"q": "K1234"}),
    ("customers overdue", "customers/", {"where": "is_overdue"}),
    ("customers overdue and hardly alive", "customers/", {"where": _WHERE}),
    ("a customer", "customers/7/", {}),
)  # fmt: skip


def section(*, rows: int | None, command: str, today: dt.date) -> str:
    """Measure in a process of its own; return the section of the results."""
    child = subprocess.run(  # our own program
        [sys.executable, "-m", "benchmarks.insights", str(rows or ROWS)],
        cwd=runs.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if child.returncode:
        raise runs.ContenderError(f"{NAME}: {child.stderr.strip()[-2000:]}")
    return told(json.loads(child.stdout.splitlines()[-1]), command=command, today=today)


def told(found: dict[str, Any], *, command: str, today: dt.date) -> str:
    """Return what was measured as a section."""
    lines = [
        f"## {NAME}, {found['orders']:,} orders of {found['customers']:,} customers, on {found['store']}",
        "",
        f"From rows to pages: columns, snapshot, following {large_shop.NEW:,} new orders, and the time "
        "of each page.",
        "",
        *results.circumstances(command, today=today),
        "",
        "| step | wall s | CPU s |",
        "| --- | ---: | ---: |",
        *[f"| {name} | {wall:.1f} | {cpu:.1f} |" for name, wall, cpu in found["steps"]],
        "",
        *visits.table("page", found["pages"]),
        "",
        *visits.bar(found["pages"], peak_bytes=found["bytes"]),
    ]
    return "\n".join(lines) + "\n"


def main(count: int, folder: str | None = None) -> None:
    """Fill a shop, measure, and print what was found as JSON."""
    if folder:
        visits.keep_in(folder)
    visits.set_up()
    import_module("stammkunde.flows.jobs")
    shops = import_module("stammkunde.core.shops.models").Shop.objects
    shop, owner = large_shop.there() if shops.exists() else large_shop.founded()
    orders = import_module("stammkunde.records.orders.models").Order.objects
    if not orders.exists():
        large_shop.fill(shop.pk, count)
    held = orders.count()
    steps = list(_steps(shop, held))
    pages = list(_pages(shop, owner, steps))
    customers = import_module("stammkunde.records.customers.models").Customer.objects.count()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    store = import_module("django.db").connection.vendor
    said = {"steps": steps, "pages": pages, "bytes": peak, "store": store}
    print(json.dumps({**said, "orders": held, "customers": customers}))


def _steps(shop: Any, orders: int) -> Iterator[Step]:
    """Yield what following the records takes, at first and after some orders."""
    export = import_module("stammkunde.insights.export")
    snapshots = import_module("stammkunde.insights.snapshots")
    standing = import_module("stammkunde.insights.standing")
    forecasts = import_module("stammkunde.insights.forecasts")
    yield _step("first export", lambda: export.refresh(shop.pk))
    yield _step("first snapshot", lambda: snapshots.refresh(shop))
    yield _step("first standings", lambda: standing.refresh(shop))
    yield _step("first forecast", lambda: forecasts.make(shop))
    large_shop.more(shop.pk, orders)
    new = f"{large_shop.NEW:,} orders"
    yield _step(f"export follows {new}", lambda: export.refresh(shop.pk))
    yield _step("snapshot after them", lambda: snapshots.refresh(shop))
    yield _step("standings after them", lambda: standing.refresh(shop))


def _step(name: str, work: Any) -> Step:
    wall, cpu, _found = visits.timed(work)
    # Who waits for minutes sees how far it is.
    print(f"{name}: {wall:.1f} s, {cpu:.1f} s of CPU", file=sys.stderr, flush=True)
    return name, wall, cpu


def _pages(shop: Any, owner: Any, steps: list[Step]) -> list[visits.Visited]:
    """Visit each page, after what it asks for in the background was answered."""
    large_shop.settle()
    client = visits.browser(owner)
    where, month = f"/{shop.slug}/", large_shop.LAST.strftime("%Y-%m")
    asked = [(name, path.format(month=month), query) for name, path, query in PAGES]
    for _name, path, query in asked:
        client.get(where + path, query)
    steps.append(_step("what pages asked for", lambda: _work(shop)))
    return visits.paths(client, where, asked)


def _work(shop: Any) -> None:
    """Do what pages asked for, as a worker would."""
    models = import_module("stammkunde.core.jobs.models")
    require = import_module("stammkunde.core.jobs.registry").require
    running = import_module("stammkunde.core.jobs.running").Running
    for job in models.Job.objects.filter(shop=shop, name="insights.answer", state__in=models.OPEN):
        require(job.name).handler(running(job, stopping=threading.Event()))
        job.state = models.DONE
        job.save()


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
