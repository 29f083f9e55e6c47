"""What a treatment brought in all: orders, revenue, and margin net of what it cost."""

from __future__ import annotations

from dataclasses import dataclass

from kohorte.experiments.effects import Effect
from kohorte.intervals import Estimate


@dataclass(frozen=True)
class Increment:
    """What all treated customers brought beyond what they would have brought without.

    Parameters
    ----------
    total
        The effect times the treated customers.
    missed
        What those in the control group did not bring because they were held back: the price of knowing.
    """

    total: Estimate
    missed: Estimate


def of(effect: Effect) -> Increment:
    """Return what an effect amounts to over all customers of its arms.

    Examples
    --------
    >>> from kohorte.experiments import effects
    >>> from kohorte.experiments.arms import Arm
    >>> from kohorte.experiments.ends import Fixed
    >>> from kohorte.experiments.measures import Measure
    >>> arms = {"control": Arm.of_customers({"orders": [0, 1] * 50}), "mail": Arm.of_customers({"orders": [0, 1, 1] * 60})}
    >>> found = of(effects.of(arms, Measure("orders"), end=Fixed())["mail"])
    >>> round(found.total.value), round(found.missed.value)
    (30, 17)
    """
    return Increment(
        effect.difference.times(effect.arm.n), effect.difference.times(effect.control.n)
    )


def net(
    revenue: Effect, *, margin_percent: float, cost_per_customer: float, cost_fixed: float = 0.0
) -> Estimate:
    """Return the incremental margin of all treated customers net of what the treatment cost.

    Formula: n · (margin · difference − cost per customer) − fixed cost, with the interval of the
    difference. Where the margin of every order is known, measure margin itself and take 100 %.

    Parameters
    ----------
    revenue
        The effect on revenue per customer in major units.
    cost_per_customer
        Of every treated customer, whether they ordered or not; what only buyers cost, such as a voucher,
        belongs into the measured revenue or margin.
    """
    shifted = revenue.difference.times(margin_percent / 100).plus(-cost_per_customer)
    return shifted.times(revenue.arm.n).plus(-cost_fixed)
