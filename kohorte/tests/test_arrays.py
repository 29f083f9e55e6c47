"""Short ways to relations give the rows that the relations define."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

import kohorte
from kohorte import History
from kohorte.arrays import WAYS, neighbors, numbers, presence, waits

Shop = Callable[..., History]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Return a shop of made-up orders, whose customers have the numbers that are given."""
    monkeypatch.setattr(numbers, "ORDERS_AT_LEAST", 1)
    monkeypatch.setattr(presence, "MASKS_AT_LEAST", 1)

    def made(
        customers: list[Any],
        *,
        kind: str = "BIGINT",
        days: int = 1500,
        lacking: bool = False,
    ) -> History:
        """Amounts follow the day: of orders of one day any may be the one before."""
        chance = random.Random(days)  # noqa: S311 – a shop, not a secret
        bought = [(chance.randrange(days), chance.choice(customers)) for _ in range(400)]
        file = tmp_path / "orders.parquet"
        with duckdb.connect() as connection:
            connection.execute(
                f"CREATE TABLE o (order_id BIGINT, customer_id {kind}, placed_at TIMESTAMP, "
                "currency VARCHAR, amount_minor BIGINT, units DECIMAL(18, 3))"
            )
            connection.executemany(
                "INSERT INTO o VALUES (?, ?, TIMESTAMP '2021-01-31' + to_days(?), 'EUR', ?, ?)",
                [
                    [n, who, day, day % 5, None if lacking and n else 1 + day % 3]
                    for n, (day, who) in enumerate(bought)
                ],
            )
            connection.execute("COPY o TO $file (FORMAT parquet)", {"file": str(file)})
        return kohorte.read(file)

    return made


def kept(history: History, name: str) -> Counter[tuple[Any, ...]]:
    history._lay_out("month")
    return Counter(history.engine.cursor(f"SELECT * FROM {name}").fetchall())


def defined(history: History, name: str) -> Counter[tuple[Any, ...]]:
    """Return the rows of a relation by its SQL alone."""
    history.engine.forget_all()
    history.engine.ways = {}
    history.engine.instead = {}
    return kept(history, name)


@pytest.mark.parametrize("days", [90, 1500])
def test_arrays_and_sql_agree(shop: Shop, days: int) -> None:
    with shop([*range(-7, 60), None, 90], days=days) as history:
        history._lay_out("month")
        assert all(way(history.engine) for way in WAYS.values())
        names = (*WAYS, "customer_totals", "wait_counts")
        found = [kept(history, name) for name in names]
        assert found == [defined(history, name) for name in names]


@pytest.mark.parametrize("days", [1, 200, 1880])
def test_arrays_and_sql_agree_whatever_the_number_of_periods(shop: Shop, days: int) -> None:
    with shop([*range(40)], kind="SMALLINT", days=days) as history:
        assert kept(history, "mask_counts") == defined(history, "mask_counts")


def test_customers_beyond_a_piece_of_orders_are_still_one(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "_PIECE", 7)
    with shop([*range(120)]) as history:
        assert kept(history, "mask_counts") == defined(history, "mask_counts")


@pytest.mark.parametrize(
    ("customers", "kind"),
    [
        (["a", "b"], "VARCHAR"),
        ([None], "BIGINT"),
        ([1, 2, 1 << 40], "BIGINT"),
        ([0.5, 1.5], "DOUBLE"),
    ],
)
def test_what_is_no_row_of_a_table_is_left_to_sql(
    shop: Shop, customers: list[Any], kind: str
) -> None:
    with shop(customers, kind=kind) as history:
        history._lay_out("month")
        assert not presence.mask_counts(history.engine)
        assert not neighbors.purchases(history.engine)
        assert kept(history, "mask_counts") == defined(history, "mask_counts")


@pytest.mark.parametrize(("lacking", "most"), [(True, 400), (False, 399)])
def test_units_of_some_orders_and_too_many_orders_are_left_to_sql(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, lacking: bool, most: int
) -> None:
    monkeypatch.setattr(neighbors, "ORDERS_AT_MOST", most)
    with shop([*range(9)], lacking=lacking) as history:
        assert not neighbors.purchases(history.engine)
        assert kept(history, "purchases") == defined(history, "purchases")


def test_waits_of_a_long_history_are_left_to_sql(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waits, "CELLS_AT_MOST", 3)
    with shop([*range(9)]) as history:
        assert neighbors.purchases(history.engine) == ("purchases", "customer_totals")


def test_few_orders_are_left_to_sql(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "ORDERS_AT_LEAST", 401)
    monkeypatch.setattr(presence, "MASKS_AT_LEAST", 1000)
    with shop([*range(9)]) as history:
        history._lay_out("month")
        assert not presence.mask_counts(history.engine)
        assert not presence.period_overlaps(history.engine)


def test_orders_without_refunds_are_judged_as_if_there_were_some(shop: Shop) -> None:
    with shop([*range(9), None]) as history:
        assert history.engine.instead == {"judged_orders": "unrefunded_orders"}
        assert kept(history, "judged_orders") == defined(history, "judged_orders")


def test_orders_with_refunds_are_judged_by_them() -> None:
    orders = [{"order_id": "1", "customer_id": "a", "placed_at": "2026-01-05", "amount_minor": 900}]
    refund = {"refund_id": "r", "order_id": "1", "refunded_at": "2026-01-06", "amount_minor": 200}
    with History.from_records(orders=orders, refunds=[refund]) as history:
        assert not history.engine.instead
        assert kept(history, "judged_orders") == Counter(
            history.engine.cursor(
                "SELECT order_id, customer_id, day, amount_minor, 700, units, state, reason "
                "FROM judged_orders"
            ).fetchall()
        )
