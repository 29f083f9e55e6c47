"""`kohorte mapping` asks what a file leaves open, once, and what it kept reads the file the same way."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path

import pytest

from test_cli import kohorte

# Day or month first, and with or without taxes: nothing in the file tells.
ROWS = [
    f"B-{n};kunde{n % 4}@example.com;0{1 + n % 9}/0{1 + n % 7}/2025;{n},50;{'bezahlt' if n % 5 else 'Zurückgestellt'}"
    for n in range(1, 25)
]
FILE = "Bestellnummer;E-Mail;Datum;Betrag;Status\n" + "\n".join(ROWS) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bestellungen.csv").write_text(FILE, encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return kohorte(*arguments, folder=folder, said=said)


def test_answers_are_kept_and_not_asked_again(folder: Path) -> None:
    first = run(folder, "mapping", "bestellungen.csv", "--language", "de", said="2\n2\n1\n2\nEUR\n")
    assert first.returncode == 0, first.stderr
    kept = tomllib.loads((folder / "mapping.toml").read_text(encoding="utf-8"))
    assert kept["date_format"] == "%m/%d/%Y"
    assert kept["states"] == {"Zurückgestellt": "cancelled"}
    assert (kept["taxes"], kept["postage"], kept["currency"]) == ("inside", "outside", "EUR")

    again = run(
        folder, "check", "bestellungen.csv", "--mapping", "mapping.toml", "--language", "de"
    )
    assert again.returncode == 0, again.stderr
    assert "?" not in again.stdout


def test_a_file_that_exists_is_not_overwritten_unasked(folder: Path) -> None:
    (folder / "mapping.toml").write_text("# mine\n", encoding="utf-8")

    refused = run(folder, "mapping", "bestellungen.csv", "--language", "de")

    assert refused.returncode == 2
    assert "gibt es schon und bleibt" in refused.stderr
    assert (folder / "mapping.toml").read_text(encoding="utf-8") == "# mine\n"


def test_with_yes_nothing_is_asked_and_what_is_assumed_is_kept(folder: Path) -> None:
    done = run(folder, "mapping", "bestellungen.csv", "--yes", "--language", "en")

    assert done.returncode == 0, done.stderr
    assert "Answer" not in done.stdout
    assert (folder / "mapping.toml").exists()


def test_an_answer_that_is_none_is_asked_for_again(folder: Path) -> None:
    done = run(
        folder,
        "mapping",
        "bestellungen.csv",
        "--language",
        "en",
        said="77\n1\n1\n1\n1\nEUR\n",
    )

    assert done.returncode == 0, done.stderr
    assert "Please type a number from 1 to" in done.stderr
