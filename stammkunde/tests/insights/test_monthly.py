"""The monthly report: whom it is for, one message each, and what is known of every message."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator

import pytest
from django.db import close_old_connections
from django.utils import translation

from stammkunde.core import clock
from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import NotFound, Refused
from stammkunde.core.shops import services as shops
from stammkunde.insights.monthly import queries, services
from stammkunde.insights.monthly.models import (
    FAILED,
    SENDING,
    SENT,
    UNKNOWN,
    WAITING,
    Delivery,
    Plan,
    Recipient,
)
from stores_and_cast import Cast, Store, make_cast  # type: ignore[import-not-found]

OCTOBER = dt.date(2026, 10, 1)
NOW = dt.datetime(2026, 11, 3, 5, 30, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Let sentences be read in English."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def third_of_november(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be the third of November."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def later(monkeypatch: pytest.MonkeyPatch, **passed: int) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + dt.timedelta(**passed))


def decided(cast: Cast, *people: int, day: int = 3, is_paused: bool = False) -> Plan:
    return services.decide(
        cast.cheese,
        day=day,
        people=people,
        is_paused=is_paused,
        address="https://shop.example",
        actor=COMMAND,
    )


def kept(cast: Cast) -> Delivery:
    services.keep(cast.cheese, OCTOBER, {"name": "October 2026"}, [cast.olga])
    return Delivery.objects.get()


@pytest.mark.django_db
class TestPlan:
    def test_it_is_kept_with_its_recipients_and_noted_without_names(self, cast: Cast) -> None:
        plan = decided(cast, cast.olga.pk, cast.sven.pk)

        assert (plan.day, plan.first_month) == (3, OCTOBER)
        assert queries.recipients(cast.cheese) == [cast.olga, cast.sven]
        assert queries.recipients(cast.tea) == []
        event = Event.objects.get(name="monthly.decided")
        assert event.data == {"day": 3, "is_paused": False, "recipients": 2}

    def test_only_members_can_be_chosen_and_only_days_of_every_month(self, cast: Cast) -> None:
        with pytest.raises(Refused) as fault:
            decided(cast, cast.tina.pk, day=31)

        assert fault.value.fields.keys() == {"day", "people"}
        assert not Recipient.objects.exists()

    def test_whoever_leaves_the_team_no_longer_receives_it(self, cast: Cast) -> None:
        decided(cast, cast.olga.pk, cast.sven.pk)
        shops.remove(cast.cheese, cast.sven.pk, actor=COMMAND)

        assert queries.recipients(cast.cheese) == [cast.olga]

    def test_a_plan_made_late_sends_nobody_the_past(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        later(monkeypatch, days=10)
        assert decided(cast).first_month == dt.date(2026, 11, 1)
        assert decided(cast, day=20).first_month == dt.date(2026, 11, 1)

    def test_a_pause_that_ends_begins_anew(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        decided(cast)
        decided(cast, is_paused=True)
        later(monkeypatch, days=120)
        assert decided(cast).first_month == dt.date(2027, 2, 1)

    def test_a_link_ends_it_once(self, cast: Cast) -> None:
        decided(cast, cast.olga.pk)
        token = queries.token(cast.cheese, cast.olga)
        found = queries.of_token(token)
        assert found is not None
        services.unsubscribe(found, actor=COMMAND)
        services.unsubscribe(found, actor=COMMAND)

        assert queries.of_token(token) is None
        assert Event.objects.filter(name="monthly.unsubscribed").count() == 1
        with pytest.raises(NotFound):
            queries.of_token(token[:-1])


@pytest.mark.django_db
class TestMessages:
    def test_one_is_claimed_once_and_settled(self, cast: Cast) -> None:
        claimed = services.claim(kept(cast).pk)
        assert claimed is not None
        assert claimed.state == SENDING
        assert services.claim(claimed.pk) is None

        services.settle(claimed, SENT)
        assert Delivery.objects.get().state == SENT
        assert services.claim(claimed.pk) is None
        assert Event.objects.get(name="monthly.sent").data == {"month": "2026-10"}

    def test_the_same_report_is_kept_once_with_what_it_said_first(self, cast: Cast) -> None:
        kept(cast)
        edition = services.keep(cast.cheese, OCTOBER, {"name": "Another"}, [cast.olga, cast.sven])

        assert edition.content == {"name": "October 2026"}
        assert [one.person for one in edition.deliveries.order_by("id")] == [cast.olga, cast.sven]

    def test_what_was_claimed_by_whoever_died_is_unknown_and_not_sent_again(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        claimed = services.claim(kept(cast).pk)
        assert claimed is not None
        later(monkeypatch, minutes=5)
        assert services.claim(claimed.pk) is None
        assert Delivery.objects.get().state == SENDING

        later(monkeypatch, minutes=11)
        assert services.claim(claimed.pk) is None
        assert Delivery.objects.get().state == UNKNOWN
        assert services.claim(claimed.pk) is None

    def test_a_slow_worker_may_still_say_what_became_of_its_own(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        claimed = services.claim(kept(cast).pk)
        assert claimed is not None
        later(monkeypatch, minutes=11)
        services.claim(claimed.pk)
        services.settle(claimed, SENT)
        assert Delivery.objects.get().state == SENT

    def test_an_answer_to_an_earlier_attempt_changes_nothing(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = services.claim(kept(cast).pk)
        assert first is not None
        later(monkeypatch, minutes=11)
        services.ask_again(cast.cheese, first.pk, actor=COMMAND)
        second = services.claim(first.pk)
        assert second is not None
        services.settle(first, FAILED, fault="refused")

        found = Delivery.objects.get()
        assert (found.state, found.attempts) == (SENDING, 2)

    def test_what_failed_may_be_claimed_again(self, cast: Cast) -> None:
        claimed = services.claim(kept(cast).pk)
        assert claimed is not None
        services.settle(claimed, FAILED, fault="unreachable")
        again = services.claim(claimed.pk)
        assert again is not None
        assert (again.attempts, again.fault) == (2, "")

    def test_a_second_click_is_refused_while_the_first_is_under_way(self, cast: Cast) -> None:
        found = kept(cast)
        with pytest.raises(Refused, match="being sent already"):
            services.ask_again(cast.cheese, found.pk, actor=COMMAND)
        with pytest.raises(NotFound):
            services.ask_again(cast.tea, found.pk, actor=COMMAND)
        assert Delivery.objects.get().state == WAITING


def test_of_many_workers_one_claims_a_message(own_store: Store) -> None:
    cast = make_cast()
    found = kept(cast)
    claimed: list[bool] = []

    def work() -> None:
        try:
            claimed.append(services.claim(found.pk) is not None)
        finally:
            close_old_connections()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(claimed) == [False, False, False, True]
