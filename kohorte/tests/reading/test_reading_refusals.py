from __future__ import annotations

import os

import duckdb
import pytest

from kohorte import reading
from kohorte.errors import ReadError
from kohorte.reading import sql, unread
from kohorte.reading.formats import delimited
from kohorte.settings import Settings

HEADER = "order_id,customer_id,date,amount\n"


def refused(shop, *paths, **options):
    with pytest.raises(ReadError) as error:
        shop.read(*paths, **options)
    return str(error.value), error.value.render("de")


def test_a_missing_file(shop):
    path = shop.folder / "orders.csv"

    assert refused(shop, path) == (
        f"The file {path} does not exist.",
        f"Die Datei {path} gibt es nicht.",
    )


def test_a_folder(shop):
    assert refused(shop, shop.folder) == (
        f"{shop.folder} is a folder. Name the files in it.",
        f"{shop.folder} ist ein Ordner. Nennen Sie die Dateien darin.",
    )


def test_text_that_is_called_parquet(shop):
    assert refused(shop, shop.file(HEADER, "orders.parquet")) == (
        "The file orders.parquet is called Parquet but is none.",
        "Die Datei orders.parquet heißt Parquet, ist aber keine.",
    )


def test_no_file_and_a_file_twice(shop):
    path = shop.file(HEADER + "1,a,2024-01-05,3\n")

    assert refused(shop) == (
        "No file was named. Name at least one file with orders.",
        "Es wurde keine Datei genannt. Nennen Sie mindestens eine Datei mit Bestellungen.",
    )
    assert refused(shop, path, path) == (
        "The file orders.csv was named twice. Name it once.",
        "Die Datei orders.csv wurde zweimal genannt. Nennen Sie sie einmal.",
    )


def test_files_in_two_currencies(shop):
    header = "order_id,customer_id,date,amount,currency\n"
    euros = shop.file(header + "1,a,2024-01-05,3,EUR\n", "euros.csv")
    dollars = shop.file(header + "2,a,2024-01-05,3,USD\n", "dollars.csv")

    assert refused(shop, euros, dollars) == (
        "dollars.csv is in USD, but euros.csv in EUR. Convert them with a file of daily rates "
        "(--rates FILE and --currency EUR), or read files of one currency at a time.",
        "dollars.csv ist in USD, euros.csv aber in EUR. Lassen Sie mit einer Datei der Tageskurse "
        "umrechnen (--rates DATEI und --currency EUR), oder lesen Sie nur Dateien einer Währung auf "
        "einmal ein.",
    )


def test_an_option_that_names_no_column(shop):
    path = shop.file(HEADER + "1,a,2024-01-05,3\n")

    assert refused(shop, path, columns={"date": "Kaufdatum"}) == (
        "The file orders.csv has no column “Kaufdatum”. Its columns are: order_id, customer_id, "
        "date, amount.",
        "Die Datei orders.csv hat keine Spalte „Kaufdatum“. Ihre Spalten sind: order_id, "
        "customer_id, date, amount.",
    )


@pytest.mark.parametrize(
    ("options", "english"),
    [
        (
            {"encoding": "klingon"},
            "“klingon” is not a known encoding. Use for example utf-8, cp1252 or utf-16.",
        ),
        (
            {"delimiter": ";;"},
            "“;;” cannot part cells. Use one character such as ; or the word tab.",
        ),
        (
            {"date_format": "sometime"},
            "“sometime” is not a way to write dates. Use for example dd.mm.yyyy, mm/dd/yyyy HH:MM "
            "or %Y-%m-%d.",
        ),
        ({"currency": "euros"}, "“euros” is not a currency. Use an ISO code such as EUR."),
        ({"decimal": ";"}, "The option decimal must be one of , ., not “;”."),
    ],
)
def test_an_option_that_cannot_be(shop, options, english):
    path = shop.file(HEADER + "1,a,2024-01-05,3\n")

    assert refused(shop, path, **options)[0] == english


