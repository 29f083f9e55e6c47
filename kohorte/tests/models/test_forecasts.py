"""A forecast from a history: what models read, the trial on the shop's past, and the command."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import json
import math
import random
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kohorte
from kohorte.cli import clv
from kohorte.errors import SettingError, TooLittleError, UnknownNameError
from kohorte.forecasts import forecast, foretold, known
from kohorte.models.horizons import Months
from kohorte.models.mbg_nbd import MbgNbd
from kohorte.settings import Settings
from test_cli import kohorte as command

FIRST = dt.date(2024, 1, 1)


def orders(*, customers: int = 150, days: int = 600, seed: int = 7) -> list[dict[str, Any]]:
    """Return orders of customers who buy at rates of their own and may leave."""
    chance = random.Random(seed)  # noqa: S311 – a sample, not a secret
    found = []
    for number in range(customers):
        rate, leave = chance.gammavariate(1.2, 1 / 45), chance.betavariate(0.7, 3)
        level, day = chance.gammavariate(6, 8), float(chance.randrange(days))
        while day < days:
            cents = round(100 * chance.gammavariate(4, level / 4))
            placed = FIRST + dt.timedelta(days=int(day))
            found.append((f"K-{number}", placed, cents))
            if chance.random() < leave:
                break
            day += chance.expovariate(rate)
    return [
        {"order_id": str(place), "customer_id": name, "placed_at": day, "amount_minor": cents}
        for place, (name, day, cents) in enumerate(found)
    ]


def history(records: list[dict[str, Any]], **settings: Any) -> kohorte.History:
    return kohorte.History.from_records(
        orders=records, currency="EUR", settings=Settings(**settings)
    )


def by_hand(records: list[dict[str, Any]], until: dt.date) -> dict[str, tuple[float, ...]]:
    """Return x, t_x, T, mean, sum and logarithms of the gaps of each customer, in plain Python."""
    bought: dict[str, dict[dt.date, int]] = defaultdict(lambda: defaultdict(int))
    for order in records:
        if order["placed_at"] <= until:
            bought[order["customer_id"]][order["placed_at"]] += order["amount_minor"]
    found = {}
    for name, spent in bought.items():
        days = sorted(spent)
        gaps = [(after - before).days for before, after in itertools.pairwise(days)]
        again = [spent[day] for day in days[1:]]
        found[name] = (
            len(days) - 1,
            (days[-1] - days[0]).days,
            (until - days[0]).days,
            sum(again) / len(again) / 100 if again else 0,
            sum(spent.values()) / 100,
            sum(map(math.log, gaps)),
        )
    return found


@pytest.mark.parametrize("until", [None, FIRST + dt.timedelta(days=300)])
def test_what_models_read_is_counted_as_by_hand(until: dt.date | None) -> None:
    records = orders()
    with history(records) as shop:
        assert shop.span is not None
        last = until or shop.span.ends_on - dt.timedelta(days=1)
        found = known.on(shop, until, with_gaps=True)
    expected = by_hand(records, last)
    assert list(found.customers) == sorted(expected)
    buyers = found.buyers
    assert buyers.as_of == last
    assert buyers.monetary is not None
    assert buyers.log_gaps is not None
    for place, name in enumerate(found.customers):
        x, t_x, T, mean, revenue, gaps = expected[name]
        assert (buyers.x[place], buyers.t_x[place], buyers.T[place]) == (x, t_x, T)
        assert buyers.monetary[place] == pytest.approx(mean)
        assert found.revenue[place] == pytest.approx(revenue)
        assert buyers.log_gaps[place] == pytest.approx(gaps)


def test_what_came_later_is_counted_as_by_hand() -> None:
    records = orders()
    split = FIRST + dt.timedelta(days=400)
    with history(records) as shop:
        assert shop.span is not None
        last = shop.span.ends_on - dt.timedelta(days=1)
        found = known.holdout(shop, split)
    names = sorted({order["customer_id"] for order in records if order["placed_at"] <= split})
    days = {(order["customer_id"], order["placed_at"]) for order in records}
    length = (last - split).days
    for step in (1, 7, 12):
        end = split + dt.timedelta(days=math.floor(length * step / 12))
        counts = [sum(who == name and split < day <= end for who, day in days) for name in names]
        assert found.steps[:, step - 1].tolist() == counts
    assert found.last_year is not None
    start = split - dt.timedelta(days=365)
    end = start + dt.timedelta(days=length)
    counts = [sum(who == name and start < day <= end for who, day in days) for name in names]
    assert found.last_year.tolist() == counts
    with history(records) as shop:
        part = known.holdout(shop, split, most=50)
    assert part.steps[:, 11].tolist() == found.steps[:: -(-len(names) // 50), 11].tolist()


def test_the_model_that_foretold_the_past_best_speaks() -> None:
    with history(orders(), margin_percent=40) as shop:
        found = forecast.of(shop, draws=20)
        asked = forecast.of(shop, model="pareto_nbd", draws=20)
    assert found.contest is not None
    assert found.contest.best == found.contest.models[0].slug
    assert found.fit.model.slug in (found.contest.best, "nbd")
    assert asked.fit.model.slug in ("pareto_nbd", "nbd")
    assert [each.months for each in found.worth] == [12, 24, 36]
    for worth in found.worth:
        assert worth.shop.low <= worth.shop.value <= worth.shop.high
        assert worth.shop.value == pytest.approx(found.residual[worth.months].sum())
    best = found.listing(found.best(5))
    assert best.columns == foretold.COLUMNS
    values = [row[foretold.COLUMNS.index("value_12")] for row in best.rows]
    assert values == sorted(values, reverse=True)
    record = dict(zip(best.columns, best.rows[0], strict=True))
    assert record["profit_12"] == pytest.approx(0.4 * record["value_12"])
    assert record["total_36"] == pytest.approx(record["revenue"] + record["value_36"])
    assert record["low_12"] <= record["value_12"] <= record["high_12"]
    assert 0 <= record["alive_percent"] <= 100


def test_the_chance_of_still_being_a_customer_is_never_that_of_bg_nbd() -> None:
    with history(orders()) as shop:
        found = forecast.of(shop, model="bg_nbd", draws=5)
    once = found.known.buyers.x == 0
    assert once.any()
    assert (found.alive[once] < 1).all()
    modified = MbgNbd().fit(found.known.buyers)
    assert found.alive == pytest.approx(modified.alive(found.known.buyers))


def test_a_horizon_is_a_day_or_a_duration() -> None:
    with history(orders()) as shop:
        year = forecast.of(shop, model="mbg_nbd", horizon=Months(12), draws=5)
        day = forecast.of(shop, model="mbg_nbd", horizon=Months(12).after(year.as_of), draws=5)
    assert day.purchases == pytest.approx(year.purchases)


def test_a_model_that_loses_to_the_last_purchase_shows_no_customers() -> None:
    """Who bought most stays away, and who bought once and lately comes: the past misleads every model."""
    records = []
    for number in range(200):
        days = (
            [number % 80 + 7 * step for step in range(12)] if number % 2 else [150 + number % 100]
        )
        days += [] if number % 2 else [290 + number % 90]
        records += [
            {"order_id": f"{number}-{day}", "customer_id": str(number), "amount_minor": 1000,
             "placed_at": FIRST + dt.timedelta(days=day)}
            for day in days
        ]  # fmt: skip
    with history(records) as shop:
        lost = [
            found
            for slug in ("nbd", "bg_nbd")
            if (found := forecast.of(shop, model=slug, draws=5)).withheld is not None
        ]
    assert lost
    assert lost[0].listing([0, 1]).rows == ()
    assert lost[0].worth == ()
    assert lost[0].contest is not None
    trial = lost[0].contest.trial("nbd")
    assert trial is not None
    assert trial.deciles


def test_a_short_history_and_an_empty_one_are_named() -> None:
    records = [order for order in orders() if (order["placed_at"] - FIRST).days < 60]
    with history(records) as shop:
        found = forecast.of(shop, draws=5)
    assert found.contest is None
    assert found.untested is not None
    assert "84" in found.untested.render("en")
    assert found.fit.own_percent < 100
    assert np.isfinite(found.purchases).all()
    with history([]) as nothing, pytest.raises(TooLittleError):
        forecast.of(nothing)
    with history(records) as shop, pytest.raises(UnknownNameError, match="mbg_nbd"):
        forecast.of(shop, model="crystal_ball")


def test_a_few_customers_are_expected_to_spend_what_a_purchase_is_worth() -> None:
    records = orders()[:3]
    with history(records) as shop:
        found = forecast.of(shop, draws=5)
    days = {(order["customer_id"], order["placed_at"]) for order in records}
    mean = sum(order["amount_minor"] for order in records) / 100 / len(days)
    assert found.spending is not None
    assert found.spending.reason == "too_few_amounts"
    assert found.spending.per_purchase(found.known.buyers) == pytest.approx(mean)
    assert found.worth[0].shop.value > 0


def test_without_amounts_there_are_orders_and_no_values() -> None:
    records = [{**order, "amount_minor": None} for order in orders()]
    with history(records) as shop:
        found = forecast.of(shop, model="mbg_nbd", draws=5)
    assert found.spending is None
    assert found.worth == ()
    record = dict(zip(foretold.COLUMNS, found.listing(found.best(1)).rows[0], strict=True))
    assert record["value_12"] is None
    assert record["purchases"] == pytest.approx(found.purchases.max())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 months", Months(12)),
        ("2 Jahre", Months(24)),
        ("52 weeks", dt.timedelta(weeks=52)),
        ("90Tage", dt.timedelta(days=90)),
        ("2027-01-31", dt.date(2027, 1, 31)),
    ],
)
def test_horizons_are_read_in_both_languages(text: str, expected: Any) -> None:
    assert clv.parse(text) == expected


@pytest.mark.parametrize("text", ["12", "", "soon", "9999 years", "12 parsecs"])
def test_a_number_without_a_unit_is_no_horizon(text: str) -> None:
    with pytest.raises(SettingError, match="no horizon"):
        clv.parse(text)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    lines = ["Bestellnummer;Kundennummer;Bestelldatum;Gesamtbetrag"]
    lines += [
        f"{order['order_id']};{order['customer_id']};{order['placed_at']:%d.%m.%Y};"
        f"{order['amount_minor'] // 100},{order['amount_minor'] % 100:02}"
        for order in orders()
    ]
    (tmp_path / "orders.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def test_the_command_tells_model_record_value_and_customers(files: Path) -> None:
    done = command(
        *("clv", "orders.csv", "--model", "mbg_nbd", "--most", "3", "--out", "clv.csv"),
        *("--margin", "30", "--currency", "EUR", "--language", "de"),
        folder=files,
    )
    assert done.returncode == 0, done.stderr
    said = done.stdout
    assert "MBG/NBD, angepasst an 150 Kunden bis" in said
    assert "Gemessen an den letzten " in said
    for name in ("Pareto/NBD", "MBG/CNBD-k", "letzter Kauf"):
        assert name in said
    assert "12 Monate" in said
    assert "als Gewinn" in said
    assert re.search(
        r"Erwartete Abwanderung: [\d,]+ % \([\d,]+ bis [\d,]+ %\) der \d+ Kunden", said
    )
    assert re.search(r"sollten [\d,]+ % bis heute wegbleiben, und [\d,]+ % blieben weg", said)
    assert "3 von 150 Kunden" in said
    with (files / "clv.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 150
    assert tuple(rows[0]) == foretold.COLUMNS


def test_the_command_answers_in_json(files: Path) -> None:
    done = command(
        "clv", "orders.csv", "--json", "--currency", "EUR", "--margin", "30", folder=files
    )
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert {each["name"] for each in record["parameters"]} >= {"r", "alpha"}
    assert record["validation"]["best"] == record["validation"]["trials"][0]["slug"]
    assert len(record["validation"]["trials"][0]["deciles"]) == 10
    assert [each["months"] for each in record["value"]] == [12, 24, 36]
    for each in record["value"]:
        assert each["profit_low"] <= each["profit"] <= each["profit_high"]
        assert each["profit"] == pytest.approx(0.3 * each["residual"])
        assert each["cac_most"] == pytest.approx(0.3 * each["new_customer"])
    churn = record["expected_churn"]
    assert 0 <= churn["low"] <= churn["percent"] <= churn["high"] <= 100
    assert churn["validation"]["days"] == record["validation"]["days"]
    assert len(record["customers"]) == 10


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    asked = "import sys, kohorte, kohorte.cli.app; print({'numpy', 'scipy'} & set(sys.modules))"
    loaded = "import sys, kohorte.forecasts.forecast; print('scipy.stats' in sys.modules)"
    for statement, expected in ((asked, "set()"), (loaded, "False")):
        done = subprocess.run(  # noqa: S603 – our own interpreter
            [sys.executable, "-c", statement], capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == expected


def test_the_command_names_what_it_cannot_read(files: Path) -> None:
    done = command("clv", "orders.csv", "--horizon", "12", "--language", "de", folder=files)
    assert done.returncode == 2
    assert "kein Horizont" in done.stderr
