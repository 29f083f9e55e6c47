"""Questions in SQL: asked, answered in the background, looked at, sent as files, cancelled and forgotten."""

from __future__ import annotations

import csv
import io
import json
import shutil
import threading
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.test import Client

from dashboard.conftest import SignIn
from dashboard.test_numbers import YEAR, text
from importing import imported  # type: ignore[import-not-found]
from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.jobs import registry
from stammkunde.core.jobs.models import OPEN, Job
from stammkunde.core.jobs.running import Cancelled, Running
from stammkunde.features.views.models import View
from stammkunde.flows import customer_erased
from stammkunde.insights import export
from stammkunde.insights.sql import sandbox, services, tables
from stammkunde.insights.sql.models import Query
from stammkunde.records.customers.models import Customer
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
PAGE = "/kaesehaus/explore/sql/"


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


@pytest.fixture
def anton(as_: SignIn, cast: Cast) -> Client:
    """Return the analyst's browser in a shop with a year of orders."""
    imported(cast.cheese, YEAR)
    export.refresh(cast.cheese.pk)
    return as_(cast.anton)


def work() -> None:
    while job := Job.objects.filter(state__in=OPEN, name="sql.ask").first():
        registry.require(job.name).handler(Running(job, stopping=threading.Event()))
        job.state = "done"
        job.save()


def ask(browser: Client, query: str) -> str:
    """Ask a question, have it answered, and return the address of its page."""
    answer = browser.post(PAGE, {"text": query})
    assert answer.status_code == 302, answer.content.decode()
    work()
    return str(answer["Location"])


