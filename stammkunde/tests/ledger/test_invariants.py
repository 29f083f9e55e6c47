"""The audit proves the ledger's promises by their names (I1 to I18), and sees it when one is broken."""

from __future__ import annotations

import datetime as dt

import pytest
from booking import ANNA, BEN, Points, day  # type: ignore[import-not-found]
from django.db import DatabaseError, IntegrityError, connection, transaction

from stammkunde.core import bulk, clock
from stammkunde.core.audit.services import COMMAND
from stammkunde.ledger import queries, refusals, services, upkeep
from stammkunde.ledger.auditing import KEPT
from stammkunde.ledger.commands import (
    Adjust,
    Cancel,
    Capture,
    Convert,
    Donate,
    Hold,
    Release,
    Return,
    Reverse,
    Spend,
    Transfer,
)
from stammkunde.ledger.writing import TABLES

pytestmark = pytest.mark.django_db
# What somebody could do to the rows, were it not for the triggers, and which promises tell.
BREACHES = (
    ("UPDATE ledger_entry SET amount = amount + 1 WHERE id = {entry}", {"I1", "I2", "I17"}),
    ("UPDATE ledger_account SET balance = balance + 1 WHERE id = {account}", {"I4", "I17"}),
    ("UPDATE ledger_account SET balance = -3 WHERE role = 'debt' AND id = {debt}", {"I3", "I4"}),
    ("UPDATE ledger_lot SET available = available - 1 WHERE id = {lot}", {"I4", "I6"}),
    ("UPDATE ledger_lot SET earned = earned + 1 WHERE id = {lot}", {"I6"}),
    ("UPDATE ledger_hold SET state = 'captured', ended_id = transaction_id", {"I9"}),
    ("UPDATE ledger_taking SET amount = amount + 1", {"I10"}),
    ("UPDATE ledger_lot SET restores_id = {lot}, expires_at = '2026-03-02' WHERE id = {restored}",
     {"I11"}),
    ("UPDATE ledger_lot SET available_at = '2027-01-01 00:00:00+00'", {"I12"}),
    ("UPDATE ledger_lot SET expires_at = '2029-01-01 00:00:00+00'", {"I18"}),
    ("UPDATE ledger_transaction SET cause = 'another' WHERE id = {first}", {"chain"}),
    ("UPDATE ledger_closebalance SET balance = balance + 1", {"chain"}),
    ("UPDATE ledger_close SET sums = '{{\"available\": 1}}'", {"chain"}),
    ("UPDATE ledger_close SET latest_at = '2020-01-01 00:00:00+00'", {"chain"}),
    ("UPDATE ledger_entry SET account_id = 0 WHERE id = {entry}", {"references"}),
    ("UPDATE ledger_entry SET transaction_id = 0 WHERE id = {entry}", {"references", "I2"}),
    ("UPDATE ledger_entry SET lot_id = 0 WHERE id = {entry}", {"references", "I6"}),
    ("UPDATE ledger_lot SET origin_id = 0 WHERE id = {lot}", {"references", "I6"}),
)  # fmt: skip


@pytest.fixture
def booked(points: Points) -> Points:
    """Return points with a little of everything."""
    credit = Points(
        points.shop_id, "credit", kind="money", currency="EUR", scale=2, four_eyes_above=9
    )
    points.earn(ANNA, 40, 20, quantity=3, expires_at=day(100))
    points.earn(ANNA, 30, order="2", available_at=day(14))
    points.earn(BEN, 9, order="3", expires_at=day(5))
    services.mature(points.shop_id, effective_at=day(14))
    services.expire(points.shop_id, effective_at=day(14))
    spent = points.do(Spend, owner=ANNA, amount=25, source="order:4", at=15)
    held = [
        points.do(Hold, owner=ANNA, amount=5, source=f"order:{n}", expires_at=day(20), at=16)
        for n in (5, 6, 7)
    ]
    points.do(Capture, hold_id=held[0].hold_id, amount=2, at=17)
    points.do(Release, hold_id=held[1].hold_id, at=17)
    points.do(Return, lines=(("order:1/line:1", 1),), give_back=(("order:4", 5),), at=18)
    points.do(Return, give_back=(("order:4", 5),), minimum_days=400, at=18)
    points.do(Transfer, owner=ANNA, to=BEN, amount=6, at=18)
    points.do(Donate, owner=BEN, amount=1, charity="forest", at=18)
    points.do(Convert, owner=BEN, amount=2, to_unit="credit", numerator=5, at=18)
    points.do(Adjust, owner=BEN, amount=3, reason="kindness", by="person:1", at=18)
    points.do(Reverse, transaction_id=spent.transaction_id, reason="error", at=18)
    credit.do(Adjust, owner=ANNA, amount=10, reason="kindness", by="person:1")
    points.do(Cancel, source="order:2", at=19)
    services.close(points.shop_id, "points", until=clock.now(), actor=COMMAND)
    points.earn(ANNA, 1, order="8")
    services.close(points.shop_id, "points", until=clock.now(), actor=COMMAND)
    return points


