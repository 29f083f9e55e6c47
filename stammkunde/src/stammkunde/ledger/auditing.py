"""The audit: counts the ledger anew from its entries, and names what does not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection

from stammkunde.core import bulk
from stammkunde.ledger import closing, proofs

# Tables that the database itself keeps from changing (see the migration).
KEPT = (
    "ledger_transaction",
    "ledger_entry",
    "ledger_taking",
    "ledger_giving",
    "ledger_holdlot",
    "ledger_close",
    "ledger_closebalance",
    "ledger_unit",
    "ledger_account",
    "ledger_lot",
    "ledger_hold",
    "ledger_proposal",
)
# Tables whose references PostgreSQL proves by triggers; SQLite has foreign keys.
REFERRING = ("ledger_entry", "ledger_lot")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold.

    Parameters
    ----------
    invariant
        Its name: `I1` to `I18`, `references` (rows that name others) or `chain` (of closed periods).
    what
        Which row or sum.
    """

    invariant: str
    shop_id: int | None
    unit: str
    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        where = f"shop {self.shop_id} {self.unit}".strip()
        return f"{self.invariant} ({where}): {self.what}: {self.expected} ≠ {self.found}"


def audit(
    shop_id: int | None = None, *, between: Callable[[], None] = lambda: None
) -> list[Finding]:
    """Prove everything of one shop or all; return what does not hold, nothing where all is well.

    Parameters
    ----------
    between
        Called between the proofs; may raise to stop.
    """
    found = list(_unguarded())
    for name, sql, parameters in proofs.selects(shop_id):
        between()
        found += [
            Finding(name, row[0], row[1], str(row[2]), str(row[3]), str(row[4]))
            for row in bulk.select(sql, parameters)
        ]
    for fault in closing.faults(shop_id, between=between):
        found.append(
            Finding("chain", fault.shop_id, fault.unit, fault.what, fault.expected, fault.found)
        )
    return found


def _unguarded() -> Iterator[Finding]:
    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }
    there = {name for (name,) in bulk.select(asked[connection.vendor])}
    for table in KEPT:
        for verb in ("update", "delete"):
            if f"{table}_no_{verb}" not in there:
                yield Finding("I8", None, "", f"{table} allows {verb}", "a trigger", "none")
    if connection.vendor == "postgresql":
        for table in REFERRING:
            if f"{table}_refers" not in there:
                what = f"{table} may name what is not there"
                yield Finding("references", None, "", what, "a trigger", "none")
