"""What to offer: scores and measures against plain Python, planted likings, the real shop, the command."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import json
import math
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kohorte
from kohorte.errors import TooLittleError, UnknownNameError
from kohorte.recommendations import baskets, likeness, recommend, trial, ways

Records = tuple[list[dict[str, Any]], list[dict[str, Any]]]
START = dt.date(2025, 1, 1)


def shop(records: Records) -> kohorte.History:
    return kohorte.History.from_records(orders=records[0], order_lines=records[1])


def bought(rows: list[tuple[str, int, str]]) -> Records:
    """Return orders and lines of customers, days and products."""
    orders: dict[str, dict[str, Any]] = {}
    lines = []
    for number, (customer, day, product) in enumerate(rows):
        key = f"{customer}-{day}"
        placed = START + dt.timedelta(days=day)
        orders[key] = {"order_id": key, "customer_id": customer, "placed_at": placed}
        lines.append({"order_id": key, "line_number": number, "product_id": product, "quantity": 1})
    return list(orders.values()), lines


def random_rows(*, liking: bool, customers: int = 200, seed: int = 3) -> list[tuple[str, int, str]]:
    """Customers who buy from one of four shelves, or from all of them."""
    chance = random.Random(seed)  # noqa: S311 – made-up data
    rows = set()
    for number in range(customers):
        shelf = number % 4
        for _ in range(4):
            day = chance.randrange(0, 300)
            for _ in range(2):
                place = chance.randrange(15) + (15 * shelf if liking else 15 * chance.randrange(4))
                rows.add((f"c{number}", day, f"p{place:02}"))
    return sorted(rows)


@pytest.fixture(scope="module")
def likings() -> Records:
    return bought(random_rows(liking=True))


def test_scores_are_those_counted_by_hand() -> None:
    rows = random_rows(liking=True)
    last = START + dt.timedelta(days=200)
    with shop(bought(rows)) as history:
        found = baskets.until(history, last)
        learned = ways.learn(found)
    known = [row for row in rows if row[1] <= 200]
    have: dict[str, set[str]] = {}
    for customer, _, product in known:
        have.setdefault(customer, set()).add(product)
    n = len(have)
    buyers = Counter(product for products in have.values() for product in products)
    both = Counter(
        pair for products in have.values() for pair in itertools.permutations(products, 2)
    )
    scored = learned.together.score.toarray()
    assert found.buyers.tolist() == [buyers[product] for product in found.products]
    for i, one in enumerate(found.products):
        for j, other in enumerate(found.products):
            k, a, b = both[one, other], buyers[one], buyers[other]
            cells = ((k, a * b), (a - k, a * (n - b)), (b - k, (n - a) * b))
            rest = n - a - b + k
            g = 2 * sum(c * math.log(c * n / e) for c, e in cells if c) if k else 0.0
            g += 2 * rest * math.log(rest * n / ((n - a) * (n - b))) if k and rest else 0.0
            wanted = k / math.sqrt(a * b) * k / (k + 10) if k * n > a * b and g > 10.83 else 0.0
            if i == j:
                wanted = 0.0
            assert scored[i, j] == pytest.approx(wanted), (one, other)


def test_what_follows_is_the_next_basket_counted_by_hand() -> None:
    rows = random_rows(liking=True)
    with shop(bought(rows)) as history:
        found = baskets.until(history, START + dt.timedelta(days=400))
    earlier, later = found.steps()
    counted = np.asarray((earlier.T @ later).todense())
    days: dict[str, dict[int, set[str]]] = {}
    for customer, day, product in rows:
        days.setdefault(customer, {}).setdefault(day, set()).add(product)
    expected: Counter[tuple[str, str]] = Counter()
    for each in days.values():
        for now, then in itertools.pairwise(sorted(each)):
            expected.update(itertools.product(each[now], each[then]))
    for i, one in enumerate(found.products):
        for j, other in enumerate(found.products):
            assert counted[i, j] == expected[one, other]
    last = np.asarray(found.latest().todense())
    for place, customer in enumerate(found.customers):
        final = days[customer][max(days[customer])]
        assert {found.products[at] for at in np.flatnonzero(last[place])} == final


def test_what_a_customer_has_is_offered_only_if_it_is_bought_again() -> None:
    rows = [(f"c{n}", day, "milk") for n in range(30) for day in (0, 20, 40)]
    rows += [(f"c{n}", 10, f"book{n % 3}") for n in range(30)]
    with shop(bought(rows)) as history:
        found = recommend.of(history)
    offered = {row[2] for row in found.listing(customer="c0").rows}
    assert "milk" in offered
    assert "book0" not in offered
    assert {"book1", "book2"} <= offered


def test_measures_are_those_by_hand() -> None:
    hits = np.array([[False, True, True], [True, False, False], [False, False, False]])
    wanted = np.array([4, 1, 2])
    ideal = 1 + 1 / math.log2(3) + 0.5
    expected = [(1 / math.log2(3) + 0.5) / ideal, 1.0, 0.0]
    assert trial.ndcg(hits, wanted) == pytest.approx(expected)
    one = likeness.log_likelihood_ratio(
        np.array([110.0]), np.array([2552.0]), np.array([221.0]), 31_777.0
    )
    # “the swiss” in table 2 of Dunning (1993).
    assert one[0] == pytest.approx(270.72, abs=0.005)


def test_planted_likings_beat_what_sells(likings: Records) -> None:
    with shop(likings) as history:
        found = recommend.of(history)
    assert found.trial is not None
    assert found.best == "together"
    best = found.trial.rules[0]
    assert best.ahead_low is not None
    assert best.ahead_low > 5
    assert best.hit_low < best.hit_percent < best.hit_high
    for number in range(8):
        shelf = {f"p{place:02}" for place in range(15 * (number % 4), 15 * (number % 4) + 15)}
        rows = found.listing(customer=f"c{number}", most=3).rows
        assert {row[2] for row in rows} <= shelf
        assert all(row[5] in shelf for row in rows)
    beside = found.beside("p00", most=5)
    assert {row[0] for row in beside.rows} <= {f"p{place:02}" for place in range(15)}
    for row in beside.rows:
        assert row[4] == pytest.approx(row[2] / row[3])


def test_without_likings_what_sells_speaks() -> None:
    with shop(bought(random_rows(liking=False))) as history:
        found = recommend.of(history)
    assert found.best in ("recent", "popular")
    rows = found.listing(customer="c1", most=4).rows
    assert {row[6] for row in rows} == {found.best}
    assert all(row[5] is None for row in rows)


def test_old_purchases_say_less_if_asked(likings: Records) -> None:
    with shop(likings) as history:
        found = baskets.until(history, START + dt.timedelta(days=250))
        plain, aged = ways.learn(found), ways.learn(found, half_life_days=30)
    assert plain.weighed is plain.bought
    assert aged.weighed.nnz == plain.bought.nnz
    known = found.known
    rows = zip(found.customer[known], found.product[known], found.day[known], strict=True)
    days: dict[tuple[int, int], int] = {}
    for customer, product, day in rows:
        days[customer, product] = max(day, days.get((customer, product), 0))
    for (customer, product), day in list(days.items())[:50]:
        expected = 0.5 ** ((found.known_until - day) / 30)
        assert aged.weighed[customer, product] == pytest.approx(expected)


def test_on_the_real_shop_the_figures_are_those_of_the_documentation(
    two_years: kohorte.History,
) -> None:
    found = recommend.of(two_years)
    held = found.trial
    assert held is not None
    assert (held.days, held.customers, held.k, held.best) == (246, 2_602, 10, "together")
    shown = {
        rule.slug: (round(rule.hit_percent, 1), round(rule.ndcg_percent, 1)) for rule in held.rules
    }
    assert shown == {
        "together": (58.3, 15.4), "next": (57.3, 15.2), "popular": (54.2, 12.4), "recent": (54.9, 12.4),
    }  # fmt: skip


def test_too_little_is_named() -> None:
    with shop(([], [])) as nothing, pytest.raises(TooLittleError) as caught:
        recommend.of(nothing)
    assert caught.value.reason == "no_products"
    with shop(bought([("a", 0, "tea"), ("b", 3, "tea")])) as few, pytest.raises(TooLittleError):
        recommend.of(few)
    small = bought([(f"c{n}", n % 50, f"p{n % 3}") for n in range(30)])
    with shop(small) as short:
        found = recommend.of(short)
        assert (found.trial, found.best) == (None, "recent")
        assert found.untested is not None
        with pytest.raises(UnknownNameError, match="nobody"):
            found.listing(customer="nobody")
        with pytest.raises(UnknownNameError, match="gold"):
            found.beside("gold")


def test_the_command_offers_and_tells_how_well(tmp_path: Path, likings: Records) -> None:
    orders = {order["order_id"]: order for order in likings[0]}
    with (tmp_path / "lines.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["order_id", "customer_id", "date", "product_id", "quantity", "unit_price"])
        for line in likings[1]:
            order = orders[line["order_id"]]
            writer.writerow(
                [line["order_id"], order["customer_id"], order["placed_at"].isoformat(),
                 line["product_id"], 1, "9.90"]
            )  # fmt: skip

    def asked(*words: str) -> str:
        done = subprocess.run(  # noqa: S603 – our own interpreter
            [sys.executable, "-m", "kohorte", "recommend", "lines.csv", "--currency", "EUR",
             "--rows", "lines", *words],
            capture_output=True, text=True, cwd=tmp_path, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    said = asked("--language", "de", "--customer", "c1", "--product", "p00", "--out", "all.csv")
    assert "von denselben Kunden gekauft" in said
    assert "Zusammen" in said
    assert len((tmp_path / "all.csv").read_text("utf-8").splitlines()) == 2_001
    record = json.loads(asked("--json", "--product", "p00"))
    assert record["best"] == "together"
    assert record["customer"] is None
    assert record["product"][0]["together"] > record["product"][0]["expected"]
