"""How columns are told by their words and their cells, and what is asked where two come close."""

from __future__ import annotations

import pytest

from kohorte.reading import ReadOptions
from kohorte.reading.meaning import naming

DAYS = [f"2025-{1 + day // 28:02d}-{1 + day % 28:02d}" for day in range(0, 120, 7)]


def table(header, row, *, rows=16):
    """Write a table whose row number n, from 0, is made by `row`."""
    lines = [",".join(str(cell) for cell in row(n)) for n in range(rows)]
    return "\n".join([header, *lines, ""])


def columns(shop):
    return {guess.meaning: guess.column for guess in shop.reading.files[0].guesses}


def question(shop, option):
    return next(each for each in shop.reading.files[0].questions if each.option == option)


def revenue(shop):
    return shop.row("SELECT sum(amount_minor) FROM orders")[0]


TWO_TOTALS = table(
    "Order ID,Customer ID,Date,Order Value,Order Total",
    lambda n: [n, n % 5, DAYS[n], f"{n}.50", f"{n + 4}.40"],
)


def test_close_columns_are_asked_about_and_the_better_one_is_assumed(shop):
    shop.text(TWO_TOTALS)

    asked = question(shop, "columns.amount")
    assert asked.assumed == columns(shop)["amount"] == "Order Total"
    assert asked.asks.render("de") == (
        "Mehrere Spalten könnten der Betrag einer Bestellung sein. Welche zählt?"
    )
    assert [(each.value, each.says.render("en")) for each in asked.choices] == [
        ("Order Total", "“Order Total”, for example 4.40, 5.40, 6.40"),
        ("Order Value", "“Order Value”, for example 0.50, 1.50, 2.50"),
    ]


def test_the_answer_is_kept_and_not_asked_again(shop, tmp_path):
    answer = ReadOptions().answered("columns.amount", "Order Value")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(answer.to_toml(), encoding="utf-8")
    shop.text(TWO_TOTALS, columns=ReadOptions.from_mapping(mapping).columns)

    assert revenue(shop) == sum(n * 100 + 50 for n in range(16))
    assert not any("columns" in each.option for each in shop.reading.files[0].questions)


def test_columns_that_hold_the_same_are_not_asked_about(shop):
    shop.text(
        table(
            "Order ID,Customer ID,Date,Order Total,Total",
            lambda n: [n, n % 5, DAYS[n], f"{n}.50", f"{n}.50"],
        )
    )

    assert not any("columns" in each.option for each in shop.reading.files[0].questions)


def test_a_number_that_differs_from_order_to_order_is_no_customer(shop):
    shop.text(
        table(
            "order_id,customer_id,customer_unique_id,date,total",
            lambda n: [n, f"c{n}", f"u{n % 4}", DAYS[n], 3],
        )
    )

    assert columns(shop)["customer_id"] == "customer_unique_id"
    assert shop.row("SELECT count(DISTINCT customer_id) FROM orders") == (4,)


def test_without_a_better_one_it_is_asked_which_is_the_same_for_a_customer(shop):
    shop.text(table("order_id,customer_id,date,total", lambda n: [n, f"c{n}", DAYS[n], f"{n}.00"]))

    asked = question(shop, "columns.customer_id")
    assert (asked.assumed, asked.choices) == ("customer_id", ())
    assert asked.asks.render("en").startswith("“customer_id” differs from order to order")


def test_addresses_that_come_again_go_before_numbers_that_do_not(shop):
    shop.text(
        table(
            "order_id,customer_id,email,date,total",
            lambda n: [n, f"c{n}", f"a{n % 4}@example.com", DAYS[n], 3],
        )
    )

    assert "customer_id" not in columns(shop)
    assert shop.row("SELECT count(DISTINCT customer_id) FROM orders") == (4,)


def test_addresses_go_before_names(shop):
    shop.text(
        table(
            "Bestellnr,Kunde,E-Mail,Datum,Summe",
            lambda n: [n, f"Anna {'ABCD'[n % 4]}", f"a{n % 5}@example.com", DAYS[n], 3],
        )
    )

    assert shop.row("SELECT count(DISTINCT customer_id) FROM orders") == (5,)


def test_names_are_the_last_resort_and_told(shop):
    shop.text(
        table("Order No,Customer Name,Date,Total", lambda n: [n, f"Ann {'AB'[n % 2]}", DAYS[n], 3])
    )

    assert columns(shop)["customer_id"] == "Customer Name"
    assert any("customers by name only" in remark for remark in shop.remarks())


def test_a_price_that_grows_with_the_pieces_is_that_of_the_row(shop):
    prices = (1500, 2999, 450)
    shop.text(
        table(
            "invoice,customer,date,quantity,price",
            lambda n: [n, n % 5, DAYS[n % 16], 2 + n % 4, prices[n % 3] * (2 + n % 4) / 100],
            rows=24,
        )
    )

    assert columns(shop)["amount"] == "price"
    assert revenue(shop) == sum(prices[n % 3] * (2 + n % 4) for n in range(24))


