"""How long customers wait for their service: quantiles of hours with ranges from ranks."""

from __future__ import annotations

_HOURS = {"answer": "answer_hours", "solution": "solution_hours"}
_COUNTED = {"answer": "(answer_hours IS NOT NULL OR solution_hours IS NULL)", "solution": "TRUE"}


def select(kind: str) -> str:
    """Return the median and p90 of a kind of wait, with the hours at the ends of their ranges.

    With n waits the share p lies between the ranks ⌈np⌉ and ⌊np⌋ + 1, which are the same unless
    np is whole. The range runs from rank ⌊np − h + ½⌋ to ⌊np + h + ½⌋ + 1 with h = z √(np(1 − p));
    it is empty where there are no such ranks or a wait in it has not ended.
    """
    return f"""
SELECT
  period,
  segment,
  MAX(n) AS n,
  (
    MAX(CASE WHEN place = CEIL(share * n) THEN hours END)
    + MAX(CASE WHEN place = FLOOR(share * n) + 1 THEN hours END)
  ) / 2 AS hours,
  MAX(CASE WHEN place = FLOOR(share * n - reach + 0.5) THEN hours END) AS low,
  MAX(CASE WHEN place = FLOOR(share * n + reach + 0.5) + 1 THEN hours END) AS high
FROM (
  SELECT r.*, q.segment, q.share, $z * SQRT(r.n * q.share * (1 - q.share)) AS reach
  FROM ticket_ranks AS r
  CROSS JOIN (SELECT 'all' AS segment, 0.5 AS share UNION ALL SELECT 'p90', 0.9) AS q
  WHERE r.kind = '{kind}'
) AS ranked
GROUP BY period, segment
"""


def behind(kind: str) -> str:
    """Return the customers who waited, with their hours and their requests."""
    return f"""
SELECT customer_id, SUM({_HOURS[kind]}) AS numerator, COUNT(*) AS denominator
FROM dated_tickets
WHERE day >= $starts_day AND day < $ends_day AND {_COUNTED[kind]}
GROUP BY customer_id
"""
