"""Forecasts follow the data in the background, stay until a newer one is whole, and know who is gone."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path
from typing import Any

import duckdb
import pytest

import foretelling  # type: ignore[import-not-found]
import kohorte
from foretelling import fit, shop_of, told_of
from importing import imported, rows  # type: ignore[import-not-found]
from stammkunde.core import clock
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.jobs import registry
from stammkunde.core.jobs.models import OPEN, Job
from stammkunde.core.jobs.running import Cancelled, Running
from stammkunde.core.shops import services as shops
from stammkunde.core.shops.models import Shop
from stammkunde.flows import customer_erased, customers_merged
from stammkunde.insights import forecast_lists, forecast_rows, forecast_told, forecasts, snapshots
from stammkunde.insights.models import Forecast
from stammkunde.records.customers.models import Customer, Standing
from stores_and_cast import Cast  # type: ignore[import-not-found]

SHOP = shop_of(100)


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA = tmp_path / "data"
    foretelling.quickly(monkeypatch)


def waiting(shop: Shop) -> int:
    return Job.objects.filter(shop=shop, name=forecasts.WORK, state__in=OPEN).count()


def refresh(shop: Shop) -> None:
    """Let numbers follow the records, as the job does."""
    job = Job(shop=shop, name="insights.refresh")
    registry.require(job.name).handler(Running(job, stopping=threading.Event()))


def people(shop: Shop) -> dict[int, dict[str, Any]]:
    """Return what is foretold of each customer."""
    with duckdb.connect() as connection:
        forecasts.of_customers(shop, connection=connection, into="told")
        found = connection.execute("SELECT * FROM told")
        names = [column[0] for column in found.description or []]
        return {row[0]: dict(zip(names, row, strict=True)) for row in found.fetchall()}


@pytest.mark.django_db
class TestFollowing:
    def test_numbers_that_follow_have_a_forecast_fitted(self, cast: Cast) -> None:
        imported(cast.cheese, SHOP)
        assert forecasts.shown(cast.cheese).forecast is None
        refresh(cast.cheese)
        assert waiting(cast.cheese) == 1
        fit(cast.cheese)

        shown = forecasts.shown(cast.cheese)
        assert shown.forecast
        assert (shown.is_current, shown.work) == (True, None)
        assert shown.told["customers"] == 100
        assert [worth["months"] for worth in shown.told["worth"]] == [12, 24, 36]
        assert shown.told["trial"]["best"] in {one["slug"] for one in shown.told["trial"]["trials"]}

    @pytest.mark.parametrize("first", ["standings", "forecast"])
    def test_they_stand_beside_the_customers_whichever_came_first(
        self, cast: Cast, first: str
    ) -> None:
        imported(cast.cheese, SHOP)
        steps = [lambda: refresh(cast.cheese), lambda: told_of(cast.cheese)]
        for step in steps if first == "standings" else reversed(steps):
            step()

        told = people(cast.cheese)
        stood = Standing.objects.filter(shop=cast.cheese)
        assert {one.customer_id: one.alive_percent for one in stood} == {
            customer: round(100 * row["alive"]) for customer, row in told.items()
        }
        assert not stood.filter(expected_low_minor=None).exists()

    def test_every_customer_has_numbers_and_they_sum_up(self, cast: Cast) -> None:
        imported(cast.cheese, SHOP)
        told = told_of(cast.cheese)
        found = people(cast.cheese)

        assert set(found) == set(Customer.objects.values_list("id", flat=True))
        total = sum(one["value_12"] for one in found.values()) / 100
        assert total == pytest.approx(told["worth"][0]["value"], rel=1e-3)
        assert total == pytest.approx(told["spread"]["total"], rel=1e-3)
        for one in found.values():
            assert 0 <= one["alive"] <= 1
            assert one["low_12"] <= one["high_12"]
            assert one["value_12"] <= one["value_24"] <= one["value_36"]
            if one["by_on"]:
                assert one["early_on"] <= one["due_on"] <= one["by_on"]

    def test_what_moved_is_foretold_again_when_a_day_has_passed(self, cast: Cast) -> None:
        imported(cast.cheese, SHOP)
        told_of(cast.cheese)
        imported(cast.cheese, shop_of(20, seed=9))
        refresh(cast.cheese)
        assert waiting(cast.cheese) == 0
        shown = forecasts.shown(cast.cheese)
        assert (shown.is_current, shown.told["customers"]) == (False, 100)

        Forecast.objects.update(made_at=clock.now() - dt.timedelta(days=1))
        refresh(cast.cheese)
        assert waiting(cast.cheese) == 1

    def test_another_decision_is_followed_at_once(self, cast: Cast) -> None:
        imported(cast.cheese, SHOP)
        told_of(cast.cheese)
        shop = shops.change(cast.cheese, actor=COMMAND, window_days=90)
        refresh(shop)
        assert waiting(shop) == 1
        fit(shop)
        assert forecasts.shown(shop).told["churn"]["active_days"] == 90

    def test_what_is_of_the_data_already_is_not_fitted_again(self, cast: Cast) -> None:
        imported(cast.cheese, SHOP)
        told_of(cast.cheese)
        before = forecasts.current(cast.cheese)
        forecasts.start(cast.cheese, actor=COMMAND)
        fit(cast.cheese)
        assert before
        assert Forecast.objects.get().made_at == before.made_at

    def test_one_that_is_cancelled_leaves_the_old_one(self, cast: Cast) -> None:
        imported(cast.cheese, SHOP)
        told_of(cast.cheese)
        kept = Forecast.objects.get()
        for stop_at in (1, 4, 6, 8):
            with pytest.raises(Cancelled):
                forecasts.make(cast.cheese, progress=cancelled_at(stop_at))
        assert Forecast.objects.get().file == kept.file
        assert forecasts.shown(cast.cheese).is_current
        assert len(people(cast.cheese)) == 100

    def test_a_lost_file_is_made_again(self, cast: Cast) -> None:
        imported(cast.cheese, SHOP)
        told_of(cast.cheese)
        (forecast_rows.folder(cast.cheese.pk) / Forecast.objects.get().file).unlink()
        assert forecasts.shown(cast.cheese).forecast is None
        fit(cast.cheese)
        assert len(people(cast.cheese)) == 100

    def test_what_a_killed_fit_left_behind_goes_with_the_next(self, cast: Cast) -> None:
        imported(cast.cheese, SHOP)
        left = forecast_rows.folder(cast.cheese.pk) / "customers-0123456789ab.parquet"
        left.parent.mkdir(parents=True)
        left.touch()
        told_of(cast.cheese)
        assert len(people(cast.cheese)) == 100
        forecast_rows.sweep(cast.cheese.pk)
        assert [path.name for path in left.parent.glob("*.parquet")] == [
            Forecast.objects.get().file
        ]

    def test_a_page_that_reads_while_files_change_reads_the_new_one(self, cast: Cast) -> None:
        imported(cast.cheese, SHOP)
        told_of(cast.cheese)
        read = Forecast.objects.get()
        folder = forecast_rows.folder(cast.cheese.pk)
        (folder / read.file).rename(folder / "customers-000000000000.parquet")
        Forecast.objects.update(file="customers-000000000000.parquet")
        found, count = forecast_lists.page(
            cast.cheese, read, forecast_lists.EVERYBODY, offset=0, size=5
        )
        assert (len(found), count) == (5, 100)

    def test_shops_do_not_see_each_other(self, cast: Cast) -> None:
        imported(cast.cheese, SHOP)
        told_of(cast.cheese)
        assert forecasts.shown(cast.tea) == forecasts.Shown(None, {}, False, None)
        assert people(cast.tea) == {}


@pytest.mark.django_db
class TestWhoIsGone:
    def test_who_became_one_is_one_at_once(self, cast: Cast) -> None:
        imported(cast.cheese, SHOP)
        told_of(cast.cheese)
        one, other = Customer.objects.order_by("id")[:2]
        before = people(cast.cheese)
        customers_merged.merge(cast.cheese, kept_id=one.pk, gone_id=other.pk, actor=COMMAND)
        found = people(cast.cheese)

        assert set(before) - set(found) == {other.pk}
        both = (before[one.pk], before[other.pk])
        more = max(both, key=lambda each: (each["purchase_days"], each["last_on"]))
        assert found[one.pk] == {**more, "customer_id": one.pk}

    def test_who_was_erased_is_gone_at_once_and_leaves_the_file(self, cast: Cast) -> None:
        imported(cast.cheese, SHOP)
        told_of(cast.cheese)
        gone = Customer.objects.order_by("id")[0]
        old = Forecast.objects.get().file
        customer_erased.erase(cast.cheese, gone.pk, actor=COMMAND)
        assert gone.pk not in people(cast.cheese)

        refresh(cast.cheese)
        new = Forecast.objects.get().file
        folder = forecast_rows.folder(cast.cheese.pk)
        assert new != old
        assert [path.name for path in folder.glob("*.parquet")] == [new]
        assert gone.pk not in held(folder / new)
        assert len(held(folder / new)) == 99

    def test_who_was_erased_before_is_not_foretold(self, cast: Cast) -> None:
        imported(cast.cheese, SHOP)
        snapshots.refresh(cast.cheese)
        gone = Customer.objects.order_by("id")[0]
        customer_erased.erase(cast.cheese, gone.pk, actor=COMMAND)
        told_of(cast.cheese)
        assert gone.pk not in held(
            forecast_rows.folder(cast.cheese.pk) / Forecast.objects.get().file
        )


def one_time(customers: int = 100) -> str:
    """Return a shop of whose customers nearly all bought once."""
    file: str = shop_of(customers, again=0.09, seed=3)
    return file


SHOPS = {
    "one customer": (rows("A1;05.01.2026 10:00;17;a@example.com;Anna;10,00;bezahlt;Brie;1"), 1),
    "sixty customers": (shop_of(60), 60),
    "one time": (one_time(), 100),
    "no churn": (shop_of(120, again=1.0), 120),
    "a month old": (shop_of(80, days=30), 80),
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", SHOPS)
def test_every_shop_has_a_result_or_a_reason(cast: Cast, kind: str) -> None:
    file, customers = SHOPS[kind]
    imported(cast.cheese, file)
    told = told_of(cast.cheese)

    assert told["customers"] == customers
    assert told["trial"] or told["untested"]
    assert len(people(cast.cheese)) == (0 if told["withheld"] else customers)
    if customers < 100:
        assert told["notes"]


@pytest.mark.django_db
def test_a_shop_without_customers_is_told_so(cast: Cast) -> None:
    imported(cast.cheese, rows("A1;05.01.2026 10:00;;;;10,00;bezahlt;Brie;1"))
    told = told_of(cast.cheese)
    assert told["fault"].render("en") == "There are no customers to learn from."
    assert people(cast.cheese) == {}


def cancelled_at(step: int) -> forecasts.Between:
    def tell(done: int, _total: int) -> None:
        if done >= step:
            raise Cancelled

    return tell


def held(path: Path) -> set[int]:
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT customer_id FROM read_parquet($path)", {"path": str(path)}
        )
        return {one for (one,) in found.fetchall()}


def test_the_margin_is_that_of_what_has_a_known_cost() -> None:
    orders = [
        {"order_id": "1", "customer_id": "1", "placed_at": "2026-01-05", "amount_minor": 3000},
        {"order_id": "2", "customer_id": "2", "placed_at": "2026-02-05", "amount_minor": 1000},
    ]
    lines = [
        {
            "order_id": "1",
            "line_number": 1,
            "product_id": "brie",
            "quantity": 2,
            "amount_minor": 3000,
        },
        {
            "order_id": "2",
            "line_number": 1,
            "product_id": "gouda",
            "quantity": 1,
            "amount_minor": 1000,
        },
    ]
    products = [{"product_id": "brie", "unit_cost": 9}]
    with kohorte.History.from_records(
        orders=orders, order_lines=lines, products=products, currency="EUR"
    ) as opened:
        assert forecast_told.margin(opened) == (40.0, 75.0)
    with kohorte.History.from_records(orders=orders, currency="EUR") as opened:
        assert forecast_told.margin(opened) is None
