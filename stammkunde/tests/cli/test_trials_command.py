"""`stammkunde trials` at the terminal: plan, list, read as planned, show."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from running import Run, run  # type: ignore[import-not-found]  # noqa: F401

from stammkunde.insights.trials.models import Trial
from stores_and_cast import Cast, Store, make_cast  # type: ignore[import-not-found]

PLAN = (
    "trials", "plan", "kaesehaus", "Mail in May", "--expect", "It reminds", "--customers", "1000",
    "--control", "50",
)  # fmt: skip


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


def file(folder: Path, *, customers: int) -> Path:
    chance = random.Random(3)  # noqa: S311 - a sample, not a secret
    lines = ["customer_id,group,ordered"]
    for place in range(customers):
        share = 0.4 if place % 2 else 0.2
        lines.append(f"{place},{('control', 'mail')[place % 2]},{int(chance.random() < share)}")
    path = folder / "trial.csv"
    path.write_text("\n".join(lines))
    return path


def test_a_trial_is_planned_read_as_planned_and_shown(
    run: Run,  # noqa: F811
    own_store: Store,
    tmp_path: Path,
) -> None:
    make_cast()
    assert "as trial" in run(*PLAN, "--start", "2026-01-05").said
    number = str(Trial.objects.get().pk)
    listed = run("trials", "list", "kaesehaus", "--state", "running").said
    assert listed == f"{number}\trunning\tMail in May\n"

    told = run("trials", "read", "kaesehaus", str(file(tmp_path, customers=600)), "--plan", number)
    assert "Expected: It reminds" in told.said
    assert "“mail” worked: ordered differs" in told.said
    assert "! 1,000 customers were planned, 600 took part" in told.said
    found = json.loads(run("trials", "show", "kaesehaus", number, "--json").said)
    assert (found["verdict"], found["plan"]["customers"]) == ("better", 1_000)
    assert [one["what"] for one in found["deviations"]] == ["customers"]
    assert "gewirkt\tMail in May" in run("trials", "list", "kaesehaus", language="de").said


@pytest.mark.django_db
def test_what_cannot_be_is_refused_in_a_sentence(
    run: Run,  # noqa: F811
    cast: Cast,
) -> None:
    assert "20 customers" in run(*PLAN[:7], "3").complained
    assert run("trials", "list", "kaesehaus", "--state", "done").code == 2
    assert "no such trial" in run("trials", "show", "kaesehaus", "999").complained
