"""`kohorte check` and `kohorte template` as a shop owner uses them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from test_cli import kohorte

WITH_STATE = """Bestellnummer;Kundennummer;Bestelldatum;Gesamtbetrag;Status
1001;K-1;03.01.2024;19,90;bezahlt
1002;K-2;04.01.2024;1.249,00;bezahlt
1003;=K-1;20.02.2024;35,50;storniert
1004;;21.02.2024;12,00;bezahlt
1005;K-2;01.03.2024;80,00;Test
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "bestellungen.csv").write_text(WITH_STATE, encoding="cp1252")
    return tmp_path


def test_check_says_what_was_understood_left_out_and_bent(shop: Path) -> None:
    done = kohorte("check", "bestellungen.csv", "--language", "de", folder=shop)
    assert done.returncode == 0, done.stderr
    assert "date = Bestelldatum" in done.stdout
    assert "1 Zeile ausgelassen: Storniert [cancelled]" in done.stdout
    assert "Warnung: 1 Bestellung (33,33 %) nennt keinen Kunden." in done.stdout
    assert "Davon verzerrt: Kundenbindungsrate, Kundenabwanderungsrate, " in done.stdout
    assert "Datenqualität: 60 von 100" in done.stdout
    assert "-20,0  Bestellungen ohne Kunden" in done.stdout
    assert [file.name for file in shop.iterdir()] == ["bestellungen.csv"]


def test_explain_tells_what_a_number_leaves_out(shop: Path) -> None:
    done = kohorte("explain", "orders", "bestellungen.csv", "--language", "de", folder=shop)
    assert done.returncode == 0, done.stderr
    assert "Gesamter Zeitraum: " in done.stdout
    assert "1 Zeile ausgelassen: Storniert [cancelled]" in done.stdout


def test_check_speaks_json_to_programs(shop: Path) -> None:
    done = kohorte("check", "bestellungen.csv", "--json", "--excluded", "weg.csv", folder=shop)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found.keys() == {"language", "files", "exclusions", "findings", "score"}
    assert found["files"][0]["rows"] == 5
    assert {one["reason"]: one["rows"] for one in found["exclusions"]} == {
        "cancelled": 1,
        "test": 1,
        "no_customer": 1,
    }
    assert found["score"]["value"] == 60
    assert sum(part["points_lost"] for part in found["score"]["parts"]) == pytest.approx(40)
    assert "unidentified" in {one["slug"] for one in found["findings"]}


def test_every_row_left_out_is_listed_with_its_reason_and_disarmed(shop: Path) -> None:
    done = kohorte("check", "bestellungen.csv", "--excluded", "weg.csv", folder=shop)
    assert done.returncode == 0, done.stderr
    with (shop / "weg.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["reason"], row["order"], row["customer"], row["amount"]) for row in rows] == [
        ("no_customer", "1004", "", "12.00"),
        ("cancelled", "1003", "'=K-1", "35.50"),
        ("test", "1005", "K-2", "80.00"),
    ]
    assert (rows[0]["file"], rows[0]["line"]) == ("bestellungen.csv", "5")
    assert (rows[1]["file"], rows[1]["line"]) == ("", "")


def test_one_reason_narrows_the_list(shop: Path) -> None:
    done = kohorte(
        "check", "bestellungen.csv", "--excluded", "weg.csv", "--reason", "test", folder=shop
    )
    assert done.returncode == 0, done.stderr
    assert len((shop / "weg.csv").read_text(encoding="utf-8").splitlines()) == 2


def test_strict_ends_with_one_where_there_is_a_warning(shop: Path) -> None:
    assert kohorte("check", "bestellungen.csv", "--strict", folder=shop).returncode == 1
    text = "Kundennummer;Bestelldatum\n" + "".join(
        f"K-{day % 3};{day:02}.01.2024\n" for day in range(1, 32)
    )
    (shop / "ruhig.csv").write_text(text, encoding="utf-8")
    arguments = ("--strict", "--active-days", "10", "--language", "en")
    done = kohorte("check", "ruhig.csv", *arguments, folder=shop)
    assert done.returncode == 0, done.stdout
    assert "Warning" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("check", "weg.csv"), "weg.csv"),
        (("check",), "FILES fehlt."),
        (("check", "bestellungen.csv", "--reason", "test"), "--excluded"),
        (
            ("check", "bestellungen.csv", "--excluded", "x.csv", "--reason", "laune"),
            "Den Grund „laune“ gibt es nicht.",
        ),
        (("check", "bestellungen.csv", "--since", "2030-01-01"), "Keine Bestellung zählt"),
        (("template", "unfug"), "Für „unfug“ gibt es keine Vorlage."),
        (("template",), "TABLE fehlt."),
        (("template", "orders", "--out", "bestellungen.csv"), "gibt es schon"),
        (
            ("template", "orders", "--out", "nirgends/a.csv"),
            "lässt sich nicht lesen oder schreiben",
        ),
    ],
)
def test_a_mistake_is_answered_in_one_german_sentence_and_leaves_nothing(
    shop: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    before = sorted(shop.iterdir())
    done = kohorte(*arguments, "--language", "de", folder=shop)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(shop.iterdir()) == before
    assert (shop / "bestellungen.csv").read_text(encoding="cp1252") == WITH_STATE


def test_rows_left_out_are_listed_even_if_no_order_counts(shop: Path) -> None:
    done = kohorte(
        *("check", "bestellungen.csv", "--since", "2030-01-01", "--excluded", "x.csv"),
        *("--language", "en"),
        folder=shop,
    )
    assert done.returncode == 2
    assert "nothing to report" in done.stderr
    assert len((shop / "x.csv").read_text(encoding="utf-8").splitlines()) == 7


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_template_is_written_and_checked(shop: Path, language: str) -> None:
    done = kohorte("template", "orders", "--language", language, "--out", "muster.csv", folder=shop)
    assert done.returncode == 0, done.stderr
    assert "muster.csv" in done.stdout
    done = kohorte("check", "muster.csv", "--language", language, folder=shop)
    assert done.returncode == 0, done.stderr
    shown = kohorte("template", "orders", "--language", language, folder=shop).stdout
    assert shown == (shop / "muster.csv").read_text(encoding="utf-8-sig")


def test_a_number_without_its_column_names_the_template(shop: Path) -> None:
    done = kohorte(
        "explain", "purchase_quantity", "bestellungen.csv", "--language", "en", folder=shop
    )
    assert done.returncode == 0, done.stderr
    assert "The file holds no quantities. `kohorte template orders` shows how." in done.stdout


def test_a_report_says_that_no_order_names_its_customer(shop: Path) -> None:
    text = "Nr;E-Mail;Datum;Betrag\n1;;05.01.2024;10,00\n2;;06.01.2024;10,00\n"
    (shop / "kasse.csv").write_text(text, encoding="utf-8")
    done = kohorte("report", "kasse.csv", "--language", "de", folder=shop)
    assert done.returncode == 0, done.stderr
    assert "Keine Bestellung nennt ihren Kunden; " in done.stdout
