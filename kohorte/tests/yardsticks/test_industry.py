"""Published figures: each has a source, and none stands beside a number that means something else."""

from __future__ import annotations

import datetime as dt

import pytest

import kohorte
from kohorte import industry, metrics, summary
from kohorte.results import GRAINS
from kohorte.settings import Settings
from kohorte.yardsticks import Figure

EVERY = industry.figures()


def name(figure: Figure) -> str:
    return f"{figure.metric}-{figure.segment}"


@pytest.mark.parametrize("figure", EVERY, ids=name)
def test_a_figure_is_about_a_metric_and_has_a_source(figure: Figure) -> None:
    metric = metrics.get(figure.metric)
    assert figure.segment in metric.segments
    assert figure.low <= figure.high
    assert set(figure.grains) <= set(GRAINS)
    assert figure.requires.keys() <= set(Settings.names())
    assert figure.address.startswith("https://")
    assert figure.source
    if figure.published_on:
        assert dt.date.fromisoformat(figure.published_on).year >= figure.year
    for text in (figure.whose, figure.region, figure.means):
        assert text.de
        assert text.en
    if metric.unit == "percent":
        assert figure.low >= 0
        assert figure.high <= 100


def of(metric: str) -> Figure:
    (found,) = [figure for figure in EVERY if figure.metric == metric]
    return found


@pytest.mark.parametrize(
    ("metric", "settings", "comparable"),
    [
        ("repeat_rate_90_days", Settings(repeat_days=365), True),
        ("repeat_rate_90_days", Settings(), False),
        ("customer_retention_rate", Settings(), True),
        ("customer_retention_rate", Settings(active_days=365, retention_days=30), False),
        ("net_promoter_score", Settings(), True),
        ("return_rate", Settings(), False),
    ],
)
def test_a_figure_is_compared_only_where_it_means_the_same(
    metric: str, settings: Settings, comparable: bool
) -> None:
    said = {"repeat_days": settings.repeat_days, "active_days": settings.active_days,
            "retention_days": settings.retention_days}  # fmt: skip
    assert industry.is_comparable(of(metric), said) == comparable


def shop(**given: object) -> kohorte.History:
    orders = [
        {"order_id": f"{who}-{month}", "customer_id": who, "placed_at": dt.date(2023 + month // 12, month % 12 + 1, 5)}
        for who in ("anna", "ben")
        for month in range(0, 36, 2 if who == "anna" else 30)
    ]  # fmt: skip
    return kohorte.History.from_records(orders=orders, **given)  # type: ignore[arg-type]


def test_a_report_puts_its_own_number_beside_a_figure_of_the_same_grain() -> None:
    with shop() as history:
        beside = {one.figure.metric: one for one in summary.summarize(history).industry}
    retention = beside["customer_retention_rate"]
    assert (retention.row.grain, retention.row.period) == ("month", "2025-10")
    assert (retention.figure.low, retention.figure.high) == (40, 60)
    assert "repeat_rate_90_days" not in beside
    assert "contract_churn_rate" not in beside


def test_some_customers_are_not_compared_with_an_industry() -> None:
    with shop() as history, history.only("orders >= 2"):
        assert summary.summarize(history).industry == ()
