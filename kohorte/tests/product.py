"""The random shop as the library is given it: plain records."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import kohorte
from kohorte import results
from kohorte import settings as shop
from oracle import orders
from strategies import CURRENCIES, Shop


def of(
    recorded: Iterable[orders.Order],
    refunds: Iterable[orders.Refund],
    *,
    currency: str,
    settings: shop.Settings,
) -> kohorte.History:
    """Return the library's history of orders and refunds."""
    return kohorte.History.from_records(
        orders=[dataclasses.asdict(order) for order in recorded],
        refunds=[dataclasses.asdict(refund) for refund in refunds],
        currency=currency,
        exponent=CURRENCIES[currency],
        settings=settings,
    )


def history(
    shop: Shop,
    *,
    recorded: Iterable[orders.Order] | None = None,
    refunds: Iterable[orders.Refund] | None = None,
) -> kohorte.History:
    """Return the library's history of a shop, whose orders and refunds may be replaced."""
    return of(
        shop.recorded if recorded is None else recorded,
        shop.refunds if refunds is None else refunds,
        currency=shop.currency,
        settings=shop.settings,
    )


Key = tuple[str, str, str]


def keyed(rows: Iterable[results.Row]) -> dict[Key, results.Row]:
    """Return rows by metric, period and segment; no key may come twice."""
    found: dict[Key, results.Row] = {}
    for row in rows:
        key = (row.metric, row.period, row.segment)
        assert key not in found, f"two rows for {key}"
        found[key] = row
    return found
