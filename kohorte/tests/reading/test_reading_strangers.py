"""Public layouts that no profile describes, read by what their columns mean.

Each file in `fixtures/strangers` has the header line of a public export or data set over made-up
rows; `fixtures/strangers.toml` says what must come out, counted by hand with other means.
"""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

import strategies
from kohorte import reading
from kohorte.errors import ReadError
from kohorte.reading import ReadOptions
from kohorte.settings import Settings

FIXTURES = Path(__file__).parent / "fixtures"
FILES = FIXTURES / "strangers"
EXPECTED = tomllib.loads((FIXTURES / "strangers.toml").read_text(), parse_float=Decimal)
IN_ANOTHER_FILE = " tells neither when orders were placed nor by whom; it seems to hold lines or "
NO_CUSTOMER = "No column of {} was recognized as the customer. "
NO_DATE = "No column of {} was recognized as the date of the order. "

# File, how the error begins, and what it offers to type.
REFUSED = [
    ("amazon_sale_report.csv", NO_CUSTOMER, None),
    ("commandes_fr.csv", NO_CUSTOMER, '--column "customer_id=Nom"'),
    ("datev_buchungsstapel.csv", NO_DATE, None),
    ("dunnhumby_transactions.csv", NO_DATE, None),
    ("fourthwall_orders.csv", NO_CUSTOMER, None),
    ("instacart_orders.csv", NO_DATE, None),
    ("kofi_sales.csv", NO_CUSTOMER, '--column "customer_id=From"'),
    ("northwind_order_details.csv", "{}" + IN_ANOTHER_FILE, None),
    ("olist_customers.csv", "{} is a list of customers and holds no orders.", None),
    ("olist_order_items.csv", "{}" + IN_ANOTHER_FILE, None),
    ("olist_order_payments.csv", "{}" + IN_ANOTHER_FILE, None),
    ("payouts.csv", NO_CUSTOMER, None),
    ("product_sales.csv", NO_CUSTOMER, '--column "customer_id=Purchase Address"'),
    ("supermarket_sales.csv", NO_CUSTOMER, None),
    ("tiktok_settlement.csv", NO_CUSTOMER, None),
]


ORDERS = "SELECT * FROM orders ORDER BY order_id"


@pytest.fixture(scope="module")
def read_once(open_shop):
    """Each layout read into a shop of its own, which its tests only look at."""
    shops = {}

    def read(name):
        if name not in shops:
            shops[name] = open_shop()
            shops[name].read(FILES / name)
        return shops[name]

    return read


def asked(shop):
    return [
        question for question in shop.reading.files[0].questions if "columns." in question.option
    ]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_layout_is_read_by_the_meaning_of_its_columns(read_once, name):
    shop = read_once(name)
    expected = EXPECTED[name]

    (file,) = shop.reading.files
    found = {guess.meaning: guess.column for guess in file.guesses}
    assert file.layout == "generic"
    assert {meaning: found.get(meaning) for meaning in expected["columns"]} == expected["columns"]
    assert file.rows == expected["rows"]
    orders, customers, revenue = shop.row(
        "SELECT count(*), count(DISTINCT customer_id), sum(amount_minor) FROM orders "
        "WHERE state IN ('counted', 'open')"
    )
    assert (orders, customers) == (expected["orders"], expected["customers"])
    assert revenue == (expected["revenue"] * 100 if "revenue" in expected else None)
    assert shop.row("SELECT coalesce(sum(amount_minor), 0) FROM refunds") == (
        expected.get("refunds", 0) * 100,
    )
    assert [question.option for question in asked(shop)] == expected.get("asks", [])


@pytest.mark.parametrize("name", strategies.some(list(EXPECTED)))
def test_the_mapping_that_is_kept_reads_a_layout_the_same_way(read_once, shop, name):
    first = read_once(name)
    mapping = shop.file(first.reading.mapping.to_toml(), "mapping.toml")
    reading.read(
        [FILES / name],
        connection=shop.connection,
        settings=Settings(),
        options=ReadOptions.from_mapping(mapping),
    )

    assert shop.rows(ORDERS) == first.rows(ORDERS)


@pytest.mark.parametrize(("name", "begins", "offers"), REFUSED, ids=[each[0] for each in REFUSED])
def test_a_file_without_a_day_or_customers_is_refused_with_what_can_be_typed(
    shop, name, begins, offers
):
    with pytest.raises(ReadError) as caught:
        shop.read(FILES / name)

    told = caught.value.render("en")
    assert told.startswith(begins.format(name))
    assert ("add it: " in told) is (offers is not None)
    assert offers is None or f"add it: {offers}. The columns are: " in told


def test_every_file_is_expected_to_be_read_or_refused():
    assert {path.name for path in FILES.iterdir()} == {*EXPECTED, *(each[0] for each in REFUSED)}


def test_what_an_error_offers_can_be_typed(shop):
    shop.read(FILES / "kofi_sales.csv", columns={"customer_id": "From"})

    assert shop.row("SELECT count(*), count(DISTINCT customer_id) FROM orders") == (10, 3)


def test_the_day_of_shipping_is_offered_where_it_is_the_only_one(shop):
    with pytest.raises(ReadError, match='add it: --column "date=Ship Date"') as caught:
        shop.text("Order ID,Customer ID,Ship Date,Total\n1,a,2024-01-05,3\n2,b,2024-01-06,4\n")

    assert 'ergänzen Sie diese: --column "date=Ship Date"' in caught.value.render("de")


def test_lines_of_another_file_say_so_in_german(shop):
    with pytest.raises(ReadError) as caught:
        shop.read(FILES / "olist_order_items.csv")

    assert caught.value.render("de").startswith(
        "olist_order_items.csv sagt weder, wann bestellt wurde, noch von wem; die Datei enthält wohl "
        "Positionen oder Zahlungen zu Bestellungen aus einer anderen Datei."
    )


def test_amounts_before_and_after_fees_are_not_taken_for_gross_and_net(read_once):
    shop = read_once("paypal_de.csv")

    assert asked(shop) == []
    assert shop.row("SELECT count(*) FROM excluded_rows WHERE reason = 'by_rule'") == (3,)
    assert (
        "Rows that are no sales by “Typ” were left out: Allgemeine Abbuchung, Einbehaltung für "
        "offene Autorisierung. --count by_rule counts them all the same."
    ) in shop.remarks()


def test_views_and_carts_are_no_orders(read_once):
    shop = read_once("behavior_events.csv")

    assert (
        "Rows that are no sales by “event_type” were left out: view, cart. --count by_rule counts "
        "them all the same."
    ) in shop.remarks()


def test_what_stands_on_the_first_row_of_an_order_holds_for_all_of_it(read_once):
    shop = read_once("odoo_order_lines.csv")

    assert shop.remarks()[:2] == [
        "Rows with nothing in “Order Reference” belong to the order above them.",
        "What only one row of an order tells holds for all of its rows: Order Date, Customer, "
        "Status.",
    ]
    assert shop.row("SELECT count(*) FROM order_lines") == (19,)


def test_scaled_amounts_are_told(read_once):
    shop = read_once("hm_transactions.csv")

    assert any("seem to be scaled" in remark for remark in shop.remarks())
