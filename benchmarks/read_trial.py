"""Ten million customers of a trial to a result: difference, range, and what was before taken out."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.benchmark import Bar, Benchmark, Checksum, Contender, Runs

SECONDS = 2
_EXPOSURES = (
    "(SELECT CASE WHEN order_id % 2 = 0 THEN 'control' ELSE 'mail' END AS arm, "
    "amount_minor / 100.0 AS spend, CAST(customer_id % 97 AS DOUBLE) AS earlier "
    "FROM read_parquet('{file}'))"
)


def _read(file: Path) -> Any:
    duckdb = import_module("duckdb")
    counting = import_module("kohorte.experiments.counting")
    effects = import_module("kohorte.experiments.effects")
    measure = import_module("kohorte.experiments.measures").Measure("spend", before="earlier")
    connection = duckdb.connect(config={"threads": "2"})
    table = _EXPOSURES.format(file=file)
    found, _cut = counting.arms(connection, table, arm="arm", values=["spend", "earlier"])
    return effects.of(found[None], measure)["mail"]


def _checked(found: Any) -> Checksum:
    return {"difference": round(found.arm.raw - found.control.raw, 6)}


def _their_read(file: Path) -> Any:
    """Give the difference and its error as analysts do in a notebook."""
    frame = import_module("pandas").read_parquet(
        file, columns=["order_id", "customer_id", "amount_minor"]
    )
    frame["spend"] = frame["amount_minor"] / 100
    frame["earlier"] = (frame["customer_id"] % 97).astype(float)
    control = frame["order_id"] % 2 == 0
    theta = frame["spend"].cov(frame["earlier"]) / frame["earlier"].var()
    frame["adjusted"] = frame["spend"] - theta * (frame["earlier"] - frame["earlier"].mean())
    parts = [frame.loc[mask, "adjusted"] for mask in (~control, control)]
    error = sum(part.var() / len(part) for part in parts) ** 0.5
    raw = frame.loc[~control, "spend"].mean() - frame.loc[control, "spend"].mean()
    return raw, parts[0].mean() - parts[1].mean(), error


def _their_check(found: Any) -> Checksum:
    return {"difference": round(found[0], 6)}


def _wall(runs: Sequence[Runs]) -> float:
    return sorted(runs[0].wall)[len(runs[0].wall) // 2]


def _cpu(runs: Sequence[Runs]) -> float:
    return sorted(runs[0].cpu)[len(runs[0].cpu) // 2]


BENCHMARK = Benchmark(
    name="read_trial",
    sentence="One row per customer in Parquet to the effect of a treatment, with what was before.",
    bars=lambda _rows: (Bar(f"at most {SECONDS} s", "s", SECONDS, _wall, _cpu),),
    contenders=(
        Contender(
            name="kohorte",
            role="ours",
            work=_read,
            checksum=_checked,
            imports=("duckdb", "kohorte.experiments.counting", "kohorte.experiments.effects"),
        ),
        Contender(
            name="pandas",
            package="pandas",
            role="peer",
            work=_their_read,
            checksum=_their_check,
            imports=("pandas", "pyarrow.parquet"),
        ),
    ),
)
