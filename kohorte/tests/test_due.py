"""Whose next order is due: the worked example, a naive oracle, and shops that know nothing yet."""

from __future__ import annotations

import csv
import datetime as dt
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import kohorte
import product
import strategies
from kohorte import due as library
from kohorte import settings as shop
from kohorte.errors import UnknownNameError
from oracle import due, examples, orders
from test_cli import kohorte as command

SHOPS = strategies.shops(min_orders=8).filter(lambda shop: shop.log is not None)
FIRST = examples.FIRST


def listed(history: kohorte.History, **asked: Any) -> dict[str, dict[str, Any]]:
    found = history.due(**asked)
    assert found.columns == library.COLUMNS
    records = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    assert len({record["customer_id"] for record in records}) == len(records)
    return {str(record["customer_id"]): record for record in records}


def read(bought: dict[str, list[int]], *, last: int, **settings: Any) -> kohorte.History:
    records = [
        {"order_id": f"{name}-{day}", "customer_id": name, "placed_at": examples.day(day)}
        for name, days in bought.items()
        for day in days
    ]
    until = examples.day(last)
    return kohorte.History.from_records(
        orders=records, settings=shop.Settings(until=until, **settings)
    )


def agree(log: orders.Log, found: dict[str, dict[str, Any]]) -> None:
    expected = {str(customer): each for customer, each in due.of(log).items()}
    assert set(found) == set(expected)
    for customer, each in expected.items():
        record = found[customer]
        for name in ("status", "basis", "usual_days", "late_days", "due_on", "late_on"):
            assert record[name] == getattr(each, name), (customer, name)
        chance = None if each.chance is None else pytest.approx(float(100 * each.chance))
        assert record["chance_percent"] == chance


@given(shop=SHOPS)
@strategies.examples(25)
def test_it_agrees_with_counting_by_hand(shop: strategies.Shop) -> None:
    log = shop.log
    assert log is not None
    with product.history(shop) as history:
        agree(log, listed(history))


@pytest.mark.slow
def test_it_agrees_for_a_busy_shop() -> None:
    """Here more than thirty pauses are known after every number of orders, and own ones as well."""
    recorded = tuple(examples.busy_shop())
    made = strategies.Shop(recorded, (), shop.Settings(active_days=120), "EUR", ("all",))
    assert made.log is not None
    with product.history(made) as history:
        found = listed(history)
    agree(made.log, found)
    assert {record["basis"] for record in found.values()} == {"shop", "own"}
    assert {record["status"] for record in found.values()} == set(library.STATUSES)


def test_the_days_of_a_small_shop() -> None:
    """Pauses of 10, 20, 30 and 40 days have ended; of two that are open one is long, one too long."""
    bought = {f"back {days}": [50 - days, 50] for days in (10, 20, 30, 40)}
    bought |= {"new": [50], "late": [5], "gone": [0]}
    with read(bought, last=50, active_days=50) as history:
        found = listed(history)
    new, late, gone = found["new"], found["late"], found["gone"]
    # Of six watched so long a third had come by day 20 and two thirds, all that ever came, by 40.
    assert (new["usual_days"], new["late_days"]) == (20, 40)
    assert (new["status"], new["elapsed_days"], new["basis"]) == ("not_due", 0, "shop")
    assert new["due_on"] == examples.day(70)
    assert (late["status"], late["elapsed_days"]) == ("overdue", 45)
    assert (late["due_on"], late["chance_percent"]) == (None, 0.0)
    assert (gone["status"], gone["chance_percent"]) == ("lapsed", None)


def test_a_customer_with_an_own_rhythm_is_judged_by_it() -> None:
    weekly = [7 * week for week in range(10)]
    bought = {f"rare {n}": [n, n + 60] for n in range(40)} | {"weekly": weekly}
    with read(bought, last=99) as history:
        found = listed(history)["weekly"]
    # 36 days without an order are nothing for the shop and a lot for who comes every week.
    assert (found["basis"], found["usual_days"], found["late_days"]) == ("own", 7, 7)
    assert (found["elapsed_days"], found["status"]) == (36, "overdue")
    assert found["due_on"] > examples.day(99)


def test_the_overdue_come_first_and_among_them_who_spends_most() -> None:
    chance = random.Random(4)  # noqa: S311 – a sample, not a secret
    records = [
        examples.order(customer, examples.day(day), cents=chance.randrange(10_000))
        for customer in range(60)
        for day in sorted(chance.sample(range(200), 3))
    ]
    made = strategies.Shop(tuple(records), (), shop.Settings(active_days=100), "EUR", ("all",))
    with product.history(made) as history:
        everybody = list(listed(history).values())
        overdue = list(listed(history, status="overdue").values())
    order = [library.STATUSES.index(record["status"]) for record in everybody]
    assert order == sorted(order)
    assert overdue == [record for record in everybody if record["status"] == "overdue"]
    values = [record["value"] for record in overdue]
    assert values == sorted(values, reverse=True)
    assert len(values) > 3


