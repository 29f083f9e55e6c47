"""What facts of consent come to: decisions on plain data.

A grant is for the address that gave it; a withdrawal is the person's. So a merge never widens anything:
what one of the two withdrew is withdrawn, unless an address agreed anew afterwards.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

State = Literal["given", "withdrawn"]


@dataclass(frozen=True)
class Said:
    """A fact: what was said of which address, and when; `place` tells the later of two at one instant."""

    address: str
    state: str
    at: dt.datetime
    place: int


def granted(facts: Iterable[Said]) -> frozenset[str]:
    """Return the addresses for which consent holds, of facts about one purpose and channel.

    >>> noon = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)
    >>> later = noon + dt.timedelta(days=1)
    >>> sorted(granted([Said("a", "given", noon, 1), Said("b", "given", later, 2)]))
    ['a', 'b']
    >>> sorted(granted([Said("a", "given", noon, 1), Said("b", "withdrawn", later, 2)]))
    []
    >>> sorted(granted([Said("a", "withdrawn", noon, 1), Said("b", "given", later, 2)]))
    ['b']
    """
    given: dict[str, tuple[dt.datetime, int]] = {}
    withdrawn: tuple[dt.datetime, int] | None = None
    for fact in facts:
        moment = (fact.at, fact.place)
        if fact.state == "given":
            given[fact.address] = max(given.get(fact.address, moment), moment)
        else:
            withdrawn = max(withdrawn or moment, moment)
    return frozenset(
        address for address, moment in given.items() if withdrawn is None or moment > withdrawn
    )
