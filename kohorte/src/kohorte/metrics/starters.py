"""The customers active at the start of the retention period, shared by retention and churn."""

from __future__ import annotations

_BEHIND = """
SELECT customer_id, {numerator} AS numerator, 1 AS denominator
FROM purchase_days
WHERE day < $at_day
GROUP BY customer_id
HAVING COUNT(*) FILTER (
  WHERE day >= $at_day - $retention_days - $active_days AND day < $at_day - $retention_days
) > 0
"""
STAYED = _BEHIND.format(numerator="CASE WHEN MAX(day) >= $at_day - $active_days THEN 1 ELSE 0 END")
LOST = _BEHIND.format(numerator="CASE WHEN MAX(day) >= $at_day - $active_days THEN 0 ELSE 1 END")
