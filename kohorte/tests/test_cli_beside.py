"""Files beside the orders on the command line: understood, asked about, answered, and reported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from test_cli import kohorte

ORDERS = "Bestellnummer;Kunde;Datum;Betrag\nB-1;a;2026-01-15;10,00\nB-2;b;2026-02-16;20,00\n"
SPEND = "Monat;Zweck;Kanal;Betrag (EUR)\n2026-01;Branding;Messe;90,00\n2026-01;Neukunden;;10,00\n"
ADS = "Day,Campaign,Cost,Clicks\n2026-01-05,Brand,9.50,3\n"
ANSWERS = "Datum;Kunde;CSAT\n05.01.2026;a;4\n06.01.2026;b;9\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in (
        ("o.csv", ORDERS),
        ("s.csv", SPEND),
        ("ads.csv", ADS),
        ("a.csv", ANSWERS),
    ):
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def test_a_check_tells_what_a_file_is_and_what_it_feeds(folder: Path) -> None:
    done = kohorte("check", "o.csv", "s.csv", "--language", "de", folder=folder)

    assert done.returncode == 0, done.stderr
    assert "s.csv: Ausgaben, 2 Zeilen" in done.stdout
    assert "spend.channel = Kanal" in done.stdout
    assert "Gelesen als: Ausgaben (zu 75\u00a0% sicher), wegen Zweck." in done.stdout
    assert "Daraus entstehen: Kundengewinnungskosten (CAC)" in done.stdout
    assert "? Was heißt „Branding“ in „Zweck“? Zeilen damit: 1." in done.stdout


def test_words_and_scales_are_said_with_options(folder: Path) -> None:
    said = ("--word", "purpose.Branding=acquisition", "--scale", "csat=1-5")

    done = kohorte("check", "o.csv", "s.csv", "a.csv", *said, "--language", "en", folder=folder)

    assert done.returncode == 0, done.stderr
    assert "Branding" not in done.stdout
    assert "Answers outside the scale from 1 to 5, which count nowhere: 1 (9)." in done.stdout


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (("--word", "Branding"), "“Branding” does not say what a word means."),
        (("--scale", "csat"), "“” is not a scale for csat. Write it as 1-5."),
    ],
)
def test_what_says_nothing_is_answered_with_an_example(
    folder: Path, said: tuple[str, str], message: str
) -> None:
    done = kohorte("check", "o.csv", *said, "--language", "en", folder=folder)

    assert done.returncode == 2
    assert message in done.stderr


def test_a_mapping_keeps_the_answers_for_files_of_other_dialects(folder: Path) -> None:
    first = kohorte("mapping", "o.csv", "ads.csv", "--yes", "--save", "m.toml", folder=folder)
    assert first.returncode == 0, first.stderr
    assert '"purpose.ads.csv" = "acquisition"' in (folder / "m.toml").read_text(encoding="utf-8")

    done = kohorte(
        "check",
        "o.csv",
        "ads.csv",
        "--mapping",
        "m.toml",
        "--json",
        "--language",
        "en",
        folder=folder,
    )

    assert done.returncode == 0, done.stderr
    _, ads = json.loads(done.stdout)["files"]
    assert ads["layout"] == "spend"
    assert ads["questions"] == []


def test_a_report_is_called_by_its_orders_and_lists_the_files_beside_them(folder: Path) -> None:
    done = kohorte("report", "o.csv", "s.csv", "--language", "en", "--out", "r", folder=folder)

    assert done.returncode == 0, done.stderr
    page = (folder / "r" / "report.html").read_text(encoding="utf-8")
    assert "<h1>o.csv</h1>" in page
    assert "s.csv" in page
    assert "purpose: `acquisition`" in page or "channel, such as search ads" in page
