"""Curves to the next order and stated reasons for the hand-made reports."""

from __future__ import annotations

import math

from kohorte import survival
from kohorte.intervals import share
from kohorte.language import Text
from kohorte.results import Reason, Reasons, Survival
from kohorte.survival import Wait

STATED = {
    "leaving": ("Warum Kunden gehen", "Why customers leave", ("Found it cheaper", "No need any more")),
    "return": (
        "Warum Ware zurückkommt",
        "Why goods come back",
        tuple(f"Ordered {n} sizes to choose from and kept one of them" for n in range(2, 13)),
    ),
}  # fmt: skip


def curves(customers: int) -> tuple[Survival, ...]:
    """Return the curves to the 2nd, 3rd and 4th order of customers who half come within 60 days."""
    found = []
    for to_order in (2, 3, 4):
        waits = []
        for day in range(0, 740, 2):
            still = math.exp(-day / (90 - 15 * to_order))
            waits.append(
                Wait(day, round(customers * 0.02 * still), round(customers * 0.001) * (day > 30))
            )
        seen = [wait for wait in waits if wait.came + wait.waiting]
        found.append(survival.estimate(seen, to_order=to_order, confidence_percent=95))
        customers //= 2
    return tuple(found)


def one_wait() -> tuple[Survival, ...]:
    """Return the curves of one customer who has just bought."""
    first = survival.estimate([Wait(0, 0, 1)], to_order=2, confidence_percent=95)
    return (first, Survival(3, 0, ()), Survival(4, 0, ()))


def reasons() -> tuple[Reasons, ...]:
    """Return reasons of two kinds: few of one, many and long ones of the other."""
    return tuple(_reasons(kind, *words) for kind, words in STATED.items())


def _reasons(kind: str, de: str, en: str, said: tuple[str, ...]) -> Reasons:
    times = [14 + 3 * len(said) - 3 * place for place in range(len(said))]
    given = sum(times)
    shares = [share(each, given, z=1.96).times(100) for each in times]
    return Reasons(
        kind,
        Text(de=de, en=en),
        given,
        len(said) - 2,
        tuple(
            Reason(words, each, found.value or 0.0, found.low, found.high)
            for words, each, found in zip(said, times, shares, strict=True)
        ),
    )
