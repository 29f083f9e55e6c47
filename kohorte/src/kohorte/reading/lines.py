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

from kohorte.reading import dates, decimals, sql
from kohorte.reading.options import Meaning
from kohorte.reading.plan import NUMBERS, Plan
from kohorte.reading.source import Column
from kohorte.reading.words import MISSING

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
_NUMBER_TYPES: dict[Meaning, str] = {"quantity": "DECIMAL(18,3)"}
_IDS: tuple[Meaning, ...] = ("customer_id", "product_id")
_NUMBER_TYPE = "DECIMAL(18,6)"
_BLANKS = sql.literal(" \t\r\n\u00a0")
# Longer cells are not compared with the words for a missing value.
MISSING_LENGTH = 8
_LARGEST = "999999999999999"


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
    zone: str,
    exponent: int,
    goods_only: bool,
) -> Lines:
    """Write the typed lines of a file.

    Parameters
    ----------
    plan
        How the file is to be read.
    number
        The place of the file among all files, from 0.
    zone
        The zone of local times.
    exponent
        Digits of the currency's minor unit.
    goods_only
        Whether lines that are no goods are left out.
    """
    target = folder / f"{number}.lines.parquet"
    cells = _cells(plan, zone=zone)
    filled = ", ".join(column.sql for column in plan.source.columns)
    kept = f"coalesce({filled}) IS NOT NULL" if plan.source.delimiter else "true"
    typed = f"SELECT {number} AS file, line, {cells} FROM {plan.source.relation} WHERE {kept}"
    ordered = f"SELECT {_stated(plan)}, {_order_id(plan, zone=zone)} FROM ({typed})"
    valued = f"SELECT *, {_value(plan, exponent=exponent)} FROM ({ordered})"
    judged = (
        f"SELECT *, {_money(exponent)}, {_goods(plan)} AS goods, {_fault(plan)} FROM ({valued})"
    )
    final = f"SELECT *, {_reason(plan, goods_only=goods_only)} AS reason FROM ({judged})"
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


def _filled(column: Column) -> str:
    """Return the SQL of a cell's text, trimmed; NULL where it stands for an empty one."""
    text = f"trim({column.sql}::VARCHAR, {_BLANKS})"
    short = f"length({column.sql}::VARCHAR) <= {MISSING_LENGTH}"
    missing = f"{short} AND lower({text}) IN ({sql.texts(MISSING)})"
    return f"CASE WHEN NOT ({missing}) THEN {text} END"


def _identity(column: Column) -> str:
    """Return the SQL of an id as text: 17850.0 is 17850."""
    filled = _filled(column)
    if column.kind == "text":
        ends = f"ends_with({column.sql}, '.0')"
        return f"CASE WHEN {ends} THEN regexp_replace({filled}, '^([0-9]+)\\.0$', '\\1') ELSE {filled} END"
    return f"regexp_replace({filled}, '^(-?[0-9]+)\\.0$', '\\1')"


def _cells(plan: Plan, *, zone: str) -> str:
    """Return the typed cells, and the raw text of those that may be at fault."""
    columns = plan.columns
    ids = {m: _identity(columns[m]) for m in _IDS if m in columns}
    email = f"lower({_filled(columns['email'])})" if "email" in columns else "NULL"
    cells = {
        "given_order": _identity(columns["order_id"]) if "order_id" in columns else "NULL",
        "customer_id": f"coalesce({ids.get('customer_id', 'NULL')}, {email})",
        "placed_at": dates.instant(
            columns["date"], writing=plan.writing, zone=plan.layout.zone or zone
        ),
        "date_cell": f"{columns['date'].sql}::VARCHAR",
        "product_id": ids.get("product_id", "NULL"),
        "product": _filled(columns["product"]) if "product" in columns else "NULL",
        "country": _filled(columns["country"]) if "country" in columns else "NULL",
        "state": _state(plan),
    }
    for meaning in NUMBERS:
        name = f"given_{meaning}"
        kind = _NUMBER_TYPES.get(meaning, _NUMBER_TYPE)
        if meaning in columns:
            column = columns[meaning]
            cells[name] = decimals.number(column, mark=plan.marks[meaning], kind=kind)
            cells[f"{meaning}_cell"] = f"{column.sql}::VARCHAR"
        else:
            cells[name] = f"NULL::{kind}"
            cells[f"{meaning}_cell"] = "NULL"
    return ", ".join(f"{expression} AS {name}" for name, expression in cells.items())


def _state(plan: Plan) -> str:
    column = plan.columns.get("status")
    if column is None or not plan.states:
        return "'counted'"
    cases = " ".join(
        f"WHEN {sql.literal(word)} THEN {sql.literal(state)}" for word, state in plan.states.items()
    )
    said = f"CASE {column.sql}::VARCHAR {cases} ELSE 'counted' END"
    if not _is_of_lines(plan):
        return said
    return f"CASE WHEN {_filled(column)} IS NOT NULL THEN {said} END"


