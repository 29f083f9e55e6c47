"""Lines of orders in a file of their own: joined by the order number, amounts of the orders hold."""

from __future__ import annotations

from decimal import Decimal

import pytest

import kohorte
from kohorte.errors import ReadError

ORDERS = """Bestellnummer;Kundennummer;Bestelldatum;Gesamtbetrag
B-1;7;05.01.2024;30,00
B-2;8;06.01.2024;12,00
B-3;7;16.02.2024;22,00
"""
ITEMS = """Bestellnummer;Artikelnummer;Artikelname;Warengruppe;Menge;Einzelpreis
B-1;T-7;Tasse;Geschirr;2;7,50
#b-1;K-2;Kanne;Kannen;1;15,00
B-2;T-7;Tasse;Geschirr;1;7,50
B-9;T-7;Tasse;Geschirr;1;7,50
"""
LINES = "SELECT order_id, line_number, product_id, quantity, amount_minor FROM order_lines"
READ = [
    ("B-1", 1, "T-7", Decimal(2), 1500),
    ("B-1", 2, "K-2", Decimal(1), 1500),
    ("B-2", 1, "T-7", Decimal(1), 750),
]


def test_lines_join_their_orders_by_the_number(shop):
    reading = shop.read(shop.file(ORDERS), shop.file(ITEMS, "order_items.csv"))

    assert shop.rows(f"{LINES} ORDER BY ALL") == READ
    assert shop.rows("SELECT order_id, amount_minor, units FROM orders ORDER BY 1") == [
        ("B-1", 3000, Decimal(3)),
        ("B-2", 1200, Decimal(1)),
        ("B-3", 2200, Decimal(0)),
    ]
    assert (reading.has_units, reading.has_lines) == (True, True)
    assert reading.files[1].layout == "order_lines"
    assert shop.remarks()[-5:] == [
        "Taken for: Lines of orders.",
        "3 lines joined to 2 of 3 orders by the order number.",
        "Rows that name an order which is in none of the files: 1, the first is “B-9”.",
        "Orders without a line: 1; they count without units unless their own file tells them.",
        "1 order costs 12.00 by its own file and 7.50 by the lines; the orders' amounts hold. "
        "Postage, discounts and taxes may be the difference.",
    ]


def test_lines_give_products_categories_and_units_to_the_metrics(shop):
    paths = shop.file(ORDERS), shop.file(ITEMS, "order_items.csv")

    with kohorte.read(*paths) as history:
        (quantity,) = history.metric("purchase_quantity", grain="all")
        groups = {group.value for group, _ in history.by("category")}
        (profit,) = history.metric("profit_per_customer", grain="all")

    assert quantity.value == pytest.approx(4 / 3)
    assert groups == {"Geschirr"}
    # A category alone is no cost.
    assert profit.value is None


def test_lines_that_repeat_customer_and_day_are_lines_nevertheless(shop):
    lines = (
        "Bestellnummer;Kundennummer;Bestelldatum;Artikelnummer;Menge;Einzelpreis\n"
        "B-1;7;05.01.2024;T-7;2;7,50\nB-1;7;05.01.2024;K-2;1;15,00\nB-2;8;06.01.2024;T-7;1;7,50\n"
    )

    shop.read(shop.file(ORDERS), shop.file(lines, "order_lines.csv"))

    assert shop.rows(f"{LINES} ORDER BY ALL") == READ
    assert shop.row("SELECT count(*), sum(amount_minor) FROM orders") == (3, 6400)
    assert shop.row("SELECT count(*) FROM excluded_rows") == (0,)


def test_where_orders_have_no_amount_that_of_the_lines_counts(shop):
    orders = "\n".join(row.rpartition(";")[0] for row in ORDERS.splitlines())

    reading = shop.read(shop.file(orders), shop.file(ITEMS, "positionen.csv"))

    assert reading.has_amounts
    assert shop.rows("SELECT amount_minor FROM orders ORDER BY order_id") == [(3000,), (750,), (0,)]


def test_of_lines_in_two_files_the_last_one_has_the_order(shop):
    more = "Order ID,SKU,Quantity\nB-1,T-7,5\nB-3,T-7,1\n"

    shop.read(shop.file(ORDERS), shop.file(ITEMS, "a.csv"), shop.file(more, "b.csv"))

    assert shop.rows("SELECT order_id, units FROM orders ORDER BY 1") == [
        ("B-1", Decimal(5)),
        ("B-2", Decimal(1)),
        ("B-3", Decimal(1)),
    ]


def test_a_line_that_cannot_be_read_is_refused_or_left_out(shop):
    orders, items = shop.file(ORDERS), shop.file(ITEMS.replace(";2;", ";zwei;"), "items.csv")

    with pytest.raises(ReadError) as refused:
        shop.read(orders, items)
    assert str(refused.value).startswith(
        "Line 2 of items.csv: “zwei” in the column “Menge” is not a number (such rows: 1)."
    )

    shop.read(orders, items, skip_bad_rows=True)
    assert shop.rows(f"{LINES} ORDER BY ALL")[0] == ("B-1", 1, "K-2", Decimal(1), 1500)
    assert shop.rows("SELECT reason, file, line FROM excluded_rows") == [
        ("unreadable_row", "items.csv", 2)
    ]


def test_lines_without_their_orders_are_refused_with_what_is_missing(shop):
    with pytest.raises(ReadError) as refused:
        shop.read(shop.file(ITEMS, "items.csv"), kinds={"items.csv": "order_lines"})
    assert str(refused.value) == (
        "items.csv holds Lines of orders and no orders. Name a file of orders as well; if its rows "
        "are orders, say --kind orders:items.csv."
    )


def test_categories_on_the_lines_of_an_order_file_are_those_of_its_products(shop):
    shop.text(
        "order_id,customer_id,date,sku,Kategorie,quantity,unit_price\n"
        "1,a,2024-01-05,s1,Tee,1,5\n1,a,2024-01-05,s2,,1,7\n2,b,2024-01-06,s1,Tee,2,5\n"
    )

    assert shop.rows("SELECT product_id, category FROM products") == [("s1", "Tee")]
    assert "“Kategorie” holds the categories of the products." in shop.remarks()


def test_lines_join_orders_that_list_all_their_articles_in_one_cell(shop):
    orders = shop.file(
        "Order ID,Buyer,Sale Date,Order Total,SKU\n"
        + "".join(f'{n},b{n % 3},2024-01-0{n},{n}4.90,"s1,s2"\n' for n in range(1, 6)),
        "orders.csv",
    )
    items = shop.file(
        "Order ID,Buyer,Sale Date,Item Name,SKU,Quantity,Item Total\n"
        + "".join(
            f"{n},b{n % 3},2024-01-0{n},Tee,s1,1,{n}.00\n{n},b{n % 3},2024-01-0{n},Tasse,s2,2,{n}.00\n"
            for n in range(1, 6)
        ),
        "items.csv",
    )

    shop.read(orders, items)

    assert shop.row("SELECT count(*), sum(amount_minor), sum(units) FROM orders") == (5, 17_450, 15)
    assert shop.row("SELECT count(*), count(DISTINCT product) FROM order_lines") == (10, 2)
    assert shop.row("SELECT count(*) FROM excluded_rows") == (0,)
