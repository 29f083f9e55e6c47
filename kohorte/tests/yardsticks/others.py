"""Other tools' definitions in plain Python, from their public words and nothing of ours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

Day = dt.date


@dataclass(frozen=True)
class Order:
    """What a tool's order list shows: who, when, how much, its state, and its refunds by day."""

    customer: str | None
    day: Day
    cents: int
    state: str = "counted"
    refunds: tuple[tuple[Day, int], ...] = ()


def shopify_returning(orders: Sequence[Order], first: Day, last: Day, seen: Day) -> Fraction:
    """Customers with more than one order ever, of those who ordered in range, in percent."""
    known = [order for order in orders if order.day <= seen and order.state != "test"]
    people = {order.customer for order in known if first <= order.day <= last and order.customer}
    often = [person for person in people if sum(o.customer == person for o in known) > 1]
    return Fraction(100 * len(often), len(people))


def shopify_order_value(orders: Sequence[Order], first: Day, last: Day) -> Fraction:
    """Gross sales less discounts over orders, before anything that changed later, in cents."""
    placed = [o for o in orders if first <= o.day <= last and o.state != "test"]
    return Fraction(sum(order.cents for order in placed), len(placed))


def woocommerce_orders(orders: Sequence[Order], first: Day, last: Day) -> list[Order]:
    """New orders of the range in a status that is not excluded."""
    return [o for o in orders if first <= o.day <= last and o.state not in ("cancelled", "unpaid")]


def woocommerce_net_sales(orders: Sequence[Order], first: Day, last: Day) -> int:
    """Gross sales of the range less the refunds that were paid back in it, in cents."""
    counted = woocommerce_orders(orders, Day.min, Day.max)
    sales = sum(order.cents for order in counted if first <= order.day <= last)
    returned = sum(
        cents for order in counted for day, cents in order.refunds if first <= day <= last
    )
    return sales - returned


def textbook_retention(
    orders: Sequence[Order], at: Day, *, active_days: int, retention_days: int
) -> Fraction:
    """(E − N) / S in percent; active is who ordered in the last days before the moment."""
    window = dt.timedelta(days=active_days)
    before = at - dt.timedelta(days=retention_days)

    def active(moment: Day) -> set[str]:
        return people(lambda day: moment - window <= day < moment)

    def people(holds: Callable[[Day], bool]) -> set[str]:
        return {order.customer for order in orders if order.customer and holds(order.day)}

    gained = active(at) - people(lambda day: day < before)
    return Fraction(100 * (len(active(at)) - len(gained)), len(active(before)))
