"""From x, t_x and T of customers to fitted models of repeat purchases and of spending."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks import map_fits
from benchmarks.benchmark import Bar, Benchmark, Checksum, Contender, faster_than_peers

_OURS = ("numpy", "duckdb", "scipy.special", "kohorte.models.choosing", "kohorte.models.spending")
_PEERS = ("numpy", "pandas", "pyarrow.parquet", "lifetimes")


def buyers(file: Path) -> Any:
    """Return the customers of a file as the library's models read them."""
    columns = import_module("duckdb").sql(f"SELECT * FROM '{file}'").fetchnumpy()
    names = ("x", "t_x", "t")
    made = import_module("kohorte.models.buyers").Buyers
    return made(*(columns[name] for name in names), monetary=columns["monetary"])


def _ours(module: str, name: str) -> Callable[[Path], Any]:
    def work(file: Path) -> Any:
        return getattr(import_module(f"kohorte.models.{module}"), name)().fit(buyers(file))

    return work


def _our_likelihood(model: Any) -> Checksum:
    return {"log_likelihood": float(model.log_likelihood_)}


def _theirs(name: str, *, weighed: bool = False) -> Callable[[Path], Any]:
    def work(file: Path) -> Any:
        frame = import_module("pandas").read_parquet(file, columns=["x", "t_x", "t"])
        fitter = getattr(import_module("lifetimes"), name)()
        if not weighed:
            return fitter.fit(frame["x"], frame["t_x"], frame["t"]), frame
        rows = frame.groupby(["x", "t_x", "t"]).size().reset_index(name="n")
        return fitter.fit(rows["x"], rows["t_x"], rows["t"], weights=rows["n"]), frame

    return work


def _their_likelihood(found: Any) -> Checksum:
    fitter, frame = found
    ones = frame["x"] * 0 + 1.0
    columns = (frame["x"].astype(float), frame["t_x"].astype(float), frame["t"].astype(float))
    logs = import_module("numpy").log(fitter.params_.to_numpy())
    mean = fitter._negative_log_likelihood(logs, *columns, ones, 0.0)
    return {"log_likelihood": -float(mean) * len(frame)}


def _spending(customers: Any) -> Any:
    return import_module("kohorte.models.gamma_gamma").GammaGamma().fit(customers)


def _repeaters(file: Path) -> Any:
    frame = import_module("pandas").read_parquet(file, columns=["x", "monetary"])
    return frame[(frame["x"] > 0) & (frame["monetary"] > 0)]


def _spending_of_peers(some: Any) -> Any:
    fitter = import_module("lifetimes").GammaGammaFitter()
    return fitter.fit(some["x"], some["monetary"]), some


def _their_spending(found: Any) -> Checksum:
    fitter, some = found
    ones = some["x"] * 0 + 1.0
    logs = import_module("numpy").log(fitter.params_.to_numpy())
    mean = fitter._negative_log_likelihood(
        logs, some["x"].astype(float), some["monetary"].astype(float), ones, 0.0
    )
    return {"log_likelihood": -float(mean) * len(some)}


def _benchmark(
    name: str, sentence: str, *contenders: Contender, times: float, rows: int
) -> Benchmark:
    def bars(_rows: int) -> Sequence[Bar]:
        return (faster_than_peers(times),)

    return Benchmark(
        name=name,
        sentence=sentence,
        contenders=contenders,
        bars=bars,
        reads="customers",
        rows=rows,
        home="purchase_fits",
    )


def _our(module: str, name: str) -> Contender:
    return Contender(
        name="kohorte",
        role="ours",
        work=_ours(module, name),
        checksum=_our_likelihood,
        imports=(*_OURS, f"kohorte.models.{module}"),
    )


def _peer(fitter: str, *, weighed: bool = False) -> Contender:
    return Contender(
        name="lifetimes on distinct rows" if weighed else "lifetimes",
        package="lifetimes",
        role="peer",
        work=_theirs(fitter, weighed=weighed),
        checksum=_their_likelihood,
        imports=_PEERS,
    )


_FITS = (
    _benchmark(
        "fit_bg_nbd",
        "BG/NBD fitted to x, t_x and T in Parquet, with both kinds of standard errors by ours.",
        _our("bg_nbd", "BgNbd"),
        _peer("BetaGeoFitter"),
        _peer("BetaGeoFitter", weighed=True),
        map_fits.contender("BetaGeoModel", "BetaGeoFitter"),
        times=10,
        rows=1_000_000,
    ),
    _benchmark(
        "fit_mbg_nbd",
        "MBG/NBD fitted to x, t_x and T in Parquet, with both kinds of standard errors by ours.",
        _our("mbg_nbd", "MbgNbd"),
        _peer("ModifiedBetaGeoFitter"),
        _peer("ModifiedBetaGeoFitter", weighed=True),
        map_fits.contender("ModifiedBetaGeoModel", "ModifiedBetaGeoFitter"),
        times=10,
        rows=1_000_000,
    ),
    _benchmark(
        "fit_pareto_nbd",
        "Pareto/NBD fitted to x, t_x and T in Parquet, with both kinds of standard errors by ours.",
        _our("pareto_nbd", "ParetoNbd"),
        _peer("ParetoNBDFitter", weighed=True),
        times=10,
        rows=100_000,
    ),
    _benchmark(
        "fit_gamma_gamma",
        "Gamma-Gamma fitted to arrays of x and mean spending of those who came back, by us with both kinds of "
        "standard errors.",
        Contender(
            name="kohorte",
            role="ours",
            given=buyers,
            work=_spending,
            checksum=_our_likelihood,
            imports=(*_OURS, "kohorte.models.gamma_gamma"),
        ),
        Contender(
            name="lifetimes",
            package="lifetimes",
            role="peer",
            given=_repeaters,
            work=_spending_of_peers,
            checksum=_their_spending,
            imports=_PEERS,
        ),
        times=30,
        rows=1_000_000,
    ),
)
BENCHMARKS = {each.name: each for each in _FITS}
