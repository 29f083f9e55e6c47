"""Years of a shop in seconds: after every event, ledger and oracle hold and answer the same.

What it found is found again with the seed that the error names and the commit: `LEDGER_SEED=7 pytest …`.
"""

from __future__ import annotations

import os
import secrets

import pytest
from django.db import connection, transaction
from side_by_side import Both  # type: ignore[import-not-found]
from units_of_shops import with_units  # type: ignore[import-not-found]

from stammkunde.core.audit.services import COMMAND
from stammkunde.core.shops import services as shops
from stores_and_cast import Cast, Store  # type: ignore[import-not-found]

# What is proved for a change must not depend on its luck.
SEED = int(os.environ.get("LEDGER_SEED", "20260"))
EVENTS = {"sqlite": 3000, "postgresql": 500}


@pytest.mark.django_db
def test_thousands_of_events(cast: Cast, store: Store) -> None:
    shop = with_units(cast.cheese)
    Both(shop.pk, seed=SEED, faults=20).run(EVENTS[connection.vendor])


@pytest.mark.soak
@pytest.mark.django_db
def test_a_hundred_thousand_events(cast: Cast, store: Store) -> None:
    """Let twenty shops live for years, each with a seed of today's unless one is set."""
    first = SEED if "LEDGER_SEED" in os.environ else secrets.randbelow(10**9)
    for number in range(20):
        with transaction.atomic():
            shop = with_units(shops.found(f"Shop {number}", owner=cast.olga, actor=COMMAND))
            Both(shop.pk, seed=first + number, faults=20).run(5000, proved_each=2500)
