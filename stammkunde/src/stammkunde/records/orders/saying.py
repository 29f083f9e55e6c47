"""Rows as programs say them, in the very writing that files are laid out in: equal rows have equal hashes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kohorte import tables
from stammkunde.records.orders.rules import Incoming, Kind, fingerprint


def types(kind: Kind) -> dict[str, str]:
    """Return the type of each column of a kind, as `kohorte.tables` names it."""
    theirs = {column.name: column.type for column in tables.EVERY[kind.name].columns}
    return {name: theirs[kind.said.get(name, name)] for name in kind.columns}


def row(kind: Kind, number: str, said: Mapping[str, Any]) -> Incoming:
    """Return a row of any kind but orders; a column that is not said is empty.

    Parameters
    ----------
    number
        The natural key within the source.
    said
        Values by column: instants are aware, amounts are in minor units.
    """
    values = tuple(written(said.get(name), type_) for name, type_ in types(kind).items())
    hashed = [str(cell).lower() if isinstance(cell, bool) else cell for cell in values]
    return Incoming(number=number, hash=fingerprint(hashed), values=values)


def written(value: Any, type_: str) -> Any:
    """Return a value as both stores take it.

    >>> written(Decimal("1.5"), "DECIMAL(18,3)"), written("", "VARCHAR")
    ('1.500', None)
    >>> written(dt.datetime(2026, 1, 5, 9, 30, tzinfo=dt.UTC), "TIMESTAMP")
    '2026-01-05 09:30:00'
    """
    match value:
        case None | "":
            return None
        case dt.datetime():
            return str(value.astimezone(dt.UTC).replace(tzinfo=None))
        case dt.date():
            return value.isoformat()
        case Decimal():
            places = int(type_.rstrip(")").rpartition(",")[2])
            return str(value.quantize(Decimal(1).scaleb(-places)))
        case _:
            return value
