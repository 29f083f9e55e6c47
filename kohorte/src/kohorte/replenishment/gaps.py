"""What is known of products bought again: the times between, and how much was bought before each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from kohorte import periods
from kohorte.history import History
from kohorte.models.arrays import Array, Whole

# A rhythm is told of a product with so many finished times between purchases, of so many customers.
FEWEST_GAPS, FEWEST_CUSTOMERS = 10, 5

# One row per customer and product; `gap` sums are over finished times between purchases, in logarithms.
_PAIRS = """
SELECT
  customer_id,
  product_id,
  COUNT(*) AS days,
  COUNT(next_day) AS gaps,
  SUM(LN(next_day - day)) AS gap,
  SUM(LN(next_day - day) * LN(next_day - day)) AS gap_gap,
  SUM(CASE WHEN next_day IS NOT NULL THEN LN(quantity) END) AS size,
  SUM(CASE WHEN next_day IS NOT NULL THEN LN(quantity) * LN(quantity) END) AS size_size,
  SUM(CASE WHEN next_day IS NOT NULL THEN LN(quantity) * LN(next_day - day) END) AS size_gap,
  MAX(day) AS last_day,
  MAX(CASE WHEN next_day IS NULL THEN quantity END) AS last_quantity,
  MAX(CASE WHEN next_day = final_day THEN next_day - day END) AS last_gap
FROM (
  SELECT
    customer_id,
    product_id,
    day,
    quantity,
    LEAD(day) OVER (PARTITION BY customer_id, product_id ORDER BY day) AS next_day,
    MAX(day) OVER (PARTITION BY customer_id, product_id) AS final_day
  FROM product_purchases
  WHERE day <= $known_until
) AS followed
GROUP BY customer_id, product_id
"""
_PRODUCTS = """
SELECT
  product_id,
  ROW_NUMBER() OVER (ORDER BY product_id) - 1 AS place,
  gaps,
  customers,
  buyers
FROM (
  SELECT
    product_id,
    SUM(gaps) AS gaps,
    COUNT(*) FILTER (WHERE gaps > 0) AS customers,
    COUNT(*) AS buyers
  FROM product_pairs
  GROUP BY product_id
) AS counted
WHERE gaps >= $fewest_gaps AND customers >= $fewest_customers
"""
_COLUMNS = """
SELECT
  s.place AS product,
  p.days,
  p.gaps,
  p.gap,
  p.gap_gap,
  p.size,
  p.size_size,
  p.size_gap,
  p.last_day,
  p.last_quantity,
  p.last_gap
FROM product_pairs AS p
JOIN rhythmic_products AS s ON s.product_id = p.product_id
ORDER BY s.place, p.customer_id
"""
_CUSTOMERS = """
SELECT p.customer_id
FROM product_pairs AS p
JOIN rhythmic_products AS s ON s.product_id = p.product_id
ORDER BY s.place, p.customer_id
"""
_NAMES = """
SELECT s.product_id, n.product, n.category, s.gaps, s.customers, s.buyers
FROM rhythmic_products AS s
LEFT JOIN product_names AS n ON n.product_id = s.product_id
ORDER BY s.place
"""


@dataclass(frozen=True, eq=False)
class Gaps:
    """Products with a rhythm, and every customer who bought one of them.

    Attributes
    ----------
    as_of
        The last day that was looked at.
    products, names, categories
        Number, name and category of each product; the latter two None where not known.
    intervals, repeaters, buyers
        Of each product: finished times between purchases, customers who bought it again, and all who bought it.
    customers
        Of each pair of a customer and a product the customer.
    product
        Of each pair the place of its product.
    pairs
        Of each pair its sums, by the names of the select's columns.
    others
        How many products were bought again but too seldom.
    """

    as_of: dt.date
    products: tuple[str, ...]
    names: tuple[str | None, ...]
    categories: tuple[str | None, ...]
    intervals: Whole
    repeaters: Whole
    buyers: Whole
    customers: Array
    product: Whole
    pairs: dict[str, Array]
    others: int

    def __len__(self) -> int:
        return len(self.product)


def until(history: History, day: dt.date) -> Gaps:
    """Return what was known at the end of a day.

    Examples
    --------
    >>> orders, lines = [], []
    >>> for n in range(5):
    ...     for k in range(3):
    ...         order = f"{n}-{k}"
    ...         orders.append(dict(order_id=order, customer_id=str(n), placed_at=f"2026-01-{1 + 7 * k:02}"))
    ...         lines.append(dict(order_id=order, line_number=1, product_id="tea", quantity=1))
    >>> with History.from_records(orders=orders, order_lines=lines) as history:
    ...     found = until(history, dt.date(2026, 1, 31))
    >>> found.products, found.intervals.tolist(), found.pairs["gaps"].tolist()
    (('tea',), [10], [2.0, 2.0, 2.0, 2.0, 2.0])
    """
    engine = history.engine
    given = {
        "known_until": periods.day_number(day),
        "fewest_gaps": FEWEST_GAPS,
        "fewest_customers": FEWEST_CUSTOMERS,
    }
    engine.write("product_pairs", _PAIRS, given)
    engine.write("rhythmic_products", _PRODUCTS, given)
    again = engine.rows("SELECT COUNT(DISTINCT product_id) AS n FROM product_pairs WHERE gaps > 0")
    named = engine.rows(_NAMES)
    columns = {
        name: np.asarray(np.ma.filled(values, 0), dtype=np.float64)
        for name, values in engine.cursor(_COLUMNS).fetchnumpy().items()
    }
    customers = engine.cursor(_CUSTOMERS).fetchnumpy()["customer_id"]
    return Gaps(
        day,
        tuple(str(one["product_id"]) for one in named),
        tuple(one["product"] for one in named),
        tuple(one["category"] for one in named),
        np.array([int(one["gaps"]) for one in named], dtype=np.int64),
        np.array([int(one["customers"]) for one in named], dtype=np.int64),
        np.array([int(one["buyers"]) for one in named], dtype=np.int64),
        np.asarray(customers),
        columns.pop("product").astype(np.int64),
        columns,
        int(again[0]["n"]) - len(named),
    )
