"""What a file holds: told by its headers, what stands in them, its name, and the user."""

from __future__ import annotations

import pytest

from kohorte.errors import ReadError
from kohorte.reading import ReadOptions
from kohorte.reading.beside import kinds
from kohorte.reading.formats import opening

ORDERS = "Bestellnummer;E-Mail;Bestelldatum;Betrag\nB-1;anna@example.com;05.01.2024;20,00\n"


def kind(shop, content, name="file.csv"):
    source = opening.open_source(
        shop.file(content, name),
        connection=shop.connection,
        folder=shop.folder,
        options=ReadOptions(),
    )
    return kinds.of(source, connection=shop.connection, options=ReadOptions())


@pytest.mark.parametrize(
    "content",
    [
        "Gutschriftnummer;Bestellnummer;Gutschriftdatum;Gutschriftbetrag\nG-1;B-1;05.01.2024;20,00\n",
        "Gutschrift-Nr.;Datum;Kundennummer;Betrag\nG-1;05.01.2024;17;20,00\n",
        "Retourennummer;Auftrag;zurückgegeben am;Erstattungsbetrag (EUR)\n1;B-1;05.01.2024;20,00\n",
        "Bestellnummer;erstattet am;Betrag\nB-1;05.01.2024;20,00\n",
        "Bestellnummer;Bestellwert;Erstattungsdatum;Erstattung\nB-1;50,00;05.01.2024;20,00\n",
        "Bestellnummer;Datum;Erstattungsbetrag\nB-1;05.01.2024;20,00\nB-2;06.01.2024;9,00\n",
        "refund_id;order_id;customer_id;refunded_at;amount_minor\nR-1;B-1;17;2024-01-05;2000\n",
        "Refund ID;Order;Refund date;Refund amount\n1;B-1;2024-01-05;20.00\n",
        "Credit Note No.;Date;Order number;Total\nCN-1;2024-01-05;B-1;20.00\n",
        "Credit Memo;Created;Order;Order Date;Status;Refunded\n000001;2024-01-05;B-1;2024-01-01;Refunded;20.00\n",
        "RMA number;Order;Returned at;Amount\n1;B-1;2024-01-05;20.00\n",
        "Gutschrift;Bestellnummer;Bestelldatum;Betrag\nGS-1;B-1;05.01.2024;20,00\n",
    ],
)
def test_lists_of_refunds_are_known_by_their_headers(shop, content):
    assert kind(shop, content) == "refunds"


@pytest.mark.parametrize(
    "content",
    [
        ORDERS,
        "Bestellnummer;Kunde;Bestelldatum;Betrag;Erstattungsbetrag\nB-1;17;05.01.2024;20,00;20,00\n",
        "Bestellnummer;Kunde;Datum;Betrag;Erstattung\nB-1;17;05.01.2024;20,00;0,00\n",
        "Bestellnummer;Kunde;Datum;Betrag;Erstattungsbetrag;Erstattungsdatum\n"
        "B-1;17;05.01.2024;20,00;20,00;09.01.2024\n",
        "Bestellnummer;Kunde;Datum;Betrag;Gutschriftnummer\nB-1;17;05.01.2024;20,00;G-1\n"
        "B-2;17;06.01.2024;20,00;\n",
        "Bestellnummer;Kunde;Datum;Betrag;Gutschrift\nB-1;17;05.01.2024;20,00;5,00\n",
        "Order;Customer;Date;Total;Status\nB-1;17;2024-01-05;20.00;refunded\n",
        "Order;Customer;Date;Total;Refund reason\nB-1;17;2024-01-05;20.00;broken\n",
        "Order;Customer;wann;Total;Refund date\nB-1;17;2024-01-05;20.00;2024-01-09\n",
        "Kunde;Datum\nanna;05.01.2024\n",
        "Kundennummer;Name;Ort;Datum;Betrag\n17;Anna;Wien;05.01.2024;20,00\n",
        "Name;Email;Order;Created at;Total\nAnna;anna@example.com;B-1;2024-01-05;20.00\n",
    ],
)
def test_in_doubt_a_file_holds_orders(shop, content):
    assert kind(shop, content) == "orders"


@pytest.mark.parametrize(
    "content",
    [
        "Kundennummer;E-Mail;Land;Kundengruppe\n17;anna@example.com;DE;Händler\n",
        "Kundennummer;Vorname;Nachname;Kunde seit\n17;Anna;A.;05.01.2024\n",
        "customer_id;country\n17;DE\n",
        "id;email;first_name;last_name;created_at\n1;anna@example.com;Anna;A.;2024-01-05\n",
        "Name,Username,Last Active,Sign Up,Email,Orders,Total Spend,AOV,Country / Region\n"
        "Anna,anna,2024-01-05,2023-01-05,anna@example.com,3,90.00,30.00,DE\n",
        "E-Mail;Newsletter;Geburtsdatum;Letzte Bestellung\nanna@example.com;ja;05.01.1980;05.01.2024\n",
    ],
)
def test_lists_of_customers_are_known_by_their_headers(shop, content):
    assert kind(shop, content) == "customers"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("refunds.csv", "refunds"),
        ("order_refunds.csv", "refunds"),
        ("Retouren 2024.csv", "refunds"),
        ("CreditMemos.csv", "refunds"),
        ("orders_with_refunds.csv", "orders"),
        ("shop.csv", "orders"),
    ],
)
def test_a_name_tells_where_headers_do_not(shop, name, expected):
    plain = "id;order_id;created_at;amount\n1;B-1;2024-01-05;20.00\n"

    assert kind(shop, plain, name) == expected
    assert kind(shop, ORDERS, name) == "orders"


def test_a_name_against_the_columns_is_a_question(shop):
    shop.read(shop.file(ORDERS, "gutschriften.csv"))

    (question,) = [each for each in shop.reading.questions if each.option.startswith("kinds")]
    assert question.option == "kinds.gutschriften.csv"
    assert question.assumed == "orders"
    assert [choice.value for choice in question.choices] == ["orders", "refunds"]


def test_the_user_has_the_last_word(shop):
    orders = shop.file(ORDERS)
    more = shop.file(ORDERS, "gutschriften.csv")

    reading = shop.read(orders, more, kinds={"gutschriften.csv": "refunds"})

    assert shop.row("SELECT count(*) FROM orders") == (1,)
    assert shop.row("SELECT order_id, amount_minor FROM refunds") == ("B-1", 2000)
    assert reading.mapping.kinds == {"gutschriften.csv": "refunds"}
    assert ReadOptions.from_mapping(shop.file(reading.mapping.to_toml(), "m.toml")).kinds == {
        "gutschriften.csv": "refunds"
    }


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"other.csv": "refunds"}, "--kind names other.csv, which is not among the files"),
        ({"orders.csv": "ordres"}, "“ordres” is not a kind of file. Known are: orders, refunds"),
        ({"orders.csv": "refunds"}, "orders.csv is a list of refunds and holds no orders"),
        ({"orders.csv": "customers"}, "orders.csv is a list of customers and holds no orders"),
    ],
)
def test_a_kind_that_cannot_be_is_refused(shop, said, message):
    with pytest.raises(ReadError, match=message):
        shop.text(ORDERS, kinds=said)

    assert shop.tables() == set()
