"""The sums of a trial by SQL: one pass over a table with one row per customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

import numpy as np

from kohorte.experiments.arms import Arm

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Cut:
    """What very large values are cut at, declared before the start so that one buyer decides nothing.

    `at` holds, by measured value, the quantile over the customers of all arms together whose value is
    not 0; larger values count as that.
    """

    percent: float
    at: Mapping[str, float]


def arms(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    *,
    arm: str,
    values: Sequence[str],
    winsorized: Sequence[str] = (),
    percent: float = 99.5,
    group: str | None = None,
) -> tuple[dict[str | None, dict[str, Arm]], Cut | None]:
    """Return the arms of a trial, in each group of customers or, under None, of all.

    Parameters
    ----------
    table
        Holds one row per customer; a name or a query in parentheses.
    arm, values, group
        Its columns. Empty values count as 0: who did not order ordered for nothing.
    winsorized
        Values that are cut at their quantile of `percent`.

    Examples
    --------
    >>> import duckdb
    >>> connection = duckdb.connect()
    >>> _ = connection.execute("CREATE TABLE seen (arm TEXT, spend DOUBLE)")
    >>> _ = connection.execute("INSERT INTO seen VALUES ('control', 0), ('control', 2), ('mail', 9), ('mail', NULL)")
    >>> found, _cut = arms(connection, "seen", arm="arm", values=["spend"])
    >>> [(name, one.n, one.mean("spend")) for name, one in found[None].items()]
    [('control', 2, 1.0), ('mail', 2, 4.5)]
    """
    cut = _cut(connection, table, winsorized, percent) if winsorized else None
    written = {name: _number(name, cut) for name in values}
    pairs = list(combinations_with_replacement(range(len(values)), 2))
    means = ", ".join(f"avg(v{i})" for i in range(len(values)))
    spreads = ", ".join(f"coalesce(covar_samp(v{i}, v{k}), 0)" for i, k in pairs)
    columns = ", ".join(f"{sql} AS v{i}" for i, sql in enumerate(written.values()))
    grouped = f"CAST({_name(group)} AS VARCHAR)" if group else "NULL"
    rows = connection.execute(
        f"SELECT g, a, count(*), {means}, {spreads} FROM ("
        f"SELECT {grouped} AS g, CAST({_name(arm)} AS VARCHAR) AS a, {columns} FROM {table}"
        ") WHERE a IS NOT NULL GROUP BY g, a ORDER BY g, a"
    ).fetchall()
    found: dict[str | None, dict[str, Arm]] = {}
    for row in rows:
        spread = np.zeros((len(values), len(values)))
        for (i, k), value in zip(pairs, row[3 + len(values) :], strict=True):
            spread[i, k] = spread[k, i] = value
        one = Arm(int(row[2]), tuple(values), np.array(row[3 : 3 + len(values)], float), spread)
        found.setdefault(row[0], {})[row[1]] = one
    return found, cut


def _cut(
    connection: duckdb.DuckDBPyConnection, table: str, values: Sequence[str], percent: float
) -> Cut:
    asked = ", ".join(
        f"quantile_cont(CAST({_name(name)} AS DOUBLE), {percent / 100}) FILTER ({_name(name)} <> 0)"
        for name in values
    )
    (row,) = connection.execute(f"SELECT {asked} FROM {table}").fetchall()
    return Cut(percent, {n: at for n, at in zip(values, row, strict=True) if at is not None})


def _number(name: str, cut: Cut | None) -> str:
    value = f"coalesce(CAST({_name(name)} AS DOUBLE), 0)"
    return f"least({value}, {cut.at[name]!r})" if cut and name in cut.at else value


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
