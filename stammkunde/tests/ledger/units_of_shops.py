"""Shops that have points and miles."""

from __future__ import annotations

from oracle_moves import FOUR_EYES  # type: ignore[import-not-found]
from shop_events import UNITS  # type: ignore[import-not-found]

from stammkunde.core.audit.services import COMMAND
from stammkunde.core.shops.models import Shop
from stammkunde.ledger import services


def with_units(shop: Shop) -> Shop:
    """Give a shop the units of the histories."""
    for code in UNITS:
        services.open_unit(
            shop.pk, code, kind="points", name=code.capitalize(), actor=COMMAND,
            four_eyes_above=FOUR_EYES.get(code),
        )  # fmt: skip
    return shop
