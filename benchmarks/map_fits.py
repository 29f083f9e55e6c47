"""The same fits by pymc-marketing: its maximum a posteriori under flat priors, which is the greatest likelihood."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.benchmark import Checksum, Contender

_IMPORTS = ("numpy", "pandas", "pyarrow.parquet", "lifetimes", "pymc_marketing.clv")
_PARAMETERS = ("r", "alpha", "a", "b")


def contender(model: str, fitter: str) -> Contender:
    """Return pymc-marketing's model as a contender.

    Parameters
    ----------
    model
        Its class in `pymc_marketing.clv`.
    fitter
        The class of `lifetimes` of the same model, which says how likely its parameters are.
    """
    return Contender(
        name="pymc-marketing (MAP)",
        package="pymc-marketing",
        role="peer",
        work=_fitted(model),
        checksum=_likelihood(fitter),
        imports=_IMPORTS,
    )


def _fitted(name: str) -> Callable[[Path], Any]:
    def work(file: Path) -> Any:
        numpy = import_module("numpy")
        frame = import_module("pandas").read_parquet(file, columns=["x", "t_x", "t"]).astype(float)
        flat = import_module("pymc_extras.prior").Prior
        given = frame.set_axis(["frequency", "recency", "T"], axis=1)
        given["customer_id"] = numpy.arange(len(given))
        kind = getattr(import_module("pymc_marketing.clv"), name)
        model = kind(data=given, model_config={each: flat("HalfFlat") for each in _PARAMETERS})
        model.fit(method="map", progressbar=False)
        return model, frame

    return work


def _likelihood(fitter: str) -> Callable[[Any], Checksum]:
    def checksum(found: Any) -> Checksum:
        model, frame = found
        numpy = import_module("numpy")
        logs = numpy.log([float(model.idata.posterior[each].mean()) for each in _PARAMETERS])
        theirs = getattr(import_module("lifetimes"), fitter)()
        ones = numpy.ones(len(frame))
        mean = theirs._negative_log_likelihood(
            logs, frame["x"], frame["t_x"], frame["t"], ones, 0.0
        )
        return {"log_likelihood": -float(mean) * len(frame)}

    return checksum
