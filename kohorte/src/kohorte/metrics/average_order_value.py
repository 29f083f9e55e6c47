"""Average order value: revenue per order."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric, ratio

METRIC = Metric(
    slug="average_order_value",
    rank=100,
    chapter="value",
    name=Text(de="Durchschnittlicher Bestellwert", en="Average order value"),
    sentence=Text(de="So viel bringt eine Bestellung ein.", en="What an order brings in."),
    formula=Text(
        de="Umsatz / Bestellungen bekannter Kunden, im Zeitraum",
        en="revenue / orders of known customers, in the period",
    ),
    denominator=Text(
        de="Bestellungen bekannter Kunden im Zeitraum", en="orders of known customers in the period"
    ),
    unit="money",
    direction="up",
    censoring=Text(
        de="Bestellungen ohne bekannten Kunden bleiben außen vor, damit Bestellwert × Kaufhäufigkeit "
        "den Kundenwert ergibt. Erstattungen, die keine Bestellung nennen, sind nicht abgezogen; "
        "sie stehen daneben.",
        en="Orders without a known customer are left out, so that order value × purchase "
        "frequency is the customer value. Refunds that name no order are not subtracted; they "
        "are shown beside it.",
    ),
    source=Text(
        de="Umsatz durch Bestellungen; Spanne nach der Delta-Methode mit Kunden als Klumpen (Deng, Knoblich, Lu 2018)",
        en="Revenue over orders; interval by the delta method with customers as clusters (Deng, Knoblich, Lu 2018)",
    ),
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
