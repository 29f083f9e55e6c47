from __future__ import annotations

from decimal import Decimal

import pytest

from kohorte import tables
from kohorte.errors import ReadError

ORDERS = """
SELECT i AS order_id, i % 3 AS customer_id, TIMESTAMP '2024-01-01' + to_days(i::INTEGER) AS placed_at,
  100 + i AS amount_minor, 'EUR' AS currency FROM range(10) numbers(i)
"""


def parquet(shop, query, name="orders.parquet"):
    path = shop.folder / name
    shop.rows(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


def test_our_own_tables_are_viewed_not_copied(shop):
    shop.read(parquet(shop, ORDERS))

    kinds = shop.rows("SELECT table_name, table_type FROM information_schema.tables ORDER BY 1")
    assert kinds == [(name, "VIEW") for name in sorted(tables.TABLES)]
    assert shop.rows("SELECT column_name, column_type FROM (DESCRIBE orders)") == [
        ("order_id", "BIGINT"),
        ("customer_id", "BIGINT"),
        ("placed_at", "TIMESTAMP"),
        ("currency", "VARCHAR"),
        ("amount_minor", "BIGINT"),
        ("units", "DECIMAL(18,3)"),
        ("state", "VARCHAR"),
        ("original_currency", "VARCHAR"),
        ("original_minor", "BIGINT"),
        ("channel", "VARCHAR"),
    ]
    assert shop.row("SELECT count(*), sum(amount_minor), any_value(state) FROM orders") == (
        10,
        1_045,
        "counted",
    )
    assert shop.row("SELECT count(*) FROM customers") == (3,)
    assert shop.reading.raw_amount == Decimal("10.45")
    assert (shop.reading.currency, shop.reading.exponent) == ("EUR", 2)
    assert not shop.reading.has_units
    assert shop.reading.files[0].layout == "canonical"


def test_refunds_lines_and_customers_may_stand_beside(shop):
    shop.read(
        parquet(shop, ORDERS),
        parquet(
            shop,
            "SELECT 'r1' AS refund_id, 1 AS order_id, 1 AS customer_id, "
            "TIMESTAMPTZ '2024-02-01 00:00:00+01' AS refunded_at, 50 AS amount_minor",
            "refunds.parquet",
        ),
        parquet(
            shop, "SELECT 1 AS order_id, 1 AS line_number, 2 AS quantity", "order_lines.parquet"
        ),
        parquet(shop, "SELECT 1 AS customer_id, 'DE' AS country", "customers.parquet"),
    )

    assert shop.rows("FROM refunds")[0][3].isoformat() == "2024-01-31T23:00:00"
    assert shop.rows("FROM order_lines") == [(1, 1, None, None, Decimal(2), None, None)]
    assert shop.rows("FROM customers") == [(1, "DE")]
    assert shop.reading.has_lines


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            "SELECT * REPLACE (order_id // 2 AS order_id) FROM ({})",
            "The column order_id of orders.parquet must name each order once, but 5 rows repeat an "
            "id. Keep one row for each order.",
        ),
        (
            "SELECT * REPLACE (nullif(order_id, 4) AS order_id) FROM ({})",
            "The column “order_id” of orders.parquet is empty in 1 rows. Fill it in.",
        ),
        (
            "SELECT * REPLACE (CASE WHEN order_id > 7 THEN placed_at END AS placed_at) FROM ({})",
            "The column “placed_at” of orders.parquet is empty in 8 rows. Fill it in.",
        ),
        (
            "SELECT *, 'lost' AS state FROM ({})",
            "The column state of orders.parquet may hold counted, open, test, cancelled, unpaid, exchange, staff, business, by_rule only.",
        ),
        (
            "SELECT * REPLACE (CASE order_id WHEN 1 THEN 'USD' ELSE 'EUR' END AS currency) FROM ({})",
            "The column currency of orders.parquet must hold one ISO code such as EUR in all rows.",
        ),
    ],
)
def test_tables_that_do_not_keep_their_promise(shop, change, sentence):
    path = parquet(shop, change.format(ORDERS))

    with pytest.raises(ReadError) as refused:
        shop.read(path)

    assert str(refused.value) == sentence
    assert shop.tables() == set()


def test_finished_tables_and_other_files_do_not_mix(shop):
    orders = parquet(shop, ORDERS)
    other = shop.file("order_id,customer_id,date,amount\n1,a,2024-01-05,3\n")

    with pytest.raises(ReadError) as refused:
        shop.read(other, orders)

    assert str(refused.value) == (
        "orders.parquet holds finished tables, orders.csv does not. Read them one after the other."
    )


def test_any_other_parquet_file_is_recognized_by_its_columns(shop):
    shop.read(
        parquet(
            shop,
            'SELECT 7 AS "Kunden-Nr.", DATE \'2024-01-05\' AS "Datum", 12.5::DOUBLE AS "Betrag" '
            "UNION ALL SELECT 8, DATE '2024-01-06', 0.1 + 0.2",
            "any.parquet",
        ),
        zone="Europe/Berlin",
    )

    assert shop.rows(
        "SELECT customer_id, placed_at::VARCHAR, amount_minor FROM orders ORDER BY 1"
    ) == [("7", "2024-01-04 23:00:00", 1_250), ("8", "2024-01-05 23:00:00", 30)]


def test_a_second_reading_replaces_views_and_tables(shop):
    path = parquet(shop, ORDERS)
    shop.read(path)
    shop.text("order_id,customer_id,date,amount\n1,a,2024-01-05,3\n")
    assert shop.row("SELECT count(*) FROM orders") == (1,)
    shop.read(path)
    assert shop.row("SELECT count(*) FROM orders") == (10,)


def test_orders_with_amounts_of_their_own_are_read_as_any_table(shop):
    path = parquet(
        shop,
        "SELECT 1 AS order_id, 'a' AS customer_id, TIMESTAMP '2024-01-05 00:30:00' AS placed_at, "
        "12.5::DOUBLE AS total, 'EUR' AS currency",
    )
    shop.read(path, zone="Europe/Berlin")

    assert shop.reading.files[0].layout == "generic"
    assert shop.rows("SELECT placed_at::VARCHAR, amount_minor FROM orders") == [
        ("2024-01-04 23:30:00", 1_250)
    ]
