"""The store goes away while everything runs: a sentence, a number that proxies know, and no noise."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from stammkunde.core.jobs import worker as workers
from stammkunde.core.jobs.worker import Pace, Worker
from stores_and_cast import Store, as_default, make_cast  # type: ignore[import-not-found]

NOWHERE = "postgresql://nobody@127.0.0.1:9/store?connect_timeout=1"


def lost(store: Store) -> str:
    """Return the address of a store that is gone: a file that was removed, a server that is off."""
    connection.close()
    if store.address.startswith("sqlite"):
        return store.address.replace(".sqlite3", "-gone.sqlite3")
    return NOWHERE


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("de", "Die Datenbank antwortet nicht"), ("en", "The database does not answer")],
)
def test_pages_say_so_and_come_back_with_it(own_store: Store, language: str, sentence: str) -> None:
    cast = make_cast()
    browser = Client(raise_request_exception=False, headers={"accept-language": language})
    browser.force_login(cast.olga)
    with as_default(lost(own_store)):
        answers = [browser.get("/kaesehaus/"), browser.post("/kaesehaus/data/new/")]
        form = {"login": "olga@example.com", "password": "x"}
        answers.append(
            Client(raise_request_exception=False, headers={"accept-language": language}).post(
                "/account/sign-in/", form
            )
        )
        health = browser.get("/health/")

    assert [answer.status_code for answer in answers] == [503, 503, 503]
    assert [answer["Retry-After"] for answer in answers] == ["5", "5", "5"]
    assert [sentence in answer.content.decode() for answer in answers] == [True, True, True]
    assert health.status_code == 503
    assert browser.get("/kaesehaus/").status_code == 200


def test_programs_are_told_in_their_form(own_store: Store) -> None:
    make_cast()
    with as_default(lost(own_store)):
        answer = Client(raise_request_exception=False).get(
            "/api/v1/shop", headers={"authorization": "Bearer skt_x"}
        )

    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (
        503,
        "store.unavailable",
    )


def test_a_worker_waits_longer_each_time_and_speaks_once(
    own_store: Store, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def gone(*_given: object, **_more: object) -> None:
        asked.append(1)
        with as_default(lost(own_store)):
            from stammkunde.core.shops.models import Shop

            Shop.objects.count()

    monkeypatch.setattr(workers.claims, "take", gone)
    worker = Worker(threads=1, pace=Pace(poll=0.05, beat=0.05, recur=1e9), chance=lambda: 0.5)
    thread = threading.Thread(target=worker._work)
    thread.start()
    thread.join(1.2)
    worker.stop()
    thread.join(5)

    assert 2 <= len(asked) <= 8
    assert caplog.text.count("did not answer a worker") == 1
    assert not thread.is_alive()


def test_no_empty_store_takes_the_place_of_a_lost_one(
    django_db_blocker: Any, tmp_path: Path
) -> None:
    """Only SQLite makes a store by itself where there is none."""
    with django_db_blocker.unblock(), as_default(f"sqlite:///{tmp_path / 'gone.sqlite3'}"):
        health = Client().get("/health/")

    assert health.json() == {"status": "unavailable"}
