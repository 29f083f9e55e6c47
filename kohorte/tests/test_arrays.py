"""Short ways to relations give the rows that the relations define."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

import kohorte
from kohorte import History
from kohorte.arrays import WAYS, cores, neighbors, numbers, presence, runs, stretches
from kohorte.results import Grain

Shop = Callable[..., History]
WRITTEN = (*WAYS, "customer_totals", "wait_counts")


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


def kept(history: History, name: str, *, grain: Grain = "month") -> Counter[tuple[Any, ...]]:
    history._lay_out(grain)
    return Counter(history.engine.cursor(f"SELECT * FROM {name}").fetchall())


def defined(history: History, name: str, *, grain: Grain = "month") -> Counter[tuple[Any, ...]]:
    """Return the rows of a relation by its SQL alone."""
    history.engine.forget_all()
    history.engine.ways = {}
    history.engine.instead = {}
    return kept(history, name, grain=grain)


@pytest.mark.parametrize(("days", "grain"), [(90, "month"), (1500, "month"), (1500, "year")])
def test_arrays_and_sql_agree(shop: Shop, days: int, grain: Grain) -> None:
    with shop([*range(-7, 60), None, 90], days=days) as history:
        history._lay_out(grain)
        assert all(way(history.engine) for way in WAYS.values())
        found = [kept(history, name, grain=grain) for name in WRITTEN]
        assert found == [defined(history, name, grain=grain) for name in WRITTEN]


@pytest.mark.parametrize(
    ("customers", "at_a_time"), [([*range(60)], 1), ([*range(60)], 64), ([5], 2)]
)
def test_customers_at_the_edge_of_a_piece_are_whole_on_any_number_of_cores(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, customers: list[Any], at_a_time: int
) -> None:
    monkeypatch.setattr(cores, "PIECE", 7)
    with shop(customers) as history:
        history.engine.threads = at_a_time
        found = [kept(history, name) for name in WRITTEN]
        assert "purchases" in history.engine.beside
        assert found == [defined(history, name) for name in WRITTEN]
    assert not [thread for thread in threading.enumerate() if "kohorte" in thread.name]


def test_work_on_pieces_comes_back_in_their_order_and_fails_as_a_whole() -> None:
    reached = threading.Barrier(2)

    def waited(piece: int) -> int:
        """Both threads are here before either goes on."""
        reached.wait(timeout=60)
        return -piece

    assert cores.each(waited, [3, 1, 2, 4], cores=2) == [-3, -1, -2, -4]

    def failing(piece: int) -> int:
        if piece:
            raise ValueError(piece)
        return piece

    for at_a_time in (1, 2):
        with pytest.raises(ValueError, match="7"):
            cores.each(failing, [0, 7, 8], cores=at_a_time)
    assert cores.each(failing, [], cores=2) == []
    assert not [thread for thread in threading.enumerate() if "kohorte" in thread.name]


def test_what_follows_from_orders_is_forgotten_with_them(shop: Shop) -> None:
    with shop([*range(9)]) as history:
        kept(history, "purchases")
        assert neighbors.of(history.engine) is not None
        history.engine.forget("purchases")
        assert not history.engine.beside


def test_days_outside_all_periods_and_too_many_orders_of_one_are_left_to_sql(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shop([*range(9)]) as history:
        history._cut("month", history.periods("month")[:-1])
        assert not runs.sums(history.engine)
        history._lay_out("month")
        assert runs.sums(history.engine) == runs.WRITTEN
        monkeypatch.setattr(runs, "COHORTS_AT_MOST", 1)
        assert runs.sums(history.engine) == runs.WRITTEN[:-1]
        monkeypatch.setattr(runs, "CELLS_AT_MOST", 100)
        assert not runs.sums(history.engine)
        history.engine.forget_all()
        assert kept(history, "period_sums") == defined(history, "period_sums")


@pytest.mark.parametrize("days", [1, 200, 1880])
def test_arrays_and_sql_agree_whatever_the_number_of_periods(shop: Shop, days: int) -> None:
    with shop([*range(40)], kind="SMALLINT", days=days) as history:
        assert kept(history, "mask_counts") == defined(history, "mask_counts")


def test_customers_beyond_a_piece_of_orders_are_still_one(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cores, "PIECE", 7)
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
    monkeypatch.setattr(stretches, "ORDERS_AT_MOST", most)
    with shop([*range(9)], lacking=lacking) as history:
        assert not neighbors.purchases(history.engine)
        assert kept(history, "purchases") == defined(history, "purchases")


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
