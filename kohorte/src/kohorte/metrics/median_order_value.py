"""Median order value, and the mean without the smallest and the largest orders."""

from kohorte import intervals
from kohorte.intervals import NOTHING, Estimate
from kohorte.language import Text
from kohorte.metrics import quantiles
from kohorte.metrics.metric import Metric, Sums, is_known
from kohorte.settings import Settings

# So much of all orders lies between the smallest and the largest tenth.
_KEPT_SHARE = 0.8
_MEDIAN = quantiles.found("value")


def _estimate(sums: Sums, settings: Settings) -> Estimate:
    row = sums[0]
    return _trimmed(sums, settings) if row["segment"] == "trimmed" else _MEDIAN(sums, settings)


def _trimmed(sums: Sums, settings: Settings) -> Estimate:
    """Return the trimmed mean ± that of the values cut to their bounds, divided by the share kept."""
    row = sums[0]
    if not is_known(row, "value", "kept_minor"):
        return NOTHING
    value = float(row["value"])
    cut = intervals.ratio(
        int(row["customers"]),
        y=float(row["kept_minor"]),
        x=float(row["orders"]),
        yy=float(row["kept_squared"]),
        xy=float(row["kept_times_orders"]),
        xx=float(row["orders_squared"]),
        z=intervals.quantile(settings.confidence_percent),
    )
    if cut.value is None or cut.high is None:
        return Estimate(value)
    half = (cut.high - cut.value) / _KEPT_SHARE
    return Estimate(value, value - half, value + half)


METRIC = Metric(
    slug="median_order_value",
    rank=105,
    chapter="value",
    name=Text(de="Median des Bestellwerts", en="Median order value"),
    sentence=Text(
        de="Die Hälfte der Bestellungen bringt mehr ein, die Hälfte weniger.",
        en="Half of the orders bring in more, half of them less.",
    ),
    formula=Text(
        de="mittlerer Wert der Bestellungen bekannter Kunden im Zeitraum, zwischen zwei mittleren die Mitte; Segment „trimmed“: "
        "Mittelwert ohne das kleinste und das größte Zehntel",
        en="middle value of the orders of known customers in the period, of two middle ones the one between; segment “trimmed”: "
        "mean without the smallest and the largest tenth",
    ),
    denominator=Text(
        de="Bestellungen bekannter Kunden im Zeitraum", en="orders of known customers in the period"
    ),
    unit="money",
    direction="up",
    censoring=Text(
        de="Einzelne sehr große Bestellungen ändern ihn nicht; liegt er weit unter dem durchschnittlichen Bestellwert, tragen wenige große den Umsatz.",
        en="Single very large orders do not change it; where it lies far below the average order value, a few large ones carry the revenue.",
    ),
    source=Text(
        de="Spanne aus Rangwerten, so weit wie die Bestellungen derselben Kunden sich ähneln (Woodruff 1952); gestutztes Mittel nach Tukey & McLaughlin 1963",
        en="Interval from order statistics, as wide as orders of the same customers are alike (Woodruff 1952); trimmed mean by Tukey & McLaughlin 1963",
    ),
    needs=frozenset({"amounts"}),
    select="""
WITH reached AS (
  SELECT
    m.period,
    m.n,
    m.median_minor,
    CASE
      WHEN t.customers = 1 THEN NULL
      WHEN t.orders_squared = t.orders THEN $z * SQRT(m.n) / 2
      ELSE
        ($z + ($z * $z * $z + $z) / (4.0 * (t.customers - 1)))
        * SQRT(LEAST(m.n * l.alike, t.orders_squared)) / 2
    END AS reach
  FROM order_value_marks AS m
  JOIN period_totals AS t ON t.period = m.period AND t.segment = 'all'
  JOIN order_value_likeness AS l ON l.period = m.period
)
SELECT
  r.period,
  'all' AS segment,
  r.n,
  r.median_minor AS value,
  MAX(
    CASE
      WHEN v.before < FLOOR(r.n / 2 - r.reach + 0.5) AND v.until >= FLOOR(r.n / 2 - r.reach + 0.5)
      THEN v.revenue_minor
    END
  ) AS low,
  MAX(
    CASE
      WHEN v.before < FLOOR(r.n / 2 + r.reach + 0.5) + 1 AND v.until >= FLOOR(r.n / 2 + r.reach + 0.5) + 1
      THEN v.revenue_minor
    END
  ) AS high,
  NULL AS customers,
  NULL AS orders,
  NULL AS kept_minor,
  NULL AS kept_squared,
  NULL AS kept_times_orders,
  NULL AS orders_squared
FROM reached AS r
JOIN order_value_ranks AS v ON v.period = r.period AND v.mark = 'middle'
GROUP BY r.period, r.n, r.median_minor, r.reach
UNION ALL
SELECT
  m.period, 'trimmed', m.n, m.trimmed_minor, NULL, NULL,
  l.customers, l.orders, l.kept_minor, l.kept_squared, l.kept_times_orders, l.orders_squared
FROM order_value_marks AS m
JOIN order_value_likeness AS l ON l.period = m.period
""",
    estimate=_estimate,
    behind="""
SELECT customer_id, SUM(revenue_minor) AS numerator, SUM(orders) AS denominator
FROM purchase_days
WHERE day >= $starts_day AND day < $ends_day
GROUP BY customer_id
""",
    segments=("all", "trimmed"),
)
