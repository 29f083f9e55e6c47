"""What the store knows of the service: background work and how old numbers are. No names, shops by their id."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib import metadata

from django.db import connection

from stammkunde.core.jobs import queries as jobs
from stammkunde.faces.watching.counts import BOUNDS, Counts
from stammkunde.faces.watching.exposition import Family, gauge, histogram
from stammkunde.insights import queries as insights


def families(counts: Counts) -> Iterator[Family]:
    """Yield everything that is measured."""
    yield gauge(
        "stammkunde_build_info",
        "Which versions run.",
        [({
            "version": metadata.version("stammkunde"), "kohorte": metadata.version("kohorte"),
            "python": platform.python_version(), "database": connection.vendor,
        }, 1)],
    )  # fmt: skip
    yield from _of_jobs()
    yield from _of_snapshots()
    yield histogram(
        "stammkunde_http_request_duration_seconds",
        "Requests by route and status, over all processes of this machine since its start.",
        BOUNDS,
        [
            ({"route": route, "method": method, "status": status}, buckets, total)
            for (route, method, status), (buckets, total) in counts.totals().items()
        ],
    )


def _of_jobs() -> Iterator[Family]:
    queues = jobs.queues()
    yield gauge(
        "stammkunde_jobs",
        "Jobs that wait or run.",
        [({"kind": one.name, "state": state}, count) for one in queues
         for state, count in (("waiting", one.waiting), ("running", one.running))],
    )  # fmt: skip
    yield gauge(
        "stammkunde_jobs_oldest_due_seconds",
        "How long the oldest job that could begin has been waiting; 0 where none is.",
        [({"kind": one.name}, one.oldest_due_seconds) for one in queues],
    )
    ended = jobs.ended()
    yield gauge(
        "stammkunde_jobs_ended_last_day",
        "Jobs that ended in the last 24 hours.",
        [({"kind": one.name, "state": one.state}, one.count) for one in ended],
    )
    yield gauge(
        "stammkunde_job_duration_seconds_last_day",
        "How long jobs took that ended in the last 24 hours.",
        [({"kind": one.name, "state": one.state, "of": of}, seconds) for one in ended
         for of, seconds in (("mean", one.seconds_mean), ("max", one.seconds_max))],
    )  # fmt: skip


def _of_snapshots() -> Iterator[Family]:
    ages = insights.ages()
    yield gauge(
        "stammkunde_snapshot_age_seconds",
        "How long ago the numbers of a shop were computed.",
        [({"shop": str(one.shop_id)}, one.seconds) for one in ages if one.seconds is not None],
    )
    yield gauge(
        "stammkunde_snapshot_changes_behind",
        "Changes of a shop's records that its numbers do not hold yet.",
        [({"shop": str(one.shop_id)}, one.changes_behind) for one in ages],
    )
