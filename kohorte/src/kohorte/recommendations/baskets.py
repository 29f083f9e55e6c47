"""Who bought what on which day, as whole numbers: customers and products are places in lists."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from kohorte import periods
from kohorte.history import History
from kohorte.models.arrays import Array, Truth, Whole

# Of a product that fewer customers bought nothing is told.
FEWEST_BUYERS = 5
_OFFERED = """
SELECT
  product_id,
  ROW_NUMBER() OVER (ORDER BY product_id) - 1 AS place,
  buyers,
  again
FROM (
  SELECT product_id, COUNT(*) AS buyers, COUNT(*) FILTER (WHERE days > 1) AS again
  FROM (
    SELECT customer_id, product_id, COUNT(*) AS days
    FROM product_purchases
    WHERE day <= $known_until
    GROUP BY customer_id, product_id
  ) AS bought
  GROUP BY product_id
) AS counted
WHERE buyers >= $fewest_buyers
"""
_PLACED = """
SELECT customer_id, ROW_NUMBER() OVER (ORDER BY customer_id) - 1 AS place
FROM (SELECT DISTINCT customer_id FROM product_purchases WHERE day <= $known_until) AS known
"""
_BOUGHT = """
SELECT c.place AS customer, o.place AS product, p.day
FROM product_purchases AS p
JOIN offered_products AS o ON o.product_id = p.product_id
JOIN placed_customers AS c ON c.customer_id = p.customer_id
ORDER BY customer, p.day, product
"""
_NAMES = """
SELECT o.product_id, n.product, o.buyers, o.again
FROM offered_products AS o
LEFT JOIN product_names AS n ON n.product_id = o.product_id
ORDER BY o.place
"""


@dataclass(frozen=True, eq=False)
class Baskets:
    """Purchases of products, one per customer, product and day.

    Attributes
    ----------
    known_until
        The number of the last day that is looked at; purchases after it are those to be foretold.
    products, names
        Number and name of each product.
    buyers, again
        How many customers bought each, and how many of them on more than one day, until then.
    customers
        Their numbers.
    customer, product, day
        Of each purchase, in the order of customers and days, those after `known_until` included.
    """

    known_until: int
    products: tuple[str, ...]
    names: tuple[str | None, ...]
    buyers: Array
    again: Array
    customers: tuple[str, ...]
    customer: Whole
    product: Whole
    day: Whole

    @property
    def known(self) -> Truth:
        """Whether each purchase is known."""
        return np.asarray(self.day <= self.known_until)

    def matrix(self) -> sparse.csr_matrix:
        """Return who bought what: customers × products, 1 where bought."""
        some = self.known
        return _ones(
            self.customer[some], self.product[some], (len(self.customers), len(self.products))
        )

    def steps(self) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
        """Return baskets that another one followed, and those that followed: baskets × products.

        A basket is what a customer bought on one day.
        """
        some = self.known
        customer, product, day = self.customer[some], self.product[some], self.day[some]
        begins = np.ones(len(customer), dtype=bool)
        begins[1:] = (customer[1:] != customer[:-1]) | (day[1:] != day[:-1])
        basket = np.cumsum(begins) - 1
        owner = customer[begins]
        count = len(owner)
        every = _ones(basket, product, (count, len(self.products)))
        followed = np.flatnonzero(owner[:-1] == owner[1:]) if count else np.zeros(0, dtype=int)
        return every[followed], every[followed + 1]

    def latest(self) -> sparse.csr_matrix:
        """Return each customer's last basket: customers × products."""
        some = self.known
        customer, product, day = self.customer[some], self.product[some], self.day[some]
        last = np.full(len(self.customers), -1)
        np.maximum.at(last, customer, day)
        of_last = day == last[customer]
        shape = (len(self.customers), len(self.products))
        return _ones(customer[of_last], product[of_last], shape)


def until(history: History, day: dt.date) -> Baskets:
    """Return the purchases of customers known at the end of a day.

    Examples
    --------
    >>> orders = [dict(order_id=str(n), customer_id=str(n), placed_at="2026-01-05") for n in range(5)]
    >>> lines = [dict(order_id=str(n), line_number=1, product_id="tea") for n in range(5)]
    >>> with History.from_records(orders=orders, order_lines=lines) as history:
    ...     found = until(history, dt.date(2026, 1, 31))
    >>> found.products, found.buyers.tolist(), int(found.matrix().sum())
    (('tea',), [5.0], 5)
    """
    given = {"known_until": periods.day_number(day), "fewest_buyers": FEWEST_BUYERS}
    engine = history.engine
    engine.write("offered_products", _OFFERED, given)
    engine.write("placed_customers", _PLACED, given)
    named = engine.rows(_NAMES)
    columns = engine.cursor(_BOUGHT).fetchnumpy()
    customers = engine.cursor("SELECT customer_id FROM placed_customers ORDER BY place").fetchall()
    return Baskets(
        given["known_until"],
        tuple(str(one["product_id"]) for one in named),
        tuple(one["product"] for one in named),
        np.array([one["buyers"] for one in named], dtype=np.float64),
        np.array([one["again"] for one in named], dtype=np.float64),
        tuple(str(row[0]) for row in customers),
        columns["customer"].astype(np.int64),
        columns["product"].astype(np.int64),
        columns["day"].astype(np.int64),
    )


def _ones(rows: Whole, columns: Whole, shape: tuple[int, int]) -> sparse.csr_matrix:
    """Return a sparse matrix with 1 at each place, once."""
    found = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
    found.data[:] = 1.0
    return found
