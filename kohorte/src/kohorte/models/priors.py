"""What two public shops say about a shop that cannot speak for itself yet.

A prior lies in the middle, on the logarithmic scale, of what a CD shop (CDNOW, 1997) and a
wholesaler (Online Retail, 2009–2011) show, and is wide enough that either is well within it: a factor
of e to both sides is one standard deviation. A shop's own customers outweigh it as they come.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from kohorte.errors import ModelError
from kohorte.models.horizons import DAY
from kohorte.models.model import PurchaseModel
from kohorte.models.newton import Prior

# Medians, times in days.
_POOLED: dict[str, dict[str, float]] = {
    "nbd": {"r": 0.51, "alpha": 78},
    "bg_nbd": {"r": 0.40, "alpha": 44, "a": 0.29, "b": 2.42},
    "mbg_nbd": {"r": 0.62, "alpha": 54, "a": 0.36, "b": 2.28},
    "mbg_cnbd_k": {"r": 0.62, "alpha": 54, "a": 0.36, "b": 2.28},
    "pareto_nbd": {"r": 0.64, "alpha": 73, "s": 0.33, "beta": 178},
}
_SPREAD = 1.0


def pooled(kind: type[PurchaseModel], *, unit: dt.timedelta = DAY) -> Prior:
    """Return what other shops say about a model's parameters.

    Raises
    ------
    ModelError
        No shops were pooled for this model.

    Examples
    --------
    >>> from kohorte.models.mbg_nbd import MbgNbd
    >>> np.exp(pooled(MbgNbd).center).round(2).tolist()
    [0.62, 54.0, 0.36, 2.28]
    """
    if kind.slug not in _POOLED:
        raise ModelError("There is no prior of other shops for {model}.", model=kind.name)
    scale = DAY / unit
    medians = [
        value * (scale if name in kind.times else 1.0) for name, value in _POOLED[kind.slug].items()
    ]
    return Prior(np.log(medians), np.full(len(medians), _SPREAD))


def own_percent(model: PurchaseModel) -> float:
    """Return how much of what a model knows is the shop's own, the rest being the prior's.

    100 · (1 − mean of posterior variance over prior variance), on the logarithmic scale.
    """
    if model.prior_ is None:
        return 100.0
    if model.covariance_ is None:
        return 0.0
    kept = np.clip(np.diag(model.covariance_) * model.prior_.precision, 0, 1)
    return float(100 * (1 - kept.mean()))
