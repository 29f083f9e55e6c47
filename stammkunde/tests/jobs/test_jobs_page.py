"""The page that shows what runs in the background."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import translation
from fresh_registry import fresh_registry  # type: ignore[import-not-found]  # noqa: F401

from stammkunde.core import clock
from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.jobs import services as jobs
from stammkunde.core.jobs.models import CANCELLED, DONE, FAILED, RUNNING, WAITING, Job
from stammkunde.core.people.models import Person
from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard.jobs import left
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
PAGE = "/kaesehaus/jobs/"


def signed_in(person: Person, language: str = "en") -> Client:
    Person.objects.filter(pk=person.pk).update(language=language)
    client = Client()
    client.force_login(person)
    return client


def make(shop: Shop, state: str, **values: object) -> Job:
    jobs.work("tests.import", title="Import of orders")(lambda _run: None)
    job = jobs.enqueue("tests.import", shop_id=shop.id, actor=COMMAND)
    known = {"lease_until": clock.now(), "started_at": clock.now()} if state == RUNNING else {}
    Job.objects.filter(pk=job.pk).update(state=state, **known, **values)
    return job


def text(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_shows_progress_and_asks_again_while_something_runs(cast: Cast) -> None:
    started = clock.now() - dt.timedelta(minutes=2)
    job = make(cast.cheese, RUNNING, progress_done=2500, progress_total=10_000)
    Job.objects.filter(pk=job.pk).update(started_at=started)

    page = text(signed_in(cast.olga))

    assert "Import of orders" in page
    assert '<progress value="2500" max="10000"' in page
    assert "2,500 of 10,000 · about 6 minutes left" in page
    assert 'hx-trigger="every 2s"' in page
    assert f"/kaesehaus/jobs/{job.pk}/cancel/" in page


def test_it_rests_when_nothing_runs(cast: Cast) -> None:
    make(cast.cheese, DONE, outcome="10,000 orders imported")
    make(cast.tea, RUNNING)

    page = text(signed_in(cast.olga))

    assert "10,000 orders imported" in page
    assert "every 2s" not in page
    assert "/cancel/" not in page


def test_a_failure_says_why_and_can_be_tried_again(cast: Cast) -> None:
    job = make(cast.cheese, FAILED, error="The file is <gone>.", traceback="File services.py")
    client = signed_in(cast.olga, "de")

    page = text(client)
    assert "The file is &lt;gone&gt;." in page
    assert "File services.py" not in page

    answer = client.post(f"/kaesehaus/jobs/{job.pk}/retry/", follow=True)
    assert answer.redirect_chain[-1][0] == PAGE
    job.refresh_from_db()
    assert (job.state, job.error) == (WAITING, "")
    assert Event.objects.get(name="job.retried").actor_id == cast.olga.pk


def test_only_an_operator_reads_where_the_program_failed(cast: Cast) -> None:
    make(cast.cheese, FAILED, error="A fault.", traceback="File services.py")
    Person.objects.filter(pk=cast.olga.pk).update(is_operator=True)

    assert "File services.py" in text(signed_in(cast.olga))


def test_cancelling_is_done_once_and_then_explained(cast: Cast) -> None:
    job = make(cast.cheese, WAITING)
    client = signed_in(cast.olga)

    assert client.get(f"/kaesehaus/jobs/{job.pk}/cancel/").status_code == 302
    job.refresh_from_db()
    assert job.state == WAITING
    client.post(f"/kaesehaus/jobs/{job.pk}/cancel/")
    again = client.post(f"/kaesehaus/jobs/{job.pk}/cancel/", follow=True)

    job.refresh_from_db()
    assert job.state == CANCELLED
    assert "This job has ended already." in again.content.decode()


def test_a_state_filters_and_nonsense_does_not(cast: Cast) -> None:
    make(cast.cheese, DONE, outcome="first outcome")
    make(cast.cheese, FAILED, error="second error")
    client = signed_in(cast.olga)

    found = text(client, f"{PAGE}?state=failed")
    assert ("first outcome" in found, "second error" in found) == (False, True)
    found = text(client, f"{PAGE}?state=frobnicated&after=x&sort=y")
    assert ("first outcome" in found, "second error" in found) == (True, True)
    assert "No job is in this state." in text(client, f"{PAGE}?state=running")


def test_an_empty_shop_reads_what_will_stand_here(cast: Cast) -> None:
    assert "Nothing has run yet" in text(signed_in(cast.olga))


@pytest.mark.parametrize("verb", ["cancel", "retry"])
def test_a_job_of_another_shop_does_not_exist(cast: Cast, verb: str) -> None:
    job = make(cast.tea, WAITING)

    answer = signed_in(cast.olga).post(f"/kaesehaus/jobs/{job.pk}/{verb}/")

    assert answer.status_code == 404
    job.refresh_from_db()
    assert job.state == WAITING


def test_only_who_may_manage_jobs_sees_them(cast: Cast) -> None:
    job = make(cast.cheese, WAITING)

    assert signed_in(cast.sven).get(PAGE).status_code == 403
    assert signed_in(cast.mara).post(f"/kaesehaus/jobs/{job.pk}/cancel/").status_code == 403
    assert signed_in(cast.tina).get(PAGE).status_code == 404
    assert Client().get(PAGE).status_code == 302


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (59, "less than a minute left"),
        (65, "about 1 minute left"),
        (3600, "about 60 minutes left"),
        (9000, "about 2 hours left"),
    ],
)
def test_the_time_left_is_rounded_as_one_would_say_it(seconds: int | None, words: str) -> None:
    with translation.override("en"):
        assert left(seconds) == words
