"""What purchase models read: bad columns are named, equal customers are counted, horizons have units."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from kohorte.errors import ModelError
from kohorte.models import arrays
from kohorte.models.buyers import Buyers
from kohorte.models.horizons import Months, duration


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (([1], [5], [3]), "behind the last day"),
        (([1, 2], [1], [3]), "differ in length"),
        (([0.5], [1], [3]), "whole"),
        (([-1], [0], [3]), "from 0 on"),
        (([1], [float("nan")], [3]), "from 0 on"),
        (([0], [2], [3]), "t_x = 0"),
    ],
)
def test_bad_columns_are_named(columns: tuple[Any, Any, Any], said: str) -> None:
    with pytest.raises(ModelError, match=said):
        Buyers(*columns)


def test_the_future_is_told_in_german_as_well() -> None:
    with pytest.raises(ModelError) as caught:
        Buyers([1, 1], [5, 2], [3, 1])
    assert caught.value.render("de").startswith("Der letzte Kauf von 2 Kunden liegt")


def test_equal_customers_are_counted() -> None:
    chance = np.random.default_rng(0)
    T = chance.integers(1, 9, 500)
    x = chance.integers(0, 3, 500)
    t_x = np.where(x > 0, chance.integers(0, 9, 500) % T, 0)
    for factor in (1.0, 0.5, 1e7):
        found = Buyers(x, t_x * factor, T * factor).counted()
        assert found.weights is not None
        assert found.weights.sum() == 500
        rows = {
            (int(a), float(b), float(c)): int(n)
            for a, b, c, n in zip(found.x, found.t_x, found.T, found.weights, strict=True)
        }
        assert len(rows) == len(found)
        for row, n in rows.items():
            same = (x == row[0]) & (t_x * factor == row[1]) & (T * factor == row[2])
            assert np.count_nonzero(same) == n


def test_distinct_rows_lead_back_to_all_rows() -> None:
    chance = np.random.default_rng(1)
    for high, factor in ((5, 1.0), (5, 0.1), (1 << 19, 1.0)):
        columns = [chance.integers(0, high, 300) * factor for _ in range(2)]
        found, place = arrays.distinct(*columns)
        for column, some in zip(columns, found, strict=True):
            assert (some[place] == column).all()


def test_months_end_where_the_calendar_says() -> None:
    assert Months(1).after(dt.date(2026, 1, 31)) == dt.date(2026, 2, 28)
    assert Months(24).after(dt.date(2024, 2, 29)) == dt.date(2026, 2, 28)
    assert duration(Months(12), as_of=dt.date(2027, 6, 1)).days == 366
    assert duration(Months(4800), as_of=None).days == 146097


@pytest.mark.parametrize("horizon", [365, 12.5, "2026-01-01", None, dt.datetime(2026, 1, 1)])  # noqa: DTZ001
def test_a_horizon_without_a_unit_is_refused(horizon: Any) -> None:
    with pytest.raises(ModelError, match="date, a duration or months"):
        duration(horizon, as_of=dt.date(2025, 1, 1))


def test_a_horizon_ends_after_it_begins() -> None:
    with pytest.raises(ModelError, match="ends before"):
        duration(dt.date(2024, 1, 1), as_of=dt.date(2025, 1, 1))
    with pytest.raises(ModelError, match="last day"):
        duration(dt.date(2024, 1, 1), as_of=None)
