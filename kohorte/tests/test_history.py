from __future__ import annotations

import datetime as dt
import subprocess
import sys
import zoneinfo
from pathlib import Path

import duckdb
import pytest

import kohorte
from kohorte.errors import ReadError, SettingError, TableError, UnknownNameError


def at(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[arg-type, misc]  # year, month, day …


def order(
    number: int, customer: str | None, placed_at: dt.datetime, **more: object
) -> dict[str, object]:
    return {"order_id": str(number), "customer_id": customer, "placed_at": placed_at, **more}


def test_a_day_is_the_shops_day_and_not_that_of_utc() -> None:
    late = order(1, "anna", at(2024, 3, 30, 23, 30))
    settings = kohorte.Settings(timezone="Europe/Berlin")
    with kohorte.History.from_records(orders=[late], settings=settings) as history:
        assert history.span is not None
        assert history.span.starts_on == dt.date(2024, 3, 31)


def test_an_instant_with_a_zone_of_its_own_is_understood() -> None:
    early = dt.datetime(2024, 3, 31, 1, 30, tzinfo=zoneinfo.ZoneInfo("Asia/Tokyo"))
    with kohorte.History.from_records(orders=[order(1, "anna", early)]) as history:
        assert history.span is not None
        assert history.span.starts_on == dt.date(2024, 3, 30)


def test_a_partial_refund_lowers_the_value_of_its_order_and_a_full_one_removes_it() -> None:
    orders = [
        order(1, "anna", at(2024, 1, 1), amount_minor=1000),
        order(2, "ben", at(2024, 1, 2), amount_minor=1000),
    ]
    refunds = [
        {
            "refund_id": "a",
            "order_id": "1",
            "refunded_at": at(2024, 2, 1),
            "amount_minor": 400,
        },
        {
            "refund_id": "b",
            "order_id": "2",
            "refunded_at": at(2024, 2, 1),
            "amount_minor": 999,
        },
        {
            "refund_id": "c",
            "order_id": "2",
            "refunded_at": at(2024, 3, 1),
            "amount_minor": 1,
        },
    ]
    with kohorte.History.from_records(orders=orders, refunds=refunds, currency="EUR") as history:
        (revenue,) = history.metric("revenue", grain="all", segment="all")
        reasons = {each.reason: each.orders for each in kohorte.summarize(history).exclusions}
    assert (revenue.value, revenue.n) == (6.0, 1)
    assert reasons == {"fully_refunded": 1}


def test_a_currency_without_cents_keeps_its_amounts() -> None:
    orders = [order(1, "anna", at(2024, 1, 1), amount_minor=1500)]
    with kohorte.History.from_records(orders=orders, currency="JPY") as history:
        assert history.metric("revenue", grain="all", segment="all")[0].value == 1500.0


def test_amounts_that_are_missing_leave_counts_standing() -> None:
    orders = [order(1, "anna", at(2024, 1, 1)), order(2, "anna", at(2024, 1, 2))]
    with kohorte.History.from_records(orders=orders) as history:
        assert history.metric("purchase_frequency", grain="all")[0].value == 2.0
        value = history.metric("average_order_value", grain="all", segment="all")[0]
    assert value.value is None
    assert value.reason is not None
    assert value.reason.render("en") == (
        "The file holds no amounts. `kohorte template orders` shows how."
    )


def test_a_history_without_a_counted_order_has_no_numbers_and_no_report() -> None:
    orders = [order(1, "anna", at(2024, 1, 1), state="test")]
    with kohorte.History.from_records(orders=orders) as history:
        assert history.rows("month") == []
        assert history.customers() == []
        assert history.cohorts().cohorts == ()
        with pytest.raises(ReadError, match="None of the orders counts"):
            kohorte.summarize(history)


def test_an_order_number_may_not_repeat() -> None:
    orders = [order(1, "anna", at(2024, 1, 1)), order(1, "ben", at(2024, 1, 2))]
    with pytest.raises(TableError, match="order_id repeats in 1 row"):
        kohorte.History.from_records(orders=orders)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount": 10}, "hat keine Spalte amount"),
        ({"amount_minor": 10.5}, "ganze Zahlen, nicht 10.5"),
        ({"amount_minor": -5}, "in 1 Zeilen negativ"),
        ({"placed_at": "gestern"}, "passen nicht zur Tabelle orders"),
    ],
)
def test_records_that_cannot_be_are_refused_in_a_sentence(
    wrong: dict[str, object], sentence: str
) -> None:
    with pytest.raises(TableError) as caught:
        kohorte.History.from_records(orders=[order(1, "anna", at(2024, 1, 1)) | wrong])
    assert sentence in caught.value.render("de")


