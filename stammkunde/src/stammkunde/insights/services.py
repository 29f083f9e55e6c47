"""Verbs: have the numbers of a shop follow what happened."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from stammkunde.core import clock
from stammkunde.core.audit.services import JOB, Actor
from stammkunde.core.jobs import services as jobs
from stammkunde.core.jobs.models import FAILED, Job
from stammkunde.core.jobs.queries import Line
from stammkunde.core.shops.models import Shop
from stammkunde.insights import changes, queries, snapshots
from stammkunde.insights.models import Snapshot
from stammkunde.insights.queries import KEY

# Orders that come close together are counted together.
PATIENCE = dt.timedelta(seconds=30)
# No shop keeps a worker busy for more than a fifth of its time with orders that keep coming.
REST = 4
# What failed is not begun anew by everybody who looks.
PAUSE = dt.timedelta(minutes=10)


def follow(shop_id: int, *, at_once: bool = False, actor: Actor = JOB) -> Job:
    """Have the numbers of a shop computed anew, soon and once for everything that happens meanwhile."""
    run_at = clock.now()
    if not at_once:
        last = Snapshot.objects.filter(shop_id=shop_id, is_current=True).values_list("seconds")
        seconds = sum(each for (each,) in last)
        run_at += max(PATIENCE, REST * dt.timedelta(seconds=seconds))
    return jobs.enqueue("insights.refresh", shop_id=shop_id, key=KEY, run_at=run_at, actor=actor)


@dataclass(frozen=True)
class Shown:
    """What pages of a shop show, and the work that is under way because something changed since.

    Parameters
    ----------
    snapshot
        None until there is any.
    work
        None where the numbers are those of the records, by today's decisions.
    """

    snapshot: Snapshot | None
    work: Line | None


def shown(shop: Shop) -> Shown:
    """Return what pages of a shop show; where that is behind, it is made to follow."""
    snapshot, mark = queries.current(shop), changes.mark(shop.pk)
    if snapshot is None and not mark:
        return Shown(None, None)
    is_new = snapshot is not None and (snapshot.decisions, snapshot.definitions) == (
        snapshots.decisions(shop), snapshots.definitions(),
    )  # fmt: skip
    if snapshot and is_new and snapshot.mark == mark:
        return Shown(snapshot, None)
    line = queries.refreshing(shop)
    if line is None or not _failed_lately(line):
        follow(shop.pk, at_once=True)
        line = queries.refreshing(shop)
    return Shown(snapshot, line)


def _failed_lately(line: Line) -> bool:
    job = line.job
    return job.state == FAILED and job.ended_at is not None and clock.now() - job.ended_at < PAUSE


def settled(shop: Shop) -> Snapshot | None:
    """Return numbers that may be handed out; None as long as newer ones have to be computed first.

    They are by today's decisions and definitions, and of the records as they are, or as they were
    today: in a shop whose orders never stop coming, no number is of this very moment.
    """
    found = shown(shop)
    snapshot = found.snapshot
    if snapshot is None or found.work is None:
        return snapshot
    is_new = (snapshot.decisions, snapshot.definitions) == (
        snapshots.decisions(shop), snapshots.definitions(),
    )  # fmt: skip
    made_on = snapshot.data_at.astimezone(zoneinfo.ZoneInfo(shop.zone)).date()
    return snapshot if is_new and made_on == clock.today(shop.zone) else None
