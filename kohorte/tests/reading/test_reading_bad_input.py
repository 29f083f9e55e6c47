from __future__ import annotations

import pytest

from kohorte.errors import BadRowsError, ReadError
from kohorte.reading.source import COLUMNS_MAX, LINE_BYTES_MAX

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
    assert isinstance(refused.value, BadRowsError) == ("--skip-bad-rows" in english)
    assert shop.tables() == set()
    assert not list(shop.folder.glob("kohorte-*"))
