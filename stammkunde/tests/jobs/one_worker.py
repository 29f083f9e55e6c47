"""A worker for tests of jobs, and the time it works at."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from stammkunde.core import clock
from stammkunde.core.jobs import services as jobs
from stammkunde.core.jobs.worker import Pace, Worker

LEASE = dt.timedelta(seconds=60)


def worker(**pace: Any) -> Worker:
    return Worker(pace=Pace(**pace), chance=lambda: 1.0)


def later(monkeypatch: pytest.MonkeyPatch, **by: float) -> None:
    then = clock.now() + dt.timedelta(**by)
    monkeypatch.setattr(clock, "now", lambda: then)


def do_nothing(_run: jobs.Running) -> None:
    """Work that is done at once."""
