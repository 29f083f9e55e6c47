from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from kohorte import tables

ORDERS = "SELECT order_id, customer_id, amount_minor, units, state FROM orders ORDER BY order_id"
LEFT_OUT = "SELECT reason, scope, line FROM excluded_rows ORDER BY line"


def test_a_german_table_of_orders(shop):
    shop.text(
        "Bestellnr.;Kundennummer;Bestelldatum;Gesamtbetrag;Währung\n"
        "B-1;K1;05.01.2024 10:30;1.234,50;EUR\n"
        "B-2;K2;13.01.2024 23:30;0,99;EUR\n",
        zone="Europe/Berlin",
    )

    told = "order_id, customer_id, placed_at, currency, amount_minor, units, state"
    assert shop.rows(f"SELECT {told} FROM orders ORDER BY order_id") == [
        (
            "B-1",
            "K1",
            dt.datetime.fromisoformat("2024-01-05 09:30"),
            "EUR",
            123_450,
            None,
            "counted",
        ),
        ("B-2", "K2", dt.datetime.fromisoformat("2024-01-13 22:30"), "EUR", 99, None, "counted"),
    ]
    assert shop.tables() == set(tables.TABLES)
    assert shop.rows("FROM order_lines") == []
    assert shop.rows("FROM customers") == [("K1", None), ("K2", None)]
    assert not shop.reading.has_lines
    assert not shop.reading.has_units
    assert shop.reading.currency == "EUR"
    assert shop.remarks() == []
    (file,) = shop.reading.files
    assert (file.layout, file.encoding, file.delimiter) == ("generic", "utf-8", ";")
    assert {(guess.meaning, guess.column) for guess in file.guesses} == {
        ("order_id", "Bestellnr."),
        ("customer_id", "Kundennummer"),
        ("date", "Bestelldatum"),
        ("amount", "Gesamtbetrag"),
        ("currency", "Währung"),
    }
    assert min(guess.score for guess in file.guesses) == 1.0


def test_an_english_table_of_lines(shop):
    shop.text(
        "Order ID,Customer ID,Order Date,SKU,Item name,Qty,Unit price,Country\n"
        "1,a,2024-01-05,s1,Soap,2,1.005,DE\n"
        "1,a,2024-01-05,s2,Tea,1,4.00,DE\n"
        "1,a,2024-01-05,s2,Tea,1,4.00,DE\n"
        "2,b,2024-01-06,s1,Soap,3,0.335,AT\n"
    )

    assert shop.rows(ORDERS) == [
        ("1", "a", 201 + 400 + 400, Decimal(4), "counted"),
        ("2", "b", 101, Decimal(3), "counted"),
    ]
    assert shop.rows("SELECT * EXCLUDE (product) FROM order_lines ORDER BY ALL LIMIT 2") == [
        ("1", 1, "s1", Decimal(2), Decimal("1.005"), 201),
        ("1", 2, "s2", Decimal(1), Decimal(4), 400),
    ]
    assert shop.rows("FROM customers") == [("a", "DE"), ("b", "AT")]
    assert shop.reading.raw_amount == Decimal("11.015")
    assert shop.reading.has_lines


def test_amounts_round_half_away_from_zero_line_by_line(shop):
    shop.text(
        "order_id,customer_id,date,sku,quantity,unit_price\n"
        "1,a,2024-01-05,x,1,0.125\n1,a,2024-01-05,y,1,0.125\n1,a,2024-01-05,z,-1,0.125\n"
    )

    assert shop.rows("SELECT amount_minor FROM order_lines ORDER BY line_number") == [
        (13,),
        (13,),
        (-13,),
    ]
    assert shop.row("SELECT amount_minor FROM orders") == (13,)


def test_without_order_numbers_customer_and_local_day_make_the_order(shop):
    shop.text(
        "customer,date,amount\n"
        "a,2024-07-01 00:30,1\na,2024-07-01 23:30,2\na,2024-07-02 00:10,4\n,2024-07-01,8\n"
        ",2024-07-01,16\n",
        zone="Europe/Berlin",
    )

    assert shop.rows(ORDERS) == [
        ("? 0 5", None, 800, None, "counted"),
        ("? 0 6", None, 1_600, None, "counted"),
        ("a 2024-07-01", "a", 300, None, "counted"),
        ("a 2024-07-02", "a", 400, None, "counted"),
    ]
    assert shop.row("SELECT count(*) FROM order_lines") == (5,)
    assert shop.rows(LEFT_OUT) == [
        ("no_customer", "customer metrics", 5),
        ("no_customer", "customer metrics", 6),
    ]
    assert shop.remarks() == [
        "There is no order number; what a customer buys on one day is one order."
    ]


def test_without_amounts_orders_are_counted_only(shop):
    shop.text("order_id,customer_id,date\n1,a,2024-01-05\n2,a,2024-01-06\n")

    assert shop.rows(ORDERS) == [
        ("1", "a", None, None, "counted"),
        ("2", "a", None, None, "counted"),
    ]
    assert not shop.reading.has_amounts
    assert shop.reading.raw_amount is None


