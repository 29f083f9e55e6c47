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


def test_what_is_typed_wrong_is_refused_with_a_sentence_and_books_nothing(
    run: Run,  # noqa: F811
    cast: Cast,
    anna: tuple[Customer, Owner],
) -> None:
    ben = Customer.objects.create(shop=cast.cheese, name="Ben")
    right = {"--amount": "5", "--reason": "lost parcel", "--key": "k", "--by": "olga@example.com"}
    before = (Entry.objects.count(), Wallet.objects.count())
    for wrong, sentence in (
        ({"--amount": "0"}, "cannot be booked: amount"),
        ({"--amount": str(10**16)}, "cannot be booked: amount"),
        ({"--amount": "True"}, "--amount does not take this value"),
        ({"--reason": "red \x1b[31m"}, "reason holds control characters"),
        ({"--reason": "two\nlines"}, "reason holds control characters"),
        ({"--reason": "turned \u202e"}, "reason holds control characters"),
        ({"--reason": "a\0b"}, "reason holds control characters"),
        ({"--reason": "no letter \udcff"}, "reason holds control characters"),
        ({"--reason": "  "}, "Write a reason"),
        ({"--reason": "x" * 201}, "Write a reason of up to 200 characters"),
        ({"--key": " "}, "cannot be booked: key"),
        ({"--key": "a\0"}, "key holds control characters"),
        ({"--by": "tina@example.com"}, "may not correct"),
        ({"--by": "anton@example.com"}, "may not correct"),
        ({"--by": "\udcff"}, "by holds control characters"),
    ):
        said = [word for pair in {**right, **wrong}.items() for word in pair]
        answer = run("ledger", "adjust", "kaesehaus", "points", f"#{ben.pk}", *said)
        assert (answer.code, sentence in answer.complained) == (2, True), (wrong, answer)
        assert (Entry.objects.count(), Wallet.objects.count()) == before, wrong


def test_what_cannot_be_read_is_refused_with_a_sentence(
    run: Run,  # noqa: F811
    anna: tuple[Customer, Owner],
) -> None:
    who, calendar = f"#{anna[0].pk}", "from 1900 to 9799"
    points = ("kaesehaus", "points")
    for words, sentence in (
        (("balance", "teekontor", "points", who), "no such unit"),
        (("balance", *points, "\udcff"), "customer holds control characters"),
        (("balance", "kaesehaus", "p\0", who), "unit holds control characters"),
        (("statement", *points, who, "--until", "9999-12-31"), calendar),
        (("statement", *points, who, "--since", "0001-01-01"), calendar),
        (("roll-forward", *points, "--until", "9999-12-31"), calendar),
        (
            ("roll-forward", *points, "--since", "2026-02-01", "--until", "2026-01-31"),
            "before the first",
        ),
        (("audit", ""), "no such shop"),
    ):
        answer = run("ledger", *words)
        assert (answer.code, sentence in answer.complained) == (2, True), (words, answer)


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
