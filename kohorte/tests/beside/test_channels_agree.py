"""Channels: customers, expenses and leads of each, counted by a plain loop over all records."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import kohorte
import strategies
from beside import shop
from beside.shop import Record, Said
from beside.test_channels import lead, spent
from kohorte.periods import Period
from oracle import intervals

CHANNELS = ("search", "mail", "o'fair", None)
RETENTION = ("retention", "sales", "service")
SLUGS = (
    "new_customers",
    "customer_acquisition_cost",
    "customer_retention_cost",
    "customer_retention_cost_per_customer",
    "lead_to_customer_ratio",
    "return_on_investment",
)

# What is spent on winning customers is set against those of the same channel, nothing else is.
AGAINST_CUSTOMERS = {("customer_acquisition_cost", "all"), ("return_on_investment", "new")}


@st.composite
def markets(draw: st.DrawFn) -> tuple[kohorte.Settings, dict[str, list[Record]]]:
    """Draw orders, expenses and leads whose channels need not meet."""
    zone = draw(st.sampled_from(shop.ZONES))
    settings = kohorte.Settings(
        timezone=zone, active_days=30, lead_days=draw(st.sampled_from((3, 20))), margin_percent=40.0
    )
    channels = st.sampled_from(CHANNELS)
    orders = [
        order | {"channel": draw(channels)} for order in draw(shop.order_lists(zone, most=12))
    ]
    spend = [
        spent(draw(st.integers(-3, 80)), draw(st.sampled_from((1, 999, 50_000))), channel, purpose)
        for channel, purpose in draw(
            st.lists(
                st.tuples(channels, st.sampled_from(("acquisition", *RETENTION))),
                min_size=1,
                max_size=6,
            )
        )
    ]
    leads = [
        lead(number, who, draw(st.integers(-3, 75)), channel) | {"qualified": draw(st.booleans())}
        for number, (who, channel) in enumerate(
            draw(
                st.lists(
                    st.tuples(st.sampled_from((*shop.PEOPLE, "nobody", None)), channels),
                    min_size=1,
                    max_size=6,
                )
            )
        )
    ]
    return settings, {"orders": orders, "spend": spend, "leads": leads}


class Market:
    """Everything of one channel, counted with plain loops over the records."""

    def __init__(self, history: kohorte.History, tables: dict[str, list[Record]]) -> None:
        self.history = history
        self.tables = tables
        zone = history.settings.timezone
        self.placed = sorted(
            (shop.on(each["placed_at"], zone), each["order_id"], each)
            for each in tables["orders"]
            if each["state"] == "counted" and each["customer_id"]
        )
        self.first: dict[str, Any] = {}
        self.channel: dict[str, str | None] = {}
        for day, _, each in self.placed:
            who = each["customer_id"]
            self.first.setdefault(who, day)
            if day == self.first[who] and self.channel.get(who) is None:
                self.channel[who] = each["channel"]

    def channels(self) -> set[str | None]:
        named = [each["channel"] for name in ("spend", "leads") for each in self.tables[name]]
        return {*self.channel.values(), *named}

    def of(self, channel: str | None) -> set[str]:
        return {who for who, own in self.channel.items() if own == channel}

    def gained(self, channel: str | None, period: Period) -> list[str]:
        own = self.of(channel)
        return [who for who in own if shop.within(self.first[who], period, self.history)]

    def total(
        self, period: Period, channel: str | None, purposes: tuple[str, ...]
    ) -> tuple[int, int]:
        found = [
            each["amount_minor"]
            for each in self.tables["spend"]
            if each["channel"] == channel
            and each["purpose"] in purposes
            and shop.within(each["starts_on"], period, self.history)
        ]
        return sum(found), len(found)

    def said(self, slug: str, channel: str | None, period: Period, segment: str) -> Said:
        match slug:
            case "new_customers":
                n = len(self.gained(channel, period))
                return Said(float(n), n)
            case "lead_to_customer_ratio":
                return self.leads(channel, period)
            case "customer_retention_cost":
                total, expenses = self.total(period, channel, RETENTION)
                return Said(total / 100, expenses) if expenses else Said(None, 0, "no_spend")
        if (slug, segment) not in AGAINST_CUSTOMERS:
            return Said(None, 0, "channel_spend")
        unassigned = any(
            each["channel"] is None and each["purpose"] == "acquisition"
            for each in self.tables["spend"]
        )
        if channel is None and unassigned:
            return Said(None, 0, "unassigned_spend")
        total, expenses = self.total(period, channel, ("acquisition",))
        if not expenses:
            return Said(None, 0, "no_spend")
        new = [
            who for who in self.of(channel) if shop.within(self.first[who], period, self.history)
        ]
        if slug == "customer_acquisition_cost":
            return (
                Said(float(Fraction(total, 100 * len(new))), len(new))
                if new
                else Said(None, 0, "nobody_new")
            )
        revenue = sum(
            each["amount_minor"]
            for day, _, each in self.placed
            if each["customer_id"] in new and day == self.first[each["customer_id"]]
        )
        return Said(float((Fraction(2, 5) * revenue - total) / total * 100), len(new))

    def leads(self, channel: str | None, period: Period) -> Said:
        assert self.history.span is not None
        days = self.history.settings.lead_days * shop.DAY
        zone = self.history.settings.timezone
        young = seen = converted = 0
        for each in self.tables["leads"]:
            on = shop.on(each["created_at"], zone)
            first = self.first.get(each["customer_id"])
            is_lead = each["qualified"] and (first is None or first >= on)
            if not is_lead or each["channel"] != channel:
                continue
            if not shop.within(on, period, self.history):
                continue
            if on + days >= self.history.span.ends_on:
                young += 1
                continue
            seen += 1
            converted += first is not None and first <= on + days
        if not seen:
            why = "leads_too_young" if young else "no_leads"
            return Said(None, 0, why, observed=not young)
        low, high = intervals.wilson(converted, seen, reach=intervals.z(95))
        return Said(
            100 * converted / seen, seen, low=100 * low, high=100 * high, observed=not young
        )


@given(markets())
@strategies.examples(25)
def test_numbers_of_a_channel_are_those_of_a_plain_loop(
    drawn: tuple[kohorte.Settings, dict[str, list[Record]]],
) -> None:
    settings, tables = drawn
    with kohorte.History.from_records(**tables, settings=settings) as history:
        if history.span is None:
            return
        market = Market(history, tables)
        if not any(market.channel.values()):
            return

        def expected(slug: str, channel: str | None) -> Callable[[Period, str], Said]:
            return lambda period, segment: market.said(slug, channel, period, segment)

        seen = set()
        for group, part in history.by("channel"):
            seen.add(group.value)
            assert group.customers == len(market.of(group.value))
            for slug in SLUGS:
                ranged = slug == "lead_to_customer_ratio"
                shop.compare(part, slug, expected(slug, group.value), ranged=ranged)
        assert seen == market.channels()
