from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from core.test_races import at_once  # type: ignore[import-not-found]
from importing import imported, numbers, rows  # type: ignore[import-not-found]
from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import Refused
from stammkunde.flows import order_recorded
from stammkunde.records.customers.models import Customer
from stammkunde.records.orders.models import Order, Request, Version
from stammkunde.records.orders.rules import Line, Said
from stores_and_cast import Cast, Store, make_cast  # type: ignore[import-not-found]

MONDAY = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
ORDER = Said(
    number="A1",
    placed_at=MONDAY,
    amount_minor=1000,
    customer_number="17",
    email="Anna@Example.com",
    name="Anna Ahorn",
    lines=(Line(product="Brie", quantity=Decimal(1), amount_minor=1000),),
)


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


@pytest.mark.django_db
class TestOne:
    def test_it_is_recorded_with_its_customer(self, cast: Cast) -> None:
        found = order_recorded.record(cast.cheese, ORDER, actor=COMMAND, key="k1")

        order = Order.objects.get()
        assert (found.order_id, found.outcome) == (order.pk, "new")
        assert order.customer is not None
        assert (order.customer.email, order.customer.orders) == ("anna@example.com", 1)
        assert [line.product for line in order.lines.all()] == ["Brie"]
        event = Event.objects.get(name="order.recorded")
        assert (event.object_id, event.data) == (str(order.pk), {})
        assert numbers(cast.cheese) == {"customers": 1.0, "orders": 1.0, "revenue": 10.0}

    def test_a_key_is_answered_the_same_and_never_used_for_something_else(self, cast: Cast) -> None:
        first = order_recorded.record(cast.cheese, ORDER, actor=COMMAND, key="k1")
        again = order_recorded.record(cast.cheese, ORDER, actor=COMMAND, key="k1")
        assert (again.order_id, again.outcome) == (first.order_id, "same")
        with pytest.raises(Refused) as refused:
            order_recorded.record(
                cast.cheese, replace(ORDER, amount_minor=9), actor=COMMAND, key="k1"
            )
        assert refused.value.name == "request.differs"
        order_recorded.record(cast.tea, ORDER, actor=COMMAND, key="k1")
        assert (Order.objects.count(), Request.objects.count()) == (2, 2)
        assert not Version.objects.exists()

    def test_a_change_keeps_what_was(self, cast: Cast) -> None:
        order_recorded.record(cast.cheese, ORDER, actor=COMMAND)
        found = order_recorded.record(cast.cheese, replace(ORDER, state="cancelled"), actor=COMMAND)

        assert found.outcome == "changed"
        assert Version.objects.get().before["state"] == "counted"
        assert Customer.objects.get().orders == 0

    def test_an_older_word_does_not_undo_a_newer_one(self, cast: Cast) -> None:
        newer = replace(ORDER, state="cancelled", said_at=MONDAY + dt.timedelta(days=1))
        order_recorded.record(cast.cheese, newer, actor=COMMAND)
        found = order_recorded.record(cast.cheese, replace(ORDER, said_at=MONDAY), actor=COMMAND)

        assert found.outcome == "outdated"
        assert Order.objects.get().state == "cancelled"

    def test_the_same_order_in_a_file_is_no_change(self, cast: Cast) -> None:
        order_recorded.record(cast.cheese, ORDER, actor=COMMAND)
        import_ = imported(
            cast.cheese,
            rows("A1;05.01.2026 10:00;17;anna@example.com;Anna Ahorn;10,00;bezahlt;Brie;1"),
        )
        assert import_.counts["same"] == {"orders": 1}

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"number": " "}, "number"),
            ({"placed_at": MONDAY.replace(tzinfo=None)}, "placed_at"),
            ({"state": "lost"}, "state"),
            ({"amount_minor": -1}, "amount_minor"),
            ({"currency": "USD"}, "currency"),
        ],
    )
    def test_what_cannot_be_is_refused_at_its_field(
        self, cast: Cast, changed: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(Refused) as refused:
            order_recorded.record(cast.cheese, replace(ORDER, **changed), actor=COMMAND)
        assert list(refused.value.fields) == [field]
        assert not Order.objects.exists()


def test_the_same_order_at_the_same_moment_is_recorded_once(own_store: Store) -> None:
    cast = make_cast()
    found = at_once(
        *[lambda: order_recorded.record(cast.cheese, ORDER, actor=COMMAND, key="k1")] * 6
    )

    assert sorted(each.outcome for each in found) == ["new"] + ["same"] * 5
    assert len({each.order_id for each in found}) == 1
    assert (Order.objects.count(), Customer.objects.count()) == (1, 1)
    connection.close()
