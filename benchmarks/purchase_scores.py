"""From a fitted model to numbers for every customer, from orders to all of it, and many refits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.benchmark import Bar, Benchmark, Checksum, Contender, Runs, faster_than_peers
from benchmarks.purchase_fits import buyers

_PARAMETERS = {"r": 1.04, "alpha": 61.7, "a": 0.98, "b": 2.86}
_SPENDING = {"p": 3.3, "q": 3.9, "v": 27.0}
_DAYS = 90
_MODULES = (
    *("duckdb", "numpy", "scipy.special", "kohorte.models.mbg_nbd", "kohorte.models.gamma_gamma"),
    *("kohorte.models.spending", "kohorte.models.value", "kohorte.forecasts.known"),
)


def _models() -> tuple[Any, Any]:
    model = import_module("kohorte.models.mbg_nbd").MbgNbd.known(**_PARAMETERS)
    spend = import_module("kohorte.models.gamma_gamma").GammaGamma.of(**_SPENDING)
    return model, import_module("kohorte.models.spending").Spending(spend, spend.mean_spend(), None)


def _score(file: Path) -> Any:
    known = buyers(file)
    model, spend = _models()
    expected = model.purchases(known, dt.timedelta(days=_DAYS))
    worth = import_module("kohorte.models.value").residual(model, spend, known, months=12)
    return expected, model.alive(known), worth


def _checked(found: Any) -> Checksum:
    expected, alive, _ = found
    return {"purchases": float(expected.sum()), "alive": float(alive.sum())}


def _their_score(file: Path) -> Any:
    frame = import_module("pandas").read_parquet(file)
    lifetimes = import_module("lifetimes")
    series = import_module("pandas").Series
    model, spend = lifetimes.ModifiedBetaGeoFitter(), lifetimes.GammaGammaFitter()
    model.params_, spend.params_ = series(_PARAMETERS), series(_SPENDING)
    model.predict = model.conditional_expected_number_of_purchases_up_to_time
    columns = (frame["x"], frame["t_x"], frame["t"])
    expected = model.conditional_expected_number_of_purchases_up_to_time(_DAYS, *columns)
    alive = model.conditional_probability_alive(*columns)
    worth = spend.customer_lifetime_value(model, *columns, frame["monetary"], time=12, freq="D")
    return expected, alive, worth


def _forecast(file: Path) -> Any:
    """Read orders, fit both models and score every customer."""
    with import_module("kohorte").read(file) as history:
        known = import_module("kohorte.forecasts.known").on(history)
    model = import_module("kohorte.models.mbg_nbd").MbgNbd().fit(known.buyers)
    spend = import_module("kohorte.models.spending").fit(known.buyers)
    expected = model.purchases(known.buyers, dt.timedelta(days=_DAYS))
    worth = import_module("kohorte.models.value").residual(model, spend, known.buyers, months=12)
    return expected, model.alive(known.buyers), worth


def _refits(file: Path) -> Any:
    """Fit 2,357 customers, as many as in CDNOW, and refit them 200 times."""
    known = buyers(file).of(slice(0, 2357))
    model = import_module("kohorte.models.bg_nbd").BgNbd().fit(known)
    return model.bootstrap(known, draws=200)


def _at_most(seconds: float) -> Callable[[int], Sequence[Bar]]:
    def wall(runs: Sequence[Runs]) -> float:
        return sorted(runs[0].wall)[len(runs[0].wall) // 2]

    def cpu(runs: Sequence[Runs]) -> float:
        return sorted(runs[0].cpu)[len(runs[0].cpu) // 2]

    return lambda _rows: (Bar(f"at most {seconds:g} s", "s", seconds, wall, cpu),)


_SCORES = (
    Benchmark(
        name="score_customers",
        sentence="Expected purchases in 90 days, P(alive) and value over 12 months of every customer.",
        bars=lambda _rows: (faster_than_peers(5),),
        home="purchase_scores",
        reads="customers",
        rows=1_000_000,
        contenders=(
            Contender(
                name="kohorte", role="ours", work=_score, checksum=_checked, imports=_MODULES
            ),
            Contender(
                name="lifetimes",
                package="lifetimes",
                role="peer",
                work=_their_score,
                checksum=_checked,
                imports=("pandas", "pyarrow.parquet", "lifetimes"),
            ),
        ),
    ),
    Benchmark(
        name="forecast_orders",
        sentence="Orders in Parquet to MBG/NBD and Gamma-Gamma, fitted, and every customer scored.",
        bars=_at_most(6),
        home="purchase_scores",
        reads="orders",
        rows=4_000_000,
        contenders=(
            Contender(
                name="kohorte",
                role="ours",
                work=_forecast,
                imports=("kohorte.history", "kohorte.reading", *_MODULES),
            ),
        ),
    ),
    Benchmark(
        name="bootstrap_bg_nbd",
        sentence="BG/NBD refitted to 200 draws of 2,357 customers.",
        bars=_at_most(3),
        home="purchase_scores",
        reads="customers",
        rows=100_000,
        contenders=(
            Contender(
                name="kohorte",
                role="ours",
                work=_refits,
                imports=(*_MODULES, "kohorte.models.bg_nbd"),
            ),
        ),
    ),
)
BENCHMARKS = {each.name: each for each in _SCORES}