def test_amounts_known_for_some_orders_only_are_refused() -> None:
    orders = [order(1, "anna", at(2024, 1, 1), amount_minor=5), order(2, "ben", at(2024, 1, 2))]
    with pytest.raises(TableError, match="Fill it everywhere or leave it out"):
        kohorte.History.from_records(orders=orders)


def test_a_blank_customer_is_nobody() -> None:
    with kohorte.History.from_records(orders=[order(1, " ", at(2024, 1, 1))]) as history:
        assert history.customers() == []


def test_a_refund_of_an_unknown_order_stands_beside_the_numbers() -> None:
    refund = {"refund_id": "a", "order_id": "99", "refunded_at": at(2024, 1, 2), "amount_minor": 5}
    orders = [order(1, "anna", at(2024, 1, 1), amount_minor=1000)]
    with kohorte.History.from_records(orders=orders, refunds=[refund], currency="EUR") as history:
        counts = kohorte.summarize(history).counts
    assert (counts.refunds_without_order, counts.refunds_without_order_amount) == (1, 0.05)
    assert counts.revenue == 10.0


def test_an_unknown_state_is_named() -> None:
    orders = [order(1, "anna", at(2024, 1, 1), state="maybe")]
    with pytest.raises(TableError, match="1 order has an unknown state"):
        kohorte.History.from_records(orders=orders)


BEHIND = [
    order(1, "anna", at(2024, 1, 1), amount_minor=1000),
    order(2, "anna", at(2024, 2, 10), amount_minor=1050),
    order(3, "ben", at(2024, 2, 11), amount_minor=500),
    order(4, None, at(2024, 2, 12), amount_minor=700),
    order(5, "cleo", at(2024, 1, 3), amount_minor=900),
]


@pytest.mark.parametrize(
    ("slug", "segment", "ids"),
    [
        ("purchase_frequency", "all", ["2", "3"]),
        ("new_customers", "all", ["3"]),
        ("revenue", "new", ["3"]),
        ("revenue", "existing", ["2"]),
        ("revenue", "unidentified", ["4"]),
        ("orders_per_active_customer", "all", ["2", "3"]),
        ("customer_churn_rate", "all", ["5"]),
    ],
)
def test_orders_behind_a_number_are_those_it_was_computed_from(
    slug: str, segment: str, ids: list[str]
) -> None:
    settings = kohorte.Settings(active_days=29, until=dt.date(2024, 2, 29))
    with kohorte.History.from_records(orders=BEHIND, settings=settings, currency="EUR") as history:
        listing = history.orders_behind(slug, grain="month", period="2024-02", segment=segment)
    assert listing.columns == (
        "order_id",
        "customer_id",
        "placed_on",
        "revenue",
        "units",
        "segment",
    )
    assert [row[0] for row in listing.rows] == ids


def test_orders_behind_a_number_show_their_amount_as_people_write_it() -> None:
    with kohorte.History.from_records(orders=BEHIND, currency="EUR") as history:
        listing = history.orders_behind("revenue", grain="month", period="2024-02")
    assert listing.rows == (
        ("2", "anna", dt.date(2024, 2, 10), 10.5, None, "existing"),
        ("3", "ben", dt.date(2024, 2, 11), 5.0, None, "new"),
    )


