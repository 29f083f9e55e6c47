"""A shop whose monthly report is due, and what tests of it share."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from dashboard.test_numbers import YEAR
from importing import imported
from stammkunde.core import clock
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.jobs.models import OPEN, Job
from stammkunde.core.jobs.running import Running
from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard.monthly import work as monthly
from stammkunde.insights import snapshots
from stammkunde.insights.annotations import services as notes
from stammkunde.insights.monthly import services
from stammkunde.insights.monthly.models import Plan
from stammkunde.insights.targets import services as targets
from stores_and_cast import Cast

# November 2025 is the last whole month of the year of orders.
DUE = dt.datetime(2025, 12, 18, 5, 30, tzinfo=dt.UTC)
NOVEMBER = dt.date(2025, 11, 1)
HERE = "https://kunden.example"


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


@pytest.fixture(autouse=True)
def december(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be the 18th of December 2025."""
    monkeypatch.setattr(clock, "now", lambda: DUE)


@pytest.fixture
def shop(cast: Cast) -> Shop:
    """Return a shop with a year of orders, its numbers, a target and something that happened."""
    cancelled = "X1;05.06.2025 10:00;1;x1@example.com;Person 1;5,00;storniert;Brie;1\r\n"
    imported(cast.cheese, YEAR + cancelled)
    targets.add(
        cast.cheese,
        metric="revenue",
        grain="month",
        value=80.0,
        since=dt.date(2025, 1, 1),
        actor=COMMAND,
    )
    notes.add(
        cast.cheese, starts_on=dt.date(2025, 11, 11), text="Martinsmarkt & mehr", actor=COMMAND
    )
    snapshots.refresh(cast.cheese)
    return cast.cheese


def plan(cast: Cast, *people: int, **other: Any) -> None:
    """Decide that the report goes out on the third, as if that had been decided long ago."""
    given = {"day": 3, "people": people, "is_paused": False, "address": HERE, **other}
    services.decide(cast.cheese, actor=COMMAND, **given)
    Plan.objects.update(first_month=dt.date(2025, 1, 1))


def run(shop: Shop) -> str:
    """Do what every morning does; return what it says."""
    job = Job(name=monthly.SEND, shop=shop, args={})
    with translation.override("en"):
        return str(monthly.send(Running(job, stopping=threading.Event())) or "")


def do_asked() -> None:
    """Do what people asked for."""
    for job in Job.objects.filter(state__in=OPEN, name=monthly.ONE):
        monthly.send_one(Running(job, stopping=threading.Event()))
        job.state = "done"
        job.save()


def browser_of(cast: Cast, shop: Shop) -> Client:
    """Return the owner's browser, reading German."""
    browser = Client()
    browser.force_login(cast.olga)
    return browser
