"""How long data are kept: seen before it is decided, done at night, and only by those who may erase."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dashboard.conftest import PASSWORD, SignIn
from importing import FILE, imported  # type: ignore[import-not-found]
from stammkunde.core import clock
from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.jobs import services as jobs
from stammkunde.core.jobs.models import DONE, Job
from stammkunde.core.jobs.worker import Worker
from stammkunde.core.people.models import Person
from stammkunde.features.imports.models import File
from stammkunde.flows import nightly, retention
from stammkunde.records.customers.models import Customer, Retention
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
PAGE = "/kaesehaus/retention/"


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def late(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a year and a half pass after an import."""
    imported(cast.cheese, FILE)
    now = clock.now() + dt.timedelta(days=550)
    monkeypatch.setattr(clock, "now", lambda: now)


def signed_in(person: Person, *, confirmed: bool = True) -> Client:
    """Return the browser of somebody who has just typed the password, or did so long ago."""
    person.set_password(PASSWORD)
    person.language = "en"
    person.save()
    client = Client()
    client.force_login(person)
    if confirmed:
        client.post("/account/confirm/", {"password": PASSWORD})
    return client


def text(answer: Any) -> str:
    return " ".join(str(answer.content.decode()).split())


def test_one_sees_what_would_go_before_one_decides(cast: Cast, late: None) -> None:
    browser = signed_in(cast.olga)
    assert "<dd>never</dd>" in text(browser.get(PAGE))
    asked = {"files_days": "30", "customers_days": "365"}

    tried = browser.post(f"{PAGE}change/", asked)

    page = text(tried)
    assert "2 customers are erased" in page
    assert "Anna Ahorn" in page
    assert "cannot be undone" in page
    assert not Retention.objects.exists()
    assert Customer.objects.filter(name="Anna Ahorn").exists()

    decided = browser.post(f"{PAGE}change/", {**asked, "tried": "30 365"}, follow=True)

    assert "The limits have been saved." in text(decided)
    assert "365 days after their last order" in text(decided)
    assert "In the coming night" in text(decided)
    kept = Retention.objects.get()
    assert (kept.files_days, kept.customers_days) == (30, 365)
    event = Event.objects.get(name="retention.decided")
    assert event.data == {"files_days": 30, "customers_days": 365}
    assert "Customers without an order are erased after: 365 days" in text(
        browser.get("/kaesehaus/log/")
    )


def test_what_was_tried_otherwise_is_tried_again_and_not_decided(cast: Cast) -> None:
    browser = signed_in(cast.olga)
    answer = browser.post(
        f"{PAGE}change/", {"files_days": "", "customers_days": "400", "tried": "- 365"}
    )

    assert "Nothing goes." in text(answer)
    assert 'value="- 400"' in text(answer)
    assert not Retention.objects.exists()


def test_a_limit_that_is_too_short_is_refused_at_its_field(cast: Cast) -> None:
    browser = signed_in(cast.olga)
    answer = browser.post(f"{PAGE}change/", {"files_days": "0", "customers_days": "30"})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["files_days", "customers_days"]


def test_only_owners_see_it_and_changing_asks_for_the_password_again(
    as_: SignIn, cast: Cast
) -> None:
    assert as_(cast.mara).get(PAGE).status_code == 403
    browser = signed_in(cast.olga, confirmed=False)
    answer = browser.post(f"{PAGE}change/", {"customers_days": "365", "tried": "- 365"})

    assert "/account/confirm/" in answer["Location"]
    assert not Retention.objects.exists()


def test_at_night_what_is_over_its_limit_goes_and_nothing_else(
    cast: Cast, late: None, django_capture_on_commit_callbacks: Any
) -> None:
    imported(cast.tea, FILE)
    retention.decide(cast.cheese, files_days=30, customers_days=365, actor=COMMAND)
    jobs.enqueue("nightly", actor=COMMAND)

    with django_capture_on_commit_callbacks(execute=True):
        Worker().drain()

    job = Job.objects.get(name="nightly")
    assert job.state == DONE
    assert job.outcome.endswith("1. Gelöschte Kunden: 2.")
    assert not Customer.objects.filter(shop=cast.cheese, name="Anna Ahorn").exists()
    assert Customer.objects.filter(shop=cast.tea, name="Anna Ahorn").exists()
    assert File.objects.filter(dropped_at=None).count() == 1
    assert nightly.run() == (0, 0)


def test_a_shop_that_imports_waits_for_the_next_night(cast: Cast, late: None) -> None:
    retention.decide(cast.cheese, files_days=None, customers_days=365, actor=COMMAND)
    busy = imported(cast.cheese, FILE.replace("10,00", "12,00"))
    busy.state = "publishing"
    busy.save()

    assert nightly.run() == (0, 0)
    assert Customer.objects.filter(name="Anna Ahorn").exists()