def test_an_unknown_period_is_answered_with_the_range() -> None:
    with (
        kohorte.History.from_records(orders=[order(1, "anna", at(2024, 1, 1))]) as history,
        pytest.raises(UnknownNameError, match="They run from 2024-01 to 2024-01"),
    ):
        history.behind("orders", grain="month", period="2025-01")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"timezone": "Mars"},
            "„Mars“ ist keine Zeitzone. Nehmen Sie einen Namen wie Europe/Berlin.",
        ),
        ({"active_days": 0}, "active_days muss zwischen 1 und 3660 liegen, nicht bei 0."),
        ({"retention_days": 400}, "retention_days muss zwischen 1 und 365 liegen, nicht bei 400."),
        ({"active_days": 91.5}, "active_days muss eine ganze Zahl sein, nicht 91.5."),
        ({"since": "2024-01-01"}, "since muss ein Tag sein, nicht 2024-01-01."),
        (
            {"until": dt.date(9999, 12, 31)},
            "until muss zwischen dem 1. Jan. 1900 und dem 1. Jan. 2200 liegen, nicht am 9999-12-31.",
        ),
        ({"week_start": 8}, "week_start muss zwischen 1 und 7 liegen, nicht bei 8."),
        (
            {"since": dt.date(2024, 2, 1), "until": dt.date(2024, 1, 1)},
            "Der erste Tag 1. Feb. 2024 liegt nach dem letzten Tag 1. Jan. 2024.",
        ),
    ],
)
def test_a_setting_that_cannot_be_is_refused_in_a_sentence(
    given: dict[str, object], sentence: str
) -> None:
    with pytest.raises(SettingError) as caught:
        kohorte.Settings(**given)  # type: ignore[arg-type]  # wrong on purpose
    assert caught.value.render("de") == sentence


def test_importing_kohorte_loads_nothing_heavy() -> None:
    heavy = ("duckdb", "babel", "jinja2", "typer", "rich", "numpy")
    code = f"import sys, kohorte; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run(  # noqa: S603 - this interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_bits_and_rows_give_the_same_cohorts(two_years: kohorte.History) -> None:
    full, masked = two_years.cohorts(), two_years.cohorts(only_customers=True)
    assert [(cohort.period, cohort.size, cohort.customers) for cohort in full.cohorts] == [
        (cohort.period, cohort.size, cohort.customers) for cohort in masked.cohorts
    ]
    assert masked.cohorts[0].orders == (None,) * len(masked.cohorts[0].customers)


def test_overlaps_count_who_bought_in_both_periods() -> None:
    days = [("anna", 1, 5), ("anna", 3, 9), ("ben", 1, 7), ("cleo", 2, 2), ("cleo", 3, 31)]
    orders = [order(n, who, at(2024, *day)) for n, (who, *day) in enumerate(days)]
    settings = kohorte.Settings(since=dt.date(2024, 1, 1))
    with kohorte.History.from_records(orders=orders, settings=settings) as history:
        assert history.overlaps("month").rows == (
            ("2024-01", 0, 2, 1.0),
            ("2024-01", 1, 0, 0.0),
            ("2024-01", 2, 1, 0.5),
            ("2024-02", 0, 1, 1.0),
            ("2024-02", 1, 1, 1.0),
            ("2024-03", 0, 2, 1.0),
        )
        with pytest.raises(UnknownNameError, match="91 periods of the grain day; up to 62"):
            history.overlaps("day")


def test_a_history_of_a_hundred_years_has_a_wrong_date() -> None:
    orders = [order(1, "anna", at(1900, 1, 1)), order(2, "anna", at(2024, 1, 1))]
    with pytest.raises(SettingError, match="from 1900-01-01 to 2024-01-02"):
        kohorte.History.from_records(orders=orders)


def test_unknown_segments_and_ages_are_answered_in_a_sentence() -> None:
    with kohorte.History.from_records(orders=BEHIND) as history:
        with pytest.raises(UnknownNameError, match=r"has no segment “old”. It has: all, new"):
            history.metric("customers", segment="old")
        with pytest.raises(UnknownNameError, match="not by “moon”"):
            history.cohorts(age="moon")  # type: ignore[arg-type]  # wrong on purpose


def test_relations_may_be_named_after_a_comma_and_in_small_letters() -> None:
    with kohorte.History.from_records(orders=BEHIND) as history:
        (row,) = history.engine.rows(
            "select count(*) as pairs from unidentified_days, purchase_days"
        )
    assert row == {"pairs": 4}


def test_ids_that_are_numbers_in_a_parquet_file_carry_a_whole_report(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    duckdb.sql(
        "SELECT range AS order_id, range % 7 AS customer_id, "
        "TIMESTAMP '2024-01-01' + to_days(range::INTEGER) AS placed_at, 'EUR' AS currency, "
        "(100 * range)::BIGINT AS amount_minor FROM range(40)"
    ).write_parquet(str(path))
    with kohorte.read(path) as history:
        report = kohorte.summarize(history)
        listing = history.orders_behind("revenue")
    assert (report.counts.customers, report.counts.orders) == (7, 40)
    assert listing.rows[0][:2] == (0, 0)
