"""Forecasts for programs: what the pages show, with its track record, and of each customer."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import QuerySet

import foretelling  # type: ignore[import-not-found]
from api.conftest import MakeProgram, Program, told
from foretelling import fit, shop_of, told_of
from importing import imported, rows  # type: ignore[import-not-found]
from kohorte.language import Sentence
from stammkunde.core import clock
from stammkunde.core.shops.models import Shop
from stammkunde.insights import codec, export, foretold, standing
from stammkunde.insights.models import Forecast
from stammkunde.records.customers.models import Customer, Standing
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
YEAR = shop_of(100)
SORTS = ("value", "orders", "alive", "due_on", "last_on", "late_days", "purchase_days")


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    foretelling.quickly(monkeypatch)


@pytest.fixture
def cheese(cast: Cast) -> Shop:
    """Return a shop with a forecast."""
    imported(cast.cheese, YEAR)
    told_of(cast.cheese)
    return cast.cheese


def paged(program: Program, path: str) -> list[dict[str, Any]]:
    """Return the rows of a list, read page by page."""
    found: list[dict[str, Any]] = []
    while path:
        page = program.get(path)
        found += page["data"]
        path = page["next"]
    return found


def test_what_is_told_is_what_the_pages_show(cheese: Shop, program: MakeProgram) -> None:
    page = codec.decode(Forecast.objects.get().result)
    german, english = program(cheese, language="de"), program(cheese)
    said = english.get("/forecast")

    assert [row["revenue"] for row in said["data"]] == [one["value"] for one in page["worth"]]
    first = said["data"][0]
    assert first["low"] <= first["revenue"] <= first["high"]
    assert (first["profit"], first["cac_most"], first["months"]) == (None, None, 12)
    assert first["new_customer"] == first["first_order"] + first["further_orders"]
    assert said["model"]["model"] == page["model"]["slug"]
    assert all(row["error"] >= 0 for row in said["model"]["parameters"])
    assert said["churn"]["value"] == page["churn"]["value"]
    assert sum(cell["customers"] for cell in said["map"]) == 100
    assert said["model"]["said"] != german.get("/forecast")["model"]["said"]

    record = english.get("/forecast/record")
    (used,) = (row for row in record["data"] if row["used"])
    assert used["model"] == page["model"]["slug"]
    assert {row["model"] for row in record["data"]} >= {"mbg_nbd", "pareto_nbd", "recency"}
    tenths = [row for row in record["calibration"] if row["model"] == used["model"]]
    assert sum(row["customers"] for row in tenths) == used["customers"]
    assert record["tracking"][-1]["day"] == used["days"]
    assert record["said"][0].startswith("Held to the last")

    drivers = english.get("/forecast/drivers")
    assert [row["ratio"] for row in drivers["data"]] == [row[4] for row in page["drivers"]["rows"]]
    assert drivers["customers"] == 100

    tag = english.ask("GET", "/forecast").headers["ETag"]
    assert english.ask("GET", "/forecast", **{"If-None-Match": tag}).status_code == 304
    assert german.ask("GET", "/forecast", **{"If-None-Match": tag}).status_code == 200


def test_what_is_withheld_says_why_and_keeps_the_record(cheese: Shop, program: MakeProgram) -> None:
    kept = Forecast.objects.get()
    lost = {"withheld": Sentence("It lost."), "worth": [], "spread": None, "churn": None}
    kept.result, kept.file = codec.encode(codec.decode(kept.result) | lost), ""
    kept.save()
    asking = program(cheese)
    said, people = asking.get("/forecast"), asking.get("/forecast/customers")
    assert said["forecast"]["withheld"] == people["forecast"]["withheld"] == "It lost."
    assert [said[name] for name in ("data", "map", "top", "churn", "orders_12")] == [
        [], [], [], None, None,
    ]  # fmt: skip
    assert (people["data"], people["count"], people["next"]) == ([], 0, None)
    assert asking.get("/forecast/record")["data"]


def test_customers_come_once_by_any_order_and_sum_up(cheese: Shop, program: MakeProgram) -> None:
    asking = program(cheese)
    whole = asking.get("/forecast/customers?limit=200")
    assert {row["customer_id"] for row in whole["data"]} == set(
        Customer.objects.filter(shop=cheese).values_list("pk", flat=True)
    )
    total = asking.get("/forecast")["data"][0]["revenue"]
    assert sum(row["value_12"] for row in whole["data"]) == pytest.approx(total, rel=1e-3)
    for name in SORTS:
        for sign in ("", "-"):
            found = paged(asking, f"/forecast/customers?limit=60&sort={sign}{name}")
            assert len({row["customer_id"] for row in found}) == len(found) == 100
            field = {"value": "value_12", "orders": "orders_12"}.get(name, name)
            known = [row[field] for row in found if row[field] is not None]
            assert [row[field] for row in found[: len(known)]] == known
            assert known == sorted(known, reverse=bool(sign))

    for cell in asking.get("/forecast")["map"]:
        asked = f"alive_class={cell['alive_class']}&value_class={cell['value_class']}&limit=1"
        assert asking.get(f"/forecast/customers?{asked}")["count"] == cell["customers"]
    late = asking.get("/forecast/customers?status=overdue")
    assert late["count"] == asking.get("/forecast")["overdue_customers"]
    assert all(row["overdue"] for row in late["data"])


def test_a_cursor_ends_with_its_forecast_and_its_order(cheese: Shop, program: MakeProgram) -> None:
    asking = program(cheese)
    following = asking.get("/forecast/customers?limit=1")["next"]
    other = following.replace("/customers?", "/customers?sort=alive&")
    assert told(asking.ask("GET", other), 422)["type"].endswith("cursor.unknown")
    assert asking.get(following)["data"]

    Forecast.objects.update(made_at=clock.now())
    assert told(asking.ask("GET", following), 409)["type"].endswith("cursor.outdated")


def test_until_there_is_one_it_is_said_that_it_comes_or_why_none_can(
    cast: Cast, program: MakeProgram
) -> None:
    imported(cast.cheese, YEAR)
    asking = program(cast.cheese)
    answer = asking.ask("GET", "/forecast")
    assert told(answer, 202)["job"]["name"] == "insights.forecast"
    assert told(asking.ask("GET", "/forecast/customers"), 202)
    fit(cast.cheese)
    assert asking.get("/forecast")["forecast"]["is_current"] is True

    imported(cast.tea, rows("A1;05.01.2026 10:00;;;;10,00;bezahlt;Brie;1"))
    told_of(cast.tea)
    said = told(program(cast.tea).ask("GET", "/forecast"), 409)
    assert said["type"].endswith("forecast.none")
    assert said["detail"] == "There are no customers to learn from."


def test_customers_bear_what_the_numbers_say_of_them(cheese: Shop, program: MakeProgram) -> None:
    export.refresh(cheese.pk)
    standing.refresh(cheese)
    foretold.follow(cheese)
    Customer.objects.create(shop=cheese, name="Nobody")
    asking = program(cheese)
    found = {row["id"]: row for row in asking.get("/customers?limit=200")["data"]}
    of_shop: QuerySet[Standing] = Standing.objects.filter(shop=cheese)
    assert len(found) == len(of_shop) + 1
    for one in of_shop:
        row = found[one.customer_id]
        assert row["rfm_group"]
        assert row["cohort"] == row["first_order_on"][:7]
        for name in ("value_minor", "alive_percent", "expected_value_minor", "expected_low_minor"):
            assert row[name] == getattr(one, name)
        assert one.expected_orders is not None
        assert one.due_on
        assert row["expected_orders"] == one.expected_orders / 100
        assert row["next_order_due_on"] == one.due_on.isoformat()
    late = {row["id"] for row in asking.get("/customers?where=is_overdue&limit=200")["data"]}
    assert late == {key for key, row in found.items() if row["is_overdue"]}

    for sort in ("value", "-alive", "-next_order_due", "expected_value"):
        assert [row["id"] for row in paged(asking, f"/customers?limit=60&sort={sort}")] == [
            row["id"] for row in asking.get(f"/customers?limit=200&sort={sort}")["data"]
        ]
    (nobody,) = (row for row in found.values() if row["name"] == "Nobody")
    assert {nobody[name] for name in ("cohort", "rfm_group", "value_minor", "is_overdue")} == {None}
    one = next(iter(of_shop))
    assert asking.get(f"/customers/{one.customer_id}")["alive_percent"] == one.alive_percent
