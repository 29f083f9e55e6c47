"""What the oracle promises of itself, so that it is no worse a judge than the ledger."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from oracle_parts import ROLES, Booked, Who  # type: ignore[import-not-found]

if TYPE_CHECKING:
    from ledger_oracle import Oracle  # type: ignore[import-not-found]


def of_entries(oracle: Oracle, entries: list[Booked]) -> None:
    """Prove what one transaction could have broken."""
    sums: dict[str, int] = defaultdict(int)
    for entry in entries:
        sums[entry.unit] += entry.amount
    assert not any(sums.values()), ("I2", sums)
    for unit, who in {(e.unit, e.who) for e in entries if e.who}:
        *open_parts, debt = oracle.balances(unit, who)
        assert min(open_parts) >= 0 >= debt, ("I3", who, open_parts, debt)
        assert not (debt and open_parts[1]), ("debt is repaid first", who, open_parts, debt)
    for lot in {id(e.lot): e.lot for e in entries if e.lot}.values():
        open_now = [lot.pending, lot.available, lot.held]
        assert all(0 <= part <= lot.earned for part in open_now), ("I5", lot)
        assert lot.earned == sum(open_now) + sum(lot.gone.values()), ("I6", lot)
        assert lot.gone["breakage"] >= 0, ("less than nothing expired", lot)
        assert lot.clawed == lot.earned * lot.returned // lot.quantity, ("I10", lot)


def of_everything(oracle: Oracle) -> None:
    """Count everything anew from the entries alone (I1, I4, I17)."""
    everything = [e for entries in oracle.transactions.values() for e in entries]
    of_entries(oracle, everything)
    counted: dict[tuple[str, Who | None, str], int] = defaultdict(int)
    for entry in everything:
        counted[entry.unit, entry.who, entry.role] += entry.amount
    for unit in {e.unit for e in everything}:
        assert not sum(n for (of, _, _), n in counted.items() if of == unit), ("I1", unit)
        opened = sum(n for (of, who, _), n in counted.items() if of == unit and who)
        system = sum(n for (of, who, _), n in counted.items() if of == unit and not who)
        assert opened == -system, ("I17", unit)
    for unit, who in {(e.unit, e.who) for e in everything if e.who}:
        again = tuple(counted[unit, who, role] for role in (*ROLES, "debt"))
        assert again == oracle.balances(unit, who), ("I4", who)
