"""An engine that notes which tables are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kohorte import relations, tables
from kohorte.engine import Engine

NAMES = frozenset(
    {*tables.EVERY, *tables.BESIDE, tables.EXCLUDED_ROWS.name, tables.IDENTITIES.name}
)
Tables = frozenset[str]
_WORD = re.compile(r"[a-z_]+")


class Watched(Engine):
    """Statements are read word by word: one that is also a column's name counts as read."""

    def __init__(self, **limits: Any) -> None:
        super().__init__(**limits)
        self._read: set[str] = set()
        self._written: dict[str, Tables] = {}

    def composed(self, sql: str) -> str:
        """Return the query as it runs, and note what it reads, through whatever is kept."""
        self._read |= self._tables(sql)
        return super().composed(sql)

    def write(self, name: str, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Write the result of a select; whoever reads it reads what the select does."""
        self._written[name] = self._tables(sql)
        super().write(name, sql, parameters)

    def taken(self) -> Tables:
        """Return what was read since the last time."""
        found, self._read = frozenset(self._read), set()
        return found

    def behind(self, written: str) -> Tables:
        """Return what a table that was written is made of."""
        return self._written.get(written, frozenset())

    def _tables(self, sql: str) -> Tables:
        words = set(_WORD.findall(relations.compose(sql).lower()))
        made = (found for name, found in self._written.items() if name in words)
        return frozenset(words & NAMES).union(*made)
