"""Where the data begin and end, what is not there, and some customers instead of all."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import kohorte
from beside import shop
from beside.shop import Record
from kohorte import metrics, relations, tables
from kohorte.language import translate
from kohorte.metrics import evaluate

MOMENT = {
    "subscriptions": "starts_at",
    "responses": "answered_at",
    "leads": "created_at",
    "tickets": "opened_at",
}


def event(table: str, number: int, on: int, customer: str = "anna") -> Record:
    more: dict[str, Record] = {
        "subscriptions": {"subscription_id": str(number), "monthly_minor": 100},
        "responses": {"response_id": str(number), "question": "nps", "score": 10},
        "leads": {"lead_id": str(number), "qualified": True},
        "tickets": {"ticket_id": str(number), "answered_at": shop.at(on, 13)},
    }
    return {"customer_id": customer, MOMENT[table]: shop.at(on)} | more[table]


@pytest.mark.parametrize("table", MOMENT)
def test_without_orders_the_history_is_that_of_the_other_tables(table: str) -> None:
    events: Any = {table: [event(table, 1, 3), event(table, 2, 9)]}
    with kohorte.History.from_records(orders=[], **events) as history:
        assert history.span is not None
        assert (history.span.starts_on, history.span.ends_on) == (shop.day(3), shop.day(10))


def test_with_orders_the_history_is_theirs() -> None:
    """Answers before and after the data are in no period, whichever grain is asked."""
    orders = [shop.placed(1, "anna", 12), shop.placed(2, "anna", 20)]
    responses = [event("responses", number, on) for number, on in enumerate((11, 12, 20, 21))]
    with kohorte.History.from_records(orders=orders, responses=responses) as history:
        for grain in ("week", "month", "all"):
            rows = history.metric("net_promoter_score", grain=grain, segment="all")
            assert sum(row.n for row in rows) == 2
            for row in rows:
                assert shop.halves(history, row)[1] == row.n


def test_first_and_last_day_are_the_shops_wish() -> None:
    responses = [event("responses", number, on) for number, on in enumerate((11, 12, 20, 21))]
    settings = kohorte.Settings(since=shop.day(12), until=shop.day(20))
    with kohorte.History.from_records(orders=[], responses=responses, settings=settings) as history:
        (row,) = history.metric("net_promoter_score", segment="all")
        assert (row.n, shop.halves(history, row)[1]) == (2, 2)


def test_a_day_is_that_of_the_shops_clock() -> None:
    """At half past three in the night of 1 February in UTC, New York still has January."""
    responses = [
        event("responses", 1, 0),
        {**event("responses", 2, 12), "answered_at": shop.at(12, 3, 30)},
    ]
    for zone, counted in (("UTC", [1, 1]), ("America/New_York", [2])):
        with kohorte.History.from_records(
            orders=[], responses=responses, settings=kohorte.Settings(timezone=zone)
        ) as history:
            assert [row.n for row in history.metric("net_promoter_score")] == counted


def test_a_metric_whose_table_is_empty_asks_the_engine_nothing() -> None:
    with kohorte.History.from_records(orders=[shop.placed(1, "anna", 0)]) as history:
        history.rows("month")
        asked: list[str] = []
        run = history.engine.rows
        history.engine.rows = lambda sql, *more: (asked.append(sql), run(sql, *more))[1]  # type: ignore[method-assign,func-returns-value]
        found = {row.metric for row in history.rows("month")}
        beside = {
            slug: metric
            for slug, metric in metrics.every().items()
            if metric.needs & set(tables.BESIDE)
        }
        assert asked
        assert not found & beside.keys()
        for slug, metric in beside.items():
            assert metric.select not in asked
            (row,) = [row for row in history.metric(slug) if row.segment == metric.segments[0]]
            assert row.reason is not None
            assert metric.select not in asked


def test_what_is_not_there_is_said_in_german_too() -> None:
    for text in evaluate.MISSING.values():
        assert translate(text, "de") != text


def test_inside_a_scope_only_its_customers_are_heard() -> None:
    orders = [shop.placed(1, "anna", 0), shop.placed(2, "ben", 0), shop.placed(3, "ben", 9)]
    events: Any = {
        table: [event(table, 1, 1, "anna"), event(table, 2, 1, "ben"), event(table, 3, 2, "ben")]
        for table in MOMENT
    }
    with kohorte.History.from_records(
        orders=orders, settings=kohorte.Settings(lead_days=0), **events
    ) as history:

        def counted() -> list[int]:
            slugs = ("net_promoter_score", "resolution_time")
            return [history.metric(slug, grain="all")[0].n for slug in slugs] + [
                history.engine.rows(f"SELECT COUNT(*) AS n FROM {table}")[0]["n"]
                for table in ("leads", "subscriptions")
            ]

        assert counted() == [3, 3, 3, 3]
        with history.only("orders = 1"):
            assert counted() == [1, 1, 1, 1]
        assert counted() == [3, 3, 3, 3]


def test_every_named_select_is_read_by_something() -> None:
    """A relation that no metric and no other relation reads is dead, unless the code asks for it."""
    read = {
        name
        for metric in metrics.every().values()
        for sql in (metric.select, metric.behind)
        for name in relations.in_order(sql)
    }
    mine = {
        name
        for name in relations.every()
        if name.startswith(("dated_", "order_", "ticket", "survey", "lead"))
    }
    assert mine - read <= {"dated_deliveries", "dated_refunds", "order_waits"}


def test_spans_of_single_days_have_no_empty_months() -> None:
    with kohorte.History.from_records(orders=[], tickets=[event("tickets", 1, 0)]) as history:
        assert history.span is not None
        assert history.span.ends_on - history.span.starts_on == dt.timedelta(days=1)
        assert [row.n for row in history.metric("resolution_time", segment="all")] == [1]
