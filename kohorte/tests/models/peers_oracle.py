"""What lifetimes and pymc-marketing say where the literature is silent; it runs where they are installed.

They need what this project does without, so it runs in the environment of the benchmarks' peers and what it
finds is kept: `make .venv-peers/.peers`, then
`.venv-peers/bin/python kohorte/tests/models/peers_oracle.py > kohorte/tests/models/peers.json`.
"""

from __future__ import annotations

import json
import logging
import sys
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt

Columns = dict[str, npt.NDArray[np.float64]]
# Parameters that no paper printed: little and much heterogeneity, a below and above 1.
PURCHASES = {
    "bg_nbd": [(0.4, 30.0, 0.7, 2.5), (2.1, 90.0, 1.6, 3.2)],
    "mbg_nbd": [(0.5, 25.0, 0.9, 1.6), (1.8, 60.0, 1.3, 6.0)],
    "pareto_nbd": [(0.6, 11.0, 0.6, 12.0), (1.7, 40.0, 2.2, 150.0)],
}
SPENDING = (4.2, 3.1, 22.0)
NAMES = {
    "bg_nbd": ("r", "alpha", "a", "b"),
    "mbg_nbd": ("r", "alpha", "a", "b"),
    "pareto_nbd": ("r", "alpha", "s", "beta"),
}
AHEAD = (7.0, 30.0, 365.0)
FEW = 20


def shop(count: int = 400) -> Columns:
    """Return customers of one shop, the same on every machine for good: x, t_x, T, mean spending."""
    # Of the newer generators numpy may change the stream, of this one never.
    chance = np.random.RandomState(11)
    t = np.ceil(chance.uniform(20, 500, count))
    life = chance.exponential(250, count)
    rate = chance.gamma(0.9, 1 / 45, count)
    x = chance.poisson(rate * np.minimum(life, t)).astype(np.float64)
    last = np.where(x > 0, np.minimum(life, t) * chance.beta(np.maximum(x, 1), 1), 0.0)
    spend = np.where(x > 0, chance.gamma(4, 9, count) + 1, 0.0)
    return {"x": x, "t_x": np.ceil(last), "t": t, "monetary": np.round(spend, 2)}


def main() -> None:
    """Print what the peers say."""
    logging.disable(logging.CRITICAL)
    said = {
        "versions": {name: version(name) for name in ("lifetimes", "pymc-marketing")},
        "lifetimes": _lifetimes(shop(FEW)) | {"spend": _spend(shop(FEW))},
        "pymc_marketing": _pymc(shop()),
    }
    json.dump(said, sys.stdout, indent=1)
    sys.stdout.write("\n")


def _lifetimes(few: Columns) -> dict[str, Any]:
    import lifetimes  # type: ignore[import-not-found]  # not in this environment
    import pandas as pd  # type: ignore[import-untyped]  # not in this environment

    fitters = {
        "bg_nbd": lifetimes.BetaGeoFitter,
        "mbg_nbd": lifetimes.ModifiedBetaGeoFitter,
        "pareto_nbd": lifetimes.ParetoNBDFitter,
    }
    x, t_x, t = few["x"], few["t_x"], few["t"]
    found: dict[str, Any] = {}
    for slug, fitter in fitters.items():
        found[slug] = []
        for values in PURCHASES[slug]:
            model = fitter()
            model.params_ = pd.Series(values, index=NAMES[slug])
            ahead = model.conditional_expected_number_of_purchases_up_to_time
            new = model.expected_number_of_purchases_up_to_time
            found[slug].append(
                {
                    "alive": np.asarray(model.conditional_probability_alive(x, t_x, t)).tolist(),
                    "purchases": [np.asarray(ahead(days, x, t_x, t)).tolist() for days in AHEAD],
                    "new": [float(np.asarray(new(np.array([days])))[0]) for days in AHEAD],
                }
            )
    return found


def _spend(few: Columns) -> list[float]:
    import lifetimes
    import pandas as pd

    model = lifetimes.GammaGammaFitter()
    model.params_ = pd.Series(SPENDING, index=["p", "q", "v"])
    found = model.conditional_expected_average_profit(few["x"], few["monetary"])
    return [float(each) for each in found]


def _pymc(many: Columns) -> dict[str, Any]:
    import pandas as pd
    from pymc_extras.prior import Prior  # type: ignore[import-not-found]  # not in this environment
    from pymc_marketing import clv  # type: ignore[import-not-found]  # not in this environment

    frame = pd.DataFrame(
        {"customer_id": np.arange(len(many["x"])), "frequency": many["x"],
         "recency": many["t_x"], "T": many["t"]}
    )  # fmt: skip
    kinds = {"bg_nbd": clv.BetaGeoModel, "mbg_nbd": clv.ModifiedBetaGeoModel,
             "pareto_nbd": clv.ParetoNBDModel}  # fmt: skip
    found: dict[str, Any] = {}
    for slug, kind in kinds.items():
        flat = {name: Prior("HalfFlat") for name in NAMES[slug]}
        model = kind(data=frame, model_config=flat)
        model.fit(method="map", progressbar=False)
        posterior = model.idata.posterior
        expected = model.expected_purchases(frame.head(FEW), future_t=90)
        found[slug] = {
            "parameters": {name: float(posterior[name].mean()) for name in NAMES[slug]},
            "purchases_90": expected.mean(("chain", "draw")).to_numpy().tolist(),
        }
    return found


if __name__ == "__main__":
    main()
