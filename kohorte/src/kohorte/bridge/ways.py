"""The ways to calculate that other tools have, each with what the step away from it changes."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

from kohorte import metrics
from kohorte.intervals import NOTHING, Estimate
from kohorte.language import Sentence, Text
from kohorte.metrics import Metric
from kohorte.metrics.metric import Estimator, Sums
from kohorte.settings import Settings

# Longer than any shop waits for its money.
_ALWAYS = 3660
# Reading decides about these rows; asking again cannot bring them back.
_OF_ROWS = ("adjustment", "quantity_not_positive", "price_not_positive", "gift_card")


@dataclass(frozen=True)
class Way:
    """A way to calculate; `slug` and `change` name the step to the next one."""

    slug: str
    change: Sentence
    select: str
    estimate: Estimator


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A metric as another tool has it.

    Parameters
    ----------
    counts
        Reasons of `settings.COUNTABLE` for which we leave orders out and the tool does not; None
        if it is no tool and counts as we do.
    forgets_unpaid
        Whether an order on invoice drops out of the tool's numbers after the time to pay.
    separates
        Whether the tool takes two accounts with one e-mail address for two customers.
    goods
        Whether its amounts hold neither taxes nor postage.
    """

    tool: Text
    metric: str
    formula: Text
    source: Text
    ways: tuple[Way, ...]
    counts: tuple[str, ...] | None = None
    forgets_unpaid: bool = True
    separates: bool = False
    goods: bool = False

    @property
    def variants(self) -> list[Metric]:
        """The metric in every way of the chain, ours last."""
        own = metrics.get(self.metric)
        return [
            *(
                dataclasses.replace(
                    own,
                    select=way.select,
                    estimate=way.estimate,
                    segments=("all",),
                    floor=-math.inf,
                )
                for way in self.ways
            ),
            own,
        ]

    def reasons(self, settings: Settings) -> tuple[str, ...]:
        """Return the reasons in spite of which the tool counts, with what only reading decides."""
        if self.counts is None:
            return settings.count
        return (*self.counts, *(name for name in settings.count if name in _OF_ROWS))

    def payment_days(self, settings: Settings) -> int:
        """Return after how many days an unpaid order drops out of the tool's numbers."""
        return settings.payment_days if self.forgets_unpaid else _ALWAYS


def percent(k: str) -> Estimator:
    """Return an estimator of `k` in n as a percentage, without an interval; it may pass 100."""

    def estimate(sums: Sums, settings: Settings) -> Estimate:
        row = sums[0]
        return Estimate(float(row[k]) / float(row["n"]) * 100) if row["n"] else NOTHING

    return estimate


def mean(total: str) -> Estimator:
    """Return an estimator of `total` per n, without an interval."""

    def estimate(sums: Sums, settings: Settings) -> Estimate:
        row = sums[0]
        return Estimate(float(row[total]) / float(row["n"])) if row["n"] else NOTHING

    return estimate


EVER = """
SELECT
  p.period,
  'all' AS segment,
  COUNT(*) AS n,
  SUM(CASE WHEN t.orders > 1 THEN 1 ELSE 0 END) AS ordered_again
FROM customer_periods AS p
JOIN customer_totals AS t ON t.customer_id = p.customer_id
GROUP BY p.period
"""
BEFORE_REFUNDS = """
SELECT c.period, 'all' AS segment, COUNT(*) AS n, CAST(SUM(o.amount_minor) AS BIGINT) AS amount_minor
FROM judged_orders AS o
JOIN calendar AS c ON c.day = o.day
WHERE o.reason IS NULL
GROUP BY c.period
"""
AFTER_REFUNDS = """
SELECT
  c.period, 'all' AS segment, COUNT(*) AS n, CAST(SUM(o.revenue_minor) AS BIGINT) AS amount_minor
FROM counted_orders AS o
JOIN calendar AS c ON c.day = o.day
GROUP BY c.period
"""
REFUNDS_WHEN_PAID_BACK = """
SELECT
  b.period,
  'all' AS segment,
  CAST(SUM(b.orders) AS BIGINT) AS n,
  CAST(SUM(b.amount_minor) AS BIGINT) AS amount_minor
FROM (
  SELECT c.period, COUNT(*) AS orders, SUM(o.amount_minor) AS amount_minor
  FROM judged_orders AS o
  JOIN calendar AS c ON c.day = o.day
  WHERE o.reason IS NULL
  GROUP BY c.period
  UNION ALL
  -- Money may go back after the last order, where the calendar has ended and the period has not.
  SELECT p.period, 0, -SUM(r.amount_minor)
  FROM dated_refunds AS r
  JOIN judged_orders AS o ON o.order_id = r.order_id
  JOIN periods AS p ON r.day >= p.starts_day AND r.day < p.ends_day
  WHERE o.reason IS NULL AND r.day BETWEEN $since_day AND $until_day
  GROUP BY p.period
) AS b
GROUP BY b.period
"""
LEAVING_RETURNED = """
SELECT
  period, 'all' AS segment, active_at_start AS n, active_at_end - new AS active_at_end_without_new
FROM retention
"""

AT_ANY_TIME = Way(
    "definition",
    Sentence("Returning is only who had bought before, not who bought again later"),
    EVER,
    percent("ordered_again"),
)
GROSS = Way(
    "partial_refunds",
    Sentence("Partial refunds lower the order they belong to"),
    BEFORE_REFUNDS,
    mean("amount_minor"),
)
UNIDENTIFIED = Sentence("Orders without a known customer are left out")
BOOKED_LATER = Sentence("Refunds count in the period of their order, not on the day they are paid")
REACTIVATED = Way(
    "definition",
    Sentence("Customers who had been gone and came back are left out"),
    LEAVING_RETURNED,
    percent("active_at_end_without_new"),
)
