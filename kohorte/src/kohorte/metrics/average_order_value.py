"""Average order value: revenue per order."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric, ratio

METRIC = Metric(
    slug="average_order_value",
    rank=100,
    chapter="value",
    name=Text(de="Durchschnittlicher Bestellwert", en="Average order value"),
    sentence=Text(de="So viel bringt eine Bestellung ein.", en="What an order brings in."),
    formula=Text(de="Umsatz / Bestellungen, im Zeitraum", en="revenue / orders, in the period"),
    denominator=Text(de="Bestellungen im Zeitraum", en="orders in the period"),
    unit="money",
    direction="up",
    censoring=Text(
        de="Erstattungen, die keine Bestellung nennen, sind nicht abgezogen; sie stehen daneben.",
        en="Refunds that name no order are not subtracted; they are shown beside it.",
    ),
    source="Revenue over orders; interval with customers as clusters",
    needs=frozenset({"amounts"}),
    select="""
SELECT
  period, segment, orders AS n, customers, revenue_minor, orders,
  revenue_squared, revenue_times_orders, orders_squared
FROM period_totals
""",
    estimate=ratio(
        "revenue_minor",
        "orders",
        yy="revenue_squared",
        xy="revenue_times_orders",
        xx="orders_squared",
        of="customers",
    ),
    behind="""
SELECT customer_id, SUM(revenue_minor) AS numerator, SUM(orders) AS denominator
FROM purchase_days
WHERE day >= $starts_day AND day < $ends_day
GROUP BY customer_id
""",
    segments=("all", "new", "existing"),
)
