"""When a customer's next order is due, by a model of repeat purchases.

While customers stay, their next purchase comes after a time whose law follows from what is known of
them. `usual` and `late` are the times after the last purchase by which half, and four of five, would
have come again; `due` and `by` are the same seen from today, given that nothing came so far, and `early`
is when one of five would have. An order is overdue when the late time has passed although the customer is
more likely than not still one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from kohorte.errors import ModelError
from kohorte.models.arrays import Array, Truth
from kohorte.models.buyers import Buyers
from kohorte.models.mbg_cnbd_k import MbgCnbdK
from kohorte.models.model import PurchaseModel

FEW, HALF, MOST = 0.2, 0.5, 0.8


@dataclass(frozen=True, eq=False)
class Due:
    """Times in days for every customer: `usual` and `late` from the last purchase, the others from today."""

    usual: Array
    late: Array
    early: Array
    due: Array
    by: Array
    alive: Array
    overdue: Truth


def next_order(model: PurchaseModel, buyers: Buyers, *, alive: Array | None = None) -> Due:
    """Return when each customer's next order is due, with the range of it.

    Parameters
    ----------
    model
        One in which a rate of purchases is gamma(r, α) over customers: all but BG/BB.
    alive
        How likely each customer is one, where another model is to say that.

    Raises
    ------
    ModelError
        The model knows opportunities only.

    Examples
    --------
    >>> from kohorte.models.mbg_nbd import MbgNbd
    >>> model = MbgNbd.known(r=0.5, alpha=20.0, a=0.8, b=4.0)
    >>> found = next_order(model, Buyers([9, 9], [200, 200], [205, 270]))
    >>> found.usual.round().tolist(), found.due.round().tolist(), found.overdue.tolist()
    ([17.0, 17.0], [17.0, 22.0], [False, True])
    """
    if "alpha" not in model.times:
        raise ModelError(
            "{model} knows opportunities only, not when the next order is due.", model=model.name
        )
    then = Buyers(buyers.x, buyers.t_x, buyers.t_x, unit=buyers.unit)
    usual, late = (_wait(model, then, share) for share in (HALF, MOST))
    early, due, by = (_wait(model, buyers, share) for share in (FEW, HALF, MOST))
    alive = model.alive(buyers) if alive is None else alive
    overdue = (buyers.T - buyers.t_x > late) & (alive > 0.5)
    days = buyers.days
    return Due(
        days(usual), days(late), days(early), days(due), days(by), alive=alive, overdue=overdue
    )


def _wait(model: PurchaseModel, buyers: Buyers, share: float) -> Array:
    """Return after what time from T a share of such customers, if they stay, have bought again."""
    r, alpha = model.parameters_["r"], model.parameters_["alpha"]
    if not isinstance(model, MbgCnbdK) or model.k_ == 1:
        left = -np.log1p(-share) / (r + buyers.x)
        return np.asarray((alpha + buyers.T) * np.expm1(left))
    phases = model.phases(buyers)
    # Whoever is certainly gone would, if there at all, be about to buy: in the last phase.
    gone = phases.sum(axis=1) <= 0
    phases[gone, -1] = 1.0
    phases = phases / phases.sum(axis=1, keepdims=True)
    low, high = np.zeros(len(buyers)), np.ones(len(buyers))
    for _ in range(50):
        middle = (low + high) / 2
        done = sum(
            phases[:, j] * special.betainc(model.k_ - j, r + model.k_ * buyers.x + j, middle)
            for j in range(model.k_)
        )
        low, high = np.where(done < share, middle, low), np.where(done < share, high, middle)
    return np.asarray((alpha + buyers.T) * low / np.maximum(1 - low, 1e-15))
