"""Files as people really have them: Shopify's export, lists made in Excel, returns in between."""

from __future__ import annotations

import pytest

from kohorte.errors import ReadError

SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Currency,Total,Created at,Lineitem quantity,Lineitem name,"
    "Lineitem price,Lineitem sku,Billing Country,Refunded Amount,Id\n"
    "#1,anna@x.de,paid,2024-01-05 10:11:12 +0100,EUR,54.90,2024-01-05 00:30:10 +0100,2,Tea,15.00,T,DE,0,91\n"
    "#1,anna@x.de,,,,,2024-01-05 00:30:10 +0100,1,Cup,20.00,C,,,\n"
    "#2,ben@x.de,voided,,EUR,50.00,2024-02-05 10:00:00 +0100,2,Tea,15.00,T,DE,0,92\n"
    "#2,ben@x.de,,,,,2024-02-05 10:00:00 +0100,1,Cup,20.00,C,,,\n"
    "#3,cara@x.de,partially_refunded,,EUR,34.90,2024-05-01 10:00:00 -0330,2,Tea,15.00,T,AT,15.00,93\n"
)
ORDERS = "SELECT order_id, customer_id, amount_minor, state FROM orders ORDER BY order_id"


def test_the_shopify_export(shop):
    shop.text(SHOPIFY, zone="Europe/Berlin")

    assert shop.reading.files[0].layout == "shopify"
    assert shop.rows(ORDERS) == [
        ("#1", "anna@x.de", 5_490, "counted"),
        ("#2", "ben@x.de", 5_000, "cancelled"),
        ("#3", "cara@x.de", 3_490, "counted"),
    ]
    assert shop.rows("SELECT order_id, amount_minor FROM refunds") == [("#3", 1_500)]
    assert shop.row("SELECT units FROM orders WHERE order_id = '#1'") == (3,)
    assert shop.remarks() == ["The amounts hold taxes and postage."]


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2024-01-05 00:30:10 +0100", "2024-01-04 23:30:10"),
        ("2024-01-05 00:30:10 -03:30", "2024-01-05 04:00:10"),
        ("2024-01-05T00:30:10+01", "2024-01-04 23:30:10"),
        ("2024-01-05 00:30:10 UTC", "2024-01-05 00:30:10"),
        ("2024-01-05 00:30:10 GMT", "2024-01-05 00:30:10"),
    ],
)
def test_offsets_may_stand_apart_and_be_called_utc(shop, written, instant):
    shop.text(f"id,customer,date\n1,a,{written}\n2,a,2024-01-06 00:30:10\n", zone="Asia/Tokyo")

    assert shop.row("SELECT placed_at::VARCHAR FROM orders WHERE order_id = '1'") == (instant,)


TABLE = "Datum;Kd-Nr;Betrag;Auftragsnr.\r\n" + "".join(
    f"{day:02d}.01.2024;K{day % 3};1.000,50;A{day}\r\n" for day in range(1, 29)
)


@pytest.mark.parametrize(
    "title",
    [
        "Auftragsliste Müller & Söhne;;;\r\nStand: 31.01.2024;;;\r\n;;;\r\n",
        "Auftragsliste Müller, Wien\r\n\r\n",
        "Zeitraum;01.01.2024;bis;\r\n",
        "Stand;31.01.2024;;\r\n\r\n",
        '"Aufträge\r\nJanuar";;;\r\n',
    ],
)
def test_titles_above_the_header_are_skipped_and_told(shop, title):
    shop.text((title + TABLE).encode("cp1252"))

    assert shop.row("SELECT count(*), sum(amount_minor) FROM orders") == (28, 28 * 100_050)
    assert shop.row("SELECT count(DISTINCT customer_id) FROM orders") == (3,)
    (told,) = (text for text in shop.remarks() if text.startswith("Lines above the header"))
    assert told.endswith("2." if "Stand:" in title else "1.")


def test_the_line_of_a_fault_below_a_title_is_that_of_the_file(shop):
    with pytest.raises(ReadError, match=r"^Line 32 of orders\.csv: “31\.02\.2024”"):
        shop.text("Auftragsliste;;;\r\n;;;\r\n" + TABLE + "31.02.2024;K1;1,00;A99\r\n")


@pytest.mark.parametrize(
    "header",
    ["Bestellung;Kunde;Datum;Betrag", "a;;;", "7;x;05.01.2024;3,50"],
    ids=["a header", "names that are missing", "no header"],
)
def test_a_table_without_a_title_keeps_its_first_row(shop, header):
    columns = {"order_id": "1", "customer_id": "2", "date": "3", "amount": "4"}
    if header.startswith("B"):
        columns = {}
    elif header.startswith("a"):
        columns["order_id"] = "a"
    shop.text(header + "\n1;a;05.01.2024;3,50\n2;b;06.01.2024;4,50\n", columns=columns)

    assert shop.row("SELECT count(*) FROM orders") == (3 if header[0] == "7" else 2,)
    assert not any("above the header" in text for text in shop.remarks())


