"""Amounts that are left after fees: what a payment service or a marketplace paid out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kohorte.reading.meaning import naming
from kohorte.reading.meaning.facts import Facts
from kohorte.reading.meaning.words import words_of
from kohorte.reading.plan import Plan
from kohorte.reading.source import Column

_FEES = words_of("fee fees gebuehr gebuehren provision commission kommission entgelt frais")
_MOSTLY = 0.8
_CENT = 0.011


def columns(every: Iterable[Column]) -> list[Column]:
    """Return the columns of fees."""
    return [column for column in every if _FEES & set(naming.spoken(column.name))]


def explain(left: Facts, whole: Facts, fees: Sequence[Facts]) -> bool:
    """Return whether an amount is what fees leave of another one."""
    return any(_leaves(left, whole, fee) for fee in fees)


def _leaves(left: Facts, whole: Facts, fee: Facts) -> bool:
    rows = [
        (one, two, three)
        for one, two, three in zip(left.numbers, whole.numbers, fee.numbers, strict=True)
        if one is not None and two is not None and three
    ]
    fits = sum(abs(two - abs(three) - one) < _CENT for one, two, three in rows)
    return bool(rows) and fits >= _MOSTLY * len(rows)


def left_over(
    places: Iterable[int], facts: Mapping[int, Facts], every: Iterable[Column]
) -> frozenset[int]:
    """Return which of some columns of amounts are what fees leave of another one of them."""
    known = list(places)
    own = [facts[column.index] for column in columns(every) if column.index in facts]
    return frozenset(
        place
        for place in known
        for other in known
        if other != place and explain(facts[place], facts[other], own)
    )


def part(one: Column, other: Column, *, plan: Plan) -> bool:
    """Return whether two columns of amounts differ by fees, and so not by taxes."""
    return bool(left_over((one.index, other.index), plan.facts, plan.source.columns))
