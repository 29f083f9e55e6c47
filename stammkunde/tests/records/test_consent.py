from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from importing import imported, rows  # type: ignore[import-not-found]
from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import NotFound, Refused
from stammkunde.flows import customers_merged
from stammkunde.records.consent import queries, services
from stammkunde.records.consent.models import Fact
from stammkunde.records.customers.models import Customer
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def two(cast: Cast, settings: Any, tmp_path: Path) -> tuple[Customer, Customer]:
    settings.DATA = tmp_path / "data"
    line = "{};05.01.2026 10:00;{};{};;10,00;bezahlt;Brie;1".format
    imported(
        cast.cheese, rows(line("A1", "17", "a@example.com"), line("A2", "18", "b@example.com"))
    )
    return Customer.objects.get(number="17"), Customer.objects.get(number="18")


def say(cast: Cast, customer: Customer, state: str, address: str, at: dt.datetime) -> Fact:
    return services.record(
        cast.cheese,
        customer.pk,
        purpose="marketing",
        channel="email",
        state=state,  # type: ignore[arg-type]  # tests say what they like
        address=address,
        wording="Ja, schreiben Sie mir.",
        source="form",
        proof={"link": "confirmed"},
        at=at,
        actor=COMMAND,
    )


def may(customer: Customer, address: str) -> bool:
    return queries.may(customer, purpose="marketing", channel="email", address=address)


def test_consent_holds_for_the_address_that_gave_it_until_it_is_withdrawn(
    cast: Cast, two: tuple[Customer, Customer]
) -> None:
    anna, _ = two
    assert not may(anna, "a@example.com")
    say(cast, anna, "given", "a@example.com", MONDAY)

    assert may(anna, "A@Example.com")
    assert not may(anna, "other@example.com")
    assert not queries.may(anna, purpose="surveys", channel="email", address="a@example.com")
    say(cast, anna, "withdrawn", "a@example.com", MONDAY + DAY)
    assert not may(anna, "a@example.com")
    assert [fact.state for fact in queries.facts(anna)] == ["withdrawn", "given"]
    event = Event.objects.get(name="consent.given")
    assert "example.com" not in str(event.data)


def test_an_old_grant_that_arrives_late_does_not_outweigh_a_withdrawal(
    cast: Cast, two: tuple[Customer, Customer]
) -> None:
    anna, _ = two
    say(cast, anna, "withdrawn", "a@example.com", MONDAY)
    say(cast, anna, "given", "a@example.com", MONDAY - DAY)
    assert not may(anna, "a@example.com")


def test_a_merge_takes_the_stricter_and_widens_nothing(
    cast: Cast, two: tuple[Customer, Customer]
) -> None:
    anna, other = two
    say(cast, anna, "given", "a@example.com", MONDAY)
    say(cast, other, "withdrawn", "b@example.com", MONDAY + DAY)
    merge = customers_merged.merge(cast.cheese, kept_id=anna.pk, gone_id=other.pk, actor=COMMAND)

    assert not may(anna, "a@example.com")
    assert not may(anna, "b@example.com")
    say(cast, anna, "given", "a@example.com", MONDAY + 2 * DAY)
    assert may(anna, "a@example.com")
    assert not may(anna, "b@example.com")

    customers_merged.part(cast.cheese, merge.pk, actor=COMMAND)
    assert not may(Customer.objects.get(pk=other.pk), "b@example.com")


def test_a_suppressed_address_gets_nothing_whatever_was_agreed(
    cast: Cast, two: tuple[Customer, Customer]
) -> None:
    anna, _ = two
    say(cast, anna, "given", "a@example.com", MONDAY)
    for _ in range(2):
        services.suppress(
            cast.cheese.pk, channel="email", address="A@example.com", reason="complaint",
            actor=COMMAND,
        )  # fmt: skip
    assert not may(anna, "a@example.com")
    services.lift(cast.cheese, channel="email", address="a@example.com", actor=COMMAND)
    assert may(anna, "a@example.com")


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"wording": ""}, "consent.unproved"),
        ({"proof": None}, "consent.unproved"),
        ({"purpose": "spam"}, "consent.unknown"),
        ({"at": dt.datetime(2200, 1, 1, tzinfo=dt.UTC)}, "consent.future"),
    ],
)
def test_a_grant_that_cannot_be_proved_is_none(
    cast: Cast, two: tuple[Customer, Customer], changed: dict[str, Any], name: str
) -> None:
    said: dict[str, Any] = {
        "purpose": "marketing", "channel": "email", "state": "given", "address": "a@example.com",
        "wording": "Ja", "source": "form", "proof": {"link": "x"}, "actor": COMMAND, **changed,
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        services.record(cast.cheese, two[0].pk, **said)
    assert refused.value.name == name
    assert not Fact.objects.exists()


def test_another_shop_cannot_speak_for_a_customer(
    cast: Cast, two: tuple[Customer, Customer]
) -> None:
    with pytest.raises(NotFound):
        services.record(
            cast.tea, two[0].pk, purpose="marketing", channel="email", state="withdrawn",
            address="a@example.com", source="form", actor=COMMAND,
        )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE consent_fact SET state = 'given'",
        "DELETE FROM consent_fact",
        "UPDATE consent_wording SET text = 'x'",
        "DELETE FROM consent_wording",
    ],
)
def test_the_store_refuses_to_change_what_was_said(
    cast: Cast, two: tuple[Customer, Customer], change: str
) -> None:
    say(cast, two[0], "given", "a@example.com", MONDAY)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
