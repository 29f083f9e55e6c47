"""A made-up points program over the demo's real orders, so that the pages of the ledger have something to show.

One point for each pound of every sixth customer; they can be used after 14 days and end after a year. Who
redeems, and when, is made up: the wholesaler of the orders had no such program. Its days are those of the
orders moved to end yesterday, for points of 2011 would all have ended by now.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stammkunde.core.shops.models import Shop
    from stammkunde.ledger.commands import Owner

CODE = "points"
# One name in both languages: whoever reads the pages may speak another than whoever filled the shop.
NAME = "Bonus (Demo)"
EVERY, PENCE_A_POINT = 6, 100
RETURN_DAYS, LIFE_DAYS, REDEEMS, LEAST = 14, 365, 0.12, 50


def fill(shop: Shop) -> int:
    """Book the program, once; return how many points were given."""
    from stammkunde.core.audit.services import COMMAND
    from stammkunde.ledger import services
    from stammkunde.ledger.books import owing, terms
    from stammkunde.ledger.models import Unit

    if Unit.objects.filter(shop=shop, code=CODE).exists():
        return 0
    unit = services.open_unit(
        shop.pk, CODE, kind="points", name=NAME, actor=COMMAND, four_eyes_above=1_000
    )
    terms.decide(
        shop, unit, actor=COMMAND, unit_value_minor=Decimal(1), owed="0970", cost="6300",
        lapsed="4930",
    )  # fmt: skip
    given = _book(shop)
    for month in _ends(shop):
        owing.reckon(shop, unit, month)
    return given


def _book(shop: Shop) -> int:
    """Book month by month, as time went: what is due, what is earned, what is redeemed."""
    from stammkunde.ledger import services
    from stammkunde.ledger.commands import Earn, EarnedLine, Spend

    chance, given = random.Random(2011), 0  # noqa: S311 – made up, not secret
    for until, orders in sorted(_orders(shop).items()):
        services.mature(shop.pk, CODE, effective_at=until, limit=100_000)
        earned = []
        for number, at, points, owner in orders:
            given += points
            earned.append(
                Earn(
                    shop_id=shop.pk, unit=CODE, key=f"demo:{number}", effective_at=at, owner=owner,
                    cause=number, lines=(EarnedLine(f"order:{number}/all", points),),
                    available_at=at + dt.timedelta(days=RETURN_DAYS),
                    expires_at=at + dt.timedelta(days=LIFE_DAYS), policy="demo",
                )
            )  # fmt: skip
        services.post(earned)
        services.expire(shop.pk, CODE, effective_at=until, limit=100_000)
        services.post(
            [
                Spend(
                    shop_id=shop.pk, unit=CODE, key=f"demo:{owner.id}:{until:%Y-%m}",
                    effective_at=until, owner=owner, amount=amount,
                    source=f"order:basket-{until:%Y-%m}",
                )
                for owner, amount in _usable(shop)
                if amount >= LEAST and chance.random() < REDEEMS
            ]
        )  # fmt: skip
    return given


def _orders(
    shop: Shop,
) -> dict[dt.datetime, list[tuple[str, dt.datetime, int, Owner]]]:
    """Return the orders of every sixth customer by the instant at which their month ends."""
    from stammkunde.core import clock
    from stammkunde.features.wallets import services as wallets
    from stammkunde.records.orders.models import Order

    rows = [
        row
        for row in Order.objects.filter(
            shop=shop, customer__isnull=False, amount_minor__gte=PENCE_A_POINT, state="counted"
        )
        .order_by("placed_at", "pk")
        .values_list("external_id", "placed_at", "amount_minor", "customer_id")
        if row[3] % EVERY == 0
    ]
    owners = wallets.many(shop, [row[3] for row in rows])
    now = clock.now()
    moved = now - rows[-1][1] - dt.timedelta(days=1) if rows else dt.timedelta()
    found: defaultdict[dt.datetime, list[tuple[str, dt.datetime, int, Owner]]] = defaultdict(list)
    for number, placed_at, amount, customer in rows:
        at = placed_at + moved
        month = at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        end = (month + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(seconds=1)
        end = min(end, now)
        found[end].append((number, at, (amount or 0) // PENCE_A_POINT, owners[customer]))
    return found


def _usable(shop: Shop) -> list[tuple[Owner, int]]:
    from stammkunde.ledger.commands import Owner
    from stammkunde.ledger.models import Account

    rows = Account.objects.filter(
        shop_id=shop.pk, unit__code=CODE, role="available", balance__gte=LEAST
    )
    return [
        (Owner(kind, key), balance or 0)
        for kind, key, balance in rows.order_by("pk").values_list(
            "owner_kind", "owner_id", "balance"
        )
    ]


def _ends(shop: Shop) -> list[int]:
    """Return the months at whose end it is shown what is owed: the last year's, and the last."""
    from stammkunde.ledger.books import owing

    last = owing.last_month(shop)
    return [(last + 1) // 12 * 12 - 1, last]
