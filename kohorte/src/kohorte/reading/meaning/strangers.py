"""The traps of a file that no layout describes, found by its cells.

What an export tells only on the first row of an order holds for all of its rows, columns of yes and
no speak through the status, and rows that are no sales – a view, a payout, an offer – are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import duckdb

from kohorte.language import Sentence
from kohorte.reading import preparing, profiles, sql
from kohorte.reading.meaning.facts import NO, YES
from kohorte.reading.meaning.words import MISSING, normal
from kohorte.reading.options import Meaning
from kohorte.reading.plan import Plan
from kohorte.reading.rows import kinds_of_rows, repeated_sums
from kohorte.reading.source import Column, Source
from kohorte.results import Guess

# What may stand on the first row of an order only. An amount there counts once as it is.
_OF_ORDER: tuple[Meaning, ...] = (
    "date", "customer_id", "email", "status", "country", "currency", "paid_at",
)  # fmt: skip
_FLAGS = {
    "cancelled": "storniert, ist storniert, is cancelled, is canceled, cancelled, canceled, annulliert",
    "test": "test, is test, test order, testbestellung, ist test, testmode, test mode",
    "refunded": "fully refunded, is refunded, refunded, erstattet, voll erstattet, is returned, returned",
}
_PAID = "bezahlt, ist bezahlt, is paid, paid, zahlung erhalten"
_DAYS = "cancelled at, canceled at, cancelled on, storniert am, stornodatum, annulliert am"
_STATES = {
    header.strip(): state for state, headers in _FLAGS.items() for header in headers.split(",")
}


def prepare(plan: Plan, *, connection: duckdb.DuckDBPyConnection) -> None:
    """Take the traps out of a plan's cells; what was done is told in its remarks."""
    if plan.layout is not profiles.GENERIC:
        return
    _carry_numbers(plan, connection)
    down = _filled_down(plan, connection)
    flags = _flags(plan)
    layout = replace(plan.layout, filled_down=down, flags=flags)
    # A mapping file names the column of yes and no as the status that it became.
    spoken = {m: c for m, c in plan.columns.items() if m != "status" or c.name not in flags}
    plan.source, known = preparing.prepare(
        plan.source, layout=layout, known=spoken, connection=connection
    )
    if flags and "status" not in plan.columns:
        status = known["status"]
        reason = Sentence("The header says “{phrase}” and the cells fit.", {"phrase": status.name})
        plan.guesses = (*plan.guesses, Guess("status", status.name, 1.0, reason))
    plan.columns = dict(known)
    repeated_sums.leave_out(plan, connection=connection)
    left_out = kinds_of_rows.left_out(plan)
    plan.rules = (*plan.rules, *left_out)
    plan.remarks += kinds_of_rows.remarks(left_out)


def _carry_numbers(plan: Plan, connection: duckdb.DuckDBPyConnection) -> None:
    """Give rows without an order number, a day and a customer the number of the row above."""
    order, date = plan.columns.get("order_id"), plan.columns.get("date")
    if order is None or date is None:
        return
    numbers = plan.facts[order.index].cells
    if not numbers or numbers[0] is None or None not in numbers:
        return
    lines = plan.every("product", "product_id", "quantity")
    people = plan.every("customer_id", "email")
    strange = " OR ".join(
        [f"{_filled(each)} IS NOT NULL" for each in (date, *people)]
        + [" AND ".join(f"{_filled(each)} IS NULL" for each in lines) or "true"]
    )
    cells = ", ".join(f"{column.sql}::VARCHAR" for column in plan.source.columns)
    some = f"coalesce({cells}) IS NOT NULL"
    bare, broken = sql.row(
        connection,
        f"SELECT count(*), count(*) FILTER ({strange}) FROM {plan.source.relation} "
        f"WHERE {_filled(order)} IS NULL AND {some}",
    )
    if broken or not bare:
        return
    above = f"last_value({_filled(order)} IGNORE NULLS) OVER (ORDER BY line)"
    cell = f"CASE WHEN {some} THEN {above} END"
    select = f"* REPLACE ({cell} AS {order.sql})"
    plan.source = replace(plan.source, relation=f"(SELECT {select} FROM {plan.source.relation})")
    plan.remarks.append(
        Sentence(
            "Rows with nothing in “{column}” belong to the order above them.",
            {"column": order.name},
        )
    )


