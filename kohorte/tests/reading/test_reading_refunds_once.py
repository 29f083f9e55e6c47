"""Refunds of lists and of orders go together: each counts once, and what is odd is told."""

from __future__ import annotations

import pytest

import kohorte
from kohorte import exclusions

ORDERS = (
    "Bestellnummer;Kundennummer;Bestelldatum;Betrag\n"
    "B-1;17;05.01.2024;50,00\n"
    "B-2;18;06.01.2024;1.250,00\n"
    "B-3;17;07.02.2024;20,00\n"
)
HEADER = "Gutschriftnummer;Bestellnummer;Gutschriftdatum;Gutschriftbetrag\n"


def refunds(shop):
    return shop.rows("SELECT refund_id, order_id, amount_minor FROM refunds ORDER BY ALL")


def excluded(shop):
    return shop.rows(
        "SELECT reason, scope, file, line, order_id, amount_minor FROM excluded_rows "
        "ORDER BY file, line"
    )


def read(shop, *lists, orders=ORDERS, **options):
    files = [shop.file(rows, f"list{number}.csv") for number, rows in enumerate(lists, start=1)]
    return shop.read(shop.file(orders), *files, **options)


def test_a_refund_that_stands_twice_in_a_list_counts_once(shop):
    read(shop, HEADER + "G-1;B-1;13.01.2024;20,00\nG-1;B-1;13.01.2024;20,00\n")

    assert refunds(shop) == [("G-1", "B-1", 2000)]
    assert excluded(shop) == [("seen_twice", "everything", "list1.csv", 3, "B-1", -2000)]
    assert "Rows that repeat a refund of this list: 1; it counts once." in shop.remarks()


def test_rows_of_one_credit_note_make_one_refund(shop):
    read(
        shop,
        HEADER + "G-1;B-1;13.01.2024;20,00\nG-1;;13.01.2024;7,50\nG-1;;13.01.2024;-2,50\n",
    )

    assert refunds(shop) == [("G-1", "B-1", 2500)]
    assert excluded(shop) == []


def test_one_credit_note_may_be_for_several_orders(shop):
    read(shop, HEADER + "G-1;B-1;13.01.2024;20,00\nG-1;B-3;13.01.2024;7,50\n")

    assert refunds(shop) == [("G-1", "B-1", 2000), ("G-1 2", "B-3", 750)]


def test_of_two_lists_the_one_that_runs_further_has_a_refund(shop):
    older = HEADER + "G-1;B-1;13.01.2024;20,00\nG-2;B-3;08.02.2024;1,00\n"
    newer = HEADER + "G-1;B-1;13.01.2024;30,00\nG-3;B-2;01.03.2024;5,00\n"

    read(shop, newer, older)

    assert refunds(shop) == [("G-1", "B-1", 3000), ("G-2", "B-3", 100), ("G-3", "B-2", 500)]
    assert excluded(shop) == [("seen_in_another_file", "everything", "list2.csv", 2, "B-1", -2000)]
    assert any("stands in another list as well: 1" in remark for remark in shop.remarks())


def test_without_a_number_order_day_and_amount_tell_a_refund(shop):
    header = "Bestellnummer;Gutschriftdatum;Gutschriftbetrag\n"
    one = header + "B-1;13.01.2024;20,00\nB-1;14.01.2024;5,00\n;14.01.2024;5,00\n"
    two = header + "B-1;13.01.2024;-20,00\nB-3;15.02.2024;5,00\n"

    read(shop, one, two)

    assert refunds(shop) == [
        ("list1.csv 3", "B-1", 500),
        ("list1.csv 4", None, 500),
        ("list2.csv 2", "B-1", 2000),
        ("list2.csv 3", "B-3", 500),
    ]


