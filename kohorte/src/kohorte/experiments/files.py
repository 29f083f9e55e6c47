"""A trial out of any file: which column is the arm, which tell what customers did."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kohorte.errors import ReadError
from kohorte.experiments import columns
from kohorte.experiments.assigning import CONTROL
from kohorte.experiments.columns import Kind
from kohorte.reading import address, sql
from kohorte.reading.formats import opening
from kohorte.reading.options import ReadOptions
from kohorte.reading.source import Column, Source

if TYPE_CHECKING:
    import duckdb

TABLE = "trial"
ARMS_MAX = 10
_ARM = re.compile(r"(?i)\b(arm|group|gruppe|testgruppe|variante?|treatment|segment|cell|zelle)\b")
_CONTROL = re.compile(r"(?i)\b(control|kontroll\w*|holdout|no|kein\w*|ohne|none|nichts|baseline)\b")


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
    told = columns.sort(connection, source, but=[found])
    by_name = {column.name: column for column in source.columns}
    chosen = [f"{columns.text(found)} AS arm"]
    chosen += [f"{number} AS {sql.identifier(name)}" for name, number in told.numbers.items()]
    kept = [*told.texts, told.customer] if told.customer else told.texts
    chosen += [f"{columns.text(by_name[name])} AS {sql.identifier(name)}" for name in kept]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {TABLE} AS SELECT {', '.join(chosen)} "
        f"FROM {source.relation} WHERE {columns.text(found)} IS NOT NULL"
    )
    kinds = {name: columns.kind(connection, TABLE, name) for name in told.numbers}
    return Table(found.name, held, kinds, told.texts, told.customer, source.rows)


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
        if is_arm(column.name) and 2 <= len(_values(connection, source, column)) <= ARMS_MAX
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
    return columns.values(connection, source, column, most=ARMS_MAX + 1)


def is_arm(name: str) -> bool:
    """Return whether a column is called like one that says who got what.

    >>> is_arm("Testgruppe"), is_arm("treatment"), is_arm("channel")
    (True, True, False)
    """
    return _ARM.search(name.replace("_", " ")) is not None


def control(names: Sequence[str], told: str | None = None) -> str | None:
    """Return the arm that evidently got nothing; None if none does, or several may be.

    >>> control(["Mens E-Mail", "No E-Mail", "Womens E-Mail"]), control(["A", "B"]), control(["0", "1"])
    ('No E-Mail', None, '0')
    """
    wanted = [name for name in names if name.casefold() == (told or CONTROL).casefold()]
    likely = wanted or ([] if told else [name for name in names if _CONTROL.search(name)])
    if not likely and not told and set(names) == {"0", "1"}:
        likely = ["0"]
    return likely[0] if len(likely) == 1 else None


def _control(source: Source, column: Column, names: Sequence[str], told: str | None) -> str:
    if len(names) < 2 or len(names) > ARMS_MAX:
        raise ReadError(
            "“{column}” in {file} does not part customers into 2 to {most} arms.",
            column=column.name,
            file=source.name,
            most=ARMS_MAX,
        )
    likely = control(names, told)
    if likely is None:
        raise ReadError(
            "It is not evident which arm got nothing. Name it, as --control NAME. There are: {names}.",
            names=", ".join(names),
        )
    return likely
