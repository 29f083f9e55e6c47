"""When products are due again: against plain Python, on made-up rhythms, on the real shop, through the command."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kohorte
from kohorte.errors import TooLittleError, UnknownNameError
from kohorte.models import nested_means
from kohorte.replenishment import due, examples, gaps, rhythm, trial

Records = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def shop(orders: list[dict[str, Any]], lines: list[dict[str, Any]]) -> kohorte.History:
    return kohorte.History.from_records(orders=orders, order_lines=lines)


@pytest.fixture(scope="module")
def consumables() -> Records:
    """Three products that last 20, 45 and 100 days a piece, bought by sixty customers."""
    return examples.records((20.0, 45.0, 100.0), customers=60, length=700)


def by_hand(records: Records, until: dt.date) -> dict[tuple[str, str], dict[str, Any]]:
    """Return for each product and customer its days, quantities and finished times, in plain Python."""
    orders = {order["order_id"]: order for order in records[0]}
    bought: dict[tuple[str, str], dict[dt.date, float]] = {}
    for line in records[1]:
        order = orders[line["order_id"]]
        if order["placed_at"] <= until:
            days = bought.setdefault((line["product_id"], order["customer_id"]), {})
            days[order["placed_at"]] = days.get(order["placed_at"], 0) + line["quantity"]
    found = {}
    for pair, days in bought.items():
        ordered = sorted(days)
        times = [(b - a).days for a, b in itertools.pairwise(ordered)]
        found[pair] = {
            "last": ordered[-1],
            "quantity": days[ordered[-1]],
            "logs": [math.log(each) for each in times],
            "sizes": [math.log(days[day]) for day in ordered[:-1]],
        }
    return found


def test_gaps_are_those_counted_by_hand(consumables: Records) -> None:
    until = dt.date(2024, 6, 1)
    expected = by_hand(consumables, until)
    with shop(*consumables) as history:
        found = gaps.until(history, until)
    assert found.products == ("product-0", "product-1", "product-2")
    assert len(found) == len(expected)
    for place, (product, customer) in enumerate(zip(found.product, found.customers, strict=True)):
        one = expected[found.products[product], str(customer)]
        pairs = {name: values[place] for name, values in found.pairs.items()}
        assert pairs["gaps"] == len(one["logs"])
        assert pairs["gap"] == pytest.approx(sum(one["logs"]))
        assert pairs["gap_gap"] == pytest.approx(sum(each**2 for each in one["logs"]))
        assert pairs["size"] == pytest.approx(sum(one["sizes"]))
        assert pairs["size_gap"] == pytest.approx(
            sum(a * b for a, b in zip(one["sizes"], one["logs"], strict=True))
        )
        assert pairs["last_day"] == (one["last"] - dt.date(1970, 1, 1)).days
        assert pairs["last_quantity"] == one["quantity"]
        last = math.exp(one["logs"][-1]) if one["logs"] else 0
        assert pairs["last_gap"] == pytest.approx(last)


def test_what_was_put_in_comes_out(consumables: Records) -> None:
    with shop(*consumables) as history:
        found = due.of(history)
    assert found.rhythm.growth == pytest.approx(1.0, abs=0.05)
    assert math.sqrt(found.rhythm.noise) == pytest.approx(0.2, abs=0.02)
    assert math.sqrt(found.rhythm.pairs.between) == pytest.approx(0.2, abs=0.03)
    # At the usual quantity, half of the time one piece and half of the time two.
    expected = [usual * math.sqrt(2) for usual in (20.0, 45.0, 100.0)]
    assert np.exp(found.rhythm.products.mean) == pytest.approx(expected, rel=0.08)
    assert found.trial is not None
    assert found.trial.best == "rhythm"
    assert found.trial.covered_percent == pytest.approx(80, abs=8)
    known, *rules = found.trial.rules
    assert all(known.mean_error < rule.mean_error for rule in rules)
    assert all(rule.behind_low is not None and rule.behind_low > 0 for rule in rules)


def test_a_double_purchase_lasts_longer(consumables: Records) -> None:
    with shop(*consumables) as history:
        found = due.of(history)
    one, two = (
        found.rhythm.days(found.gaps, 0.5)[found.gaps.pairs["last_quantity"] == quantity]
        for quantity in (1, 2)
    )
    assert two.mean() / one.mean() == pytest.approx(2, rel=0.35)


def test_who_was_late_is_overdue_and_expected_from_today_on(consumables: Records) -> None:
    with shop(*consumables) as history:
        found = due.of(history)
    listed = found.listing()
    rows = [dict(zip(listed.columns, row, strict=True)) for row in listed.rows]
    assert len(rows) == 180
    for row in rows:
        assert row["from_on"] <= row["until_on"]
        assert row["due_on"] >= min(found.as_of, row["until_on"])
        late = row["until_on"] < found.as_of
        assert (row["status"] in ("overdue", "lapsed")) == late or row["until_on"] == found.as_of
    only = found.listing(status="overdue", product="product-0", customer=rows[0]["customer_id"])
    assert {row[1] for row in only.rows} <= {"product-0"}
    with pytest.raises(UnknownNameError, match="overdue"):
        found.listing(status="soon")


def test_the_conditional_median_is_that_of_futures_drawn_at_random() -> None:
    known = examples.gaps((30.0,), customers=20, purchases=5)
    fitted = rhythm.fit(known)
    elapsed = np.full(20, 35.0)
    draws = np.exp(
        fitted.middle(known)[0]
        + fitted.spread[0] * np.random.default_rng(2).standard_normal(400_000)
    )
    later = draws[draws > 35.0]
    assert fitted.days(known, 0.5, elapsed=elapsed)[0] == pytest.approx(np.median(later), rel=0.005)
    nothing_passed = fitted.days(known, 0.5, elapsed=np.zeros(20))
    assert nothing_passed == pytest.approx(fitted.days(known, 0.5))
    assert np.isfinite(fitted.days(known, 0.9, elapsed=np.full(20, 1e5))).all()


def test_means_are_drawn_as_bayes_says() -> None:
    """The posterior of a normal mean on a grid of possible means."""
    own, noise, parent, between = 4.0, 0.7, 2.5, 0.4
    grid = np.linspace(-10, 15, 200_001)
    weight = np.exp(-((own - grid) ** 2) / (2 * noise) - (grid - parent) ** 2 / (2 * between))
    weight /= weight.sum()
    mean = float(weight @ grid)
    level = nested_means.drawn(
        np.array([own, 0.0]),
        np.array([noise, np.inf]),
        np.array([parent, parent]),
        np.zeros(2),
        between,
    )
    assert level.mean[0] == pytest.approx(mean, abs=1e-6)
    assert level.variance[0] == pytest.approx(float(weight @ (grid - mean) ** 2), abs=1e-6)
    assert (level.mean[1], level.variance[1], level.own_share[1]) == (parent, between, 0.0)


def test_the_variance_between_is_that_of_dersimonian_and_laird() -> None:
    """Six trials, counted out in plain Python by the formula of the paper."""
    own, variance = [0.1, 0.4, 0.9, -0.2, 0.6, 0.3], [0.04, 0.09, 0.02, 0.16, 0.05, 0.01]
    weights = [1 / each for each in variance]
    center = sum(w * y for w, y in zip(weights, own, strict=True)) / sum(weights)
    q = sum(w * (y - center) ** 2 for w, y in zip(weights, own, strict=True))
    scale = sum(weights) - sum(w * w for w in weights) / sum(weights)
    expected = (q - 5) / scale
    found = nested_means.variance_between(np.array(own), np.array(variance), np.zeros(6, int))
    assert found == pytest.approx(expected)
    alike = nested_means.variance_between(np.ones(3), np.ones(3), np.zeros(3, int))
    assert alike == 0.0


def test_on_the_real_shop_one_law_for_all_does_better(two_years: kohorte.History) -> None:
    """Its gifts have no rhythm of their own; the figures stand in the documentation."""
    found = due.of(two_years)
    held = found.trial
    assert held is not None
    assert (held.days, held.purchases, held.customers) == (246, 45_243, 2_421)
    errors = {rule.slug: round(rule.mean_error, 1) for rule in held.rules}
    assert errors == {"rhythm": 67.6, "shop": 66.6, "product": 101.2, "last": 100.2}
    assert (held.best, found.together, found.withheld) == ("shop", True, None)


def test_too_little_is_named() -> None:
    with pytest.raises(TooLittleError) as caught, shop([], []) as nothing:
        due.of(nothing)
    assert caught.value.reason == "no_products"
    orders, lines = examples.records([30.0], customers=3, length=300)
    with shop(orders, lines) as few, pytest.raises(TooLittleError) as caught:
        due.of(few)
    assert caught.value.reason == "no_repeats"
    assert "zehn" in caught.value.render("de") or "10" in caught.value.render("de")
    orders, lines = examples.records([5.0], customers=12, length=60)
    with shop(orders, lines) as short:
        found = due.of(short)
    assert found.trial is None
    assert found.untested is not None
    orders, lines = examples.records([30.0], customers=6, length=200)
    with shop(orders, lines) as few_came:
        untested = due.of(few_came).untested
    assert untested is not None
    assert f"fewer than {trial.FEWEST}" in untested.render("en")


@pytest.fixture
def folder(tmp_path: Path, consumables: Records) -> Path:
    orders = {order["order_id"]: order for order in consumables[0]}
    with (tmp_path / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["order_id", "customer_id", "date", "product_id", "quantity", "unit_price"])
        for line in consumables[1]:
            order = orders[line["order_id"]]
            writer.writerow(
                [line["order_id"], f"k{order['customer_id']}", order["placed_at"].isoformat(),
                 line["product_id"], line["quantity"], "9.90"]
            )  # fmt: skip
    return tmp_path


def command(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 – our own interpreter
        [sys.executable, "-m", "kohorte", *words],
        capture_output=True, text=True, cwd=folder, check=False,
    )  # fmt: skip


def test_the_command_tells_trial_status_and_rows(folder: Path) -> None:
    asked = ("replenishment", "orders.csv", "--currency", "EUR", "--rows", "lines")
    done = command(*asked, "--status", "due", "--language", "de", "--out", "all.csv", folder=folder)
    assert done.returncode == 0, done.stderr
    assert "Rhythmus von Artikel und Kunde" in done.stdout
    assert "überfällig: neun von zehn" in done.stdout
    assert len((folder / "all.csv").read_text("utf-8").splitlines()) == 181
    done = command(*asked, "--json", "--customer", "k3", folder=folder)
    record = json.loads(done.stdout)
    assert {row["customer_id"] for row in record["rows"]} == {"k3"}
    assert record["validation"]["rules"][0]["slug"] == "rhythm"
    assert len(record["products"]) == 3
