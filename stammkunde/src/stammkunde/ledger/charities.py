"""The accounts of charities: made when somebody first donates, without a balance, so that nobody waits for them."""

from __future__ import annotations

from collections.abc import Iterable

from stammkunde.core import bulk
from stammkunde.ledger.book import Unit


def accounts(
    named: Iterable[tuple[int, str]], *, units_by_id: dict[int, Unit]
) -> dict[tuple[int, str], int]:
    """Return the accounts of charities by unit and name; new ones are made by one statement, in one order.

    Two who name the same new charities, each in an order of their own, thus wait for each other once and
    never in a circle.
    """
    wanted = sorted(set(named))
    found = _found(wanted)
    if missing := [each for each in wanted if each not in found]:
        marks = ", ".join(["(%s, %s, 'charity', %s, 'donation')"] * len(missing))
        bulk.run(
            "INSERT INTO ledger_account (shop_id, unit_id, owner_kind, owner_id, role) "
            f"VALUES {marks} ON CONFLICT DO NOTHING",
            [
                value
                for unit_id, name in missing
                for value in (units_by_id[unit_id].shop_id, unit_id, name)
            ],
        )
        found |= _found(missing)
    return found


def _found(wanted: list[tuple[int, str]]) -> dict[tuple[int, str], int]:
    names, values = bulk.among("a.owner_id", sorted({name for _unit, name in wanted}))
    units, ids = bulk.among("a.unit_id", sorted({unit_id for unit_id, _name in wanted}))
    return {
        (row[0], row[1]): row[2]
        for row in bulk.select(
            "SELECT a.unit_id, a.owner_id, a.id FROM ledger_account a "
            f"WHERE {units} AND a.owner_kind = 'charity' AND {names} AND a.role = 'donation'",
            (ids, values),
        )
    }
