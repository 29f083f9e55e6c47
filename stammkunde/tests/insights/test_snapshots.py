"""Snapshots are the numbers of the records, computed once for each change and never while a page waits."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path
from typing import Any

import pytest

from importing import imported, rows, undone  # type: ignore[import-not-found]
from kohorte import metrics
from kohorte.results import Survival, SurvivalPoint
from stammkunde.core import clock
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.jobs import registry
from stammkunde.core.jobs.models import OPEN, Job
from stammkunde.core.jobs.running import Running
from stammkunde.core.shops import services as shops
from stammkunde.core.shops.models import Shop
from stammkunde.flows import customers_merged
from stammkunde.insights import history, queries, questions, services, snapshots
from stammkunde.insights.models import Answer, Snapshot
from stammkunde.insights.questions import Question, series
from stammkunde.records.customers.models import Customer
from stores_and_cast import Cast  # type: ignore[import-not-found]

ORDERS = rows(
    "A1;05.01.2026 10:00;17;anna@example.com;Anna Ahorn;10,00;bezahlt;Gouda;1",
    "A2;09.02.2026 11:00;17;anna@example.com;Anna Ahorn;20,00;bezahlt;Brie;2",
    "A3;09.02.2026 12:00;18;ben@example.com;Ben Birke;30,00;bezahlt;Gouda;3",
)
MORE = rows("A4;20.02.2026 10:00;18;ben@example.com;Ben Birke;40,00;bezahlt;Gouda;1")


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


def work(shop: Shop, name: str) -> int:
    """Do the jobs of a name that wait, as the worker would; return how many."""
    jobs = list(Job.objects.filter(shop=shop, name=name, state__in=OPEN))
    for job in jobs:
        registry.require(name).handler(Running(job, stopping=threading.Event()))
        job.state = "done"
        job.save()
    return len(jobs)


def value(shop: Shop, slug: str) -> float | None:
    snapshot = snapshots.current(shop)
    assert snapshot
    question = series(slug, "all")
    found: float | None = queries.answers(snapshot, [question])[question][0].value
    return found


@pytest.mark.django_db
class TestFollowing:
    def test_an_import_has_the_numbers_computed(self, cast: Cast) -> None:
        imported(cast.cheese, ORDERS)
        assert work(cast.cheese, "insights.refresh") == 1

        assert value(cast.cheese, "revenue") == 60.0
        snapshot = snapshots.current(cast.cheese)
        assert snapshot
        assert (str(snapshot.first_on), str(snapshot.last_on)) == ("2026-01-05", "2026-02-09")

    def test_what_comes_together_is_computed_once(self, cast: Cast) -> None:
        imported(cast.cheese, ORDERS)
        second = imported(cast.cheese, MORE)
        assert Job.objects.filter(name="insights.refresh").count() == 1
        assert work(cast.cheese, "insights.refresh") == 1
        assert value(cast.cheese, "revenue") == 100.0

        undone(second)
        assert work(cast.cheese, "insights.refresh") == 1
        assert value(cast.cheese, "revenue") == 60.0

    def test_a_merge_makes_one_customer_of_two(self, cast: Cast) -> None:
        imported(cast.cheese, ORDERS)
        snapshots.refresh(cast.cheese)
        one, other = Customer.objects.order_by("id")
        customers_merged.merge(cast.cheese, kept_id=one.pk, gone_id=other.pk, actor=COMMAND)
        assert value(cast.cheese, "customers") == 2.0
        snapshots.refresh(cast.cheese)
        assert value(cast.cheese, "customers") == 1.0

    def test_nothing_changed_computes_nothing(self, cast: Cast) -> None:
        imported(cast.cheese, ORDERS)
        first = snapshots.refresh(cast.cheese)
        assert snapshots.refresh(cast.cheese) == first
        assert services.shown(cast.cheese).work is None

    def test_another_decision_is_another_snapshot(self, cast: Cast) -> None:
        imported(cast.cheese, ORDERS)
        snapshots.refresh(cast.cheese)
        shop = shops.change(cast.cheese, actor=COMMAND, window_days=30)
        shown = services.shown(shop)
        assert shown.snapshot
        assert shown.work
        work(shop, "insights.refresh")

        assert services.shown(shop).work is None
        assert Snapshot.objects.filter(shop=shop).count() == 1

    def test_shops_do_not_see_each_other(self, cast: Cast) -> None:
        imported(cast.cheese, ORDERS)
        snapshots.refresh(cast.cheese)
        assert services.shown(cast.tea) == services.Shown(None, None)
        assert snapshots.refresh(cast.tea).last_on is None


@pytest.mark.django_db
class TestAnswers:
    def test_every_metric_at_every_grain_is_what_the_records_say(self, cast: Cast) -> None:
        imported(cast.cheese, ORDERS)
        snapshot = snapshots.refresh(cast.cheese)
        with history.history(cast.cheese) as opened:
            slugs = list(opened.measurable())
            for grain in ("day", "week", "month", "quarter", "year", "all"):
                asked = {slug: series(slug, grain) for slug in slugs}
                found = queries.answers(snapshot, asked.values())
                for slug, question in asked.items():
                    assert found[question] == tuple(opened.metric(slug, grain=grain)), slug
        assert set(slugs) < set(metrics.every())

    def test_what_nobody_asked_before_is_computed_in_the_background(self, cast: Cast) -> None:
        imported(cast.cheese, ORDERS)
        snapshot = snapshots.refresh(cast.cheese)
        question = series("revenue", "all", "orders >= 2")
        for _look in range(2):
            found, line = queries.ask(cast.cheese, snapshot, [question], actor=COMMAND)
            assert (found, line is not None) == ({}, True)
        assert work(cast.cheese, "insights.answer") == 1

        found, line = queries.ask(cast.cheese, snapshot, [question], actor=COMMAND)
        assert [row.value for row in found[question] if row.segment == "all"] == [30.0]
        assert line is None

    def test_what_cannot_be_asked_says_why(self, cast: Cast) -> None:
        imported(cast.cheese, ORDERS)
        snapshot = snapshots.refresh(cast.cheese)
        question = Question("behind", ("revenue", "month", "1999-01"))
        queries.ask(cast.cheese, snapshot, [question], actor=COMMAND)
        work(cast.cheese, "insights.answer")
        found, _line = queries.ask(cast.cheese, snapshot, [question], actor=COMMAND)
        assert "1999-01" in found[question]["fault"].render("en")

    def test_a_long_list_is_kept_in_blocks(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(questions, "BLOCK", 1)
        imported(cast.cheese, ORDERS)
        snapshot = snapshots.refresh(cast.cheese)
        question = Question("behind", ("orders", "all", "all"))
        queries.ask(cast.cheese, snapshot, [question], actor=COMMAND)
        work(cast.cheese, "insights.answer")

        kept = [questions.block(question, number) for number in range(3)]
        found = queries.answers(snapshot, kept)
        assert [len(found[each]["rows"]) for each in kept[:2]] == [1, 1]
        assert kept[2] not in found
        assert {each["count"] for each in found.values()} == {2}

    def test_a_job_that_came_too_late_is_asked_again(self, cast: Cast) -> None:
        imported(cast.cheese, ORDERS)
        snapshot = snapshots.refresh(cast.cheese)
        question = series("revenue", "all", "orders >= 3")
        queries.ask(cast.cheese, snapshot, [question], actor=COMMAND)
        Job.objects.filter(name="insights.answer").update(state="done")
        _found, line = queries.ask(cast.cheese, snapshot, [question], actor=COMMAND)
        assert line
        assert line.job.state == "waiting"

    def test_what_failed_is_not_begun_anew_by_whoever_looks(self, cast: Cast) -> None:
        imported(cast.cheese, ORDERS)
        now = clock.now()
        Job.objects.filter(name="insights.refresh").update(state="failed", ended_at=now)
        for _look in range(2):
            shown = services.shown(cast.cheese)
            assert shown.work
            assert shown.work.job.state == "failed"
        assert Job.objects.filter(name="insights.refresh").count() == 1
        earlier = now - dt.timedelta(hours=1)
        Job.objects.filter(name="insights.refresh").update(ended_at=earlier)
        shown = services.shown(cast.cheese)
        assert shown.work
        assert shown.work.job.state == "waiting"

    def test_an_answer_goes_with_its_snapshot(self, cast: Cast) -> None:
        imported(cast.cheese, ORDERS)
        first = snapshots.refresh(cast.cheese)
        imported(cast.cheese, MORE)
        snapshots.refresh(cast.cheese)
        snapshots.keep(first, Question("reasons"), [])
        assert not Answer.objects.filter(snapshot_id=first.pk).exists()


def test_a_thinned_curve_answers_what_is_asked_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "DAYS", 10)
    points = tuple(
        SurvivalPoint(day, 100 - day, 1, day % 3, day / 40, day / 50, day / 35)
        for day in range(1, 39)
    )
    whole = Survival(2, 100, points)
    thin = questions.thinned(whole)

    assert len(thin.points) < 16
    for day in range(11):
        assert thin.watched(day) == whole.watched(day)
        found, wanted = thin.by(day), whole.by(day)
        assert found
        assert wanted
        assert found.returned == wanted.returned
    for share in (0.25, 0.5, 0.75):
        assert thin.quantile(share) == whole.quantile(share)
