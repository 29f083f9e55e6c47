"""Shop systems' exports with their traps; each file in `fixtures` has the header of its system."""

from __future__ import annotations

from pathlib import Path

import pytest

import strategies
from kohorte.errors import ReadError
from kohorte.reading import LAYOUTS, ReadOptions

FIXTURES = Path(__file__).parent / "fixtures"
ORDERS = "SELECT order_id, customer_id, amount_minor, state FROM orders ORDER BY order_id"
REFUNDS = "SELECT order_id, amount_minor FROM refunds ORDER BY order_id"
STATES = "SELECT order_id, state FROM orders ORDER BY order_id"
UNSEEN = "This layout is known from its documentation, not from a file; please check."
NO_CURRENCY = "The file does not say its currency. Say it with --currency, such as --currency EUR."


@pytest.fixture
def read(shop):
    """Read one fixture and return the shop."""

    def read_fixture(name, **options):
        shop.read(FIXTURES / name, **options)
        return shop

    return read_fixture


@pytest.mark.parametrize(
    ("name", "layout"),
    [
        ("shopify_orders.csv", "shopify"),
        ("shopware_orders.csv", "shopware"),
        ("woocommerce_orders.csv", "woocommerce"),
        ("woocommerce_webtoffee_orders.csv", "woocommerce_webtoffee"),
        ("magento_orders.csv", "magento"),
        ("prestashop_orders.csv", "prestashop"),
        ("bigcommerce_orders.csv", "bigcommerce"),
        ("amazon_orders.txt", "amazon"),
        ("ebay_orders.csv", "ebay"),
        ("stripe_charges.csv", "stripe_charges"),
        ("oxid_orders.csv", "oxid"),
        ("gambio_orders.csv", "gambio"),
        ("plentyone_orders.csv", "plentyone"),
        ("jtl_orders.csv", "jtl"),
    ],
)
def test_a_file_is_known_by_its_header_and_says_if_nobody_has_seen_one(read, name, layout):
    shop = read(name)
    seen = {each.slug: each.seen for each in LAYOUTS}[layout]

    assert shop.reading.files[0].layout == layout
    assert (UNSEEN in shop.remarks()) is not seen


def test_shopify_orders_stand_on_several_rows_with_their_fields_on_the_first(read):
    shop = read("shopify_orders.csv")

    assert shop.rows(ORDERS) == [
        ("#1001", "anna@example.com", 4_990, "counted"),
        ("#1002", "ben@example.com", 2_000, "open"),
        ("#1003", "ben@example.com", 1_500, "cancelled"),
        ("#1004", "cleo@example.com", 3_000, "counted"),
        ("#1005", "cleo@example.com", 3_490, "counted"),
        ("#1006", "dora@example.com", 2_000, "cancelled"),
        ("#1007", "shop@example.com", 100, "test"),
        ("#1008", None, 1_500, "counted"),
    ]
    assert shop.rows(REFUNDS) == [("#1004", 3_000), ("#1005", 1_500)]
    assert shop.row("SELECT count(*), count_if(product_id LIKE '''%') FROM order_lines") == (11, 0)
    assert shop.row("SELECT min(product_id) FROM order_lines WHERE order_id = '#1001'") == ("0815",)
    assert shop.reading.currency == "EUR"
    assert shop.remarks() == ["The amounts hold taxes and postage."]


def test_the_day_of_a_shopify_order_is_filled_down(read):
    shop = read("shopify_orders.csv")

    assert shop.row("SELECT placed_at::VARCHAR FROM orders WHERE order_id = '#1005'") == (
        "2026-05-05 08:00:00",
    )
    assert shop.row("SELECT units FROM orders WHERE order_id = '#1005'") == (2,)


@pytest.mark.parametrize("name", ["shopify_customers.csv", "shopify_customers_older.csv"])
def test_a_list_of_customers_adds_countries_and_no_orders(shop, name):
    orders = shop.file(
        "Name,Email,Created at,Total,Currency,Financial Status,Lineitem quantity,Lineitem name,"
        "Lineitem price,Billing Country\n"
        "#1,anna@example.com,2026-05-01 10:00:00 +0200,10.00,EUR,paid,1,Tee,10.00,\n"
        "#2,ben@example.com,2026-05-01 10:00:00 +0200,10.00,EUR,paid,1,Tee,10.00,\n"
        "#3,dora@example.com,2026-05-01 10:00:00 +0200,10.00,EUR,paid,1,Tee,10.00,FR\n"
    )
    shop.read(orders, FIXTURES / name)

    assert shop.rows("SELECT * FROM customers ORDER BY customer_id") == [
        ("anna@example.com", "DE"),
        ("ben@example.com", "AT"),
        ("dora@example.com", "FR"),
    ]
    assert shop.row("SELECT count(*) FROM orders") == (3,)
    assert shop.reading.rows_read == 3
    assert [file.layout for file in shop.reading.files] == ["shopify", "shopify_customers"]
    assert shop.remarks()[-1].startswith("This is a list of customers; 2 of them have orders here")


