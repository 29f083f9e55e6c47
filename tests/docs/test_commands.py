"""Every `kohorte` command that the pages show works, with files as the pages describe them."""

from __future__ import annotations

import csv
import io
import re
import shlex
import shutil
import sqlite3
from pathlib import Path

import pytest
import xlsxwriter

from kohorte import templates
from kohorte.cli import app

ROOT = Path(__file__).parents[2]
STRANGERS = ROOT / "kohorte/tests/reading/fixtures/strangers"
LANGUAGES = ("de", "en")
# Some read what others write: a mapping file, an earlier report.
FIRST = ("mapping", "report")
PEOPLE = 12
HEAD = (
    "Order number;Customer number;E-Mail;Order date;Total (gross);Currency;Country;Sales channel\n"
)
BESIDE = {
    "spend": ("spend.csv", "ausgaben.csv"),
    "returns": ("returns.csv", "retouren.csv"),
    "tickets": ("tickets.csv", "anfragen.csv"),
    "responses": ("answers.csv", "antworten.csv", "responses.xlsx", "antworten.xlsx"),
    "refunds": ("credit-notes.xlsx", "gutschriften.xlsx"),
    "customers": ("customers.csv", "kunden.csv"),
}


def pages(language: str) -> list[Path]:
    readme = ROOT / ("README.de.md" if language == "de" else "README.md")
    folder = ROOT / "docs" / language
    return [
        readme,
        *(page for page in sorted(folder.rglob("*.md")) if page.parent.name != "reference"),
    ]


def commands(language: str) -> list[list[str]]:
    """Return the arguments of every command in a block of shell lines, each once."""
    found: dict[str, list[str]] = {}
    for page in pages(language):
        for block in re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
            for line in block.replace("\\\n", " ").splitlines():
                words = shlex.split(line, comments=True)
                if words and Path(words[0]).name == "kohorte" and "postgresql" not in line:
                    found.setdefault(" ".join(words), words[1:])
    return sorted(
        found.values(), key=lambda words: FIRST.index(words[0]) if words[0] in FIRST else 9
    )


def orders(prefix: str, years: range) -> str:
    rows = [
        f"{prefix}{number};K{number % PEOPLE};k{number % PEOPLE}@example.com;0{1 + number % 9}.{month:02}."
        f"{year};{10 + number % 7},50;EUR;{('DE', 'AT')[number % 2]};{('Newsletter', 'Ads')[number % 2]}"
        for number, (year, month, _) in enumerate(
            ((year, month, each) for year in years for month in range(1, 13) for each in range(3)),
            start=1,
        )
    ]
    return HEAD + "\n".join(rows) + "\n"


def workbook(text: str, path: Path) -> None:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(csv.reader(io.StringIO("\n".join(lines)))):
            sheet.write_row(number, 0, row)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shop")
    every = orders("B-", range(2010, 2026))
    for name in ("orders.csv", "bestellungen.csv", "accounts.csv", "konten.csv"):
        (path / name).write_text(every, "utf-8")
    for name in ("guests.csv", "gaeste.csv"):
        (path / name).write_text(orders("G-", range(2024, 2026)).replace(";K", ";"), "utf-8")
    for year in (2024, 2025):
        for name in (f"orders-{year}.csv", f"bestellungen-{year}.csv"):
            (path / name).write_text(orders(f"{year}-", range(year, year + 1)), "utf-8")
    for table, names in BESIDE.items():
        text = templates.write(table, language="en")
        for name in names:
            if name.endswith("xlsx"):
                workbook(text, path / name)
            else:
                (path / name).write_text(text, "utf-8")
    for name in ("rates.csv", "kurse.csv"):
        (path / name).write_text("date;currency;rate\n2024-01-02;USD;1.10\n", "utf-8")
    for name in ("targets.toml", "ziele.toml"):
        (path / name).write_text(
            '[[target]]\nmetric = "repeat_purchase_rate"\nat_least = 20\n', "utf-8"
        )
    for name in ("etsy_sold_orders.csv", "olist_orders.csv", "olist_order_items.csv"):
        shutil.copy(STRANGERS / name, path / name)
    database = sqlite3.connect(path / "shop.db")
    head, *rows = list(csv.reader(io.StringIO(every), delimiter=";"))
    for table in ("orders", "bestellungen"):
        names = ", ".join(f'"{name}"' for name in head)
        database.execute(f"CREATE TABLE {table} ({names})")
        database.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(head))})", rows)
    database.commit()
    database.close()
    return path


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_of_the_pages_works(
    language: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    shown = commands(language)
    assert len(shown) > 20
    failed = {}
    for words in shown:
        monkeypatch.setattr("sys.stdin", io.StringIO("\n" * 40))
        monkeypatch.setattr("sys.argv", ["kohorte", *words])
        if "--out" in words and words[0] == "template":
            Path(words[words.index("--out") + 1]).unlink(missing_ok=True)
        with pytest.raises(SystemExit) as ended:
            app.run()
        said = capsys.readouterr()
        if ended.value.code:
            failed[" ".join(words)] = said.err.strip()
    assert failed == {}