def test_an_e_mail_address_stands_in_for_the_customer(shop):
    shop.text(
        "order,kundennr,email,date,amount\n"
        "1,7,anna@example.com,2024-01-05,1\n2,, Ben@Example.com ,2024-01-06,1\n"
    )

    assert shop.rows("SELECT customer_id FROM orders ORDER BY order_id") == [
        ("7",),
        ("ben@example.com",),
    ]


def test_words_of_the_status_column_become_states(shop):
    shop.text(
        "order_id,customer_id,date,amount,status\n"
        "1,a,2024-01-05,1,paid\n2,a,2024-01-05,2,Storniert\n3,a,2024-01-05,4,TEST\n"
        "4,,2024-01-05,8,nicht bezahlt\n5,a,2024-01-05,16,refunded\n"
        "6,a,2024-01-05,32,partially_refunded\n"
    )

    assert shop.rows("SELECT order_id, state FROM orders ORDER BY order_id") == [
        ("1", "counted"),
        ("2", "cancelled"),
        ("3", "test"),
        ("4", "unpaid"),
        ("5", "counted"),
        ("6", "counted"),
    ]
    assert shop.rows("SELECT order_id, amount_minor FROM refunds") == [("5", 1_600)]
    assert shop.rows(LEFT_OUT) == []
    assert shop.remarks() == [
        "Orders with the status “partially_refunded” count in full: no column tells how much was "
        "refunded."
    ]


def test_a_cancelled_line_leaves_the_rest_of_its_order(shop):
    shop.text(
        "order_id,customer_id,date,sku,quantity,unit_price,status\n"
        "1,a,2024-01-05,x,1,5.00,paid\n1,a,2024-01-05,y,2,7.00,cancelled\n"
    )

    assert shop.rows(ORDERS) == [("1", "a", 500, Decimal(1), "counted")]
    assert shop.rows("SELECT product_id FROM order_lines") == [("x",)]
    assert shop.rows(LEFT_OUT) == [("cancelled", "everything", 3)]


def test_a_refund_column_names_its_orders(shop):
    shop.text(
        "order_id,customer_id,date,amount,refunded amount\n"
        "1,a,2024-01-05,3.00,0.00\n2,b,2024-01-05,3.00,1.50\n3,b,2024-01-05,3.00,\n"
    )

    assert shop.rows("SELECT refund_id, order_id, customer_id, amount_minor FROM refunds") == [
        ("2", "2", "b", 150)
    ]


def test_a_negative_order_is_a_refund_without_an_order(shop):
    shop.text("order_id,customer_id,date,amount\n1,a,2024-01-05,5\n2,a,2024-01-06,-2\n")

    assert shop.rows(ORDERS) == [("1", "a", 500, None, "counted")]
    assert shop.rows("SELECT refund_id, order_id, amount_minor FROM refunds") == [("2", None, 200)]
    assert shop.rows(LEFT_OUT) == [("refund", "everything", 3)]


def test_the_same_order_twice_in_a_file_counts_once(shop):
    shop.text(
        "order_id,customer_id,date,amount\n"
        "1,a,2024-01-05,5\n1,a,2024-01-05,5\n2,a,2024-01-06,1\n2,a,2024-01-06,2\n"
    )

    assert shop.rows(ORDERS) == [
        ("1", "a", 500, None, "counted"),
        ("2", "a", 300, None, "counted"),
    ]
    assert shop.rows(LEFT_OUT) == [("seen_twice", "everything", 3)]
    assert shop.remarks() == [
        "Order numbers on several rows with different amounts: 1; their rows were added up to one "
        "order each."
    ]


def test_the_amount_of_the_order_on_each_of_its_lines_counts_once(shop):
    lines = "".join(f"{n // 2},a,2024-01-05,s{n},30.00\n" for n in range(8))
    shop.text("order_id,customer_id,date,sku,order total\n" + lines)

    assert shop.row("SELECT count(*), sum(amount_minor) FROM orders") == (4, 12_000)
    assert shop.remarks() == [
        "“order total” holds the same amount on all lines of an order; it was taken as the order's "
        "amount and counted once."
    ]


def test_the_amount_of_the_order_holds_the_discount_that_the_prices_of_its_lines_lack(shop):
    lines = "".join(f"{n // 2},a,2024-01-05,s{n},1,30.00,5.00,54.90\n" for n in range(8))
    shop.text("order_id,customer_id,date,sku,quantity,unit_price,discount,order total\n" + lines)

    assert shop.row("SELECT count(*), sum(amount_minor), sum(units) FROM orders") == (4, 21_960, 8)


def test_lines_of_the_same_price_are_not_taken_for_the_amount_of_the_order(shop):
    lines = "".join(f"{n // 2},a,2024-01-05,s{n},2,30.00,60.00\n" for n in range(8))
    shop.text("order_id,customer_id,date,sku,quantity,unit_price,total\n" + lines)

    assert shop.row("SELECT count(*), sum(amount_minor) FROM orders") == (4, 48_000)