def test_a_price_of_one_piece_stays_one(shop):
    shop.text(
        table(
            "invoice,customer,date,quantity,price",
            lambda n: [n, n % 5, DAYS[n % 16], 2 + n % 4, (15, 29.99, 4.5)[n % 3]],
            rows=24,
        )
    )

    assert columns(shop)["unit_price"] == "price"


def test_an_amount_that_looks_like_pieces_is_the_quantity_where_there_are_prices(shop):
    shop.text(
        table(
            "customer,date,AMOUNT,SALES_PRICE",
            lambda n: [n % 5, DAYS[n], 1 if n % 3 else 2, 30 + n],
        )
    )

    assert {"quantity": "AMOUNT", "amount": "SALES_PRICE"}.items() <= columns(shop).items()


def test_numbers_of_documents_are_no_amounts(shop):
    shop.text(
        table(
            "Sales Document,Sold-to party,Created on,Net value",
            lambda n: [500_000 + n, 100 + n % 5, DAYS[n], f"{n}.50"],
        )
    )

    assert {"order_id": "Sales Document", "amount": "Net value"}.items() <= columns(shop).items()


def test_a_state_of_a_country_is_no_state_of_an_order(shop):
    header = "Order ID,Customer ID,Date,State,Total"
    shop.text(table(header, lambda n: [n, n % 5, DAYS[n], ("Texas", "Ohio")[n % 2], 3]))
    assert "status" not in columns(shop)

    shop.text(table(header, lambda n: [n, n % 5, DAYS[n], ("Paid", "Cancelled")[n % 2], 3]))
    assert columns(shop)["status"] == "State"
    assert shop.row("SELECT count(*) FROM orders WHERE state = 'cancelled'") == (8,)


@pytest.mark.parametrize(
    ("header", "words", "state"),
    [
        ("Storniert", ("ja", "nein"), "cancelled"),
        ("IstStorniert", ("1", "0"), "cancelled"),
        ("Test order", ("true", "false"), "test"),
        ("Cancelled at", ("2025-05-05", ""), "cancelled"),
    ],
)
def test_columns_of_yes_and_no_speak_of_the_order(shop, header, words, state):
    shop.text(
        table(
            f"Bestellnr,Kunde,Datum,Summe,{header}", lambda n: [n, n % 5, DAYS[n], 3, words[n % 2]]
        )
    )

    assert shop.rows("SELECT state, count(*) FROM orders GROUP BY state ORDER BY state") == sorted(
        [(state, 8), ("counted", 8)]
    )


def test_a_refund_of_yes_or_no_gives_back_the_whole_order(shop):
    shop.text(
        table(
            "Order ID,Email,Date,Total,Refunded?", lambda n: [n, "a@example.com", DAYS[n], 3, n % 2]
        )
    )

    assert shop.row("SELECT count(*), sum(amount_minor) FROM refunds") == (8, 2_400)


def test_credit_notes_with_positive_amounts_do_not_count_as_sales(shop):
    shop.text(
        table(
            "Belegnummer,Belegart,Kunde,Datum,Summe",
            lambda n: [n, "Gutschrift" if n == 3 else "Rechnung", n % 5, DAYS[n], 3],
        )
    )

    assert revenue(shop) == 1_600 * 3
    assert shop.rows("SELECT state, count(*) FROM orders GROUP BY state ORDER BY state") == [
        ("by_rule", 1),
        ("counted", 15),
    ]


def test_a_column_of_refunds_without_any_is_no_trap(shop):
    shop.text("order_id,customer,date,amount,refund\n1,a,2025-01-05,3,\n2,b,2025-01-06,4,\n")

    assert revenue(shop) == 700


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("ORDERNUMBER", "order_id"),
        ("ORDERDATE", "date"),
        ("RechnungsSumme", "amount"),
        ("Numéro de commande", "order_id"),
        ("Fecha de pedido", "date"),
        ("Codice articolo", "product_id"),
        ("Klantnummer", "customer_id"),
        ("Quantidade", "quantity"),
        ("Prix unitaire", "unit_price"),
    ],
)
def test_compounds_and_neighbors_words_are_known(header, meaning):
    assert naming.by_header(header, meaning)[0] >= 0.9


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("SalesOrderLineNumber", "amount"),
        ("sales_channel_id", "amount"),
        ("MwSt-Betrag", "amount"),
        ("Days for shipping", "postage"),
        ("Customer type", "customer_id"),
        ("Order Type", "order_id"),
        ("Product Category", "product"),
        ("shipping_limit_date", "date"),
        ("Empfänger E-Mail-Adresse", "email"),
        ("Steuersatz", "tax"),
    ],
)
def test_other_words_tell_a_header_apart(header, meaning):
    assert naming.by_header(header, meaning)[0] < 0.5
