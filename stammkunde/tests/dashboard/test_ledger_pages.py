"""Pages of the ledger: what they show, book and refuse, in a shop that counts nothing yet and in one that does."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.conftest import SignIn
from stammkunde.core import bulk
from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND
from stammkunde.features.wallets import services as wallets
from stammkunde.ledger import services
from stammkunde.ledger.books import owing, reckonings, terms
from stammkunde.ledger.books.branches import RULES
from stammkunde.ledger.commands import Earn, EarnedLine, Owner, Spend
from stammkunde.ledger.models import Proposal, Unit
from stammkunde.records.customers.models import Customer
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
PAGES = ("", "roll-forward/", "liability/", "corrections/", "audit/", "units/")
AT = dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


@pytest.fixture
def anna(cast: Cast) -> Owner:
    """Return Anna, who was given 1,200 points, 200 of them for a month, and redeemed 300."""
    unit = services.open_unit(
        cast.cheese.pk, "points", kind="points", name="Bonuspunkte", actor=COMMAND,
        four_eyes_above=100,
    )  # fmt: skip
    terms.decide(cast.cheese, unit, actor=COMMAND, unit_value_minor=1)
    customer = Customer.objects.create(shop=cast.cheese, name="Anna Ahorn")
    owner = wallets.owner_of(cast.cheese, customer.pk)
    common: dict[str, Any] = {"shop_id": cast.cheese.pk, "unit": "points", "owner": owner}
    lines = (EarnedLine("order:1/line:1", 1000),)
    services.post([
        Earn(key="e1", effective_at=AT, cause="order 1", lines=lines, **common),
        Earn(key="e2", effective_at=AT, lines=(EarnedLine("order:2/line:1", 200),),
             expires_at=AT + dt.timedelta(days=30), **common),
        Spend(key="s1", effective_at=AT + dt.timedelta(days=1), amount=300, source="order:3", **common),
    ])  # fmt: skip
    return owner


def account(owner: Owner) -> str:
    return f"/kaesehaus/ledger/accounts/points/{owner.kind}/{owner.id}/"


def test_a_shop_that_counts_nothing_learns_how_to_begin(as_: SignIn, cast: Cast) -> None:
    for language, words in (("en", "Nothing is counted yet"), ("de", "Noch wird nichts gezählt")):
        browser = as_(cast.olga, language=language)
        for page in ("", "roll-forward/", "liability/", "units/"):
            assert words in text(browser.get(f"/kaesehaus/ledger/{page}")), page


def test_a_unit_is_set_up_and_its_books_decided(as_: SignIn, cast: Cast) -> None:
    browser = as_(cast.mara)
    said = {"name": "Punkte", "code": "points", "kind": "points", "scale": "0", "currency": "EUR",
            "four_eyes_above": "500"}  # fmt: skip
    page = text(browser.post("/kaesehaus/ledger/units/new/", said, follow=True))
    assert "The unit is ready." in page

    again = browser.post("/kaesehaus/ledger/units/new/", said)
    assert (again.status_code, Unit.objects.count()) == (422, 1)
    books = {"branch": "provision", "unit_value_minor": "0.5", "owed": "0970", "cost": "6300",
             "used": "", "lapsed": "x"}  # fmt: skip
    wrong = browser.post("/kaesehaus/ledger/units/books/points/", books)
    assert "An account is a number of up to nine digits." in text(wrong)
    browser.post("/kaesehaus/ledger/units/books/points/", {**books, "lapsed": "4930"})
    kept = terms.of(Unit.objects.get())
    assert (kept.branch, f"{kept.unit_value_minor:f}", kept.owed) == (
        "provision",
        "0.500000",
        "0970",
    )
    units = text(browser.get("/kaesehaus/ledger/units/"))
    assert "€0.005 500" in units
    assert set(Event.objects.values_list("name", flat=True)) >= {
        "ledger.unit_opened", "unit.terms_decided",
    }  # fmt: skip


def test_accounts_are_searched_sorted_and_sent(as_: SignIn, cast: Cast, anna: Owner) -> None:
    browser = as_(cast.olga)

    rich, poor = Owner("campaign", "spring"), Owner("campaign", "autumn")
    for owner, amount in ((rich, 901), (poor, 1)):
        services.post([
            Earn(shop_id=cast.cheese.pk, unit="points", owner=owner, key=owner.id, effective_at=AT,
                 lines=(EarnedLine(f"budget:{owner.id}", amount),)),
        ])  # fmt: skip
    # Whoever has most stands first.
    listed = text(browser.get("/kaesehaus/ledger/"))
    assert re.search(r"spring 901 0 0 0 .*Anna Ahorn 900 0 0 0 .*autumn 1 0", listed)
    assert "Anna Ahorn 900 0 0 0" in text(browser.get("/kaesehaus/ledger/?q=ahorn"))
    assert "Nobody was found" in text(browser.get("/kaesehaus/ledger/?q=nobody"))
    sent = browser.post("/kaesehaus/ledger/export/?unit=points")
    rows = list(csv.reader(io.StringIO(b"".join(sent.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert rows[1][0] == "Anna Ahorn"
    assert rows[1][2:] == ["0", "900", "0", "0"]
    assert Event.objects.filter(name="ledger.accounts_exported").exists()
    # It names customers: whoever may not export them sends no accounts either.
    support = as_(cast.sven)
    assert "Export as CSV" not in text(support.get("/kaesehaus/ledger/"))
    assert support.post("/kaesehaus/ledger/export/?unit=points").status_code == 403


def test_an_account_shows_balances_lots_and_each_booking(
    as_: SignIn, cast: Cast, anna: Owner
) -> None:
    page = text(as_(cast.sven).get(account(anna)))

    assert "Available 900" in page
    assert "Given order 1 Available +1,000 +1,000 1,000" in page
    assert re.search(r"Redeemed\s+Available −300 −300 900", page)
    assert "Order 1, line 1 1,000 0 900 0 without an end" in page
    customer = Customer.objects.get()
    shown = text(as_(cast.sven).get(f"/kaesehaus/customers/{customer.pk}/"))
    assert "Points and credit Bonuspunkte 900" in shown


def test_money_is_typed_in_euros_and_counted_in_cents(as_: SignIn, cast: Cast) -> None:
    browser = as_(cast.mara, language="de")
    said = {"name": "Guthaben", "code": "credit", "kind": "money", "scale": "0", "currency": "EUR",
            "four_eyes_above": "25,50"}  # fmt: skip
    browser.post("/kaesehaus/ledger/units/new/", said)
    customer = Customer.objects.create(shop=cast.cheese, name="Anna Ahorn")
    owner = wallets.owner_of(cast.cheese, customer.pk)
    services.post([
        Earn(shop_id=cast.cheese.pk, unit="credit", owner=owner, key="e1", effective_at=AT,
             lines=(EarnedLine("order:1/line:1", 1000),)),
    ])  # fmt: skip
    assert Unit.objects.get().four_eyes_above == 2550
    # One euro of credit is worth one euro.
    assert "1,00 € 25,50 €" in text(browser.get("/kaesehaus/ledger/units/"))

    place = account(owner).replace("points", "credit")
    form = browser.get(f"{place}correct/").content.decode()
    once = re.search(r'name="once" value="([^"]+)"', form)
    assert once is not None
    sent = {"reason": "Kulanz", "expires_on": "", "once": once[1]}
    # Two numbers are none, and no day lies beyond the calendar.
    for wrong in ({"amount": "1,2345"}, {"amount": "5 oder 6"}, {"expires_on": "9999-12-31"}):
        fault = browser.post(f"{place}correct/", {"amount": "1", **sent, **wrong})
        assert (fault.status_code, "12,50" in form) == (422, True)
    steers = browser.post(f"{place}correct/", {**sent, "amount": "1", "reason": "Kulanz\u202e"})
    assert (steers.status_code, "Hier stehen Steuerzeichen." in text(steers)) == (422, True)
    page = text(browser.post(f"{place}correct/", {**sent, "amount": "−2,50 €"}, follow=True))
    assert "Verfügbar 7,50" in page


def test_a_correction_above_the_limit_needs_somebody_else(
    as_: SignIn, cast: Cast, anna: Owner
) -> None:
    sven, mara = as_(cast.sven), as_(cast.mara)
    form = sven.get(f"{account(anna)}correct/")
    once = re.search(r'name="once" value="([^"]+)"', form.content.decode())
    assert once is not None
    said = {"amount": "150", "reason": "lost parcel", "expires_on": "", "once": once[1]}

    page = text(sven.post(f"{account(anna)}correct/", said, follow=True))
    assert "Somebody else has to agree first." in page
    assert "Available 900" in page
    proposal = Proposal.objects.get()
    own = sven.post(f"/kaesehaus/ledger/corrections/{proposal.pk}/agree/")
    assert "Somebody else has to decide on this correction." in text(own)
    assert "Somebody else decides." in text(sven.get("/kaesehaus/ledger/corrections/"))
    mara.post(f"/kaesehaus/ledger/corrections/{proposal.pk}/agree/")

    assert "Available 1,050" in text(sven.get(account(anna)))
    assert "booked" in text(mara.get("/kaesehaus/ledger/corrections/"))


def test_the_roll_forward_shows_each_door_and_ties(as_: SignIn, cast: Cast, anna: Owner) -> None:
    browser = as_(cast.anton)
    asked = "?since=2026-01-01&until=2026-01-31"

    page = browser.get(f"/kaesehaus/ledger/roll-forward/{asked}")
    assert "Opening 0 Given +1,200 Redeemed −300 Closing 900" in text(page)
    assert page.content.decode().count('<svg class="fall"') == 4
    assert " style=" not in page.content.decode()
    sent = browser.get(f"/kaesehaus/ledger/roll-forward.csv{asked}")
    assert "Closing,900" in b"".join(sent.streaming_content).decode()  # type: ignore[attr-defined]


def test_liability_shows_what_was_reckoned_and_makes_the_file(
    as_: SignIn, cast: Cast, anna: Owner
) -> None:
    browser: Client = as_(cast.mara, language="de")
    assert "Noch wurde nichts berechnet" in text(browser.get("/kaesehaus/ledger/liability/"))
    unit = Unit.objects.get()
    owing.reckon(cast.cheese, unit, owing.last_month(cast.cheese))

    page = text(browser.get("/kaesehaus/ledger/liability/"))
    assert "Rückstellung" in page
    assert RULES["provision"].source.split("; ")[1] in page
    numbers = {
        "number": "29098",
        "client": "55003",
        "year_begins_month": "1",
        "account_digits": "4",
    }
    browser.post("/kaesehaus/ledger/units/adviser/", numbers)
    months = {"since": "2026-01", "until": "2026-01"}
    missing = browser.post("/kaesehaus/ledger/liability/datev/", months)
    assert "auf welchem Konto die Verpflichtung steht" in text(missing)
    terms.decide(cast.cheese, unit, actor=COMMAND, owed="0970", cost="6300")
    sent = browser.post("/kaesehaus/ledger/liability/datev/", months)
    assert sent.content.startswith(b'"EXTF";700;21;"Buchungsstapel";13;')
    assert "EXTF_points_" in sent.headers["Content-Disposition"]
    assert (
        browser.post("/kaesehaus/ledger/liability/reckon/", {"month": "2026-01"}).status_code == 302
    )


def test_the_audit_names_what_does_not_hold(as_: SignIn, cast: Cast, anna: Owner) -> None:
    browser = as_(cast.olga)
    assert "Nothing was audited yet" in text(browser.get("/kaesehaus/ledger/audit/"))
    browser.post("/kaesehaus/ledger/audit/again/")
    assert "The audit is under way." in text(browser.get("/kaesehaus/ledger/audit/"))

    from stammkunde.ledger.auditing import Finding, audit

    reckonings.keep_audit(cast.cheese.pk, audit(cast.cheese.pk))
    assert "Everything holds" in text(browser.get("/kaesehaus/ledger/audit/"))
    broken = Finding("I4", cast.cheese.pk, "points", "balance of account 7", "900", "907")
    reckonings.keep_audit(cast.cheese.pk, [broken])
    assert "I4 points balance of account 7 900 907" in text(browser.get("/kaesehaus/ledger/audit/"))


@pytest.mark.parametrize("sort", ["available", ""])
def test_accounts_by_balance_come_from_an_index_that_is_never_sorted(
    as_: SignIn, cast: Cast, anna: Owner, sort: str
) -> None:
    if connection.vendor == "postgresql":
        # A table of one page would otherwise be read and sorted.
        bulk.run("SET LOCAL enable_seqscan = off")
        bulk.run("SET LOCAL enable_bitmapscan = off")
        bulk.run("SET LOCAL enable_sort = off")
    with CaptureQueriesContext(connection) as asked:
        answer = as_(cast.olga).get("/kaesehaus/ledger/", {"unit": "points", "sort": sort})
    assert "Anna Ahorn" in text(answer)
    (listed,) = (
        each["sql"] for each in asked if "'available'" in each["sql"] and "LIMIT" in each["sql"]
    )
    word = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    plan = "\n".join(str(row) for row in bulk.select(f"{word} {listed}".replace("%", "%%")))
    assert "ledger_account_most" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan
