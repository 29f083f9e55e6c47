"""A large shop in the store, written without the product's doors: those are measured by `import_store`.

Customers arrive evenly over six years and buy as in the MBG/NBD model, ten times on average. Each has a
number, an address and a name that others have as well. Every order has a line; there are refunds, products
with their costs, expenses by month, returned goods, answers and tickets.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import duckdb

from benchmarks import data

ORDERS_PER_CUSTOMER = 10
FIRST, DAYS = dt.date(2020, 1, 1), 2192
LAST = FIRST + dt.timedelta(days=DAYS - 1)
NEW = 1_000
AT_ONCE = 50_000
_ONE_OF = "CREATE MACRO one_of(texts, number) AS texts[(1 + number % len(texts))::BIGINT]"
_NOW = f"{LAST + dt.timedelta(days=1)} 00:00:00"
_OWN = (
    f"1 AS shop_id, 'shop' AS source, 'h' AS hash, '{_NOW}' AS recorded_at, '{_NOW}' AS changed_at"
)
# A third of the customers is in each country, few names stand for many people.
_CUSTOMERS = f"""
SELECT id, 1 AS shop_id, 'K' || id AS number, 'kunde' || id || '@example.com' AS email, '' AS phone,
  one_of(['Anna', 'Ben', 'Clara', 'David', 'Emma', 'Felix', 'Greta', 'Hannes'], hash(id)) || ' ' ||
  one_of(['Meyer', 'Schulz', 'Keller', 'Huber', 'Vogt'], hash(id, 1)) ||
  one_of(['', 'mann', 'stein', 'bach', 'berg'], hash(id, 2)) AS name,
  one_of(['DE', 'AT', 'CH'], hash(id, 3)) AS country,
  coalesce(orders, 0) AS orders, coalesce(revenue, 0) AS revenue_minor, 0 AS refunded_minor,
  first_on::VARCHAR AS first_order_on, last_on::VARCHAR AS last_order_on,
  '{_NOW}' AS created_at, '{_NOW}' AS changed_at
