"""What the words of a status column say about an order."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from kohorte.reading import sql
from kohorte.reading.source import Column, Source
from kohorte.reading.words import PARTLY_REFUNDED, STATES, normal

STATUSES_MAX = 500
PARTLY = "partly_refunded"


def settle(
    connection: duckdb.DuckDBPyConnection,
    *,
    source: Source,
    column: Column,
    known: Mapping[str, str],
) -> dict[str, str] | None:
    """Return the state of each word of a status column; None if they are too many for one.

    `known` are the words that say something else, or more, in the layout of the file.
    """
    found = sql.rows(
        connection,
        f"SELECT DISTINCT {column.sql}::VARCHAR FROM {source.relation} "
        f"WHERE {column.sql} IS NOT NULL LIMIT {STATUSES_MAX + 1}",
    )
    if len(found) > STATUSES_MAX:
        return None
    return {
        word: known.get(normal(word)) or meaning(word)
        for word in sorted(str(word) for (word,) in found)
    }


def meaning(word: str) -> str:
    """Return what one word of a status column means.

    >>> meaning("Storniert"), meaning("partially_refunded"), meaning("Bezahlt")
    ('cancelled', 'partly_refunded', 'counted')
    """
    text = normal(word)
    if text in PARTLY_REFUNDED:
        return PARTLY
    for state, phrases in STATES.items():
        if text in phrases:
            return state
    return "counted"