def test_a_list_of_customers_alone_is_refused(read):
    with pytest.raises(ReadError, match=r"^shopify_customers\.csv is a list of customers and"):
        read("shopify_customers.csv")


def test_shopware_says_what_is_unknown_and_which_option_settles_it(read):
    shop = read("shopware_orders.csv", zone="Europe/Berlin")

    assert shop.row("SELECT sum(amount_minor), count(DISTINCT customer_id) FROM orders") == (
        8_540,
        2,
    )
    assert shop.row("SELECT min(placed_at)::VARCHAR FROM orders") == ("2026-05-01 22:30:00.123",)
    assert shop.reading.currency is None
    (postage,) = shop.remarks()
    assert postage == ("The amounts hold postage; the file does not say whether they hold taxes.")
    asked = shop.questions()
    assert {"taxes", "currency"} <= set(asked)
    assert asked["currency"] == NO_CURRENCY


def test_what_is_said_about_shopware_is_not_asked_again(read):
    gone = "0190a0b1c2d3718e9f00aabbccddeeff"
    shop = read("shopware_orders.csv", currency="EUR", states={gone: "cancelled"})

    assert shop.rows(STATES) == [
        ("10001", "counted"),
        ("10002", "counted"),
        ("10003", "cancelled"),
    ]
    assert len(shop.remarks()) == 1
    assert not {"currency", f"states.{gone}"} & set(shop.questions())


def test_said_states_are_kept_in_the_mapping_file(tmp_path):
    mapping = tmp_path / "mapping.toml"
    options = ReadOptions(states={"Zurückgezogen": "cancelled"})
    mapping.write_text(options.to_toml(), encoding="utf-8")

    assert ReadOptions.from_mapping(mapping) == options


def test_a_state_that_does_not_exist_is_refused():
    with pytest.raises(ReadError, match=r"^“gone” is not a state of an order"):
        ReadOptions(states={"weg": "gone"})


def test_woocommerce_analytics_adds_refund_rows_and_warns_about_names(read):
    shop = read("woocommerce_orders.csv")

    assert shop.rows(ORDERS) == [
        ("501", "Anna Beispiel", 4_193, "counted"),
        ("502", "Ben Beispiel", 1_681, "open"),
        ("503", "Cleo Beispiel", 1_681, "unpaid"),
        ("504", "Cleo Beispiel", 1_261, "cancelled"),
        ("505", "Dora Beispiel", 2_521, "counted"),
    ]
    assert shop.rows(REFUNDS) == [("505", 2_521)]
    assert shop.remarks()[0].startswith("The file knows customers by name only")
    assert shop.remarks()[1:] == ["The amounts hold neither taxes nor postage."]
    assert shop.questions() == {"currency": NO_CURRENCY}


def test_webtoffee_guests_are_no_customer_0_and_refunds_are_cut_out_of_texts(read):
    shop = read("woocommerce_webtoffee_orders.csv")

    assert shop.rows(ORDERS) == [
        ("501", "7", 4_990, "counted"),
        ("502", "7", 2_000, "open"),
        ("503", "ben@example.com", 2_000, "cancelled"),
        ("504", "cleo@example.com", 3_000, "counted"),
        ("505", "ben@example.com", 3_000, "counted"),
        ("506", "ben@example.com", 3_000, "unpaid"),
    ]
    assert shop.rows(REFUNDS) == [("504", 750), ("505", 3_000)]
    assert shop.reading.currency == "EUR"


def test_magento_totals_are_those_in_the_currency_of_the_shop(read):
    shop = read("magento_orders.csv")

    assert shop.row("SELECT amount_minor FROM orders WHERE order_id = '000000002'") == (2_000,)
    assert shop.rows(STATES) == [
        ("000000001", "counted"),
        ("000000002", "counted"),
        ("000000003", "cancelled"),
        ("000000004", "counted"),
        ("000000005", "unpaid"),
        ("000000006", "counted"),
    ]
    assert shop.rows(REFUNDS) == [("000000004", 3_000), ("000000006", 1_000)]
    assert shop.row("SELECT placed_at::VARCHAR FROM orders WHERE order_id = '000000002'") == (
        "2026-05-02 13:30:00",
    )
    assert shop.questions() == {"currency": NO_CURRENCY}
    assert not shop.reading.has_lines


