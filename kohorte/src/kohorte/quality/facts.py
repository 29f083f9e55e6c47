"""What the checks look at: a few totals of the data, and how many orders each day has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from kohorte import periods
from kohorte.engine import Engine
from kohorte.periods import Span
from kohorte.settings import Settings

# An amount is beyond measure if it is so many times the median and the highest percent's bound.
TIMES_MEDIAN = 100
TIMES_HIGHEST_PERCENT = 10
# Ten euros, dollars, pounds: amounts that are whole multiples of it look rounded.
ROUND_MAJOR = 10


@dataclass(frozen=True)
class Facts:
    """The span, the settings, what is lacking, totals by name, and orders by day.

    Totals: `customers`, `largest_customer`, `revenue_minor`, `free_orders`, `loose_refunds`,
    `unidentified`, `look_alikes`, `valued`, `round_amounts`, `beyond`, `beyond_minor`,
    `unreadable`, `same_people`, `same_ids`, `same_orders`, `answers`, `answers_of_nobody`,
    `requests`, `requests_without_answer`, `months_without_spend`; nothing is 0.
    """

    span: Span
    settings: Settings
    lacking: frozenset[str]
    today: dt.date | None
    totals: Mapping[str, int]
    days: Mapping[dt.date, int]

    @property
    def orders(self) -> int:
        """How many orders count, whether their customer is known or not."""
        return sum(self.days.values())

    @property
    def length_days(self) -> int:
        """How many days the data cover."""
        return (self.span.ends_on - self.span.starts_on).days

    @property
    def needed_days(self) -> int:
        """How many days retention takes: w + p."""
        return self.settings.active_days + self.settings.retention_days


_TOTALS = """
SELECT
  (SELECT COALESCE(SUM(orders), 0) FROM unidentified_days) AS unidentified,
  (SELECT MAX(revenue_minor) FROM customer_totals) AS largest_customer,
  (SELECT COUNT(*) FROM customer_totals) AS customers,
  SUM(revenue_minor) AS revenue_minor,
  COUNT(*) FILTER (WHERE revenue_minor = 0) AS free_orders,
  COUNT(*) FILTER (WHERE revenue_minor > 0) AS valued,
  COUNT(*) FILTER (WHERE revenue_minor > 0 AND revenue_minor % $round_minor = 0) AS round_amounts,
  (SELECT COUNT(*) FROM loose_refunds) AS loose_refunds,
  (SELECT COUNT(*) FROM excluded_rows WHERE reason = 'unreadable_row') AS unreadable
FROM purchases
"""
_DAYS = """
SELECT day, SUM(orders) AS orders
FROM (
  SELECT day, COUNT(*) AS orders FROM purchases GROUP BY day
  UNION ALL
  SELECT day, orders FROM unidentified_days
) AS each_kind
GROUP BY day
ORDER BY day
"""
_BEYOND = """
WITH usual AS (
  SELECT MEDIAN(revenue_minor) AS middle, QUANTILE_CONT(revenue_minor, 0.99) AS high
  FROM purchases
  WHERE revenue_minor > 0
)
SELECT COUNT(*) AS beyond, SUM(p.revenue_minor) AS beyond_minor
FROM purchases AS p
JOIN usual AS u
  ON p.revenue_minor > $times_median * u.middle AND p.revenue_minor > $times_high * u.high
"""
_LOOK_ALIKES = """
SELECT SUM(orders - 1) AS look_alikes
FROM (
  SELECT COUNT(*) AS orders
  FROM purchases
  WHERE revenue_minor > 0
  GROUP BY customer_id, day, revenue_minor
  HAVING COUNT(*) > 1
) AS alike
"""
# Two writings of an address differ in case, blanks, a +tag, or in dots and googlemail at Gmail;
# two of a number in zeros in front or .0 behind.
_SAME_PEOPLE = """
WITH texts AS (
  SELECT orders, trim(CAST(customer_id AS VARCHAR)) AS id
  FROM customer_totals
), written AS (
  SELECT
    orders,
    CASE
      WHEN lower(id) LIKE '%@gmail.com' OR lower(id) LIKE '%@googlemail.com'
        THEN replace(regexp_extract(lower(id), '^[^+@]*'), '.', '') || '@gmail.com'
      WHEN id LIKE '%@%' THEN regexp_replace(lower(id), '[+][^@]*@', '@')
      WHEN regexp_full_match(id, '[0-9]+([.]0+)?') THEN regexp_extract(id, '^0*([0-9]+)', 1)
      ELSE id
    END AS person
  FROM texts
)
SELECT COUNT(*) AS same_people, SUM(ids) AS same_ids, SUM(orders) AS same_orders
FROM (
  SELECT COUNT(*) AS ids, SUM(orders) AS orders FROM written GROUP BY person HAVING COUNT(*) > 1
) AS people
"""
_BESIDE = """
WITH months AS (
  SELECT DISTINCT CAST(DATE_TRUNC('month', DATE '1970-01-01' + day) AS DATE) AS first_on
  FROM purchases
)
SELECT
  (SELECT COUNT(*) FROM responses) AS answers,
  (SELECT COUNT(*) - COUNT(customer_id) FROM responses) AS answers_of_nobody,
  (SELECT COUNT(*) FROM tickets) AS requests,
  (SELECT COUNT(*) FROM tickets WHERE answered_at IS NULL AND solved_at IS NULL)
    AS requests_without_answer,
  (
    SELECT COUNT(*)
    FROM months AS m
    WHERE m.first_on > (SELECT MIN(LEAST(starts_on, ends_on)) FROM spend)
      AND NOT EXISTS (
        SELECT 1
        FROM spend AS s
        WHERE LEAST(s.starts_on, s.ends_on) < m.first_on + INTERVAL 1 MONTH
          AND GREATEST(s.starts_on, s.ends_on) >= m.first_on
      )
  ) AS months_without_spend
"""


def gather(
    engine: Engine,
    *,
    span: Span,
    settings: Settings,
    lacking: frozenset[str],
    exponent: int,
    today: dt.date | None,
) -> Facts:
    """Ask the engine for everything that the checks look at."""
    asked = {
        "round_minor": ROUND_MAJOR * 10**exponent,
        "times_median": TIMES_MEDIAN,
        "times_high": TIMES_HIGHEST_PERCENT,
    }
    totals: dict[str, int] = {}
    for sql in (_TOTALS, _BEYOND, _LOOK_ALIKES, _SAME_PEOPLE, _BESIDE):
        (row,) = engine.rows(sql, asked)
        totals |= {name: int(value or 0) for name, value in row.items()}
    days = {periods.from_day_number(row["day"]): int(row["orders"]) for row in engine.rows(_DAYS)}
    return Facts(span, settings, lacking, today, totals, days)
