"""What becomes of a job, one worker at a time."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from fresh_registry import fresh_registry  # type: ignore[import-not-found]  # noqa: F401
from one_worker import do_nothing, later, worker  # type: ignore[import-not-found]

from stammkunde.core import clock
from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND, Actor
from stammkunde.core.errors import NotFound, Refused
from stammkunde.core.jobs import queries, recurring
from stammkunde.core.jobs import services as jobs
from stammkunde.core.jobs.models import CANCELLED, DONE, FAILED, WAITING, Job
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db


class TestEnqueuing:
    def test_a_job_is_rolled_back_with_what_decided_it(self, cast: Cast) -> None:
        jobs.work("tests.nothing")(do_nothing)

        with suppress(ZeroDivisionError), transaction.atomic():
            jobs.enqueue("tests.nothing", actor=COMMAND)
            raise ZeroDivisionError

        assert not Job.objects.exists()

    def test_a_job_says_whose_it_is_and_who_decided_it(self, cast: Cast) -> None:
        jobs.work("tests.nothing", attempts=3)(do_nothing)

        made = jobs.enqueue(
            "tests.nothing",
            args={"import": 17},
            shop_id=cast.cheese.id,
            actor=Actor("person", cast.mara.pk),
        )

        job = Job.objects.get()
        assert job == made
        assert (job.args, job.shop, job.state, job.attempts_max) == (
            {"import": 17},
            cast.cheese,
            WAITING,
            3,
        )
        assert (job.actor_kind, job.actor_id) == ("person", cast.mara.pk)

    def test_a_key_that_is_open_returns_its_job(self, cast: Cast) -> None:
        jobs.work("tests.nothing")(do_nothing)
        jobs.work("tests.other")(do_nothing)
        first = jobs.enqueue("tests.nothing", shop_id=cast.tea.id, key="17", actor=COMMAND)

        assert jobs.enqueue("tests.nothing", shop_id=cast.tea.id, key="17", actor=COMMAND) == first
        others = [
            jobs.enqueue("tests.nothing", shop_id=cast.cheese.id, key="17", actor=COMMAND),
            jobs.enqueue("tests.nothing", key="17", actor=COMMAND),
            jobs.enqueue("tests.other", shop_id=cast.tea.id, key="17", actor=COMMAND),
        ]
        assert len({first, *others}) == 4
        worker().drain()
        assert jobs.enqueue("tests.nothing", shop_id=cast.tea.id, key="17", actor=COMMAND) != first

    def test_work_that_nobody_registered_is_a_fault_at_once(self, cast: Cast) -> None:
        with pytest.raises(LookupError, match=r"tests\.unknown"):
            jobs.enqueue("tests.unknown", actor=COMMAND)

    def test_a_job_waits_for_its_time(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        jobs.work("tests.nothing")(do_nothing)
        jobs.enqueue("tests.nothing", run_at=clock.now() + dt.timedelta(hours=1), actor=COMMAND)

        assert worker().drain() == 0
        later(monkeypatch, hours=1)
        assert worker().drain() == 1


class TestDoing:
    def test_a_job_is_done_once_and_says_what_it_did(self, cast: Cast) -> None:
        seen = []

        @jobs.work("tests.count")
        def count(run: jobs.Running) -> str:
            seen.append((run.args, run.shop_id, run.attempt))
            run.progress(3, 4)
            run.progress(4)
            return "4 rows"

        jobs.enqueue("tests.count", args={"a": 1}, shop_id=cast.tea.id, actor=COMMAND)

        assert worker().drain() == 1
        assert worker().drain() == 0
        assert seen == [({"a": 1}, cast.tea.id, 1)]
        job = Job.objects.get()
        assert (job.state, job.outcome, job.progress_done, job.progress_total) == (
            DONE,
            "4 rows",
            4,
            4,
        )
        assert (job.leased_by, job.lease_until, job.error) == ("", None, "")
        assert job.ended_at is not None

    def test_the_oldest_comes_first(self, cast: Cast) -> None:
        seen = []
        jobs.work("tests.see")(lambda run: seen.append(run.args["n"]))
        now = clock.now()
        for n, minutes in enumerate((1, 3, 2)):
            due = now - dt.timedelta(minutes=minutes)
            jobs.enqueue("tests.see", args={"n": n}, run_at=due, actor=COMMAND)

        worker().drain()

        assert seen == [1, 2, 0]

    def test_what_this_version_does_not_know_is_left_alone(self, cast: Cast) -> None:
        jobs.work("tests.nothing")(do_nothing)
        job = jobs.enqueue("tests.nothing", actor=COMMAND)
        Job.objects.update(name="tests.newer")

        assert worker().drain() == 0
        job.refresh_from_db()
        assert job.state == WAITING
        assert queries.state().unknown == 1

    def test_a_refusal_is_final_and_speaks_the_language_of_the_shop(self, cast: Cast) -> None:
        @jobs.work("tests.refuse")
        def refuse(_run: jobs.Running) -> None:
            raise Refused(_("This job has ended already."), name="tests.refused")

        cast.cheese.language = "en"
        cast.cheese.save()
        jobs.enqueue("tests.refuse", shop_id=cast.cheese.id, actor=COMMAND)
        worker().drain()

        job = Job.objects.get()
        assert (job.state, job.error, job.attempts) == (FAILED, "This job has ended already.", 1)


class TestFailing:
    def test_pauses_grow_until_it_has_failed(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        @jobs.work("tests.fail", attempts=3)
        def fail(_run: jobs.Running) -> None:
            raise ValueError("olga@example.com")

        start = clock.now()
        monkeypatch.setattr(clock, "now", lambda: start)
        jobs.enqueue("tests.fail", actor=COMMAND)
        pauses = []
        for attempt in (1, 2, 3):
            assert worker().drain() == 1
            job = Job.objects.get()
            assert job.attempts == attempt
            pauses.append((job.run_at - clock.now()).total_seconds())
            now = job.run_at
            monkeypatch.setattr(clock, "now", lambda now=now: now)

        assert pauses[:2] == [10, 20]
        assert job.state == FAILED
        assert "3" in job.error
        assert "builtins.ValueError" in job.traceback
        assert "raise ValueError" in job.traceback
        assert queries.state().failed == 1

    def test_what_failed_once_is_done_at_the_second_attempt(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        @jobs.work("tests.shaky")
        def shaky(run: jobs.Running) -> None:
            if run.attempt == 1:
                raise OSError("the other side does not answer")

        jobs.enqueue("tests.shaky", actor=COMMAND)
        worker().drain()
        later(monkeypatch, seconds=11)
        worker().drain()

        job = Job.objects.get()
        assert (job.state, job.attempts) == (DONE, 2)

    def test_the_words_of_a_fault_are_not_kept(self, cast: Cast) -> None:
        @jobs.work("tests.fail", attempts=1)
        def fail(_run: jobs.Running) -> None:
            secret = "".join(("ol", "ga@"))
            try:
                raise KeyError(secret)
            except KeyError as fault:
                raise ValueError(secret) from fault

        jobs.enqueue("tests.fail", actor=COMMAND)
        worker().drain()

        job = Job.objects.get()
        assert job.state == FAILED
        assert "olga@" not in job.traceback + job.error
        assert job.traceback.index("builtins.KeyError") < job.traceback.index("builtins.ValueError")

    def test_a_handler_that_exits_fails_only_its_job(self, cast: Cast) -> None:
        jobs.work("tests.exit", attempts=1)(lambda _run: exit(3))
        jobs.work("tests.nothing")(do_nothing)
        jobs.enqueue("tests.exit", actor=COMMAND)
        jobs.enqueue("tests.nothing", actor=COMMAND)

        worker().drain()

        assert sorted(Job.objects.values_list("state", flat=True)) == [DONE, FAILED]


class TestCancelling:
    def test_a_waiting_job_is_never_begun(self, cast: Cast) -> None:
        jobs.work("tests.nothing")(do_nothing)
        job = jobs.enqueue("tests.nothing", shop_id=cast.cheese.id, actor=COMMAND)

        jobs.cancel(cast.cheese, job.pk, actor=Actor("person", cast.olga.pk))

        assert worker().drain() == 0
        assert Job.objects.get().state == CANCELLED
        event = Event.objects.get(name="job.cancelled")
        assert (event.shop_id, event.object_id) == (cast.cheese.id, str(job.pk))
        with pytest.raises(Refused) as refused:
            jobs.cancel(cast.cheese, job.pk, actor=COMMAND)
        assert refused.value.name == "job.has_ended"

    def test_a_running_job_ends_at_its_next_safe_point(self, cast: Cast) -> None:
        doing = worker()
        steps = []

        @jobs.work("tests.long")
        def long(run: jobs.Running) -> None:
            for step in range(5):
                steps.append(step)
                run.progress(step, 5)
                if step == 2:
                    jobs.cancel(cast.cheese, run.job.pk, actor=COMMAND)
                    doing._beat()
                run.stop_if_cancelled()

        jobs.enqueue("tests.long", shop_id=cast.cheese.id, actor=COMMAND)
        doing.drain()

        job = Job.objects.get()
        assert steps == [0, 1, 2]
        assert (job.state, job.progress_done) == (CANCELLED, 2)

    def test_it_can_be_tried_again(self, cast: Cast) -> None:
        jobs.work("tests.nothing")(do_nothing)
        job = jobs.enqueue("tests.nothing", shop_id=cast.cheese.id, key="1", actor=COMMAND)
        with pytest.raises(Refused) as too_early:
            jobs.retry(cast.cheese, job.pk, actor=COMMAND)
        jobs.cancel(cast.cheese, job.pk, actor=COMMAND)
        other = jobs.enqueue("tests.nothing", shop_id=cast.cheese.id, key="1", actor=COMMAND)
        with pytest.raises(Refused) as taken:
            jobs.retry(cast.cheese, job.pk, actor=COMMAND)
        jobs.cancel(cast.cheese, other.pk, actor=COMMAND)

        jobs.retry(cast.cheese, job.pk, actor=COMMAND)
        worker().drain()

        assert (too_early.value.name, taken.value.name) == ("job.has_not_failed", "job.is_open")
        job.refresh_from_db()
        assert job.state == DONE

    def test_another_shop_has_no_such_job(self, cast: Cast) -> None:
        jobs.work("tests.nothing")(do_nothing)
        job = jobs.enqueue("tests.nothing", shop_id=cast.cheese.id, actor=COMMAND)

        for verb in (jobs.cancel, jobs.retry):
            with pytest.raises(NotFound):
                verb(cast.tea, job.pk, actor=COMMAND)
        assert not queries.of_shop(cast.tea).exists()
        assert not queries.is_busy(cast.tea)


class TestForgetting:
    def test_what_ended_long_ago_is_deleted(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        jobs.work("tests.nothing")(do_nothing)
        for state, days in ((DONE, 15), (DONE, 13), (FAILED, 89), (FAILED, 91), (WAITING, 400)):
            job = jobs.enqueue("tests.nothing", actor=COMMAND)
            then = clock.now() - dt.timedelta(days=days)
            Job.objects.filter(pk=job.pk).update(state=state, ended_at=then)

        assert recurring.purge() == 2
        assert sorted(Job.objects.values_list("state", flat=True)) == [DONE, FAILED, WAITING]
