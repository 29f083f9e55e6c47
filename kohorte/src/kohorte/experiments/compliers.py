"""What the treatment did to those whom it reached, beside what the offer of it did to all."""

from __future__ import annotations

import numpy as np

from kohorte.errors import TooLittleError
from kohorte.experiments import fieller, measures
from kohorte.experiments.arms import Arm
from kohorte.experiments.ends import End
from kohorte.experiments.measures import Measure
from kohorte.intervals import Estimate


def effect(arm: Arm, control: Arm, measure: Measure, *, taken: str, end: End) -> Estimate:
    """Return the effect on those who take the treatment because it is offered (Wald's ratio).

    The effect on all who were assigned, divided by how many more took it: (ȳt − ȳc) / (d̄t − d̄c), with
    Fieller's interval. It holds if the assignment alone, without the treatment, changes nothing, and
    nobody takes it because it was not offered. Source: Imbens, Angrist 1994, Econometrica 62.

    Parameters
    ----------
    taken
        The measured value that is 1 for who took the treatment, such as who joined after being invited.

    Raises
    ------
    TooLittleError
        The assignment did not change by more than chance who took it.

    Examples
    --------
    >>> from kohorte.experiments.ends import Fixed
    >>> invited = Arm.of_customers({"orders": [0, 2, 3, 1] * 50, "joined": [0, 1, 1, 0] * 50})
    >>> others = Arm.of_customers({"orders": [0, 1, 2, 1] * 50, "joined": [0, 0, 0, 0] * 50})
    >>> found = effect(invited, others, Measure("orders"), taken="joined", end=Fixed())
    >>> round(found.value, 2), round(found.low, 2), round(found.high, 2)
    (1.0, 0.7, 1.26)
    """
    arms = {"arm": arm, "control": control}
    found = measures.lines(arms, measure)
    top = below = top_variance = below_variance = both = 0.0
    for name, sign in (("arm", 1.0), ("control", -1.0)):
        one, line = arms[name], found[name]
        take = np.zeros(len(one.names))
        take[one.place(taken)] = 1.0
        top += sign * line.value
        below += sign * one.mean(taken)
        top_variance += float(line.weights @ one.covariances @ line.weights) / one.n
        below_variance += float(take @ one.covariances @ take) / one.n
        both += float(line.weights @ one.covariances @ take) / one.n
    estimate = fieller.ratio(
        top,
        below,
        top_variance=top_variance,
        below_variance=below_variance,
        both=both,
        multiple=end.multiple(arm.n + control.n, degrees=arm.n + control.n - 2),
    )
    if estimate.low is None:
        raise TooLittleError(
            "The offer did not change by more than chance who took it, so what it did to those who "
            "did is not known.",
            reason="weak_offer",
        )
    return estimate
