"""Numbers for programs: those of the pages, of one shop, with their state, and never waiting for the engine."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from api.conftest import MakeProgram, Program, told
from importing import imported, rows  # type: ignore[import-not-found]
from kohorte import metrics
from stammkunde.core.jobs import registry
from stammkunde.core.jobs.models import OPEN, Job
from stammkunde.core.jobs.running import Running
from stammkunde.core.people.models import Person
from stammkunde.core.shops.models import Shop
from stammkunde.faces.api import document
from stammkunde.faces.api.numbers import asking
from stammkunde.insights import forecasts, history, plain, queries, snapshots
from stammkunde.insights.models import Answer
from stammkunde.insights.questions import series
from stammkunde.records.customers.models import Customer
from stores_and_cast import Cast, Store, as_default, make_cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
CHEESE = rows(
    "A1;05.01.2026 10:00;17;anna@example.com;Anna Ahorn;10,00;bezahlt;Gouda;1",
    "A2;09.02.2026 11:00;17;anna@example.com;Anna Ahorn;20,00;bezahlt;Brie;2",
    "A3;09.02.2026 12:00;18;ben@example.com;Ben Birke;30,00;bezahlt;Gouda;3",
    "A4;10.02.2026 12:00;19;cleo@example.com;Cleo Clematis;40,00;storniert;Feta;4",
)
TEA = rows("T1;05.03.2026 10:00;1;tim@example.com;Tim Tanne;7,00;bezahlt;Assam;1")
DOCUMENT = document.made("en")
PATHS = {
    path.removeprefix("/api/v1").replace("{slug}", "revenue"): way["get"]
    for path, way in DOCUMENT["paths"].items()
    if "get" in way and way["get"]["tags"] == ["numbers"]
}
# What a path needs to be asked at all.
NEEDED = {
    "/metrics/revenue/why": "?before=2026-01&after=2026-02&by=cohort",
    "/metrics/revenue/groups": "?by=first_product",
    "/breakdown": "?by=first_product",
    "/cohorts/customers": "?cohort=2026-02",
    "/due/customers": "?status=not_due",
}
FREE = {"/metrics", "/metrics/revenue", "/snapshot"}
TOO_LITTLE = {"/reasons", "/moves", "/forecast/record", "/forecast/drivers"}
EMPTY = TOO_LITTLE | FREE | {"/metrics/revenue/sql"}


@pytest.fixture(scope="module")
def prepared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Callable[[str], tuple[Store, Path]]:
    """Return what gives a store in which the Käsehaus has its numbers, with its columns; made once."""
    made: dict[str, tuple[Store, Path]] = {}

    def prepare(name: str) -> tuple[Store, Path]:
        if name not in made:
            found: Store = request.getfixturevalue(f"{name}_store")
            address, data = found.copied(), tmp_path_factory.mktemp("data")
            with django_db_blocker.unblock(), as_default(address), override_settings(DATA=data):
                shop = make_cast().cheese
                imported(shop, CHEESE)
                snapshots.refresh(shop)
                forecasts.make(shop)
                Job.objects.all().delete()
            made[name] = Store(address, found.copied), data
        return made[name]

    return prepare


@pytest.fixture
def store(
    request: pytest.FixtureRequest, prepared: Callable[[str], tuple[Store, Path]]
) -> Iterator[Store]:
    """Let a test run on a prepared store, which it leaves as it was."""
    found, _data = prepared(request.param)
    with as_default(found.address):
        yield found


@pytest.fixture(autouse=True)
def folder(
    request: pytest.FixtureRequest,
    prepared: Callable[[str], tuple[Store, Path]],
    settings: Any,
    tmp_path: Path,
) -> None:
    """Give each test columns of its own."""
    _store, data = prepared(request.node.callspec.params["store"])
    settings.DATA = shutil.copytree(data, tmp_path / "data")


@pytest.fixture
def cast(db: None) -> Cast:
    """Return the cast of the prepared store."""
    people = {person.name.lower(): person for person in Person.objects.all()}
    cheese, tea = Shop.objects.order_by("id")
    return Cast(cheese=cheese, tea=tea, **people)


@pytest.fixture
def cheese(cast: Cast) -> Shop:
    """Return the shop whose numbers are computed."""
    return cast.cheese


def work(name: str = "insights.answer") -> int:
    """Do the jobs that wait, as the worker would; return how many."""
    jobs = list(Job.objects.filter(name=name, state__in=OPEN))
    for job in jobs:
        registry.require(name).handler(Running(job, stopping=threading.Event()))
        job.state = "done"
        job.save()
    return len(jobs)


def asked(program: Program, path: str) -> Any:
    """Ask until the answer is there."""
    answer = program.ask("GET", path)
    if answer.status_code == 202:
        work(json.loads(answer.content)["job"]["name"])
        answer = program.ask("GET", path)
    return told(answer)


def test_every_path_answers_as_the_document_says(cheese: Shop, program: MakeProgram) -> None:
    root = Resource.from_contents(DOCUMENT, default_specification=DRAFT202012)
    registry_ = Registry().with_resource("urn:document", root)
    asking_ = program(cheese)
    assert len(PATHS) > 18
    for path, way in PATHS.items():
        said = asked(asking_, path + NEEDED.get(path, ""))
        schema = way["responses"][200]["content"]["application/json"]["schema"]
        whole = json.loads(json.dumps(schema).replace('"#/', '"urn:document#/'))
        Draft202012Validator(whole, registry=registry_).validate(said)
        assert said.get("data") or path in EMPTY, path


def test_each_metric_is_told_as_the_pages_tell_it(cheese: Shop, program: MakeProgram) -> None:
    asking_ = program(cheese)
    snapshot = snapshots.current(cheese)
    assert snapshot
    known = [one["slug"] for one in asking_.get("/metrics")["data"] if one["is_measurable"]]
    for slug in known:
        question = series(slug, "month")
        page = queries.answers(snapshot, [question])[question]
        said = asking_.get(f"/metrics/{slug}/series")["data"]
        assert said == plain.series(page, "en")
        assert len(said) >= len(page) > 0


def test_values_come_with_range_n_and_what_they_are_of(cheese: Shop, program: MakeProgram) -> None:
    said = program(cheese).get("/metrics/revenue/series?grain=month&segment=all")
    january, february = said["data"]
    assert (january["period"], january["value"], january["n"]) == ("2026-01", 10.0, 1)
    assert (february["value"], february["complete"], february["reason"]) == (50.0, False, None)
    of = said["snapshot"]
    assert (of["currency"], of["is_current"], of["job_id"]) == ("EUR", True, None)
    assert (of["first_on"], of["last_on"], of["orders"]) == ("2026-01-05", "2026-02-09", 4)


def test_periods_and_segments_can_be_chosen(cheese: Shop, program: MakeProgram) -> None:
    asking_ = program(cheese)

    def periods(query: str) -> list[tuple[str, str]]:
        said = asking_.get(f"/metrics/orders/series?{query}")["data"]
        return [(row["period"], row["segment"]) for row in said]

    assert periods("since=2026-02-01&segment=new") == [("2026-02", "new")]
    assert periods("until=2026-02-01&segment=all") == [("2026-01", "all")]
    assert periods("grain=year&segment=existing") == [("2026", "existing")]
    assert told(asking_.ask("GET", "/metrics/orders/series?grain=decade"), 422)["errors"]


def test_definitions_speak_the_callers_language(cast: Cast, program: MakeProgram) -> None:
    for language, name in (("de", "Kundenbindungsrate"), ("en", "Customer retention rate")):
        asking_ = program(cast.tea, language=language)
        said = asking_.get("/metrics/customer_retention_rate")
        assert said["name"] == name
        assert said["is_measurable"] is None
        every = asking_.get("/metrics")
        assert [one["slug"] for one in every["data"]] == list(metrics.every())
        assert every["snapshot"] is None
    assert told(asking_.ask("GET", "/metrics/luck"), 404)["type"].endswith("metric.unknown")


def test_the_query_of_a_metric_runs(cheese: Shop, program: MakeProgram) -> None:
    said = asked(program(cheese), "/metrics/orders/sql")
    assert said["select"] in metrics.get("orders").select
    with history.history(cheese) as found:
        assert said["sql"] == found.engine.composed(metrics.get("orders").sql)


def test_what_no_snapshot_holds_is_computed_once_and_told_then(
    cheese: Shop, program: MakeProgram
) -> None:
    asking_, path = program(cheese), "/metrics/revenue/series?grain=all&where=orders+%3E%3D+2"
    for _again in range(2):
        answer = asking_.ask("GET", path)
        said = told(answer, 202)
        assert answer.headers["Location"] == f"/api/v1/jobs/{said['job']['id']}"
        assert answer.headers["Retry-After"] == str(said["retry_after_seconds"]) == "1"
    assert asking_.get(answer.headers["Location"])["state"] == "waiting"
    assert work() == 1

    found = asking_.get(path)["data"]
    assert [row["value"] for row in found if row["segment"] == "all"] == [30.0]
    assert Job.objects.count() == 1


def test_a_job_that_somebody_else_asked_for_can_be_followed(
    cheese: Shop, program: MakeProgram
) -> None:
    path = "/cohorts?age=rolling&grain=year"
    told(program(cheese).ask("GET", path), 202)
    other = program(cheese, "metrics.read")
    place = other.ask("GET", path).headers["Location"]
    assert other.get(place)["state"] == "waiting"
    assert other.ask("POST", f"{place}/cancellation").status_code == 404
    assert program(cheese, "shop.read").ask("GET", place).status_code == 404


def test_a_condition_that_cannot_be_understood_is_said_so_in_the_callers_words(
    cheese: Shop, program: MakeProgram
) -> None:
    paths = [path for path in PATHS if any(p["name"] == "where" for p in PATHS[path]["parameters"])]
    assert len(paths) == 7
    for language, word in (("de", "Es gibt"), ("en", "There are")):
        for path in paths:
            answer = program(cheese, language=language).ask("GET", f"{path}?where=luck+%3D+1")
            said = told(answer, 422)
            assert said["type"].endswith("condition.unreadable")
            assert word in said["detail"]
            assert said["errors"] == [{"parameter": "where", "detail": said["detail"]}]
    assert Job.objects.count() == 0


def test_what_the_data_cannot_tell_is_a_sentence(cheese: Shop, program: MakeProgram) -> None:
    for language, word in (("de", "Land"), ("en", "country")):
        asking_ = program(cheese, language=language)
        if asking_.ask("GET", "/breakdown?by=country").status_code == 202:
            work()
        said = told(asking_.ask("GET", "/breakdown?by=country"), 422)
        assert said["type"].endswith("question.refused")
        assert word in said["detail"]


def test_without_orders_there_are_no_numbers_and_no_zeros(cast: Cast, program: MakeProgram) -> None:
    asking_ = program(cast.tea)
    for path in PATHS.keys() - FREE:
        said = told(asking_.ask("GET", path + NEEDED.get(path, "")), 409)
        assert said["type"].endswith("numbers.none")
    assert asking_.get("/snapshot") == {"snapshot": None}

    imported(cast.tea, TEA)
    first = told(asking_.ask("GET", "/rfm"), 202)
    assert first["job"]["name"] == "insights.refresh"
    work("insights.refresh")
    assert asking_.get("/metrics/revenue/series?grain=all")["data"][0]["value"] == 7.0


def test_an_answer_that_still_holds_is_not_sent_again(cheese: Shop, program: MakeProgram) -> None:
    asking_, path = program(cheese), "/metrics/revenue/series"
    answer = asking_.ask("GET", path)
    tag = answer.headers["ETag"]
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = asking_.ask("GET", path, **{"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)

    german = program(cheese, language="de").ask("GET", path, **{"If-None-Match": tag})
    other = asking_.ask("GET", f"{path}?grain=year", **{"If-None-Match": tag})
    assert (german.status_code, other.status_code) == (200, 200)
    imported(cheese, TEA)
    coming = asking_.ask("GET", path, **{"If-None-Match": tag})
    assert told(coming)["snapshot"]["is_current"] is False
    work("insights.refresh")
    newer = told(asking_.ask("GET", path, **{"If-None-Match": tag}))
    assert newer["snapshot"]["is_current"] is True
    assert [row["value"] for row in newer["data"] if row["segment"] == "all"] == [10.0, 50.0, 7.0]


def test_numbers_of_one_shop_are_never_those_of_another(
    cheese: Shop, cast: Cast, program: MakeProgram
) -> None:
    imported(cast.tea, TEA)
    snapshots.refresh(cast.tea)
    ours, theirs = program(cheese), program(cast.tea)
    people = {
        str(each) for each in Customer.objects.filter(shop=cheese).values_list("pk", flat=True)
    }
    for path in PATHS.keys() - FREE - {"/exclusions", "/reasons", "/metrics/revenue/sql"}:
        query = NEEDED.get(path, "").replace(
            "before=2026-01&after=2026-02", "before=2026-03&after=2026-03"
        )
        asked(ours, path + NEEDED.get(path, ""))
        before = Answer.objects.filter(snapshot__shop=cheese).count()
        said = asked(theirs, path + query.replace("cohort=2026-02", "cohort=2026-03"))
        text = json.dumps(said["data"])
        of_cheese = ("2026-01", "2026-02", "50.0", "60.0", "Gouda")
        assert not any(each in text for each in of_cheese), path
        assert not people & {str(row.get("customer_id")) for row in said["data"]}
        assert Answer.objects.filter(snapshot__shop=cheese).count() == before


class TestLists:
    def test_customers_and_orders_behind_a_number(self, cheese: Shop, program: MakeProgram) -> None:
        asking_ = program(cheese)
        anna, ben = (
            Customer.objects.filter(orders__gt=0).order_by("id").values_list("pk", flat=True)
        )
        said = asked(asking_, "/metrics/revenue/customers?grain=month&period=2026-02")
        assert said["data"] == [
            {"customer_id": anna, "numerator": 2000.0, "denominator": 1.0},
            {"customer_id": ben, "numerator": 3000.0, "denominator": 1.0},
        ]
        orders = asked(asking_, "/metrics/revenue/orders?grain=month&period=2026-02")
        assert [(row["order_id"], row["revenue"], row["segment"]) for row in orders["data"]] == [
            ("A2", 20.0, "existing"), ("A3", 30.0, "new"),
        ]  # fmt: skip
        assert orders["count"] == 2
        assert "Anna" not in json.dumps([said, orders])

    def test_they_are_read_page_by_page_over_blocks(
        self, cheese: Shop, program: MakeProgram, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from stammkunde.faces.api.numbers import behind
        from stammkunde.insights import questions

        for module in (behind, questions):
            monkeypatch.setattr(module, "BLOCK", 2)
        asking_, path, seen = program(cheese), "/metrics/revenue/orders?limit=1", []
        asked(asking_, path)
        while path:
            answer = asking_.ask("GET", path)
            page = told(answer)
            seen += [row["order_id"] for row in page["data"]]
            path = page["next"]
            assert ("Link" in answer.headers) is bool(path)
        assert seen == ["A1", "A2", "A3"]

    def test_a_cursor_ends_with_its_numbers_and_its_list(
        self, cheese: Shop, program: MakeProgram
    ) -> None:
        asking_ = program(cheese)
        following = asked(asking_, "/metrics/revenue/orders?limit=1")["next"]
        elsewhere = following.replace("/revenue/", "/orders/")
        assert told(asking_.ask("GET", elsewhere), 422)["type"].endswith("cursor.unknown")
        other = f"{following}&grain=month&period=2026-02"
        assert told(asking_.ask("GET", other), 422)["type"].endswith("cursor.unknown")

        imported(cheese, TEA)
        work("insights.refresh")
        said = told(asking_.ask("GET", following), 409)
        assert said["type"].endswith("cursor.outdated")

    def test_a_period_that_is_none_asks_nobody_to_compute(
        self, cheese: Shop, program: MakeProgram
    ) -> None:
        answer = program(cheese).ask("GET", "/metrics/revenue/customers?grain=month&period=1999-01")
        assert told(answer, 404)["type"].endswith("period.unknown")
        assert Job.objects.count() == 0


def test_a_token_cannot_fill_the_queue(
    cheese: Shop, program: MakeProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "WAITING_MAX", 2)
    asking_ = program(cheese)
    for number in range(2):
        told(asking_.ask("GET", f"/due?where=orders+%3E+{number}"), 202)
    refused = asking_.ask("GET", "/due?where=orders+%3E+9")
    assert told(refused, 429)["type"].endswith("numbers.busy")
    assert refused.headers["Retry-After"] == "60"
    assert asking_.ask("GET", "/due").status_code == 200
    work()
    told(asking_.ask("GET", "/due?where=orders+%3E+9"), 202)


def test_computing_that_failed_is_told_with_its_job(cheese: Shop, program: MakeProgram) -> None:
    asking_ = program(cheese)
    told(asking_.ask("GET", "/rfm?where=orders+%3E+1"), 202)
    Job.objects.update(state="failed")
    answer = asking_.ask("GET", "/rfm?where=orders+%3E+1")
    said = told(answer, 409)
    assert said["type"].endswith("numbers.failed")
    assert str(Job.objects.get().pk) in said["detail"]
