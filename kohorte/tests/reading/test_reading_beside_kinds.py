"""Which files hold what beside the orders: told by headers, cells, names, and the user."""

from __future__ import annotations

import pytest

from kohorte.errors import ReadError
from kohorte.reading import ReadOptions
from kohorte.reading.beside import kinds
from kohorte.reading.formats import opening

ORDERS = "Bestellnummer;E-Mail;Bestelldatum;Betrag\nB-1;anna@example.com;05.01.2026;20,00\n"


def kind(shop, content, name="x.csv"):
    source = opening.open_source(
        shop.file(content, name),
        connection=shop.connection,
        folder=shop.folder,
        options=ReadOptions(),
    )
    return kinds.of(source, connection=shop.connection, options=ReadOptions())


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Monat;Zweck;Kanal;Betrag\n2026-01;Neukunden;Suche;90,00\n", "spend"),
        ("Date,Channel,Ad spend\n2026-01-05,search,90.00\n", "spend"),
        ("starts_on;ends_on;purpose;amount_minor\n2026-01-01;2026-01-31;sales;900\n", "spend"),
        ("SKU,Product name,COGS\nT-7,Cup,2.80\n", "products"),
        ("product_id;unit_cost\nT-7;2.8\n", "products"),
        ("Art.-Nr.;Bezeichnung;EK-Preis;VK-Preis\nT-7;Tasse;2,80;7,50\n", "products"),
        ("Datum;Kundennummer;NPS\n05.01.2026;K1;9\n", "responses"),
        ("Zeitstempel;Wie zufrieden sind Sie?\n05.01.2026;4\n", "responses"),
        ("Date,Customer,Question,Score\n2026-01-05,K1,csat,4\n", "responses"),
        ("Ticket-Nr.;Kundennummer;Eingang;Gelöst am\n1;K1;05.01.2026;06.01.2026\n", "tickets"),
        ("ticket_id;opened_at\n1;2026-01-05\n", "tickets"),
        ("Lead ID,Created,Qualified\n1,2026-01-05,yes\n", "leads"),
        ("E-Mail;Erstellt am;Lead-Status\nanna@example.com;05.01.2026;Neu\n", "leads"),
        ("Bestellnummer;Geworben von\nB-1;K2\n", "referrals"),
        ("order_id,referrer_id\nB-1,K2\n", "referrals"),
        ("Bestellnummer;Retourendatum;Grund\nB-1;05.01.2026;defekt\n", "returns"),
        ("RMA,Order,Returned at,Return reason\n1,B-1,2026-01-05,broken\n", "returns"),
        (
            "Vertragsnummer;Kundennummer;Beginn;Monatsbetrag\nV-1;K1;05.01.2026;9,90\n",
            "subscriptions",
        ),
        ("Subscription,Customer,Start date,MRR\n1,K1,2026-01-05,9.90\n", "subscriptions"),
    ],
)
def test_files_are_known_by_their_headers(shop, content, expected):
    assert kind(shop, content) == expected


@pytest.mark.parametrize(
    "content",
    [
        ORDERS,
        "Bestellnummer;Kunde;Bestelldatum;Betrag;Kanal\nB-1;K1;05.01.2026;20,00;Shop\n",
        "Bestellnummer;Kunde;Bestelldatum;Betrag;Empfohlen von\nB-1;K1;05.01.2026;20,00;K2\n",
        "Order;Customer;Date;Total;Rating\nB-1;K1;2026-01-05;20.00;5\n",
        "Order;Customer;Date;Total;Subscription\nB-1;K1;2026-01-05;20.00;yes\n",
        "Bestellnummer;Kunde;Datum;Artikelnummer;Menge;Einzelpreis;EK\nB-1;K1;05.01.2026;T-7;1;7,5;2,8\n",
        "Order;Customer;Date;Total;Cancelled at\nB-1;K1;2026-01-05;20.00;\n",
    ],
)
def test_a_file_of_orders_with_such_a_column_stays_one(shop, content):
    assert kind(shop, content) == "orders"


