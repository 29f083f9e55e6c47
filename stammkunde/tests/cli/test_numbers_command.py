"""`stammkunde numbers`."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from running import Run, run  # type: ignore[import-not-found]  # noqa: F401

import foretelling  # type: ignore[import-not-found]
from importing import FILE, imported  # type: ignore[import-not-found]
from stammkunde.records.customers.models import Customer
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    imported(cast.cheese, FILE)


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def test_the_numbers_of_the_pages_come_as_csv(run: Run) -> None:  # noqa: F811
    every = table(run("numbers", "kaesehaus").said)
    found = {row["metric"]: row["value"] for row in every if row["segment"] == "all"}
    assert (found["revenue"], found["orders"], found["customers"]) == ("60.0", "3.0", "2.0")

    one = table(run("numbers", "kaesehaus", "revenue", "--grain", "month").said)
    whole = [row for row in one if row["segment"] == "all"]
    assert [(row["period"], row["value"]) for row in whole] == [("2026-01", "60.0")]

    some = run("numbers", "kaesehaus", "revenue", "--where", "orders >= 2", "--json").said
    assert [row["value"] for row in json.loads(some) if row["segment"] == "all"] == [30.0]


def test_what_is_no_metric_comes_as_rows_too(run: Run) -> None:  # noqa: F811
    def told(*words: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(run("numbers", "kaesehaus", *words, "--json").said)
        return found

    (cohort,) = told("cohorts")
    assert (cohort["cohort"], cohort["size"], cohort["revenue"]) == ("2026-01", 2, 60.0)
    assert told("cohorts", "--grain", "year")[0]["cohort"] == "2026"
    assert sum(row["customers"] for row in told("rfm")) == 2
    assert [row["came"] for row in told("survival")] == [0, 1]
    assert {row["customers"] for row in told("due")} == {2}
    (value,) = (
        row for row in told("groups", "--by", "first_product") if row["metric"] == "customer_value"
    )
    assert (value["group"], value["customers"], value["value"]) == ("Gouda", 2, 30.0)
    assert {row["group"] for row in told("revenue", "--by", "first_product")} == {"Gouda"}
    assert [row["reason"] for row in told("exclusions")] == ["cancelled"]
    assert (told("movements")[0]["period"], told("moves"), told("reasons")) == ("2026-01", [], [])


def test_who_is_due_is_named_by_number_only(run: Run) -> None:  # noqa: F811
    found = table(run("numbers", "kaesehaus", "due", "--status", "not_due").said)
    ids = {str(each) for each in Customer.objects.filter(orders__gt=0).values_list("pk", flat=True)}
    assert {row["customer_id"] for row in found} == ids
    assert run("numbers", "kaesehaus", "due", "--status", "lapsed").said == ""


def test_a_metric_that_is_none_is_answered_with_those_that_are(run: Run) -> None:  # noqa: F811
    answer = run("numbers", "kaesehaus", "luck")
    assert answer.code == 2
    assert "There is no metric “luck”." in answer.complained


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("kaesehaus", "rfm", "--age", "rolling"), "“rfm” does not take --age."),
        (("kaesehaus", "revenue", "--to-order", "3"), "“revenue” does not take --to-order."),
        (("kaesehaus", "revenue", "--where", "luck = 1"), "“luck” is not known"),
        (("kaesehaus", "groups", "--by", "country"), "No country of any customer is known."),
        (("teekontor", "rfm"), "This shop has no order that counts, so there are no numbers."),
        (("teekontor",), "This shop has no order that counts, so there are no numbers."),
    ],
)
def test_what_cannot_be_told_is_a_sentence(run: Run, words: tuple[str, ...], said: str) -> None:  # noqa: F811
    answer = run("numbers", *words)
    assert answer.code == 2
    assert said in answer.complained


def test_the_forecast_comes_as_rows(
    run: Run,  # noqa: F811
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def told(*words: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(run("numbers", "kaesehaus", *words, "--json").said)
        return found

    foretelling.quickly(monkeypatch)
    imported(cast.cheese, foretelling.shop_of(100))
    ahead, people = told("forecast"), told("foretold")
    assert [row["months"] for row in ahead] == [12, 24, 36]
    assert sum(row["value_12"] for row in people) == pytest.approx(ahead[0]["revenue"], rel=1e-3)
    late = told("foretold", "--status", "overdue")
    assert late == [row for row in people if row["overdue"]]
    assert [row["used"] for row in told("record")].count(True) == 1
    assert {row["fact"] for row in told("drivers")} == {"first_value"}
    assert told("expected_churn")[0]["metric"] == "expected_churn"
    for words in (("foretold", "--status", "lapsed"), ("forecast", "--grain", "month")):
        assert run("numbers", "kaesehaus", *words).code == 2