def test_orders_that_are_not_there_are_told(shop):
    read(shop, HEADER + "G-1;B-1;13.01.2024;20,00\nG-2;B-8;14.01.2024;5,00\n")

    assert refunds(shop) == [("G-1", "B-1", 2000), ("G-2", "B-8", 500)]
    assert shop.remarks()[-1] == (
        "Refunds of orders that are not in the files: 1, the first of order “B-8”. They reduce "
        "nothing; name the files with these orders as well."
    )


def test_numbers_that_are_written_otherwise_are_told(shop):
    read(shop, HEADER + "G-1;1;13.01.2024;20,00\nG-2;2;14.01.2024;5,00\n")

    assert shop.remarks()[-1] == (
        "None of the orders that the list names is in the files. The list says “1”, the orders say "
        "“B-1”; make the numbers alike, or name the files with these orders as well."
    )


def test_refunds_larger_than_their_order_are_told(shop):
    read(shop, HEADER + "G-1;B-1;13.01.2024;40,00\nG-2;B-1;14.01.2024;10,01\n")

    assert shop.remarks()[-1] == (
        "Orders whose refunds are larger than the order: 1, the first is “B-1”. What exceeds the "
        "order reduces nothing."
    )


def test_what_the_orders_tell_as_well_counts_once(shop):
    orders = (
        "Bestellnummer;Kundennummer;Bestelldatum;Betrag;Erstattungsbetrag\n"
        "B-1;17;05.01.2024;50,00;20,00\n"
        "B-2;18;06.01.2024;1.250,00;100,00\n"
        "B-3;17;07.02.2024;20,00;3,00\n"
        "B-4;17;08.02.2024;20,00;2,00\n"
    )
    listed = HEADER + "G-1;B-1;13.01.2024;20,00\nG-2;B-2;14.01.2024;60,00\nG-3;B-3;9.2.2024;4,00\n"

    read(shop, listed, orders=orders)

    assert refunds(shop) == [
        ("B-2", "B-2", 4000),
        ("B-4", "B-4", 200),
        ("G-1", "B-1", 2000),
        ("G-2", "B-2", 6000),
        ("G-3", "B-3", 400),
    ]
    assert shop.remarks()[-1] == (
        "Orders whose refund stands with the order and in a list: 3. It counts once, from the list, "
        "which knows the day; where the order tells more (1), the rest comes from the order."
    )


def test_a_credit_note_among_the_orders_is_that_of_the_list(shop):
    orders = ORDERS + "G-1;17;13.01.2024;-20,00\nG-2;17;14.01.2024;-9,00\n"

    read(shop, HEADER + "G-1;B-1;13.01.2024;20,00\nG-2;B-2;14.01.2024;5,00\n", orders=orders)

    assert refunds(shop) == [("G-1", "B-1", 2000), ("G-2", None, 900), ("G-2 2", "B-2", 500)]


def test_an_order_may_have_the_number_of_a_refund(shop):
    orders = (
        "Bestellnummer;Kundennummer;Bestelldatum;Betrag;Erstattungsbetrag\n"
        "1;17;05.01.2024;50,00;20,00\n2;18;06.01.2024;60,00;\n"
    )

    read(shop, HEADER + "1;2;13.01.2024;5,00\n", orders=orders)

    assert refunds(shop) == [("1", "1", 2000), ("1 2", "2", 500)]


def test_orders_without_amounts_are_not_reduced(shop):
    orders = "Bestellnummer;Kundennummer;Bestelldatum\nB-1;17;05.01.2024\n"

    read(shop, HEADER + "G-1;B-1;13.01.2024;20,00\n", orders=orders)

    assert shop.remarks()[-1] == "The orders hold no amounts that these refunds could reduce."


