"""Whole points over the lines of an order, and back again when lines are returned: no point lost, none invented.

Everything is counted with exact fractions. An order is rounded once, as a whole; its lines then share
what came out by largest remainder (Hamilton's method), so that they sum to it. What a return takes back
is the difference of two cumulative floors, so that the order of partial returns never matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

Rounding = Literal["down", "half_up"]
_HALF = Fraction(1, 2)


def rounded(exact: Fraction | int, rounding: Rounding = "down") -> int:
    """Return a whole number of points for an exact one that is not negative.

    Parameters
    ----------
    exact
        What was earned, as an exact fraction: never a float.
    rounding
        `down` cuts the fraction off, `half_up` gives the next point from a half on.

    Raises
    ------
    ValueError
        If `exact` is negative.

    Examples
    --------
    >>> rounded(Fraction(5, 2)), rounded(Fraction(5, 2), "half_up")
    (2, 3)
    """
    if exact < 0:
        raise ValueError(f"{exact} is negative; what is taken back follows from what was earned.")
    raised = Fraction(exact) + _HALF if rounding == "half_up" else Fraction(exact)
    return raised.numerator // raised.denominator


def apportion(total: int, weights: Sequence[Fraction | int]) -> list[int]:
    """Return whole parts of a total in proportion to weights, by largest remainder.

    Each weight gets the floor of `total * weight / sum(weights)`; what is left goes, one each, to the
    largest remainders, and among equal ones to the earlier. So the parts sum to the total, none is a
    whole point away from its exact share, and a weight of zero gets nothing.

    Parameters
    ----------
    total
        What is to be shared out, 0 or more.
    weights
        One for each part, 0 or more, whole or exact fractions.

    Raises
    ------
    ValueError
        If the total or a weight is negative, or if there is something to share and no weight to go by.

    Examples
    --------
    >>> apportion(10, [1, 1, 1])
    [4, 3, 3]
    >>> apportion(7, [Fraction(1, 3), 0, Fraction(2, 3)])
    [2, 0, 5]
    """
    if total < 0 or any(weight < 0 for weight in weights):
        raise ValueError("Neither a total nor a weight can be negative.")
    whole = sum((Fraction(weight) for weight in weights), Fraction(0))
    if not whole:
        if total:
            raise ValueError(f"{total} cannot be shared out where every weight is 0.")
        return [0] * len(weights)
    shares = [total * Fraction(weight) / whole for weight in weights]
    parts = [share.numerator // share.denominator for share in shares]
    largest = sorted(range(len(parts)), key=lambda place: (parts[place] - shares[place], place))
    for place in largest[: total - sum(parts)]:
        parts[place] += 1
    return parts


def earned_by_line(exact: Sequence[Fraction | int], rounding: Rounding = "down") -> list[int]:
    """Return what each line of an order earns: the order is rounded once, the lines share the result.

    Parameters
    ----------
    exact
        What each line would earn without rounding.
    rounding
        How the order's sum becomes whole, as in `rounded`.

    Examples
    --------
    Three lines of 3.33 points are 9 together, not 3 + 3 + 3 by luck but by the order's sum of 9.99:

    >>> earned_by_line([Fraction(333, 100)] * 3), earned_by_line([Fraction(333, 100)] * 3, "half_up")
    ([3, 3, 3], [4, 3, 3])
    """
    return apportion(rounded(sum(exact, Fraction(0)), rounding), exact)


def clawed_back(earned: int, quantity: int, *, before: int, now: int) -> int:
    """Return what the return of some pieces of a line takes back.

    `floor(earned * (before + now) / quantity) - floor(earned * before / quantity)`: after the last piece
    it has taken exactly what was earned, whatever the order and the sizes of the returns.

    Parameters
    ----------
    earned
        Points that the line earned.
    quantity
        Pieces that were bought.
    before
        Pieces that came back earlier.
    now
        Pieces that come back now.

    Raises
    ------
    ValueError
        If a number is negative, the quantity is 0 or more comes back than was bought.

    Examples
    --------
    >>> [clawed_back(10, 3, before=before, now=1) for before in range(3)]
    [3, 3, 4]
    """
    if min(earned, before, now) < 0 or quantity < 1 or before + now > quantity:
        raise ValueError(
            f"Of {quantity} pieces that earned {earned}, {before} and then {now} cannot come back."
        )
    return earned * (before + now) // quantity - earned * before // quantity
