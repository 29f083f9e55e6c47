"""Scheduled exports: what the files hold, when they are made, and what becomes of them."""

from __future__ import annotations

import datetime as dt
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from dashboard.conftest import SignIn
from dashboard.test_numbers import SHOP, YEAR, text, work
from importing import imported
from stammkunde.core import clock
from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import Refused
from stammkunde.core.jobs.models import OPEN, Job
from stammkunde.core.jobs.running import Running
from stammkunde.core.shops import services as shops
from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard import outputs_work
from stammkunde.insights import snapshots
from stammkunde.insights.models import Snapshot
from stammkunde.insights.outputs import files, services
from stammkunde.insights.outputs.models import File, Schedule
from stores_and_cast import Cast

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2025, 12, 10, 6, tzinfo=dt.UTC)
GIVEN = {
    "name": "For the tax adviser",
    "metrics": ["revenue", "orders"],
    "grain": "quarter",
    "format": "csv",
    "rhythm": "daily",
    "kept": "2",
    "told": "",
}


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


@pytest.fixture(autouse=True)
def tenth(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be the tenth of December 2025."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def shop(cast: Cast) -> Shop:
    imported(cast.cheese, YEAR)
    snapshots.refresh(cast.cheese)
    return cast.cheese


def scheduled(shop: Shop, **other: Any) -> Schedule:
    given = {"name": "Numbers", "metrics": ["revenue"], "rhythm": "daily", "kept": 2, **other}
    return services.add(shop, actor=COMMAND, **given)


def morning(shop: Shop, monkeypatch: pytest.MonkeyPatch, *, days: int = 0) -> str:
    """Do what every morning does, some days later; return what it says."""
    monkeypatch.setattr(clock, "now", lambda: NOW + dt.timedelta(days=days))
    Snapshot.objects.update(data_at=clock.now())
    job = Job(name=outputs_work.DUE, shop=shop, args={})
    return str(outputs_work.due(Running(job, stopping=threading.Event())) or "")


def do_asked() -> None:
    for job in Job.objects.filter(state__in=OPEN, name=outputs_work.ONE):
        outputs_work.make(Running(job, stopping=threading.Event()))
        job.state = "done"
        job.save()


def fetched(browser: Client, file: File) -> str:
    answer: Any = browser.get(f"{SHOP}/exports/files/{file.pk}/")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def test_one_is_scheduled_made_and_fetched(shop: Shop, cast: Cast, as_: SignIn) -> None:
    browser = as_(cast.anton)
    assert "No export is scheduled yet" in text(browser.get(f"{SHOP}/exports/"))
    browser.post(f"{SHOP}/exports/new/", GIVEN)
    do_asked()
    found = File.objects.get()
    page = text(browser.get(f"{SHOP}/exports/{found.schedule_id}/"))
    assert "CSV, every day · 2 files are kept" in page
    assert "10 Dec 2025" in page
    assert page.count("07:00 made") == 1

    lines = fetched(as_(cast.sven), found).splitlines()
    assert lines[0].startswith("metric,grain,period,starts_on,ends_on,segment,value")
    first = next(line for line in lines if ",2025-Q2," in line and ",all," in line)
    assert first.startswith("revenue,quarter,2025-Q2,2025-04-01,2025-07-01,all,270,,,")
    assert first.endswith(",EUR,yes,,,")
    assert {line.split(",")[0] for line in lines[1:]} == {"revenue", "orders"}
    assert found.rows == len(lines) - 1
    assert found.bytes == files.path(found).stat().st_size


def test_json_holds_the_same(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = scheduled(shop, format="json", grain="year")
    morning(shop, monkeypatch)
    rows = json.loads(files.path(schedule.files.get()).read_text(encoding="utf-8"))
    whole = [row for row in rows if row["segment"] == "all"]
    assert [(row["period"], row["unit"]) for row in whole] == [("2025", "EUR")]


def test_each_day_has_one_file_and_the_oldest_go(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = scheduled(shop)
    for days in (0, 0, 1, 2, 2):
        morning(shop, monkeypatch, days=days)

    kept = [each.due_on.day for each in schedule.files.order_by("due_on")]
    assert kept == [11, 12]
    assert sorted(each.name for each in files.folder(schedule).iterdir()) == [
        f"{schedule.pk}-2025-12-{day}.csv" for day in kept
    ]
    assert Event.objects.filter(name="output.made").count() == 3


def test_it_keeps_its_rhythm_and_its_pauses(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    weekly, monthly = scheduled(shop, rhythm="weekly"), scheduled(shop, rhythm="monthly")
    paused = scheduled(shop, is_paused=True)
    for days in range(24):
        morning(shop, monkeypatch, days=days)

    made = {
        schedule.pk: [str(each.due_on) for each in schedule.files.order_by("due_on")]
        for schedule in (weekly, monthly, paused)
    }
    assert made == {
        weekly.pk: ["2025-12-22", "2025-12-29"],
        monthly.pk: ["2026-01-01"],
        paused.pk: [],
    }


def test_it_waits_for_current_numbers(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    scheduled(shop)
    shops.change(shop, actor=COMMAND, window_days=90)
    shop = Shop.objects.get(pk=shop.pk)
    morning(shop, monkeypatch)
    assert not File.objects.exists()
    assert Job.objects.filter(name=outputs_work.DUE, key="later").exists()
    work()
    morning(shop, monkeypatch)
    assert File.objects.count() == 1


def test_a_file_is_whole_or_not_there(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = scheduled(shop)

    def broken() -> Any:
        yield "metric\n"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        services.make(schedule, NOW.date(), "x.csv", broken(), rows=1, actor=COMMAND)
    assert list(files.folder(schedule).iterdir()) == []
    assert not File.objects.exists()

    monkeypatch.setattr(outputs_work, "_text", lambda *_words: broken())
    with pytest.raises(OSError, match="No space"):
        morning(shop, monkeypatch)
    assert File.objects.get().state == "failed"


def test_whoever_wants_to_know_gets_a_link_once_and_no_data(
    shop: Shop, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = scheduled(shop, told=cast.sven, address="https://kunden.example")
    for _again in range(2):
        morning(shop, monkeypatch)

    (sent,) = mail.outbox
    assert sent.to == ["sven@example.com"]
    assert sent.subject == "Neue Datei: Numbers (Käsehaus)"
    assert sent.body == (
        "Guten Tag,\n\nder geplante Export Numbers von Käsehaus hat eine neue Datei, vom "
        "10. Dez. 2025. Sie liegt hier bereit:\n\n"
        f"https://kunden.example/kaesehaus/exports/{schedule.pk}/\n\n"
        "Auf derselben Seite können Sie wählen, dass niemand mehr benachrichtigt wird.\n"
    )
    assert not sent.attachments
    shops.remove(shop, cast.sven.pk, actor=COMMAND)
    morning(shop, monkeypatch, days=1)
    assert len(mail.outbox) == 1


def test_files_and_exports_are_deleted_from_the_disk(
    shop: Shop, cast: Cast, as_: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = scheduled(shop, kept=5)
    for days in (0, 1):
        morning(shop, monkeypatch, days=days)
    browser = as_(cast.olga)
    first, second = schedule.files.order_by("due_on")
    where = files.path(first)
    browser.get(f"{SHOP}/exports/files/{first.pk}/delete/")
    assert where.exists()
    browser.post(f"{SHOP}/exports/files/{first.pk}/delete/")
    assert not where.exists()
    assert browser.get(f"{SHOP}/exports/files/{first.pk}/").status_code == 404
    assert fetched(browser, second)

    browser.post(f"{SHOP}/exports/{schedule.pk}/delete/")
    assert not files.folder(schedule).exists()
    assert Event.objects.get(name="output.deleted").data == {"files": 1}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"kept": 0}, "kept"),
        ({"kept": 61}, "kept"),
        ({"metrics": ["luck"]}, "metrics"),
        ({"grain": "decade"}, "grain"),
        ({"format": "exe"}, "format"),
        ({"rhythm": "never"}, "rhythm"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    cast: Cast, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as fault:
        scheduled(cast.cheese, **wrong)
    assert fault.value.fields.keys() == {field}


def test_it_is_changed_on_its_page(shop: Shop, cast: Cast, as_: SignIn) -> None:
    schedule = scheduled(shop)
    browser = as_(cast.mara)
    assert "Numbers" in text(browser.get(f"{SHOP}/exports/{schedule.pk}/change/"))
    browser.post(
        f"{SHOP}/exports/{schedule.pk}/change/",
        {**GIVEN, "told": str(cast.olga.pk), "is_paused": "on"},
    )
    schedule.refresh_from_db()
    assert (schedule.name, schedule.told, schedule.is_paused) == (
        "For the tax adviser",
        cast.olga,
        True,
    )
    assert browser.post(f"{SHOP}/exports/new/", {**GIVEN, "kept": "0"}).status_code == 422
