"""The card of points on a customer's page: who has none yet, the first ones by hand, and one sum for one person."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from dashboard.conftest import SignIn
from stammkunde.core.audit.services import COMMAND
from stammkunde.features.wallets import services as wallets
from stammkunde.features.wallets.models import Wallet
from stammkunde.flows import customers_merged
from stammkunde.ledger import services
from stammkunde.ledger.commands import Earn, EarnedLine, Return, Spend
from stammkunde.ledger.models import Account, Proposal, Transaction
from stammkunde.records.customers.models import Customer, Key
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


@pytest.fixture
def anna(cast: Cast) -> Customer:
    """Return Anna of the cheese shop, who never had a point; the shop counts points and credit."""
    for code, kind, name in (
        ("points", "points", "Bonuspunkte"),
        ("credit", "money", "Guthaben"),
        ("spring", "budget", "Frühling"),
    ):
        services.open_unit(
            cast.cheese.pk, code, kind=kind, name=name, actor=COMMAND, four_eyes_above=100,
            currency="EUR" if kind == "money" else "",
        )  # fmt: skip
    return Customer.objects.create(shop=cast.cheese, name="Anna Ahorn")


def correct(customer: Customer, unit: str = "points") -> str:
    return f"/kaesehaus/customers/{customer.pk}/points/{unit}/correct/"


def said(page: Any, amount: str) -> dict[str, str]:
    once = re.search(r'name="once" value="([^"]+)"', page.content.decode())
    assert once is not None
    return {"amount": amount, "reason": "welcome", "expires_on": "", "once": once[1]}


def test_support_gives_the_first_points_and_a_look_makes_no_account(
    as_: SignIn, cast: Cast, anna: Customer
) -> None:
    browser = as_(cast.sven)
    page = browser.get(f"/kaesehaus/customers/{anna.pk}/")
    assert "Points and credit Bonuspunkte No points yet Correct … Guthaben Nothing yet" in text(
        page
    )
    assert "Frühling" not in text(page)
    assert correct(anna) in page.content.decode()
    form = browser.get(correct(anna))
    refused = browser.post(correct(anna), said(form, "-5"))
    assert (refused.status_code, "can be used" in text(refused)) == (422, True)
    assert not Wallet.objects.exists()
    assert not Account.objects.exclude(owner_kind="").exists()

    booked = browser.post(correct(anna), said(form, "50"), follow=True)

    assert "It has been booked." in text(booked)
    assert "Corrected by hand welcome Available +50 +50 50" in text(booked)
    assert "Bonuspunkte 50 Correct …" in text(browser.get(f"/kaesehaus/customers/{anna.pk}/"))


def test_many_first_points_wait_for_a_second_person(
    as_: SignIn, cast: Cast, anna: Customer
) -> None:
    browser = as_(cast.sven)
    page = browser.post(correct(anna), said(browser.get(correct(anna)), "150"), follow=True)
    assert "Somebody else has to agree first." in text(page)
    agreed = f"/kaesehaus/ledger/corrections/{Proposal.objects.get().pk}/agree/"
    as_(cast.mara).post(agreed)
    assert "Bonuspunkte 150" in text(browser.get(f"/kaesehaus/customers/{anna.pk}/"))


def test_who_may_not_correct_sees_no_way_and_a_shop_without_units_no_card(
    as_: SignIn, cast: Cast, anna: Customer
) -> None:
    page = as_(cast.anton, language="de").get(f"/kaesehaus/customers/{anna.pk}/")
    assert "Bonuspunkte Noch keine Punkte" in text(page)
    assert "/points/points/correct/" not in page.content.decode()
    theirs = Customer.objects.create(shop=cast.tea, name="Tea")
    page = as_(cast.tina).get(f"/{cast.tea.slug}/customers/{theirs.pk}/")
    assert (page.status_code, "Points and credit" in text(page)) == (200, False)


def test_customer_and_unit_have_to_be_those_of_the_shop(
    as_: SignIn, cast: Cast, anna: Customer
) -> None:
    browser = as_(cast.olga)
    theirs = Customer.objects.create(shop=cast.tea, name="Tea")
    services.open_unit(cast.tea.pk, "leaves", kind="points", name="Leaves", actor=COMMAND)
    gone = Customer.objects.create(shop=cast.cheese, erased_at=AT)
    sent = said(browser.get(correct(anna)), "5")
    for place in (correct(theirs), correct(anna, "leaves"), correct(gone)):
        assert browser.get(place).status_code == 404, place
        assert browser.post(place, sent).status_code == 404, place
    assert not Wallet.objects.exists()


def test_a_merged_customer_has_one_sum_with_the_accounts_behind_it(
    as_: SignIn, cast: Cast, anna: Customer
) -> None:
    again = Customer.objects.create(shop=cast.cheese, name="A. Ahorn")
    for each in (anna, again):
        number = f"n{each.pk}"
        Key.objects.create(
            shop=cast.cheese, customer=each, kind="number", value=number, written=number
        )
    common: dict[str, Any] = {"shop_id": cast.cheese.pk, "unit": "points", "effective_at": AT}
    one, other = (wallets.owner_of(cast.cheese, each.pk) for each in (anna, again))
    for owner, amount in ((one, 100), (other, 40)):
        line = EarnedLine(f"order:{owner.id}/line:1", amount)
        services.post([Earn(key=owner.id, owner=owner, lines=(line,), **common)])
    customers_merged.merge(cast.cheese, kept_id=anna.pk, gone_id=again.pk, actor=COMMAND)
    browser = as_(cast.sven)

    page = browser.get(f"/kaesehaus/customers/{anna.pk}/")

    assert "Bonuspunkte 140 2 accounts Anna Ahorn 100 A. Ahorn 40 Correct …" in text(page)
    places = re.findall(r'href="([^"]+/accounts/points/[^"]+)"', page.content.decode())
    assert [place.split("/")[-2] for place in places] == [one.id, other.id]
    # What one of them owes is repaid by the other before anything is used.
    services.post([
        Spend(key="s", owner=other, amount=40, source="order:9", **common),
        Return(key="r", lines=((f"order:{other.id}/line:1", 1),), **common),
    ])  # fmt: skip
    assert "Bonuspunkte 60 2 accounts" in text(browser.get(f"/kaesehaus/customers/{anna.pk}/"))
    browser.post(correct(again), said(browser.get(correct(again)), "-60"))
    assert Transaction.objects.filter(scope="gather").exists()
    assert "Bonuspunkte 0 2 accounts" in text(browser.get(f"/kaesehaus/customers/{anna.pk}/"))
