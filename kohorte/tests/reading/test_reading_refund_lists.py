"""Lists of refunds beside the orders, in every format and in strangers' layouts."""

from __future__ import annotations

import datetime as dt
import io
import json
import sqlite3
from contextlib import closing

import pytest
import xlsxwriter

from kohorte import reading
from kohorte.errors import ReadError
from kohorte.reading import ReadOptions
from kohorte.settings import Settings

ORDERS = (
    "Bestellnummer;Kundennummer;Bestelldatum;Betrag\n"
    "B-1;17;05.01.2024;50,00\n"
    "B-2;18;06.01.2024;1.250,00\n"
    "B-3;17;07.02.2024;20,00\n"
)
HEADER = ["Gutschriftnummer", "Bestellnummer", "Gutschriftdatum", "Gutschriftbetrag"]
RECORDS = [
    ("G-1", "B-1", dt.date(2024, 1, 13), 20.0),
    ("G-2", "B-2", dt.date(2024, 1, 14), 1250.0),
    ("G-3", "", dt.date(2024, 2, 15), 7.5),
]
READ = [
    ("G-1", "B-1", "17", "2024-01-13 00:00", 2000),
    ("G-2", "B-2", "18", "2024-01-14 00:00", 125000),
    ("G-3", None, None, "2024-02-15 00:00", 750),
]


def german(rows, header=None):
    lines = [";".join(header or HEADER)]
    for number, order, day, amount in rows:
        written = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
        lines.append(f"{number};{order};{day:%d.%m.%Y};{written}")
    return "\n".join(lines) + "\n"


def refunds(shop):
    return shop.rows(
        "SELECT refund_id, order_id, customer_id, strftime(refunded_at, '%Y-%m-%d %H:%M'), "
        "amount_minor FROM refunds ORDER BY refund_id"
    )


def excluded(shop):
    return shop.rows(
        "SELECT reason, file, line, order_id, amount_minor FROM excluded_rows ORDER BY file, line"
    )


