from __future__ import annotations

import datetime as dt
from decimal import Decimal
from importlib import resources
from pathlib import Path

import pytest

from kohorte import demo

PLACED_AT = dt.datetime.fromisoformat("2010-12-01 08:26:00")
IDENTIFIED = "FROM orders WHERE customer_id IS NOT NULL"
ZONE = "Europe/London"


@pytest.fixture(scope="module")
def files(uci_files) -> list[Path]:
    return uci_files


@pytest.fixture(scope="module")
def one(open_shop, files):
    shop = open_shop()
    shop.read(files[1], zone=ZONE)
    return shop


@pytest.fixture(scope="module")
def two(open_shop, files):
    shop = open_shop()
    shop.read(*files, zone=ZONE)
    return shop


def test_the_demo_writes_the_layout_that_the_uci_publishes(files):
    first, second = files
    with second.open("rb") as file:
        assert file.readline() == (
            b"InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
        )
        assert file.readline() == (
            b"536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,12/1/2010 8:26,2.55,17850,"
            b"United Kingdom\n"
        )
    with first.open("rb") as file:
        assert file.readline() == (
            b"Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"
        )
    assert b"Gift Voucher \xa330.00" in first.read_bytes()
    assert sorted(path.name for path in first.parent.iterdir()) == sorted(
        path.name for path in files
    )


def test_the_demo_can_write_one_year(open_shop, files):
    (only,) = demo.write_online_retail(open_shop().folder, years=1)

    assert only.name == files[1].name
    assert only.read_bytes() == files[1].read_bytes()


def test_the_layouts_are_recognized(two):
    first, second = two.reading.files

    assert (first.layout, second.layout) == ("online_retail_ii", "online_retail")
    assert (first.rows, second.rows) == (525_461, 541_909)
    assert {file.encoding for file in two.reading.files} == {"cp1252"}
    assert {file.delimiter for file in two.reading.files} == {","}
    assert (two.reading.currency, two.reading.exponent) == ("GBP", 2)
    assert two.reading.has_amounts
    assert two.reading.has_units
    assert two.reading.has_lines


def test_one_year_has_the_published_sums(one):
    assert one.reading.rows_read == 541_909
    assert one.reading.raw_amount == Decimal("9747747.934")
    assert one.row(
        f"SELECT count(*), count(DISTINCT customer_id), sum(amount_minor) {IDENTIFIED}"
    ) == (18_532, 4_338, 891_140_790)
    assert one.row(
        "SELECT count(*), sum(l.amount_minor) FROM order_lines l JOIN orders USING (order_id) "
        "WHERE customer_id IS NOT NULL"
    ) == (397_884, 891_140_790)
    assert one.row(
        f"SELECT count_if(n > 1) FROM (SELECT count(*) AS n {IDENTIFIED} GROUP BY customer_id)"
    ) == (2_845,)


def test_one_year_lists_every_row_left_out_with_its_reason(one):
    found = one.rows(
        "SELECT reason, scope, count(*), count(DISTINCT order_id), sum(amount_minor) "
        "FROM excluded_rows GROUP BY reason, scope ORDER BY reason"
    )

    assert found == [
        ("adjustment", "everything", 3, 3, -1_106_206),
        ("cancellation", "everything", 9_288, 3_836, -89_681_249),
        ("no_customer", "customer metrics", 132_219, 1_427, 174_421_458),
        ("price_not_positive", "everything", 1_179, 819, 0),
        ("quantity_not_positive", "everything", 1_336, 1_336, 0),
    ]
    left = 541_909 - 3 - 9_288 - 1_179 - 1_336
    assert one.row("SELECT count(*) FROM order_lines") == (left,)


def test_cancellations_are_refunds_without_an_order(one):
    assert one.row(
        "SELECT count(*), count(order_id), sum(amount_minor), min(amount_minor) > 0 FROM refunds"
    ) == (3_836, 0, 89_681_249, True)


def test_two_years_count_the_overlap_once(two):
    assert two.reading.rows_read == 1_067_370
    assert two.row(
        f"SELECT count(*), count(DISTINCT customer_id), sum(amount_minor) {IDENTIFIED}"
    ) == (36_969, 5_878, 1_743_153_316)
    assert two.row(
        "SELECT count(*), sum(quantity * unit_price)::DECIMAL(18,2) FROM order_lines "
        "JOIN orders USING (order_id) WHERE customer_id IS NOT NULL"
    ) == (791_044, Decimal("17431533.18"))
    assert two.row(
        "SELECT count(*), count(DISTINCT order_id), any_value(file) FROM excluded_rows "
        "WHERE reason = 'seen_in_another_file'"
    ) == (22_523, 1_088, "online_retail_ii_2009_2010.csv")


