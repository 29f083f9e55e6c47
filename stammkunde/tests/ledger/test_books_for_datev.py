"""Files for DATEV: held to the published format description, field by field."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import re
from decimal import Decimal

import pytest

from stammkunde.ledger.books import branches
from stammkunde.ledger.books.datev import COLUMNS, Client, Posting, batch, total_minor

# The examples of developer.datev.de, page “DATEV-Format, Einstieg”, as of 2026: header, and how columns begin.
HEADER = (
    '"EXTF";700;21;"Buchungsstapel";13;20240130140440439;;"RE";"";"";29098;55003;20240101;4;'
    '20240101;20240831;"Buchungsstapel";"WD";1;0;0;"EUR";;"";;;"03";;;"";""'
)
BEGINS = (
    "Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;WKZ Umsatz;Kurs;Basis-Umsatz;"
    "WKZ Basis-Umsatz;Konto;Gegenkonto (ohne BU-Schlüssel);BU-Schlüssel;Belegdatum;Belegfeld 1;"
    "Belegfeld 2;Skonto;Buchungstext;Postensperre;Diverse Adressnummer;Geschäftspartnerbank;"
    "Sachverhalt;Zinssperre;Beleglink;Beleginfo - Art 1;Beleginfo - Inhalt 1;"
)
# Expressions of the page “Buchungsstapel” for the fields that we fill, by their number.
EXPRESSIONS = {
    1: r"\d{1,10},\d{2}", 2: r'"(S|H)"', 3: r'"[A-Z]{3}"', 7: r"\d{1,9}", 8: r"\d{1,9}",
    10: r"\d{4}", 11: r'"[\w$%&*+\-/]{0,36}"', 14: r'".{0,60}"', 114: r"(0|1)",
}  # fmt: skip
CLIENT = Client(29_098, 55_003, dt.date(2026, 1, 1))
DAY = dt.date(2026, 12, 31)
ROW = Posting(61_250, "H", "0970", "6300", DAY, "PUNKTE-2026", "Rückstellung für Bonuspunkte")


def made(*rows: Posting, client: Client = CLIENT, **changed: object) -> bytes:
    said: dict[str, object] = {
        "since": dt.date(2026, 1, 1), "until": DAY, "name": "Stammkunde Punkte", "currency": "EUR",
        "exponent": 2, "made_at": dt.datetime(2027, 1, 4, 9, 30, 0, 439_000, tzinfo=dt.UTC),
    }  # fmt: skip
    return batch(client, rows, **{**said, **changed})  # type: ignore[arg-type]


def fields(line: str) -> list[str]:
    return re.findall(r'(?:^|;)("(?:[^"]|"")*"|[^;]*)', line)


def test_the_header_quotes_and_leaves_empty_what_the_published_one_does() -> None:
    header = made(ROW).decode("cp1252").split("\r\n")[0]

    found, published = fields(header), fields(HEADER)

    assert len(found) == len(published) == 31
    assert [each.startswith('"') for each in found] == [each.startswith('"') for each in published]
    assert found[5] == "20270104093000439"
    assert found[10:16] == ["29098", "55003", "20260101", "4", "20260101", "20261231"]
    # Nothing is locked: whoever keeps the books looks at it first.
    assert found[20] == "0"


def test_the_columns_are_the_125_of_version_13() -> None:
    columns = made(ROW).decode("cp1252").split("\r\n")[1]

    assert columns.startswith(BEGINS)
    assert len(columns.split(";")) == len(set(COLUMNS)) == 125
    assert [COLUMNS.index(name) + 1 for name in ("Stück", "Festschreibung", "Generalumkehr (GU)")] == [
        88, 114, 118,
    ]  # fmt: skip


def test_each_filled_field_matches_its_published_expression_and_all_others_are_empty() -> None:
    text = dataclasses.replace(ROW, text='Points "2026"; all', reference="Bonus points/2026")
    row = fields(made(text).decode("cp1252").split("\r\n")[2])

    assert len(row) == 125
    for at, field in enumerate(row, start=1):
        if at in EXPRESSIONS:
            assert re.fullmatch(EXPRESSIONS[at], field), (at, field)
        else:
            assert field in ("", '""'), (at, field)
    assert row[0] == "612,50"
    assert row[9:11] == ["3112", '"Bonus-points/2026"']
    assert row[13] == '"Points ""2026""; all"'


def test_it_is_windows_1252_with_full_line_ends_and_reads_back() -> None:
    data = made(ROW, dataclasses.replace(ROW, text="Käse 券 €"))
    lines = data.split(b"\r\n")

    assert len(lines) == 5
    assert lines[-1] == b""
    assert b"\n" not in data.replace(b"\r\n", b"")
    rows = list(csv.reader(io.StringIO(data.decode("cp1252")), delimiter=";"))
    assert rows[2][13] == "Rückstellung für Bonuspunkte"
    assert rows[3][13] == "Käse ? €"


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-x", "@SUM(A1)", "\t=1+1", "a\r\n=1+1"])
def test_no_text_is_taken_for_a_formula(text: str) -> None:
    found = made(dataclasses.replace(ROW, text=text), name=text).decode("cp1252")

    for row in csv.reader(io.StringIO(found), delimiter=";"):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in row)
    assert found.count("\r\n") == 3


@pytest.mark.parametrize(
    ("client", "row"),
    [
        (dataclasses.replace(CLIENT, adviser=1000), ROW),
        (dataclasses.replace(CLIENT, number=100_000), ROW),
        (dataclasses.replace(CLIENT, account_digits=9), ROW),
        (dataclasses.replace(CLIENT, year_begins=dt.date(2026, 7, 1)), ROW),
        (CLIENT, dataclasses.replace(ROW, amount_minor=0)),
        (CLIENT, dataclasses.replace(ROW, amount_minor=10**12)),
        (CLIENT, dataclasses.replace(ROW, account="123456")),
        (CLIENT, dataclasses.replace(ROW, contra="63a0")),
        (CLIENT, dataclasses.replace(ROW, on=dt.date(2027, 1, 1))),
    ],
)
def test_what_datev_would_refuse_is_refused_here(client: Client, row: Posting) -> None:
    with pytest.raises(ValueError, match=r"[A-Z]"):
        made(row, client=client)


def test_debit_and_credit_of_a_batch_balance() -> None:
    rows = [ROW, dataclasses.replace(ROW, side="S", amount_minor=250, contra="4830")]

    assert [total_minor(rows, account) for account in ("0970", "6300", "4830")] == [
        61_000, -61_250, 250,
    ]  # fmt: skip


def test_each_branch_owes_what_its_rule_says() -> None:
    values = {"open_value": Decimal("1000.5"), "expected_value": Decimal("612.5")}

    assert {branch: branches.owed_minor(branch, **values) for branch in branches.BRANCHES} == {
        "provision": 613, "liability": 1001, "rebate": 0, "none": 0,
    }  # fmt: skip
    assert set(branches.RULES) == set(branches.BRANCHES)
    assert "IV R 20/19" in branches.RULES[branches.usual("points")].source
