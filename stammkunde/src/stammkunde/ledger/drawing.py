"""Ids for rows that are still in hand."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from django.db import connection

from stammkunde.core import bulk


class Drawing:
    """Gives out ids that no row has: one table's sequence on PostgreSQL, what follows the last on SQLite.

    Whoever is in an IMMEDIATE transaction is the only one who writes, and no row of the ledger is deleted.
    """

    def __init__(
        self, expected: dict[str, int], ready: dict[str, Iterator[int]] | None = None
    ) -> None:
        self.expected = expected
        self.ready = ready or {}

    def __call__(self, table: str) -> int:
        """Return an id of a table."""
        found = next(self.ready[table], None) if table in self.ready else None
        if found is None:
            self.ready[table] = self._more(table)
            found = next(self.ready[table])
        return found

    def _more(self, table: str) -> Iterator[int]:
        if connection.vendor == "postgresql":
            sequence = f"nextval('{table}_id_seq')"
            size = self.expected.pop(table, 16)
            rows = bulk.select(f"SELECT {sequence} FROM generate_series(1, %s)", (size,))
            return iter([row[0] for row in rows])
        return itertools.count(bulk.select(f"SELECT coalesce(max(id), 0) FROM {table}")[0][0] + 1)