def test_revenue_is_what_the_list_leaves(shop):
    listed = shop.file(HEADER + "G-1;B-1;13.01.2024;20,00\nG-2;B-2;14.01.2024;1.250,00\n", "g.csv")

    with kohorte.read(shop.file(ORDERS), listed) as history:
        (revenue,) = history.metric("revenue", grain="all", segment="all")
        (orders,) = history.metric("orders", grain="all", segment="all")
        left_out = exclusions.by_reason(history.engine, exponent=2)

    assert (revenue.value, orders.value) == (50.0, 2)
    assert [(each.reason, each.rows, each.amount) for each in left_out] == [
        ("fully_refunded", 1, 1250.0)
    ]


def test_addresses_find_customers_who_have_a_number_in_the_list_only(shop):
    orders = "Bestellnummer;E-Mail;Bestelldatum;Betrag\nB-1;anna@example.com;05.01.2024;50,00\n"
    content = (
        "Gutschriftnummer;Kundennummer;E-Mail;Gutschriftdatum;Gutschriftbetrag\n"
        "G-1;17;Anna@Example.com;13.01.2024;20,00\n"
    )

    read(shop, content, orders=orders)

    assert shop.rows("SELECT refund_id, customer_id FROM refunds") == [("G-1", "anna@example.com")]


def test_lines_without_cells_are_skipped_and_ragged_ones_listed(shop):
    content = HEADER + "G-1;B-1;13.01.2024;20,00\n;;;\nG-2;B-2;14.01.2024;5,00;oops\n"

    read(shop, content, skip_bad_rows=True)

    assert refunds(shop) == [("G-1", "B-1", 2000)]
    assert excluded(shop) == [("unreadable_row", "everything", "list1.csv", 4, None, None)]
    assert shop.reading.files[1].rows == 2


def test_nothing_of_an_earlier_reading_stays(shop):
    read(shop, HEADER + "G-1;B-1;13.01.2024;20,00\n")
    read(shop, HEADER + "G-2;B-2;14.01.2024;5,00\n")

    assert refunds(shop) == [("G-2", "B-2", 500)]
    assert not [name for name in shop.tables() if name.startswith("kohorte_")]


@pytest.mark.parametrize(
    ("header", "cells", "said"),
    [
        ("", "", {"tax_rate": "19"}),
        (";Land", ";DE", {"tax_rate": "oss"}),
        (";Steuerbetrag", ";-1,90", {"tax_rate": "19"}),
    ],
)
def test_refunds_lose_their_taxes_as_the_orders_do(shop, header, cells, said):
    orders = (
        "Bestellnummer;Kundennummer;Bestelldatum;Betrag;Land\n"
        "B-1;17;05.01.2024;119,00;DE\nB-2;18;06.01.2024;119,00;DE\n"
    )
    listed = f"{HEADER.rstrip()}{header}\nG-1;B-1;13.01.2024;-11,90{cells}\n"

    read(shop, listed, orders=orders, net=True, taxes="inside", **said)

    assert shop.rows("SELECT amount_minor FROM orders ORDER BY order_id") == [(10000,), (10000,)]
    assert refunds(shop) == [("G-1", "B-1", 1000)]


def test_refunds_are_converted_as_the_orders_are(shop):
    shop.file("date;currency;rate\n2024-01-05;USD;2,0\n2024-01-12;USD;4,0\n", "rates.csv")
    orders = ORDERS.replace("Betrag", "Betrag;Währung").replace(",00\n", ",00;EUR\n")
    listed = "Gutschrift-Nr.;Bestellnummer;Gutschriftdatum;Betrag;Währung\nG-1;B-1;13.01.2024;20,00;USD\n"

    read(shop, listed, orders=orders, currency="EUR", rates=str(shop.folder / "rates.csv"))

    assert refunds(shop) == [("G-1", "B-1", 500)]


def test_a_total_below_the_list_is_no_refund(shop):
    read(shop, HEADER + "G-1;B-1;13.01.2024;20,00\nG-2;B-2;14.01.2024;5,00\nSumme;;;25,00\n")

    assert refunds(shop) == [("G-1", "B-1", 2000), ("G-2", "B-2", 500)]
