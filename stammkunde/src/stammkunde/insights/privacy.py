"""What is foretold of one person, for those who ask for their data."""

from __future__ import annotations

from typing import Any

from stammkunde.insights import forecast_lists, forecasts
from stammkunde.records.customers.privacy import Person


def export(person: Person) -> dict[str, Any]:
    """Return what the forecast says of a person: one row, or none where it says nothing."""
    shop = person.customer.shop
    found = forecasts.current(shop)
    row = forecast_lists.one(shop, found, person.customer.pk) if found and found.file else None
    if found is None or row is None:
        return {"forecasts": []}
    return {
        "forecasts": [
            {
                "foretold_on": found.as_of,
                "still_customer_percent": round(100 * row["alive"], 1),
                "orders_expected": round(row["orders_12"], 2),
                "value_ahead_minor": row["value_12"],
                "value_low_minor": row["low_12"],
                "value_high_minor": row["high_12"],
                "next_order_on": row["due_on"],
            }
        ]
    }
