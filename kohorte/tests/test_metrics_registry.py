"""What the mission promises of each metric, and the worked examples of its articles."""

from __future__ import annotations

import datetime as dt
import inspect

import pytest

import kohorte
from kohorte import metrics
from kohorte.errors import UnknownNameError
from kohorte.language import Text
from kohorte.metrics import evaluate
from kohorte.metrics.lifetime import simple_lifetime_value
from kohorte.metrics.returning_customers import count_returning
from kohorte.relations import parameters

PROMISED = {
    "returning_customers",
    "customer_retention_rate",
    "customer_churn_rate",
    "repeat_purchase_rate",
    "repeat_rate_90_days",
    "returning_customer_rate",
    "purchase_frequency",
    "purchase_quantity",
    "average_order_value",
    "customer_value",
    "customer_lifetime_value",
    "orders_per_active_customer",
}
BOUND = {
    "active_days",
    "at_day",
    "before_ends_day",
    "before_starts_day",
    "ends_day",
    "history_end",
    "history_start",
    "repeat_days",
    "retention_days",
    "starts_day",
}


def placed(
    customer: str, *days: int, start: dt.date = dt.date(2024, 1, 1)
) -> list[dict[str, object]]:
    midnight = dt.datetime.combine(start, dt.time(), tzinfo=dt.UTC)
    return [
        {
            "order_id": f"{customer}-{number}",
            "customer_id": customer,
            "placed_at": midnight + dt.timedelta(days=day),
            "amount_minor": 1000,
        }
        for number, day in enumerate(days)
    ]


def test_every_promised_metric_is_there() -> None:
    assert set(metrics.every()) >= PROMISED


@pytest.mark.parametrize("slug", metrics.every())
def test_a_metric_says_everything_in_both_languages(slug: str) -> None:
    metric = metrics.get(slug)
    for name, value in inspect.getmembers(metric):
        if isinstance(value, Text):
            assert value.de.strip(), name
            assert value.en.strip(), name
    assert metric.absent == "zero" or metric.absent in evaluate.MISSING
    assert metric.undefined in evaluate.MISSING
    assert parameters(metric.behind) <= BOUND


def test_ranks_do_not_tie() -> None:
    ranks = [metric.rank for metric in metrics.every().values()]
    assert len(ranks) == len(set(ranks))


def test_an_unknown_metric_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="customer_churn_rate") as caught:
        metrics.get("loyalty")
    assert caught.value.render("de").startswith("Die Kennzahl „loyalty“ gibt es nicht. Es gibt: ")


def test_a_hundred_at_the_end_and_sixty_gained_leave_forty() -> None:
    assert count_returning(customers_at_end=100, customers_gained=60) == 40


def test_retention_of_the_worked_example() -> None:
    """100 at the start, 60 gained, 150 at the end: 90 % stayed, 10 % were lost."""
    orders = []
    for number in range(100):
        orders += placed(f"old{number}", 0, *([150] if number < 90 else []))
    for number in range(60):
        orders += placed(f"new{number}", 120)
    settings = kohorte.Settings(active_days=100, until=dt.date(2024, 7, 18))
    with kohorte.History.from_records(orders=orders, settings=settings) as history:
        (movement,) = history.movements("all")
        values = {
            slug: history.metric(slug, grain="all")[0].value
            for slug in (
                "customer_retention_rate",
                "customer_churn_rate",
                "returning_customers",
            )
        }
    assert (movement.active_at_start, movement.new, movement.active_at_end) == (100, 60, 150)
    assert values == {
        "customer_retention_rate": pytest.approx(90.0),
        "customer_churn_rate": pytest.approx(10.0),
        "returning_customers": pytest.approx(90.0),
    }


def test_half_of_a_hundred_customers_bought_twice() -> None:
    orders = []
    for number in range(100):
        orders += placed(f"c{number}", 0, *([3] if number < 50 else []))
    with kohorte.History.from_records(orders=orders) as history:
        assert history.metric("repeat_purchase_rate", grain="all")[0].value == 50.0
        assert history.metric("purchase_frequency", grain="all")[0].value == 1.5


def test_lifetime_is_the_inverse_of_yearly_churn() -> None:
    assert simple_lifetime_value(value_per_year=120, churn_share=0.25) == 480.0
    quarterly = simple_lifetime_value(value_per_year=120, churn_share=0.1, years_of_churn=91 / 365)
    assert quarterly == pytest.approx(120 * 10 * 91 / 365)


def test_profit_is_lifetime_value_at_the_margin_and_asks_for_it() -> None:
    orders = [*placed("anna", 0, 40, 90), *placed("ben", 5, 30), *placed("cleo", 7, 45, 100)]
    until = dt.date(2024, 4, 20)
    with kohorte.History.from_records(
        orders=orders, settings=kohorte.Settings(active_days=50, until=until)
    ) as history:
        (missing,) = history.metric("customer_lifetime_profit", grain="all")
    with kohorte.History.from_records(
        orders=orders,
        settings=kohorte.Settings(active_days=50, until=until, margin_percent=40),
    ) as history:
        (value,) = history.metric("customer_lifetime_value", grain="all")
        (profit,) = history.metric("customer_lifetime_profit", grain="all")
    assert missing.value is None
    assert missing.reason is not None
    assert missing.reason.render("de") == ("Dazu braucht es die Marge, zum Beispiel --margin 40.")
    assert profit.value == pytest.approx(0.4 * (value.value or 0))
