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

from kohorte.reading import cells, joining, sql
from kohorte.reading.amounts import worth
from kohorte.reading.joining import Rates
from kohorte.reading.options import ReadOptions
from kohorte.reading.persons import known_by
from kohorte.reading.plan import Plan
from kohorte.reading.rows import judging
from kohorte.settings import Settings

SCHEMA = {
    "file": "INTEGER",
    "line": "BIGINT",
    "order_id": "VARCHAR",
    "refund_id": "VARCHAR",
    "customer_id": "VARCHAR",
    "email": "VARCHAR",
    "email_cell": "VARCHAR",
    "email_kind": "VARCHAR",
    "placed_at": "TIMESTAMP",
    "product_id": "VARCHAR",
    "product": "VARCHAR",
    "quantity": "DECIMAL(18,3)",
    "unit_price": "DECIMAL(18,6)",
    "amount": "DECIMAL(38,9)",
    "amount_minor": "BIGINT",
    "refund_minor": "BIGINT",
    "gift_minor": "BIGINT",
    "original_currency": "VARCHAR",
    "original_minor": "BIGINT",
    "country": "VARCHAR",
    "channel": "VARCHAR",
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
    has_guests
        Whether any row bears no customer number.
    is_plain
        Whether every row counts, and none of them is below zero or of an open order.
    """

    path: Path
    rows: int
    raw_amount: Decimal | None
    latest: int
    faults: int
    has_guests: bool
    is_plain: bool


def write(
    plan: Plan,
    *,
    number: int,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    exponent: int,
    settings: Settings,
    options: ReadOptions,
    rates: Rates | None = None,
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
    rates
        Tables of exchange rates and taxes, where the amounts need them.
    """
    if "gift_card" in settings.count:
        plan.sells_gift_cards = False
    target = folder / f"{number}.lines.parquet"
    zone = settings.timezone
    filled = ", ".join(column.sql for column in plan.source.columns)
    kept = f"coalesce({filled}) IS NOT NULL" if plan.source.delimiter else "true"
    source = f"{_with_people(plan, connection=connection)} WHERE {kept}"
    typed = f"SELECT {number} AS file, line, {cells.typed(plan, zone=zone)}{joining.cells(plan)} FROM {source}"
    ordered = f"SELECT {cells.stated(plan)}, {cells.order_id(plan, zone=zone)} FROM ({typed})"
    joined = joining.joined(ordered, plan=plan, rates=rates or Rates(), zone=zone)
    valued = f"SELECT *, {worth.value(plan, exponent=exponent)} FROM ({joined})"
    judged = (
        f"SELECT {worth.converted(plan)}, {worth.minor(plan, exponent=exponent)}, "
        f"{judging.goods(plan)} AS goods, {judging.fault(plan)} "
        f"FROM {worth.counted(plan, f'({valued})', count=settings.count)}"
    )
    reason = judging.reason(plan, goods_only=options.goods_only, count=settings.count)
    final = f"SELECT *, {reason} AS reason FROM ({judged})"
    chosen = ", ".join(f"{name}::{kind} AS {name}" for name, kind in SCHEMA.items())
    # Each row says which line it is.
    sql.copy(
        connection, f"SELECT {chosen} FROM ({final})", to=target, width=len(SCHEMA), ordered=False
    )
    return _glance(target, connection=connection)


def _with_people(plan: Plan, *, connection: duckdb.DuckDBPyConnection) -> str:
    """Return the rows of a file with who each is about beside its cells."""
    email = plan.columns.get("email")
    return known_by.beside(
        plan.source.relation,
        number=plan.columns.get("customer_id"),
        email=email,
        samples=plan.samples[email.index] if email else (),
        connection=connection,
    )


def _glance(target: Path, *, connection: duckdb.DuckDBPyConnection) -> Lines:
    plain = "count(reason) = 0 AND max(state) = 'counted' AND min(state) = 'counted'"
    rows, amount, latest, faults, numbered, is_plain = sql.row(
        connection,
        "SELECT count(*), sum(amount), coalesce(epoch_us(max(placed_at)), 0), count(fault), "
        "count(customer_id), "
        f"coalesce({plain} AND coalesce(min(amount_minor), 0) >= 0, false) FROM {sql.parquet([target])}",
    )
    return Lines(
        path=target,
        rows=int(rows),
        raw_amount=amount,
        latest=int(latest),
        faults=int(faults),
        has_guests=numbered < rows,
        is_plain=bool(is_plain),
    )