def test_prestashop_orders_of_one_basket_share_a_reference_but_are_two(read):
    shop = read("prestashop_orders.csv")

    assert shop.rows(ORDERS) == [
        ("1", "A. Beispiel", 4_990, "counted"),
        ("2", "A. Beispiel", 2_000, "open"),
        ("3", "B. Beispiel", 1_500, "cancelled"),
        ("4", "B. Beispiel", 3_000, "counted"),
        ("5", "B. Beispiel", 3_000, "unpaid"),
    ]
    assert shop.rows(REFUNDS) == [("4", 3_000)]
    assert shop.remarks()[0].startswith("The file knows customers by initial and surname only")
    assert shop.reading.currency == "EUR"


def test_bigcommerce_guests_are_no_customer_0_and_amounts_hold_taxes(read):
    shop = read("bigcommerce_orders.csv")

    assert shop.rows(ORDERS) == [
        ("100", "9", 4_990, "counted"),
        ("101", "ben@example.com", 2_000, "open"),
        ("102", "9", 1_500, "counted"),
        ("103", "ben@example.com", 1_500, "unpaid"),
        ("104", "ben@example.com", 1_500, "cancelled"),
        ("105", "cleo@example.com", 3_000, "counted"),
    ]
    assert shop.rows(REFUNDS) == [("105", 1_000)]


def test_amazon_prices_are_those_of_lines_and_buyers_are_nobody(read):
    shop = read("amazon_orders.txt")

    assert shop.rows(ORDERS) == [
        ("302-0000001-0000001", None, 5_000, "counted"),
        ("302-0000002-0000002", None, 0, "cancelled"),
        ("302-0000003-0000003", None, 0, "unpaid"),
        ("302-0000004-0000004", None, 1_500, "counted"),
    ]
    assert shop.rows(REFUNDS) == [("302-0000004-0000004", 1_500)]
    assert shop.rows("SELECT * FROM customers") == []
    assert shop.rows("SELECT DISTINCT reason, scope FROM excluded_rows") == [
        ("marketplace", "customer metrics")
    ]
    assert any("aliases of the marketplace" in text for text in shop.remarks())


def test_the_list_of_what_amazon_sellers_have_to_send_has_no_prices(shop):
    shop.text(
        "order-id\torder-item-id\tpurchase-date\tbuyer-email\tsku\tquantity-purchased\n"
        "302-1\t1\t2026-05-01T08:00:00+00:00\ta@marketplace.example.com\tT\t2\n"
    )

    assert shop.rows(ORDERS) == [("302-1", None, None, "counted")]
    assert "There are no amounts; only orders and customers count." in shop.remarks()


def test_quotation_marks_in_amazon_reports_are_inches(shop):
    shop.text(
        "amazon-order-id\tpurchase-date\tproduct-name\tsku\tquantity\tcurrency\titem-price\n"
        '302-1\t2026-05-01T08:00:00+00:00\tRegal 12" hoch\t0815\t1\tEUR\t30.00\n'
        '302-2\t2026-05-02T08:00:00+00:00\t"Regal" weiß\t0816\t1\tEUR\t31.00\n'
        "302-3\t2026-05-03T08:00:00+00:00\tTee\t0817\t1\tEUR\t32.00\n"
    )

    assert shop.row("SELECT count(*), sum(amount_minor) FROM orders") == (3, 9_300)
    assert shop.row("SELECT product FROM order_lines WHERE product_id = '0816'") == (
        '"Regal" weiß',
    )


def test_ebay_reports_have_lines_around_the_table_and_totals_above_the_articles(read):
    shop = read("ebay_orders.csv")

    assert shop.rows(ORDERS) == [
        ("23-00001-00001", None, 1_990, "counted"),
        ("23-00002-00002", None, 3_990, "counted"),
    ]
    assert shop.rows("SELECT placed_at::DATE::VARCHAR FROM orders ORDER BY order_id") == [
        ("2025-12-10",),
        ("2026-03-11",),
    ]
    assert shop.reading.currency == "EUR"


