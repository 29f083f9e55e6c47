"""Parts of the customers on the command line: `--where` and `breakdown`."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from test_cli import kohorte

ORDERS = """Bestellnummer;Kundennummer;Bestelldatum;Gesamtbetrag (brutto);Land;Status
1;K-1;25.01.2024;19,90 €;DE;bezahlt
2;K-2;26.01.2024;1.249,00 €;AT;bezahlt
3;K-1;20.02.2024;35,50 €;DE;zurückgelegt
4;K-3;21.02.2024;12,00 €;DE;bezahlt
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "bestellungen.csv").write_text(ORDERS, encoding="utf-8")
    return tmp_path


def test_a_report_can_be_about_some_customers_and_says_so(shop: Path) -> None:
    where = 'country = "DE" and orders >= 2'
    done = kohorte(
        *("report", "bestellungen.csv", "--where", where, "--out", "r", "--language", "de"),
        folder=shop,
    )
    assert done.returncode == 0, done.stderr
    said = "Nur Kunden, für die gilt: das Land ist „DE“ und die Zahl der Bestellungen ist mindestens 2."
    assert said in done.stdout
    assert said in (shop / "r" / "report.html").read_text(encoding="utf-8")
    assert json.loads((shop / "r" / "metrics.json").read_text(encoding="utf-8"))["only"]
    assert "Es zählen 2 Bestellungen von 1 Kunden" in done.stdout


def test_a_condition_that_cannot_be_read_is_refused_with_its_place(shop: Path) -> None:
    done = kohorte(
        "cohorts", "bestellungen.csv", "--where", "lnd = 1", "--language", "de", folder=shop
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith("„lnd“ ist nicht bekannt (Zeichen 1).")


def test_metrics_stand_side_by_side(shop: Path) -> None:
    done = kohorte(
        "breakdown", "bestellungen.csv", "--by", "country", "--language", "en", folder=shop
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == [
        "DE (2 customers)",
        "AT (1 customer)",
        "In no metric do the groups differ by more than chance explains.",
    ]
    assert "50.0% (9.5–90.5; n = 2)" in done.stdout


def test_a_breakdown_is_saved_as_a_table(shop: Path) -> None:
    done = kohorte(
        *("breakdown", "bestellungen.csv", "--metric", "revenue", "--grain", "month"),
        *("--most", "2", "--out", "b.csv"),
        folder=shop,
    )
    assert done.returncode == 0, done.stderr
    with (shop / "b.csv").open(encoding="utf-8", newline="") as file:
        rows = [(r["country"], r["period"], r["value"]) for r in csv.DictReader(file)]
    assert rows == [
        ("DE", "2024-01", "19.9"),
        ("DE", "2024-02", "47.5"),
        ("AT", "2024-01", "1249.0"),
        ("AT", "2024-02", "0.0"),
    ]
