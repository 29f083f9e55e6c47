"""Which products bring customers back, and which come back themselves, each beside all others.

Where many products are looked at, some stand out by chance alone; the probabilities are corrected for
that (see `differences.together`), and only what remains beyond chance is called different.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kohorte import differences, intervals
from kohorte.intervals import Estimate
from kohorte.members import Members
from kohorte.results import Portion, Portions

# Of fewer cases nothing is told; they are not looked at, and need no allowance for having been.
FEWEST = 30
_FIRST = """
SELECT
  f.product AS name,
  COUNT(*) AS n,
  COUNT(*) FILTER (WHERE COALESCE(p.next_day <= p.day + $repeat_days, FALSE)) AS k
FROM first_products AS f
JOIN purchases AS p ON p.customer_id = f.customer_id
WHERE p.previous_day IS NULL AND p.day + $repeat_days < $history_end AND f.product IS NOT NULL
GROUP BY f.product
ORDER BY n DESC, name
"""
# Each order of a product counts once; it came back if a return of that order names the product.
_RETURNED = """
WITH sold AS (
  SELECT order_id, product_id, MIN(COALESCE(product, product_id)) AS name
  FROM order_lines
  WHERE product_id IS NOT NULL
  GROUP BY order_id, product_id
), back AS (
  SELECT order_id, product_id, MIN(day) AS day
  FROM dated_returns
  WHERE kind = 'return' AND product_id IS NOT NULL
  GROUP BY order_id, product_id
), counted AS (
  SELECT
    s.product_id,
    MIN(s.name) AS name,
    COALESCE(o.customer_id, o.order_id) AS customer,
    COUNT(*) AS n,
    COUNT(b.order_id) AS k
  FROM order_returns AS o
  JOIN sold AS s ON s.order_id = o.order_id
  LEFT JOIN back AS b
    ON b.order_id = s.order_id AND b.product_id = s.product_id AND b.day <= o.day + $return_days
  WHERE o.matured = 1
  GROUP BY s.product_id, COALESCE(o.customer_id, o.order_id)
)
SELECT
  product_id, MIN(name) AS name, CAST(SUM(n) AS BIGINT) AS n, CAST(SUM(k) AS BIGINT) AS k,
  CAST(SUM(n * n) AS BIGINT) AS nn, CAST(SUM(k * n) AS BIGINT) AS kn,
  CAST(SUM(k * k) AS BIGINT) AS kk, COUNT(*) AS customers
FROM counted
GROUP BY product_id
ORDER BY n DESC, name, product_id
"""
_REASONS = """
SELECT product_id, reason, COUNT(*) AS times
FROM dated_returns
WHERE kind = 'return' AND product_id IS NOT NULL AND reason IS NOT NULL
GROUP BY product_id, reason
ORDER BY times DESC, reason
"""
_NAMELESS = """
SELECT COUNT(*) AS n, COUNT(*) FILTER (WHERE product_id IS NULL) AS nameless
FROM dated_returns
WHERE kind = 'return'
"""


class Goods(Members):
    """Questions about products."""

    def first_products(self, *, most: int = 30) -> Portions:
        """Return how many of those who bought a product first ordered again within the repeat days.

        Counted as `repeat_rate_90_days`: only customers who have been watched so long. The first
        product is the first line of the first order.

        Parameters
        ----------
        most
            So many products, those of most customers.

        Examples
        --------
        >>> from kohorte import History
        >>> days = [("anna", "2026-01-05"), ("anna", "2026-01-20"), ("ben", "2026-01-09"), ("cleo", "2026-06-01")]
        >>> orders = [
        ...     dict(order_id=str(n), customer_id=who, placed_at=day) for n, (who, day) in enumerate(days)
        ... ]
        >>> lines = [dict(order_id=str(n), line_number=1, product="Brie") for n in range(4)]
        >>> with History.from_records(orders=orders, order_lines=lines) as history:
        ...     [(one.name, one.times, one.n, one.value) for one in history.first_products().each]
        [('Brie', 1, 2, 50.0)]
        """
        if self.span is None:
            return NOTHING
        z = intervals.quantile(self.settings.confidence_percent)
        rows = self.engine.rows(_FIRST)
        found = [(row, intervals.share(row["k"], row["n"], z=z).times(100)) for row in rows[:most]]
        return self._compared(found, rows, {})

    def returned_products(self, *, most: int = 30) -> Portions:
        """Return how many orders of each product came back within the time to return it.

        Counted as `return_rate`, by product instead of order; `unnamed` counts returns that do not
        say what came back. The range takes customers for clusters.

        Examples
        --------
        >>> from kohorte import History
        >>> orders = [
        ...     dict(order_id="1", customer_id="anna", placed_at="2026-01-05"),
        ...     dict(order_id="2", customer_id="ben", placed_at="2026-01-09"),
        ...     dict(order_id="3", customer_id="ben", placed_at="2026-06-09"),
        ... ]
        >>> lines = [dict(order_id=n, line_number=1, product_id="B", product="Brie") for n in "123"]
        >>> back = [dict(return_id="1", order_id="2", product_id="B", returned_at="2026-01-12", kind="return", reason="too ripe")]
        >>> with History.from_records(orders=orders, order_lines=lines, returns=back) as history:
        ...     [(one.name, one.times, one.n, one.reason) for one in history.returned_products().each]
        [('Brie', 1, 2, 'too ripe')]
        """
        if self.span is None:
            return NOTHING
        (told,) = self.engine.rows(_NAMELESS)
        if told["n"] == told["nameless"]:
            return Portions((), None, int(told["nameless"]))
        z = intervals.quantile(self.settings.confidence_percent)
        rows = self.engine.rows(_RETURNED)
        reasons: dict[str, str] = {}
        for row in self.engine.rows(_REASONS):
            reasons.setdefault(row["product_id"], row["reason"])
        found = [(row, _share(row, z)) for row in rows[:most]]
        return self._compared(found, rows, reasons, unnamed=int(told["nameless"]))

    def _compared(
        self,
        found: Sequence[tuple[Mapping[str, Any], Estimate]],
        every: Sequence[Mapping[str, Any]],
        reasons: Mapping[str, str],
        *,
        unnamed: int = 0,
    ) -> Portions:
        """Put each share of enough cases beside that of all other products."""
        z = intervals.quantile(self.settings.confidence_percent)
        times, n = sum(row["k"] for row in every), sum(row["n"] for row in every)
        chances = {}
        for place, (row, share) in enumerate(found):
            if row["n"] < FEWEST:
                continue
            others = intervals.share(times - row["k"], n - row["n"], z=z).times(100)
            p = differences.probability(
                share, others, confidence_percent=self.settings.confidence_percent
            )
            if p is not None:
                chances[place] = p
        together = differences.together(chances)
        each = tuple(
            Portion(
                row["name"], int(row["k"]), int(row["n"]), share.value or 0.0, share.low,
                share.high, together.get(place), reasons.get(row.get("product_id") or ""),
            )
            for place, (row, share) in enumerate(found)
        )  # fmt: skip
        return Portions(each, 100 * times / n if n else None, unnamed)


def _share(row: Mapping[str, Any], z: float) -> Estimate:
    return intervals.share_in_clusters(
        row["k"], row["n"], kk=row["kk"], kn=row["kn"], nn=row["nn"], of=row["customers"], z=z
    ).times(100)


NOTHING = Portions((), None, 0)
