"""Who is behind the metrics of contracts: customers with their monthly amounts around one period."""

_STATES = """
SELECT
  customer_id,
  SUM(
    CASE
      WHEN starts_day < $starts_day AND COALESCE(ends_day, $starts_day) >= $starts_day
      THEN monthly_minor ELSE 0
    END
  ) AS before_minor,
  SUM(
    CASE
      WHEN starts_day < $ends_day AND COALESCE(ends_day, $ends_day) >= $ends_day
      THEN monthly_minor ELSE 0
    END
  ) AS after_minor
FROM dated_subscriptions
GROUP BY customer_id
"""


def behind(numerator: str, denominator: str) -> str:
    """Return the select of the contract customers of the start with their part in both halves."""
    return f"""
SELECT customer_id, {numerator} AS numerator, {denominator} AS denominator
FROM ({_STATES}) AS states
WHERE before_minor > 0
"""