def test_rows_that_repeat_the_sum_of_their_order_are_left_out(shop):
    shop.text(
        "Receipt Number,Date,Customer Code,Line Type,Sku,Quantity,Total\n"
        + "".join(
            f"{n},2024-01-0{n},c{n % 3},Sale,,3,50.00\n"
            f"{n},2024-01-0{n},c{n % 3},Sale Line,s1,1,20.00\n{n},2024-01-0{n},c{n % 3},Sale Line,s2,2,30.00\n"
            f"{n},2024-01-0{n},c{n % 3},Payment,,,\n"
            for n in range(1, 5)
        )
    )

    assert shop.row("SELECT count(*), sum(amount_minor), sum(units) FROM orders") == (4, 20_000, 12)
    assert shop.remarks()[0] == (
        "Rows with “Sale” in “Line Type” repeat what the other rows of their order add up to and "
        "were left out: 4."
    )


def test_an_order_in_two_files_is_taken_from_the_file_that_ends_later(shop):
    header = "order_id,customer_id,date,sku,quantity,unit_price\n"
    newer = shop.file(header + "2,a,2024-01-31,x,1,7\n3,a,2024-02-01,x,1,1\n", "newer.csv")
    older = shop.file(
        header + "1,a,2024-01-01,x,1,1\n2,a,2024-01-31,x,1,5\n2,a,2024-01-31,x,0,bad\n",
        "older.csv",
    )

    shop.read(newer, older, skip_bad_rows=True)

    assert shop.rows("SELECT order_id, amount_minor FROM orders ORDER BY 1") == [
        ("1", 100),
        ("2", 700),
        ("3", 100),
    ]
    assert shop.rows("SELECT reason, file, line FROM excluded_rows ORDER BY line") == [
        ("seen_in_another_file", "older.csv", 3),
        ("seen_in_another_file", "older.csv", 4),
    ]
    assert shop.reading.rows_read == 5
    assert [file.rows for file in shop.reading.files] == [2, 3]


def test_order_numbers_that_begin_anew_are_told(shop):
    header = "order_id,customer_id,date,amount\n"
    shop.read(
        shop.file(header + "1,a,2023-01-05,5\n", "2023.csv"),
        shop.file(header + "1,b,2024-01-05,5\n", "2024.csv"),
    )

    assert shop.remarks() == [
        "Order numbers that stand in several files with different dates: 1. Perhaps the shop began "
        "to count anew; then make the numbers differ, for example by the year."
    ]


@pytest.mark.parametrize(
    ("currency", "amount", "minor"),
    [("JPY", "300", 300), ("KWD", "1.2345", 1_235), ("EUR", "3", 300)],
)
def test_minor_units_follow_the_currency(shop, currency, amount, minor):
    shop.text(
        f"order_id,customer_id,date,amount,currency\n1,a,2024-01-05,{amount},{currency}\n",
        decimal=".",
    )

    assert shop.rows("SELECT currency, amount_minor FROM orders") == [(currency, minor)]


def test_the_sign_in_the_cells_tells_the_currency(shop):
    shop.text("Bestellung;Kunde;Datum;Betrag\n1;a;05.01.2024;1.234,50 €\n")

    assert shop.rows("SELECT currency, amount_minor FROM orders") == [("EUR", 123_450)]


def test_a_file_without_a_header_is_read_by_the_numbers_of_its_columns(shop):
    shop.text(
        "1,7,2024-01-05,3\n2,7,2024-01-06,4\n",
        columns={"order_id": "1", "customer_id": "2", "amount": "4"},
    )

    assert shop.rows(ORDERS) == [
        ("1", "7", 300, None, "counted"),
        ("2", "7", 400, None, "counted"),
    ]
    assert shop.remarks() == ["The file has no header line; columns are numbered from 1."]


def test_the_cdnow_layout(shop):
    shop.text(
        " 00001 19970101  1   11.77\n 00002 19970112  1   12.00\n 00002 19970112  5   77.00\n"
    )

    assert shop.rows(ORDERS) == [
        ("00001 1997-01-01", "00001", 1_177, Decimal(1), "counted"),
        ("00002 1997-01-12", "00002", 8_900, Decimal(6), "counted"),
    ]
    assert shop.row("SELECT count(*) FROM order_lines") == (3,)
    assert shop.reading.files[0].layout == "cdnow"
    assert shop.reading.currency == "USD"


def test_the_cdnow_sample_is_joined_by_the_number_of_the_whole(shop):
    shop.text(" 00004 00001 19970101  2   29.33\n 00021 00002 19970101  3   63.34\n")

    assert shop.rows("SELECT customer_id, amount_minor FROM orders ORDER BY 1") == [
        ("00004", 2_933),
        ("00021", 6_334),
    ]


def test_blank_rows_of_a_spreadsheet_are_nothing(shop):
    shop.text("sep=;\r\norder_id;customer_id;date;amount\r\n1;a;2024-01-05;3\r\n;;;\r\n;;;\r\n")

    assert shop.rows(ORDERS) == [("1", "a", 300, None, "counted")]
    assert shop.reading.rows_read == 1
