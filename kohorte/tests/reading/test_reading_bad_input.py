from __future__ import annotations

import os

import duckdb
import pytest

from kohorte import reading
from kohorte.errors import ReadError
from kohorte.reading import sql
from kohorte.reading.source import COLUMNS_MAX, LINE_BYTES_MAX
from kohorte.settings import Settings

HEADER = "order_id,customer_id,date,amount\n"

# name, content, the sentence in English, in German
BAD = [
    (
        "nothing at all",
        b"",
        "The file orders.csv is empty. Export it again.",
        "Die Datei orders.csv ist leer. Exportieren Sie sie erneut.",
    ),
    (
        "only a mark",
        b"\xef\xbb\xbf\r\n",
        "The file orders.csv is empty. Export it again.",
        "Die Datei orders.csv ist leer. Exportieren Sie sie erneut.",
    ),
    (
        "only a header",
        HEADER,
        "The file orders.csv holds a header but no rows. Export it again with rows in it.",
        "Die Datei orders.csv enthält eine Kopfzeile, aber keine Daten. Exportieren Sie sie erneut, "
        "mit Zeilen darin.",
    ),
    (
        "a PDF",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        "The file orders.csv is a PDF document. Save the table as CSV, Excel or Parquet and try again.",
        "Die Datei orders.csv ist ein PDF-Dokument. Speichern Sie die Tabelle als CSV, "
        "Excel oder Parquet und versuchen Sie es erneut.",
    ),
    (
        "a picture",
        b"\x89PNG\r\n\x1a\n\x00",
        "The file orders.csv is a picture. Save the table as CSV, Excel or Parquet and try again.",
        "Die Datei orders.csv ist ein Bild. Speichern Sie die Tabelle als CSV, Excel oder Parquet "
        "und versuchen Sie es erneut.",
    ),
    (
        "JSON",
        "[\n  [1, 2]]",
        "The file orders.csv is a JSON file without a table. Save the table as CSV, Excel or Parquet "
        "and try again.",
        "Die Datei orders.csv ist eine JSON-Datei ohne Tabelle. Speichern Sie die Tabelle "
        "als CSV, Excel oder Parquet und versuchen Sie es erneut.",
    ),
    (
        "damaged Parquet",
        b"PAR1 and no more",
        "The Parquet file orders.csv is damaged. Export it again.",
        "Die Parquet-Datei orders.csv ist beschädigt. Exportieren Sie sie erneut.",
    ),
    (
        "a NUL byte",
        HEADER + "1,a,2024-01-05,3\n2,\0,2024-01-05,3\n",
        "Line 3 of orders.csv holds a NUL byte, so it is not a text file. Export it again "
        "as CSV in UTF-8.",
        "Zeile 3 in orders.csv enthält ein NUL-Byte, das ist keine Textdatei. Exportieren Sie sie "
        "erneut als CSV in UTF-8.",
    ),
    (
        "two encodings",
        (HEADER + "1,Müßig,2024-01-05,3\n").encode() + b"2,M\xfcller,2024-01-05,3\n",
        "Line 3 of orders.csv holds bytes that are not UTF-8, unlike the rest of the file. Save "
        "the file in one encoding, or name it with --encoding, such as cp1252.",
        "Zeile 3 in orders.csv enthält Bytes, die anders als der Rest der Datei kein UTF-8 sind. "
        "Speichern Sie die Datei in einer einzigen Kodierung oder nennen Sie diese mit --encoding, "
        "zum Beispiel cp1252.",
    ),
    (
        "no known encoding",
        HEADER.encode() + b"1,a,2024-01-05,3\n2,\x81,2024-01-05,3\n",
        "Line 3 of orders.csv holds bytes that are neither UTF-8 nor Windows-1252. Save the file "
        "as UTF-8, or name its encoding with --encoding.",
        "Zeile 3 in orders.csv enthält Bytes, die weder UTF-8 noch Windows-1252 sind. Speichern "
        "Sie die Datei als UTF-8 oder nennen Sie die Kodierung mit --encoding.",
    ),
    (
        "a short row",
        HEADER + '1,"a\nb",2024-01-05,3\n\n2,b\n',
        "Line 5 of orders.csv has 2 cells, but the table has 4 columns. Correct the line, or leave "
        "such rows out with --skip-bad-rows.",
        "Zeile 5 in orders.csv hat 2 Zellen, die Tabelle aber 4 Spalten. Berichtigen Sie die Zeile "
        "oder lassen Sie solche Zeilen mit --skip-bad-rows weg.",
    ),
    (
        "a long row",
        HEADER + "1,a,2024-01-05,3\n2,b,2024-01-05,3,4,5\n",
        "Line 3 of orders.csv has 6 cells, but the table has 4 columns. Correct the line, or leave "
        "such rows out with --skip-bad-rows.",
        "Zeile 3 in orders.csv hat 6 Zellen, die Tabelle aber 4 Spalten. Berichtigen Sie die Zeile "
        "oder lassen Sie solche Zeilen mit --skip-bad-rows weg.",
    ),
    (
        "an open quotation mark",
        HEADER + '1,a,2024-01-05,3\n2,"b,2024-01-05,3\n',
        "Line 3 of orders.csv has a quotation mark that is not closed. Correct the line, or leave "
        "such rows out with --skip-bad-rows.",
        "In Zeile 3 von orders.csv ist ein Anführungszeichen nicht geschlossen. Berichtigen Sie "
        "die Zeile oder lassen Sie solche Zeilen mit --skip-bad-rows weg.",
    ),
    (
        "an endless line",
        HEADER + "1,a,2024-01-05,3\n2," + "b" * (LINE_BYTES_MAX + 1) + ",2024-01-05,3\n",
        "Line 3 of orders.csv is longer than 2,000,000 bytes. Perhaps a quotation mark is never "
        "closed there, or the file is no table.",
        "Zeile 3 in orders.csv ist länger als 2.000.000 Byte. Vielleicht wird dort ein "
        "Anführungszeichen nie geschlossen, oder die Datei ist keine Tabelle.",
    ),
    (
        "too many columns",
        ",".join(f"column{n}" for n in range(COLUMNS_MAX + 1)) + "\n",
        "The file orders.csv has 2,001 columns; at most 2,000 are read.",
        "Die Datei orders.csv hat 2.001 Spalten; höchstens 2.000 werden gelesen.",
    ),
    (
        "a header twice",
        "order_id,customer_id,date,date\n1,a,2024-01-05,2024-01-06\n",
        "The file orders.csv has two columns named “date”. Rename one of them.",
        "Die Datei orders.csv hat zwei Spalten mit dem Namen „date“. Benennen Sie eine davon um.",
    ),
    (
        "no customer",
        "order_id,date,amount\n1,2024-01-05,3\n",
        "No column of orders.csv was recognized as the customer. Name it with --column "
        "customer_id=…; the columns are: order_id, date, amount.",
        "In orders.csv wurde keine Spalte als Kunde erkannt. Nennen Sie sie mit --column "
        "customer_id=…; die Spalten sind: order_id, date, amount.",
    ),
    (
        "no date",
        "Bestellnummer;Kundennummer;Betrag\n1;a;3,50\n",
        "No column of orders.csv was recognized as the date of the order. Name it with --column "
        "date=…; the columns are: Bestellnummer, Kundennummer, Betrag.",
        "In orders.csv wurde keine Spalte als Bestelldatum erkannt. Nennen Sie sie mit --column "
        "date=…; die Spalten sind: Bestellnummer, Kundennummer, Betrag.",
    ),
    (
        "days that do not exist",
        "Bestellung;Kunde;Datum;Betrag\n1;a;30.01.2024;1,50\n2;b;31.02.2024;2,50\n"
        "3;b;31.04.2024;2,50\n",
        "Line 3 of orders.csv: “31.02.2024” in the column “Datum” is not a date (such rows: 2). "
        "Correct it, name the format with --date-format, or leave such rows out with "
        "--skip-bad-rows.",
        "Zeile 3 in orders.csv: „31.02.2024“ in der Spalte „Datum“ ist kein Datum (betroffene "
        "Zeilen: 2). Berichtigen Sie es, nennen Sie das Format mit --date-format oder lassen Sie "
        "solche Zeilen mit --skip-bad-rows weg.",
    ),
    (
        "no day at all",
        "Bestellung;Kunde;Datum;Betrag\n1;a;gestern;1,50\n",
        "The column “Datum” of orders.csv holds no dates that can be read, for example “gestern”. "
        "Name their format with --date-format, or another column with --column date=….",
        "Die Spalte „Datum“ in orders.csv enthält keine lesbaren Datumsangaben, zum Beispiel "
        "„gestern“. Nennen Sie ihr Format mit --date-format oder eine andere Spalte mit --column "
        "date=….",
    ),
    (
        "an empty day",
        HEADER + "1,a,2024-01-05,3\n,,,7\n",
        "Line 3 of orders.csv has nothing in the column “date” (such rows: 1). Fill it in, or "
        "leave such rows out with --skip-bad-rows.",
        "In Zeile 3 von orders.csv ist die Spalte „date“ leer (betroffene Zeilen: 1). Füllen Sie "
        "sie aus oder lassen Sie solche Zeilen mit --skip-bad-rows weg.",
    ),
    (
        "amounts that cannot be",
        HEADER + "1,a,2024-01-05,3\n2,a,2024-01-05,three\n",
        "Line 3 of orders.csv: “three” in the column “amount” is not a number (such rows: 1). "
        "Correct it, name the decimal mark with --decimal, or leave such rows out with "
        "--skip-bad-rows.",
        "Zeile 3 in orders.csv: „three“ in der Spalte „amount“ ist keine Zahl (betroffene Zeilen: "
        "1). Berichtigen Sie sie, nennen Sie das Dezimalzeichen mit --decimal oder lassen Sie "
        "solche Zeilen mit --skip-bad-rows weg.",
    ),
    (
        "an amount beyond all measure",
        HEADER + "1,a,2024-01-05,3\n2,a,2024-01-05,1e30\n3,a,2024-01-05,99999999999999\n",
        "Line 3 of orders.csv: “1e30” in the column “amount” is too large a number (such rows: 2). "
        "Correct it, or leave such rows out with --skip-bad-rows.",
        "Zeile 3 in orders.csv: „1e30“ in der Spalte „amount“ ist eine zu große Zahl (betroffene "
        "Zeilen: 2). Berichtigen Sie sie oder lassen Sie solche Zeilen mit --skip-bad-rows weg.",
    ),
    (
        "two currencies",
        "order_id,customer_id,date,amount,currency\n1,a,2024-01-05,3,EUR\n2,a,2024-01-05,3,USD\n",
        "Line 3 of orders.csv is in USD, the lines before in EUR. Convert them with a file of daily "
        "rates (--rates FILE and --currency EUR), or split the file.",
        "Zeile 3 in orders.csv ist in USD, die Zeilen davor in EUR. Lassen Sie mit einer Datei der "
        "Tageskurse umrechnen (--rates DATEI und --currency EUR), oder teilen Sie die Datei.",
    ),
]


@pytest.mark.parametrize(
    ("content", "english", "german"), [row[1:] for row in BAD], ids=[row[0] for row in BAD]
)
def test_a_bad_file_is_refused_in_one_sentence(shop, content, english, german):
    with pytest.raises(ReadError) as refused:
        shop.text(content)

    assert str(refused.value) == english
    assert refused.value.render("de") == german
    assert shop.tables() == set()
    assert not list(shop.folder.glob("kohorte-*"))


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
    assert shop.reading.rows_read == 6


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
