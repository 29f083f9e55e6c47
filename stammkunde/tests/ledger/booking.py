"""Short words for tests of the ledger: a shop's points, and commands with what does not matter left out."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from stammkunde.core.audit.services import COMMAND
from stammkunde.ledger import queries, services
from stammkunde.ledger.commands import Balances, Command, EarnedLine, Owner, Posted

MIDDAY = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
ANNA, BEN = Owner("customer", "anna"), Owner("customer", "ben")
_keys = count(1)


def day(number: float) -> dt.datetime:
    """Return midday so many days after the first of March."""
    return MIDDAY + dt.timedelta(days=number)


class Points:
    """The points of a shop."""

    def __init__(self, shop_id: int, code: str = "points", **options: Any) -> None:
        self.shop_id, self.code = shop_id, code
        settings = {"kind": "points", "name": "Punkte", **options}
        services.open_unit(shop_id, code, actor=COMMAND, **settings)

    def command(self, kind: type[Command], *, at: float = 0, **fields: Any) -> Any:
        fields.setdefault("key", f"key-{next(_keys)}")
        return kind(shop_id=self.shop_id, unit=self.code, effective_at=day(at), **fields)

    def do(self, kind: type[Command], **fields: Any) -> Posted:
        (posted,) = services.post([self.command(kind, **fields)])
        return posted

    def earn(self, owner: Owner, *amounts: int, order: str = "1", **fields: Any) -> Posted:
        from stammkunde.ledger.commands import Earn

        quantity = fields.pop("quantity", 1)
        lines = tuple(
            EarnedLine(f"order:{order}/line:{number}", amount, quantity)
            for number, amount in enumerate(amounts, 1)
        )
        return self.do(Earn, owner=owner, lines=lines, **fields)

    def of(self, owner: Owner) -> tuple[int, int, int, int]:
        """Return pending, available, held and debt."""
        found = queries.balances(self.shop_id, self.code, owner)
        return (found.pending, found.available, found.held, found.debt)

    def lots(self, owner: Owner) -> list[tuple[int, int, int]]:
        """Return pending, available and held of each lot, in the order in which they are used."""
        return [
            (lot.pending, lot.available, lot.held)
            for lot in queries.lots(self.shop_id, self.code, owner)
        ]


def has(posted: Posted) -> Balances:
    """Return the balances that an answer tells."""
    assert posted.balances is not None
    return posted.balances
