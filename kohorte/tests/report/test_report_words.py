"""Numbers, periods and changes as people say them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import replace
from typing import Literal

import example_months
import example_report
import pytest

from kohorte import differences
from kohorte.report import axis, change, periods
from kohorte.report.shelf import Shelf
from kohorte.report.voice import Voice
from kohorte.results import Grain, Row, Unit

DE, EN = Voice("de", "EUR"), Voice("en", "GBP")
METRICS = {
    **example_report.METRICS,
    "net_promoter_score": replace(
        example_report.METRICS["customer_retention_rate"], slug="net_promoter_score", unit="points"
    ),
    "profit_per_customer": replace(example_report.METRICS["revenue"], slug="profit_per_customer"),
}


def row(
    value: float | None,
    low: float | None = None,
    high: float | None = None,
    *,
    n: int = 4266,
    metric: str = "customer_retention_rate",
    year: int = 2011,
    month: int = 11,
    complete: bool = True,
) -> Row:
    start = dt.date(year, month, 1)
    end = example_months.add_months(start, 1)
    return Row(metric, "month", f"{start:%Y-%m}", start, end, "all", value, low, high, n, complete)


@pytest.mark.parametrize(
    ("unit", "value", "n", "german", "english"),
    [
        ("percent", 72.386, 5878, "72,4 %", "72.4%"),
        ("percent", 72.386, 99, "72 %", "72%"),
        ("percent", 72.386, 250_000, "72,39 %", "72.39%"),
        ("money", 1234.56, 9, "1.234,56 €", "£1,234.56"),
        ("money", 17431533.16, 9, "17.431.533 €", "£17,431,533"),
        ("money", -12.5, 9, "−12,50 €", "−£12.50"),
        ("count", 36969.0, 9, "36.969", "36,969"),
        ("ratio", 6.289, 9, "6,29", "6.29"),
        ("ratio", 62.89, 9, "62,9", "62.9"),
        ("ratio", 628.9, 9, "629", "629"),
    ],
)
def test_values_are_written_as_people_write_them(
    unit: Unit, value: float, n: int, german: str, english: str
) -> None:
    assert DE.value(unit, value, n=n).replace("\xa0", " ") == german
    assert EN.value(unit, value, n=n) == english


@pytest.mark.parametrize(
    ("currency", "written"), [("JPY", "JP¥1,235"), ("KWD", "KWD 1,234.560"), (None, "1,234.56")]
)
def test_money_has_the_digits_of_its_currency(currency: str | None, written: str) -> None:
    assert Voice("en", currency).money(1234.56).replace("\xa0", " ") == written


@pytest.mark.parametrize(
    ("unit", "low", "high", "german", "english"),
    [
        ("percent", 62.14, 65.03, "62,1–65,0 %", "62.1–65.0%"),
        ("money", 468.1, 474.9, "468,10–474,90 €", "£468.10–474.90"),
        ("money", -3.0, 4.0, "−3,00 – 4,00 €", "−£3.00 – 4.00"),
        ("ratio", 1.51, 1.684, "1,51–1,68", "1.51–1.68"),
        ("count", 2651.4, 2774.3, "2.651–2.774", "2,651–2,774"),
    ],
)
def test_intervals_name_their_unit_once(
    unit: Unit, low: float, high: float, german: str, english: str
) -> None:
    assert DE.interval(unit, low, high, n=4266).replace("\xa0", " ") == german
    assert EN.interval(unit, low, high, n=4266) == english


@pytest.mark.parametrize(
    ("grain", "label", "named", "within", "short"),
    [
        ("month", "2011-11", "November 2011", "im November 2011", "Nov 11"),
        ("quarter", "2011-Q4", "4. Quartal 2011", "im 4. Quartal 2011", "Q4 11"),
        ("year", "2011", "2011", "im Jahr 2011", "2011"),
        ("week", "2011-W48", "2011-W48", "in der Woche 2011-W48", "2011-W48"),
        ("day", "2011-11-01", "1. Nov. 2011", "am 1. Nov. 2011", "1. Nov. 2011"),
        ("all", "all", "Gesamter Zeitraum", "im gesamten Zeitraum", "Gesamter Zeitraum"),
    ],
)
def test_periods_have_names(grain: Grain, label: str, named: str, within: str, short: str) -> None:
    period = periods.Named(grain, label, dt.date(2011, 11, 1))
    assert periods.name(period, DE) == named
    assert periods.within(period, DE) == within
    assert periods.short(period, DE) == short


CHANGES = [
    (row(61.5, 60.0, 63.0), row(63.6, 62.1, 65.0, year=2010), -1, False, "even",
     "2,1 Punkte weniger als im November 2010, im Rahmen des Zufalls",
     "2.1 points less than in November 2010, within chance"),
    (row(69.0, 67.6, 70.4), row(63.6, 62.1, 65.0, year=2010), 1, True, "good",
     "5,4 Punkte mehr als im November 2010, durch Zufall kaum zu erklären",
     "5.4 points more than in November 2010, more than chance explains"),
    (row(64.6, 63.1, 66.0), row(63.6, 62.1, 65.0, year=2010), 1, False, "even",
     "1,0 Punkt mehr als im November 2010, im Rahmen des Zufalls",
     "1.0 point more than in November 2010, within chance"),
    (row(63.61, 62.1, 65.0), row(63.6, 62.1, 65.0, year=2010), 0, None, "even",
     "Gleich wie im November 2010", "The same as in November 2010"),
    (row(1161817.0, metric="revenue"), row(1072500.0, metric="revenue", month=10), 1, None, "good",
     "8,3 % mehr als im Oktober 2011", "8.3% more than in October 2011"),
    (row(3.0, metric="orders"), row(0.0, metric="orders", month=10), 1, False, "even",
     "3 mehr als im Oktober 2011, im Rahmen des Zufalls",
     "3 more than in October 2011, within chance"),
    (row(2.0, metric="new_customers"), row(1.0, metric="new_customers", month=10), 1, False, "even",
     "1 mehr als im Oktober 2011, im Rahmen des Zufalls",
     "1 more than in October 2011, within chance"),
    (row(20.0, metric="new_customers"), row(4.0, metric="new_customers", month=10), 1, None, "good",
     "16 mehr als im Oktober 2011", "16 more than in October 2011"),
    (row(1030.0, metric="orders"), row(1000.0, metric="orders", month=10), 1, False, "even",
     "3,0 % mehr als im Oktober 2011, im Rahmen des Zufalls",
     "3.0% more than in October 2011, within chance"),
    (row(191.0, metric="new_customers"), row(325.0, metric="new_customers", month=10), -1, None,
     "bad", "41,2 % weniger als im Oktober 2011", "41.2% less than in October 2011"),
    (row(20.0, metric="revenue", n=2), row(10.0, metric="revenue", n=1, month=10), 1, False, "even",
     "100,0 % mehr als im Oktober 2011, im Rahmen des Zufalls",
     "100.0% more than in October 2011, within chance"),
    (row(990.0, metric="revenue"), row(1000.0, metric="revenue", month=10), -1, False, "even",
     "1,0 % weniger als im Oktober 2011, im Rahmen des Zufalls",
     "1.0% less than in October 2011, within chance"),
    (row(40.0, 39.0, 41.0, metric="customer_churn_rate"),
     row(36.0, 35.0, 37.0, metric="customer_churn_rate", year=2010), 1, True, "bad",
     "4,0 Punkte mehr als im November 2010, durch Zufall kaum zu erklären",
     "4.0 points more than in November 2010, more than chance explains"),
    (row(-12.0, -14.0, -10.0, metric="net_promoter_score"),
     row(-4.5, -6.0, -3.0, metric="net_promoter_score", year=2010), -1, True, "bad",
     "7,5 Punkte weniger als im November 2010, durch Zufall kaum zu erklären",
     "7.5 points less than in November 2010, more than chance explains"),
    (row(-20.0, -25.0, -15.0, metric="profit_per_customer"),
     row(-10.0, -12.0, -8.0, metric="profit_per_customer", year=2010), -1, True, "bad",
     "10,00 € weniger als im November 2010, durch Zufall kaum zu erklären",
     "£10.00 less than in November 2010, more than chance explains"),
]  # fmt: skip


@pytest.mark.parametrize(("now", "before", "sign", "beyond", "tone", "german", "english"), CHANGES)
def test_a_change_is_said_in_words(
    now: Row,
    before: Row,
    sign: int,
    beyond: bool | None,
    tone: Literal["good", "bad", "even"],
    german: str,
    english: str,
) -> None:
    metric = METRICS[now.metric]
    found = change.describe(now, before, metric, DE)
    assert found is not None
    assert found.words.replace("\xa0", " ") == german
    assert (found.sign, found.beyond_chance, found.tone) == (sign, beyond, tone)
    spoken = change.describe(now, before, metric, EN)
    assert spoken is not None
    assert spoken.words == english


def test_nothing_is_compared_with_an_unknown_value() -> None:
    metric = METRICS["customer_retention_rate"]
    assert change.describe(row(None), row(63.6, 62.0, 65.0), metric, EN) is None
    assert change.describe(row(63.6, 62.0, 65.0), row(None), metric, EN) is None


def test_chance_is_judged_by_newcombe_s_worked_example() -> None:
    """56 of 70 against 48 of 80: the difference of 0.20 has the limits 0.0524 and 0.3339."""
    now = row(80.0, *example_months.wilson(80.0, 70))
    before = row(60.0, *example_months.wilson(60.0, 80))
    assert differences.beyond_chance(now, before) is True
    assert differences.limits(now, before) == pytest.approx((5.24, 33.39), abs=0.01)


def test_a_month_is_compared_with_the_same_month_a_year_before() -> None:
    rows = [row(60.0, year=2010), row(61.0, month=10), row(62.0)]
    assert Shelf(rows).comparable(rows[2]) == rows[0]


@pytest.mark.parametrize(
    "year_before",
    [row(60.0, year=2010, complete=False), row(None, year=2010)],
    ids=["unfinished", "unknown"],
)
def test_without_it_the_month_before_is_taken(year_before: Row) -> None:
    rows = [year_before, row(61.0, month=10), row(62.0)]
    assert Shelf(rows).comparable(rows[2]) == rows[1]


def test_without_either_there_is_no_comparison() -> None:
    rows = [row(60.0, month=8), row(61.0, month=10, complete=False), row(62.0)]
    assert Shelf(rows).comparable(rows[2]) is None


def test_the_latest_row_is_the_last_complete_one() -> None:
    rows = [row(61.0, month=10), row(62.0), row(70.0, month=12, complete=False)]
    assert Shelf(rows).latest("customer_retention_rate", "month") == rows[1]
    assert Shelf(rows).latest("customer_retention_rate", "year") is None


def test_segments_are_kept_apart() -> None:
    new = dataclasses.replace(row(5.0), segment="new")
    shelf = Shelf([row(62.0), new])
    assert shelf.series("customer_retention_rate", "month", "new") == (new,)


@pytest.mark.parametrize(
    ("values", "unit", "from_zero", "labels"),
    [
        ((62.0, 65.0), "percent", False, ("62%", "63%", "64%", "65%")),
        ((12.0, 41.0), "percent", False, ("0%", "20%", "40%", "60%")),
        ((88.0, 99.9), "percent", True, ("0%", "25%", "50%", "75%", "100%")),
        ((955.0, 71.0), "count", True, ("0", "250", "500", "750", "1,000")),
        ((2.0, 1.0), "count", True, ("0", "1", "2")),
        ((1_161_817.0,), "money", True, ("£0", "£0.5m", "£1.0m", "£1.5m")),
        ((1.32, 1.61), "ratio", False, ("1.3", "1.4", "1.5", "1.6", "1.7")),
        ((), "count", True, ("0", "1")),
    ],
)
def test_axes_have_round_steps(
    values: tuple[float, ...], unit: Unit, from_zero: bool, labels: tuple[str, ...]
) -> None:
    assert axis.fit(values, unit, EN, from_zero=from_zero).labels == labels
