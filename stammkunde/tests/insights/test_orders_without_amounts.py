"""Orders of which a program told no amount, among those that have one: no figure of the shop breaks."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from importing import FILE, imported  # type: ignore[import-not-found]
from stammkunde.core.audit.services import COMMAND
from stammkunde.flows import order_recorded
from stammkunde.insights import history
from stammkunde.records.orders.rules import Said
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db


def test_a_month_whose_amounts_nobody_knows_has_no_revenue(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    imported(cast.cheese, FILE)
    at = dt.datetime(2026, 3, 5, 9, tzinfo=dt.UTC)
    said = Said(number="P1", placed_at=at, amount_minor=None, customer_number="18")
    order_recorded.record(cast.cheese, said, key="", actor=COMMAND)

    with history.history(cast.cheese) as found:
        rows = {grain: list(found.rows(grain)) for grain in ("month", "year", "all")}

    march = {
        row.metric: row.value for row in rows["month"] if str(row.period).startswith("2026-03")
    }
    assert march["orders"] == 1
    assert march["revenue"] is None
    assert rows["all"]
