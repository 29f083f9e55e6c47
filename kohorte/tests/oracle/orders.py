"""Which orders count, whose they are, on which local day they fall, and what is left of them."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kohorte import settings as shop

Id = int | str
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Order:
    """An order as the shop recorded it; `placed_at` is UTC without zone."""

    order_id: Id
    customer_id: Id | None
    placed_at: dt.datetime
    amount_minor: int | None = None
    units: Decimal | None = None
    state: str = "counted"


@dataclass(frozen=True)
class Refund:
    """Money given back; `order_id` is None where the source names no order."""

    refund_id: Id
    order_id: Id | None
    customer_id: Id | None
    refunded_at: dt.datetime
    amount_minor: int


@dataclass(frozen=True)
class Purchase:
    """A counted order: local day, money after refunds in major units, units."""

    order_id: Id
    customer_id: Id | None
    placed_on: dt.date
    revenue: Fraction | None
    units: Fraction | None


@dataclass(frozen=True)
class Placed:
    """An order that was meant: counted, fully refunded, or cancelled."""

    order_id: Id
    customer_id: Id | None
    placed_on: dt.date
    is_cancelled: bool


@dataclass(frozen=True)
class Log:
    """All counted orders of a shop, and the days [start, end) that its history covers."""

    purchases: tuple[Purchase, ...]
    placed: tuple[Placed, ...]
    start: dt.date
    end: dt.date
    settings: shop.Settings

    @property
    def identified(self) -> list[Purchase]:
        """The purchases whose customer is known."""
        return [purchase for purchase in self.purchases if purchase.customer_id is not None]

    @property
    def amounts_known(self) -> bool:
        """Whether the shop's file holds amounts; it has all of them or none."""
        return all(purchase.revenue is not None for purchase in self.purchases)

    @property
    def units_known(self) -> bool:
        """Whether the shop's file holds units; it has all of them or none."""
        return all(purchase.units is not None for purchase in self.purchases)


def read(
    orders: Iterable[Order],
    refunds: Iterable[Refund] = (),
    *,
    settings: shop.Settings,
    digits: int = 2,
) -> Log | None:
    """Return the log of counted orders, or None if nothing counts.

    `digits` is the exponent of the currency: how many minor units make a major one.
    """
    orders, refunds = list(orders), list(refunds)
    purchases = []
    for order in orders:
        purchase = _purchase(order, refunds, settings=settings, digits=digits)
        if purchase is not None:
            purchases.append(purchase)
    if not purchases:
        return None
    first = settings.since or min(purchase.placed_on for purchase in purchases)
    last = settings.until or max(purchase.placed_on for purchase in purchases)
    placed = tuple(
        Placed(
            order.order_id,
            order.customer_id,
            local_day(order.placed_at, settings.timezone),
            order.state == "cancelled",
        )
        for order in orders
        if order.state in ("counted", "cancelled")
    )
    return Log(tuple(purchases), placed, first, last + DAY, settings)


def _purchase(
    order: Order, refunds: list[Refund], *, settings: shop.Settings, digits: int
) -> Purchase | None:
    day = local_day(order.placed_at, settings.timezone)
    if order.state != "counted":
        return None
    if settings.since and day < settings.since:
        return None
    if settings.until and day > settings.until:
        return None
    refunded = sum(refund.amount_minor for refund in refunds if refund.order_id == order.order_id)
    if order.amount_minor and refunded >= order.amount_minor:
        return None
    revenue = None
    if order.amount_minor is not None:
        revenue = Fraction(max(0, order.amount_minor - refunded), 10**digits)
    units = None if order.units is None else Fraction(order.units)
    return Purchase(order.order_id, order.customer_id, day, revenue, units)


def local_day(instant: dt.datetime, timezone: str) -> dt.date:
    """Return the day that the shop's calendar shows at a UTC instant."""
    aware = instant.replace(tzinfo=dt.UTC)
    return aware.astimezone(zoneinfo.ZoneInfo(timezone)).date()


def by_customer(purchases: Iterable[Purchase]) -> dict[Id, list[Purchase]]:
    """Return the purchases of each known customer."""
    found: dict[Id, list[Purchase]] = {}
    for purchase in purchases:
        if purchase.customer_id is not None:
            found.setdefault(purchase.customer_id, []).append(purchase)
    return found


def days_of(log: Log) -> dict[Id, list[dt.date]]:
    """Return the purchase days of each known customer, ascending, each day once."""
    return {
        customer: sorted({purchase.placed_on for purchase in purchases})
        for customer, purchases in by_customer(log.purchases).items()
    }


def revenue_of(purchases: Iterable[Purchase]) -> Fraction:
    """Return the money of purchases whose amounts are known."""
    total = Fraction(0)
    for purchase in purchases:
        assert purchase.revenue is not None
        total += purchase.revenue
    return total


def units_of(purchases: Iterable[Purchase]) -> Fraction:
    """Return the units of purchases whose units are known."""
    total = Fraction(0)
    for purchase in purchases:
        assert purchase.units is not None
        total += purchase.units
    return total
