"""Random small shops for hypothesis: the awkward cases are likely, not rare."""

from __future__ import annotations

import datetime as dt
import os
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from kohorte import results
from kohorte import settings as shop
from oracle import orders

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",  # clocks changed at midnight until 2019
    "Asia/Kolkata",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Pacific/Apia",  # no 30 December 2011
    "Pacific/Kiritimati",
)
ANCHORS = (
    dt.date(2011, 12, 25),
    dt.date(2018, 10, 28),
    dt.date(2020, 2, 26),
    dt.date(2020, 12, 24),
    dt.date(2023, 10, 27),
    dt.date(2024, 3, 29),
)
SPANS = (1, 2, 5, 14, 40, 120, 400, 900)
TIMES = (
    dt.time(0, 0),
    dt.time(0, 0, 1),
    dt.time(0, 30),
    dt.time(2, 30),
    dt.time(12, 0),
    dt.time(23, 59, 59, 999999),
)
CURRENCIES = {"EUR": 2, "JPY": 0, "KWD": 3}
CENTS = (0, 0, 1, 7, 100, 1999, 12345, 10**9)
GRAINS_BY_SPAN: tuple[tuple[int, tuple[results.Grain, ...]], ...] = (
    (40, ("day", "week", "month", "quarter", "year", "all")),
    (120, ("week", "month", "quarter", "year", "all")),
    (900, ("month", "quarter", "year", "all")),
)


@dataclass(frozen=True)
class Shop:
    """A shop's orders and refunds, its settings, and the grains worth asking of it."""

    recorded: tuple[orders.Order, ...]
    refunds: tuple[orders.Refund, ...]
    settings: shop.Settings
    currency: str
    grains: tuple[results.Grain, ...]

    @property
    def digits(self) -> int:
        """How many minor units make a major one: the power of ten."""
        return CURRENCIES[self.currency]

    @property
    def log(self) -> orders.Log | None:
        """What the oracle counts of it."""
        return orders.read(self.recorded, self.refunds, settings=self.settings, digits=self.digits)


@st.composite
def shops(
    draw: st.DrawFn,
    *,
    zones: Sequence[str] = ZONES,
    spans: Sequence[int] = SPANS,
    min_orders: int = 0,
    bounded: bool = True,
) -> Shop:
    """Draw a shop; with `bounded` its settings may cut the history by `since` and `until`."""
    span = draw(st.sampled_from(spans))
    first = draw(st.sampled_from(ANCHORS))
    settings = draw(settings_for(first, span, zones=zones, bounded=bounded))
    recorded = draw(order_logs(first, span, timezone=settings.timezone, min_orders=min_orders))
    refunds = draw(refunds_of(recorded))
    grains = next(grains for most, grains in GRAINS_BY_SPAN if span <= most)
    currency = draw(st.sampled_from(sorted(CURRENCIES)))
    return Shop(tuple(recorded), tuple(refunds), settings, currency, grains)


