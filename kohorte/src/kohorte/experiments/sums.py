"""A file of a trial as sums: all that can be asked of it later, with no row of any customer left.

Whoever reads a trial asks again: against another arm, by another measure, in other groups. Means and
covariances answer all of that, so the rows need not be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kohorte.errors import ReadError
from kohorte.experiments import columns, counting, files, trial
from kohorte.experiments.arms import Arm
from kohorte.experiments.columns import Kind
from kohorte.experiments.counting import Cut
from kohorte.reading import address, sql
from kohorte.reading.formats import opening
from kohorte.reading.options import ReadOptions

if TYPE_CHECKING:
    import duckdb

    from kohorte.reading.source import Source

# Sums of fewer customers than this could tell what one of them did, and are not kept.
LEAST = 10
NUMBERS_MAX, ARMS_COLUMNS_MAX, GROUP_COLUMNS_MAX, GROUPS_MAX = 24, 6, 8, 20
_TABLE = "trial_sums"
Counted = Mapping[str | None, Mapping[str, Arm]]


@dataclass(frozen=True)
class Split:
    """What one column that may say who got what parts the customers into.

    Parameters
    ----------
    arms
        All customers by arm.
    groups
        By column and value the arms within that group; without groups too small to be kept.
    """

    arms: Mapping[str, Arm]
    groups: Mapping[str, Counted]


@dataclass(frozen=True)
class Sums:
    """A file of a trial as sums.

    Parameters
    ----------
    rows
        Customers.
    kinds
        The numeric columns with what they are.
    splits
        By column that may say who got what, the likeliest first.
    cut
        What very large amounts count as; None if no column holds amounts.
    left_out
        Columns beyond those that are kept.
    """

    rows: int
    kinds: Mapping[str, Kind]
    splits: Mapping[str, Split]
    cut: Cut | None
    left_out: tuple[str, ...] = ()


def of_file(
    path: str | Path,
    *,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    options: ReadOptions,
    tell: Callable[[int, int], None] = lambda _done, _total: None,
    percent: float = trial.PERCENT,
) -> Sums:
    """Read a file with one row per customer, in any format and dialect, and return its sums.

    Parameters
    ----------
    tell
        Is told how many of the columns that may say who got what are done.
    percent
        The quantile of amounts above 0 at which larger ones are cut; 100 cuts nothing.

    Raises
    ------
    ReadError
        The file cannot be read, a customer is in it twice, nothing in it is a number, or no column parts
        customers into 2 to 10 arms of ten customers at least.
    """
    source = opening.open_source(
        address.place(path), connection=connection, folder=folder, options=options
    )
    told = columns.sort(connection, source)
    likely = _candidates(connection, source, told.texts)
    names = [name for name in told.numbers if name not in likely[:1]] or list(told.numbers)
    numbers = names[:NUMBERS_MAX]
    if not numbers:
        raise ReadError(
            "Nothing in {file} is a number that a trial could be judged by.", file=source.name
        )
    texts = [name for name in told.texts if name not in likely[:1]]
    _write(connection, source, told, numbers=numbers, labels=[*likely, *texts])
    if told.customer:
        _require_once(connection, source, told.customer)
    kinds = {name: columns.kind(connection, _TABLE, name) for name in numbers}
    groups = texts[:GROUP_COLUMNS_MAX]
    splits: dict[str, Split] = {}
    cut: Cut | None = None
    for place, name in enumerate(likely):
        tell(place, len(likely))
        split, cut = _split(connection, name, kinds, groups, percent)
        if split is not None:
            splits[name] = split
    if not splits:
        raise ReadError(
            "No column of {file} parts customers into 2 to {most} groups of {least} at least. There are: "
            "{columns}.",
            file=source.name,
            most=files.ARMS_MAX,
            least=LEAST,
            columns=source.headers,
        )
    left = (*names[NUMBERS_MAX:], *texts[GROUP_COLUMNS_MAX:])
    return Sums(source.rows, kinds, splits, cut, left)


def _candidates(
    connection: duckdb.DuckDBPyConnection, source: Source, texts: Sequence[str]
) -> list[str]:
    """Return the columns that may say who got what: those called so, then texts of few values."""
    found: list[tuple[int, str]] = []
    for column in source.columns:
        is_named = files.is_arm(column.name)
        if not is_named and column.name not in texts:
            continue
        values = columns.values(connection, source, column, most=files.ARMS_MAX + 1)
        if 2 <= len(values) <= files.ARMS_MAX:
            has_control = files.control(values) is not None
            found.append((-2 * is_named - has_control, column.name))
    found.sort(key=lambda one: one[0])
    return [name for _rank, name in found[:ARMS_COLUMNS_MAX]]


def _label(name: str) -> str:
    return f"label of {name}"


def _write(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    told: columns.Sorted,
    *,
    numbers: Sequence[str],
    labels: Sequence[str],
) -> None:
    """Write a table with what is counted, and no more."""
    by_name = {column.name: column for column in source.columns}
    chosen = [f"{told.numbers[name]} AS {sql.identifier(name)}" for name in numbers]
    chosen += [
        f"{columns.text(by_name[name])} AS {sql.identifier(_label(name))}"
        for name in dict.fromkeys(labels)
    ]
    if told.customer:
        chosen.append(f"{columns.text(by_name[told.customer])} AS customer_of_trial")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_TABLE} AS SELECT {', '.join(chosen)} FROM {source.relation}"
    )


def _require_once(connection: duckdb.DuckDBPyConnection, source: Source, customer: str) -> None:
    (is_once,) = sql.row(
        connection,
        f"SELECT count(DISTINCT customer_of_trial) = count(customer_of_trial) FROM {_TABLE}",
    )
    if not is_once:
        raise ReadError(
            "In {file} a customer stands more than once (column “{column}”): a trial takes one row per "
            "customer.",
            file=source.name,
            column=customer,
        )


def _split(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    kinds: Mapping[str, Kind],
    groups: Sequence[str],
    percent: float,
) -> tuple[Split | None, Cut | None]:
    """Count the arms of a column, of all customers and in groups; None if an arm is too small."""

    def count(group: str | None = None) -> tuple[Counted, Cut | None]:
        return counting.arms(
            connection,
            _TABLE,
            arm=_label(name),
            values=list(kinds),
            winsorized=[each for each, kind in kinds.items() if kind == "money"],
            percent=percent,
            group=group,
        )

    found, cut = count()
    arms = found.get(None, {})
    if len(arms) < 2 or min(arm.n for arm in arms.values()) < LEAST:
        return None, cut
    told: dict[str, Counted] = {}
    for each in groups:
        if each == name:
            continue
        parts: dict[str | None, Mapping[str, Arm]] = {
            value: by_arm
            for value, by_arm in count(_label(each))[0].items()
            if value is not None
            and by_arm.keys() == arms.keys()
            and min(arm.n for arm in by_arm.values()) >= LEAST
        }
        if 2 <= len(parts) <= GROUPS_MAX:
            told[each] = parts
    return Split(arms, told), cut


def as_record(sums: Sums) -> dict[str, Any]:
    """Return sums as plain data for JSON; `of_record` reads it."""
    return {
        "rows": sums.rows,
        "kinds": dict(sums.kinds),
        "cut": None if sums.cut is None else {"percent": sums.cut.percent, "at": dict(sums.cut.at)},
        "left_out": list(sums.left_out),
        "splits": [
            [
                name,
                _packed(split.arms),
                {
                    group: [[value, _packed(arms)] for value, arms in parts.items()]
                    for group, parts in split.groups.items()
                },
            ]
            for name, split in sums.splits.items()
        ],
    }


def of_record(record: Mapping[str, Any]) -> Sums:
    """Return the sums of a record.

    Examples
    --------
    >>> arm = Arm.of_customers({"spend": [0, 1, 5]})
    >>> sums = Sums(6, {"spend": "money"}, {"arm": Split({"control": arm, "mail": arm}, {})}, None)
    >>> found = of_record(as_record(sums)).splits["arm"].arms["mail"]
    >>> found.n, found.mean("spend"), float(found.covariances[0, 0])
    (3, 2.0, 7.0)
    """
    names = tuple(record["kinds"])
    cut = record["cut"]
    return Sums(
        record["rows"],
        record["kinds"],
        {
            name: Split(
                _unpacked(arms, names),
                {
                    group: {value: _unpacked(each, names) for value, each in parts}
                    for group, parts in groups.items()
                },
            )
            for name, arms, groups in record["splits"]
        },
        Cut(cut["percent"], cut["at"]) if cut else None,
        tuple(record["left_out"]),
    )


def _packed(arms: Mapping[str, Arm]) -> list[list[Any]]:
    found = []
    for name, arm in arms.items():
        pairs = combinations_with_replacement(range(len(arm.names)), 2)
        spread = [float(arm.covariances[i, k]) for i, k in pairs]
        found.append([name, arm.n, [float(mean) for mean in arm.means], spread])
    return found


def _unpacked(packed: Sequence[Sequence[Any]], names: tuple[str, ...]) -> dict[str, Arm]:
    found = {}
    for name, n, means, spread in packed:
        table = np.zeros((len(names), len(names)))
        pairs = combinations_with_replacement(range(len(names)), 2)
        for (i, k), value in zip(pairs, spread, strict=True):
            table[i, k] = table[k, i] = value
        found[name] = Arm(n, names, np.array(means, float), table)
    return found
