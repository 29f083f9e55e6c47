"""Special functions in forms that neither overflow nor break at a pole."""

from __future__ import annotations

import numpy as np
from scipy import special

from kohorte.models.arrays import Array, blocks, distinct

# Beyond this many terms the library's own hypergeometric function takes over.
_MOST_TERMS = 20_000
_SMALLEST_TERM = 1e-17
# Beyond e to this, the series overflows.
_STEEPEST = 400.0
# Beyond this its terms alternate so strongly that they cancel.
_MOST_ALIKE = 20.0
_POINTS = 1200


def power_gap(exponent: float, logarithm: Array) -> Array:
    """Return (1 − e^(exponent · logarithm)) / exponent, −logarithm where the exponent is 0.

    Examples
    --------
    >>> power_gap(0.0, np.array([-2.0])).tolist(), power_gap(2.0, np.array([0.0])).tolist()
    ([2.0], [-0.0])
    """
    if abs(exponent) < 1e-300:
        return -logarithm
    return np.asarray(-np.expm1(exponent * logarithm) / exponent)


def purchases_if_alive(
    *, r: float, alpha: float, a: float, b: float, x: Array, T: Array, t: float, first_may_die: bool
) -> Array:
    """Return how many purchases a customer who is still one makes in a time t.

    The textbook's (c / d) · (1 − (1 − z)^(r + x) · ₂F₁(r + x, …; c; z)) loses all digits near a = 1,
    has a pole at it, and overflows for large x. Euler's transformation with z = t / (α + T + t),
    d = a − 1, c = a + b + x − 1 and q = a + b − 1 − r (both one more where the first purchase may be
    the last) turns it into

        c · (1 − (1 − z)^d) / d − (1 − z)^d · Σ_{k ≥ 1} (1 + d)_{k−1} (q)_k / ((c + 1)_{k−1} k!) · z^k,

    whose terms shrink as x grows and which is smooth through a = 1.

    Parameters
    ----------
    first_may_die
        True for MBG/NBD, False for BG/NBD.

    Notes
    -----
    Source: Fader, Hardie & Lee (2005), equation 10; Abramowitz & Stegun, 15.3.3.

    Examples
    --------
    >>> purchases_if_alive(
    ...     r=0.243, alpha=4.414, a=0.793, b=2.426, x=np.array([0.0]), T=np.array([0.0]), t=52.0,
    ...     first_may_die=False,
    ... ).round(3).tolist()
    [1.446]
    """
    (some_x, some_T), place = distinct(x, T)
    shift = 1.0 if first_may_die else 0.0
    z = t / (alpha + some_T + t)
    c, d, q = a + b + some_x - 1 + shift, a - 1, a + b - 1 + shift - r
    rest = np.log1p(-z)
    alike = (-d * rest > _STEEPEST) | (-q > _MOST_ALIKE)
    z = np.where(alike, 0.0, z)
    found = c * power_gap(d, rest) - np.exp(d * rest) * _series(d=d, q=q, c=c, z=z)
    if alike.any():
        after = b + shift + some_x[alike]
        found[alike] = _over_chances(
            a, after, y=r + some_x[alike], ratio=t / (alpha + some_T[alike])
        )
    return np.asarray(np.maximum(found, 0.0)[place])


def _over_chances(a: float, b: Array, *, y: Array, ratio: Array) -> Array:
    """Return the mean of (1 − (1 + p·ratio)^−y) / p over beta(a, b), by points over ln(p / (1 − p)).

    Below the lowest point the integrand has reached its limit y·ratio, with all the weight there is.
    """
    found = np.empty(len(b))
    for rows in blocks(len(b), size=256):
        after, power, reach = b[rows, None], y[rows, None], ratio[rows, None]
        center, width = np.log(a / after), 12 * np.sqrt(1 / a + 1 / after)
        tiny = -np.log(1e9 * np.maximum(power * reach, 1.0))
        low = np.maximum(center - width - 40 / a, tiny)
        high = np.maximum(center + width + 40 / after, low + width)
        step = (high - low) / _POINTS
        logit = low + step * np.arange(_POINTS + 1)
        logs = a * special.log_expit(logit) + after * special.log_expit(-logit)
        highest = logs.max(axis=1, keepdims=True)
        weight = np.exp(logs - highest)
        below = np.where(low <= tiny, np.exp(a * low - highest) / a / step, 0.0)
        chance = special.expit(logit)
        made = -np.expm1(-power * np.log1p(chance * reach)) / chance
        total = (weight * made).sum(axis=1, keepdims=True) + below * power * reach
        found[rows] = (total / (weight.sum(axis=1, keepdims=True) + below))[:, 0]
    return found


def _series(*, d: float, q: float, c: Array, z: Array) -> Array:
    """Return Σ_{k ≥ 1} (1 + d)_{k−1} (q)_k / ((c + 1)_{k−1} k!) · z^k for every row.

    Rows leave when their terms no longer count, so few long series cost little.
    """
    total = np.zeros_like(z)
    if not len(z):
        return total
    left = np.arange(len(z))
    term = q * z
    some = term.copy()
    here_c, here_z = c, z
    bound = np.zeros(0)
    for k in range(1, _MOST_TERMS):
        factor = (d + k) * (q + k) / (k + 1) / (here_c + k)
        term = term * (factor * here_z)
        some = some + term
        if k & 7:
            continue
        # A term's successors shrink at least like a geometric series from here on.
        bound = np.abs(term) / np.maximum(1 - here_z * np.maximum(1.0, np.abs(factor)), 1e-9)
        going = bound > _SMALLEST_TERM * np.maximum(np.abs(some), 1e-300)
        if going.all():
            continue
        total[left[~going]] = some[~going]
        left, term, some = left[going], term[going], some[going]
        here_c, here_z = here_c[going], here_z[going]
        if not len(left):
            return total
    total[left] = _long_series(d=d, q=q, c=here_c, z=here_z)
    return total


def _long_series(*, d: float, q: float, c: Array, z: Array) -> Array:
    """Return the same sum where z is next to 1, by ₂F₁; its pole at d = 0 lies between two points."""
    if abs(d) < 1e-5:
        return (_long_series(d=1e-5, q=q, c=c, z=z) + _long_series(d=-1e-5, q=q, c=c, z=z)) / 2
    # At c = 0 the sum is finite although ₂F₁ is not: the limit is taken from beside.
    c = np.where(np.abs(c) < 1e-6, 1e-6, c)
    return np.asarray(c * (special.hyp2f1(q, d, c, z) - 1) / d)


def trigamma(values: Array | float) -> Array:
    """Return the derivative of the digamma function: ζ(2, ·), which is the same and faster."""
    return np.asarray(special.zeta(2, values))