def test_orders_are_placed_at_utc_instants(two):
    winter = "SELECT placed_at::VARCHAR FROM orders WHERE order_id = '536365'"
    summer = "SELECT min(placed_at)::VARCHAR FROM orders WHERE placed_at >= '2011-07-01 05:00'"

    assert two.row(winter) == ("2010-12-01 08:26:00",)
    assert two.row(summer) == ("2011-07-01 07:16:00",)  # 8:16 in London


def test_lines_are_physical_lines_of_the_file(one, files):
    line, order_id = one.row(
        "SELECT line, order_id FROM excluded_rows WHERE reason = 'cancellation' "
        "ORDER BY line DESC LIMIT 1"
    )

    written = files[1].read_text(encoding="cp1252").split("\n")[line - 1]
    assert written.startswith(f"{order_id},")


def test_codes_that_are_no_goods_are_told_with_lines_and_amount(one):
    (remark,) = one.remarks()

    assert remark == (
        "2,342 counted lines over 384,189.42 are no goods but postage, fees or vouchers "
        "(AMAZONFEE, BANK CHARGES, C2, DOT, GIFT_0001_10, GIFT_0001_20, GIFT_0001_30, "
        "GIFT_0001_40, GIFT_0001_50, M, POST, S). --goods-only leaves them out."
    )


def test_codes_that_are_no_goods_can_be_left_out(shop):
    shop.text(
        LINES.format(date="12/1/2010 8:26")
        + "536366,POST,POSTAGE,1,12/1/2010 8:26,18,,France\n"
        + "536366,gift_0001_20,Gift Voucher,1,12/1/2010 8:26,20,,France\n",
        goods_only=True,
    )

    assert shop.rows("SELECT reason, line, amount_minor FROM excluded_rows ORDER BY 1, 2") == [
        ("no_customer", 3, 101),
        ("not_goods", 4, 1_800),
        ("not_goods", 5, 2_000),
    ]
    assert shop.row("SELECT sum(amount_minor) FROM orders") == (1_291,)


@pytest.mark.slow
def test_the_parquet_files_read_the_same(open_shop, two):
    shop = open_shop()
    with resources.as_file(resources.files("kohorte.demo")) as folder:
        shop.read(*sorted(folder.glob("*.parquet"), reverse=True), zone=ZONE, currency="GBP")

    assert [file.layout for file in shop.reading.files] == ["online_retail_ii"] * 2
    assert shop.reading.raw_amount == two.reading.raw_amount
    for table in ("orders", "refunds", "customers"):
        query = f"SELECT * FROM {table} ORDER BY ALL"
        assert shop.rows(query) == two.rows(query)
    reasons = "SELECT reason, line, amount_minor FROM excluded_rows ORDER BY ALL"
    from_text = reasons.replace("line,", "line - 1 AS line,")
    assert shop.rows(reasons) == two.rows(from_text)


LINES = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,A1,nan,2,{date},5.949999,17850.0,France
536366,A1,,3,{date},0.335,,France
"""


@pytest.mark.parametrize(
    "date", ["12/1/2010 8:26", "2010-12-01 08:26:00", "2010-12-01T08:26", "12/1/2010 8:26 AM"]
)
def test_variants_of_the_layout(shop, date):
    shop.text(LINES.format(date=date))

    assert shop.rows(
        "SELECT * EXCLUDE (currency, state, original_currency, original_minor, channel) FROM orders ORDER BY 1"
    ) == [
        ("536365", "17850", PLACED_AT, 1_190, Decimal(2)),
        ("536366", None, PLACED_AT, 101, Decimal(3)),
    ]
    assert shop.rows("SELECT product, amount_minor FROM order_lines ORDER BY 2") == [
        (None, 101),
        (None, 1_190),
    ]
    assert shop.rows("SELECT reason, line FROM excluded_rows") == [("no_customer", 3)]
    assert shop.rows("FROM customers") == [("17850", "France")]


def test_a_whole_column_of_days_first_is_read_so(shop):
    shop.text(LINES.format(date="1/12/2010 8:26") + "536367,A1,x,1,13/12/2010 9:00,1,1,France\n")

    assert shop.rows("SELECT placed_at::DATE::VARCHAR FROM orders ORDER BY order_id") == [
        ("2010-12-01",),
        ("2010-12-01",),
        ("2010-12-13",),
    ]


def test_dates_that_do_not_tell_are_read_month_first_as_the_uci_writes_them(shop):
    shop.text(LINES.format(date="12/1/2010 8:26"))

    assert shop.remarks() == []
