"""The report of a shop: made from its records, current until they change, and apart from our pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from dashboard.conftest import SignIn
from importing import FILE, imported, rows  # type: ignore[import-not-found]
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import Refused
from stammkunde.core.jobs.models import DONE, FAILED, Job
from stammkunde.core.jobs.worker import Worker
from stammkunde.core.shops import services as shops
from stammkunde.insights import reports
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare a test that is not about the figures the time that they take."""

    def write(_told: object, folder: Path, **_options: object) -> None:
        folder.mkdir(parents=True)
        (folder / "report.html").write_text("A report", encoding="utf-8")

    monkeypatch.setattr(reports.summary, "summarize", lambda *_words, **_options: None)
    monkeypatch.setattr(reports.report, "write", write)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_it_is_made_at_a_click_and_read_in_ones_own_language(as_: SignIn, cast: Cast) -> None:
    imported(cast.cheese, FILE)
    browser = as_(cast.sven)
    assert "Make the report" in text(browser.get("/kaesehaus/"))
    for _click in range(2):
        page = text(browser.post("/kaesehaus/report/make/", follow=True))
    assert "The report is being made." in page
    assert 'hx-select="#report"' in page

    Worker().drain()

    assert Job.objects.get(name=reports.WORK).state == DONE
    page = text(browser.get("/kaesehaus/"))
    assert "from all orders of this shop." in page
    assert 'href="/kaesehaus/report/"' in page
    assert '<html lang="en">' in text(browser.get("/kaesehaus/report/"))
    german = text(as_(cast.sven, language="de").get("/kaesehaus/report/"))
    assert '<html lang="de">' in german
    assert "Käsehaus" in german
    sent = browser.get("/kaesehaus/report/metrics.csv")
    assert sent["Content-Disposition"] == 'attachment; filename="kaesehaus-metrics.csv"'
    assert text(sent).startswith("metric,")
    assert browser.get("/kaesehaus/report/metrics.json").json()["currency"] == "EUR"
    assert browser.get("/kaesehaus/report/metrics.html").status_code == 404


def test_it_names_nobody_and_only_its_own_scripts_run_apart_from_our_pages(
    as_: SignIn,
    cast: Cast,
) -> None:
    imported(cast.cheese, FILE)
    reports.make(cast.cheese)
    answer = as_(cast.olga).get("/kaesehaus/report/")

    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert re.search(r"script-src 'sha256-[\w+/]+='", policy)
    assert "sandbox allow-scripts allow-downloads" in policy
    assert "allow-same-origin" not in policy
    assert answer["Cache-Control"] == "private, no-cache"
    for language in ("de", "en"):
        page = reports.page(cast.cheese, language).text  # type: ignore[arg-type]  # both are
        assert not re.search("anna|ahorn|birke|@example", page, re.IGNORECASE)


def test_it_says_when_orders_or_settings_have_changed_since(
    as_: SignIn, cast: Cast, quick: None
) -> None:
    imported(cast.cheese, FILE)
    reports.make(cast.cheese)
    found = reports.made(cast.cheese)
    assert found is not None
    assert found.is_current

    later = rows("B1;05.03.2026 10:00;17;anna@example.com;Anna Ahorn;10,00;bezahlt;Gouda;1")
    imported(cast.cheese, later)
    found = reports.made(cast.cheese)
    assert found is not None
    assert not found.is_current
    assert "Orders or settings have changed since then." in text(as_(cast.olga).get("/kaesehaus/"))

    reports.make(cast.cheese)
    found = reports.made(shops.change(cast.cheese, actor=COMMAND, window_days=90))
    assert found is not None
    assert not found.is_current


def test_without_orders_the_job_says_what_is_missing(as_: SignIn, cast: Cast) -> None:
    browser = as_(cast.olga)
    browser.post("/kaesehaus/report/make/")
    Worker().drain()

    job = Job.objects.get(name=reports.WORK)
    assert (job.state, job.error) == (
        FAILED,
        "Es gibt noch keine Bestellung, die zählt. Importieren Sie zuerst Bestellungen.",
    )
    assert browser.get("/kaesehaus/report/").status_code == 404


def test_what_fails_leaves_the_last_report_and_nothing_half(
    cast: Cast, tmp_path: Path, quick: None
) -> None:
    imported(cast.cheese, FILE)
    reports.make(cast.cheese)
    before = reports.made(cast.cheese)

    def stop() -> None:
        raise Refused("Stop", name="test.stop")

    with pytest.raises(Refused):
        reports.make(cast.cheese, between=stop)

    assert reports.made(cast.cheese) == before
    assert [each.name for each in (tmp_path / "reports").iterdir()] == [str(cast.cheese.pk)]