FROM (SELECT range + 1 AS id FROM range($customers)) LEFT JOIN (
  SELECT customer, count(*) AS orders, sum(amount)::BIGINT AS revenue,
    min(placed)::DATE AS first_on, max(placed)::DATE AS last_on FROM bought GROUP BY customer
) ON customer = id ORDER BY id
"""
_KEY = (
    "1 AS shop_id, {0} AS customer_id, '{1}' AS kind, '{2}' AS source, {3} AS value, {3} AS written, "
    "'' AS loose, false AS is_shared, 'own' AS rule, 100 AS confidence, '" + _NOW + "' AS since"
)
_BOUGHT = f"""
CREATE TABLE bought AS
WITH customers AS (
  SELECT range + 1 AS customer, {DAYS} * uniform(range, 0, 'arrival') AS arrives_at,
    -ln(uniform(range, 0, 'rate')) / 40 AS rate, 1 - pow(uniform(range, 0, 'leaving'), 1 / 8.0) AS leaves
  FROM range($customers)
), purchases AS (
  SELECT *, unnest(range(1 + least(300, floor(
    ln(uniform(customer, 0, 'staying')) / ln(1 - leaves)))::BIGINT)) AS purchase
  FROM customers
), timed AS (
  SELECT customer, purchase, arrives_at + sum(
    CASE WHEN purchase = 0 THEN 0 ELSE -ln(uniform(customer, purchase, 'gap')) / rate END
  ) OVER (PARTITION BY customer ORDER BY purchase) AS days
  FROM purchases
)
SELECT row_number() OVER (ORDER BY days, customer, purchase) AS id, customer,
  TIMESTAMP '{FIRST}' + to_seconds(floor(days * 86400)) AS placed,
  500 + floor(-3000 * ln(uniform(customer, purchase, 'd') * uniform(customer, 0, 'e')))::BIGINT AS amount,
  1 + hash(customer, purchase, 'units') % 4 AS units,
  1 + floor(2000 * pow(uniform(customer, purchase, 'product'), 2))::BIGINT AS product,
  one_of(['web', 'app', 'market'], hash(customer, purchase // 4)) AS channel
FROM timed WHERE days < {DAYS}
"""
_TABLES = {
    "customers_customer": _CUSTOMERS,
    "customers_key": "SELECT 2 * range + 1 AS id, "
    + _KEY.format("range + 1", "number", "shop", "'K' || (range + 1)")
    + " FROM range($customers) UNION ALL SELECT 2 * range + 2, "
    + _KEY.format("range + 1", "email", "", "'kunde' || (range + 1) || '@example.com'")
    + " FROM range($customers)",
    "orders_order": f"SELECT id, {_OWN}, 'A' || id AS external_id, 2 * customer - 1 AS key_id, "
    "customer AS customer_id, placed::VARCHAR AS placed_at, 'EUR' AS currency, amount AS amount_minor, "
    "units::VARCHAR AS units, 'counted' AS state, channel FROM bought ORDER BY id",
    "orders_orderline": "SELECT id, id AS order_id, 1 AS line_number, 'P' || product AS product_id, "
    "'Product ' || product AS product, units::VARCHAR AS quantity, amount AS amount_minor "
    "FROM bought ORDER BY id",
    "orders_refund": f"SELECT id, {_OWN}, 'R' || id AS external_id, 'A' || id AS order_number, "
    "(placed + INTERVAL 9 DAY)::VARCHAR AS refunded_at, amount // 2 AS amount_minor, "
    "2 * customer - 1 AS key_id, customer AS customer_id FROM bought WHERE hash(id, 5) % 40 = 0",
    "orders_return": f"SELECT id, {_OWN}, 'W' || id AS external_id, 'A' || id AS order_number, "
    "'P' || product AS product_id, '1' AS quantity, (placed + INTERVAL 9 DAY)::VARCHAR AS returned_at, "
    "'return' AS kind, one_of(['too small', 'broken'], hash(id)) AS reason "
    "FROM bought WHERE hash(id, 5) % 40 = 0",
    "orders_product": f"SELECT range + 1 AS id, {_OWN}, 'P' || (range + 1) AS external_id, "
    "'Product ' || (range + 1) AS product, 'Category ' || range % 20 AS category, "
    "(2 + hash(range) % 9)::VARCHAR AS unit_cost FROM range(2000)",
    "orders_spend": f"SELECT row_number() OVER () AS id, {_OWN}, month || purpose || channel AS external_id, "
    "month::DATE::VARCHAR AS starts_on, last_day(month)::VARCHAR AS ends_on, purpose, channel, "
    "$customers * 5 AS amount_minor FROM (SELECT unnest(generate_series("
    f"TIMESTAMP '{FIRST}', TIMESTAMP '{LAST}', INTERVAL 1 MONTH)) AS month), "
    "(SELECT unnest(['acquisition', 'retention']) AS purpose), (SELECT unnest(['web', 'app']) AS channel)",
    "orders_response": f"SELECT id, {_OWN}, 'N' || id AS external_id, 'nps' AS question, "
    "(placed + INTERVAL 3 DAY)::VARCHAR AS answered_at, (hash(id) % 11)::VARCHAR AS score, '0' AS lowest, "
    "'10' AS highest, 1.0 AS weight, 2 * customer - 1 AS key_id, customer AS customer_id "
    "FROM bought WHERE hash(id, 6) % 50 = 0",
    "orders_ticket": f"SELECT id, {_OWN}, 'T' || id AS external_id, placed::VARCHAR AS opened_at, "
    "(placed + INTERVAL 5 HOUR)::VARCHAR AS answered_at, (placed + INTERVAL 2 DAY)::VARCHAR AS solved_at, "
    "1 + hash(id) % 3 AS contacts, one_of(['mail', 'chat'], hash(id)) AS channel, "
    "2 * customer - 1 AS key_id, customer AS customer_id FROM bought WHERE hash(id, 7) % 50 = 0",
}  # fmt: skip


def founded() -> tuple[Any, Any]:
    """Return a new shop and its owner."""
    command = import_module("stammkunde.core.audit.services").COMMAND
    people = import_module("stammkunde.core.people.models").Person.objects
    owner = people.create_user("owner@example.com", name="Owner")
    found = import_module("stammkunde.core.shops.services").found
    return found("A", owner=owner, actor=command), owner


def there() -> tuple[Any, Any]:
    """Return the shop that a store holds and its owner."""
    shops = import_module("stammkunde.core.shops.models").Shop.objects
    return shops.first(), import_module("stammkunde.core.people.models").Person.objects.first()


def fill(shop_id: int, orders: int) -> int:
    """Write about so many orders and a tenth as many customers; return how many orders there are."""
    if shop_id != 1:
        raise ValueError("The store is not empty.")
    connection = data.connect()
    connection.execute("SET preserve_insertion_order = true")
    connection.execute(data.UNIFORM)
    connection.execute(_ONE_OF)
    given = {"customers": orders // ORDERS_PER_CUSTOMER}
    connection.execute(_BOUGHT, given)
    hurry()
    for table, select in _TABLES.items():
        _write(table, connection.execute(select, given if "$customers" in select else {}))
    ((count,),) = connection.execute("SELECT count(*) FROM bought").fetchall()
    connection.close()
    import_module("stammkunde.records.orders.services").touch(shop_id)
    import_module("django.db").connection.close()
    settle()
    return int(count)


def more(shop_id: int, orders: int) -> None:
    """Write as many new orders as a large shop has in a busy hour."""
    at = f"{LAST} 12:00:00"
    names = ("id", "shop_id", "source", "external_id", "hash", "recorded_at", "changed_at", "key_id",
             "customer_id", "placed_at", "currency", "amount_minor", "units", "state", "channel")  # fmt: skip
    rows = [
        (orders + i, shop_id, "shop", f"B{i}", "h", _NOW, _NOW, 2 * i - 1, i, at, "EUR", 1000, "1",
         "counted", "web") for i in range(1, NEW + 1)
    ]  # fmt: skip
    lines = [(orders + i, orders + i, 1, "P1", "Product 1", "1", 1000) for i in range(1, NEW + 1)]
    with import_module("django.db").transaction.atomic():
        bulk = import_module("stammkunde.core.bulk")
        bulk.insert("orders_order", names, rows)
        bulk.insert(
            "orders_orderline",
            ("id", "order_id", "line_number", "product_id", "product", "quantity", "amount_minor"),
            lines,
        )
    touch = import_module("stammkunde.records.orders.services").touch
    touch(shop_id, "orders", range(orders + 1, orders + NEW + 1))


def hurry(*, cache_mib: int = 1024) -> None:
    """Let SQLite write without waiting for the disk, until the connection is closed."""
    if import_module("django.db").connection.vendor == "sqlite":
        bulk = import_module("stammkunde.core.bulk")
        bulk.run("PRAGMA synchronous = OFF")
        bulk.run(f"PRAGMA cache_size = -{cache_mib * 1024}")


def settle() -> None:
    """Let the store know its tables, as it does after an import and every night."""
    bulk = import_module("stammkunde.core.bulk")
    bulk.learn()
    if import_module("django.db").connection.vendor == "postgresql":
        bulk.run("VACUUM ANALYZE")


def _write(table: str, found: duckdb.DuckDBPyConnection) -> None:
    bulk = import_module("stammkunde.core.bulk")
    atomic = import_module("django.db").transaction.atomic
    names = [column[0] for column in found.description]
    # What collects words for the search is written by one statement for many rows.
    write = bulk.add if table.startswith("customers_") else bulk.insert
    for rows in _pieces(found):
        with atomic():
            write(table, names, rows)


def _pieces(found: duckdb.DuckDBPyConnection) -> Iterator[list[tuple[Any, ...]]]:
    while rows := found.fetchmany(AT_ONCE):
        yield rows
