"""Standings of a million customers: written at first and after 1,000 orders, and the list sorted by each.

It runs in a process of its own, on the store that `visits` sets up. Where standings are there already, such as
in the folder that `insights` kept (`python -m benchmarks.standings 1000000 FOLDER`), only lists are visited.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import subprocess
import sys
from importlib import import_module
from typing import Any

from benchmarks import large_shop, results, runs, visits

NAME = "standings"
CUSTOMERS = 1_000_000
Step = tuple[str, float, float, int]
COLUMNS = ("cohort", "rfm", "due", "value", "alive", "expected", "worth")
CONDITIONS = (
    "is_overdue", "alive < 30", 'rfm_group = "champions"', "value >= 100",
    "is_overdue and alive < 30",
)  # fmt: skip
SEARCHES = ("greta huberstein", "K1234")


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
    lines = [
        f"## {NAME}, {count:,} customers, on {found['store']}",
        "",
        "Writing beside each customer what the history says, and the list sorted and chosen by it.",
        "",
        *results.circumstances(command, today=today),
        "",
        *_steps_told(found["steps"]),
        *visits.table("list", found["pages"]),
        "",
        *visits.bar(found["pages"], peak_bytes=found["bytes"]),
    ]
    return "\n".join(lines) + "\n"


def _steps_told(steps: list[Step]) -> list[str]:
    lines = [
        f"| {name} | {wall:.1f} | {cpu:.1f} | {written:,} |" for name, wall, cpu, written in steps
    ]
    heads = ["| step | wall s | CPU s | rows written |", "| --- | ---: | ---: | ---: |"]
    return [*heads, *lines, ""] if lines else []


def main(count: int, folder: str | None = None) -> None:
    """Fill a shop, measure, and print what was found as JSON."""
    if folder:
        visits.keep_in(folder)
    visits.set_up()
    is_there = import_module("stammkunde.records.customers.models").Standing.objects.exists()
    shop, owner = large_shop.there() if is_there else large_shop.founded()
    steps = [] if is_there else _steps(shop, count)
    large_shop.settle()
    pages = list(_pages(shop, owner))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    store = import_module("django.db").connection.vendor
    print(json.dumps({"store": store, "steps": steps, "pages": pages, "bytes": peak}))


def _steps(shop: Any, count: int) -> list[Step]:
    export = import_module("stammkunde.insights.export")
    orders = large_shop.fill(shop.pk, count * large_shop.ORDERS_PER_CUSTOMER)
    export.refresh(shop.pk)
    steps = [_step("first standings", shop), _step("the same again", shop, anew=True)]
    steps.append(_foretold("first forecasts", shop, count, seed=1))
    large_shop.more(shop.pk, orders)
    export.refresh(shop.pk)
    steps.append(_step(f"after {large_shop.NEW:,} orders", shop))
    steps.append(_foretold("other forecasts", shop, count, seed=2))
    return steps


def _step(name: str, shop: Any, *, anew: bool = False) -> Step:
    standing = import_module("stammkunde.insights.standing")
    standings = import_module("stammkunde.records.customers.standings")
    if anew:
        standings.rest_on(shop, of="")
    written = _counted(standings, "put")
    wall, cpu, _any = visits.timed(lambda: standing.refresh(shop))
    return name, wall, cpu, sum(written)


def _foretold(name: str, shop: Any, count: int, *, seed: int) -> Step:
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
    wall, cpu, written = visits.timed(lambda: foretold.write(shop, found))
    return name, wall, cpu, written


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


def _pages(shop: Any, owner: Any) -> list[visits.Visited]:
    """Visit the list sorted by each column, and narrowed by some conditions."""
    client, where = visits.browser(owner), f"/{shop.slug}/customers/"
    asked: list[tuple[str, str, dict[str, object]]] = [("as it opens", "", {})]
    asked += [("sorted by " + way + name, "", {"sort": way + name, "column": COLUMNS})
              for name in COLUMNS for way in ("", "-")]  # fmt: skip
    asked += [(f"where {text}", "", {"where": text}) for text in CONDITIONS]
    asked += [(f"searched by {text}", "", {"q": text}) for text in SEARCHES]
    answer = client.get(where, {"sort": "-rfm", "column": COLUMNS})
    page = answer.content.decode().split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    asked.append(("the second page by -rfm", page.replace("&amp;", "&"), {}))
    return visits.paths(client, where, asked)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
