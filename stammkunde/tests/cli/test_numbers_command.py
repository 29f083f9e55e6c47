"""`stammkunde numbers`."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from running import Run, run  # type: ignore[import-not-found]  # noqa: F401

from importing import FILE, imported  # type: ignore[import-not-found]
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db


def test_the_numbers_of_the_pages_come_as_csv(
    run: Run,  # noqa: F811
    cast: Cast,
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.DATA = tmp_path
    imported(cast.cheese, FILE)

    every = list(csv.DictReader(run("numbers", "kaesehaus").said.splitlines()))
    found = {row["metric"]: row["value"] for row in every if row["segment"] == "all"}
    assert (found["revenue"], found["orders"], found["customers"]) == ("60.0", "3.0", "2.0")

    one = run("numbers", "kaesehaus", "revenue", "--grain", "month").said.splitlines()
    whole = [row for row in csv.DictReader(one) if row["segment"] == "all"]
    assert [(row["period"], row["value"]) for row in whole] == [("2026-01", "60.0")]


def test_a_metric_that_is_none_is_answered_with_those_that_are(run: Run, cast: Cast) -> None:  # noqa: F811
    answer = run("numbers", "kaesehaus", "luck")
    assert answer.code == 2
    assert "There is no metric “luck”." in answer.complained
