"""Revenue without taxes and postage, to the cent: by columns and by rates."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kohorte.errors import ReadError

SUMS = "SELECT order_id, amount_minor FROM orders ORDER BY order_id"
LINES = "SELECT amount_minor FROM order_lines ORDER BY order_id, line_number"
GROSS = (
    "order_id,customer_id,date,total,tax,shipping,refund,country\n"
    "1,a,2024-01-05,124.95,19.95,5.95,0,DE\n"
    "2,b,2024-01-06,53.50,3.50,0,26.75,DE\n"
    "3,c,2024-01-07,10.00,0.00,0,0,CH\n"
)
ANSWERS = {"currency": "EUR", "taxes": "inside", "postage": "inside"}


def test_the_tax_column_is_taken_out_of_orders_and_of_refunds_in_proportion(shop):
    shop.text(GROSS, net=True, **ANSWERS)

    # 124.95 − 19.95, 53.50 − 3.50, 10.00; of the refund 26.75 × 50/53.50.
    assert shop.rows(SUMS) == [("1", 10_500), ("2", 5_000), ("3", 1_000)]
    assert shop.rows("SELECT order_id, amount_minor FROM refunds") == [("2", 2_500)]
    assert shop.reading.raw_amount == Decimal("188.45")
    assert shop.remarks() == [
        "The amounts hold taxes and postage. Revenue is counted without the taxes in “tax”."
    ]


def test_the_postage_column_is_taken_out(shop):
    shop.text(GROSS, without_postage=True, **ANSWERS)

    assert shop.rows(SUMS) == [("1", 11_900), ("2", 5_350), ("3", 1_000)]
    assert shop.remarks()[0].endswith("Revenue is counted without the postage in “shipping”.")


def test_taxes_and_postage_are_taken_out_together(shop):
    shop.text(GROSS, net=True, without_postage=True, **ANSWERS)

    # The postage loses its taxes at the order's own rate: 5.95 × 105/124.95 = 5.00.
    assert shop.rows(SUMS) == [("1", 10_000), ("2", 5_000), ("3", 1_000)]


def test_a_postage_without_taxes_is_known_by_its_header(shop):
    content = GROSS.replace("shipping", "shipping (excl. tax)").replace("5.95", "5.00")
    shop.text(content, without_postage=True, **ANSWERS)
    assert shop.row(f"SELECT amount_minor FROM ({SUMS}) WHERE order_id = '1'") == (11_900,)

    shop.text(content, without_postage=True, net=True, **ANSWERS)
    assert shop.row(f"SELECT amount_minor FROM ({SUMS}) WHERE order_id = '1'") == (10_000,)


@pytest.mark.parametrize(
    ("rate", "amounts"),
    [("19", [10_500, 4_496, 840]), ("7 %", [11_678, 5_000, 935]), ("25,5", [9_956, 4_263, 797])],
)
def test_a_rate_does_it_where_there_is_no_column(shop, rate, amounts):
    content = GROSS.replace("tax", "note")
    shop.text(content, net=True, tax_rate=rate, **ANSWERS)

    assert [amount for _, amount in shop.rows(SUMS)] == amounts
    assert shop.remarks()[0].endswith("Revenue is counted without taxes.")


def test_amounts_without_taxes_stay_as_they_are(shop):
    shop.text(GROSS, net=True, **{**ANSWERS, "taxes": "outside"})

    assert shop.rows(SUMS) == [("1", 12_495), ("2", 5_350), ("3", 1_000)]


def test_the_net_column_beside_the_gross_one_is_taken(shop):
    shop.text(
        "Bestellnr;Kunde;Datum;Netto;Brutto\n1;a;05.01.2024;9,99;11,89\n2;b;06.01.2024;50,00;53,50\n",
        net=True,
        currency="EUR",
    )

    assert shop.rows(SUMS) == [("1", 999), ("2", 5_000)]
    assert shop.reading.raw_amount == Decimal("65.39")


def test_lines_lose_the_taxes_of_their_own_column(shop):
    shop.text(
        "order_id,customer_id,date,sku,quantity,unit price,tax\n"
        "1,a,2024-01-05,x,2,11.90,3.80\n1,a,2024-01-05,y,1,10.70,0.70\n"
        "2,b,2024-01-06,x,-1,11.90,1.90\n",
        net=True,
        currency="EUR",
        taxes="inside",
    )

    assert shop.rows(LINES) == [(2_000,), (1_000,)]
    assert shop.rows(SUMS) == [("1", 3_000)]
    # What is given back bears the sign of the amount: −(11.90 − 1.90).
    assert shop.rows("SELECT refund_id, amount_minor FROM refunds") == [("2", 1_000)]


def test_lines_lose_the_taxes_by_the_rate_in_their_own_row(shop):
    shop.text(
        "order_id;customer_id;date;sku;quantity;unit price;MwSt %\n"
        "1;a;2024-01-05;x;2;11,90;19 %\n1;a;2024-01-05;y;1;10,70;7,0 %\n1;a;2024-01-05;z;1;4,00;0 %\n",
        net=True,
        currency="EUR",
        taxes="inside",
    )

    assert shop.rows(LINES) == [(2_000,), (1_000,), (400,)]
    assert shop.remarks()[0].endswith("Revenue is counted without taxes, by the rates in “MwSt %”.")


def test_rates_are_not_taken_for_amounts_where_only_their_cells_tell(shop):
    rows = "".join(f"{n},a,2024-01-05,{amount},{rate}\n" for n, amount, rate in [
        (1, "11.90", 19), (2, "10.70", 7), (3, "119.00", 19), (4, "53.50", 7),
    ])  # fmt: skip
    shop.text(
        "order_id,customer_id,date,amount,VAT\n" + rows, net=True, currency="EUR", taxes="inside"
    )

    assert [amount for _, amount in shop.rows(SUMS)] == [1_000, 1_000, 10_000, 5_000]


def test_postage_that_stands_on_each_line_is_the_orders_and_taken_out_once(shop):
    shop.text(
        "order_id,customer_id,date,sku,quantity,unit price,shipping\n"
        "1,a,2024-01-05,x,2,10.00,5.00\n1,a,2024-01-05,y,1,7.00,5.00\n2,b,2024-01-06,x,1,10.00,0\n",
        without_postage=True,
        currency="EUR",
        postage="inside",
    )

    assert shop.rows(SUMS) == [("1", 2_200), ("2", 1_000)]


def test_the_amount_of_the_order_on_each_line_loses_its_taxes_once(shop):
    rows = "".join(
        f"{n},a,2024-01-0{n},{sku},{119 * n}.00,{19 * n}.00\n" for n in (1, 2, 3) for sku in "xyz"
    )
    shop.text(
        "order_id,customer_id,date,sku,total,tax\n" + rows, net=True, currency="EUR", taxes="inside"
    )

    assert shop.rows(SUMS) == [("1", 10_000), ("2", 20_000), ("3", 30_000)]
    assert shop.reading.raw_amount == Decimal("714.00")


def test_amounts_in_cents_lose_taxes_in_cents(shop):
    shop.text(
        "order_id,customer_id,date,amount_cents,tax\n1,a,2024-01-05,11900,1900\n",
        net=True,
        currency="EUR",
        taxes="inside",
    )

    assert shop.rows(SUMS) == [("1", 10_000)]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"net": True}, "does not tell whether its amounts hold taxes. Say it with --taxes inside"),
        (
            {"net": True, "taxes": "inside"},
            "recognized as the taxes. Name it with --column tax=…, or",
        ),
        ({"without_postage": True}, "does not tell whether its amounts hold postage. Say it with"),
        (
            {"without_postage": True, "postage": "inside"},
            "as the postage. Name it with --column post",
        ),
        ({"net": True, "taxes": "inside", "tax_rate": "oss"}, "recognized as the country. Name it"),
        ({"tax_rate": "neunzehn"}, "^“neunzehn” is not a rate of taxes. Give a number such as 19"),
    ],
)
def test_what_cannot_be_computed_says_what_to_add(shop, options, sentence):
    with pytest.raises(ReadError, match=sentence):
        shop.text("order_id,customer_id,date,amount\n1,a,2024-01-05,3\n", **options)

    assert shop.tables() == set()


def test_a_tax_that_is_no_number_is_refused_only_where_it_is_needed(shop):
    rows = (
        "".join(f"{n},a,2024-01-05,119,19.00\n" for n in range(20)) + "20,a,2024-01-05,119,n.n.\n"
    )
    content = "order_id,customer_id,date,amount,tax\n" + rows
    shop.text(content, taxes="inside")
    assert shop.row("SELECT count(*) FROM orders") == (21,)

    with pytest.raises(
        ReadError, match=r"^Line 22 of .*: “n\.n\.” in the column “tax” is not a num"
    ):
        shop.text(content, taxes="inside", net=True)


def test_refunds_on_a_list_lose_taxes_by_a_rate_or_by_the_country_of_their_order(shop):
    orders = shop.file(
        "order_id,customer_id,date,total,country\n1,a,2020-12-31,116.00,DE\n2,b,2024-01-06,120.00,AT\n"
    )
    returned = shop.file(
        "Bestellnr;Erstattungsdatum;Erstattungsbetrag\n1;10.01.2021;58,00\n2;10.01.2024;60,00\n",
        "refunds.csv",
    )
    shop.read(orders, returned, net=True, taxes="inside", tax_rate="oss", currency="EUR")
    refunds = "SELECT order_id, amount_minor FROM refunds ORDER BY order_id"
    assert shop.rows(SUMS) == [("1", 10_000), ("2", 10_000)]
    assert shop.rows(refunds) == [("1", 5_000), ("2", 5_000)]

    shop.read(orders, returned, net=True, taxes="inside", tax_rate="20", currency="EUR")
    assert shop.rows(refunds) == [("1", 4_833), ("2", 5_000)]


def test_refunds_on_a_list_need_a_rate_where_the_orders_have_a_column(shop):
    orders = shop.file(GROSS)
    returned = shop.file("Bestellnr;Erstattungsdatum;Betrag\n1;10.01.2024;5,95\n", "refunds.csv")
    with pytest.raises(ReadError, match=r"refunds\.csv does not tell the taxes of its refunds"):
        shop.read(orders, returned, net=True, **ANSWERS)

    shop.read(orders, returned, net=True, tax_rate="19", **ANSWERS)
    assert shop.rows("SELECT amount_minor FROM refunds WHERE order_id = '1'") == [(500,)]
