"""Which column says through which channel an order came, and which only look like it."""

from __future__ import annotations

from pathlib import Path

import pytest

HEAD = "Bestellung;Kunde;Datum;Betrag;{}\n"
FIXTURES = Path(__file__).parent / "fixtures"


def table(header: str, *cells: str) -> str:
    rows = (f"{n};k{n};2024-01-{n:02};10,00;{cell}\n" for n, cell in enumerate(cells, start=1))
    return HEAD.format(header) + "".join(rows)


def taken(shop) -> str | None:
    (file,) = shop.reading.files
    return next((guess.column for guess in file.guesses if guess.meaning == "channel"), None)


@pytest.mark.parametrize(
    "header",
    [
        *("Vertriebskanal", "Kanal", "Marketingkanal", "Herkunft", "Plattform", "Auftragsherkunft"),
        *("Sales channel", "channel", "utm_source", "Traffic source", "Referring site", "Source"),
        *("Order Source", "canal de venta", "Wie haben Sie von uns erfahren?"),
    ],
)
def test_a_channel_is_known_by_its_header(shop, header):
    shop.text(table(header, "Newsletter", "google / cpc", "", " Newsletter ", "-"))

    assert taken(shop) == header
    assert shop.rows("SELECT channel FROM orders ORDER BY order_id") == [
        ("Newsletter",),
        ("google / cpc",),
        (None,),
        ("Newsletter",),
        (None,),
    ]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Versandkanal", ("DHL", "DPD", "DHL")),
        ("Zahlungskanal", ("Karte", "Rechnung", "Karte")),
        ("payment source", ("card", "invoice", "card")),
        ("sales_channel_id", ("1", "2", "1")),
        ("Kanal", ("1", "2", "1")),
        ("Source file", ("a.csv", "b.csv", "a.csv")),
        ("Herkunft", ("ja", "nein", "ja")),
        ("Source", tuple(f"https://example.com/{n}" for n in range(1, 30))),
        ("Source", tuple(f"gast{n}@example.com" for n in range(1, 5))),
    ],
)
def test_what_is_no_channel_is_not_taken_for_one(shop, header, cells):
    shop.text(table(header, *cells))

    assert taken(shop) is None
    assert shop.row("SELECT count(channel) FROM orders") == (0,)


def test_one_row_of_an_order_is_enough_to_say_its_channel(shop):
    shop.text(
        "Bestellnummer;Kunde;Datum;Artikel;Menge;Einzelpreis;Vertriebskanal\n"
        "1;anna;2024-01-05;Tasse;1;5,00;\n"
        "1;anna;2024-01-05;Kanne;1;9,00;Newsletter\n"
        "2;ben;2024-01-06;Tasse;1;5,00;Marktplatz\n"
    )

    assert shop.rows("SELECT order_id, channel FROM orders ORDER BY order_id") == [
        ("1", "Newsletter"),
        ("2", "Marktplatz"),
    ]


def test_the_user_says_which_column_it_is(shop):
    shop.text(table("Aktion", "Mai", "Juni"), columns={"channel": "Aktion"})

    assert shop.rows("SELECT channel FROM orders ORDER BY order_id") == [("Mai",), ("Juni",)]


@pytest.mark.parametrize(
    ("name", "column", "channel"),
    [
        ("amazon_orders.txt", "sales-channel", "Amazon.de"),
        ("jtl_orders.csv", "Plattform", "JTL-Shop"),
        ("plentyone_orders.csv", "Herkunft", "Mandant (Shop)"),
    ],
)
def test_systems_have_their_own_word_for_it(shop, name, column, channel):
    shop.read(FIXTURES / name)

    assert taken(shop) == column
    assert shop.rows("SELECT DISTINCT channel FROM orders") == [(channel,)]


def test_shopify_calls_it_source_on_the_first_row_of_an_order(shop):
    shop.text(
        "Name,Email,Created at,Total,Currency,Financial Status,Lineitem quantity,Lineitem name,"
        "Lineitem price,Source\n"
        "#1,anna@example.com,2026-05-01 10:00:00 +0200,20.00,EUR,paid,1,Tee,15.00,web\n"
        "#1,,,,,,1,Dose,5.00,\n"
        "#2,ben@example.com,2026-05-02 10:00:00 +0200,5.00,EUR,paid,1,Dose,5.00,pos\n"
    )

    assert shop.rows("SELECT order_id, channel FROM orders ORDER BY order_id") == [
        ("#1", "web"),
        ("#2", "pos"),
    ]


def test_finished_tables_keep_their_channel(shop):
    path = shop.folder / "orders.parquet"
    shop.connection.execute(
        "COPY (SELECT 1 AS order_id, 7 AS customer_id, TIMESTAMP '2024-01-05' AS placed_at, "
        f"100::BIGINT AS amount_minor, 'mail' AS channel) TO '{path}'"
    )
    shop.read(path)

    assert shop.row("SELECT channel FROM orders") == ("mail",)