def _filled(column: Column) -> str:
    return f"nullif(trim({column.sql}::VARCHAR), '')"


def _filled_down(plan: Plan, connection: duckdb.DuckDBPyConnection) -> tuple[Meaning, ...]:
    """Return the meanings that some rows of an order tell and its others leave out."""
    order = plan.columns.get("order_id")
    known = {meaning: plan.columns[meaning] for meaning in _OF_ORDER if meaning in plan.columns}
    if order is None or not known:
        return ()
    partly = _with_gaps(known, plan.source, connection)
    if not partly:
        return ()
    told = ", ".join(
        f"count_if(n > f{place} AND d{place} = 1) > 0 AND max(d{place}) = 1"
        for place in range(len(partly))
    )
    counts = ", ".join(
        f"count({_filled(column)}) AS f{place}, count(DISTINCT {_filled(column)}) AS d{place}"
        for place, column in enumerate(partly.values())
    )
    found = sql.row(
        connection,
        f"SELECT {told} FROM (SELECT count(*) AS n, {counts} FROM {plan.source.relation} "
        f"WHERE {_filled(order)} IS NOT NULL GROUP BY {_filled(order)})",
    )
    down = {
        meaning: column for (meaning, column), is_ in zip(partly.items(), found, strict=True) if is_
    }
    if down:
        plan.remarks.append(
            Sentence(
                "What only one row of an order tells holds for all of its rows: {columns}.",
                {"columns": ", ".join(column.name for column in down.values())},
            )
        )
    return tuple(down)


def _with_gaps(
    columns: Mapping[Meaning, Column], source: Source, connection: duckdb.DuckDBPyConnection
) -> dict[Meaning, Column]:
    """Return the columns with blank cells."""
    # Blanks come before what is printed, and the engine knows the least cell without a look at all.
    begins = ", ".join(
        f"count({c.sql}) = count(*) AND min({c.sql}::VARCHAR) >= '!'" for c in columns.values()
    )
    is_full = sql.row(connection, f"SELECT {begins} FROM {source.relation}")
    doubtful = {m: c for (m, c), full in zip(columns.items(), is_full, strict=True) if not full}
    if not doubtful:
        return {}
    gaps = ", ".join(
        f"coalesce(bool_or({sql.is_blank(f'{column.sql}::VARCHAR')}), false)"
        for column in doubtful.values()
    )
    has_gaps = sql.row(connection, f"SELECT {gaps} FROM {source.relation}")
    return {m: c for (m, c), has in zip(doubtful.items(), has_gaps, strict=True) if has}


def _flags(plan: Plan) -> dict[str, dict[str, str]]:
    """Return the columns that mark orders as cancelled, as tests or as refunded, and their words."""
    taken = {column.index for meaning, column in plan.columns.items() if meaning != "status"}
    found: dict[str, dict[str, str]] = {}
    for column in plan.source.columns:
        name = normal(column.name)
        if column.index in taken or column.index not in plan.facts:
            continue
        if name in _STATES and plan.facts[column.index].says_yes_or_no:
            found[column.name] = dict.fromkeys(sorted(YES), _STATES[name])
        elif name in _PAID.split(", ") and plan.facts[column.index].says_yes_or_no:
            found[column.name] = dict.fromkeys(sorted(NO), "open")
        elif name in _DAYS.split(", ") and _only_filled_or_empty(plan, column):
            found[column.name] = {"*": "cancelled"}
    full = [name for name in found if normal(name) == "fully refunded"]
    return {
        name: words for name, words in found.items() if not (full and normal(name) == "refunded")
    }


def _only_filled_or_empty(plan: Plan, column: Column) -> bool:
    """Return whether no word stands for an empty cell, so that a filled one tells something."""
    cells = {cell.strip().lower() for cell in plan.samples[column.index] if cell}
    return cells.isdisjoint(set(MISSING) - {""})