def workbook(rows):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"default_date_format": "dd.mm.yyyy"})
    sheet = book.add_worksheet("Gutschriften")
    for number, row in enumerate([["Gutschriften 2024"], [], HEADER, *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    return content.getvalue()


def text(folder):
    path = folder / "gutschriften.csv"
    path.write_text(german(RECORDS), encoding="cp1252")
    return path


def excel(folder):
    path = folder / "gutschriften.xlsx"
    path.write_bytes(workbook(RECORDS))
    return path


def json_lines(folder):
    path = folder / "refunds.jsonl"
    names = ("refund_id", "order_id", "refunded_at", "amount")
    records = [
        (number, order or None, day.isoformat(), amount) for number, order, day, amount in RECORDS
    ]
    path.write_text("\n".join(json.dumps(dict(zip(names, each, strict=True))) for each in records))
    return path


def database(folder):
    path = folder / "shop.db"
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute(
            "CREATE TABLE refunds (id TEXT, order_id TEXT, created_at TEXT, amount REAL)"
        )
        opened.executemany(
            "INSERT INTO refunds VALUES (?, ?, ?, ?)",
            [
                (number, order or None, day.isoformat(), -amount)
                for number, order, day, amount in RECORDS
            ],
        )
    return f"sqlite:///{path}?table=refunds"


@pytest.mark.parametrize("written", [text, excel, json_lines, database])
def test_refunds_are_read_in_every_format(shop, written):
    places = [shop.file(ORDERS), written(shop.folder)]

    shop.reading = reading.read(places, connection=shop.connection, settings=Settings())

    assert refunds(shop) == READ
    assert shop.row("SELECT count(*), sum(amount_minor) FROM orders") == (3, 132000)
    assert shop.reading.rows_read == 3
    assert shop.reading.files[1].rows == 3
    assert (
        "This is a list of refunds: 3 over 1,277.50; 2 of them name an order" in shop.remarks()[-2]
    )
    assert shop.remarks()[-1].startswith("Refunds that name no order: 1.")
    assert excluded(shop) == []


@pytest.mark.parametrize(
    "header",
    [
        ["Retoure-Nr.", "Auftrag", "zurückgegeben am", "Erstattungsbetrag (EUR)"],
        ["Rückerstattungs-ID", "Auftragsnummer", "erstattet am", "Summe brutto"],
        ["Credit memo #", "Order #", "Refund date", "Total refunded"],
        ["Nr.", "Bestellnr.", "Datum der Gutschrift", "Gutschrift"],
        ["Beleg", "Bestellung", "Rückzahlungsdatum", "Betrag"],
    ],
)
def test_strangers_headers_mean_the_same(shop, header):
    shop.read(shop.file(ORDERS), shop.file(german(RECORDS, header), "b.csv"))

    assert [each[:2] + each[3:] for each in refunds(shop)] == [each[:2] + each[3:] for each in READ]


def test_a_header_that_the_orders_have_means_the_same(shop):
    orders = shop.file(ORDERS.replace("Bestellnummer", "Xyz").replace("Kundennummer", "Wer"))
    content = "Gutschriftnummer;Xyz;Wer;Gutschriftdatum;Wert\nG-1;B-1;17;13.01.2024;20,00\n"

    shop.read(
        orders,
        shop.file(content, "b.csv"),
        columns={"order_id": "Xyz", "customer_id": "Wer"},
    )

    assert refunds(shop) == READ[:1]


def test_the_user_names_the_number_of_the_refund(shop):
    content = "Xyz;Bestellnummer;Gutschriftdatum;Gutschriftbetrag\nG-1;B-1;13.01.2024;20,00\n"

    shop.read(shop.file(ORDERS), shop.file(content, "b.csv"), columns={"refund_id": "Xyz"})

    assert refunds(shop) == READ[:1]
    with pytest.raises(ReadError, match="has no column “Abc”"):
        shop.read(shop.file(ORDERS), shop.folder / "b.csv", columns={"refund_id": "Abc"})


def test_what_is_said_of_the_orders_does_not_bend_a_list_that_tells_itself(shop):
    orders = shop.file("Order,Customer,Date,Total\nB-1,17,01/05/2024,50.00\n")
    own = german([RECORDS[0]])
    doubtful = "Refund,Order,Refund date,Refund amount\nG-1,B-1,01/02/2024,20.00\n"
    said = {"date_format": "mm/dd/yyyy", "decimal": "."}

    shop.read(orders, shop.file(own, "b.csv"), **said)
    assert refunds(shop) == READ[:1]

    shop.read(orders, shop.file(doubtful, "b.csv"), **said)
    assert refunds(shop) == [("G-1", "B-1", "17", "2024-01-02 00:00", 2000)]


@pytest.mark.parametrize("sign", ["-20,00", "20,00", "(20,00)", "20,00-"])
def test_an_amount_is_given_back_whatever_its_sign(shop, sign):
    content = f"{';'.join(HEADER)}\nG-1;B-1;13.01.2024;{sign}\n"

    shop.read(shop.file(ORDERS), shop.file(content, "b.csv"))

    assert refunds(shop) == READ[:1]


def test_signs_that_differ_are_told(shop):
    content = german([("G-1", "B-1", dt.date(2024, 1, 13), -20.0), RECORDS[1]])

    shop.read(shop.file(ORDERS), shop.file(content, "b.csv"))

    assert refunds(shop) == READ[:2]
    assert (
        "Amounts with a sign that differs from the others: 1; all were taken as refunds."
        in shop.remarks()
    )


def test_a_status_may_say_that_nothing_was_paid_out(shop):
    content = (
        "Gutschriftnummer;Bestellnummer;Gutschriftdatum;Gutschriftbetrag;Status\n"
        "G-1;B-1;13.01.2024;20,00;erstattet\nG-2;B-2;14.01.2024;1250,00;abgelehnt\n"
    )

    shop.read(shop.file(ORDERS), shop.file(content, "b.csv"))

    assert refunds(shop) == READ[:1]
    assert excluded(shop) == [("cancelled", "b.csv", 3, "B-2", -125000)]
    assert any("never paid out, as their status says: 1" in each for each in shop.remarks())


def test_times_are_those_of_the_shop(shop):
    content = "Refund,Order,Refunded at,Refund amount\nG-1,B-1,2024-01-13 00:30,20.00\n"

    shop.read(shop.file(ORDERS), shop.file(content, "b.csv"), zone="Europe/Berlin")

    assert refunds(shop)[0][3] == "2024-01-12 23:30"


def test_pieces_and_prices_make_an_amount(shop):
    content = (
        "Retourennummer;Bestellnummer;Retourendatum;Artikel;Menge;Einzelpreis\n"
        "G-1;B-1;13.01.2024;Tasse;2;7,50\nG-1;;13.01.2024;Kanne;1;5,00\n"
    )

    shop.read(shop.file(ORDERS), shop.file(content, "b.csv"))

    assert refunds(shop) == READ[:1]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "G-9;B-1;31.02.2024;20,00",
            "Line 3 of b.csv: “31.02.2024” in the column “Gutschriftdatum”",
        ),
        (
            "G-9;B-1;13.01.2024;zwanzig",
            "Line 3 of b.csv: “zwanzig” in the column “Gutschriftbetrag”",
        ),
        ("G-9;B-1;13.01.2024;", "Line 3 of b.csv has nothing in the column “Gutschriftbetrag”"),
        ("G-9;B-1;;20,00", "Line 3 of b.csv has nothing in the column “Gutschriftdatum”"),
    ],
)
def test_faulty_rows_are_refused_or_left_out(shop, row, message):
    files = shop.file(ORDERS), shop.file(german([RECORDS[0]]) + row + "\n", "b.csv")

    with pytest.raises(ReadError, match=message):
        shop.read(*files)
    assert shop.tables() == set()

    shop.read(*files, skip_bad_rows=True)
    assert refunds(shop) == READ[:1]
    assert [each[:3] for each in excluded(shop)] == [("unreadable_row", "b.csv", 3)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "Gutschriftnummer;Bestellnummer;Gutschriftbetrag\nG-1;B-1;20,00\n",
            "no column was recognized as the day of the refund. Call it “Refund date”",
        ),
        (
            "Gutschriftnummer;Bestellnummer;Gutschriftdatum\nG-1;B-1;13.01.2024\n",
            "no column was recognized as the amount refunded. Call it “Refund amount”",
        ),
        (
            "Gutschriftnummer;Bestellnummer;Gutschriftdatum;Betrag;Betrag\nG-1;B-1;13.01.2024;1;2\n",
            "has two columns named “Betrag”",
        ),
    ],
)
def test_a_list_that_lacks_something_is_refused(shop, content, message):
    with pytest.raises(ReadError, match=message):
        shop.read(shop.file(ORDERS), shop.file(content, "b.csv"))

    assert shop.tables() == set()


