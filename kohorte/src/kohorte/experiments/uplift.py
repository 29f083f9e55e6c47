"""Whom to treat: who buys because of the treatment, learned from a clean trial and proved on its other half.

A model of who buys finds those who buy anyway. What pays is the difference that the treatment makes to
each; nobody shows it on their own, so the ranking is proved on groups: those ranked first must show a
larger effect than those ranked last, among customers that the model has not seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from kohorte.errors import TooLittleError, UnknownNameError
from kohorte.intervals import Estimate, quantile
from kohorte.models.arrays import Array, Truth

Kind = Literal["two_models", "transformed"]
KINDS: tuple[Kind, ...] = ("two_models", "transformed")
_LEAST = 200
_RIDGE = 1.0
_RESAMPLES = 200


@dataclass(frozen=True)
class Group:
    """A part of the customers by how much was foretold, and what the treatment did to them.

    `foretold` is the mean of what was foretold, `effect` what the trial shows.
    """

    customers: int
    foretold: float
    effect: Estimate


@dataclass(frozen=True, eq=False)
class Uplift:
    """A ranking of customers by what a treatment changes, with its proof.

    Parameters
    ----------
    kind
        How it was learned.
    groups
        Customers that were not learned from, those of the largest foretold effect first.
    qini
        The area between the ranking's gain and that of treating at random, in units of the outcome per
        customer, with its range; 0 ranks like chance.
    customers
        Of the half that it was proved on.
    """

    kind: Kind
    groups: Sequence[Group]
    qini: Estimate
    customers: int
    _slopes: Array
    _middle: Array
    _spread: Array

    @property
    def may_be_used(self) -> bool:
        """Whether it ranks better than chance."""
        return self.qini.low is not None and self.qini.low > 0

    def foretell(self, facts: Mapping[str, ArrayLike]) -> Array | None:
        """Return what the treatment is expected to change for customers; None if it may not be used."""
        if not self.may_be_used:
            return None
        return _design(_columns(facts), self._middle, self._spread) @ self._slopes


def learn(
    outcome: ArrayLike,
    treated: ArrayLike,
    facts: Mapping[str, ArrayLike],
    *,
    kind: Kind = "two_models",
    groups: int = 5,
    confidence_percent: float = 95,
    seed: int = 1,
) -> Uplift:
    """Return a ranking learned from one half of a trial and proved on the other.

    `two_models`
        Two ridge regressions, of the treated and of the others; the difference of what they foretell.
    `transformed`
        One ridge regression on y (w − p) / (p (1 − p)), whose mean given the facts is the effect
        itself; w says who was treated, p how many were.

    Sources: Radcliffe 2007 (Qini); Athey, Imbens 2015 (transformed outcome); Künzel et al. 2019, PNAS 116.

    Parameters
    ----------
    outcome
        What customers did in the time of the trial.
    treated
        Whether the lot gave them the treatment.
    facts
        What was known of them before the start, as numbers.

    Raises
    ------
    TooLittleError
        Fewer than 200 customers in either arm.
    UnknownNameError
        There is no such kind.

    Examples
    --------
    >>> chance = np.random.default_rng(1)
    >>> orders, treated = chance.poisson(2.0, 20_000), chance.random(20_000) < 0.5
    >>> bought = chance.random(20_000) < 0.1 + 0.1 * treated * (orders > 2)
    >>> found = learn(bought, treated, {"orders": orders})
    >>> found.may_be_used, [round(group.effect.value, 2) for group in found.groups]
    (True, [0.07, 0.05, 0.02, -0.01, 0.0])
    """
    if kind not in KINDS:
        raise UnknownNameError(
            "There is no kind “{name}”. There are: {names}.", name=kind, names=", ".join(KINDS)
        )
    y, w = np.asarray(outcome, dtype=float), np.asarray(treated, dtype=bool)
    if min(w.sum(), (~w).sum()) < _LEAST:
        raise TooLittleError(
            "It takes {least} customers in each arm at least to learn whom to treat.",
            reason="few_customers",
            least=_LEAST,
        )
    table = _columns(facts)
    chance = np.random.default_rng(seed)
    first = chance.permutation(len(y)) % 2 == 0
    middle, spread = table.mean(axis=0), table.std(axis=0)
    design = _design(table, middle, spread)
    slopes = _slopes(design[first], y[first], w[first], kind)
    score = design[~first] @ slopes
    # Equal scores must not follow the order of the rows.
    order = np.lexsort((chance.random(len(score)), -score))
    seen, gave = y[~first][order], w[~first][order]
    return Uplift(
        kind,
        _groups(score[order], seen, gave, groups, confidence_percent),
        _qini_range(score[order], seen, gave, confidence_percent, chance),
        len(seen),
        slopes,
        middle,
        spread,
    )


def gains(outcome: Array, treated: Truth) -> Array:
    """Return what treating the first k customers brings per customer of all, for k = 0 … n (Qini curve).

    Formula: (Σ y of the treated among the first k − Σ y of the others · treated / others) / n.
    """
    given, held = np.cumsum(treated), np.cumsum(~treated)
    got, would = np.cumsum(outcome * treated), np.cumsum(outcome * ~treated)
    scale = np.divide(given, held, out=np.zeros(len(given)), where=held > 0)
    share = given.max() / len(outcome) if len(outcome) else 1.0
    curve = (got - would * scale) / max(len(outcome) * share, 1e-12)
    return np.concatenate([[0.0], curve])


def qini(outcome: Array, treated: Truth) -> float:
    """Return the area between the curve of `gains` and the straight line to its end."""
    curve = gains(outcome, treated)
    line = np.linspace(0, curve[-1], len(curve))
    return float(np.mean(curve - line))


def _columns(facts: Mapping[str, ArrayLike]) -> Array:
    return np.stack([np.asarray(values, dtype=float) for values in facts.values()], axis=1)


def _design(table: Array, middle: Array, spread: Array) -> Array:
    """Return the facts standardized, with their squares and products, and a column of ones."""
    scaled = (table - middle) / np.where(spread > 0, spread, 1.0)
    scaled = np.clip(scaled, -4, 4)
    k = scaled.shape[1]
    pairs = [scaled[:, i] * scaled[:, j] for i in range(k) for j in range(i, k)]
    return np.column_stack([np.ones(len(scaled)), scaled, *pairs])


def _slopes(design: Array, y: Array, w: Truth, kind: Kind) -> Array:
    if kind == "two_models":
        return _ridge(design[w], y[w]) - _ridge(design[~w], y[~w])
    p = w.mean()
    return _ridge(design, y * (w - p) / (p * (1 - p)))


def _ridge(design: Array, y: Array) -> Array:
    penalty = _RIDGE * np.eye(design.shape[1])
    penalty[0, 0] = 0.0
    return np.asarray(np.linalg.solve(design.T @ design + penalty, design.T @ y), dtype=float)


def _groups(
    score: Array, outcome: Array, treated: Truth, groups: int, confidence_percent: float
) -> list[Group]:
    z = quantile(confidence_percent)
    found = []
    for part in np.array_split(np.arange(len(score)), groups):
        one, other = outcome[part][treated[part]], outcome[part][~treated[part]]
        if len(one) < 2 or len(other) < 2:
            found.append(Group(len(part), float(score[part].mean()), Estimate(None)))
            continue
        value = float(one.mean() - other.mean())
        half = z * float(np.sqrt(one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other)))
        effect = Estimate(value, value - half, value + half)
        found.append(Group(len(part), float(score[part].mean()), effect))
    return found


def _qini_range(
    score: Array,
    outcome: Array,
    treated: Truth,
    confidence_percent: float,
    chance: np.random.Generator,
) -> Estimate:
    """Return the Qini coefficient with its range by bootstrap over the customers."""
    value = qini(outcome, treated)
    drawn = []
    for _ in range(_RESAMPLES):
        pick = np.sort(chance.integers(0, len(score), len(score)))
        drawn.append(qini(outcome[pick], treated[pick]))
    half = quantile(confidence_percent) * float(np.std(drawn))
    return Estimate(value, value - half, value + half)
