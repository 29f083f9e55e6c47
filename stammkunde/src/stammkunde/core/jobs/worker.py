"""Does the jobs: some threads work, one keeps their leases alive and looks after what recurs."""

from __future__ import annotations

import datetime as dt
import logging
import os
import random
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock
from stammkunde.core.errors import Refused
from stammkunde.core.jobs import claims, recurring, registry, rules, running
from stammkunde.core.jobs.models import CANCELLED, DONE, Job
from stammkunde.core.jobs.running import Running

T = TypeVar("T")
log = logging.getLogger("stammkunde.jobs")
# A store that is away is told once in so many seconds, and asked less and less often.
LOST_SECONDS = 60
PAUSE_MAX = 15
FAULT = _("This did not work because of a fault in the program. It was tried %(count)s times.")
Results = list[tuple[Job, dict[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How a worker times itself.

    Parameters
    ----------
    lease
        How long a job stays with a worker that says nothing.
    extend, beat
        Seconds between two extensions, and between two looks at what was cancelled.
    poll, recur
        Seconds between two looks for work, and for what recurs or was abandoned.
    batch, patience
        How many short jobs are taken at once, and the seconds after which those not begun go back.
    grace
        Seconds that a handler is given to end when the worker stops.
    """

    lease: dt.timedelta = running.LEASE
    extend: float = 15
    beat: float = 1
    poll: float = 0.5
    recur: float = 15
    batch: int = 50
    patience: float = 1
    grace: float = 8


class Worker:
    """Takes jobs and does them until it is told to stop."""

    def __init__(
        self,
        *,
        threads: int = 2,
        pace: Pace | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.name = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._pace = pace or Pace()
        self._chance = chance
        self._stopping = threading.Event()
        self._told_lost = -1e9
        self._lock = threading.Lock()
        self._held: dict[int, Running] = {}
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(threads)]

    def run(self) -> None:
        """Work until `stop` is called from a signal or another thread."""
        for thread in self._threads:
            thread.start()
        extended = recurred = -1e9
        while not self._stopping.wait(self._pace.beat):
            now = time.monotonic()
            if now - recurred >= self._pace.recur:
                recurred = now
                self._safely(self._recur)
            self._safely(self._beat)
            if now - extended >= self._pace.extend:
                extended = now
                self._safely(self._extend)
        until = time.monotonic() + self._pace.grace
        for thread in self._threads:
            thread.join(max(0, until - time.monotonic()))
        self._safely(lambda: self._give_back(self._now_held()))
        connection.close()

    def stop(self) -> None:
        """End: handlers stop at their next safe point, are given some seconds, or lose their job."""
        self._stopping.set()

    def drain(self) -> int:
        """Do everything that is due now, in this thread; return how many jobs were done."""
        count = 0
        while done := self._round():
            count += done
        return count

    def _safely(self, step: Callable[[], T]) -> T | None:
        try:
            return step()
        except (DatabaseError, InterfaceError) as fault:
            self._tell_lost(fault)
        except Exception:
            log.exception("A worker met a fault of its own.")
        connection.close()
        return None

    def _tell_lost(self, fault: Exception) -> None:
        now = time.monotonic()
        with self._lock:
            is_new = now - self._told_lost >= LOST_SECONDS
            self._told_lost = now if is_new else self._told_lost
        if is_new:
            log.warning("The database did not answer a worker (%s).", type(fault).__name__)

    def _work(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            done = self._safely(self._round)
            failures = failures + 1 if done is None else 0
            if not done:
                pause = min(
                    self._pace.poll * 2 ** min(failures, 10), max(PAUSE_MAX, self._pace.poll)
                )
                self._stopping.wait(pause * (0.75 + self._chance() / 2))
            close_old_connections()
        connection.close()

    def _round(self) -> int:
        """Take what is due, do it, write what became of it."""
        jobs = claims.take(self.name, limit=self._pace.batch, lease=self._pace.lease)
        runs = [Running(job, stopping=self._stopping, lease=self._pace.lease) for job in jobs]
        with self._lock:
            self._held |= {run.job.pk: run for run in runs}
        try:
            self._do(runs)
        finally:
            self._drop(runs)
        return len(runs)

    def _do(self, runs: list[Running]) -> None:
        results: Results = []
        since = time.monotonic()
        for run in runs:
            with self._lock:
                run.has_begun = not run.is_lost and not self._stopping.is_set()
            if run.has_begun:
                with claims.spoken(run.job):
                    result = self._handle(run)
            else:
                result = None if run.is_lost else claims.given_back()
            if result is not None:
                results.append((run.job, result))
            if time.monotonic() - since > self._pace.patience / 4:
                self._settle(results)
                results, since = [], time.monotonic()
        self._settle(results)

    def _handle(self, run: Running) -> dict[str, Any] | None:
        """Do one job; return what is to be written of it, nothing if it is no longer ours."""
        job, work = run.job, registry.require(run.job.name)
        try:
            outcome = str(work.handler(run) or "")
        except running.Cancelled:
            return {"state": CANCELLED, "ended_at": clock.now(), **run.told}
        except running.GivenBack:
            return claims.given_back() | run.told
        except running.LeaseLost:
            return None
        except Refused as refused:
            return claims.failed(refused.sentence) | run.told
        except (Exception, SystemExit) as fault:
            log.warning("Job %s (%s) failed: %s.", job.pk, job.name, type(fault).__name__)
            log.debug("What happened in it:", exc_info=True)
            where = rules.frames(fault)
            if job.attempts < job.attempts_max:
                return claims.again(job, chance=self._chance(), traceback=where) | run.told
            return claims.failed(FAULT % {"count": job.attempts}, traceback=where) | run.told
        return {"state": DONE, "ended_at": clock.now(), "outcome": outcome, **run.told}

    def _settle(self, results: Results) -> None:
        for job in claims.settle(results) if results else ():
            log.warning("Job %s (%s) belongs to another worker by now.", job.pk, job.name)

    def _beat(self) -> None:
        """Write progress, see what was cancelled or lost, let others begin what waits here too long."""
        held = self._now_held()
        if not held:
            return
        ours = claims.cancelled(self.name, [run.job for run in held])
        for run in held:
            run.is_cancelled = ours.get(run.job.pk, False)
            run.is_lost = run.job.pk not in ours
            run.write_progress()
        late = clock.now() - dt.timedelta(seconds=self._pace.patience)
        self._give_back([run for run in held if not run.has_begun and run.taken_at < late])

    def _extend(self) -> None:
        if alive := self._alive():
            claims.extend(self.name, alive, lease=self._pace.lease)

    def _recur(self) -> None:
        """Do what one worker does for all: what recurs, and what others left behind."""
        recurring.tick()
        claims.recover(holding=self._alive(), chance=self._chance())

    def _alive(self) -> list[int]:
        """Return what is held, except for what takes so long that it must be stuck."""
        now = clock.now()
        return [run.job.pk for run in self._now_held() if run.taken_at + run.limit > now]

    def _now_held(self) -> list[Running]:
        with self._lock:
            return [run for run in self._held.values() if not run.is_lost]

    def _give_back(self, runs: list[Running]) -> None:
        with self._lock:
            back = [run for run in runs if self._stopping.is_set() or not run.has_begun]
            for run in back:
                run.is_lost = True
        self._drop(back)
        if back:
            claims.settle((run.job, claims.given_back()) for run in back)

    def _drop(self, runs: list[Running]) -> None:
        """Forget jobs; one that this worker has taken again meanwhile is kept."""
        with self._lock:
            for run in runs:
                if self._held.get(run.job.pk) is run:
                    del self._held[run.job.pk]
