"""The registry: one file per metric in this folder, each with a `METRIC`; nothing else to list."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from kohorte.errors import UnknownNameError
from kohorte.metrics.metric import Metric

__all__ = ["Metric", "every", "get"]


@cache
def every() -> dict[str, Metric]:
    """Return all metrics by slug, in the order in which a report names them.

    Examples
    --------
    >>> every()["customer_churn_rate"].name.en
    'Customer churn rate'
    """
    modules = (
        importlib.import_module(f"{__name__}.{module.name}")
        for module in pkgutil.iter_modules(__path__)
    )
    found: list[Metric] = [module.METRIC for module in modules if hasattr(module, "METRIC")]
    return {metric.slug: metric for metric in sorted(found, key=lambda metric: metric.rank)}


def get(slug: str) -> Metric:
    """Return one metric; an unknown slug is answered with the known ones."""
    if slug not in every():
        raise UnknownNameError(
            "There is no metric “{slug}”. There are: {names}.",
            slug=slug,
            names=", ".join(every()),
        )
    return every()[slug]
