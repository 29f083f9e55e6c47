"""What the real shop's orders do not tell, made up so that every metric shows: costs, answers, tickets.

Nothing here happened. The tables are made from the real orders by fixed rules and the digits of
hashes in place of chance, so they are the same on every machine: a shop that buys advertising, is
asked after, recommended, sent goods back, and runs a small subscription. Files are named `made_up_…`.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import duckdb

from kohorte.language import Text

NOTE = Text(
    de="Die Bestellungen sind echt. Kosten, Werbung, Interessenten, Verträge, Anfragen, Antworten, "
    "Empfehlungen, Retouren und Lieferungen gehören nicht zu ihnen: Sie sind erfunden, damit sich jede Kennzahl "
    "zeigt, und stehen in Dateien, deren Namen mit „made_up“ beginnen.",
    en="The orders are real. Costs, advertising, leads, contracts, requests, answers, referrals, "
    "returns and deliveries are no part of them: they are made up so that every metric shows, and stand in files "
    "whose names begin with “made_up”.",
)
# The same where there is room for one line, such as beside a chart.
LABEL = Text(
    de="Die Bestellungen sind echt. Kosten, Werbung, Interessenten, Verträge, Anfragen, Antworten, "
    "Empfehlungen, Retouren und Lieferungen sind erfunden, damit sich jede Kennzahl zeigt.",
    en="The orders are real. Costs, advertising, leads, contracts, requests, answers, referrals, "
    "returns and deliveries are made up so that every metric shows.",
)
_ORDERS = """
CREATE TABLE lines AS
SELECT invoice AS order_id, trim(stock_code) AS product_id, description AS product, quantity, price,
  invoice_date AS placed_at, customer_id
FROM (
  FROM read_parquet({older}) WHERE invoice_date < TIMESTAMP '2010-12-01' UNION ALL BY NAME
  FROM read_parquet({newer})
) WHERE quantity > 0 AND price > 0 AND invoice NOT LIKE 'C%';
CREATE TABLE sold AS FROM lines WHERE customer_id IS NOT NULL;
CREATE TABLE orders AS
SELECT order_id, any_value(customer_id)::BIGINT::VARCHAR AS customer_id, min(placed_at) AS placed_at,
  sum(quantity * price) AS amount
FROM sold GROUP BY order_id;
CREATE TABLE customers AS
SELECT customer_id, min(placed_at) AS first_at, max(placed_at) AS last_at, count(*) AS orders,
  arg_min(order_id, (placed_at, order_id)) AS first_order
FROM orders GROUP BY customer_id;
-- Between 0 and 1, by what is asked about and whom.
CREATE MACRO chance(about, key) AS
  ('0x' || substr(md5(about || ':' || key), 1, 8))::BIGINT / 4294967296.0;
CREATE MACRO one_of(words, about, key) AS words[1 + floor(chance(about, key) * len(words))::INTEGER];
CREATE MACRO written(moment) AS strftime(moment, '%Y-%m-%d %H:%M');
"""
_TABLES = {
    "products": """
SELECT product_id AS "Product number", trim(any_value(product ORDER BY placed_at, product)) AS "Product name",
  one_of(['Home', 'Kitchen', 'Garden', 'Gifts', 'Stationery'], 'category', product_id) AS "Category",
  printf('%.2f', greatest(0.01, median(price) * (0.45 + 0.25 * chance('cost', product_id))))
    AS "Unit cost"
FROM lines GROUP BY product_id ORDER BY 1
""",
    "spend": """
SELECT strftime(month, '%Y-%m-%d') AS "From", strftime(last_day(month), '%Y-%m-%d') AS "Until",
  purpose AS "Purpose", channel AS "Channel",
  printf('%.2f', base * (0.8 + 0.4 * chance(channel, month::VARCHAR))
    * CASE WHEN month(month) IN (10, 11) THEN 1.6 ELSE 1 END) AS "Spend"
FROM (SELECT unnest(generate_series(DATE '2009-12-01', DATE '2011-11-01', INTERVAL 1 MONTH))::DATE
  AS month), (VALUES
  ('acquisition', 'search ads', 4200), ('acquisition', 'trade fair', 1500),
  ('acquisition', 'catalogue', 2100), ('retention', 'newsletter', 650),
  ('retention', 'vouchers', 1800), ('sales', 'sales team', 5200), ('service', 'help desk', 3900)
) AS plan(purpose, channel, base) ORDER BY 1, 3, 4
""",
    "leads": """
SELECT 'L-' || customer_id AS "Lead number",
  written(first_at - INTERVAL 1 DAY * (1 + floor(45 * chance('wait', customer_id)))) AS "Created at",
  one_of(['search ads', 'trade fair', 'catalogue'], 'lead', customer_id) AS "Channel",
  'yes' AS "Qualified", customer_id AS "Customer number"
