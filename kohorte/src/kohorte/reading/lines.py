"""One file as typed lines: each source row with its order, customer, instant, amount – or its fault.

The lines of each file are written to a temporary Parquet file, so that memory stays flat; `SCHEMA`
says what they hold. A row that cannot be read keeps the meaning (`fault`) and the text (`cell`)
that are to blame.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from kohorte.reading import cells, judging, sql, worth
from kohorte.reading.options import ReadOptions
from kohorte.reading.plan import Plan
from kohorte.settings import Settings

SCHEMA = {
    "file": "INTEGER",
    "line": "BIGINT",
    "order_id": "VARCHAR",
    "customer_id": "VARCHAR",
    "placed_at": "TIMESTAMP",
    "product_id": "VARCHAR",
    "product": "VARCHAR",
    "quantity": "DECIMAL(18,3)",
    "unit_price": "DECIMAL(18,6)",
    "amount": "DECIMAL(38,9)",
    "amount_minor": "BIGINT",
    "refund_minor": "BIGINT",
    "country": "VARCHAR",
    "state": "VARCHAR",
    "goods": "BOOLEAN",
    "reason": "VARCHAR",
    "fault": "VARCHAR",
    "cell": "VARCHAR",
}


@dataclass(frozen=True, kw_only=True)
class Lines:
    """The typed lines of one file, and what a glance at all of them tells.

    Parameters
    ----------
    path
        The Parquet file.
    rows
        Its rows.
    raw_amount
        Exact sum of all amounts in major units, None without any.
    latest
        Microseconds of the last instant, by which files are ranked.
    faults
        How many rows cannot be read.
    """

    path: Path
    rows: int
    raw_amount: Decimal | None
    latest: int
    faults: int


def write(
    plan: Plan,
    *,
    number: int,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    exponent: int,
    settings: Settings,
    options: ReadOptions,
) -> Lines:
    """Write the typed lines of a file.

    Parameters
    ----------
    plan
        How the file is to be read.
    number
        The place of the file among all files, from 0.
    exponent
        Digits of the currency's minor unit.
    settings
        The zone of local times, and the reasons that count here.
    options
        What the user said.
    """
    target = folder / f"{number}.lines.parquet"
    zone = settings.timezone
    filled = ", ".join(column.sql for column in plan.source.columns)
    kept = f"coalesce({filled}) IS NOT NULL" if plan.source.delimiter else "true"
    source = f"{plan.source.relation} WHERE {kept}"
    typed = f"SELECT {number} AS file, line, {cells.typed(plan, zone=zone)} FROM {source}"
    ordered = f"SELECT {cells.stated(plan)}, {cells.order_id(plan, zone=zone)} FROM ({typed})"
    valued = f"SELECT *, {worth.value(plan, exponent=exponent)} FROM ({ordered})"
    judged = (
        f"SELECT *, {worth.minor(exponent)}, {judging.goods(plan)} AS goods, {judging.fault(plan)} "
        f"FROM ({valued})"
    )
    reason = judging.reason(plan, goods_only=options.goods_only, count=settings.count)
    final = f"SELECT *, {reason} AS reason FROM ({judged})"
    chosen = ", ".join(f"{name}::{kind} AS {name}" for name, kind in SCHEMA.items())
    sql.rows(
        connection,
        f"COPY (SELECT {chosen} FROM ({final})) TO {sql.literal(str(target))} (FORMAT parquet)",
    )
    return _glance(target, connection=connection)


def _glance(target: Path, *, connection: duckdb.DuckDBPyConnection) -> Lines:
    rows, amount, latest, faults = sql.row(
        connection,
        "SELECT count(*), sum(amount), coalesce(epoch_us(max(placed_at)), 0), count(fault) "
        f"FROM {sql.parquet([target])}",
    )
    return Lines(
        path=target,
        rows=int(rows),
        raw_amount=amount,
        latest=int(latest),
        faults=int(faults),
    )
