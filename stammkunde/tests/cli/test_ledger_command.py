"""`stammkunde ledger` at the terminal, and what the ledger does when a customer asks for data or leaves."""

from __future__ import annotations

import datetime as dt

import pytest
from running import Run, run  # type: ignore[import-not-found]  # noqa: F401

from stammkunde.core.audit.services import COMMAND
from stammkunde.features.wallets import services as wallets
from stammkunde.features.wallets.models import Wallet
from stammkunde.flows import customer_erased
from stammkunde.ledger import auditing, services
from stammkunde.ledger.books.statements import statement
from stammkunde.ledger.commands import Earn, EarnedLine, Owner
from stammkunde.ledger.models import Entry
from stammkunde.records.customers.models import Customer
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(cast: Cast) -> tuple[Customer, Owner]:
    """Return Anna with 70 points."""
    services.open_unit(
        cast.cheese.pk, "points", kind="points", name="Punkte", actor=COMMAND, four_eyes_above=50
    )
    customer = Customer.objects.create(shop=cast.cheese, name="Anna Ahorn")
    owner = wallets.owner_of(cast.cheese, customer.pk)
    services.earn_one(
        Earn(
            shop_id=cast.cheese.pk, unit="points", key="e1", owner=owner, cause="order 1",
            effective_at=dt.datetime(2026, 1, 5, 10, tzinfo=dt.UTC),
            lines=(EarnedLine("order:1", 70),),
        )
    )  # fmt: skip
    return customer, owner


def test_balance_statement_roll_forward_and_audit(
    run: Run,  # noqa: F811
    anna: tuple[Customer, Owner],
) -> None:
    who = f"#{anna[0].pk}"

    assert run("ledger", "balance", "kaesehaus", "points", who).said.split() == [
        "pending", "0", "available", "70", "held", "0", "debt", "0",
    ]  # fmt: skip
    told = run("ledger", "statement", "kaesehaus", "points", who, language="de").said
    assert told.splitlines() == [
        "Anfangsbestand\t\t\t0", "2026-01-05T10:00+00:00\tearn order 1\t+70\t70",
        "Endbestand\t\t\t70",
    ]  # fmt: skip
    rolled = run("ledger", "roll-forward", "kaesehaus", "points", "--since", "2026-01-06")
    assert rolled.said.splitlines() == ["Opening\t70", "Closing\t70"]
    assert run("ledger", "audit", "kaesehaus").said == "Everything holds.\n"
    assert "no such unit" in run("ledger", "balance", "kaesehaus", "stars", who).complained


def test_a_correction_is_booked_once_and_a_large_one_waits(
    run: Run,  # noqa: F811
    anna: tuple[Customer, Owner],
) -> None:
    words = ("ledger", "adjust", "kaesehaus", "points", f"#{anna[0].pk}", "--reason", "lost parcel",
             "--by", "olga@example.com")  # fmt: skip
    assert run(*words, "--amount", "10", "--key", "k1").said == "It has been booked.\n"
    entries = Entry.objects.count()

    assert run(*words, "--amount", "10", "--key", "k1").code == 0
    assert Entry.objects.count() == entries
    large = run(*words, "--amount", "51", "--key", "k2").said
    assert large == "Somebody else has to agree first.\n"


def test_an_export_tells_points_and_an_erasure_leaves_bookings_without_a_name(
    cast: Cast, anna: tuple[Customer, Owner]
) -> None:
    customer, owner = anna
    found = customer_erased.export(cast.cheese, customer.pk, actor=COMMAND)["points"]
    assert found["balances"] == [
        {"unit": "Punkte", "pending": 0, "available": 70, "held": 0, "debt": 0}
    ]
    assert [(line["kind"], line["balance"]) for line in found["bookings"]] == [("earn", 70)]
    assert owner.id not in str(found)

    counts = customer_erased.erase(cast.cheese, customer.pk, actor=COMMAND)

    assert counts["wallets"] == 1
    assert not Wallet.objects.exists()
    unit = cast.cheese.unit_set.get()
    assert statement(unit.pk, owner).closing == 70
    assert auditing.audit(cast.cheese.pk) == []
    assert wallets.customers_of(cast.cheese, [owner.id]) == {}