FROM customers WHERE chance('was a lead', customer_id) < 0.4 AND first_at > TIMESTAMP '2010-01-20'
UNION ALL SELECT 'L-0' || n, written(TIMESTAMP '2009-12-01 09:00' + INTERVAL 1 HOUR * (n * 5)),
  one_of(['search ads', 'trade fair', 'catalogue'], 'lead', n::VARCHAR),
  CASE WHEN chance('qualified', n::VARCHAR) < 0.6 THEN 'yes' ELSE 'no' END, NULL
FROM range(3500) AS t(n) ORDER BY 2, 1
""",
    "tickets": """
SELECT 'T-' || order_id AS "Ticket number", customer_id AS "Customer number",
  written(opened) AS "Opened at", written(opened + INTERVAL 1 MINUTE * answer) AS "First response",
  CASE WHEN chance('solved', order_id) < 0.97
    THEN written(opened + INTERVAL 1 MINUTE * (answer + floor(3000 * chance('solve', order_id) ** 3))) END
    AS "Solved at",
  CASE WHEN chance('contacts', order_id) < 0.7 THEN 1 ELSE 2 + floor(3 * chance('more', order_id)) END
    ::INTEGER AS "Contacts",
  one_of(['e-mail', 'telephone', 'chat'], 'by', order_id) AS "Channel",
  one_of(['delivery', 'delivery', 'damaged', 'invoice', 'wrong item', 'question'], 'why', order_id)
    AS "Reason"
FROM (SELECT *, placed_at + INTERVAL 1 HOUR * (20 + floor(200 * chance('opened', order_id))) AS opened,
  10 + floor(900 * chance('answer', order_id) ** 2) AS answer FROM orders)
WHERE chance('ticket', order_id) < 0.06 ORDER BY 3, 1
""",
    "responses": """
WITH asked AS (
  SELECT 'N-' || order_id AS id, customer_id, placed_at + INTERVAL 14 DAY AS answered_at, 'NPS' AS question,
    least(10, floor(11 * chance('nps', order_id) ** 0.28))::INTEGER AS score, 0 AS low, 10 AS high,
    NULL AS words, NULL AS ticket FROM orders WHERE chance('answers', order_id) < 0.08
  UNION ALL SELECT 'E-' || order_id, customer_id, placed_at + INTERVAL 5 DAY, 'CES',
    1 + floor(7 * chance('ces', order_id) ** 0.6)::INTEGER, 1, 7, NULL, NULL
  FROM orders WHERE chance('answers ces', order_id) < 0.04
  UNION ALL SELECT 'S-' || order_id, customer_id, placed_at + INTERVAL 12 DAY, 'CSAT',
    1 + floor(5 * chance('csat', order_id) ** 0.4)::INTEGER, 1, 5, NULL, 'T-' || order_id
  FROM orders WHERE chance('ticket', order_id) < 0.06 AND chance('answers csat', order_id) < 0.5
  UNION ALL SELECT 'W-' || customer_id, customer_id, last_at + INTERVAL 200 DAY, 'leaving', NULL, NULL, NULL,
    one_of(['found it cheaper elsewhere', 'found it cheaper elsewhere', 'no need any more',
      'delivery took too long', 'closed the business', 'quality'], 'leaving', customer_id), NULL
  FROM customers WHERE last_at < TIMESTAMP '2011-05-01' AND chance('tells', customer_id) < 0.12
)
SELECT id AS "Response number", customer_id AS "Customer number", written(answered_at) AS "Answered at",
  question AS "Question", score AS "Score", low AS "Scale from", high AS "Scale to",
  words AS "Answer in words", ticket AS "Ticket number"
FROM asked WHERE answered_at < TIMESTAMP '2011-12-10' ORDER BY 3, 1
""",
    "referrals": """
SELECT first_order AS "Order number", referrer AS "Referred by" FROM (
  SELECT c.first_order, (
    SELECT r.customer_id FROM customers r WHERE r.first_at < c.first_at AND r.customer_id <> c.customer_id
    ORDER BY md5(r.customer_id || c.customer_id) LIMIT 1) AS referrer
  FROM customers c WHERE chance('referred', c.customer_id) < 0.05
) WHERE referrer IS NOT NULL ORDER BY 1
""",
    "subscriptions": """
