"""Erasing from a page: asked, confirmed by name, done in the background, followed where it was asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dashboard.conftest import PASSWORD, SignIn
from importing import FILE, imported, received  # type: ignore[import-not-found]
from stammkunde.core.jobs.models import Job
from stammkunde.core.jobs.worker import Worker
from stammkunde.records.customers.models import Customer
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(cast: Cast, settings: Any, tmp_path: Path) -> Customer:
    settings.DATA = tmp_path
    imported(cast.cheese, FILE)
    found: Customer = Customer.objects.get(number="17")
    return found


@pytest.fixture
def browser(cast: Cast, as_: SignIn) -> Client:
    cast.olga.set_password(PASSWORD)
    cast.olga.save()
    found = as_(cast.olga)
    found.post("/account/confirm/", {"password": PASSWORD})
    return found


def test_it_runs_as_a_job_and_the_page_tells_how_far_it_is(browser: Client, anna: Customer) -> None:
    page = f"/kaesehaus/customers/{anna.pk}/privacy/"
    asked = browser.post(f"/kaesehaus/customers/{anna.pk}/erase/", {"name": "Anna Ahorn"})
    assert asked["Location"] == page
    assert Job.objects.get(name="customers.erase").state == "waiting"
    waiting = browser.get(page).content.decode()
    assert "This customer is being erased" in waiting
    assert "Waiting for its turn." in waiting
    assert f'href="/kaesehaus/customers/{anna.pk}/erase/"' not in waiting

    Worker().drain()

    done = browser.get(page).content.decode()
    assert "This customer is being erased" not in done
    assert "Anna Ahorn" not in done
    anna.refresh_from_db()
    assert anna.erased_at is not None


def test_asked_for_twice_it_is_one_job(browser: Client, anna: Customer) -> None:
    for _ in range(2):
        browser.post(f"/kaesehaus/customers/{anna.pk}/erase/", {"name": "Anna Ahorn"})

    assert Job.objects.filter(name="customers.erase").count() == 1


def test_while_an_import_is_under_way_it_is_refused_at_once(
    browser: Client, cast: Cast, anna: Customer
) -> None:
    import_ = received(cast.cheese, FILE.replace("A1", "B1"))
    import_.state = "publishing"
    import_.save()
    answer = browser.post(f"/kaesehaus/customers/{anna.pk}/erase/", {"name": "Anna Ahorn"})

    assert answer.status_code == 422
    assert "An import is under way." in answer.content.decode()
    assert not Job.objects.filter(name="customers.erase").exists()
