"""PostgreSQL keeps the plans of small postings, and nothing of that is seen but that they are quick."""

from __future__ import annotations

from typing import Any

import pytest
from booking import ANNA, BEN, Points, day  # type: ignore[import-not-found]
from django.db import connection, transaction

from stammkunde.core import bulk, repeated
from stammkunde.core.errors import Refused
from stammkunde.ledger import services
from stammkunde.ledger.commands import Capture, Earn, EarnedLine, Hold, Owner, Spend

pytestmark = pytest.mark.django_db


def kept(of: str = "") -> int:
    """Return how many plans the connection keeps: none when a test begins, for one before was rolled back."""
    if connection.vendor != "postgresql":
        return 0
    asked = "SELECT count(*) FROM pg_prepared_statements WHERE position(%s in statement) > 0"
    return int(bulk.select(asked, (of,))[0][0])


def each_verb(points: Points, *, amount: int = 10) -> None:
    points.earn(ANNA, 2 * amount)
    points.do(Spend, owner=ANNA, amount=amount, source="order:2")
    held = points.do(Hold, owner=ANNA, amount=amount, source="order:3", expires_at=day(1))
    points.do(Capture, hold_id=held.hold_id)


def test_plans_are_kept_once_however_large_the_numbers(points: Points) -> None:
    for _time in range(4):
        each_verb(points)
    known = kept()
    assert (known > 0) == (connection.vendor == "postgresql")
    for amount in (1, 40_000, 3_000_000_000):
        for _time in range(4):
            each_verb(points, amount=amount)
    assert kept() == known


def test_batches_of_all_sizes_keep_nothing(points: Points) -> None:
    def batch(size: int, owner: Owner) -> None:
        lines = (EarnedLine("order:1/line:1", 1),)
        services.earn([points.command(Earn, owner=owner, lines=lines) for _one in range(size)])

    for _time in range(4):
        batch(40, ANNA)
    known = kept()
    for size in (50, 60, 70, 210):
        for _time in range(4):
            batch(size, BEN)
    assert kept() == known
    # A plan for some keys goes through thousands one by one.
    assert not kept("t.key = ANY")


def test_a_migration_meanwhile_leads_to_new_plans_and_no_refusal(points: Points) -> None:
    for _time in range(8):
        each_verb(points)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for change in (
                "ledger_account ALTER balance TYPE numeric",
                "ledger_lot ALTER pending TYPE numeric",
                "ledger_transaction ALTER kind TYPE varchar(99), ALTER body_hash TYPE text",
                "ledger_unit ALTER four_eyes_above TYPE numeric",
                "ledger_holdlot ADD more int",
            ):
                cursor.execute(f"ALTER TABLE {change}")
    each_verb(points)
    assert points.of(ANNA) == (0, 0, 0, 0)


def test_what_is_refused_does_not_lead_astray(points: Points) -> None:
    for _time in range(4):
        each_verb(points)
        with pytest.raises(Refused):
            points.do(Spend, owner=ANNA, amount=1, source="order:2")
        with transaction.atomic():
            each_verb(points)
            transaction.set_rollback(True)
    assert points.of(ANNA) == (0, 0, 0, 0)


def test_nothing_is_kept_where_a_pool_stands_between(
    points: Points, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor == "postgresql":
        monkeypatch.setitem(connection.settings_dict, "PREPARES", False)
    for _time in range(4):
        each_verb(points)
    assert kept() == 0
    assert points.of(ANNA) == (0, 0, 0, 0)


def test_nothing_long_numbers_and_marks_in_words_arrive_as_they_are(db: Any) -> None:
    for _time in range(4):
        found = repeated.select(
            "SELECT CAST(%s AS text), CAST(%s AS bigint), CAST(%s AS text)", (None, 2**40, "ä%s?")
        )
        assert found == [(None, 2**40, "ä%s?")]