def test_a_given_encoding_that_does_not_fit(shop):
    path = shop.file(HEADER.encode() + b"1,a,2024-01-05,3\n2,M\xfcller,2024-01-05,3\n")

    assert refused(shop, path, encoding="utf-8")[0] == (
        "Line 3 of orders.csv holds bytes that are not utf-8. Name the right encoding with "
        "--encoding, or save the file as UTF-8."
    )


@pytest.mark.parametrize("encoding", ["base64", "zlib", "rot13", "undefined"])
def test_an_encoding_that_is_none_of_texts(shop, encoding):
    path = shop.file(HEADER + "1,a,2024-01-05,3\n")

    assert refused(shop, path, encoding=encoding)[0] == (
        f"“{encoding}” is not a known encoding. Use for example utf-8, cp1252 or utf-16."
    )


def test_utf_16_without_its_mark(shop):
    path = shop.file(HEADER + "1,a,2024-01-05,3\n")

    assert refused(shop, path, encoding="utf-16")[0] == (
        "Line 1 of orders.csv holds bytes that are not utf-16. Name the right encoding with "
        "--encoding, or save the file as UTF-8."
    )


def test_a_pipe_and_a_link_in_a_circle(shop):
    pipe, circle = shop.folder / "pipe.csv", shop.folder / "circle.csv"
    os.mkfifo(pipe)
    circle.symlink_to(circle)

    assert refused(shop, pipe)[0] == (
        f"{pipe} is a device or a pipe, which can be read only once. Save the table as a file."
    )
    assert refused(shop, circle)[0] == f"The file {circle} does not exist."


def test_no_room_for_the_copies(shop, monkeypatch):
    def full(*_args, **_options):
        raise duckdb.IOException('IO Error: {"exception_message":"Write: No space left on device"}')

    monkeypatch.setattr("kohorte.reading.formats.delimited.stage", full)

    english, german = refused(shop, shop.file(HEADER + "1,a,2024-01-05,3\n"))
    assert english.startswith(
        "The files could not be read to their end: No space left on device. Reading needs room"
    )
    assert german.startswith("Die Dateien ließen sich nicht zu Ende lesen: No space left")


def test_an_interrupted_query_is_an_interrupt():
    class Interrupted:
        def execute(self, _query):
            raise RuntimeError("Query interrupted")

    with pytest.raises(KeyboardInterrupt):
        sql.rows(Interrupted(), "SELECT 1")


def test_bad_rows_are_left_out_and_listed_on_request(shop):
    content = (
        HEADER
        + '1,"a\nb",2024-01-05,3\n'
        + "\n"
        + "2,b\n"
        + "3,c,2024-02-31,4\n"
        + "4,d,2024-02-05,5,6\n"
        + "5,e,2024-02-06,much\n"
        + "6,f,2024-02-07,7\n"
    )
    shop.text(content, skip_bad_rows=True)

    assert shop.rows("SELECT order_id, customer_id, amount_minor FROM orders ORDER BY 1") == [
        ("1", "a\nb", 300),
        ("6", "f", 700),
    ]
    assert shop.rows("FROM excluded_rows") == [
        ("unreadable_row", "everything", "orders.csv", 5, None, None, None),
        ("unreadable_row", "everything", "orders.csv", 6, "3", "c", 400),
        ("unreadable_row", "everything", "orders.csv", 7, None, None, None),
        ("unreadable_row", "everything", "orders.csv", 8, "5", "e", None),
    ]
    assert shop.rows(f"FROM {unread.TABLE} ORDER BY line") == [
        ("orders.csv", 5, None, "2,b", "shape"),
        ("orders.csv", 6, "date", "2024-02-31", "date"),
        ("orders.csv", 7, None, "4,d,2024-02-05,5,6", "shape"),
        ("orders.csv", 8, "amount", "much", "number"),
    ]
    assert shop.reading.rows_read == 6


