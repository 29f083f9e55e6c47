"""Gift cards are no revenue when they are sold; the order itself stays an event."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from kohorte.reading.amounts import gift_cards

SUMS = "SELECT order_id, amount_minor, state FROM orders ORDER BY order_id"
LEFT_OUT = (
    "SELECT reason, scope, line, order_id, amount_minor FROM excluded_rows ORDER BY line, reason"
)
SHOPIFY = (
    "Name,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem quantity,"
    "Lineitem name,Lineitem price,Lineitem sku,Billing Country,Refunded Amount\n"
)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Gift Card – 50 €", True),
        ("E-Gift 25", True),
        ("Online gift voucher", True),
        ("Gift certificate", True),
        ("GIFTCARD-50", True),
        ("gift_card", True),
        ("Geschenkgutschein 20 Euro", True),
        ("Geschenk-Gutschein", True),
        ("Geschenkkarte", True),
        ("Wertgutschein", True),
        ("Gutscheinkarte", True),
        ("Gutschein WILLKOMMEN10", False),
        ("voucher", False),
        ("coupon", False),
        ("Geschenkkarton", False),
        ("Gift box", False),
        ("Gift card holder, leather", False),
        ("Geschenkkarten-Hülle", False),
        ("The gift of music", False),
    ],
)
def test_what_is_called_a_gift_card(text, is_one):
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE products AS SELECT $text AS product", {"text": text})
        found = connection.execute(
            f"SELECT count(*) FROM products WHERE {gift_cards.named('product')}"
        ).fetchone()

    assert found == (int(is_one),)


def test_a_line_that_sells_a_gift_card_is_taken_out_of_its_order(shop):
    shop.text(
        "order_id,customer_id,date,sku,product,quantity,unit price\n"
        "1,a,2024-01-05,g,Gift voucher,2,20.00\n1,a,2024-01-05,t,Tea,1,5.00\n"
        "2,b,2024-01-06,w,Gutschein,1,-5.00\n2,b,2024-01-06,t,Tea,3,5.00\n"
        "3,,2024-01-07,giftcard-30,Present,1,30.00\n"
        "4,c,2024-01-08,g,Gift voucher,-1,20.00\n4,c,2024-01-08,t,Tea,9,5.00\n",
        currency="EUR",
    )

    assert shop.rows(SUMS) == [
        ("1", 500, "counted"),
        ("2", 1_000, "counted"),
        ("3", 0, "counted"),
        # A gift card that is given back is no sale of one.
        ("4", 2_500, "counted"),
    ]
    assert shop.rows(LEFT_OUT) == [
        ("gift_card", "revenue", 2, "1", 4_000),
        ("gift_card", "revenue", 6, "3", 3_000),
        ("no_customer", "customer metrics", 6, "3", 0),
    ]
    assert shop.reading.raw_amount == Decimal("110.00")
    assert shop.remarks() == [
        "Rows that sell gift cards: 2, over 70.00. That is no revenue until they are spent; the "
        "orders themselves count. --count gift_card counts the amount as well."
    ]


def test_an_order_in_one_row_that_sells_a_gift_card_counts_with_nothing(shop):
    shop.text(
        "Bestellnr;Kunde;Datum;Artikel;Betrag\n1;a;05.01.2024;Geschenkgutschein;50,00\n"
        "2;a;06.01.2024;Tee;7,00\n",
        rows="orders",
        currency="EUR",
    )

    assert shop.rows(SUMS) == [("1", 0, "counted"), ("2", 700, "counted")]
    assert shop.rows(LEFT_OUT) == [("gift_card", "revenue", 2, "1", 5_000)]


def test_where_the_amount_is_the_orders_the_gift_cards_prices_are_taken_out(shop):
    shop.text(
        SHOPIFY
        + "#1,anna@example.com,paid,EUR,65.00,4.90,3.18,69.90,2024-01-05 00:30:10 +0100,1,Gift Card,50.00,G,DE,0\n"
        "#1,anna@example.com,,,,,,,2024-01-05 00:30:10 +0100,1,Tea,15.00,T,,\n"
        # Ten percent off: no more is taken out than was paid.
        "#2,ben@example.com,paid,EUR,45.00,0.00,0.00,45.00,2024-01-06 00:30:10 +0100,2,Geschenkkarte,25.00,G,DE,0\n"
        "#3,ben@example.com,voided,EUR,50.00,0.00,0.00,50.00,2024-01-06 00:30:10 +0100,1,Gift Card,50.00,G,DE,0\n"
        "#4,ben@example.com,paid,EUR,20.00,0.00,3.19,20.00,2024-01-07 00:30:10 +0100,1,Tea,20.00,T,DE,0\n",
    )

    assert shop.rows(SUMS) == [
        ("#1", 1_990, "counted"),
        ("#2", 0, "counted"),
        # A cancelled order sold nothing.
        ("#3", 5_000, "cancelled"),
        ("#4", 2_000, "counted"),
    ]
    assert shop.rows(LEFT_OUT) == [
        ("gift_card", "revenue", 2, "#1", 5_000),
        ("gift_card", "revenue", 4, "#2", 4_500),
    ]
    assert shop.reading.raw_amount == Decimal("184.90")


def test_taxes_are_those_of_the_rest_of_the_order(shop):
    shop.text(
        SHOPIFY
        + "#1,anna@example.com,paid,EUR,61.90,0.00,1.90,61.90,2024-01-05 00:30:10 +0100,1,Gift Card,50.00,G,DE,0\n"
        "#1,anna@example.com,,,,,,,2024-01-05 00:30:10 +0100,1,Tea,11.90,T,,\n",
        net=True,
    )

    assert shop.rows(SUMS) == [("#1", 1_000, "counted")]
    assert shop.rows(LEFT_OUT) == [("gift_card", "revenue", 2, "#1", 5_000)]


def test_the_amount_on_each_line_of_an_order_loses_the_gift_card_once(shop):
    rows = "".join(
        f"{n},a,2024-01-0{n},Tea,15.00,65.00\n{n},a,2024-01-0{n},Gift card,50.00,65.00\n"
        for n in (1, 2, 3)
    )
    shop.text("order_id,customer_id,date,product,unit price,total\n" + rows, currency="EUR")

    assert shop.rows(SUMS) == [(str(n), 1_500, "counted") for n in (1, 2, 3)]
    assert len(shop.rows(LEFT_OUT)) == 3


def test_gift_cards_are_converted_like_everything_else(shop):
    rates = shop.file("date,currency,rate\n2024-01-05,USD,1.25\n", "rates.csv")
    shop.read(
        shop.file(
            "order_id,customer_id,date,product,quantity,unit price,currency\n"
            "1,a,2024-01-05,Gift card,1,50.00,USD\n1,a,2024-01-05,Tea,1,10.00,USD\n"
        ),
        rates=str(rates),
        currency="EUR",
    )

    assert shop.rows("SELECT amount_minor, original_minor FROM orders") == [(800, 1_000)]
    assert shop.rows(LEFT_OUT) == [("gift_card", "revenue", 2, "1", 4_000)]


def test_a_setting_counts_them_all_the_same(shop):
    content = (
        "order_id,customer_id,date,product,quantity,unit price\n1,a,2024-01-05,Gift card,1,50.00\n"
    )
    shop.read(shop.file(content), count=("gift_card",), currency="EUR")

    assert shop.rows(SUMS) == [("1", 5_000, "counted")]
    assert shop.rows(LEFT_OUT) == []
    assert shop.remarks() == []


def test_an_order_in_two_files_lists_its_gift_card_once(shop):
    header = "order_id,customer_id,date,product,quantity,unit price\n"
    one = shop.file(header + "1,a,2024-01-05,Gift card,1,50.00\n", "one.csv")
    two = shop.file(
        header + "1,a,2024-01-05,Gift card,1,50.00\n2,a,2024-02-05,Tea,1,5.00\n", "two.csv"
    )
    shop.read(one, two, currency="EUR")

    assert shop.rows(SUMS) == [("1", 0, "counted"), ("2", 500, "counted")]
    assert shop.rows("SELECT reason, file, amount_minor FROM excluded_rows ORDER BY reason") == [
        ("gift_card", "two.csv", 5_000),
        ("seen_in_another_file", "one.csv", 5_000),
    ]


def test_lines_of_the_uci_stay_as_published(shop):
    shop.text(
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
        "536365,gift_0001_30,Dotcomgiftshop Gift Voucher £30.00,1,12/1/2010 8:26,25.00,17850,UK\n"
    )

    assert shop.rows(SUMS) == [("536365", 2_500, "counted")]
    assert shop.rows(LEFT_OUT) == []
