"""Groups of customers on the command line: side by side, as grids, in the report, and each alone."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from test_cli import kohorte

HEAD = "Bestellnummer;Kundennummer;Bestelldatum;Gesamtbetrag (brutto);Land;Vertriebskanal\n"
ORDERS = """1;K-1;01.01.2024;19,90 €;DE;Newsletter
2;K-2;26.01.2024;1.249,00 €;AT;Suchanzeigen
3;K-1;20.02.2024;35,50 €;DE;Suchanzeigen
4;K-3;21.02.2024;12,00 €;DE;Newsletter
5;K-4;21.03.2024;12,00 €;DE;
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "bestellungen.csv").write_text(HEAD + ORDERS, encoding="utf-8")
    return tmp_path


def said(shop: Path, *arguments: str) -> list[str]:
    command, *rest = arguments
    done = kohorte(command, "bestellungen.csv", *rest, "--language", "de", folder=shop)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def saved(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_channels_stand_side_by_side_and_what_is_not_known_comes_last(shop: Path) -> None:
    lines = said(shop, "breakdown", "--by", "channel")
    assert [line for line in lines if not line.startswith(" ")] == [
        "Newsletter (2 Kunden)",
        "Suchanzeigen (1 Kunde)",
        "Unbekannt (1 Kunde)",
        "In keiner Kennzahl unterscheiden sich die Gruppen stärker, als der Zufall erklärt.",
    ]


def test_groups_of_the_rfm_map_are_called_by_their_names(shop: Path) -> None:
    lines = said(shop, "breakdown", "--by", "rfm_group", "--metric", "customers")
    assert "Neue Kunden (2 Kunden)" in lines
    assert lines[-1].startswith("Diese Gruppen sind nach dem gebildet, was ihre Kunden getan haben")
    waits = said(shop, "survival", "--by", "rfm_group")
    assert waits[-1] == lines[-1]


def test_how_customers_stay_is_one_line_for_each_group(shop: Path) -> None:
    lines = said(shop, "cohorts", "--by", "channel", "--ages", "2")
    assert lines[:6] == [
        "Newsletter (2 Kunden)",
        "  Alter      0      1",
        "Prozent  100,0  100,0",
        "    von          20,7",
        "    bis         100,0",
        "      n      2      1",
    ]
    assert lines[-2:] == [
        "Unbekannt (1 Kunde)",
        "Noch keine Kohorte ist lange genug beobachtet.",
    ]


def test_all_cells_of_all_groups_are_saved(shop: Path) -> None:
    said(shop, "cohorts", "--by", "channel", "--out", "c.csv")
    rows = saved(shop / "c.csv")
    first = rows[0]
    assert list(first)[:4] == ["channel", "rest", "cohort", "size"]
    assert {row["channel"] for row in rows} == {"Newsletter", "Suchanzeigen", ""}
    found = {(r["channel"], r["cohort"], r["age"]): r["revenue"] for r in rows}
    assert found["Newsletter", "2024-01", "1"] == "35.5"


def test_rfm_groups_of_each_country_keep_the_limits_of_all(shop: Path) -> None:
    lines = said(shop, "rfm", "--by", "country")
    assert lines.index("DE (3 Kunden)") == 9
    whole = [int(line.split("%")[0].split()[-2]) for line in lines[:9]]
    parts = [int(line.split("%")[0].split()[-2]) for line in [*lines[10:19], *lines[20:29]]]
    assert whole == [a + b for a, b in zip(parts[:9], parts[9:], strict=True)]


def test_the_report_compares_groups_by_as_many_dimensions_as_wanted(shop: Path) -> None:
    said(shop, "report", "--by", "channel", "--by", "country", "--out", "r")
    page = (shop / "r" / "report.html").read_text(encoding="utf-8")
    assert 'id="sides-channel"' in page
    assert 'id="sides-country"' in page
    found = json.loads((shop / "r" / "metrics.json").read_text(encoding="utf-8"))["breakdowns"]
    assert [each["dimension"] for each in found] == ["channel", "country"]
    assert [side["group"]["value"] for side in found[0]["sides"]] == [
        "Newsletter",
        "Suchanzeigen",
        None,
    ]


@pytest.mark.parametrize("command", ["report", "breakdown", "cohorts", "survival", "rfm", "change"])
def test_what_cannot_tell_customers_apart_is_refused_before_anything_is_read(
    shop: Path, command: str
) -> None:
    done = kohorte(command, "missing.csv", "--by", "shoe_size", "--language", "en", folder=shop)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("Customers cannot be told apart by “shoe_size”.")


@pytest.mark.parametrize(
    "arguments",
    [("breakdown", "--by", "category"), ("report", "--where", 'category = "Tee"', "--out", "r")],
)
def test_a_fact_without_its_file_is_refused_with_the_file(
    shop: Path, arguments: tuple[str, ...]
) -> None:
    command, *rest = arguments
    done = kohorte(command, "bestellungen.csv", *rest, "--language", "de", folder=shop)
    assert (done.returncode, done.stdout) == (2, "")
    assert "`kohorte template products`" in done.stderr
    assert not (shop / "r").exists()


def test_the_profit_of_every_single_customer_is_saved_in_money(shop: Path) -> None:
    done = kohorte(
        *("explain", "profit_per_customer", "bestellungen.csv", "--margin", "40"),
        *("--customers", "p.csv", "--language", "de"),
        folder=shop,
    )
    assert done.returncode == 0, done.stderr
    rows = saved(shop / "p.csv")
    assert [(row["customer_id"], row["revenue"], row["profit"]) for row in rows[:2]] == [
        ("K-2", "1249.0", "499.6"),
        ("K-1", "55.4", "22.16"),
    ]


def test_a_number_is_explained_by_group_with_the_tables_as_they_were_narrowed(shop: Path) -> None:
    lines = kohorte(
        *("explain", "repeat_purchase_rate", "bestellungen.csv", "--by", "country", "--sql"),
        *("--language", "de"),
        folder=shop,
    ).stdout.splitlines()

    first = lines.index("DE (3 Kunden)")
    assert lines[first + 2] == (
        "  CREATE OR REPLACE TEMP TABLE scope AS SELECT customer_id FROM facts_of_customers "
        "WHERE (country = 'DE');"
    )
    numbers = [line for line in lines if line.startswith("  Gesamter Zeitraum: ")]
    assert numbers == [
        "  Gesamter Zeitraum: 33,3 % (6,1–79,2; n = 3)",
        "  Gesamter Zeitraum: 0,0 % (0,0–79,3; n = 1)",
    ]


def test_groups_of_a_number_take_files(shop: Path) -> None:
    done = kohorte("explain", "orders", "--by", "country", "--language", "de", folder=shop)
    assert done.returncode == 2
    assert "Um eine Zahl nach Gruppen zu zeigen, braucht es Bestelldateien." in done.stderr
