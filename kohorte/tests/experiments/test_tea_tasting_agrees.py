"""Our effects against those of tea-tasting on one seeded trial: means, ratios, CUPED, sample ratio.

Its figures are kept in `tea_tasting.json`; `tea_tasting_oracle.py` beside it says how they were made.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tea_tasting_oracle import ARMS, customers  # type: ignore[import-not-found]
from trials import told  # type: ignore[import-not-found]

from kohorte.experiments import effects, sample_ratio
from kohorte.experiments.arms import Arm
from kohorte.experiments.effects import Effect
from kohorte.experiments.ends import Fixed
from kohorte.experiments.measures import Measure

ORACLE = json.loads(Path(__file__).with_name("tea_tasting.json").read_text("utf-8"))["metrics"]
MEASURES = {
    "ordered": Measure("ordered", kind="share"),
    "revenue": Measure("revenue", kind="money"),
    "orders with what was before": Measure("orders", before="orders_before"),
    "revenue with what was before": Measure("revenue", before="revenue_before", kind="money"),
    "revenue per order": Measure("revenue", per="orders"),
    "revenue per order with what was before": Measure(
        "revenue", per="orders", before="revenue_before", before_per="orders_before"
    ),
}


@pytest.fixture(scope="module")
def arms() -> dict[str, Arm]:
    seen = customers()
    place = seen.pop("arm").astype(int)
    return {
        name: Arm.of_customers({key: values[place == number] for key, values in seen.items()})
        for number, name in enumerate(ARMS)
    }


def effect(arms: dict[str, Arm], name: str) -> Effect:
    return effects.of(arms, MEASURES[name], end=Fixed())["mail"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", MEASURES)
def test_differences_and_their_ranges_are_those_of_tea_tasting(
    arms: dict[str, Arm], name: str
) -> None:
    oracle, found = ORACLE[name], effect(arms, name)
    names = ("effect_size", "effect_size_ci_lower", "effect_size_ci_upper")
    width = oracle["effect_size_ci_upper"] - oracle["effect_size_ci_lower"]
    # What was before is taken out by a slope over all arms here and there, found a little differently for ratios.
    apart = 0.005 if name == "revenue per order with what was before" else 1e-4
    wanted = [oracle[one] for one in names]
    assert told(found.difference) == pytest.approx(wanted, abs=apart * width)
    assert found.error == pytest.approx(oracle["effect_size"] / oracle["statistic"], rel=apart)


@pytest.mark.parametrize("name", ["ordered", "revenue"])
def test_changes_in_percent_are_those_of_tea_tasting(arms: dict[str, Arm], name: str) -> None:
    oracle = ORACLE[name]
    names = ("rel_effect_size", "rel_effect_size_ci_lower", "rel_effect_size_ci_upper")
    width = oracle["rel_effect_size_ci_upper"] - oracle["rel_effect_size_ci_lower"]
    # Fieller here, the delta method on the logarithm there: the same but for a part of the width.
    wanted = [100 * oracle[one] for one in names]
    assert told(effect(arms, name).percent) == pytest.approx(wanted, abs=3 * width)


def test_the_sample_ratio_is_that_of_tea_tasting(arms: dict[str, Arm]) -> None:
    counts = {name: arm.n for name, arm in arms.items()}
    oracle = ORACLE["sample ratio"]
    assert counts == {"control": oracle["control"], "mail": oracle["treatment"]}
    found = sample_ratio.check(counts, {"control": 1, "mail": 7})
    assert found.p == pytest.approx(oracle["pvalue"], rel=1e-6)


def test_the_kept_figures_are_of_the_very_same_customers(arms: dict[str, Arm]) -> None:
    seen = customers()
    held = seen["arm"] == 0
    assert np.mean(seen["revenue"][held]) == pytest.approx(ORACLE["revenue"]["control"])
    assert np.mean(seen["ordered"][~held]) == pytest.approx(ORACLE["ordered"]["treatment"])
