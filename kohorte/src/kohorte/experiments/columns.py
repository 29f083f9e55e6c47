"""The columns of a file with one row per customer: what is a number, what tells customers apart, who is who."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kohorte.reading import sql
from kohorte.reading.amounts import decimals
from kohorte.reading.source import Column, Source

if TYPE_CHECKING:
    import duckdb

Kind = Literal["share", "count", "money"]
GROUPS_MAX = 50
_CUSTOMER = re.compile(
    r"(?i)(customer|kunden?|user|client|member|mitglied|e-?mail|\bid\b|nummer|number)"
)
_YES = ("1", "yes", "true", "ja", "wahr", "x")
_NO = ("0", "no", "false", "nein", "falsch", "")


@dataclass(frozen=True)
class Sorted:
    """The columns of a file by what they are.

    Parameters
    ----------
    numbers
        The SQL that makes each numeric column a number.
    texts
        Columns by which customers can be told apart.
    customer
        The column that names the customer, if there is one.
    """

    numbers: dict[str, str]
    texts: tuple[str, ...]
    customer: str | None


def sort(
    connection: duckdb.DuckDBPyConnection, source: Source, *, but: Collection[Column] = ()
) -> Sorted:
    """Return what each column of a file is, but for some."""
    mark, _doubtful = decimals.decide(
        decimals.evidences(connection, source=source, columns=source.columns),
        own=decimals.Evidence(comma=0, point=0, either=0),
        german=source.delimiter == ";",
    )
    numbers, texts = {}, []
    customer = None
    for column in source.columns:
        if column in but:
            continue
        number = _number(column, mark=mark)
        filled, numeric, distinct = sql.row(
            connection,
            f"SELECT count({text(column)}), count({number}), approx_count_distinct({text(column)}) "
            f"FROM {source.relation}",
        )
        if customer is None and _CUSTOMER.search(column.name) and distinct > 0.9 * filled:
            customer = column.name
        elif filled and numeric == filled:
            numbers[column.name] = number
        elif 1 < distinct <= GROUPS_MAX:
            texts.append(column.name)
    return Sorted(numbers, tuple(texts), customer)


def text(column: Column) -> str:
    """Return the SQL of a cell as a text; an empty one is NULL."""
    return f"nullif(trim(CAST({column.sql} AS VARCHAR)), '')"


def values(
    connection: duckdb.DuckDBPyConnection, source: Source, column: Column, *, most: int
) -> list[str]:
    """Return the different values of a column, no more than so many."""
    rows = sql.rows(
        connection,
        f"SELECT DISTINCT {text(column)} AS value FROM {source.relation} "
        f"WHERE value IS NOT NULL ORDER BY value LIMIT {most}",
    )
    return [value for (value,) in rows]


def kind(connection: duckdb.DuckDBPyConnection, table: str, name: str) -> Kind:
    """Return what the numbers in a column of a table are."""
    column = sql.identifier(name)
    least, most, is_whole = sql.row(
        connection,
        f"SELECT min({column}), max({column}), bool_and({column} = floor({column})) FROM {table}",
    )
    if not is_whole:
        return "money"
    return "share" if (least or 0) >= 0 and (most or 0) <= 1 else "count"


def _number(column: Column, *, mark: decimals.Mark) -> str:
    """Return the SQL of a cell as a number; yes and no are 1 and 0."""
    number = decimals.number(column, mark=mark, kind="DOUBLE")
    if column.kind != "text":
        return number
    word = f"lower(trim({column.sql}))"
    return (
        f"CASE WHEN {word} IN ({sql.texts(_YES)}) THEN 1.0 "
        f"WHEN {word} IN ({sql.texts(_NO)}) THEN 0.0 ELSE {number} END"
    )
