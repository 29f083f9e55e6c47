"""Statements, roll-forward and what is owed, on the ledger itself."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from booking import ANNA, BEN, Points, day  # type: ignore[import-not-found]

from stammkunde.core import clock
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import Refused
from stammkunde.ledger import closing, queries, services
from stammkunde.ledger.books import bookings, owing, rolling, terms
from stammkunde.ledger.books.lots_of_unit import lots_of_unit
from stammkunde.ledger.books.rolling import roll_forward
from stammkunde.ledger.books.statements import statement
from stammkunde.ledger.commands import Capture, Donate, Hold, Spend
from stammkunde.ledger.liability.lots import month_number
from stammkunde.ledger.models import OWNED, Account, Close, Entry, Unit
from stores_and_cast import Cast

BEGIN, END = day(-1000), day(1000)


def unit_of(points: Points) -> Unit:
    return Unit.objects.get(shop_id=points.shop_id, code=points.code)


def story(points: Points) -> None:
    """Anna earns, waits, reserves, spends and lets some expire; Ben earns."""
    points.earn(ANNA, 100, 50, at=0, available_at=day(14), expires_at=day(60))
    points.earn(BEN, 30, at=1, order="2")
    services.mature(points.shop_id, effective_at=day(14))
    held = points.do(Hold, owner=ANNA, amount=40, source="order:3", expires_at=day(30), at=20)
    points.do(Capture, hold_id=held.hold_id, amount=25, at=21)
    points.do(Spend, owner=ANNA, amount=10, source="order:4", at=22)
    services.expire(points.shop_id, effective_at=day(60))


@pytest.mark.django_db
def test_a_statement_runs_from_opening_to_closing_booking_by_booking(points: Points) -> None:
    story(points)
    unit = unit_of(points)

    told = statement(unit.pk, ANNA)

    assert [(line.kind, line.amount, line.balance) for line in told.lines[:6]] == [
        ("earn", 150, 150), ("mature", 0, 150), ("mature", 0, 150), ("hold", 0, 150),
        ("capture", -25, 125), ("spend", -10, 115),
    ]  # fmt: skip
    # What ends at one instant ends in no order that anybody promised.
    assert sorted(line.amount for line in told.lines[6:]) == [-65, -50]
    assert told.lines[3].changes == {"available": -40, "held": 40}
    assert told.lines[4].changes == {"available": 15, "held": -40}
    assert (told.opening, told.closing, told.more) == (0, 0, False)
    assert statement(unit.pk, BEN).closing == 30


@pytest.mark.django_db
def test_parts_of_a_statement_join_without_a_seam(points: Points) -> None:
    story(points)
    unit = unit_of(points)
    whole = statement(unit.pk, ANNA)

    for size in (1, 3, 5):
        lines, skip, more = [], 0, True
        while more:
            part = statement(unit.pk, ANNA, lines_max=size, skip=skip)
            assert part.opening == (lines[-1].balance if lines else 0)
            lines += part.lines
            skip, more = skip + size, part.more
        assert lines == list(whole.lines)
    since = statement(unit.pk, ANNA, since=day(15), until=day(59))
    assert (since.opening, since.closing, len(since.lines)) == (150, 115, 3)


@pytest.mark.django_db
def test_the_roll_forward_ties_to_the_last_point_between_any_two_instants(points: Points) -> None:
    story(points)
    unit = unit_of(points)

    whole = roll_forward(unit.pk, BEGIN, END)

    assert {door: amount for door, amount in whole.doors.items() if amount} == {
        "issued": 180, "redeemed": -35, "expired": -115,
    }  # fmt: skip
    assert (whole.opened, whole.closed, whole.rest, whole.matured) == (0, 30, 0, 150)
    chance = random.Random(1)  # noqa: S311 – a sample, not a secret
    for _attempt in range(12):
        first, last = sorted(chance.uniform(-2, 70) for _side in range(2))
        part = roll_forward(unit.pk, day(first), day(last))
        before = roll_forward(unit.pk, BEGIN, day(first))
        assert part.rest == 0
        assert part.opening == before.closing
    balances = Account.objects.filter(unit=unit, role__in=OWNED).values_list("role", "balance")
    assert whole.closing == {
        role: sum(balance or 0 for each, balance in balances if each == role) for role in OWNED
    }


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_counted_on_from_the_closes_or_from_zero_the_roll_forward_is_one(
    points: Points, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)  # noqa: S311 – a sample, not a secret
    today = (clock.now() - day(0)) / dt.timedelta(days=1)
    instants = [day(today + chance.uniform(-40, 40)) for _each in range(4)]
    for order in range(6):
        # Some became usable before the closes, some will only days after them.
        at = today + chance.uniform(-40, -1 if order < 3 else 0)
        points.earn(ANNA, chance.randint(1, 90), order=str(order), at=at, available_at=day(at + 9))
        services.mature(points.shop_id, effective_at=day(today + chance.uniform(-20, 40)))
        lots = queries.lots(points.shop_id, "points", ANNA)
        if has := sum(lot.available for lot in lots if lot.available_at <= day(today)):
            points.do(Donate, owner=ANNA, amount=has, charity="forest", at=today)
        if order % 2:
            instants.append(clock.now())
            services.close(points.shop_id, "points", until=instants[-1], actor=COMMAND)
    unit = unit_of(points)
    spans = [(first, last) for first in instants for last in instants if first < last]

    def told() -> list[rolling.RollForward]:
        return [
            roll_forward(unit.pk, *span, basis=basis)
            for span in spans
            for basis in get_args(rolling.Basis)
        ]

    counted_on = told()
    monkeypatch.setattr(rolling, "_close_before", lambda *_unit, **_basis: None)
    assert counted_on == told()
    assert queries.audit(points.shop_id) == []


@pytest.mark.django_db
def test_months_are_closed_once_and_what_is_closed_is_not_counted_again(
    points: Points, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    points.earn(ANNA, 10)
    later = clock.now() + dt.timedelta(days=40)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert closing.close_months(cast.cheese, actor=COMMAND) == 1
    assert closing.close_months(cast.cheese, actor=COMMAND) == 0
    points.earn(ANNA, 5, order="2")
    unit, (close,) = unit_of(points), Close.objects.all()
    assert (close.until.astimezone(ZoneInfo("Europe/Berlin")).day, close.latest_at) == (1, day(0))
    assert close.sums == {"available": 10, "issuance": -10}

    rolled = roll_forward(unit.pk, later, later + dt.timedelta(days=1), basis="recorded")
    assert (rolled.opened, rolled.closed) == (10, 15)
    assert rolling._close_before(unit, later, basis="recorded") == close
    close.sums["available"] = 7
    monkeypatch.setattr(rolling, "_close_before", lambda *_unit, **_basis: close)
    rolled = roll_forward(unit.pk, later, later + dt.timedelta(days=1), basis="recorded")
    assert (rolled.opened, rolled.closed) == (7, 12)


@pytest.mark.django_db
def test_a_broken_ledger_leaves_a_rest(points: Points) -> None:
    story(points)
    unit = unit_of(points)
    entry = Entry.objects.filter(account__role="available").order_by("pk")[0]
    Entry.objects.create(
        transaction_id=entry.transaction_id, account_id=entry.account_id, lot_id=entry.lot_id,
        amount=7,
    )  # fmt: skip

    assert roll_forward(unit.pk, BEGIN, END).rest == 7


@pytest.mark.django_db
def test_lots_are_read_by_month_and_door_and_tie_to_what_is_open(points: Points) -> None:
    story(points)
    unit = unit_of(points)

    lots = lots_of_unit(unit.pk, zone="Europe/Berlin", unit_value=Decimal(1))

    march = month_number(dt.date(2026, 3, 1))
    (ends, never) = sorted(lots.cells, key=lambda cohort: cohort.expires is None)
    # The thirtieth of April at noon.
    assert (ends.earned, ends.expires, never.expires) == (march, march + 1, None)
    cells = lots.cells[ends]
    assert (cells[0].issued, cells[0].redeemed, cells[1].expired) == (150, 35, 115)
    assert lots.open_at(march) == {ends: 115, never: 30}
    assert lots.open_at(march + 1) == {never: 30}


@pytest.mark.django_db
def test_what_is_owed_follows_the_branch_and_is_kept(points: Points, cast: Cast) -> None:
    points.earn(ANNA, 1000, at=0)
    unit = unit_of(points)
    terms.decide(
        cast.cheese, unit, actor=COMMAND, unit_value_minor=Decimal("0.5"), branch="provision"
    )

    kept = owing.reckon(cast.cheese, unit, month_number(dt.date(2026, 3, 1)))

    # Nothing was ever redeemed and nothing ends: prudence owes all of it.
    assert kept.answer["open"] == kept.answer["expected"] == 1000
    assert (kept.answer["open_minor"], kept.answer["owed_minor"]) == (500, 500)
    assert kept.answer["low"] is None
    terms.decide(cast.cheese, unit, actor=COMMAND, branch="rebate")
    assert owing.owed_on(cast.cheese, unit, dt.date(2026, 3, 31)) == 0
    assert owing.kept(cast.cheese, unit) == kept


@pytest.mark.django_db
def test_a_file_for_datev_books_by_how_much_the_provision_changed(
    points: Points, cast: Cast
) -> None:
    points.earn(ANNA, 1000, at=0)
    unit = unit_of(points)
    march = (dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    missing = []
    for said in (
        lambda: terms.name_adviser(
            cast.cheese, actor=COMMAND, number=29098, client=55003, year_begins_month=1,
            account_digits=4,
        ),
        lambda: terms.decide(cast.cheese, unit, actor=COMMAND, unit_value_minor=Decimal(1)),
        lambda: terms.decide(cast.cheese, unit, actor=COMMAND, owed="0970"),
        lambda: terms.decide(cast.cheese, unit, actor=COMMAND, cost="6300"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            bookings.batch(cast.cheese, unit, *march)
        missing.append(refused.value.name)
        said()

    row = bookings.batch(cast.cheese, unit, *march).decode("cp1252").split("\r\n")[2]

    assert missing == [
        "books.no_adviser", "books.value_missing", "books.account_missing",
        "books.account_missing",
    ]  # fmt: skip
    assert row.startswith('10,00;"H";"EUR";;;"";970;6300;"";3103;"POINTS-202603"')
    with pytest.raises(Refused):
        bookings.batch(cast.cheese, unit, dt.date(2025, 12, 1), dt.date(2026, 3, 31))


@pytest.mark.django_db
def test_money_that_is_owed_books_each_door_and_ties(cast: Cast) -> None:
    credit = Points(cast.cheese.pk, "credit", kind="money", currency="EUR", scale=2)
    credit.earn(ANNA, 5000, at=0, expires_at=day(20))
    credit.do(Spend, owner=ANNA, amount=1234, source="order:9", at=3)
    services.expire(credit.shop_id, effective_at=day(20))
    unit = unit_of(credit)
    terms.name_adviser(cast.cheese, actor=COMMAND, number=29098, client=55003)
    terms.decide(
        cast.cheese, unit, actor=COMMAND, owed="3500", cost="1460", used="1461", lapsed="4830"
    )

    found = bookings.batch(cast.cheese, unit, dt.date(2026, 3, 1), dt.date(2026, 3, 31))

    rows = [row.split(";") for row in found.decode("cp1252").split("\r\n")[2:-1]]
    assert [(row[0], row[1], row[6], row[7]) for row in rows] == [
        ("50,00", '"H"', "3500", "1460"), ("12,34", '"S"', "3500", "1461"),
        ("37,66", '"S"', "3500", "4830"),
    ]  # fmt: skip
