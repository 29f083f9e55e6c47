"""Columns that tell groups of customers: what they hold, and how to leave a group out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import duckdb

from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.beside.kind_words import GROUPS
from kohorte.reading.meaning.words import MISSING, compact, normal
from kohorte.reading.rows.rules import Rule
from kohorte.reading.source import Column, Source

SHOWN_MAX = 8
# More different values are no groups.
VALUES_MAX = 500
# Parts of words by which business customers and staff are known, and words that mean them alone.
_BUSINESS = (
    *("haendler", "b2b", "gewerb", "grosshandel", "grosskunde", "wiederverk", "geschaeftskund"),
    *("firmenkund", "wholesale", "resell", "retailer", "dealer", "distributor"),
)
_STAFF = ("mitarbeit", "personalkauf", "personalrabatt", "angestellt", "employee", "staff")
_ALONE = {"business": "business", "trade": "business", "firma": "business", "personal": "staff"}


def remarks(
    source: Source,
    *,
    taken: Collection[Column],
    rules: Sequence[Rule],
    connection: duckdb.DuckDBPyConnection,
) -> list[Sentence]:
    """Tell the values of each column of groups, and the option that leaves one of them out.

    Parameters
    ----------
    taken
        Columns that mean something else.
    rules
        The user's rules; a column that one of them names needs no remark.
    """
    named = {compact(rule.column) for rule in rules}
    places = {column.index for column in taken}
    told = []
    for column in source.columns:
        name = compact(column.name)
        if name in GROUPS and name not in named and column.index not in places:
            told += _told(column, source=source, connection=connection)
    return told


def reason(group: str) -> str | None:
    """Return why the orders of a group may be left out, if its name says so.

    >>> reason("B2B-Händler"), reason("Mitarbeiter"), reason("Stammkunden")
    ('business', 'staff', None)
    """
    words = normal(group)
    text = words.replace(" ", "")
    if any(part in text for part in _BUSINESS):
        return "business"
    if any(part in text for part in _STAFF):
        return "staff"
    return next((_ALONE[word] for word in words.split() if word in _ALONE), None)


def _told(
    column: Column, *, source: Source, connection: duckdb.DuckDBPyConnection
) -> list[Sentence]:
    several = compact(column.name).endswith(("tags", "groups", "gruppen"))
    counts = _counts(column, several=several, source=source, connection=connection)
    if not counts or len(counts) > VALUES_MAX or max(counts.values()) == 1:
        return []
    odd = [value for value in counts if reason(value)]
    if len(counts) == 1 and not odd:
        return []
    chosen = (odd + [value for value in counts if value not in odd])[:SHOWN_MAX]
    shown = [value for value in counts if value in chosen]
    group = odd[0] if odd else shown[-1]
    why = reason(group)
    pattern = f"*{group}*" if several else group
    values = {
        "column": column.name,
        "groups": ", ".join(f"{value} ({counts[value]})" for value in shown)
        + (" …" if len(counts) > len(shown) else ""),
        "group": group,
        "rule": str(Rule(why or "by_rule", column.name, pattern)),
    }
    if why == "business":
        return [
            Sentence(
                "“{column}” tells groups: {groups}. “{group}” sounds like business customers; "
                'leave their orders out with --exclude "{rule}".',
                values,
            )
        ]
    if why == "staff":
        return [
            Sentence(
                "“{column}” tells groups: {groups}. “{group}” sounds like staff; leave their orders "
                'out with --exclude "{rule}".',
                values,
            )
        ]
    return [
        Sentence(
            "“{column}” tells groups: {groups}. Leave the orders of one out with, for example, "
            '--exclude "{rule}".',
            values,
        )
    ]


def _counts(
    column: Column, *, several: bool, source: Source, connection: duckdb.DuckDBPyConnection
) -> dict[str, int]:
    """Return how many rows have each value, the most frequent first."""
    text = f"{column.sql}::VARCHAR"
    each = f"unnest(string_split_regex({text}, '[,;|]'))" if several else text
    found = sql.rows(
        connection,
        f"SELECT value, count(*) FROM (SELECT trim({each}) AS value FROM {source.relation}) "
        f"WHERE lower(value) NOT IN ({sql.texts(MISSING)}) "
        f"GROUP BY value ORDER BY count(*) DESC, value LIMIT {VALUES_MAX + 1}",
    )
    return {str(value): int(count) for value, count in found}