def sent(browser: Client, page: str, kind: str) -> bytes:
    answer = browser.get(f"{page}rows.{kind}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


class TestAsking:
    def test_it_is_answered_in_the_background_and_then_shown(self, anton: Client) -> None:
        answer = anton.post(
            PAGE,
            {
                "text": "SELECT strftime(day, '%Y') AS year, count(*) AS n FROM counted_orders GROUP BY 1"
            },
        )
        page = answer["Location"]
        assert "The query is being answered" in text(anton.get(page))
        work()
        said = text(anton.get(page))
        assert "1 row" in said
        assert "2025 30" in said

    def test_every_example_has_an_answer(self, anton: Client) -> None:
        for number in range(len(tables.EXAMPLES)):
            begun = anton.get(f"{PAGE}?example={number}").context["form"].initial["text"]
            assert "Result" in text(anton.get(ask(anton, begun)))

    def test_every_table_that_is_listed_is_there_with_its_columns(
        self, anton: Client, cast: Cast
    ) -> None:
        found = export.current(cast.cheese.pk)
        assert found
        with duckdb.connect(str(services.bench.of(cast.cheese, found)), read_only=True) as bench:
            for table in tables.every():
                described = bench.execute(f"DESCRIBE {table.name}").fetchall()
                assert [row[0] for row in described] == [each.name for each in table.columns]

    def test_days_are_dates_and_words_of_customers_are_left_out(self, anton: Client) -> None:
        listed = {
            table.name: {each.name: each.type for each in table.columns} for table in tables.every()
        }
        assert listed["purchase_days"]["day"] == "DATE"
        assert "rfm_group" in listed["customer_facts"]
        assert "answer" not in listed["responses"]
        assert "name" not in listed["customers"]
        assert "identities" not in listed

    def test_a_refusal_is_a_sentence_and_shows_no_row(self, anton: Client) -> None:
        page = ask(anton, "SELECT * FROM '/etc/passwd'")
        said = text(anton.get(page))
        assert "There is no table “/etc/passwd” here." in said
        assert "Result" not in said
        assert anton.get(f"{page}rows.csv").status_code == 404

    def test_a_mistake_is_told_in_the_words_of_the_engine(self, anton: Client) -> None:
        said = text(anton.get(ask(anton, "SELECT nope FROM orders")))
        assert 'Referenced column "nope" not found' in said
        assert "This is not SQL that can be understood" in text(anton.get(ask(anton, "SELEC 1")))

    def test_what_ends_in_the_middle_is_told_and_leaves_nothing(
        self, anton: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sandbox, "BEGIN", "import os; os.kill(os.getpid(), 11)")
        page = ask(anton, "SELECT 1")
        assert "ended in the middle" in text(anton.get(page))
        query = Query.objects.get()
        assert not services.folder(query.shop_id, query.pk).exists()

    def test_without_columns_it_says_so(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.anton)
        assert "There are no columns yet." in text(browser.get(ask(browser, "SELECT 1")))

    def test_too_many_at_once_wait_their_turn(self, anton: Client) -> None:
        for _number in range(services.OPEN_MAX):
            assert anton.post(PAGE, {"text": "SELECT 1"}).status_code == 302
        answer = anton.post(PAGE, {"text": "SELECT 1"})
        assert answer.status_code == 422
        assert "Three of your queries are still running." in answer.content.decode()

    def test_an_empty_one_is_refused(self, anton: Client) -> None:
        assert anton.post(PAGE, {"text": "  "}).status_code == 422
        assert anton.post(PAGE, {"text": "x" * 20_001}).status_code == 422


class TestRows:
    def test_many_rows_are_paged(self, anton: Client) -> None:
        page = ask(anton, "SELECT range AS n FROM range(250)")
        assert "249" in text(anton.get(f"{page}?page=3"))
        assert "1 / 3" in text(anton.get(f"{page}?page=99"))
        assert "2 / 3" in text(anton.get(f"{page}?page=2"))

    def test_files_hold_all_rows_and_no_formula(self, anton: Client) -> None:
        page = ask(
            anton,
            "SELECT '=1+1' AS a, -5 AS b, NULL AS c, 1.50::DECIMAL(9, 2) AS d, DATE '2025-01-31' AS e, 1 AS a",
        )
        rows = list(csv.reader(io.StringIO(sent(anton, page, "csv").decode("utf-8-sig"))))
        assert rows == [
            ["a", "b", "c", "d", "e", "a_2"],
            ["'=1+1", "-5", "", "1.50", "2025-01-31", "1"],
        ]
        (told,) = json.loads(sent(anton, page, "json"))
        assert told == {"a": "=1+1", "b": -5, "c": None, "d": 1.5, "e": "2025-01-31", "a_2": 1}

    def test_parquet_keeps_the_types(self, anton: Client, tmp_path: Path) -> None:
        page = ask(anton, "SELECT 1::BIGINT AS a, DATE '2025-01-31' AS b, 'x' AS c, [1] AS d")
        file = tmp_path / "rows.parquet"
        file.write_bytes(sent(anton, page, "parquet"))
        types = [str(row[1]) for row in duckdb.execute(f"DESCRIBE FROM '{file}'").fetchall()]
        assert types == ["BIGINT", "DATE", "VARCHAR", "VARCHAR"]

    def test_a_result_whose_file_is_gone_is_asked_for_anew(
        self, anton: Client, cast: Cast, settings: Any
    ) -> None:
        page = ask(anton, "SELECT 1")
        shutil.rmtree(settings.DATA / ".sql")
        assert "The result is gone" in text(anton.get(page))
        assert anton.get(f"{page}rows.csv").status_code == 404


class TestWhose:
    def test_a_query_is_of_whoever_asked_it(self, anton: Client, as_: SignIn, cast: Cast) -> None:
        page = ask(anton, "SELECT 1")
        olga = as_(cast.olga)
        for path in (page, f"{page}rows.csv"):
            assert olga.get(path).status_code == 404
        for path in (f"{page}cancel/", f"{page}delete/"):
            assert olga.post(path).status_code == 404
        assert "SELECT 1" not in text(olga.get(PAGE))

    def test_who_may_not_ask_is_told_so(self, as_: SignIn, cast: Cast) -> None:
        assert as_(cast.mara).get(PAGE).status_code == 403

    def test_the_log_keeps_length_and_fingerprint_and_not_the_words(self, anton: Client) -> None:
        page = ask(anton, "SELECT 'anna@example.com'")
        sent(anton, page, "csv")
        asked, exported = Event.objects.filter(name__startswith="query.").order_by("id")
        assert asked.data["characters"] == 25
        assert len(asked.data["fingerprint"]) == 16
        assert exported.data == {"rows": 1, "file": "csv"}
        assert "anna" not in json.dumps([asked.data, exported.data])

    def test_another_shop_has_its_own_columns(self, anton: Client, as_: SignIn, cast: Cast) -> None:
        export.refresh(cast.tea.pk)
        browser = as_(cast.tina)
        answer = browser.post("/teekontor/explore/sql/", {"text": "SELECT count(*) FROM orders"})
        work()
        assert "0" in text(browser.get(answer["Location"])).split("Result")[1]


class TestEnd:
    def test_a_cancelled_one_shows_nothing(self, anton: Client) -> None:
        page = anton.post(PAGE, {"text": "SELECT 1"})["Location"]
        anton.post(f"{page}cancel/")
        work()
        said = text(anton.get(page))
        assert "Cancelled" in said
        assert "Nothing of the result was kept." in said

    def test_one_that_runs_is_ended_and_leaves_nothing(self, anton: Client, cast: Cast) -> None:
        text_ = "SELECT sum(a.range * b.range % 7) FROM range(1000000) a, range(1000000) b"
        page = anton.post(PAGE, {"text": text_})["Location"]
        job = Job.objects.get(name="sql.ask")
        run = Running(job, stopping=threading.Event())
        run.is_cancelled = True
        with pytest.raises(Cancelled):
            registry.require(job.name).handler(run)
        anton.post(f"{page}cancel/")
        assert "Nothing of the result was kept." in text(anton.get(page))
        assert not list((services.folder(cast.cheese.pk, 0).parent).glob("*"))

    def test_deleting_takes_the_rows_along(
        self, anton: Client, django_capture_on_commit_callbacks: Any
    ) -> None:
        page = ask(anton, "SELECT 1")
        query = Query.objects.get()
        folder = services.folder(query.shop_id, query.pk)
        assert folder.exists()
        with django_capture_on_commit_callbacks(execute=True):
            anton.post(f"{page}delete/")
        assert not folder.exists()
        assert anton.get(page).status_code == 404

    def test_old_ones_are_forgotten(self, anton: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        ask(anton, "SELECT 1")
        query = Query.objects.get()
        assert services.purge() == 0
        monkeypatch.setattr(services, "KEPT", -services.KEPT)
        assert services.purge() == 1
        assert not services.folder(query.shop_id, query.pk).exists()

    def test_an_erasure_takes_questions_along_that_tell_the_person(
        self, anton: Client, cast: Cast, django_capture_on_commit_callbacks: Any
    ) -> None:
        ask(anton, "SELECT 'X1@EXAMPLE.COM'")
        ask(anton, "SELECT 'max1@example.com', 'January'")
        told, other = Query.objects.order_by("id")
        for name, query in (("One", "where=number%20%3D%20%22x1%40example.com%22"), ("Two", "")):
            anton.post(
                "/kaesehaus/explore/views/save/", {"name": name, "page": "explore", "query": query}
            )
        with django_capture_on_commit_callbacks(execute=True):
            customer = Customer.objects.get(email="x1@example.com")
            counts = customer_erased.erase(cast.cheese, customer.pk, actor=COMMAND)
        assert (counts["queries"], counts["views"]) == (1, 1)
        assert [query.pk for query in Query.objects.all()] == [other.pk]
        assert not services.folder(told.shop_id, told.pk).exists()
        assert [view.name for view in View.objects.all()] == ["Two"]

    def test_an_erasure_sweeps_what_was_made_of_the_columns(
        self, anton: Client, cast: Cast
    ) -> None:
        ask(anton, "SELECT 1")
        (made,) = export.manifest.folder(cast.cheese.pk).glob("sql-*.duckdb")
        customer_erased.erase(cast.cheese, Customer.objects.order_by("id")[0].pk, actor=COMMAND)
        export.refresh(cast.cheese.pk)
        assert not made.exists()