def test_after_a_little_of_everything_all_promises_hold(booked: Points) -> None:
    assert queries.audit(booked.shop_id) == []
    assert queries.audit() == []
    assert [finding.state for finding in upkeep.findings()] == ["fine"]


def test_whoever_gets_round_the_triggers_is_found_out(booked: Points) -> None:
    ids = _ids()
    for statement, expected in BREACHES:
        with transaction.atomic():
            _disarm()
            bulk.run(statement.format(**ids))
            found = {finding.invariant for finding in queries.audit(booked.shop_id)}
            assert found >= expected | {"I8"}, statement
            transaction.set_rollback(True)
    assert queries.audit(booked.shop_id) == []


def test_what_was_booked_is_never_changed_nor_deleted(booked: Points) -> None:
    ids = _ids()
    forbidden = [f"DELETE FROM {table}" for table in KEPT]
    forbidden += [
        "UPDATE ledger_transaction SET cause = 'x'",
        "UPDATE ledger_entry SET amount = 1",
        f"UPDATE ledger_lot SET expires_at = NULL WHERE id = {ids['lot']}",
        f"UPDATE ledger_account SET owner_id = 'eve' WHERE id = {ids['account']}",
        "UPDATE ledger_hold SET state = 'open', ended_id = NULL WHERE state = 'captured'",
        f"UPDATE ledger_lot SET available = -1 WHERE id = {ids['lot']}",
        f"UPDATE ledger_account SET balance = -1 WHERE id = {ids['account']}",
        f"UPDATE ledger_account SET balance = 1 WHERE id = {ids['debt']}",
    ]
    for statement in forbidden:
        with pytest.raises(DatabaseError):
            _run_within(statement)
    assert queries.audit(booked.shop_id) == []


def test_what_is_named_is_there_or_nothing_is_written(booked: Points) -> None:
    ids = _ids()
    entry = "INSERT INTO ledger_entry (transaction_id, account_id, lot_id, amount) VALUES"
    columns = ", ".join(name for name in TABLES["ledger_lot"] if name not in ("id", "origin_id"))
    for statement in (
        f"{entry} (0, {ids['account']}, {ids['lot']}, 1)",
        f"{entry} ({ids['first']}, {ids['account']}, 0, 1)",
        f"INSERT INTO ledger_lot (origin_id, {columns}) SELECT 0, {columns} FROM ledger_lot "
        f"WHERE id = {ids['lot']}",
    ):
        with pytest.raises(IntegrityError):
            _run_within(statement)
    assert queries.audit(booked.shop_id) == []


def test_a_closed_period_does_not_grow_whatever_took_effect_in_it(points: Points) -> None:
    points.earn(ANNA, 5)
    until = clock.now()
    first = services.close(points.shop_id, "points", until=until, actor=COMMAND)
    assert first.count == 2
    points.earn(ANNA, 7, at=-40)
    with pytest.raises(refusals.BadCommand):
        services.close(points.shop_id, "points", until=until, actor=COMMAND)
    later = clock.now() + dt.timedelta(hours=1)
    with pytest.raises(refusals.BadCommand):
        services.close(points.shop_id, "points", until=later, actor=COMMAND)
    second = services.close(points.shop_id, "points", until=clock.now(), actor=COMMAND)
    assert (second.count, second.previous_hash) == (2, first.hash)
    assert queries.audit(points.shop_id) == []


def _ids() -> dict[str, int]:
    asked = {
        "entry": "SELECT min(id) FROM ledger_entry",
        "first": "SELECT min(id) FROM ledger_transaction",
        "account": "SELECT min(id) FROM ledger_account WHERE role = 'available' AND owner_id = 'anna'",
        "debt": "SELECT min(id) FROM ledger_account WHERE role = 'debt' AND owner_id = 'anna'",
        "lot": "SELECT min(id) FROM ledger_lot WHERE available > 1",
        "restored": "SELECT min(id) FROM ledger_lot WHERE restores_id IS NOT NULL",
    }
    return {name: bulk.select(sql)[0][0] for name, sql in asked.items()}


@transaction.atomic
def _run_within(statement: str) -> None:
    bulk.run(statement)
    # SQLite looks at keys when it commits, which a test does not.
    connection.check_constraints()


def _disarm() -> None:
    if connection.vendor == "postgresql":
        bulk.run("SET CONSTRAINTS ALL IMMEDIATE")
        for table in KEPT:
            bulk.run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        return
    for (name,) in bulk.select(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'ledger_%%'"
    ):
        bulk.run(f"DROP TRIGGER {name}")
