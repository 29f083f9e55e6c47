"""A trial out of any file: which column is the arm, which tell what customers did."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kohorte.errors import ReadError
from kohorte.experiments.assigning import CONTROL
from kohorte.reading import address, sql
from kohorte.reading.amounts import decimals
from kohorte.reading.formats import opening
from kohorte.reading.options import ReadOptions
from kohorte.reading.source import Column, Source

if TYPE_CHECKING:
    import duckdb

Kind = Literal["share", "count", "money"]
TABLE = "trial"
ARMS_MAX = 10
_ARM = re.compile(r"(?i)\b(arm|group|gruppe|testgruppe|variante?|treatment|segment|cell|zelle)\b")
_CONTROL = re.compile(r"(?i)\b(control|kontroll\w*|holdout|no|kein\w*|ohne|none|nichts|baseline)\b")
_CUSTOMER = re.compile(r"(?i)(customer|kunden?|user|client|member|mitglied|\bid\b|nummer|number)")
_YES = ("1", "yes", "true", "ja", "wahr", "x")
_NO = ("0", "no", "false", "nein", "falsch", "")


@dataclass(frozen=True)
class Table:
    """What a file of a trial holds, now in the engine as the table `trial`.

    Parameters
    ----------
    arm
        Its column; in the engine it is called `arm`.
    control
        The arm that got nothing.
    kinds
        The numeric columns with what they are, called in the engine as in the file.
    texts
        Columns by which customers can be told apart.
    customer
        The column that names the customer, if there is one.
    rows
        Customers.
    """

    arm: str
    control: str
    kinds: dict[str, Kind]
    texts: tuple[str, ...]
    customer: str | None
    rows: int


def load(
    path: str | Path,
    *,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    options: ReadOptions,
    arm: str | None = None,
    control: str | None = None,
) -> Table:
    """Read a file with one row per customer, in any format and dialect, into the engine.

    Raises
    ------
    ReadError
        The file cannot be read, no column is evidently the arm, or none of the arms the control group.
    """
    source = opening.open_source(
        address.place(path), connection=connection, folder=folder, options=options
    )
    found = _named(source, arm) if arm else _guess_arm(connection, source)
    names = _values(connection, source, found)
    held = _control(source, found, names, control)
    mark, _doubtful = decimals.decide(
        decimals.evidences(connection, source=source, columns=source.columns),
        own=decimals.Evidence(comma=0, point=0, either=0),
        german=source.delimiter == ";",
    )
    columns = {column.name: column for column in source.columns if column is not found}
    numbers, texts = {}, []
    customer = None
    for name, column in columns.items():
        number = _number(column, mark=mark)
        filled, numeric, distinct = sql.row(
            connection,
            f"SELECT count({_text(column)}), count({number}), approx_count_distinct({_text(column)}) "
            f"FROM {source.relation}",
        )
        if customer is None and _CUSTOMER.search(name) and distinct > 0.9 * filled:
            customer = name
        elif filled and numeric == filled:
            numbers[name] = number
        elif 1 < distinct <= 50:
            texts.append(name)
    chosen = [f"{_text(found)} AS arm"]
    chosen += [f"{number} AS {sql.identifier(name)}" for name, number in numbers.items()]
    kept = [*texts, customer] if customer else texts
    chosen += [f"{_text(columns[name])} AS {sql.identifier(name)}" for name in kept]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {TABLE} AS SELECT {', '.join(chosen)} "
        f"FROM {source.relation} WHERE {_text(found)} IS NOT NULL"
    )
    kinds = {name: _kind(connection, name) for name in numbers}
    return Table(found.name, held, kinds, tuple(texts), customer, source.rows)


def _named(source: Source, name: str) -> Column:
    for column in source.columns:
        if column.name.casefold() == name.casefold():
            return column
    raise ReadError(
        "{file} has no column “{name}”. There are: {columns}.",
        file=source.name,
        name=name,
        columns=source.headers,
    )


def _guess_arm(connection: duckdb.DuckDBPyConnection, source: Source) -> Column:
    """Return the column that is called like an arm and whose values one of which is a control group."""
    few = [
        column
        for column in source.columns
        if _ARM.search(column.name) and 2 <= len(_values(connection, source, column)) <= ARMS_MAX
    ]
    sure = [
        column
        for column in few
        if any(_CONTROL.search(name) for name in _values(connection, source, column))
    ]
    found = sure or few
    if len(found) == 1:
        return found[0]
    raise ReadError(
        "It is not evident which column of {file} says who got what. Name it, as --arm COLUMN. There "
        "are: {columns}.",
        file=source.name,
        columns=source.headers,
    )


def _values(connection: duckdb.DuckDBPyConnection, source: Source, column: Column) -> list[str]:
    rows = sql.rows(
        connection,
        f"SELECT DISTINCT {_text(column)} AS value FROM {source.relation} "
        f"WHERE value IS NOT NULL ORDER BY value LIMIT {ARMS_MAX + 1}",
    )
    return [value for (value,) in rows]


def _control(source: Source, column: Column, names: Sequence[str], told: str | None) -> str:
    if len(names) < 2 or len(names) > ARMS_MAX:
        raise ReadError(
            "“{column}” in {file} does not part customers into 2 to {most} arms.",
            column=column.name,
            file=source.name,
            most=ARMS_MAX,
        )
    wanted = [name for name in names if name.casefold() == (told or CONTROL).casefold()]
    likely = wanted or ([] if told else [name for name in names if _CONTROL.search(name)])
    if len(likely) != 1:
        raise ReadError(
            "It is not evident which arm got nothing. Name it, as --control NAME. There are: {names}.",
            names=", ".join(names),
        )
    return likely[0]


def _text(column: Column) -> str:
    return f"nullif(trim(CAST({column.sql} AS VARCHAR)), '')"


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


def _kind(connection: duckdb.DuckDBPyConnection, name: str) -> Kind:
    column = sql.identifier(name)
    least, most, is_whole = sql.row(
        connection,
        f"SELECT min({column}), max({column}), bool_and({column} = floor({column})) FROM {TABLE}",
    )
    if not is_whole:
        return "money"
    return "share" if (least or 0) >= 0 and (most or 0) <= 1 else "count"
