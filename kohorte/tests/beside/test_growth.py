"""Leads that become customers and purchases that were referred: by hand, and by a plain loop."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kohorte
import strategies
from beside import shop
from beside.shop import Record, Said
from kohorte.periods import Period
from oracle import intervals


def lead(number: int, customer: str | None, on: int, **more: Any) -> Record:
    return {
        "lead_id": str(number),
        "customer_id": customer,
        "created_at": shop.at(on),
        "qualified": True,
    } | more


def referral(number: int, referrer: str | None) -> Record:
    return {"order_id": str(number), "referrer_id": referrer}


def monthly(slug: str, orders: list[Record], **tables: Any) -> dict[str, kohorte.results.Row]:
    with kohorte.History.from_records(orders=orders, **tables) as history:
        return {row.period: row for row in history.metric(slug)}


def test_ten_of_a_hundred_purchases_were_referred() -> None:
    orders = [shop.placed(n, f"c{n}", n % 11) for n in range(100)]
    referrals = [referral(n, "friend") for n in range(10)]
    row = monthly("referral_rate", orders, referrals=referrals)["2024-01"]
    assert (row.value, row.n) == (10, 100)
    assert (row.low, row.high) == (pytest.approx(5.52, abs=0.01), pytest.approx(17.44, abs=0.01))


def test_who_refers_themselves_is_not_referred() -> None:
    orders = [shop.placed(1, "anna", 0), shop.placed(2, "ben", 0), shop.placed(3, None, 0)]
    referrals = [referral(1, "anna"), referral(2, None), referral(3, "anna")]
    row = monthly("referral_rate", orders, referrals=referrals)["2024-01"]
    assert (row.value, row.n) == (50, 2)


def test_before_the_first_referral_nothing_is_known() -> None:
    orders = [shop.placed(1, "anna", 0), shop.placed(2, "ben", 20), shop.placed(3, "ben", 50)]
    found = monthly("referral_rate", orders, referrals=[referral(2, "anna")])
    assert [row.value for row in found.values()] == [None, 100, 0]
    assert found["2024-01"].reason is not None
    assert (
        found["2024-01"].reason.render("de") == "Die Daten enthalten keine so alten Empfehlungen."
    )


def test_orders_of_one_customer_are_not_independent() -> None:
    """All twelve of Anna's were referred, none of Ben's and Cleo's: that is three customers' word."""
    names = [*["anna"] * 12, *["ben"] * 12, *["cleo"] * 12]
    orders = [shop.placed(n, name, 0) for n, name in enumerate(names)]
    row = monthly("referral_rate", orders, referrals=[referral(n, "x") for n in range(12)])[
        "2024-01"
    ]
    assert row.value == pytest.approx(100 / 3)
    assert row.low is not None
    assert row.high is not None
    assert row.low < 3
    assert row.high > 85


# The data end on day 150; a lead of day 60 has just had its 90 days.
BUYERS = [
    shop.placed(1, "anna", 10),
    shop.placed(2, "ben", 100),
    shop.placed(3, "cleo", 101),
    shop.placed(4, "old", 0),
    shop.placed(5, "old", 150),
]


def test_a_lead_has_ninety_days_to_buy_for_the_first_time() -> None:
    leads = [
        lead(1, "anna", 0),
        lead(2, "ben", 10),
        lead(3, "cleo", 10),
        lead(4, "old", 5),
        lead(5, None, 3),
        lead(6, "anna", 0, qualified=False),
        lead(7, "ben", 60),
        lead(8, None, 61),
    ]
    found = monthly("lead_to_customer_ratio", BUYERS, leads=leads)
    assert (found["2024-01"].value, found["2024-01"].n, found["2024-01"].complete) == (50, 4, False)
    assert (found["2024-03"].value, found["2024-03"].n, found["2024-03"].complete) == (
        100,
        1,
        False,
    )
    assert found["2024-02"].reason is not None
    assert (
        found["2024-02"].reason.render("de")
        == "In diesem Zeitraum kam kein qualifizierter Interessent dazu."
    )


def test_a_lead_of_yesterday_is_too_young() -> None:
    row = monthly("lead_to_customer_ratio", BUYERS, leads=[lead(1, None, 140)])["2024-06"]
    assert (row.value, row.n) == (None, 0)
    assert row.reason is not None
    assert row.reason.render("de") == (
        "Kein Interessent dieses Zeitraums hatte schon 90 Tage Zeit zu kaufen."
    )


@st.composite
def growing(draw: st.DrawFn) -> tuple[kohorte.Settings, list[Record], list[Record], list[Record]]:
    zone = draw(st.sampled_from(shop.ZONES))
    settings = kohorte.Settings(timezone=zone, lead_days=draw(st.sampled_from((0, 3, 20))))
    orders = draw(shop.order_lists(zone))
    drawn = draw(
        st.lists(
            st.tuples(
                st.sampled_from((*shop.PEOPLE, "nobody", None)),
                shop.moments(zone, -5, 75),
                st.booleans(),
            ),
            min_size=1,
            max_size=10,
        )
    )
    leads = [
        {"lead_id": str(n), "customer_id": who, "created_at": moment, "qualified": qualified}
        for n, (who, moment, qualified) in enumerate(drawn)
    ]
    numbers = st.integers(0, len(orders) + 1)
    referrers = st.sampled_from((*shop.PEOPLE, None))
    referred = draw(st.dictionaries(numbers, referrers, min_size=1, max_size=8))
    return settings, orders, leads, [referral(*each) for each in referred.items()]


class Ledger:
    """Counted orders of known customers, read in a plain loop."""

    def __init__(self, history: kohorte.History, orders: list[Record]) -> None:
        self.history = history
        self.counted = [
            order for order in orders if order["state"] == "counted" and order["customer_id"]
        ]
        self.first = {
            who: min(self.day(o["placed_at"]) for o in self.counted if o["customer_id"] == who)
            for who in {order["customer_id"] for order in self.counted}
        }

    def day(self, moment: Any) -> Any:
        return shop.on(moment, self.history.settings.timezone)

    def led(self, leads: list[Record], period: Period) -> Said:
        assert self.history.span is not None
        window = self.history.settings.lead_days * shop.DAY
        bought, young = [], 0
        for each in leads:
            day, first = self.day(each["created_at"]), self.first.get(each["customer_id"])
            is_known = first is not None and first < day
            if not each["qualified"] or is_known or not shop.within(day, period, self.history):
                continue
            if day + window >= self.history.span.ends_on:
                young += 1
            else:
                bought.append(first is not None and first <= day + window)
        if not bought:
            why = "leads_too_young" if young else "no_leads"
            return Said(None, 0, why, observed=not young)
        low, high = intervals.wilson(sum(bought), len(bought), reach=intervals.z(95))
        return shares(sum(bought), len(bought), low, high, observed=not young)

    def referred(self, referrals: list[Record], period: Period) -> Said:
        by = {each["order_id"]: each["referrer_id"] for each in referrals}
        pairs: dict[str, list[int]] = {}
        begun = False
        for order in self.counted:
            who, number = order["customer_id"], order["order_id"]
            happened = number in by and by[number] != who
            day = self.day(order["placed_at"])
            begun = begun or (happened and day < period.ends_on)
            if period.starts_on <= day < period.ends_on:
                pair = pairs.setdefault(who, [0, 0])
                pair[0] += happened
                pair[1] += 1
        happened, n = (sum(pair[place] for pair in pairs.values()) for place in (0, 1))
        if not n:
            return Said(None, 0, "nobody")
        if not begun:
            return Said(None, n, "no_referrals_yet")
        low, high = intervals.wilson_of_clusters(
            [(pair[0], pair[1]) for pair in pairs.values()], reach=intervals.z(95)
        )
        return shares(happened, n, low, high)


def shares(k: int, n: int, low: float | None, high: float | None, *, observed: bool = True) -> Said:
    assert low is not None
    assert high is not None
    bounds = {"low": max(0, low * 100), "high": min(100, high * 100)}
    return Said(100 * k / n, n, observed=observed, **bounds)


@given(growing())
@strategies.examples(20)
def test_growth_is_that_of_a_plain_loop(
    drawn: tuple[kohorte.Settings, list[Record], list[Record], list[Record]],
) -> None:
    settings, orders, leads, referrals = drawn
    with kohorte.History.from_records(
        orders=orders, leads=leads, referrals=referrals, settings=settings
    ) as history:
        ledger = Ledger(history, orders)
        shop.compare(history, "lead_to_customer_ratio", lambda period, _: ledger.led(leads, period))
        shop.compare(history, "referral_rate", lambda period, _: ledger.referred(referrals, period))
        for slug in ("lead_to_customer_ratio", "referral_rate"):
            for row in history.metric(slug, grain="all"):
                if row.value is not None:
                    numerator, denominator = shop.halves(history, row)
                    assert (100 * numerator / denominator, denominator) == (
                        pytest.approx(row.value),
                        row.n,
                    )
