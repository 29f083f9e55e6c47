"""`kohorte check --identities`: who was joined, as a shop owner sees it."""

from __future__ import annotations

import csv
from pathlib import Path

import kohorte
from test_cli import kohorte as run

ACCOUNTS = """Bestellnummer;Kundennummer;E-Mail;Bestelldatum;Betrag
1;20;anna@example.com;05.01.2024;10,00
2;=7;Anna@Example.com;06.01.2024;20,00
3;30;ben@example.com;07.01.2024;30,00
"""
GUESTS = """Bestellnummer;E-Mail;Bestelldatum;Betrag
G1;anna@example.com;06.02.2024;10,00
"""


def shop(folder: Path) -> Path:
    (folder / "konten.csv").write_text(ACCOUNTS, encoding="utf-8")
    (folder / "gaeste.csv").write_text(GUESTS, encoding="utf-8")
    return folder


def test_joined_customers_are_written_with_numbers_and_addresses(tmp_path: Path) -> None:
    arguments = ("konten.csv", "gaeste.csv", "--language", "de", "--identities", "wer.csv")
    done = run("check", *arguments, folder=shop(tmp_path))

    assert done.returncode == 0, done.stderr
    with (tmp_path / "wer.csv").open(encoding="utf-8", newline="") as file:
        rows = [tuple(row.values()) for row in csv.DictReader(file)]
    assert rows == [
        ("20", "20", "customer number"),
        ("20", "'=7", "same address"),
        ("20", "Anna@Example.com", "same address"),
    ]
    assert "3 Zeilen nach wer.csv geschrieben." in done.stdout
    assert "2 Kundennummern teilen sich E-Mail-Adressen und zählen zusammen als 1." in done.stdout


def test_joined_customers_come_back_in_all_metrics(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    paths = [folder / "konten.csv", folder / "gaeste.csv"]
    apart = kohorte.ReadOptions(separate_accounts=True)
    with kohorte.read(*paths) as history:
        (joined,) = history.metric("repeat_purchase_rate", grain="all")
    with kohorte.read(*paths, options=apart) as history:
        (separate,) = history.metric("repeat_purchase_rate", grain="all")

    assert (joined.value, joined.n) == (50.0, 2)
    assert (separate.value, separate.n) == (0.0, 4)


MANY = "Bestellnummer;Kundennummer;E-Mail;Bestelldatum;Betrag\n" + "".join(
    f"{n};{n};anna@example.com;{n:02}.01.2024;10,00\n" for n in range(1, 8)
)


def test_the_limit_of_numbers_per_address_is_the_shops_to_set(tmp_path: Path) -> None:
    (tmp_path / "konten.csv").write_text(MANY, encoding="utf-8")
    (tmp_path / "zuordnung.toml").write_text("accounts_per_address = 7\n", encoding="utf-8")

    usual = kohorte.read(tmp_path / "konten.csv")
    raised = kohorte.read(
        tmp_path / "konten.csv",
        options=kohorte.ReadOptions.from_mapping(tmp_path / "zuordnung.toml"),
    )
    with usual, raised:
        (apart,) = usual.metric("repeat_purchase_rate", grain="all")
        (joined,) = raised.metric("repeat_purchase_rate", grain="all")
        assert raised.reading is not None
        kept = raised.reading.mapping.to_toml()

    assert (apart.value, apart.n) == (0.0, 7)
    assert (joined.value, joined.n) == (100.0, 1)
    assert "accounts_per_address = 7" in kept


def test_a_limit_that_joins_nobody_or_everybody_says_so(tmp_path: Path) -> None:
    (tmp_path / "konten.csv").write_text(MANY, encoding="utf-8")
    arguments = ("konten.csv", "--language", "en", "--identities", "who.csv")

    nobody = run("check", *arguments, "--accounts-per-address", "1", folder=tmp_path)
    assert "no two numbers are joined" in nobody.stdout
    everybody = run("check", *arguments, "--accounts-per-address", "9", folder=tmp_path)
    assert (
        "With up to 9 customer numbers per address (--accounts-per-address) every address that "
        "several numbers share joins them: 1, the largest with 7." in everybody.stdout
    )
    none = run("check", *arguments, "--accounts-per-address", "0", folder=tmp_path)
    assert none.returncode == 2
    assert "An e-mail address has at least one customer number, not 0." in none.stderr
