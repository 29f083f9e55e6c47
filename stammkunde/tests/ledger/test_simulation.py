"""Years of a shop in seconds: after every event, ledger and oracle hold and answer the same.

What it found is found again with the seed that the error names and the commit: `LEDGER_SEED=7 pytest …`.
After each event the answer, the balances of all concerned, and their lots that are open or new are compared, and
the oracle proves what the event could have broken; after every thousand events, 2,500 in the long run, and at the
end everything is: all lots and holds, every promise counted anew from the rows, the audit, the chain of closes.
"""

from __future__ import annotations

import os
import secrets

import pytest
from django.db import connection
from side_by_side import Both  # type: ignore[import-not-found]
from units_of_shops import with_units  # type: ignore[import-not-found]

from stammkunde.core import bulk
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.shops import services as shops
from stores_and_cast import Cast, Store, make_cast  # type: ignore[import-not-found]

# What is proved for a change must not depend on its luck.
SEED = int(os.environ.get("LEDGER_SEED", "20260"))
EVENTS = {"sqlite": 3000, "postgresql": 500}
# Events of each shop of the long run: `LEDGER_LIFE=20000` lets five shops live longer.
LIFE = int(os.environ.get("LEDGER_LIFE", "5000"))


@pytest.mark.django_db
def test_thousands_of_events(cast: Cast, store: Store) -> None:
    shop = with_units(cast.cheese)
    Both(shop.pk, seed=SEED, faults=20).run(EVENTS[connection.vendor])


@pytest.mark.soak
def test_a_hundred_thousand_events(own_store: Store) -> None:
    """Let shops live for years, each with a seed of today's unless one is set, and each event committed.

    Within one transaction the stores would read past everything that it has changed before, and know nothing of
    how much there is by now.
    """
    first = SEED if "LEDGER_SEED" in os.environ else secrets.randbelow(10**9)
    cast = make_cast()
    for number in range(100_000 // LIFE):
        shop = with_units(shops.found(f"Shop {number}", owner=cast.olga, actor=COMMAND))
        Both(shop.pk, seed=first + number, faults=20).run(LIFE, proved_each=2500)
        bulk.run("ANALYZE")