@pytest.mark.parametrize("name", ["orders.csv", "shipments.csv"])
def test_all_bad_rows_are_listed_however_many_stand_together(shop, name):
    """Another table at the end of a file, longer than what one thread of the engine reads."""
    count, cell = 8_000, "x" * 400
    files = {
        "orders.csv": HEADER + "1,a,2024-01-05,3\n2,b,2024-01-05,4\n",
        "shipments.csv": "order_id,shipped_at\n1,2024-01-06\n2,2024-01-07\n",
    }
    files[name] += f"{cell},1,2,3,4,5,6\n" * count
    shop.read(*(shop.file(text, called) for called, text in files.items()), skip_bad_rows=True)

    told = "SELECT count(DISTINCT line), min(line), max(line), min(file)"
    expected = (count, 4, count + 3, name)
    assert shop.row(f"{told} FROM excluded_rows") == expected
    assert shop.row(f"{told} FROM {unread.TABLE} WHERE why = 'shape'") == expected


def test_rows_with_far_too_many_cells_are_too_many(shop, monkeypatch):
    monkeypatch.setattr(delimited, "FAULTS_MAX", 20)
    text = HEADER + "1,a,2024-01-05,3\n" + "2,b,2024-01-05,3,4,5,6,7,8\n" * 5

    assert (
        "rows of orders.csv cannot be read" in refused(shop, shop.file(text), skip_bad_rows=True)[0]
    )


def test_what_was_read_before_stays_when_the_next_file_is_refused(shop):
    shop.text(HEADER + "1,a,2024-01-05,3\n")
    before = {name: shop.rows(f"FROM {name}") for name in sorted(shop.tables())}

    refused(shop, shop.file(HEADER + "1,a,2024-01-35,3\n"))

    assert {name: shop.rows(f"FROM {name}") for name in sorted(shop.tables())} == before


def test_the_connection_keeps_its_settings(shop):
    shop.rows("SET preserve_insertion_order = false")

    shop.text(HEADER + "1,a,2024-01-05,3\n")

    assert shop.row("SELECT current_setting('preserve_insertion_order')") == (False,)


def test_no_header_can_smuggle_sql(shop):
    drop = "x'); DROP TABLE orders; --"
    content = (
        f'order_id,"customer ""id""",date,"{drop}"\n1,a\'b,2024-01-05,"\'); DROP TABLE x; --"\n'
    )

    shop.text(content, columns={"customer_id": 'customer "id"', "product": drop})

    assert shop.rows("SELECT customer_id FROM orders") == [("a'b",)]
    assert shop.rows("SELECT product FROM order_lines") == [("'); DROP TABLE x; --",)]


def test_a_path_with_a_quote(tmp_path):
    path = tmp_path / "the shop's orders.csv"
    path.write_text(HEADER + "1,a,2024-01-05,3\n")
    with duckdb.connect() as connection:
        reading.read([path], connection=connection, settings=Settings())

        assert connection.execute("SELECT count(*) FROM orders").fetchall() == [(1,)]


@pytest.mark.parametrize(
    ("row", "text", "column"),
    [
        ("B-1;K1;05.01.2024;=A2*3\n", "=A2*3", "Betrag"),
        ("B-1;K1;=HEUTE();1\n", "=HEUTE()", "Datum"),
    ],
)
def test_a_formula_without_its_value_is_called_one(shop, row, text, column):
    with pytest.raises(ReadError) as refused:
        shop.text(f"Bestellnummer;Kundennummer;Datum;Betrag\nB-2;K2;05.01.2024;1\n{row}")

    assert str(refused.value) == (
        f"Line 3 of orders.csv: “{text}” in the column “{column}” is a formula, and the file does "
        "not hold its value (such rows: 1). Save the file with values in the place of its formulas, "
        "or leave such rows out with --skip-bad-rows."
    )


def test_texts_written_as_formulas_are_the_texts(shop):
    shop.text(
        'Bestellnummer;Kundennummer;Datum;Betrag\n="0012";"=""0007""";="05.01.2024";="10,50"\n'
        "13;8;06.01.2024;1,00\n"
    )

    assert shop.rows(
        "SELECT order_id, customer_id, placed_at::DATE::VARCHAR, amount_minor FROM orders"
    ) == [
        ("0012", "0007", "2024-01-05", 1050),
        ("13", "8", "2024-01-06", 100),
    ]
