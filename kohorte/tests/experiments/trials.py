"""Trials for tests: Hillstrom's published one as sums, and made ones of which the truth is known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from kohorte.experiments.arms import Arm
from kohorte.intervals import Estimate
from kohorte.models.arrays import Array


def hillstrom() -> dict[str, Arm]:
    """Return the three arms of Kevin Hillstrom's e-mail challenge."""
    told = json.loads(Path(__file__).with_name("hillstrom.json").read_text(encoding="utf-8"))
    return {
        name: Arm.of_sums(
            arm["n"],
            arm["totals"],
            {(a, b): value for pair, value in arm["products"].items() for a, b in [pair.split()]},
        )
        for name, arm in told["arms"].items()
    }


def buyers(chance: np.random.Generator, n: int, *, rise: float = 0.0) -> dict[str, Array]:
    """Return skewed customers: most buy nothing, few much; what they did before tells of what they do."""
    taste = chance.gamma(0.5, 2.0, n)
    before = chance.poisson(taste)
    orders = chance.poisson(0.4 * taste + rise)
    return {
        "orders": orders.astype(float),
        "before": before.astype(float),
        "revenue": orders * chance.lognormal(3, 0.8, n),
    }


def told(estimate: Estimate) -> tuple[float, float, float]:
    """Return a value with its bounds, all of which are known."""
    assert estimate.value is not None
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.value, estimate.low, estimate.high
