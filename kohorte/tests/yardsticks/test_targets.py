"""The shop's own targets: what a file may say, for which numbers they hold, and how one is judged."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

import kohorte
from kohorte import summary, targets
from kohorte.errors import KohorteError, SettingError
from kohorte.results import Grain, Row
from kohorte.yardsticks import Target

Day = dt.date
FILE = """
[targets]
repeat_rate_90_days = 40
customer_retention_rate = { value = 62.5, since = 2026-01-01, until = "2026-12-31" }
revenue = [
  { value = 50000, grain = "month" },
  { value = 600000, grain = "year", segment = "new" },
]
"""


def read(folder: Path, text: str) -> tuple[Target, ...]:
    path = folder / "targets.toml"
    path.write_text(text, encoding="utf-8")
    return targets.read(path)


def row(value: float | None, *, grain: Grain = "month", **more: Any) -> Row:
    given = {
        "metric": "customer_retention_rate", "grain": grain, "period": "p", "starts_on": Day(2026, 3, 1),
        "ends_on": Day(2026, 4, 1), "segment": "all", "value": value, "low": None, "high": None,
        "n": 100, "complete": True,
    }  # fmt: skip
    return Row(**given | more)  # type: ignore[arg-type]


def target(**said: Any) -> Target:
    return Target(**{"metric": "customer_retention_rate", "value": 65.0} | said)


def test_a_file_says_metrics_and_what_they_are_to_be(tmp_path: Path) -> None:
    assert read(tmp_path, FILE) == (
        Target(metric="repeat_rate_90_days", value=40.0),
        Target(
            metric="customer_retention_rate", value=62.5, since=Day(2026, 1, 1), until=Day(2026, 12, 31)
        ),
        Target(metric="revenue", value=50000.0, grain="month"),
        Target(metric="revenue", value=600000.0, grain="year", segment="new"),
    )  # fmt: skip
    assert read(tmp_path, "referral_rate = 10") == (Target(metric="referral_rate", value=10.0),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = ", "cannot be read"),
        ("", "holds no targets"),
        ("targets = 3", "holds no targets"),
        ("repeat_rate = 40", "There is no metric “repeat_rate”"),
        ('referral_rate = "10"', "The target of referral_rate is no number: 10."),
        ("referral_rate = true", "is no number: True."),
        ("referral_rate = nan", "is no number: nan."),
        ("referral_rate = { values = 3 }", "A target has no “values”."),
        ("referral_rate = { value = 3, grain = 'fortnight' }", "names “fortnight”. There are: day"),
        ("referral_rate = { value = 3, segment = 'new' }", "names “new”. There are: all."),
        ("referral_rate = { value = 3, since = 'May' }", "“May” is no day"),
        ("referral_rate = { value = 3, since = 2026-01-01T00:00:00 }", "is no day"),
        ("referral_rate = { value = 3, since = 2026-02-01, until = 2026-01-01 }", "lies after"),
        ("revenue = 5000", "is a total and takes a grain, such as `{ value = 5000, grain ="),
        ("referral_rate = [3, 4]", "Two targets hold for referral_rate at the same time: 3 and 4."),
    ],
)
def test_what_is_no_target_is_refused_in_a_sentence(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(KohorteError) as caught:
        read(tmp_path, text)
    assert said in caught.value.render("en")
    assert caught.value.render("de") != caught.value.render("en")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="does not exist"):
        targets.read(tmp_path / "none.toml")


def test_targets_that_follow_each_other_are_two(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "referral_rate = [{ value = 3, until = 2026-01-31 }, { value = 4, since = 2026-02-01 }]",
    )
    assert [one.value for one in found] == [3, 4]


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ({}, True),
        ({"grain": "month"}, True),
        ({"grain": "year"}, False),
        ({"since": Day(2026, 3, 1), "until": Day(2026, 3, 31)}, True),
        ({"since": Day(2026, 3, 2)}, False),
        ({"until": Day(2026, 3, 30)}, False),
        ({"segment": "new"}, False),
        ({"metric": "customer_churn_rate"}, False),
    ],
)
def test_a_target_holds_for_periods_that_lie_in_its_days(said: dict[str, Any], holds: bool) -> None:
    assert (targets.of(row(60.0), [target(**said)]) is not None) == holds


def test_a_target_of_a_grain_goes_before_one_of_every_grain() -> None:
    every, month = target(), target(grain="month", value=70.0)
    assert targets.of(row(60.0), [every, month]) is month
    assert targets.of(row(60.0, grain="quarter"), [every, month]) is every


def test_all_time_has_only_a_target_of_its_own() -> None:
    whole = row(60.0, grain="all")
    assert targets.of(whole, [target()]) is None
    assert targets.of(whole, [target(grain="all")]) is not None


@pytest.mark.parametrize(
    ("value", "direction", "reached"),
    [
        (65.0, "up", True), (64.9, "up", False), (65.1, "down", False), (65.0, "down", True),
        (65.1, "none", None),
    ],
)  # fmt: skip
def test_a_target_is_reached_where_the_metric_is_good(
    value: float, direction: targets.Direction, reached: bool | None
) -> None:
    found = targets.judge(row(value), target(), direction=direction)
    assert found is not None
    assert (found.is_reached, found.is_within_chance) == (reached, None)
    assert found.distance == pytest.approx(value - 65)


def test_a_target_inside_the_range_is_within_chance() -> None:
    near, far = row(63.6, low=62.0, high=65.2), row(60.0, low=58.0, high=62.0)
    judged = [targets.judge(one, target(), direction="up") for one in (near, far)]
    assert [one.is_within_chance for one in judged if one] == [True, False]
    assert targets.judge(row(None), target(), direction="up") is None


def test_a_report_judges_the_last_whole_period_of_each_grain() -> None:
    orders = [
        {"order_id": day.isoformat(), "customer_id": day.isoformat(), "placed_at": day,
         "amount_minor": 10_000}
        for day in (Day(2025, 11, 1) + dt.timedelta(days=n) for n in range(120))
    ]  # fmt: skip
    wanted = [
        Target(metric="revenue", value=3200.0, grain="month"),
        Target(metric="average_order_value", value=100.0),
    ]
    with kohorte.History.from_records(orders=orders, currency="EUR") as history:
        report = summary.summarize(history, targets=wanted)
    judged = [
        (each.target.metric, each.grain, each.period, each.value, each.is_reached)
        for each in report.verdicts
    ]
    assert judged == [
        ("revenue", "month", "2026-02", 2800.0, False),
        ("average_order_value", "month", "2026-02", 100.0, True),
    ]
    with (
        kohorte.History.from_records(orders=orders, currency="EUR") as history,
        pytest.raises(SettingError),
    ):
        summary.summarize(history, targets=[Target(metric="revenue", value=1.0)])
