"""Short ways to write down a shop by hand, and the shops of the worked examples."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from decimal import Decimal

from kohorte import settings as shop
from oracle import orders

FIRST = dt.date(2024, 1, 1)
_numbers = itertools.count(1)


def order(
    customer: orders.Id | None,
    day: dt.date | str,
    *,
    cents: int | None = 1000,
    units: int | None = 1,
    order_id: orders.Id | None = None,
    state: str = "counted",
    at: str = "12:00",
) -> orders.Order:
    """Return an order placed at noon UTC unless said otherwise."""
    placed_at = dt.datetime.fromisoformat(f"{day} {at}")
    own_id = next(_numbers) if order_id is None else order_id
    quantity = None if units is None else Decimal(units)
    return orders.Order(own_id, customer, placed_at, cents, quantity, state)


def refund(order_id: orders.Id | None, cents: int, *, day: str = "2024-06-01") -> orders.Refund:
    """Return a refund; without an `order_id` it names no order."""
    refunded_at = dt.datetime.fromisoformat(f"{day} 12:00")
    return orders.Refund(next(_numbers), order_id, None, refunded_at, cents)


def log(
    recorded: list[orders.Order], *refunds: orders.Refund, settings: shop.Settings | None = None
) -> orders.Log:
    """Return the log of counted orders; there must be some."""
    found = orders.read(recorded, refunds, settings=settings or shop.Settings())
    assert found is not None
    return found


def day(number: int) -> dt.date:
    """Return a day by its distance from 1 January 2024."""
    return FIRST + number * orders.DAY


ONE_YEAR = shop.Settings(active_days=100, retention_days=100)


def hundred_sixty_hundred_fifty() -> list[orders.Order]:
    """100 customers at the start of 100 days, 60 gained, 150 at the end: ninety stayed."""
    start = [order(f"old {i}", day(i)) for i in range(100)]
    stayed = [order(f"old {i}", day(100 + i)) for i in range(90)]
    gained = [order(f"new {i}", day(199)) for i in range(60)]
    return start + stayed + gained


def fifty_of_hundred() -> list[orders.Order]:
    """100 customers, 150 orders: fifty bought twice."""
    once = [order(f"{i}", day(i % 28), cents=100 * i, units=i) for i in range(100)]
    again = [order(f"{i}", day(i % 28 + 1), cents=50 * i, units=2) for i in range(50)]
    return once + again


def busy_shop() -> list[orders.Order]:
    """1200 customers who come at any time, buy at their own pace and price, and leave."""
    chance = random.Random(5)  # noqa: S311 – a simulation, not a secret
    days = 500
    found: list[orders.Order] = []
    for customer in range(1200):
        number = chance.randrange(days)
        price = chance.uniform(1000, 9000)
        while number < days:
            cents = round(price * chance.uniform(0.5, 1.5))
            units = chance.randint(1, 5)
            found.append(order(customer, day(number), cents=cents, units=units))
            if chance.random() < 0.2:
                break
            number += 1 + int(chance.expovariate(1 / 40))
    return found
