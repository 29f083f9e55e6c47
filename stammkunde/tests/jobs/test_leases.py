"""What becomes of a job whose worker died, or only seemed to."""

from __future__ import annotations

import pytest
from fresh_registry import fresh_registry  # type: ignore[import-not-found]  # noqa: F401
from one_worker import LEASE, do_nothing, later, worker  # type: ignore[import-not-found]

from stammkunde.core.audit.services import COMMAND
from stammkunde.core.jobs import claims
from stammkunde.core.jobs import services as jobs
from stammkunde.core.jobs.models import CANCELLED, DONE, FAILED, RUNNING, Job
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db


class TestLeases:
    def test_a_job_whose_worker_died_is_taken_by_another(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        jobs.work("tests.nothing")(do_nothing)
        jobs.enqueue("tests.nothing", actor=COMMAND)
        dead = claims.take("dead", limit=9, lease=LEASE)
        assert [job.attempts for job in dead] == [1]

        later(monkeypatch, seconds=59)
        assert claims.recover(holding=[], chance=1) == 0
        later(monkeypatch, seconds=2)
        assert claims.recover(holding=[], chance=1) == 1
        assert worker().drain() == 1

        job = Job.objects.get()
        assert (job.state, job.attempts) == (DONE, 2)

    def test_whoever_lost_the_lease_writes_nothing(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        jobs.work("tests.nothing")(do_nothing)
        jobs.enqueue("tests.nothing", actor=COMMAND)
        (slow,) = claims.take("slow", limit=9, lease=LEASE)
        later(monkeypatch, seconds=61)
        claims.recover(holding=[], chance=1)
        (fast,) = claims.take("fast", limit=9, lease=LEASE)

        assert claims.settle([(slow, {"state": FAILED})]) == [slow]
        assert claims.cancelled("slow", [slow]) == {}
        claims.extend("slow", [slow.pk], lease=LEASE * 9)

        job = Job.objects.get()
        assert (job.state, job.leased_by, job.attempts) == (RUNNING, "fast", 2)
        assert job.lease_until == fast.lease_until

    def test_nor_does_its_transaction(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        names = []

        @jobs.work("tests.write")
        def write(run: jobs.Running) -> None:
            with run.transaction():
                Job.objects.filter(pk=run.job.pk).update(key="first")
            Job.objects.filter(pk=run.job.pk).update(leased_by="another", attempts=2)
            try:
                with run.transaction():
                    Job.objects.filter(pk=run.job.pk).update(key="second")
            finally:
                names.append(Job.objects.get().key)

        jobs.enqueue("tests.write", actor=COMMAND)
        worker().drain()

        assert names == ["first"]
        job = Job.objects.get()
        assert (job.state, job.leased_by) == (RUNNING, "another")

    def test_a_job_that_kills_its_worker_fails_in_the_end(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        jobs.work("tests.deadly", attempts=2)(do_nothing)
        jobs.enqueue("tests.deadly", actor=COMMAND)
        for _attempt in range(2):
            assert claims.take("dead", limit=9, lease=LEASE)
            later(monkeypatch, hours=1)
            claims.recover(holding=[], chance=1)

        job = Job.objects.get()
        assert (job.state, job.leased_by) == (FAILED, "")
        assert "2" in job.error

    def test_and_takes_nothing_with_it(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        jobs.work("tests.deadly", attempts=1)(do_nothing)
        jobs.work("tests.nothing")(do_nothing)
        for name in ("tests.nothing", "tests.nothing", "tests.deadly", "tests.nothing"):
            jobs.enqueue(name, actor=COMMAND)

        taken = [job.name for job in claims.take("dead", limit=9, lease=LEASE)]
        assert taken == ["tests.nothing"] * 3
        later(monkeypatch, seconds=61)
        claims.recover(holding=[], chance=1)

        # Whatever was begun before is taken alone.
        assert [len(claims.take("next", limit=9, lease=LEASE)) for _n in range(5)] == [
            1,
            1,
            1,
            1,
            0,
        ]

    def test_a_worker_does_not_think_itself_dead(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        jobs.work("tests.nothing")(do_nothing)
        job = jobs.enqueue("tests.nothing", actor=COMMAND)
        claims.take("slow", limit=9, lease=LEASE)
        later(monkeypatch, hours=1)

        assert claims.recover(holding=[job.pk], chance=1) == 0

    def test_nor_forgets_what_it_has_taken_again(self, cast: Cast) -> None:
        jobs.work("tests.nothing")(do_nothing)
        jobs.enqueue("tests.nothing", actor=COMMAND)
        doing = worker()
        (job,) = claims.take(doing.name, limit=9, lease=LEASE)
        before, after = (jobs.Running(job, stopping=doing._stopping) for _ in range(2))
        doing._held[job.pk] = after

        doing._drop([before])
        assert doing._alive() == [job.pk]
        doing._drop([after])
        assert doing._alive() == []

    def test_a_job_that_is_cancelled_is_not_begun_again(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        jobs.work("tests.nothing")(do_nothing)
        job = jobs.enqueue("tests.nothing", shop_id=cast.tea.id, actor=COMMAND)
        claims.take("dead", limit=9, lease=LEASE)
        jobs.cancel(cast.tea, job.pk, actor=COMMAND)
        later(monkeypatch, seconds=61)
        claims.recover(holding=[], chance=1)

        assert Job.objects.get().state == CANCELLED
