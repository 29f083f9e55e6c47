"""Contracts: monthly revenue lost and kept, customers lost, terms renewed; by hand and by an oracle."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kohorte
import strategies
from kohorte.results import Row
from kohorte.settings import Settings

START = dt.date(2024, 1, 1)
SLUGS = (
    "revenue_churn_rate",
    "gross_revenue_retention",
    "net_revenue_retention",
    "contract_churn_rate",
    "renewal_rate",
)


def at(day: int | None) -> dt.datetime | None:
    return None if day is None else dt.datetime.combine(START + dt.timedelta(days=day), dt.time())


def term(
    number: str, customer: str, starts: int, ends: int | None, monthly: int, due: int | None = None
) -> dict[str, Any]:
    return {
        "subscription_id": number,
        "customer_id": customer,
        "starts_at": at(starts),
        "ends_at": at(ends),
        "due_at": at(due),
        "monthly_minor": monthly,
    }


def rows(terms: list[dict[str, Any]], slug: str, **said: Any) -> dict[str, Row]:
    with kohorte.History.from_records(
        orders=[], subscriptions=terms, settings=Settings(**said)
    ) as history:
        return {row.period: row for row in history.metric(slug)}


# In February: anna stays, ben goes, cleo pays less, dora pays more, emil is new.
SHOP = [
    term("1", "anna", 0, None, 1000),
    term("2", "ben", 0, 40, 2000),
    term("3", "cleo", 0, 31, 3000),
    term("3", "cleo", 31, None, 1000),
    term("4", "dora", 0, 45, 1000),
    term("4", "dora", 45, None, 4000),
    term("5", "emil", 40, None, 9000),
    term("6", "emil", 65, None, 1),
]


@pytest.mark.parametrize(
    ("slug", "value", "n"),
    [
        ("revenue_churn_rate", (2000 + 2000) / 7000 * 100, 4),
        ("gross_revenue_retention", (1000 + 1000 + 1000) / 7000 * 100, 4),
        ("net_revenue_retention", (1000 + 1000 + 4000) / 7000 * 100, 4),
        ("contract_churn_rate", 25.0, 4),
    ],
)
def test_a_month_by_hand(slug: str, value: float, n: int) -> None:
    found = rows(SHOP, slug)
    assert found["2024-02"].value == pytest.approx(value)
    assert found["2024-02"].n == n
    assert found["2024-02"].low is not None
    assert found["2024-01"].value is None
    assert found["2024-01"].reason is not None
    assert (
        found["2024-01"].reason.render("en") == "Nobody had a contract at the start of the period."
    )


def test_moving_between_two_contracts_is_no_loss() -> None:
    terms = [
        term("1", "anna", 0, 40, 500),
        term("2", "anna", 40, None, 500),
        term("3", "ben", 70, None, 1),
    ]
    assert rows(terms, "revenue_churn_rate")["2024-02"].value == 0


DUE = [
    term("1", "anna", 0, None, 1, due=40),
    term("2", "ben", 0, 40, 1, due=40),
    term("3", "cleo", 0, 40, 1, due=40),
    term("3", "cleo", 70, None, 1),
    term("4", "dora", 0, 40, 1, due=40),
    term("4", "dora", 71, None, 1),
    term("5", "emil", 0, 72, 1, due=72),
]


def test_a_term_is_renewed_without_a_break_or_within_the_time_allowed() -> None:
    found = rows(DUE, "renewal_rate")["2024-02"]
    assert (found.value, found.n, found.complete) == (50.0, 4, True)
    assert rows(DUE, "renewal_rate", renewal_days=31)["2024-02"].value == 75.0


def test_a_contract_that_may_still_be_renewed_is_not_counted() -> None:
    found = rows(DUE, "renewal_rate")["2024-03"]
    assert (found.value, found.n, found.complete) == (None, 0, False)


TERMS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(0, 4),
        st.integers(0, 150),
        st.none() | st.integers(0, 80),
        st.integers(1, 50),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=strategies.count(60), deadline=None)
@given(TERMS)
def test_the_sums_are_those_of_a_plain_loop(
    drawn: list[tuple[int, int, int, int | None, int]],
) -> None:
    terms = [
        term(
            str(number),
            f"c{customer}",
            start,
            None if length is None else start + length,
            100 * monthly,
        )
        for number, customer, start, length, monthly in drawn
    ]
    with kohorte.History.from_records(orders=[], subscriptions=terms) as history:
        found = {
            (row.metric, row.period): row for slug in SLUGS[:4] for row in history.metric(slug)
        }
        periods = history.periods("month")
    for period in periods:
        ends_on = period.at_on
        before, after = (paying(terms, day) for day in (period.starts_on, ends_on))
        people = [name for name in before if before[name]]
        total = sum(before[name] for name in people)
        expected = {
            "revenue_churn_rate": sum(max(before[name] - after[name], 0) for name in people),
            "gross_revenue_retention": sum(min(before[name], after[name]) for name in people),
            "net_revenue_retention": sum(after[name] for name in people),
        }
        for slug, value in expected.items():
            row = found[slug, period.label]
            assert row.n == len(people)
            assert row.value == (pytest.approx(value / total * 100) if total else None)
        lost = found["contract_churn_rate", period.label]
        gone = [name for name in people if not after[name]]
        assert lost.value == (pytest.approx(len(gone) / len(people) * 100) if people else None)


def paying(terms: list[dict[str, Any]], day: dt.date) -> dict[str, int]:
    """Return what each customer pays when a day begins: what ends that day is still paid for."""
    paid: dict[str, int] = defaultdict(int)
    for each in terms:
        starts, ends = each["starts_at"].date(), each["ends_at"] and each["ends_at"].date()
        if starts < day and (ends is None or ends >= day):
            paid[each["customer_id"]] += each["monthly_minor"]
    return paid


def test_who_is_behind_the_number_sums_to_its_halves() -> None:
    with kohorte.History.from_records(orders=[], subscriptions=SHOP) as history:
        for slug in SLUGS[:4]:
            (row,) = (row for row in history.metric(slug) if row.period == "2024-02")
            behind = history.behind(slug, grain="month", period="2024-02").rows
            numerator, denominator = (sum(each[place] for each in behind) for place in (1, 2))
            assert numerator / denominator * 100 == pytest.approx(row.value)
            assert history.orders_behind(slug, grain="month", period="2024-02").rows == ()


def test_without_contracts_the_template_is_named() -> None:
    orders = [{"order_id": "1", "customer_id": "anna", "placed_at": at(0)}]
    with kohorte.History.from_records(orders=orders) as history:
        (row,) = history.metric("revenue_churn_rate", grain="all")
    assert row.reason is not None
    assert (
        row.reason.render("en") == "It takes contracts. `kohorte template subscriptions` shows how."
    )


RENEWALS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(0, 90),
        st.integers(0, 60),
        st.none() | st.integers(-10, 60),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=strategies.count(25), deadline=None)
@given(drawn=RENEWALS, allowed=st.integers(0, 40))
def test_renewals_are_those_of_a_plain_loop(
    drawn: list[tuple[int, int, int, int | None]], allowed: int
) -> None:
    terms = [
        term(
            str(contract), f"c{contract}", start, None if more is None else start + length + more, 1
        )
        | {"due_at": at(start + length)}
        for contract, start, length, more in drawn
    ]
    with kohorte.History.from_records(
        orders=[], subscriptions=terms, settings=Settings(renewal_days=allowed)
    ) as history:
        found = {row.period: row for row in history.metric("renewal_rate")}
        assert history.span is not None
        end = history.span.ends_on
        behind = {
            label: [sum(record[place] for record in rows) for place in (1, 2)]
            for label in found
            for rows in [history.behind("renewal_rate", grain="month", period=label).rows]
        }
    window = dt.timedelta(days=allowed)
    for label, row in found.items():
        due = {(each["subscription_id"], each["due_at"].date()) for each in terms}
        due = {one for one in due if f"{one[1]:%Y-%m}" == label and one[1] < end}
        known = {one for one in due if one[1] + window < end}
        renewed = sum(went_on(terms, contract, day, window) for contract, day in known)
        assert row.n == len(known)
        assert row.value == (pytest.approx(100 * renewed / len(known)) if known else None)
        assert behind[label] == [renewed, len(known)]
        if due - known:
            assert not row.complete


def went_on(terms: list[dict[str, Any]], contract: str, due: dt.date, window: dt.timedelta) -> bool:
    """Return whether a contract due on a day ran beyond it, or began anew soon enough."""
    own = [each for each in terms if each["subscription_id"] == contract]
    old = [each for each in own if each["due_at"].date() == due]
    return any(
        each["ends_at"] is None
        or each["ends_at"].date() > due
        or any(
            other["starts_at"] > each["starts_at"]
            and due <= other["starts_at"].date() <= due + window
            for other in own
        )
        for each in old
    )
