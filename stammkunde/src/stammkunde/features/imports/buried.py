"""Keys of an import whose person was erased: what happened before the erasure stays nameless."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from stammkunde.records.customers import tombstones
from stammkunde.records.customers.rules import SaidKey
from stammkunde.records.orders import writing


@dataclass(frozen=True)
class Buried:
    """A key whose person was erased: when, and whether the files hold newer orders."""

    erased_at: str
    is_back: bool

    def covers(self, values: Sequence[Any], when: int | None) -> bool:
        """Return whether a row happened before the erasure, or nothing says when."""
        return when is None or values[when] <= self.erased_at


def of_import(connection: duckdb.DuckDBPyConnection, *, shop_id: int) -> dict[int, Buried]:
    """Return the keys of an import whose person was erased, by their number there."""
    known = tombstones.of_shop(shop_id)
    if not known.digests:
        return {}
    erased: dict[int, str] = {}
    shared: set[int] = set()
    rows = connection.execute("SELECT n, kind, source, value, is_shared FROM put_keys")
    while some := rows.fetchmany(10_000):
        for n, kind, source, value, is_shared in some:
            at = known.erased_at(SaidKey(kind=kind, source=source, value=value))
            if at is not None:
                erased[n] = writing.stamp(at)
            if is_shared:
                shared.add(n)
    _spread(erased, shared, connection=connection)
    return {n: Buried(at, _is_back(n, at, connection=connection)) for n, at in erased.items()}


def _spread(
    erased: dict[int, str], shared: set[int], *, connection: duckdb.DuckDBPyConnection
) -> None:
    """Let what stands in one row with an erased key be the erased person's as well."""
    ties = connection.execute("SELECT one, other FROM put_ties").fetchall() if erased else []
    while True:
        met = {
            there: erased[here]
            for one, other in ties
            for here, there in ((one, other), (other, one))
            if here in erased and there not in erased and not {here, there} & shared
        }
        if not met:
            return
        erased |= met


def _is_back(n: int, erased_at: str, *, connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether a key has orders from after the erasure: then it is somebody new."""
    ((last,),) = connection.execute(
        "SELECT max(placed_at) FROM put_orders WHERE put_key = $n", {"n": n}
    ).fetchall()
    return last is not None and last > erased_at
