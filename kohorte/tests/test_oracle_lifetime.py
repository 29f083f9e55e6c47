"""Two ways to the interval of lifetime value must be about equally wide.

The library leaves out one random group of customers after the other (jackknife); the oracle uses
the delta method on the logarithm, with the covariance of value and churn.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable

import product
from kohorte import settings as shop
from oracle import examples, table

SETTINGS = shop.Settings(active_days=90, retention_days=60, margin_percent=25)


def log_width(low: float | None, high: float | None) -> float:
    assert low is not None
    assert high is not None
    return math.log(high / low)


def widths(rows: Iterable[table.Row]) -> dict[str, float]:
    return {row.period: log_width(row.low, row.high) for row in rows if row.value is not None}


def test_the_jackknife_and_the_delta_method_are_about_equally_wide() -> None:
    recorded = examples.busy_shop()
    log = examples.log(recorded, settings=SETTINGS)
    for slug in ("customer_lifetime_value", "customer_lifetime_profit"):
        expected = widths(table.of(log, slug, "month"))
        with product.of(recorded, [], currency="EUR", settings=SETTINGS) as history:
            rows = [row for row in history.metric(slug, grain="month") if row.value is not None]
        found = {row.period: log_width(row.low, row.high) for row in rows}
        assert set(found) == set(expected)
        assert len(found) >= 10
        ratios = [found[period] / width for period, width in expected.items()]
        assert min(ratios) > 0.6
        assert max(ratios) < 1.6
        assert 0.9 < statistics.median(ratios) < 1.2