def test_an_order_that_a_later_row_takes_back_is_refunded_and_no_free_order(shop):
    shop.text(
        "Bestellnr;Kunde;Datum;Betrag\n1;a;01.02.2024;10,00\n1;a;05.02.2024;-10,00\n"
        "2;a;01.03.2024;20,00\n2;a;02.03.2024;-5,00\n3;b;02.03.2024;0,00\n"
    )

    assert shop.rows(ORDERS) == [
        ("1", "a", 1_000, "counted"),
        ("2", "a", 1_500, "counted"),
        ("3", "b", 0, "counted"),
    ]
    assert shop.rows("SELECT order_id, amount_minor FROM refunds") == [("1", 1_000)]


def test_a_voucher_for_the_whole_order_is_no_refund(shop):
    shop.text(
        "order_id,customer_id,date,quantity,unit_price,sku\n"
        "1,a,2024-01-05,2,10.00,tea\n1,a,2024-01-05,1,-20.00,voucher\n"
        "2,a,2024-01-06,1,10.00,tea\n2,a,2024-01-06,-1,10.00,tea\n"
    )

    assert shop.rows(ORDERS) == [("1", "a", 0, "counted"), ("2", "a", 1_000, "counted")]
    assert shop.rows("SELECT order_id, amount_minor FROM refunds") == [("2", 1_000)]


def test_lines_without_a_status_have_that_of_their_order(shop):
    shop.text(
        "order_id,customer_id,date,line total,sku,status\n1,a,2024-01-05,3,x,storniert\n"
        "1,a,2024-01-05,4,y,\n2,a,2024-01-06,4,y,bezahlt\n2,a,2024-01-06,5,z,\n"
    )

    assert shop.rows(ORDERS) == [("1", "a", 700, "cancelled"), ("2", "a", 900, "counted")]


def test_days_in_the_future_and_long_ago_are_told(shop):
    shop.text("id,customer,date\n1,a,2024-01-05\n2,a,2150-12-31\n3,a,1900-01-01\n")

    assert shop.remarks()[-1] == (
        "Rows whose day lies in the future or before 1980: 2, the first in line 3 (31 Dec 2150). "
        "They stretch the whole report; --since and --until leave them out."
    )


def test_a_repeated_header_matters_only_where_it_means_something(shop):
    shop.text("id,customer,date,amount,note,note\n1,a,2024-01-05,3,x,y\n")

    assert shop.rows(ORDERS) == [("1", "a", 300, "counted")]


def test_the_way_of_paying_is_no_product(shop):
    shop.text("order id,email,date,total,Payment Method Title\n1,a@x.de,2024-01-05,3,PayPal\n")

    assert "product" not in {guess.meaning for guess in shop.reading.files[0].guesses}


@pytest.mark.parametrize(
    "cells", [("12,50 €", "20,00 $"), ("EUR 12,50", "20,00 £"), ("€1", "CHF 2")]
)
def test_two_currencies_beside_the_amounts_are_refused(shop, cells):
    rows = "".join(f"{n};a;01.02.2024;{cell}\n" for n, cell in enumerate(cells))
    with pytest.raises(ReadError, match=r"^Line 3 of orders\.csv is in (USD|GBP|CHF), the lines"):
        shop.text("Bestellung;Kunde;Datum;Betrag\n" + rows)


def test_one_currency_may_be_written_in_several_ways(shop):
    shop.text(
        "Bestellung;Kunde;Datum;Betrag\n1;a;01.02.2024;12,50 €\n2;a;01.03.2024;1,50 Euro\n"
        "3;a;01.04.2024;EUR 1\n4;a;01.05.2024;7\n"
    )

    assert shop.reading.currency == "EUR"
    assert shop.row("SELECT sum(amount_minor) FROM orders") == (2_200,)


@pytest.mark.parametrize("time", ["14:05 Uhr", "14:05:00 Uhr", "um 14:05 Uhr", "14.05 Uhr"])
def test_times_with_the_word_uhr(shop, time):
    shop.text(f"Bestellung;Kunde;Bestellt am;Betrag\n1;a;01.02.2024 {time};12,50\n")

    assert shop.row("SELECT placed_at::VARCHAR FROM orders") == ("2024-02-01 14:05:00",)


def test_the_minus_sign_of_typesetters(shop):
    shop.text("Beleg;Kunde;Datum;Betrag\n1;a;01.02.2024;12,50\n2;a;03.02.2024;\u2212 2,50 €\n")

    assert shop.row("SELECT amount_minor FROM refunds") == (250,)