@st.composite
def settings_for(
    draw: st.DrawFn, first: dt.date, span: int, *, zones: Sequence[str], bounded: bool
) -> shop.Settings:
    """Draw settings whose windows are short enough to matter within `span` days."""
    short = [max(1, span // part) for part in (8, 5, 3, 2)]
    active_days = draw(st.sampled_from((1, *short, 365)))
    since = until = None
    if bounded and draw(st.integers(0, 3)) == 3:
        since = first + draw(st.integers(-3, span // 2)) * orders.DAY
    if bounded and draw(st.integers(0, 3)) == 3:
        until = max(since or first, first + draw(st.integers(span // 2, span + 3)) * orders.DAY)
    return shop.Settings(
        timezone=draw(st.sampled_from(zones)),
        active_days=active_days,
        retention_days=draw(st.integers(1, active_days)),
        repeat_days=draw(st.sampled_from((1, 2, 10, 30, 90))),
        cohort_days=draw(st.sampled_from((1, 7, 30))),
        week_start=draw(st.integers(1, 7)),
        since=since,
        until=until,
        margin_percent=draw(st.sampled_from((None, 40.0, 12.5, 0.0))),
        confidence_percent=draw(st.sampled_from((50.0, 90.0, 95.0, 99.0))),
    )


@st.composite
def order_logs(
    draw: st.DrawFn, first: dt.date, span: int, *, timezone: str, min_orders: int = 0
) -> list[orders.Order]:
    """Draw up to 40 orders of up to 8 customers, one of whom may be nobody."""
    people: list[orders.Id | None] = list(range(1, draw(st.integers(1, 8)) + 1))
    if draw(st.booleans()):
        people = [f"c{person}" for person in people]
    if draw(st.booleans()):
        people.append(None)
    amounts = draw(st.sampled_from((True, True, True, False)))
    units = draw(st.sampled_from((True, True, False)))
    one = st.tuples(
        st.sampled_from(people),
        st.integers(0, span - 1),
        st.sampled_from(TIMES),
        st.sampled_from(CENTS) | st.integers(0, 50_000),
        st.decimals(0, 100, places=3) | st.integers(0, 9).map(Decimal),
        st.sampled_from(("counted",) * 12 + ("cancelled", "test", "unpaid")),
    )
    fewest = draw(st.sampled_from((20, 8, 2, 0)))
    drawn = draw(st.lists(one, min_size=max(fewest, min_orders), max_size=40))
    return [
        orders.Order(
            number,
            customer,
            instant(first + days * orders.DAY, time, timezone),
            cents if amounts else None,
            quantity if units else None,
            state,
        )
        for number, (customer, days, time, cents, quantity, state) in enumerate(drawn, start=1)
    ]


@st.composite
def refunds_of(draw: st.DrawFn, recorded: Sequence[orders.Order]) -> list[orders.Refund]:
    """Draw refunds: whole, in part, more than was paid, and without an order."""
    found = []
    count = draw(st.integers(0, min(8, len(recorded))))
    for number in range(1, count + 1):
        order = draw(st.sampled_from(recorded))
        paid = order.amount_minor or 0
        cents = draw(st.sampled_from((paid, paid + 5, paid // 2, max(paid - 1, 0), 1)))
        named = None if draw(st.integers(0, 4)) == 4 else order.order_id
        refunded_at = order.placed_at + dt.timedelta(days=draw(st.sampled_from((0, 3, 400))))
        found.append(orders.Refund(number, named, order.customer_id, refunded_at, cents))
    return found


def instant(day: dt.date, time: dt.time, timezone: str) -> dt.datetime:
    """Return the UTC instant, without zone, at which the shop's clock shows `day` and `time`."""
    local = dt.datetime.combine(day, time, tzinfo=zoneinfo.ZoneInfo(timezone))
    return local.astimezone(dt.UTC).replace(tzinfo=None)


THOROUGH = bool(os.environ.get("CI") or os.environ.get("REQUIRE_ALL"))
# Elsewhere so many times fewer examples are searched, other ones with every run.
SPARING = 6
FEWEST = 3
THIRD = 3
Case = TypeVar("Case")


def count(most: int) -> int:
    """Return how many examples to search: all where CI runs, elsewhere a part of them."""
    return most if THOROUGH else min(most, max(FEWEST, most // SPARING))


def some(cases: Sequence[Case]) -> list[Case]:
    """Return the cases of a list to go through: all where CI runs, elsewhere a third of them.

    Every day others, so that three days see all.
    """
    if THOROUGH:
        return list(cases)
    today = dt.datetime.now(tz=dt.UTC).date().toordinal()
    return list(cases)[today % THIRD :: THIRD]


def examples(most: int) -> settings:
    """Return how long to search: `most` shops, and always the same ones where CI runs."""
    return settings(
        max_examples=count(most),
        deadline=None,
        derandomize=THOROUGH,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