def test_money_given_back_without_naming_an_order_lowers_what_its_customer_is_worth() -> None:
    paid = [(0, "anna", 0), (1, "anna", 9), (2, "ben", 0), (3, "ben", 9)]
    records = [
        {"order_id": str(number), "customer_id": who, "placed_at": examples.day(day),
         "amount_minor": 5_000}
        for number, who, day in paid
    ]  # fmt: skip
    given_back = [
        # Of an order of these data, of no order, of an order before these data, and of nobody.
        ("anna", "0", 1_000), ("anna", None, 2_500), ("ben", "older", 3_000), (None, None, 700),
    ]  # fmt: skip
    refunds = [
        {"refund_id": str(number), "customer_id": who, "order_id": order, "amount_minor": amount,
         "refunded_at": examples.day(9)}
        for number, (who, order, amount) in enumerate(given_back)
    ]  # fmt: skip
    with kohorte.History.from_records(orders=records, refunds=refunds, currency="EUR") as history:
        worth = {name: one["value"] for name, one in listed(history).items()}
        revenue = history.metric("revenue", grain="all", segment="all")[0].value
    assert worth == {"anna": 65.0, "ben": 100.0}
    assert revenue == 190.0


def test_an_unknown_status_is_answered_with_the_known_ones() -> None:
    with read({"a": [0, 9]}, last=9) as history, pytest.raises(UnknownNameError, match="overdue"):
        history.due(status="late")


@pytest.mark.parametrize("bought", [{}, {"a": [0], "b": [3]}])
def test_before_anybody_has_come_back_nothing_is_known(bought: dict[str, list[int]]) -> None:
    with read(bought, last=30) as history:
        assert history.due() == library.NOBODY


def test_some_customers_are_judged_by_their_own_pauses() -> None:
    quick = {f"quick {n}": [n, n + 5, n + 10] for n in range(40)}
    slow = {f"slow {n}": [n, n + 50] for n in range(40)}
    with read(quick | slow, last=100) as history, history.only("orders >= 3"):
        found = listed(history)
    assert set(found) == set(quick)
    assert {record["usual_days"] for record in found.values()} == {5}


ORDERS = "Bestellnummer;Kundennummer;Bestelldatum;Gesamtbetrag\n" + "".join(
    f"{number};K-{customer};{(dt.date(2024, 1, 1) + dt.timedelta(days=day)):%d.%m.%Y};{amount},00\n"
    for number, (customer, day, amount) in enumerate(
        [(1, 0, 20), (1, 10, 30), (2, 0, 90), (2, 12, 90), (3, 5, 50), (4, 20, 10), (4, 40, 10)]
    )
)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    return tmp_path


def test_the_command_lists_who_is_overdue(files: Path) -> None:
    done = command("due", "orders.csv", "--currency", "EUR", "--language", "de", folder=files)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    start = lines.index("4 Kunden am 10. Feb. 2024:")
    counts = [line.split() for line in lines[start + 1 : start + 5]]
    assert [(row[0], row[-1]) for row in counts] == [
        ("3", "[overdue]"), ("0", "[due]"), ("1", "[not_due]"), ("0", "[lapsed]")
    ]  # fmt: skip
    listed = [line.split() for line in lines if line.strip().startswith("K-")]
    assert [row[0] for row in listed] == ["K-2", "K-1", "K-3"]
    assert listed[0][-2:] == ["180,00", "€"]
    assert "Üblich und spät:" in done.stdout


def test_the_command_sorts_cuts_and_writes_everybody(files: Path) -> None:
    done = command(
        *("due", "orders.csv", "--sort", "longest", "--most", "1", "--out", "due.csv"),
        *("--currency", "EUR", "--language", "en"),
        folder=files,
    )
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines() if "K-" in line] == ["K-3"]
    assert "1 of 3 customers; --out writes all of them." in done.stdout
    with (files / "due.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["customer_id"] for row in rows} == {"K-1", "K-2", "K-3", "K-4"}
    assert tuple(rows[0]) == library.COLUMNS


def test_the_command_says_when_there_is_nobody(files: Path) -> None:
    done = command(
        *("due", "orders.csv", "--status", "lapsed", "--currency", "EUR", "--language", "en"),
        folder=files,
    )
    assert "No customer has this status." in done.stdout
    header, first, *_ = ORDERS.splitlines()
    (files / "one.csv").write_text(f"{header}\n{first}\n", encoding="utf-8")
    done = command("due", "one.csv", "--currency", "EUR", "--language", "en", folder=files)
    assert done.returncode == 0
    assert "Nobody has come back on another day yet" in done.stdout
