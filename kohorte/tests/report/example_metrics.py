"""The words of the metrics in the hand-made reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kohorte.language import Text
from kohorte.results import Unit

_SOURCE = Text(de="Abschnitt 1a", en="Section 1a")


@dataclass(frozen=True)
class Words:
    """The words of a metric, in the shape of `kohorte.report.MetricText`."""

    slug: str
    name: Text
    sentence: Text
    formula: Text
    denominator: Text
    unit: Unit
    direction: Literal["up", "down", "none"]
    sql: str = "SELECT period, COUNT(*) AS n\nFROM purchase_days\nGROUP BY period"
    source: Text = _SOURCE


def words(
    slug: str, de: str, en: str, unit: Unit, direction: Literal["up", "down", "none"] = "up"
) -> Words:
    return Words(
        slug,
        Text(de=de, en=en),
        Text(de=f"So viel beträgt: {de}.", en=f"What {en.lower()} is, in one sentence."),
        Text(de="Wiederkäufer / Kunden × 100", en="repeaters / customers × 100"),
        Text(de="Kunden des Zeitraums", en="customers of the period"),
        unit,
        direction,
    )


METRICS = {
    metric.slug: metric
    for metric in (
        words("customer_retention_rate", "Kundenbindungsrate", "Customer retention rate", "percent"),
        words("returning_customers", "Wiederkehrende Kunden", "Returning customers", "count"),
        words("customer_churn_rate", "Kundenabwanderungsrate", "Customer churn rate", "percent", "down"),
        words("repeat_purchase_rate", "Wiederholungskaufrate", "Repeat purchase rate", "percent"),
        words("repeat_rate_90_days", "Wiederkaufrate nach 90 Tagen", "Repeat rate after 90 days", "percent"),
        words("returning_customer_rate", "Anteil wiederkehrender Kunden", "Returning customer rate", "percent"),
        words("purchase_frequency", "Kaufhäufigkeit", "Purchase frequency", "ratio"),
        words("average_order_value", "Durchschnittlicher Bestellwert", "Average order value", "money"),
        words("customer_value", "Kundenwert", "Customer value", "money"),
        words("customer_lifetime_value", "Customer Lifetime Value", "Customer lifetime value", "money"),
        words("customer_lifetime_profit", "Customer Lifetime Profit", "Customer lifetime profit", "money"),
        words("revenue", "Umsatz", "Revenue", "money"),
        words("orders", "Bestellungen", "Orders", "count"),
        words("customers", "Kunden", "Customers", "count", "none"),
        words("new_customers", "Neue Kunden", "New customers", "count"),
    )
}  # fmt: skip
