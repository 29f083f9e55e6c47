"""Which model foretold a shop's own past best, and which of them may show numbers at all.

Models are fitted to what was known on a day and held to what came after it, beside what needs no
model: ordering customers by their last purchase, and giving each as many purchases as in the same
time a year before. The best is the one of the smallest Poisson deviance out of sample. A model that
ranks customers worse than their last purchase alone, by more than chance, shows no numbers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from kohorte.errors import TooLittleError
from kohorte.language import Sentence, Text
from kohorte.models import choosing
from kohorte.models.arrays import Array
from kohorte.models.buyers import Buyers
from kohorte.models.model import PurchaseModel
from kohorte.validate import measures
from kohorte.validate.measures import Decile

STEPS = 12
RECENCY = Text(de="letzter Kauf", en="last purchase")
LAST_YEAR = Text(de="wie voriges Jahr", en="same as last year")


@dataclass(frozen=True, eq=False)
class Holdout:
    """Customers as they were known on a day, and what they did after it.

    Attributes
    ----------
    buyers
        x, t_x and T on that day.
    length
        How long was watched after it.
    steps
        Purchases of each customer by the end of each of equally long steps: customers × steps.
    last_year
        Purchases of each customer in the same time a year before; None if the data do not reach back.
    """

    buyers: Buyers
    length: dt.timedelta
    steps: Array
    last_year: Array | None = None

    @property
    def came(self) -> Array:
        """Purchases of each customer in the whole time."""
        return np.asarray(self.steps[:, -1])


@dataclass(frozen=True)
class Trial:
    """How one model, or one simple rule, did.

    Attributes
    ----------
    slug, name
        Of the model; `recency` and `last_year` are no models.
    foretold, error_percent
        The sum of what was expected, and how far it lies off. None for a rule that only ranks.
    deviance, absolute_error
        Mean Poisson deviance and mean absolute error per customer.
    area
        How well it ranks who comes back: the area under the ROC curve, 0.5 is a coin.
    loses
        Ranks worse than the last purchase alone, by more than chance: no numbers of it are shown.
    deciles, tracking
        Customers by what was expected; the expected sum at the end of each step.
    notes
        What was said when it was fitted.
    """

    slug: str
    name: Text
    area: float | None
    foretold: float | None = None
    error_percent: float | None = None
    deviance: float | None = None
    absolute_error: float | None = None
    loses: bool = False
    deciles: tuple[Decile, ...] = ()
    tracking: tuple[float, ...] = ()
    notes: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Contest:
    """The trials, the best model first and rules that are no models last.

    `best` is the slug of the model to use; None if every model loses or nothing came.
    """

    customers: int
    length: dt.timedelta
    actual: float
    came_back: int
    tracking: tuple[float, ...]
    models: tuple[Trial, ...]
    rules: tuple[Trial, ...]
    best: str | None

    def trial(self, slug: str) -> Trial | None:
        """Return one of the trials."""
        return next((each for each in (*self.models, *self.rules) if each.slug == slug), None)


def hold(
    holdout: Holdout,
    kinds: Sequence[type[PurchaseModel]] = tuple(choosing.KINDS.values()),
    *,
    confidence_percent: float = 95.0,
) -> Contest:
    """Fit models to what was known and hold them to what came.

    Raises
    ------
    TooLittleError
        There were no customers on that day.

    Examples
    --------
    >>> chance = np.random.default_rng(1)
    >>> rate = chance.gamma(1.0, 1 / 40, 500)
    >>> x, later = chance.poisson(rate * 200), chance.poisson(rate * 100)
    >>> known = Buyers(x, np.where(x > 0, 190, 0), np.full(500, 200))
    >>> found = hold(Holdout(known, dt.timedelta(days=100), later[:, None].astype(float)))
    >>> found.best is not None, abs(found.models[0].error_percent) < 15
    (True, True)
    """
    if not len(holdout.buyers):
        raise TooLittleError("There are no customers to learn from.", reason="nobody")
    z = NormalDist().inv_cdf(0.5 + confidence_percent / 200)
    tried = [_try(holdout, kind, z) for kind in kinds if _possible(kind, holdout.buyers)]
    order = {kind.slug: place for place, kind in enumerate(kinds)}
    models = sorted(
        tried, key=lambda each: (each.loses, round(each.deviance or 0.0, 6), order[each.slug])
    )
    came = holdout.came
    winner = models[0] if models and not models[0].loses and came.any() else None
    return Contest(
        len(came),
        holdout.length,
        float(came.sum()),
        int(np.count_nonzero(came)),
        tuple(float(each) for each in holdout.steps.sum(axis=0)),
        tuple(models),
        _rules(holdout),
        winner.slug if winner else None,
    )


def _possible(kind: type[PurchaseModel], buyers: Buyers) -> bool:
    return kind.slug != "mbg_cnbd_k" or buyers.log_gaps is not None


def _try(holdout: Holdout, kind: type[PurchaseModel], z: float) -> Trial:
    buyers, came = holdout.buyers, holdout.came
    fit = choosing.fit(buyers, kind)
    count = holdout.steps.shape[1]
    by_step = [
        fit.model.purchases(buyers, holdout.length * (step + 1) / count) for step in range(count)
    ]
    foretold = by_step[-1]
    behind = measures.area_difference(foretold, _recency(buyers), came > 0)
    return Trial(
        kind.slug,
        kind.name,
        measures.area(foretold, came > 0),
        float(foretold.sum()),
        measures.error_percent(foretold, came),
        measures.deviance(foretold, came),
        measures.mean_absolute_error(foretold, came),
        behind is not None and behind.is_behind(z),
        measures.deciles(foretold, came),
        tuple(float(each.sum()) for each in by_step),
        fit.notes,
    )


def _recency(buyers: Buyers) -> Array:
    """Return a score that is the higher the later the last purchase was."""
    return np.asarray(buyers.t_x - buyers.T)


def _rules(holdout: Holdout) -> tuple[Trial, ...]:
    buyers, came = holdout.buyers, holdout.came
    found = [Trial("recency", RECENCY, measures.area(_recency(buyers), came > 0))]
    if holdout.last_year is not None:
        last = holdout.last_year
        found.append(
            Trial(
                "last_year",
                LAST_YEAR,
                measures.area(last, came > 0),
                float(last.sum()),
                measures.error_percent(last, came),
                measures.deviance(last, came),
                measures.mean_absolute_error(last, came),
                deciles=measures.deciles(last, came),
            )
        )
    return tuple(found)
