"""The figures of tea-tasting that our own are tested against; it runs where tea-tasting is installed.

It needs pyarrow and ibis, which this project does without, so it runs in the environment of the benchmarks'
peers and what it finds is kept: `make .venv-peers/.peers`, then
`.venv-peers/bin/python kohorte/tests/experiments/tea_tasting_oracle.py > kohorte/tests/experiments/tea_tasting.json`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt

ARMS = ("control", "mail")


def customers() -> dict[str, npt.NDArray[np.float64]]:
    """Return a trial of 8,000 skewed customers, an eighth held back; the same on every machine for good."""
    # Of the newer generators numpy may change the stream, of this one never.
    chance = np.random.RandomState(8)
    count = 8_000
    taste = chance.gamma(0.8, 1.5, count)
    arm = (chance.uniform(size=count) < 0.875).astype(np.float64)
    before = chance.poisson(taste).astype(np.float64)
    orders = chance.poisson(0.6 * taste + 0.05 * arm).astype(np.float64)
    price = np.round(chance.lognormal(3.0, 0.7, count), 2)
    return {
        "arm": arm,
        "ordered": (orders > 0).astype(np.float64),
        "orders": orders,
        "orders_before": before,
        "revenue": np.round(orders * price, 2),
        "revenue_before": np.round(before * price, 2),
    }


def figures() -> dict[str, Any]:
    """Return what tea-tasting says of the trial."""
    import pyarrow
    import tea_tasting  # type: ignore[import-not-found]  # not in this environment

    seen = customers()
    table = pyarrow.table({**seen, "arm": seen["arm"].astype(np.int64)})
    metrics = {
        "ordered": tea_tasting.Mean("ordered"),
        "revenue": tea_tasting.Mean("revenue"),
        "orders with what was before": tea_tasting.Mean("orders", covariate="orders_before"),
        "revenue with what was before": tea_tasting.Mean("revenue", covariate="revenue_before"),
        "revenue per order": tea_tasting.RatioOfMeans("revenue", "orders"),
        "revenue per order with what was before": tea_tasting.RatioOfMeans(
            "revenue", "orders", numer_covariate="revenue_before", denom_covariate="orders_before"
        ),
        "sample ratio": tea_tasting.SampleRatio({0: 1, 1: 7}, method="norm", correction=False),
    }
    found = tea_tasting.Experiment(metrics, variant="arm").analyze(table)
    return {
        "tea-tasting": version("tea-tasting"),
        "metrics": {name: _plain(one._asdict()) for name, one in found.items()},
    }


def _plain(record: Mapping[str, Any]) -> dict[str, float]:
    return {name: float(value) for name, value in record.items() if value is not None}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(figures(), indent=1) + "\n")
