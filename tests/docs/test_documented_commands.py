"""Every `kohorte` command that the pages show works, with files as the pages describe them."""

from __future__ import annotations

import contextlib
import csv
import io
import re
import shlex
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from kohorte import templates
from kohorte.cli import app
from kohorte.replenishment import examples

ROOT = Path(__file__).parents[2]
STRANGERS = ROOT / "kohorte/tests/reading/fixtures/strangers"
AIRPORT = ROOT / "kohorte/tests/beside/data/sfo_nps.parquet"
LANGUAGES = ("de", "en")
# Some read what others write: a mapping file, an earlier report.
FIRST = ("mapping", "report")
PEOPLE = 12
HEAD = "Order number;Customer number;E-Mail;Order date;Total (gross);Shipping;Tax;Currency;Country;Sales channel\n"
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
    """Return the arguments of every command in a block of shell lines, each once.

    Some are about 2011, the year of the demo; here all orders are of 2024.
    """
    found: dict[str, list[str]] = {}
    for page in pages(language):
        for block in re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
            for line in block.replace("\\\n", " ").splitlines():
                # Commands of other programs may go over many lines.
                if Path(line.partition(" ")[0]).name != "kohorte" or "postgresql" in line:
                    continue
                if words := shlex.split(line, comments=True):
                    found.setdefault(
                        " ".join(words), [word.replace("2011", "2024") for word in words[1:]]
                    )
    return sorted(
        found.values(), key=lambda words: FIRST.index(words[0]) if words[0] in FIRST else 9
    )


def orders(prefix: str, years: range) -> str:
    rows = [
        f"{prefix}{number};K{number % PEOPLE};k{number % PEOPLE}@example.com;0{1 + number % 9}.{month:02}."
        f"{year};{10 + number % 7},50;3,90;1,00;EUR;{('DE', 'AT')[number % 2]};{('Newsletter', 'Ads')[number % 2]}"
        for number, (year, month, _) in enumerate(
            ((year, month, each) for year in years for month in range(1, 13) for each in range(3)),
            start=1,
        )
    ]
    return HEAD + "\n".join(rows) + "\n"


def trial(control: str, treated: str, measures: str) -> str:
    rows = [
        f"{(control, treated)[number % 2]};{number % 3 % 2};{number % 3 % 2 * (20 + number % 11)},50"
        for number in range(200)
    ]
    return f"arm;{measures}\n" + "\n".join(rows) + "\n"


def assigned() -> str:
    rows = [f"K{number};{('control', 'mail')[number % 2]}" for number in range(PEOPLE)]
    return "customer number;arm\n" + "\n".join(rows) + "\n"


def invited() -> str:
    rows = [
        f"K{number};{f'0{1 + number % 9}.03.2024;{number % 11}' if number % 2 else ';'}"
        for number in range(PEOPLE)
    ]
    return "Customer number;Answer date;NPS\n" + "\n".join(rows) + "\n"


def contracts() -> str:
    """Return contracts of the customers of the orders, every third of which has ended."""
    rows = [
        f"V-{number},K{number},2024-0{1 + number % 3}-01,,"
        f"{f'2024-0{4 + number % 6}-01' if number % 3 == 0 else ''},9.90,"
        for number in range(PEOPLE)
    ]
    head = "Contract number,Customer number,Contract start,Term end,Ended at,Monthly amount,Cancellation reason"
    return "\n".join([head, *rows]) + "\n"


def lines() -> str:
    """Return orders with their products, some of which are bought again and again."""
    placed, bought = examples.records((20.0, 45.0), customers=PEOPLE, length=400)
    orders = {order["order_id"]: order for order in placed}
    rows = [
        f"{line['order_id']};K{orders[line['order_id']]['customer_id']};"
        f"{orders[line['order_id']]['placed_at']};{line['product_id']};{line['quantity']};9.90;EUR"
        for line in bought
    ]
    head = "Order number;Customer number;Order date;Product number;Quantity;Unit price;Currency"
    return "\n".join([head, *rows]) + "\n"


def workbook(text: str, path: Path) -> None:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(csv.reader(io.StringIO("\n".join(lines)))):
            sheet.write_row(number, 0, row)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path
    every = orders("B-", range(2024, 2025))
    texts = {
        "orders.csv bestellungen.csv accounts.csv konten.csv": every,
        "guests.csv gaeste.csv": orders("G-", range(2024, 2025)).replace(";K", ";"),
        "orders-2024.csv bestellungen-2024.csv": orders("24-", range(2024, 2025)),
        "orders-2025.csv bestellungen-2025.csv": orders("25-", range(2025, 2026)),
        "trial.csv": trial("control", "mail", "ordered;revenue"),
        "test.csv": trial("Kontrollgruppe", "Mail", "bestellt;umsatz"),
        "assigned.csv zugeteilt.csv": assigned(),
        "invited.csv gefragt.csv": invited(),
        "mapping.toml": 'currency = "EUR"\n',
        "rates.csv kurse.csv": "date;currency;rate\n2024-01-02;USD;1.10\n",
        "targets.toml ziele.toml": "[targets]\nrepeat_rate_90_days = 40\n",
        "lines.csv positionen.csv": lines(),
        "contracts.csv vertraege.csv": contracts(),
    }
    for names, text in texts.items():
        for name in names.split():
            (path / name).write_text(text, "utf-8")
    for table, names in BESIDE.items():
        write(templates.write(table, language="en"), [path / name for name in names])
    for name in ("etsy_sold_orders.csv", "olist_orders.csv", "olist_order_items.csv"):
        shutil.copy(STRANGERS / name, path / name)
    shutil.copy(AIRPORT, path / AIRPORT.name)
    store(every, path / "shop.db")
    return path


def write(text: str, places: Sequence[Path]) -> None:
    for place in places:
        if place.suffix == ".xlsx":
            workbook(text, place)
        else:
            place.write_text(text, "utf-8")


def store(text: str, path: Path) -> None:
    head, *rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    names = ", ".join(f'"{name}"' for name in head)
    with contextlib.closing(sqlite3.connect(path)) as database:
        for table in ("orders", "bestellungen"):
            database.execute(f"CREATE TABLE {table} ({names})")
            database.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(head))})", rows)
        database.commit()


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
        for name in ("--out", "--save"):
            if name in words and words[0] in ("template", "mapping"):
                Path(words[words.index(name) + 1]).unlink(missing_ok=True)
        with pytest.raises(SystemExit) as ended:
            app.run()
        said = capsys.readouterr()
        if ended.value.code:
            failed[" ".join(words)] = said.err.strip()
    assert not failed, "\n".join(f"{words}: {why}" for words, why in failed.items())