def test_a_name_tells_where_headers_leave_it_open(shop):
    plain = "Monat;Betrag\n2026-01;90,00\n"

    assert kind(shop, plain, "werbekosten.csv") == "spend"
    assert kind(shop, plain, "x.csv") == "orders"


def test_cells_that_cannot_be_meant_are_not_taken(shop):
    """“Score” holds words, so that nothing was answered here."""
    assert kind(shop, "Datum;Kunde;Score\n05.01.2026;K1;hoch\n") == "orders"


def test_one_telling_header_beside_customers_and_days_is_a_question(shop):
    shop.read(shop.file(ORDERS), shop.file("Kunde;Datum;Ticket\nK1;05.01.2026;T-1\n", "x.csv"))

    (question,) = [one for one in shop.reading.questions if one.option.startswith("kinds")]
    assert (question.option, question.assumed) == ("kinds.x.csv", "tickets")
    assert [choice.value for choice in question.choices] == ["tickets", "orders"]
    assert question.asks.render("en") == (
        "What is a row of x.csv? Its columns do not tell for certain."
    )


def test_the_kind_that_the_user_says_holds(shop):
    bare = shop.file("Tag;Summe\n05.01.2026;90,00\n", "x.csv")

    reading = shop.read(shop.file(ORDERS), bare, kinds={"x.csv": "spend"})

    assert shop.row("SELECT amount_minor FROM spend") == (9000,)
    assert ReadOptions.from_mapping(shop.file(reading.mapping.to_toml(), "m.toml")).kinds == {
        "x.csv": "spend"
    }


def test_columns_are_named_with_their_table(shop):
    file = shop.file("wann;Betrag;wofür;womit\n05.01.2026;90,00;Neukunden;Suche\n", "x.csv")
    named = {"spend.starts_on": "wann", "spend.purpose": "wofür", "spend.channel": "womit"}

    reading = shop.read(shop.file(ORDERS), file, kinds={"x.csv": "spend"}, columns=named)

    assert shop.row("SELECT purpose, channel, amount_minor FROM spend") == (
        "acquisition",
        "Suche",
        9000,
    )
    guesses = {guess.meaning: guess.reason.render("en") for guess in reading.files[1].guesses}
    assert guesses["spend.channel"] == "You said so."
    kept = ReadOptions.from_mapping(
        shop.file(reading.mapping_with(ReadOptions(columns=named)).to_toml(), "m.toml")
    )
    assert named.items() <= dict(kept.columns).items()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"kinds": {"x.csv": "products"}},
            "no column was recognized as “product number” (products.product_id)",
        ),
        ({"columns": {"spend.color": "Kanal"}}, "“spend.color” is not a meaning of a column."),
        ({"columns": {"spend.channel": "Farbe"}}, "x.csv has no column “Farbe”"),
        ({"words": {"purpose.Büro": "nothing"}}, "“nothing” is not what “Büro” may mean"),
    ],
)
def test_what_cannot_be_is_refused_with_a_remedy(shop, options, message):
    file = shop.file("Datum;Zweck;Kanal;Betrag\n05.01.2026;Büro;Suche;90,00\n", "x.csv")

    with pytest.raises(ReadError) as caught:
        shop.read(shop.file(ORDERS), file, **options)

    assert message in caught.value.render("en")
    assert shop.tables() == set()


def test_files_beside_the_orders_alone_are_refused(shop):
    with pytest.raises(ReadError, match=r"x\.csv holds Expenses and no orders"):
        shop.read(shop.file("Monat;Zweck;Betrag\n2026-01;Neukunden;90,00\n", "x.csv"))


def test_a_later_reading_replaces_the_tables_of_an_earlier_one(shop):
    spend = shop.file("Monat;Zweck;Betrag\n2026-01;Neukunden;90,00\n", "x.csv")
    shop.read(shop.file(ORDERS), spend)

    shop.read(shop.file(ORDERS))

    assert "spend" not in shop.tables()