def test_ebay_reports_in_english(shop):
    shop.text(
        "Sales Record Number,Order Number,Buyer Email,Item Title,Quantity,Sold For,Total Price,"
        "Sale Date\n"
        "1,23-1,a@members.example.com,Tea,1,$25.00,$25.00,Sep-27-26\n"
        "\n1,record(s) downloaded,\nSeller ID : example\n"
    )

    assert shop.rows(ORDERS) == [("23-1", None, 2_500, "counted")]
    assert shop.row("SELECT placed_at::DATE::VARCHAR FROM orders") == ("2026-09-27",)


def test_stripe_payments_that_failed_or_were_tests_do_not_count(read):
    shop = read("stripe_charges.csv", zone="Europe/Berlin")

    assert shop.rows(ORDERS) == [
        ("ch_1", "cus_1", 4_990, "counted"),
        ("ch_2", "ben@example.com", 2_000, "counted"),
        ("ch_3", "cus_1", 0, "unpaid"),
        ("ch_4", "cus_1", 3_000, "counted"),
        ("ch_5", "cus_9", 100, "test"),
        ("ch_6", "cus_1", 3_000, "unpaid"),
        ("ch_7", "cus_1", 3_000, "counted"),
    ]
    assert shop.rows(REFUNDS) == [("ch_4", 1_000), ("ch_7", 3_000)]
    assert shop.row("SELECT min(placed_at)::VARCHAR FROM orders") == ("2026-05-01 22:30:00",)
    assert shop.reading.currency == "EUR"


def test_stripe_subscriptions_are_no_orders(read):
    with pytest.raises(
        ReadError, match=r"^stripe_subscriptions\.csv holds Contracts and no orders"
    ):
        read("stripe_subscriptions.csv")


def test_oxid_says_in_a_column_of_its_own_that_an_order_was_cancelled(read):
    shop = read("oxid_orders.csv")

    assert shop.rows(ORDERS) == [
        ("0", "ben", 3_000, "unpaid"),
        ("1", "anna", 1_990, "counted"),
        ("2", "ben", 2_000, "cancelled"),
        ("3", "anna", 4_000, "counted"),
    ]


def test_gambio_guests_are_no_customer_0_and_99_is_cancelled(read):
    shop = read("gambio_orders.csv")

    assert shop.rows(ORDERS) == [
        ("1", "5", 4_990, "counted"),
        ("2", "ben@example.com", 2_000, "cancelled"),
        ("3", "5", 3_000, "counted"),
    ]


def test_plentyone_deliveries_and_credit_notes_are_no_orders(read):
    shop = read("plentyone_orders.csv")

    assert shop.rows(ORDERS) == [
        ("1", "4711", 4_990, "counted"),
        ("2", "4711", 4_990, "cancelled"),
        ("3", "4711", 1_000, "cancelled"),
        ("4", "4712", 2_000, "cancelled"),
        ("5", "4712", 102_000, "open"),
    ]


def test_jtl_prices_are_those_with_taxes(read):
    shop = read("jtl_orders.csv")

    assert shop.rows(ORDERS) == [
        ("AU1", "K1", 5_000, "counted"),
        ("AU2", "K2", 2_000, "cancelled"),
    ]


@pytest.mark.parametrize(
    "name",
    strategies.some(sorted(path.name for path in FIXTURES.iterdir() if "_orders" in path.name)),
)
def test_the_saved_mapping_reads_the_same_again(shop, name):
    mapping = shop.read(FIXTURES / name).mapping
    first = shop.rows("SELECT * FROM orders ORDER BY order_id"), shop.rows(REFUNDS)
    path = shop.file(mapping.to_toml(), "mapping.toml")
    again = ReadOptions.from_mapping(path)
    shop.read(FIXTURES / name, **{field: getattr(again, field) for field in vars(again)})

    assert (shop.rows("SELECT * FROM orders ORDER BY order_id"), shop.rows(REFUNDS)) == first


def test_shops_and_marketplaces_may_be_read_together(shop):
    shop.read(FIXTURES / "shopify_orders.csv", FIXTURES / "amazon_orders.txt")

    assert shop.row("SELECT count(*), count(customer_id) FROM orders") == (12, 7)
    assert shop.rows(
        "SELECT reason, count(DISTINCT order_id) FROM excluded_rows GROUP BY reason ORDER BY reason"
    ) == [("marketplace", 2), ("no_customer", 1)]


def test_every_layout_has_a_slug_of_its_own():
    slugs = [layout.slug for layout in LAYOUTS]

    assert len(slugs) == len(set(slugs))
