"""Workers as they are: threads and processes that compete, stop and are killed."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections
from fresh_registry import fresh_registry  # type: ignore[import-not-found]  # noqa: F401

from stammkunde.core.audit.services import COMMAND
from stammkunde.core.jobs import rules
from stammkunde.core.jobs import services as jobs
from stammkunde.core.jobs.models import CANCELLED, DONE, OPEN, RUNNING, WAITING, Job
from stammkunde.core.jobs.worker import Pace, Worker
from stammkunde.core.shops import services as shops
from stores_and_cast import Store  # type: ignore[import-not-found]

# Two cores serve many tests at once, so a lease must outlast a hiccup.
HASTY = Pace(
    lease=dt.timedelta(seconds=1), extend=0.2, beat=0.05, poll=0.02, recur=0.1, batch=20, grace=5
)
PROCESSES = multiprocessing.get_context("fork")
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


@contextmanager
def working(**given: Any) -> Iterator[Worker]:
    """Have a worker of this process at work, and stop it."""
    worker = Worker(pace=Pace(**{**vars(HASTY), **given}))
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join()


def work_in_a_process() -> Any:
    connections.close_all()
    process = PROCESSES.Process(target=work_until_told)
    process.start()
    return process


def work_until_told() -> None:
    worker = Worker(pace=HASTY)
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    worker.run()


def wait_until(happened: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, "It did not happen."
        time.sleep(0.02)


def none_is_open() -> bool:
    return not Job.objects.filter(state__in=OPEN).exists()


def enqueue(name: str, count: int) -> None:
    for n in range(count):
        jobs.enqueue(name, args={"n": n}, actor=COMMAND)


STEPS = 3


def make_effects() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE effects (n integer, step integer, PRIMARY KEY (n, step))")


def effects() -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT n, step FROM effects ORDER BY n, step")
        return list(cursor.fetchall())


def write_effects(run: jobs.Running) -> None:
    """Write what is still missing, a step each; a second worker at it would fail at the key."""
    n = run.args["n"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM effects WHERE n = %s", [n])
        for step in range(cursor.fetchone()[0], STEPS):
            with run.transaction():
                cursor.execute("INSERT INTO effects VALUES (%s, %s)", [n, step])


def test_fifty_threads_get_one_job_for_one_key(own_store: Store) -> None:
    jobs.work("tests.nothing")(lambda _run: None)
    barrier = threading.Barrier(50)
    found: list[int] = []

    def ask() -> None:
        barrier.wait()
        try:
            found.append(jobs.enqueue("tests.nothing", key="same", actor=COMMAND).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 50
    assert len(set(found)) == 1
    assert Job.objects.count() == 1


def test_two_workers_never_do_one_job(own_store: Store) -> None:
    begun: list[int] = []

    @jobs.work("tests.once")
    def once(run: jobs.Running) -> None:
        begun.append(run.args["n"])
        time.sleep(0.001)

    enqueue("tests.once", 200)
    patient = dt.timedelta(minutes=1)
    with working(lease=patient), working(lease=patient):
        wait_until(none_is_open)

    assert sorted(begun) == list(range(200))
    assert set(Job.objects.values_list("state", "attempts")) == {(DONE, 1)}


def test_a_long_job_keeps_its_lease_and_lets_others_begin_what_waits(own_store: Store) -> None:
    shop = shops.found("Käsehaus", owner=None, actor=COMMAND)
    begun: list[int] = []

    @jobs.work("tests.uneven")
    def uneven(run: jobs.Running) -> None:
        begun.append(run.args["n"])
        while run.args["n"] == 0:
            run.progress(len(begun), 10)
            run.stop_if_cancelled()
            time.sleep(0.01)

    enqueue("tests.uneven", 10)
    Job.objects.update(shop=shop)
    # A minute, so that no busy machine lets it lapse: that it moves on is what keeps it.
    with working(patience=0.1, lease=dt.timedelta(minutes=1)):
        wait_until(lambda: Job.objects.filter(state=DONE).count() == 9)
        first = Job.objects.get(state=RUNNING).lease_until
        wait_until(Job.objects.filter(state=RUNNING, lease_until__gt=first).exists)
        wait_until(Job.objects.filter(state=RUNNING, progress_done=10, progress_total=10).exists)
        long = Job.objects.get(state=RUNNING)
        assert long.attempts == 1
        jobs.cancel(shop, long.pk, actor=COMMAND)
        wait_until(none_is_open)

    assert sorted(begun) == list(range(10))
    assert Job.objects.get(state=CANCELLED).pk == long.pk


def test_a_job_that_never_ends_loses_its_lease(own_store: Store) -> None:
    ending = threading.Event()
    begun: list[int] = []

    @jobs.work("tests.stuck", hours_max=1 / 3600)
    def stuck(run: jobs.Running) -> None:
        begun.append(run.attempt)
        if run.attempt == 1:
            ending.wait()

    jobs.enqueue("tests.stuck", actor=COMMAND)
    with working():
        wait_until(none_is_open)
        ending.set()

    job = Job.objects.get()
    assert (begun, job.state, job.attempts) == ([1, 2], DONE, 2)


def test_a_worker_that_stops_gives_back_what_it_cannot_end(own_store: Store) -> None:
    begun: list[str] = []
    stubborn, told = threading.Event(), threading.Event()

    @jobs.work("tests.polite")
    def polite(run: jobs.Running) -> None:
        begun.append("polite")
        while True:
            run.stop_if_cancelled()
            time.sleep(0.01)

    @jobs.work("tests.short")
    def short(_run: jobs.Running) -> str:
        begun.append("short")
        told.wait()
        return "ended"

    @jobs.work("tests.stubborn", attempts=1)
    def stay(_run: jobs.Running) -> None:
        begun.append("stubborn")
        stubborn.wait()

    for name in ("tests.polite", "tests.short", "tests.stubborn"):
        jobs.enqueue(name, actor=COMMAND)
    worker = Worker(threads=3, pace=Pace(**{**vars(HASTY), "batch": 1, "grace": 2}))
    thread = threading.Thread(target=worker.run)
    thread.start()
    wait_until(lambda: len(begun) == 3)
    worker.stop()
    told.set()
    thread.join()

    found = {job.name: job for job in Job.objects.all()}
    assert (found["tests.short"].state, found["tests.short"].outcome) == (DONE, "ended")
    for name in ("tests.polite", "tests.stubborn"):
        job = found[name]
        assert (job.state, job.attempts, job.leased_by) == (WAITING, 0, "")
    stubborn.set()
    wait_until(lambda: not any(each.is_alive() for each in worker._threads))
    assert Job.objects.get(name="tests.stubborn").state == WAITING


def test_a_worker_survives_a_database_that_is_away(
    own_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    from stammkunde.core.jobs import claims

    real, asked = claims.take, []

    def take(*args: Any, **kwargs: Any) -> list[Job]:
        asked.append(1)
        if len(asked) < 4:
            raise OperationalError("the server closed the connection")
        return real(*args, **kwargs)

    monkeypatch.setattr(claims, "take", take)
    jobs.work("tests.nothing")(lambda _run: None)
    jobs.enqueue("tests.nothing", actor=COMMAND)
    with working():
        wait_until(none_is_open)

    assert Job.objects.get().state == DONE


def kill_and_go_on(rounds: int, count: int, seed: int) -> None:
    """Kill workers at random points until all work is done; nothing is lost and nothing done twice."""
    chance = random.Random(seed)  # noqa: S311  # repeatable, not secret
    make_effects()
    jobs.work("tests.effect", attempts=1000)(write_effects)
    for round_number in range(rounds):
        for n in range(count):
            jobs.enqueue("tests.effect", args={"n": round_number * count + n}, actor=COMMAND)
        before = len(effects())
        worker = work_in_a_process()
        if round_number % 2:
            # A busy machine may take long to start a process: every second one is killed at work.
            wait_until(lambda before=before: len(effects()) > before)
            time.sleep(chance.uniform(0, 0.1))
        else:
            time.sleep(chance.uniform(0.01, 0.4))
        os.kill(worker.pid, signal.SIGKILL)
        worker.join()

    worker = work_in_a_process()
    wait_until(none_is_open, seconds=240)
    os.kill(worker.pid, signal.SIGTERM)
    worker.join()

    assert worker.exitcode == 0
    assert effects() == [(n, step) for n in range(rounds * count) for step in range(STEPS)]
    assert set(Job.objects.values_list("state", "traceback")) == {(DONE, "")}
    assert Job.objects.filter(attempts__gt=1).exists()


def test_kill_9_loses_and_repeats_nothing(
    own_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "PAUSE_SECONDS", 0.1)
    kill_and_go_on(rounds=10, count=25, seed=1)


@pytest.mark.soak
def test_nor_does_it_two_hundred_times(own_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "PAUSE_SECONDS", 0.1)
    kill_and_go_on(rounds=200, count=40, seed=2)
