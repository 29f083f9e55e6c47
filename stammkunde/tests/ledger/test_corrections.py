"""Corrections by hand with four eyes, gifts to charities, and what becomes of points in another unit."""

from __future__ import annotations

import pytest
from booking import ANNA, Points, day, has  # type: ignore[import-not-found]

from stammkunde.core.audit.models import Event
from stammkunde.ledger import refusals, services
from stammkunde.ledger.commands import Adjust, Balances, Convert, Donate
from stammkunde.ledger.models import Account, Entry
from stores_and_cast import Cast

pytestmark = pytest.mark.django_db


def test_a_small_correction_is_booked_and_a_large_one_waits_for_somebody_else(cast: Cast) -> None:
    points = Points(cast.cheese.pk, four_eyes_above=100)
    said = {"owner": ANNA, "reason": "damaged parcel", "by": "person:1"}
    assert has(points.do(Adjust, amount=100, **said)) == Balances(available=100)
    assert has(points.do(Adjust, amount=-30, **said)) == Balances(available=70)
    waiting = points.do(Adjust, amount=101, **said)
    assert has(waiting) == Balances(available=70)
    assert waiting.proposal_id
    with pytest.raises(refusals.NeedsSecondPerson):
        services.approve(points.shop_id, waiting.proposal_id, by="person:1")
    with pytest.raises(refusals.UnknownProposal):
        services.approve(cast.tea.pk, waiting.proposal_id, by="person:2")
    approved = services.approve(points.shop_id, waiting.proposal_id, by="person:2")
    assert has(approved) == Balances(available=171)
    with pytest.raises(refusals.ProposalDecided):
        services.approve(points.shop_id, waiting.proposal_id, by="person:3")
    other = points.do(Adjust, amount=-171, **said)
    services.decline(points.shop_id, other.proposal_id or 0, by="person:1")
    assert points.of(ANNA) == (0, 171, 0, 0)
    names = set(Event.objects.filter(name__startswith="ledger.").values_list("name", flat=True))
    assert names == {
        "ledger.unit_opened",
        "ledger.corrected",
        "ledger.proposed",
        "ledger.correction_approved",
        "ledger.correction_declined",
    }


def test_what_is_donated_is_booked_to_the_charity(points: Points) -> None:
    points.earn(ANNA, 10)
    assert has(points.do(Donate, owner=ANNA, amount=4, charity="forest")) == Balances(available=6)
    account = Account.objects.get(role="donation", owner_kind="charity", owner_id="forest")
    assert list(Entry.objects.filter(account=account).values_list("amount", flat=True)) == [4]


def test_points_become_money_rounded_down_once_and_keep_their_expiry(points: Points) -> None:
    credit = Points(points.shop_id, "credit", kind="money", currency="EUR", scale=2)
    for expires in (day(10), day(20), None):
        points.earn(ANNA, 50, expires_at=expires)
    posted = points.do(
        Convert, owner=ANNA, amount=125, to_unit="credit", numerator=1, denominator=3
    )
    assert has(posted) == Balances(available=25)
    assert posted.notes == ("rounded_down:2/3",)
    assert credit.lots(ANNA) == [(0, 17, 0), (0, 16, 0), (0, 8, 0)]
    sums: dict[int, int] = {}
    for unit, amount in Entry.objects.values_list("account__unit", "amount"):
        sums[unit] = sums.get(unit, 0) + amount
    assert set(sums.values()) == {0}
