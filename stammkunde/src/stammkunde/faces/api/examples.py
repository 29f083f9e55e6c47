"""Examples of what is sent, made from the schema of each path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DEPTH_MAX = 6
# What a field of this name holds, so that an example reads like a shop's.
NAMED: Mapping[str, Any] = {
    "address": "anna@example.com", "amount_minor": 4990, "answer": "Lieferung war schnell",
    "answered_at": "2026-01-05T10:30:00+01:00", "category": "Käse", "channel_of_number": "shop",
    "country": "DE", "currency": "EUR", "customer_id": 17, "despite_questions": False,
    "email": "anna@example.com", "gone_id": 18, "monthly_minor": 1290, "name": "Anna Ahorn",
    "number": "17", "order_number": "2026-1001", "phone": "+491712345678",
    "product": "Bergkäse 500 g", "product_id": "K-12", "quantity": "2", "reason": "zu klein",
    "score": "9", "lowest": "0", "highest": "10", "source": "shop", "subscription_id": "V-7",
    "ticket_id": "T-31", "unit_cost": "11.20", "unit_price": "24.95",
    "wording": "Ja, ich möchte den Newsletter.", "proof": {"link": "confirmed"}, "weight": 1.0,
    "code": "points", "to_unit": "credit", "charity": "bees", "to_customer_id": 18, "amount": 250,
    "hypothesis": "Die Mail erinnert, wer bestellen wollte", "customers": 5000, "days": 30,
    "control_percent": 10, "power_percent": 80, "cut_percent": 99.5,
    "contacts": 1, "answers": {"taxes": "inside"}, "placed_at": "2026-01-05T10:00:00+01:00",
}  # fmt: skip
# What fields of numbers hold: names that mean something else where rows are recorded.
OF_NUMBERS: Mapping[str, Any] = {
    "manifest": "3f1c9a7be2d04856", "currency": "EUR", "first_on": "2024-01-02",
    "last_on": "2026-01-31", "orders": 4211, "is_current": True, "job_id": None,
    "slug": "repeat_purchase_rate", "metric": "repeat_purchase_rate",
    "name": "Wiederholungskaufrate", "grain": "month", "period": "2026-01",
    "period_before": "2025-12", "starts_on": "2026-01-01", "ends_on": "2026-02-01",
    "segment": "all", "segments": ["all"], "value": 18.4, "low": 15.9, "high": 21.2, "n": 874,
    "n_before": 861, "value_before": 14.1, "complete": True, "reason": None, "p": 0.012,
    "chapter": "repeat", "direction": "up", "unit": "percent", "group": "DE", "is_rest": False,
    "customers": 612, "customer_id": 17, "revenue": 30412.5, "cohort": "2026-01", "size": 140,
    "age": 1, "age_days": None, "to_order": 2, "quantiles": {"25%": 41, "50%": 118, "75%": None},
    "thresholds": {"recency": [30.0, 75.0, 160.0, 320.0]}, "apart": {"customer_value": 0.003},
    "order_id": "2026-1001", "status": "overdue", "words": "zu lange Lieferzeit", "next": None,
    "may_hold_older_customers": False, "new_may_hold_returned": False, "kind": "mean",
    "is_measurable": True, "amount": 1250.0, "recency": 5, "frequency": 4,
    "data_at": "2026-02-01T03:30:12+01:00", "made_at": "2026-02-01T03:31:40+01:00",
    "day": 30, "at_risk": 612, "came": 9, "waiting": 14, "returned_percent": 17.9, "back": 161,
    "percent": 18.4, "numerator": 2, "denominator": 1, "count": 874, "mix": -0.4, "rate": 4.7,
    "active_at_start": 2010, "new": 120, "reactivated": 44, "lost": 96, "active_at_end": 2078,
    "rest": 0.0, "sql": "WITH … SELECT …", "select": "SELECT …",
    # Of forecasts.
    "as_of": "2026-01-31", "withheld": None, "model": "mbg_nbd", "model_name": "MBG/NBD",
    "own_percent": 100.0, "said": "MBG/NBD, an 4.211 Kunden bis 31.01.2026 angepasst", "notes": [],
    "parameter": "r", "error": 0.021, "months": 12, "profit": 10644.4, "profit_low": 9580.1,
    "profit_high": 11702.8, "first_order": 48.9, "further_orders": 31.4, "new_customer": 80.3,
    "cac_most": 28.1, "margin_percent": 35.0, "discount_percent": 10.0, "orders_12": 1.4,
    "overdue": True, "active_days": 365, "held_days": 245, "held_n": 1804, "held_expected": 58.2,
    "held_actual": 57.1, "alive_class": 4, "alive_from_percent": 80, "alive_to_percent": 100,
    "value_class": 3, "value_from": 100.0, "value_to": 200.0, "best_percent": 20,
    "share_percent": 61.5, "best": "mbg_nbd", "used": True, "foretold": 1320.4, "actual": 1298,
    "error_percent": 1.7, "ranking": 0.78, "deviance": 0.91, "absolute_error": 0.44, "loses": False,
    "days": 245, "split_on": "2025-05-31", "tenth": 10, "fact": "channel", "fact_name": "Kanal",
    "in_words": "search", "against": "ads", "ratio": 1.3, "beyond_chance": True,
    "purchase_days": 5, "alive": 0.86, "value_12": 92.4, "low_12": 0.0, "high_12": 188.0,
    "value_24": 151.9, "value_36": 192.6, "profit_12": 32.34, "early_on": "2026-02-09",
    "due_on": "2026-03-14", "by_on": "2026-05-02", "usual_days": 41.2, "late_days": 96.7,
}  # fmt: skip
# Said beside something else, or of no example.
LEFT_OUT = frozenset({"said_at", "at", "channel_of_number", "weight", "owner", "to_owner"})


def example(
    schema: Mapping[str, Any],
    schemas: Mapping[str, Any],
    *,
    depth: int = 0,
    named: Mapping[str, Any] = NAMED,
) -> Any:
    """Return something that a schema allows.

    Parameters
    ----------
    named
        What fields hold by their names.

    >>> example({"type": "object", "properties": {"number": {"type": "string"}}}, {})
    {'number': '17'}
    """
    if "$ref" in schema:
        inner = schemas[schema["$ref"].rsplit("/", 1)[-1]]
        return example(inner, schemas, depth=depth, named=named)
    if "anyOf" in schema:
        return example(schema["anyOf"][0], schemas, depth=depth, named=named)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return _fields(schema, schemas, depth=depth, named=named)
        case "array" if depth < DEPTH_MAX:
            return [example(schema.get("items", {}), schemas, depth=depth + 1, named=named)]
    return _PLAIN.get(
        (schema.get("type"), schema.get("format")), _PLAIN.get((schema.get("type"), None))
    )


_PLAIN: Mapping[tuple[Any, Any], Any] = {
    ("string", None): "…",
    ("string", "date-time"): "2026-01-05T10:00:00+01:00",
    ("string", "date"): "2026-01-31",
    ("string", "binary"): "orders.csv",
    ("integer", None): 1,
    ("number", None): 1,
    ("boolean", None): True,
}


def _fields(
    schema: Mapping[str, Any], schemas: Mapping[str, Any], *, depth: int, named: Mapping[str, Any]
) -> dict[str, Any]:
    found = {}
    for name, each in schema.get("properties", {}).items():
        if name in LEFT_OUT:
            continue
        # An enumeration knows its own words, and a batch its rows.
        found[name] = (
            named[name]
            if name in named and _allows(each, named[name])
            else example(each, schemas, depth=depth + 1, named=named)
        )
    return found


def _allows(schema: Mapping[str, Any], value: Any) -> bool:
    """Return whether a field may hold a value, as far as its type tells."""
    if "enum" in schema:
        return bool(value in schema["enum"])
    if "anyOf" in schema:
        return any(_allows(each, value) for each in schema["anyOf"])
    if schema.get("type") == "array" and isinstance(value, list):
        return bool(schema.get("items", {}).get("type") == "string")
    if isinstance(value, bool):
        return schema.get("type") == "boolean"
    return isinstance(value, _TYPES.get(str(schema.get("type")), ()))


_TYPES: Mapping[str, Any] = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "object": dict,
    "null": type(None),
}  # fmt: skip
