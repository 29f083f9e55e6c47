"""Refunds and customers beside the orders on the command line: kinds, rules, and templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from test_cli import kohorte

ORDERS = "Bestellnummer;Kunde;Datum;Betrag\nB-1;a;2024-01-05;10,00\nB-2;b;2024-01-06;20,00\n"
PLAIN = "Nummer;Bestellnummer;Kunde;Datum;Betrag\n1;B-2;b;2024-01-16;20,00\n"
PEOPLE = "Kunde;Kundengruppe\na;Händler\nb;Privat\nc;Privat\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in (("o.csv", ORDERS), ("x.csv", PLAIN), ("k.csv", PEOPLE)):
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def test_the_kind_of_a_file_can_be_said(folder: Path) -> None:
    done = kohorte("check", "o.csv", "x.csv", "--kind", "refunds:x.csv", folder=folder)

    assert done.returncode == 0, done.stderr
    assert "[fully_refunded]" in done.stdout


@pytest.mark.parametrize("said", ["refunds", "ordres:x.csv", "refunds:"])
def test_a_kind_that_says_nothing_is_answered_with_the_known_ones(folder: Path, said: str) -> None:
    done = kohorte("check", "o.csv", "--kind", said, "--language", "en", folder=folder)

    assert done.returncode == 2
    assert f"“{said}” does not say what a file holds" in done.stderr
    assert "orders, refunds, customers" in done.stderr


def test_a_rule_may_name_a_column_of_the_customers(folder: Path) -> None:
    rule = "business:Kundengruppe=Händler"

    done = kohorte("check", "o.csv", "k.csv", "--exclude", rule, "--language", "de", folder=folder)

    assert done.returncode == 0, done.stderr
    assert "trifft auf 1 Kunden dieser Liste zu" in done.stdout
    assert "[business]" in done.stdout


@pytest.mark.parametrize("language", ["de", "en"])
def test_templates_as_they_are_written_are_read_together(folder: Path, language: str) -> None:
    names = ("orders", "refunds", "customers")
    for name in names:
        done = kohorte(
            "template", name, "--language", language, "--out", f"{name}.csv", folder=folder
        )
        assert done.returncode == 0, done.stderr

    done = kohorte("check", *(f"{name}.csv" for name in names), "--language", "en", folder=folder)

    assert done.returncode == 0, done.stderr
    assert "This is a list of refunds: 3 over 61.50; 2 of them name an order" in done.stdout
    assert "This is a list of customers; 2 of them have orders here" in done.stdout
