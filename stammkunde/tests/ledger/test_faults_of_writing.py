"""What the store refuses is a race only where it is one: a fault of the writer is told as what it is."""

from __future__ import annotations

from typing import Any

import pytest
from booking import ANNA, Points  # type: ignore[import-not-found]
from django.db import IntegrityError
from promises import assert_whole  # type: ignore[import-not-found]

from stammkunde.core import bulk
from stammkunde.ledger import writing
from stammkunde.ledger.models import Transaction
from stores_and_cast import Store, make_cast  # type: ignore[import-not-found]

NOBODY = 10**9


@pytest.fixture
def till(own_store: Store) -> Points:
    points = Points(make_cast().cheese.pk)
    points.earn(ANNA, 100)
    return points


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_lot", "ledger_taking"])
def test_a_row_that_names_what_is_not_there_is_no_race(
    till: Points, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = writing._new
    tries = []

    def faulty(*given: Any) -> dict[str, writing.Rows]:
        tries.append(given)
        rows = written(*given)
        column = "origin_id" if table == "ledger_lot" else "lot_id"
        place = [*writing.TABLES[table]].index(column)
        known = rows[table] or [(rows["ledger_transaction"][0][0], 0, 1, 1)]
        rows[table] = [(*row[:place], NOBODY, *row[place + 1 :]) for row in known]
        return rows

    monkeypatch.setattr(writing, "_new", faulty)
    with pytest.raises(IntegrityError):
        till.earn(ANNA, 5, order="2")
    monkeypatch.undo()
    assert len(tries) == 1
    till.earn(ANNA, 5, order="3")
    assert till.of(ANNA) == (0, 105, 0, 0)
    assert_whole(till.shop_id)


@pytest.mark.parametrize("own_store", ["postgresql"], indirect=True)
def test_ids_that_begin_anew_after_a_restore_are_not_taken_for_a_crowd(till: Points) -> None:
    last = Transaction.objects.latest("pk").pk
    bulk.run("SELECT setval('ledger_transaction_id_seq', %s, false)", (last,))
    with pytest.raises(IntegrityError, match="ledger_transaction_pkey"):
        till.earn(ANNA, 5, order="2")
