"""The CDNOW sample of the papers, in weeks.

First-quarter-1997 customers of a CD shop, published by Fader and Hardie without a licence; so it is
no file of ours and read from the package `lifetimes`, which `make test` unpacks (requirements/data.in).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from kohorte.models.buyers import Buyers

WEEK = dt.timedelta(weeks=1)
FIRST, MIDDLE, LAST = dt.date(1997, 1, 1), dt.date(1997, 9, 30), dt.date(1998, 6, 30)
_ROOT = Path(__file__).parents[3]
_FILE = _ROOT / ".venv" / "data" / "lifetimes" / "datasets" / "CDNOW_sample.txt"


def purchases() -> Iterator[tuple[str, dt.date, float]]:
    """Return customer, day and dollars of every order."""
    if not _FILE.exists():
        pytest.skip("The CDNOW sample is not there (make setup)")
    for line in _FILE.read_text(encoding="ascii").splitlines():
        _, customer, day, _, dollars = line.split()
        yield customer, dt.datetime.strptime(day, "%Y%m%d").date(), float(dollars)  # noqa: DTZ007


@cache
def days() -> dict[str, dict[dt.date, float]]:
    """Return what each customer spent on each day of purchase."""
    found: dict[str, dict[dt.date, float]] = defaultdict(lambda: defaultdict(float))
    for customer, day, dollars in purchases():
        found[customer][day] += dollars
    return found


@cache
def customers() -> Buyers:
    """Return x, t_x and T after 39 weeks, and the mean of the repeat purchases."""
    x, t_x, T, monetary = [], [], [], []
    for bought in days().values():
        known = sorted(day for day in bought if day <= MIDDLE)
        x.append(len(known) - 1)
        t_x.append((known[-1] - known[0]) / WEEK)
        T.append((MIDDLE - known[0]) / WEEK)
        monetary.append(sum(bought[day] for day in known[1:]) / max(len(known) - 1, 1))
    return Buyers(x, t_x, T, monetary=monetary, unit=WEEK, as_of=MIDDLE)


@cache
def later() -> list[int]:
    """Return how often each customer bought in the 39 weeks after."""
    return [sum(day > MIDDLE for day in bought) for bought in days().values()]


def first_purchases() -> Counter[int]:
    """Return how many customers bought for the first time on each day, counted from the first."""
    return Counter((min(bought) - FIRST).days for bought in days().values())
