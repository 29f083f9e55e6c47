"""Customer service: how long it takes and what is solved at once, by hand and by a plain loop."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from fractions import Fraction
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

HOUR = dt.timedelta(hours=1)
SHARES = {"all": Fraction(1, 2), "p90": Fraction(9, 10)}


def ticket(number: int, answered: float | None, solved: float | None = None, **more: Any) -> Record:
    opened_at = shop.at(0)
    return {
        "ticket_id": str(number),
        "customer_id": f"c{number % 3}",
        "opened_at": opened_at,
        "answered_at": None if answered is None else opened_at + answered * HOUR,
        "solved_at": None if solved is None else opened_at + solved * HOUR,
    } | more


def rows(tickets: list[Record], slug: str) -> dict[str, kohorte.results.Row]:
    with kohorte.History.from_records(orders=[], tickets=tickets) as history:
        return {row.segment: row for row in history.metric(slug, grain="all")}


def test_the_median_of_an_even_number_lies_between_the_middle_two() -> None:
    found = rows(
        [ticket(n, hours) for n, hours in enumerate((1, 2, 4, 100))], "first_response_time"
    )
    assert (found["all"].value, found["all"].n) == (3, 4)
    assert (found["all"].low, found["all"].high) == (None, None)
    assert found["p90"].value == 100


def test_ten_requests_have_a_range_from_the_second_to_the_ninth() -> None:
    found = rows([ticket(n, n + 1) for n in range(10)], "first_response_time")["all"]
    assert (found.value, found.low, found.high) == (5.5, 2, 9)


def test_open_requests_wait_longest() -> None:
    tickets = [ticket(n, n) for n in range(1, 4)] + [ticket(n, None) for n in range(4, 6)]
    found = rows(tickets, "first_response_time")
    assert (found["all"].value, found["all"].n) == (3, 5)
    assert found["p90"].value is None
    assert found["p90"].reason is not None
    assert found["p90"].reason.render("de") == "Zu viele Anfragen dieses Zeitraums sind noch offen."


def test_half_of_them_open_is_too_many() -> None:
    found = rows([ticket(1, 1), ticket(2, None)], "first_response_time")["all"]
    assert (found.value, found.n) == (None, 2)


def test_what_is_solved_without_a_known_answer_tells_nothing_of_answers() -> None:
    found = rows([ticket(1, None, 5), ticket(2, 3, 7)], "first_response_time")["all"]
    assert (found.value, found.n) == (3, 1)
    none = rows([ticket(1, None, 5)], "first_response_time")["all"]
    assert none.reason is not None
    assert none.reason.render("en") == "No first answer to a request of this period is known."
    assert rows([ticket(1, None, 5)], "resolution_time")["all"].value == 5


def test_an_answer_before_the_request_waited_for_nothing() -> None:
    assert rows([ticket(1, -0.5, -1)], "first_response_time")["all"].value == 0
    assert rows([ticket(1, -0.5, -1)], "resolution_time")["all"].value == 0


def test_three_of_four_solved_at_first_contact() -> None:
    tickets = [ticket(n, 1, 2, contacts=1 if n < 3 else 2) for n in range(4)]
    open_ones = [ticket(9, 1, None, contacts=1), ticket(8, 1, 2, contacts=None)]
    found = rows([*tickets, *open_ones], "first_contact_resolution")["all"]
    assert (found.value, found.n, found.complete) == (75, 4, False)
    many = [ticket(n, 1, 2, contacts=1) for n in range(10, 30)]
    assert rows([*many, *open_ones], "first_contact_resolution")["all"].complete


def test_without_contacts_nothing_is_said_of_them() -> None:
    (found,) = rows([ticket(1, 1, 2)], "first_contact_resolution").values()
    assert found.reason is not None
    assert found.reason.render("de") == (
        "Zu keiner gelösten Anfrage dieses Zeitraums ist bekannt, wie oft der Kunde sich melden musste."
    )


@st.composite
def services(draw: st.DrawFn) -> tuple[str, list[Record], list[Record]]:
    zone = draw(st.sampled_from(shop.ZONES))
    wait = st.sampled_from((None, -1.0, 0.0, 0.5, 3.0, 3.0, 24.0, 100.0))
    one = st.tuples(
        shop.moments(zone, -3, 75),
        wait,
        wait,
        st.sampled_from((None, 1, 1, 2)),
        st.sampled_from((*shop.PEOPLE, None)),
    )
    drawn = draw(st.lists(one, min_size=1, max_size=draw(st.sampled_from((8, 45)))))
    tickets = [
        {
            "ticket_id": str(number),
            "customer_id": customer,
            "opened_at": opened,
            "answered_at": None if answered is None else opened + answered * HOUR,
            "solved_at": None if solved is None else opened + solved * HOUR,
            "contacts": contacts,
        }
        for number, (opened, answered, solved, contacts, customer) in enumerate(drawn)
    ]
    return zone, draw(st.just([]) | shop.order_lists(zone, most=3)), tickets


def hours(ticket: Record, name: str) -> float:
    """Return how long it took, at least nothing, and forever if it has not ended."""
    if ticket[name] is None:
        return math.inf
    return max(0.0, (ticket[name] - ticket["opened_at"]) / HOUR)


def ranked(waits: Sequence[float], place: int) -> float | None:
    """Return the wait of a rank from 1, if there is one and it has ended."""
    known = 1 <= place <= len(waits) and waits[place - 1] < math.inf
    return waits[place - 1] if known else None


def quantile(waits: list[float], segment: str) -> Said:
    n, share = len(waits), SHARES[segment]
    waits = sorted(waits)
    middle = [ranked(waits, math.ceil(share * n)), ranked(waits, math.floor(share * n) + 1)]
    if None in middle:
        return Said(None, n, "still_open")
    reach = intervals.z(95) * math.sqrt(n * share * (1 - share))
    low = ranked(waits, math.floor(share * n - reach + 0.5))
    high = ranked(waits, math.floor(share * n + reach + 0.5) + 1)
    value = sum(wait for wait in middle if wait is not None) / 2
    if low is None or high is None:
        return Said(value, n)
    return Said(value, n, low=low, high=high)


def expected(slug: str, segment: str, tickets: list[Record]) -> Said:
    if slug == "first_contact_resolution":
        solved = [ticket for ticket in tickets if ticket["solved_at"]]
        known = [ticket for ticket in solved if ticket["contacts"]]
        is_done = 10 * len(solved) >= 9 * len(tickets)
        if not known:
            return Said(None, 0, "no_contacts" if tickets else "no_tickets", observed=is_done)
        at_once = sum(ticket["contacts"] == 1 for ticket in known)
        low, high = intervals.wilson(at_once, len(known), reach=intervals.z(95))
        assert low is not None
        assert high is not None
        bounds = {"low": max(0, low * 100), "high": min(100, high * 100)}
        return Said(100 * at_once / len(known), len(known), observed=is_done, **bounds)
    if slug == "first_response_time":
        answered = [t for t in tickets if t["answered_at"] or not t["solved_at"]]
        if not answered:
            return Said(None, 0, "no_first_answers")
        return quantile([hours(ticket, "answered_at") for ticket in answered], segment)
    if not tickets:
        return Said(None, 0, "no_tickets")
    return quantile([hours(ticket, "solved_at") for ticket in tickets], segment)


@given(services())
@strategies.examples(30)
def test_waits_are_those_of_a_plain_loop(drawn: tuple[str, list[Record], list[Record]]) -> None:
    zone, orders, tickets = drawn
    settings = kohorte.Settings(timezone=zone)
    with kohorte.History.from_records(orders=orders, tickets=tickets, settings=settings) as history:

        def opened(period: Period) -> list[Record]:
            return [each for each in tickets if shop.inside(each["opened_at"], period, history)]

        for slug in ("first_response_time", "resolution_time", "first_contact_resolution"):
            shop.compare(
                history,
                slug,
                lambda period, segment, slug=slug: expected(slug, segment, opened(period)),
            )
            (row,) = history.metric(slug, grain="all", segment="all")
            numerator, denominator = shop.halves(history, row)
            assert denominator == row.n
            if slug == "first_contact_resolution" and row.value is not None:
                assert row.value == pytest.approx(100 * numerator / denominator)
            assert history.orders_behind(slug).rows == ()
