"""How answers become scores: NPS and effort with their adjusted interval, shares of one scale."""

from __future__ import annotations

import math

from kohorte import intervals
from kohorte.intervals import Estimate
from kohorte.metrics.metric import Estimator, Sums
from kohorte.settings import Settings

# Three pseudo-answers, split by a triangle, bring the interval to its coverage (Rocks 2016).
_ADDED, _ADDED_AT_EACH_END = 3.0, 0.75


def net_promoter() -> Estimator:
    """Return the estimator of promoters less detractors in points, weighted if the sums are.

    With weights n is Kish's effective number (Σw)² / Σw². Only the scale from 0 to 10 gives one.
    """

    def estimate(sums: Sums, settings: Settings) -> Estimate:
        if not sums[0]["one_scale"]:
            return Estimate(None, why="mixed_scales")
        if (sums[0]["lowest"], sums[0]["highest"]) != (0, 10):
            return Estimate(None, why="other_scale")
        row = {
            name: float(sums[0][name])
            for name in ("weights", "weights_squared", "promoters", "detractors")
        }
        n = row["weights"] ** 2 / row["weights_squared"]
        promoters, detractors = (row[name] / row["weights"] for name in ("promoters", "detractors"))
        return net_promoter_score(
            promoters, detractors, n=n, z=intervals.quantile(settings.confidence_percent)
        )

    return estimate


def net_promoter_score(promoters: float, detractors: float, *, n: float, z: float) -> Estimate:
    """Return the score of two shares of n answers: the mean of 1, 0 and −1, times 100.

    Examples
    --------
    >>> estimate = net_promoter_score(0.5, 0.2, n=100, z=1.96)
    >>> [round(bound, 1) for bound in (estimate.value, estimate.low, estimate.high)]
    [30.0, 14.1, 44.2]
    """
    total, squares = n * (promoters - detractors), n * (promoters + detractors)
    return mean_on_scale(n, total=total, squares=squares, ends=(-1, 1), z=z).times(100)


def mean_on_scale(
    n: float, *, total: float, squares: float, ends: tuple[float, float], z: float
) -> Estimate:
    """Return the mean of n scores on a scale with two ends, with the adjusted Wald interval.

    Formula: three answers are added, 3/4 at each end and 3/2 in the middle; with the mean m' and
    the mean square q' of all n' = n + 3, m' ± z √((q' − m'²) / n'), cut at the ends. A plain mean's
    interval misses too often where nearly all answers are alike, as answers mostly are. Source:
    Rocks 2016, The American Statistician 70, for the three scores of the NPS.
    """
    low, high = ends
    middle, more = (low + high) / 2, n + _ADDED
    in_the_middle = _ADDED - 2 * _ADDED_AT_EACH_END
    mean = (total + _ADDED * middle) / more
    at_ends = _ADDED_AT_EACH_END * (low * low + high * high)
    square = (squares + at_ends + in_the_middle * middle * middle) / more
    half = z * math.sqrt((square - mean * mean) / more)
    value = total / n
    return Estimate(value, min(value, max(low, mean - half)), max(value, min(high, mean + half)))


def share_of_one_scale(k: str) -> Estimator:
    """Return the estimator of a share in percent; nothing where scales are mixed."""

    def estimate(sums: Sums, settings: Settings) -> Estimate:
        row = sums[0]
        if not row["one_scale"]:
            return Estimate(None, why="mixed_scales")
        z = intervals.quantile(settings.confidence_percent)
        return intervals.share(int(row[k]), int(row["n"]), z=z).times(100)

    return estimate


def effort() -> Estimator:
    """Return the estimator of the mean answer as a percentage of the number of options.

    The interval is cut where the scale ends, at 100 / options and at 100.
    """

    def estimate(sums: Sums, settings: Settings) -> Estimate:
        row = sums[0]
        if not row["one_scale"]:
            return Estimate(None, why="mixed_scales")
        options = float(row["options"])
        found = mean_on_scale(
            int(row["n"]),
            total=float(row["place"]),
            squares=float(row["place_squared"]),
            ends=(1, options),
            z=intervals.quantile(settings.confidence_percent),
        )
        return found.times(100 / options)

    return estimate
