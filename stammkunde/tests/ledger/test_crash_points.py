"""The machine stops anywhere within a verb: nothing of it remains, and the same key then books it once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from faults import Fault, answer_lost, faulty  # type: ignore[import-not-found]
from promises import assert_whole  # type: ignore[import-not-found]
from side_by_side import asked  # type: ignore[import-not-found]
from units_of_shops import with_units  # type: ignore[import-not-found]

from stammkunde.ledger import services
from stammkunde.ledger.commands import (
    Adjust,
    Cancel,
    Capture,
    Convert,
    Donate,
    Earn,
    EarnedLine,
    Hold,
    Owner,
    Posted,
    Release,
    Return,
    Reverse,
    Spend,
    Transfer,
)
from stores_and_cast import Cast, Store, make_cast  # type: ignore[import-not-found]

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
ANNA, BERT = Owner("customer", "1"), Owner("customer", "2")


class Setting:
    """A shop where something of everything has happened, and the next command of each kind."""

    def __init__(self, shop_id: int) -> None:
        self.shop_id = shop_id
        self.earned = asked(self.earn("first", 2))
        asked(Spend(**self.at("spent"), owner=ANNA, amount=30, source="order:9"))
        self.held = [self.hold(f"held {n}", n) for n in range(3)]
        asked(Return(**self.at("back"), lines=(("order:first/line:0", 1),)))

    def at(self, key: str, days: int = 0) -> dict[str, Any]:
        return {
            "shop_id": self.shop_id,
            "unit": "points",
            "key": key,
            "effective_at": NOON + days * DAY,
        }

    def earn(self, name: str, lines: int) -> Earn:
        return Earn(
            **self.at(f"earn {name}"),
            owner=ANNA,
            lines=tuple(EarnedLine(f"order:{name}/line:{n}", 100, 3) for n in range(lines)),
            expires_at=NOON + 20 * DAY,
        )

    def hold(self, key: str, n: int) -> int:
        found = asked(
            Hold(**self.at(key), owner=ANNA, amount=10, source=f"order:h{n}", expires_at=NOON + DAY)
        )
        assert found.hold_id is not None
        return found.hold_id

    def commands(self) -> Iterator[Any]:
        at = self.at
        yield self.earn("second", 3)
        yield Spend(**at("spend"), owner=ANNA, amount=70, source="order:10")
        yield Hold(
            **at("hold"), owner=ANNA, amount=11, source="order:11", expires_at=NOON + 2 * DAY
        )
        yield Capture(**at("capture"), hold_id=self.held[0], amount=4)
        yield Release(**at("release"), hold_id=self.held[1])
        yield Return(
            **at("return", 10),
            lines=(("order:first/line:0", 2), ("order:first/line:1", 1)),
            give_back=(("order:9", 20),),
            minimum_days=14,
        )
        yield Cancel(**at("cancel"), source="order:first")
        yield Adjust(**at("adjust"), owner=BERT, amount=5, reason="goodwill", by="person:1")
        yield Transfer(**at("transfer"), owner=ANNA, to=BERT, amount=7)
        yield Donate(**at("donate"), owner=ANNA, amount=3, charity="forest")
        yield Convert(**at("convert"), owner=ANNA, amount=8, to_unit="miles", numerator=2)
        yield Reverse(
            **at("reverse"), transaction_id=self.earned.transaction_id, reason="a mistake"
        )

    def ticks(self) -> Iterator[Callable[[], object]]:
        for work, days in ((services.mature, 0), (services.lapse, 2), (services.expire, 30)):
            yield lambda work=work, days=days: work(  # type: ignore[misc]
                self.shop_id, effective_at=NOON + days * DAY, limit=100
            )


def everything() -> list[list[Any]]:
    """Return all rows of the ledger."""
    return [
        list(model.objects.order_by("pk").values_list())  # type: ignore[attr-defined]
        for model in apps.get_app_config("ledger").get_models()
    ]


def stops(work: Callable[[], object]) -> Iterator[Fault]:
    """Return a fault before each statement of some work, and one behind the last; undo the work in between."""
    counted = Fault(-1)
    with transaction.atomic():
        with faulty(counted):
            work()
        transaction.set_rollback(True)
    yield from (Fault(place) for place in range(counted.seen))
    yield Fault(counted.seen - 1, after=True)


@pytest.mark.django_db
def test_a_stop_at_any_statement_leaves_nothing_and_the_key_free(cast: Cast) -> None:
    setting = Setting(with_units(cast.cheese).pk)
    before = everything()
    works: list[Callable[[], object]] = [
        lambda command=command: asked(command)  # type: ignore[misc]
        for command in setting.commands()
    ]
    for work in (*works, *setting.ticks()):
        for fault in stops(work):
            with faulty(fault):
                work()
            assert fault.met
            assert everything() == before
        with transaction.atomic():
            work()
            assert_whole(setting.shop_id)
            transaction.set_rollback(True)


def test_an_answer_that_was_lost_is_given_again(own_store: Store) -> None:
    setting = Setting(with_units(make_cast().cheese).pk)
    for command in setting.commands():
        before = everything()
        with answer_lost():
            asked(command)
        after = everything()
        assert after != before
        first, second = asked(command), asked(command)
        assert isinstance(first, Posted)
        assert first.replayed
        assert first == second
        assert everything() == after
    assert_whole(setting.shop_id)