WITH clubs AS (
  SELECT customer_id, date_trunc('day', first_at + INTERVAL 30 DAY) AS begun,
    CASE WHEN chance('plan', customer_id) < 0.3 THEN 24.90 ELSE 9.90 END AS price
  FROM customers WHERE orders >= 2 AND chance('club', customer_id) < 0.12
), terms AS (
  SELECT *, n, begun + INTERVAL 1 MONTH * (6 * n) AS starts, begun + INTERVAL 1 MONTH * (6 * n + 6) AS due
  FROM clubs, range(5) AS t(n)
), kept AS (
  SELECT *, chance('stays', customer_id || n::VARCHAR) < 0.72 AS renews,
    chance('changes', customer_id || n::VARCHAR) < 0.1 AS changes FROM terms
), alive AS (
  SELECT *, coalesce(bool_and(renews) OVER (PARTITION BY customer_id ORDER BY n
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true) AS runs FROM kept
)
SELECT 'V-' || customer_id AS "Contract number", customer_id AS "Customer number",
  strftime(starts, '%Y-%m-%d') AS "Contract start", strftime(due, '%Y-%m-%d') AS "Term end",
  CASE WHEN due < TIMESTAMP '2011-12-10' THEN strftime(due, '%Y-%m-%d') END AS "Ended at",
  printf('%.2f', CASE WHEN changes AND n > 0 AND price > 20 THEN 9.90 ELSE price END) AS "Monthly amount",
  CASE WHEN NOT renews AND due < TIMESTAMP '2011-12-10' THEN
    one_of(['too expensive', 'too expensive', 'not used', 'payment failed'], 'ends', customer_id) END
    AS "Cancellation reason"
FROM alive WHERE runs AND starts < TIMESTAMP '2011-12-10' ORDER BY 2, 3
""",
    "returns": """
SELECT 'R-' || order_id || '-' || product_id AS "Return number", order_id AS "Order number",
  product_id AS "Product number", least(max(quantity), 2) AS "Quantity",
  strftime(min(placed_at) + INTERVAL 1 DAY * (4 + floor(20 * chance('sent', order_id || product_id))),
    '%Y-%m-%d') AS "Return date", 'return' AS "Kind",
  one_of(['damaged', 'damaged', 'not as pictured', 'wrong item', 'changed mind'], 'back',
    order_id || product_id) AS "Reason"
FROM sold WHERE chance('returned', order_id || product_id) < 0.008
GROUP BY order_id, product_id
HAVING min(placed_at) < TIMESTAMP '2011-11-15' ORDER BY 5, 1
""",
    "deliveries": """
WITH customs AS (
  SELECT order_id, placed_at, customer_id,
    -- Who came again within 100 days had more often been sent the first order at once.
    CASE WHEN chance('parcel', order_id) < 0.35 + CASE WHEN again <= 100 THEN 0.12 ELSE 0 END THEN 1
      ELSE 2 + floor(6 * chance('slow', order_id))::INTEGER END AS slow
  FROM (SELECT *, date_diff('day', placed_at, lead(placed_at) OVER (PARTITION BY customer_id ORDER BY
    placed_at, order_id)) AS again FROM orders)
), sent AS (
  SELECT *, placed_at + INTERVAL 1 DAY * (slow // 2) AS left_at,
    placed_at + INTERVAL 1 DAY * (slow + floor(3 * chance('road', order_id))::INTEGER) AS arrived_at
  FROM customs
)
SELECT 'P-' || order_id AS "Parcel number", order_id AS "Order number",
  strftime(left_at, '%Y-%m-%d') AS "Ship date",
  CASE WHEN arrived_at < TIMESTAMP '2011-12-10' AND chance('told', order_id) < 0.97
    THEN strftime(arrived_at, '%Y-%m-%d') END AS "Delivered at",
  strftime(placed_at + INTERVAL 5 DAY, '%Y-%m-%d') AS "Promised for"
FROM sent WHERE left_at < TIMESTAMP '2011-12-10' ORDER BY 3, 1
""",
}


def write_companion(folder: Path) -> list[Path]:
    """Write the made-up tables beside the real orders as CSV files, and return their paths.

    The same files every time. Their columns are those of `kohorte template`.

    Parameters
    ----------
    folder
        Where to; it is made if it does not exist.
    """
    folder.mkdir(parents=True, exist_ok=True)
    here = resources.files(__package__ or "kohorte.demo")
    with (
        resources.as_file(here / "online_retail_ii_2009_2010.parquet") as older,
        resources.as_file(here / "online_retail_2010_2011.parquet") as newer,
        duckdb.connect(config={"threads": 1, "memory_limit": "1GB"}) as connection,
    ):
        connection.execute(_ORDERS.format(older=_text(older), newer=_text(newer))).fetchall()
        return [_write(name, folder=folder, connection=connection) for name in _TABLES]


def _write(name: str, *, folder: Path, connection: duckdb.DuckDBPyConnection) -> Path:
    path = folder / f"made_up_{name}.csv"
    connection.execute(f"COPY ({_TABLES[name]}) TO {_text(path)} (FORMAT csv, HEADER)").fetchall()
    return path


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
