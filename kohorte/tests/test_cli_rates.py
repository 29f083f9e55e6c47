"""A report on orders in several currencies, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from test_cli import kohorte

ORDERS = (
    "Bestellung;Kunde;Datum;Artikel;Betrag;Währung\n"
    "1;a;05.01.2024;Tee;10,00;EUR\n2;b;06.01.2024;Tee;10,96;USD\n"
    "3;c;08.01.2024;Geschenkgutschein;50,00;EUR\n"
)
RATES = "Date,USD,GBP,\n2024-01-08,1.0900,0.86,\n2024-01-05,1.0960,0.86,\n"


def test_a_report_converts_by_rates_and_leaves_gift_cards_out_of_revenue(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (tmp_path / "rates.csv").write_text(RATES, encoding="utf-8")
    options = ("--rates", "rates.csv", "--currency", "EUR", "--rows", "orders", "--language", "en")

    done = kohorte("report", "orders.csv", *options, "--out", "report", folder=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "Orders in USD: 1, over 10.96, converted at the rates of their days to 10.00 EUR." in (
        done.stdout
    )
    assert "1 row in no revenue: Gift card sold [gift_card]" in done.stdout
    metrics = json.loads((tmp_path / "report" / "metrics.json").read_text(encoding="utf-8"))
    (revenue,) = (
        row["value"]
        for row in metrics["rows"]
        if (row["metric"], row["grain"], row["segment"]) == ("revenue", "all", "all")
    )
    assert revenue == 20.0


def test_orders_in_several_currencies_are_refused_without_rates(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")

    done = kohorte("check", "orders.csv", "--language", "de", folder=tmp_path)

    assert done.returncode != 0
    assert "--rates DATEI und --currency EUR" in done.stderr
