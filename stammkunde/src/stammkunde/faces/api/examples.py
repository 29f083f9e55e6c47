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
    "contacts": 1, "answers": {"taxes": "inside"}, "placed_at": "2026-01-05T10:00:00+01:00",
}  # fmt: skip
LEFT_OUT = frozenset({"said_at", "at", "channel_of_number", "weight"})


def example(schema: Mapping[str, Any], schemas: Mapping[str, Any], *, depth: int = 0) -> Any:
    """Return something that a schema allows.

    >>> example({"type": "object", "properties": {"number": {"type": "string"}}}, {})
    {'number': '17'}
    """
    if "$ref" in schema:
        return example(schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas, depth=depth)
    if "anyOf" in schema:
        return example(schema["anyOf"][0], schemas, depth=depth)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return _fields(schema, schemas, depth=depth)
        case "array" if depth < DEPTH_MAX:
            return [example(schema.get("items", {}), schemas, depth=depth + 1)]
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


def _fields(schema: Mapping[str, Any], schemas: Mapping[str, Any], *, depth: int) -> dict[str, Any]:
    found = {}
    for name, each in schema.get("properties", {}).items():
        if name in LEFT_OUT:
            continue
        # An enumeration knows its own words, and a batch its rows.
        is_plain = "enum" not in each and each.get("type") != "array"
        found[name] = (
            NAMED[name] if name in NAMED and is_plain else example(each, schemas, depth=depth + 1)
        )
    return found
