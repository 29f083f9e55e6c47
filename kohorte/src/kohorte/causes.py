"""What changed between two periods: how much by mix, how much by rate, and what neither explains.

A value that is the mean of the groups' values weighted by their sizes n moves because the groups
have other weights (mix) or other values (rate). With w = n / Σn and value v, from period a to b:

mix of a group = (w_b − w_a) · ((v_a + v_b) / 2 − m), rate = (v_b − v_a) · (w_a + w_b) / 2,

where m is the mean of the whole over both periods; the sums of both are exactly the move of the
weighted mean (the two-factor Shapley value; Kitagawa 1955 for rates). A total splits into the moves
of the groups' totals. What the groups do not add up to is left as the rest and said so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kohorte.results import Cause, Decomposition, Group, Row

# Groups add up to the whole if the sum is as close as that, in relation to the whole.
_CLOSE = 1e-6


@dataclass(frozen=True)
class Part:
    """One group's value and weight before and after."""

    group: Group
    before: Row
    after: Row


def decompose(before: Row, after: Row, parts: Sequence[Part]) -> Decomposition | None:
    """Return why a value moved; None if it is not known in either period.

    Parameters
    ----------
    before, after
        The whole in both periods.
    parts
        The same of each group; a group without a value in a period has no weight there.
    """
    if before.value is None or after.value is None:
        return None
    kind = _kind(before, after, parts)
    if kind == "total":
        causes = [
            Cause(
                p.group.value,
                p.group.rest,
                0.0,
                _value(p.after) - _value(p.before),
                p.before,
                p.after,
            )
            for p in parts
        ]
    elif kind == "mean":
        causes = _of_mean(parts)
    else:
        causes = [Cause(p.group.value, p.group.rest, None, None, p.before, p.after) for p in parts]
    explained = sum((cause.mix or 0.0) + (cause.rate or 0.0) for cause in causes)
    moved = after.value - before.value
    ranked = sorted(causes, key=lambda cause: -abs((cause.mix or 0.0) + (cause.rate or 0.0)))
    return Decomposition(before, after, kind, tuple(ranked), moved - explained)


def _value(row: Row) -> float:
    return row.value or 0.0


def _kind(before: Row, after: Row, parts: Sequence[Part]) -> Literal["total", "mean", "neither"]:
    """Tell whether the groups' values add up to the whole, or average to it by their n."""
    pairs = [(before, [p.before for p in parts]), (after, [p.after for p in parts])]
    if all(_close(sum(_value(row) for row in rows), _value(whole)) for whole, rows in pairs):
        return "total"
    if all(_close(_mean(rows), _value(whole)) for whole, rows in pairs):
        return "mean"
    return "neither"


def _close(found: float, whole: float) -> bool:
    return abs(found - whole) <= _CLOSE * max(1.0, abs(whole))


def _mean(rows: Sequence[Row]) -> float:
    known = [row for row in rows if row.value is not None]
    total = sum(row.n for row in known)
    return sum(_value(row) * row.n for row in known) / total if total else 0.0


def _of_mean(parts: Sequence[Part]) -> list[Cause]:
    sizes_before = sum(p.before.n for p in parts if p.before.value is not None) or 1
    sizes_after = sum(p.after.n for p in parts if p.after.value is not None) or 1
    middle = (_mean([p.before for p in parts]) + _mean([p.after for p in parts])) / 2
    causes = []
    for part in parts:
        weight_before = part.before.n / sizes_before if part.before.value is not None else 0.0
        weight_after = part.after.n / sizes_after if part.after.value is not None else 0.0
        # A group that is new or gone has moved by its weight alone, at the one value it has.
        old = part.before.value if part.before.value is not None else _value(part.after)
        new = part.after.value if part.after.value is not None else _value(part.before)
        mix = (weight_after - weight_before) * ((old + new) / 2 - middle)
        rate = (new - old) * (weight_before + weight_after) / 2
        causes.append(Cause(part.group.value, part.group.rest, mix, rate, part.before, part.after))
    return causes
