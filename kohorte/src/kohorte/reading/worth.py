"""What a row is worth: exact amounts in major units, and minor units rounded line by line."""

from __future__ import annotations

from decimal import Decimal

from kohorte.reading.plan import Plan

LARGEST = "999999999999999"


def value(plan: Plan, *, exponent: int) -> str:
    """Return the exact amount of a line in major units; 38 digits hold every product."""
    price = "given_unit_price"
    if plan.priced:
        amount = f"given_quantity::DECIMAL(38,3) * {price}"
    elif "amount" in plan.columns:
        amount = "given_amount"
        if plan.whole_orders:
            first = "row_number() OVER (PARTITION BY order_id ORDER BY line) = 1"
            amount = f"CASE WHEN {first} THEN given_amount ELSE 0 END"
    elif "amount_minor" in plan.columns:
        amount = f"given_amount_minor::DECIMAL(38,6) * {Decimal(1).scaleb(-exponent):f}"
    else:
        amount = price
    return f"({amount})::DECIMAL(38,9) AS amount, given_quantity AS quantity, {price} AS unit_price"


def minor(exponent: int) -> str:
    """Return minor units, rounded half away from zero, line by line."""
    scale = f"DECIMAL(38,{exponent})"
    return ", ".join(
        f"CASE WHEN abs({source}) <= {LARGEST} THEN ({source}::{scale} * 1{'0' * exponent})::BIGINT "
        f"END AS {name}"
        for source, name in (("amount", "amount_minor"), ("given_refund", "refund_minor"))
    )
