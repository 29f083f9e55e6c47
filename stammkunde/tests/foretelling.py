"""Shops whose customers come again by chance, and forecasts of them, for tests."""

from __future__ import annotations

import datetime as dt
import random
import threading
from typing import Any

import pytest

from importing import rows  # type: ignore[import-not-found]
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.jobs import registry
from stammkunde.core.jobs.models import OPEN, Job
from stammkunde.core.jobs.running import Running
from stammkunde.core.shops.models import Shop
from stammkunde.insights import forecast_told, forecasts

FIRST = dt.date(2025, 1, 2)
LINE = "A{n};{day:%d.%m.%Y} 10:00;{c};x{c}@example.com;Person {c};{amount},00;bezahlt;Brie;1"


def shop_of(customers: int, *, days: int = 400, again: float = 0.75, seed: int = 5) -> str:
    """Return orders of customers who come again with some chance after each order."""
    chance = random.Random(seed)  # noqa: S311 – a sample, not a secret
    lines: list[str] = []
    for customer in range(1, customers + 1):
        day, level = chance.randrange(days), chance.randrange(15, 90)
        while day < days:
            placed = FIRST + dt.timedelta(days=day)
            amount = level + chance.randrange(20)
            lines.append(LINE.format(n=len(lines), day=placed, c=customer, amount=amount))
            if chance.random() > again:
                break
            day += 1 + round(chance.expovariate(1 / 40))
    file: str = rows(*lines)
    return file


def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ranges rest on few futures, as their width is not what is tested."""
    monkeypatch.setattr(forecasts, "DRAWS", 4)
    monkeypatch.setattr(forecast_told, "FUTURES", 10)


def fit(shop: Shop) -> None:
    """Do what the worker does for a forecast that is asked for."""
    for job in Job.objects.filter(shop=shop, name=forecasts.WORK, state__in=OPEN):
        registry.require(job.name).handler(Running(job, stopping=threading.Event()))
        Job.objects.filter(pk=job.pk).update(state="done")


def told_of(shop: Shop) -> dict[str, Any]:
    """Fit a forecast and return what pages say of it."""
    forecasts.start(shop, actor=COMMAND)
    fit(shop)
    return forecasts.shown(shop).told
