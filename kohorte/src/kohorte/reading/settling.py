"""What the whole of a file settles: dates, decimal marks, orders or lines, states."""

from __future__ import annotations

import datetime as dt
import re

import duckdb

from kohorte.errors import ReadError
from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.amounts import decimals
from kohorte.reading.days import date_order, date_ways
from kohorte.reading.meaning.words import GERMAN, normal
from kohorte.reading.options import ReadOptions
from kohorte.reading.plan import NUMBERS, Plan
from kohorte.reading.rows import states
from kohorte.reading.source import Source

_CENT = 0.01
_AMERICAN = re.compile(r"\d [AaPp][Mm]$|^\$\s?\d|^US[D$]$")


def dates_of(
    plan: Plan,
    *,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
    today: dt.date | None = None,
) -> None:
    """Settle how the dates are written; refuse a column without any."""
    column = plan.columns["date"]
    wanted = plan.layout.month_first
    writing = date_ways.settle(
        connection,
        source=plan.source,
        column=column,
        given=options.date_format,
        month_first=_american(plan) if wanted is None else wanted,
    )
    if writing is None:
        shown = next((cell for cell in plan.samples[column.index] if cell), "")
        raise ReadError(
            "The column “{column}” of {file} holds no dates that can be read, for example “{text}”."
            " Name their format with --date-format, or another column with --column date=….",
            column=column.name,
            file=plan.source.name,
            text=str(shown)[:80],
        )
    if writing.exchanged and wanted is None:
        settled = date_order.settle(
            connection,
            source=plan.source,
            column=column,
            order=plan.columns.get("order_id"),
            writing=writing,
            today=today,
        )
        writing = settled.writing
        plan.remarks += [settled.told] if settled.told else []
        plan.questions += [settled.question] if settled.question else []
    given = options.date_format if column.kind in ("text", "number") else None
    if given and writing.formats != date_ways.translated(given, connection=connection):
        plan.remarks.append(
            Sentence(
                "No date in “{column}” is written as {format}; they were read as they are written.",
                {"column": column.name, "format": given},
            )
        )
    if writing.families:
        plan.remarks.append(
            date_ways.both(connection, source=plan.source, column=column, writing=writing)
        )
    plan.writing = writing


def _american(plan: Plan) -> bool:
    """Return whether a file shows American signs and no German ones: 12-hour clock, dollars."""
    if is_german(plan.source) or "," in plan.marks.values():
        return False
    cells = [cell for column in plan.samples.values() for cell in column[:100] if cell]
    return any(_AMERICAN.search(cell) for cell in cells)


def is_german(source: Source) -> bool:
    """Return whether a file shows German signs: semicolons between cells, or German headers."""
    words = {word for column in source.columns for word in normal(column.name).split()}
    return source.delimiter == ";" or bool(words & GERMAN)


def numbers_of(plan: Plan, *, connection: duckdb.DuckDBPyConnection, options: ReadOptions) -> None:
    """Settle the decimal mark of each column of numbers."""
    numbers = {meaning: plan.columns[meaning] for meaning in NUMBERS if meaning in plan.columns}
    if options.decimal:
        plan.marks = dict.fromkeys(numbers, options.decimal)
        return
    columns = list(numbers.values())
    evidence = decimals.evidences(connection, source=plan.source, columns=columns)
    found = dict(zip(numbers, evidence, strict=True))
    doubtful = None
    for meaning, own in found.items():
        plan.marks[meaning], assumed = decimals.decide(
            list(found.values()), own=own, german=is_german(plan.source)
        )
        if assumed and doubtful is None:
            doubtful = meaning
    if doubtful is not None:
        plan.questions.append(
            decimals.question(
                numbers[doubtful], cell=found[doubtful].example, assumed=plan.marks[doubtful]
            )
        )


def rows_of(plan: Plan, *, connection: duckdb.DuckDBPyConnection, options: ReadOptions) -> None:
    """Settle whether a row is an order or a line, and whose amount stands on it."""
    named = set(plan.columns)
    settled = options.rows or plan.layout.rows
    if "order_id" not in named:
        plan.rows = settled or "lines"
        return
    if plan.layout.rows and not options.rows:
        plan.rows = plan.layout.rows
        return
    detailed = bool({"product", "product_id", "unit_price"} & named)
    if "amount" not in named and (settled or ("lines" if detailed else None)) == "lines":
        plan.rows = "lines"
        return
    order = plan.columns["order_id"].sql
    amount = plan.columns["amount"].sql if "amount" in named else "NULL"
    several, same = sql.row(
        connection,
        "SELECT count(*) FILTER (n > 1), count(*) FILTER (n > 1 AND same) FROM ("
        f"SELECT count(*) AS n, count(DISTINCT {amount}) = 1 AND count({amount}) = count(*) AS same "
        f"FROM {plan.source.relation} WHERE {order} IS NOT NULL GROUP BY {order})",
    )
    lines = detailed or ("quantity" in named and several > plan.source.rows // 100)
    plan.rows = settled or ("lines" if lines else "orders")
    plan.repeated = bool(several) and plan.rows == "orders"
    if several < 3 or several != same or "amount" not in named or _are_of_lines(plan):
        return
    if plan.rows == "lines":
        plan.whole_orders = True
        plan.remarks.append(
            Sentence(
                "“{column}” holds the same amount on all lines of an order; it was taken as the "
                "order's amount and counted once.",
                {"column": plan.columns["amount"].name},
            )
        )


def _are_of_lines(plan: Plan) -> bool:
    """Return whether each amount is quantity × price, so that it is the line's own."""
    columns = plan.every("amount", "quantity", "unit_price")
    if len(columns) < 3:
        return False
    numbers = [plan.facts[each.index].numbers for each in columns]
    rows = [row for row in zip(*numbers, strict=True) if None not in row]
    return bool(rows) and all(
        abs(float(amount or 0) - float(quantity or 0) * float(price or 0)) < _CENT
        for amount, quantity, price in rows
    )


def states_of(plan: Plan, *, connection: duckdb.DuckDBPyConnection, options: ReadOptions) -> None:
    """Settle what the words of a status column say."""
    column = plan.columns.get("status")
    if column is None:
        return
    said = {normal(word): state for word, state in options.states.items()}
    found = states.settle(
        connection, source=plan.source, column=column, known={**plan.layout.states, **said}
    )
    if found is None:
        plan.remarks.append(
            Sentence(
                "“{column}” holds too many different values for a status and was not used.",
                {"column": column.name},
            )
        )
        del plan.columns["status"]
        return
    plan.questions += states.questions(
        connection, source=plan.source, column=column, known={**plan.layout.states, **said}
    )
    plan.states = {word: state for word, state in found.items() if state != "counted"}
    for word in [word for word, state in plan.states.items() if state == states.PARTLY]:
        del plan.states[word]
        if "refund" not in plan.columns:
            plan.remarks.append(
                Sentence(
                    "Orders with the status “{status}” count in full: no column tells how much "
                    "was refunded.",
                    {"status": word},
                )
            )
