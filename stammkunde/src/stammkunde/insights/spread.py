"""How value and staying are spread over customers: classes with round limits, shares of the best."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10
from typing import Any

import numpy as np

from kohorte.forecasts.foretold import AHEAD, Forecast

# The classes of the chance of still being a customer, by their upper ends in percent.
ALIVE = (20, 40, 60, 80, 100)
# Where the limits between classes of value lie, before they are rounded.
_SHARES = (0.3, 0.55, 0.75, 0.9, 0.97)
TOP = (1, 5, 10, 20, 50)
DUE_DAYS = (7, 30, 90)


def of(found: Forecast) -> dict[str, Any]:
    """Return classes of value and staying, the map of both, shares of the best, and what is due."""
    worth = found.residual.get(AHEAD[0])
    alive = alive_class(found.alive)
    limits = () if worth is None else rounded(worth)
    classes = np.zeros(len(alive), dtype=int) if worth is None else value_class(worth, limits)
    amounts = np.zeros(len(alive)) if worth is None else worth
    counts = np.zeros((len(ALIVE), len(limits) + 1), dtype=int)
    sums = np.zeros(counts.shape)
    np.add.at(counts, (alive, classes), 1)
    np.add.at(sums, (alive, classes), amounts)
    return {
        "limits": limits,
        "cells": counts.tolist(),
        "values": sums.tolist(),
        "total": None if worth is None else float(amounts.sum()),
        "median": None if worth is None else float(np.median(amounts)),
        "top": [] if worth is None else _top(amounts),
        "orders": float(found.purchases.sum()),
        "overdue": int(np.count_nonzero(found.due.overdue)),
        "due": [_due(found, days) for days in DUE_DAYS],
    }


def alive_class(alive: np.ndarray) -> np.ndarray:
    """Return which fifth each chance lies in, from 0; a limit belongs to the class above it.

    >>> alive_class(np.array([0.0, 0.2, 0.99, 1.0])).tolist()
    [0, 1, 4, 4]
    """
    fifths = (np.asarray(alive) * len(ALIVE) + 1e-9).astype(int)
    return np.asarray(np.minimum(fifths, len(ALIVE) - 1))


def value_class(worth: np.ndarray, limits: Sequence[float]) -> np.ndarray:
    """Return which class each amount lies in, from 0; a limit belongs to the class above it.

    >>> value_class(np.array([0.0, 10.0, 99.0]), (10.0, 50.0)).tolist()
    [0, 1, 2]
    """
    return np.asarray(np.searchsorted(np.asarray(limits), worth, side="right"))


def rounded(worth: np.ndarray) -> tuple[float, ...]:
    """Return limits between classes of value: 1, 2 or 5 times a power of ten, rising.

    >>> rounded(np.arange(1.0, 1001.0))
    (200.0, 500.0, 1000.0)
    """
    if not len(worth):
        return ()
    found = {_round(float(each)) for each in np.quantile(worth, _SHARES) if each >= 0.005}
    return tuple(sorted(found))


def _round(amount: float) -> float:
    power = 10.0 ** floor(log10(amount))
    return float(min((power * step for step in (1, 2, 5, 10)), key=lambda one: abs(one - amount)))


def _top(amounts: np.ndarray) -> list[list[float]]:
    """Return for so many percent of customers, the best first: how many, their value and its share."""
    falling = np.cumsum(np.sort(amounts)[::-1])
    total = float(falling[-1]) if len(falling) else 0.0
    found = []
    for percent in TOP:
        count = max(1, round(len(amounts) * percent / 100))
        if len(amounts) * percent >= 100 and total > 0:
            value = float(falling[count - 1])
            found.append([percent, count, value, 100 * value / total])
    return found


def _due(found: Forecast, days: int) -> list[float]:
    """Return how many orders of still active customers fall due by their median within some days."""
    soon = (found.due.due <= days) & (found.alive > 0.5)
    return [days, int(np.count_nonzero(soon))]