def _is_of_lines(plan: Plan) -> bool:
    return plan.rows == "lines" and "order_id" in plan.columns


def _stated(plan: Plan) -> str:
    """Return all cells; lines whose status is empty have that of their order's other lines."""
    if not plan.states or not _is_of_lines(plan):
        return "*"
    known = "coalesce(state, max(state) OVER (PARTITION BY given_order), 'counted')"
    return f"* REPLACE ({known} AS state)"


def _order_id(plan: Plan, *, zone: str) -> str:
    """Return the order's id; without one, customer and local day – or the row – make the order."""
    if "order_id" in plan.columns:
        return "given_order AS order_id"
    local = (
        "placed_at"
        if zone == "UTC"
        else f"timezone({sql.literal(zone)}, timezone('UTC', placed_at))"
    )
    return (
        f"coalesce(customer_id || ' ' || strftime({local}, '%Y-%m-%d'), "
        "'? ' || file || ' ' || line) AS order_id"
    )


def _value(plan: Plan, *, exponent: int) -> str:
    """Return the exact amount of a line in major units; 38 digits hold every product."""
    price = "given_unit_price"
    if plan.priced:
        amount = f"given_quantity::DECIMAL(38,3) * {price}"
    elif "amount" in plan.columns:
        amount = "given_amount"
        if plan.whole_orders:
            first = "row_number() OVER (PARTITION BY order_id ORDER BY line) = 1"
            amount = f"CASE WHEN {first} THEN given_amount ELSE 0 END"
    elif "amount_minor" in plan.columns:
        amount = f"given_amount_minor::DECIMAL(38,6) * {Decimal(1).scaleb(-exponent):f}"
    else:
        amount = price
    return f"({amount})::DECIMAL(38,9) AS amount, given_quantity AS quantity, {price} AS unit_price"


def _money(exponent: int) -> str:
    """Return minor units, rounded half away from zero, line by line."""
    scale = f"DECIMAL(38,{exponent})"
    return ", ".join(
        f"CASE WHEN abs({source}) <= {_LARGEST} THEN ({source}::{scale} * 1{'0' * exponent})::BIGINT "
        f"END AS {name}"
        for source, name in (("amount", "amount_minor"), ("given_refund", "refund_minor"))
    )


def _goods(plan: Plan) -> str:
    if not plan.layout.not_goods or "product_id" not in plan.columns:
        return "true"
    exact = [code for code in plan.layout.not_goods if not code.endswith("*")]
    begins = [code[:-1] for code in plan.layout.not_goods if code.endswith("*")]
    tests = [f"upper(product_id) IN ({sql.texts(exact)})"]
    tests += [f"starts_with(upper(product_id), {sql.literal(begin)})" for begin in begins]
    return f"NOT coalesce({' OR '.join(tests)}, false)"


def _fault(plan: Plan) -> str:
    """Return which meaning of a row cannot be read, if any, and its text."""
    faults: dict[str, str] = {"date": "placed_at IS NULL"}
    if "order_id" in plan.columns:
        faults["order_id"] = "given_order IS NULL"
    for meaning in NUMBERS:
        if meaning in plan.columns:
            empty = f"lower(trim({meaning}_cell)) IN ({sql.texts(MISSING)})"
            faults[meaning] = (
                f"given_{meaning} IS NULL AND {meaning}_cell IS NOT NULL AND NOT {empty}"
            )
    value = next(m for m in ("unit_price", "amount", "amount_minor", "date") if m in plan.columns)
    faults[value] = f"{faults[value]} OR abs(amount) > {_LARGEST}"
    cases = " ".join(f"WHEN {test} THEN '{meaning}'" for meaning, test in faults.items())
    cells = " ".join(
        f"WHEN {test} THEN {f'{meaning}_cell' if meaning != 'order_id' else 'NULL'}"
        for meaning, test in faults.items()
    )
    return f"CASE {cases} END AS fault, CASE {cells} END AS cell"


def _reason(plan: Plan, *, goods_only: bool) -> str:
    """Return why a line does not count, as far as its own file tells."""
    cases = ["WHEN fault IS NOT NULL THEN 'unreadable_row'"]
    cases += [
        f"WHEN starts_with(order_id, {sql.literal(begin)}) THEN {sql.literal(kind)}"
        for begin, kind in plan.layout.kinds.items()
    ]
    if plan.layout.positive_only:
        cases.append("WHEN coalesce(quantity, 0) <= 0 THEN 'quantity_not_positive'")
        cases.append("WHEN coalesce(unit_price, 0) <= 0 THEN 'price_not_positive'")
    if goods_only:
        cases.append("WHEN NOT goods THEN 'not_goods'")
    if plan.repeated:
        cases.append(
            "WHEN row_number() OVER (PARTITION BY order_id, amount, quantity, fault ORDER BY line) > 1"
            " THEN 'seen_twice'"
        )
    if plan.states:
        cases += [
            f"WHEN state = '{state}' THEN '{state}'" for state in ("test", "cancelled", "unpaid")
        ]
    return f"CASE {' '.join(cases)} END"
