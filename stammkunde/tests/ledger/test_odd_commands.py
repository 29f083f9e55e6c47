"""What no caller should ask is refused with its field, on both stores alike, and nothing is written."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from promises import assert_whole  # type: ignore[import-not-found]
from side_by_side import asked  # type: ignore[import-not-found]
from units_of_shops import with_units  # type: ignore[import-not-found]

from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import Refused
from stammkunde.ledger import refusals, services
from stammkunde.ledger.commands import (
    Adjust,
    Cancel,
    Capture,
    Earn,
    EarnedLine,
    Hold,
    Owner,
    Release,
    Return,
    Spend,
)
from stammkunde.ledger.models import Transaction
from stores_and_cast import Cast  # type: ignore[import-not-found]

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
ANNA = Owner("customer", "1")
HUGE = 2**62
pytestmark = pytest.mark.django_db


def earn(shop_id: int, amount: int = 5, **changed: Any) -> Earn:
    line = EarnedLine(changed.pop("source", "order:1/line:1"), amount, changed.pop("quantity", 1))
    given = {"key": f"{amount}", "effective_at": NOON, "owner": ANNA, "lines": (line,), **changed}
    return Earn(shop_id=shop_id, unit="points", **given)


@pytest.mark.parametrize(
    "odd",
    [
        {"amount": 0},
        {"amount": -1},
        {"amount": 2**63},
        {"amount": HUGE},
        {"quantity": 0},
        {"quantity": 2**40},
        {"key": ""},
        {"key": "k" * 201},
        {"source": "s" * 201},
        {"cause": "c" * 201},
        {"policy": "p" * 81},
        {"scope": "s" * 21},
        {"owner": Owner("customer", "9" * 101)},
        {"owner": Owner("k" * 21, "1")},
        {"owner": Owner("", "1")},
        {"lines": ()},
        {"effective_at": NOON.replace(tzinfo=None)},
        {"effective_at": NOON.replace(year=1)},
        {"effective_at": NOON.replace(year=9999)},
        {"expires_at": dt.datetime.max.replace(tzinfo=dt.UTC)},
        {"amount": True},
    ],
    ids=str,
)
def test_an_odd_earning_is_refused(cast: Cast, odd: dict[str, Any]) -> None:
    shop_id = with_units(cast.cheese).pk

    with pytest.raises(Refused) as refused:
        asked(earn(shop_id, **odd))
    assert refused.value.name == "ledger.bad_command"
    assert not Transaction.objects.exists()


@pytest.mark.parametrize(
    "sign", ["\0", "\n", "\t", "\x1b", "\x7f", "\x85", "\u2028", "\u202e", "\ud800"]
)
def test_signs_that_steer_are_refused_wherever_they_stand(cast: Cast, sign: str) -> None:
    shop_id = with_units(cast.cheese).pk
    text = f"a{sign}b"
    for field, odd in (
        ("key", {"key": text}),
        ("cause", {"cause": text}),
        ("policy", {"policy": text}),
        ("lines", {"source": text}),
        ("owner", {"owner": Owner("customer", text)}),
    ):
        with pytest.raises(refusals.NotPlain) as refused:
            # Whoever is one person with somebody is looked up before.
            services.post_as_one(earn(shop_id, **odd), [Owner("customer", "2")])
        assert [*refused.value.fields] == [field]
    at: dict[str, Any] = {"shop_id": shop_id, "unit": "points", "effective_at": NOON}
    returned = Return(**at, key="r", lines=((text, 1),))
    correction = Adjust(**at, key="c", owner=ANNA, amount=1, reason=text, by="person:1")
    found = services.post_each([returned, correction])
    assert [[*each.fields] for each in found if isinstance(each, Refused)] == [
        ["lines"],
        ["reason"],
    ]
    with pytest.raises(refusals.NotPlain):
        services.open_unit(shop_id, "stars", kind="points", name=text, actor=COMMAND)
    assert not Transaction.objects.exists()


def test_letters_of_all_scripts_are_booked_as_they_are(cast: Cast) -> None:
    cause = "Käse, 50 €/kg – 👩\u200d🍳 \u200fשלום \xa0ok"
    asked(earn(with_units(cast.cheese).pk, cause=cause))
    assert Transaction.objects.get().cause == cause


def test_many_large_earnings_never_run_over(cast: Cast) -> None:
    shop_id = with_units(cast.cheese).pk
    largest = 10**15
    for n in range(20):
        asked(earn(shop_id, largest, key=f"{n}"))
    asked(
        Spend(
            shop_id=shop_id,
            unit="points",
            key="s",
            effective_at=NOON,
            owner=ANNA,
            amount=largest,
            source="order:2",
        )
    )
    assert_whole(shop_id)


def test_the_same_instant_in_another_zone_is_the_same_command(cast: Cast) -> None:
    command = earn(with_units(cast.cheese).pk)
    first = asked(command)
    berlin = dt.timezone(dt.timedelta(hours=1))
    again = asked(replace(command, effective_at=NOON.astimezone(berlin)))
    assert again == replace(first, replayed=True)


def test_two_verbs_under_one_scope_and_key_are_two_commands(cast: Cast) -> None:
    shop_id = with_units(cast.cheese).pk
    asked(earn(shop_id))
    at: dict[str, Any] = {
        "shop_id": shop_id,
        "unit": "points",
        "key": "1",
        "scope": "order",
        "effective_at": NOON,
    }
    hold = Hold(
        **{**at, "key": "h"}, owner=ANNA, amount=2, source="o", expires_at=NOON + dt.timedelta(1)
    )
    hold_id = asked(hold).hold_id or 0
    asked(Release(**at, hold_id=hold_id))
    with pytest.raises(Refused) as refused:
        asked(Capture(**at, hold_id=hold_id))
    assert refused.value.name == "ledger.key_reused"


def test_one_shop_never_reaches_what_is_another_s(cast: Cast) -> None:
    ours, theirs = with_units(cast.cheese).pk, with_units(cast.tea).pk
    asked(earn(ours))
    at: dict[str, Any] = {"unit": "points", "effective_at": NOON}
    life = NOON + dt.timedelta(1)
    held = Hold(**at, shop_id=ours, key="h", owner=ANNA, amount=2, source="o", expires_at=life)
    hold_id = asked(held).hold_id or 0
    with pytest.raises(Refused) as refused:
        asked(Capture(**at, shop_id=theirs, key="c", hold_id=hold_id))
    assert refused.value.name == "ledger.unknown_hold"
    with pytest.raises(Refused) as refused:
        asked(Spend(**at, shop_id=theirs, key="s", owner=ANNA, amount=1, source="o"))
    assert refused.value.name == "ledger.not_enough"
    assert Transaction.objects.filter(shop_id=theirs).count() == 0


def test_in_a_batch_only_what_is_odd_is_refused(cast: Cast) -> None:
    shop_id = with_units(cast.cheese).pk
    commands = [
        earn(shop_id, key="1"),
        earn(shop_id, key="2" * 201),
        replace(earn(shop_id, key="3"), unit="stars"),
        earn(shop_id, key="4"),
    ]
    found = services.post_each(commands)
    assert [getattr(each, "kind", None) or getattr(each, "name", None) for each in found] == [
        "earn",
        "ledger.bad_command",
        "ledger.unknown_unit",
        "earn",
    ]
    for some in (commands[:2], commands[2:], commands[1:3]):
        with pytest.raises(Refused):
            services.post([replace(each, scope="other") for each in some])
    assert Transaction.objects.count() == 2


def test_a_return_and_a_cancel_in_one_batch_see_each_their_order(cast: Cast) -> None:
    shop_id = with_units(cast.cheese).pk
    for n in range(3):
        asked(earn(shop_id, 10, key=f"{n}", source=f"order:{n}/line:1", quantity=2))
    at: dict[str, Any] = {"shop_id": shop_id, "unit": "points", "effective_at": NOON}
    found = services.post(
        [
            Return(**at, key="r", lines=(("order:1/line:1", 1),)),
            Cancel(**at, key="c", source="order:2"),
            Cancel(**at, key="d", source="order:1"),
        ]
    )
    assert [each.balances.available for each in found if each.balances] == [25, 15, 10]
    assert_whole(shop_id)
