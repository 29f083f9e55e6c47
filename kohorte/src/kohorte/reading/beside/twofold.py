"""Files that fill two tables: refunds that tell why something came back, requests that were rated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from kohorte.reading.beside import recognizing
from kohorte.reading.beside.declared import DECLARED
from kohorte.reading.options import ReadOptions
from kohorte.reading.source import Column, Source


@dataclass(frozen=True, kw_only=True)
class Further:
    """What else a file holds: the table, and the columns that are known from the first one."""

    source: Source
    table: str
    fixed: Mapping[str, Column]


def find(
    refunds: Sequence[Source],
    beside: Mapping[str, Sequence[Source]],
    *,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
) -> Iterator[Further]:
    """Give the further tables that files fill.

    A list of refunds fills `returns` where a header speaks of the reason of a return. Requests fill
    `responses` where a header asks how satisfied the customer was; the answer counts on the day on
    which the request came in. Where other files hold answers, the ratings are left to them: two
    scales are never mixed.
    """
    for source in refunds:
        cells = recognizing.first_cells(source, connection=connection)
        kind = DECLARED["returns"]
        found = recognizing.match(source, kind, cells=cells, options=options)
        reason = found.columns.get("reason")
        if reason and recognizing.is_telling(reason, kind.field("reason")) and found.is_whole:
            yield Further(source=source, table="returns", fixed={})
    for source in () if beside.get("responses") else beside.get("tickets", ()):
        cells = recognizing.first_cells(source, connection=connection)
        first = recognizing.match(source, DECLARED["tickets"], cells=cells, options=options)
        rated = [
            column
            for column, asked in recognizing.questions(
                source, DECLARED["responses"], cells=cells
            ).items()
            if asked == "csat" and cells[column.index]
        ]
        if rated and {"ticket_id", "opened_at"} <= set(first.columns):
            who = {name: first.columns[name] for name in _WHO if name in first.columns}
            known = {
                "ticket_id": first.columns["ticket_id"],
                "answered_at": first.columns["opened_at"],
                "score": rated[0],
            }
            yield Further(source=source, table="responses", fixed={**who, **known})


_WHO = ("customer_id", "email")