def test_a_list_in_another_currency_is_refused(shop):
    orders = shop.file(ORDERS.replace("Betrag", "Betrag (EUR)"))
    content = german(RECORDS).replace("Gutschriftbetrag", "Gutschriftbetrag USD")

    with pytest.raises(ReadError, match=r"b\.csv is in USD, but orders\.csv in EUR"):
        shop.read(orders, shop.file(content, "b.csv"))


def test_a_list_alone_is_refused(shop):
    with pytest.raises(ReadError, match="is a list of refunds and holds no orders"):
        shop.read(shop.file(german(RECORDS), "b.csv"))


def test_parquet_with_our_own_columns_is_read_beside_any_orders(shop):
    path = shop.folder / "refunds.parquet"
    shop.rows(
        "COPY (SELECT 'G-1' AS refund_id, 'B-1' AS order_id, '17' AS customer_id, "
        f"TIMESTAMP '2024-01-13' AS refunded_at, 2000::BIGINT AS amount_minor) TO '{path}'"
    )

    shop.read(shop.file(ORDERS), path)

    assert refunds(shop) == READ[:1]


def test_the_answers_of_a_first_reading_read_the_same(shop):
    files = shop.file(ORDERS), shop.file(german(RECORDS), "b.csv")
    mapping = shop.read(*files).mapping

    shop.reading = reading.read(
        files, connection=shop.connection, settings=Settings(), options=mapping
    )

    assert refunds(shop) == READ
    assert isinstance(mapping, ReadOptions)
