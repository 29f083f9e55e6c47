"""What customers look like for programs: what is recorded of them, and what the numbers say."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.utils.translation import gettext_noop as N
from pydantic import BaseModel, Field

from stammkunde.core.shops.models import Shop
from stammkunde.records.customers import conditions
from stammkunde.records.customers.models import Basis, Customer, Standing

SORTS = {
    "name": "name",
    "last_order": "last_order_on",
    "first_order": "first_order_on",
    "orders": "orders",
    "revenue": "revenue_minor",
}
# What the numbers say of a customer stands in a table of its own.
SORTS_OF_STANDING = {
    "rfm": "standing__rfm", "value": "standing__value_minor", "next_order_due": "standing__due_on",
    "alive": "standing__alive_percent", "expected_orders": "standing__expected_orders",
    "expected_value": "standing__expected_value_minor",
}  # fmt: skip
MAY_BE_EMPTY = frozenset({"last_order", "first_order", *SORTS_OF_STANDING})
Score = Annotated[int | None, Field(description=N("From 1 to 5, the best."))]


class ShownCustomer(BaseModel):
    """A customer, with counters that follow from the orders that count."""

    id: int
    number: str
    email: str
    phone: str
    name: str
    country: str
    orders: int
    revenue_minor: int
    refunded_minor: int
    first_order_on: dt.date | None
    last_order_on: dt.date | None
    created_at: dt.datetime
    changed_at: dt.datetime
    erased_at: dt.datetime | None


class StandingCustomer(ShownCustomer):
    """A customer with what the numbers say of this one; null where they say nothing."""

    cohort: Annotated[str | None, Field(description=N("The month of the first order."))]
    rfm_group: str | None
    recency_score: Score
    frequency_score: Score
    monetary_score: Score
    value_minor: Annotated[
        int | None, Field(description=N("Revenue so far, less refunds that name no order."))
    ]
    profit_minor: Annotated[
        int | None, Field(description=N("Gross profit so far, where costs are known."))
    ]
    next_order_due_on: Annotated[
        dt.date | None, Field(description=N("Half of those like this one have ordered by then."))
    ]
    late_after_on: Annotated[
        dt.date | None, Field(description=N("Four of five have; then the next order is overdue."))
    ]
    is_overdue: bool | None
    alive_percent: Annotated[
        int | None, Field(description=N("How likely this one still is a customer."))
    ]
    expected_orders: Annotated[float | None, Field(description=N("Orders expected in 12 months."))]
    expected_value_minor: Annotated[
        int | None, Field(description=N("Revenue expected in 12 months, discounted."))
    ]
    expected_low_minor: Annotated[
        int | None, Field(description=N("Four of five futures lie from here …"))
    ]
    expected_high_minor: Annotated[int | None, Field(description=N("… to here."))]


def fields(shop: Shop, customer: Customer, basis: Basis) -> dict[str, Any]:
    """Return what is recorded of a customer, and what the numbers say of it."""
    known = {name: getattr(customer, name) for name in ShownCustomer.model_fields}
    case = conditions.case(customer, shop=shop, basis=basis)
    found = conditions.standing(customer) or Standing()
    return {
        **known,
        **{
            name: case.get(name)
            for name in (
                "cohort", "rfm_group", "recency_score", "frequency_score", "monetary_score",
                "is_overdue", "expected_orders",
            )
        },
        "value_minor": found.value_minor,
        "profit_minor": found.profit_minor,
        "next_order_due_on": found.due_on,
        "late_after_on": found.late_on,
        "alive_percent": found.alive_percent,
        "expected_value_minor": found.expected_value_minor,
        "expected_low_minor": found.expected_low_minor,
        "expected_high_minor": found.expected_high_minor,
    }  # fmt: skip


def show(shop: Shop, customer: Customer, basis: Basis) -> dict[str, Any]:
    """Return a customer as a row of a list."""
    return StandingCustomer(**fields(shop, customer, basis)).model_dump(mode="json")
