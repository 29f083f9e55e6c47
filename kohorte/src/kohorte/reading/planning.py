"""Planning: from an opened file to the plan of how it is to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import duckdb

from kohorte.errors import ReadError
from kohorte.language import Sentence
from kohorte.reading import meanings, preparing, profiles, settling, sql
from kohorte.reading.options import Meaning, ReadOptions
from kohorte.reading.plan import Plan, Samples
from kohorte.reading.profiles.layout import Layout
from kohorte.reading.rules import Rule
from kohorte.reading.source import SAMPLE_ROWS, Column, Source
from kohorte.reading.words import compact
from kohorte.results import Guess


def make(source: Source, *, connection: duckdb.DuckDBPyConnection, options: ReadOptions) -> Plan:
    """Find out how a file is to be read.

    Raises
    ------
    ReadError
        If no column can be the customer or the date, or an option names a column that is not there.
    """
    layout, known = profiles.recognize(source)
    source, known = preparing.prepare(source, layout=layout, known=known, connection=connection)
    samples = _samples(source, connection=connection)
    given = _given(source, options=options)
    columns, guesses = _columns(source, layout=layout, known=known, given=given, samples=samples)
    plan = Plan(source=source, layout=layout, columns=columns, guesses=guesses, samples=samples)
    plan.rules = _rules(source, columns=columns, options=options)
    if not source.has_header and layout is profiles.GENERIC:
        plan.remarks.append(Sentence("The file has no header line; columns are numbered from 1."))
    plan.remarks += preparing.remarks(layout, options=options)
    _settle_paid_at(plan, connection=connection)
    _require_columns(plan)
    settling.numbers_of(plan, connection=connection, options=options)
    settling.dates_of(plan, connection=connection, options=options)
    settling.rows_of(plan, connection=connection, options=options)
    settling.states_of(plan, connection=connection, options=options)
    return plan


def _rules(
    source: Source, *, columns: Mapping[Meaning, Column], options: ReadOptions
) -> tuple[tuple[Rule, Column], ...]:
    """Return the rules whose column this file has, by its header or its meaning."""
    by_header = {compact(column.name): column for column in source.columns}
    named = {str(meaning): column for meaning, column in columns.items()}
    found = [
        (rule, by_header.get(compact(rule.column)) or named.get(rule.column))
        for rule in options.exclude
    ]
    return tuple((rule, column) for rule, column in found if column is not None)


def _settle_paid_at(plan: Plan, *, connection: duckdb.DuckDBPyConnection) -> None:
    """Take the day of payment for the date if there is no other; forget it if it is never filled."""
    paid = plan.columns.get("paid_at")
    if paid is None:
        return
    if "date" not in plan.columns:
        plan.columns["date"] = plan.columns.pop("paid_at")
        plan.guesses = tuple(
            replace(guess, meaning="date") if guess.meaning == "paid_at" else guess
            for guess in plan.guesses
        )
        plan.remarks.append(
            Sentence(
                "No column tells when orders were placed; “{column}”, the time of payment, was "
                "taken.",
                {"column": paid.name},
            )
        )
        return
    (filled,) = sql.row(
        connection,
        f"SELECT count(nullif(trim({paid.sql}::VARCHAR), '')) FROM {plan.source.relation}",
    )
    if not filled:
        del plan.columns["paid_at"]


def _samples(source: Source, *, connection: duckdb.DuckDBPyConnection) -> Samples:
    cells = ", ".join(f"{column.sql}::VARCHAR" for column in source.columns)
    found = sql.rows(connection, f"SELECT {cells} FROM {source.relation} LIMIT {SAMPLE_ROWS}")
    by_column = zip(*found, strict=True) if found else ((),) * len(source.columns)
    return dict(enumerate(tuple(cells) for cells in by_column))


def _given(source: Source, *, options: ReadOptions) -> dict[Meaning, Column]:
    by_name = {column.name: column for column in source.columns}
    folded = {column.name.strip().lower(): column for column in source.columns}
    given: dict[Meaning, Column] = {}
    for meaning, header in options.columns.items():
        column = by_name.get(header) or folded.get(header.strip().lower())
        if column is None:
            raise ReadError(
                "The file {file} has no column “{column}”. Its columns are: {columns}.",
                file=source.name,
                column=header,
                columns=source.headers,
            )
        given[meaning] = column  # type: ignore[index]  # the options were checked when made
    return given


def _columns(
    source: Source,
    *,
    layout: Layout,
    known: Mapping[Meaning, Column],
    given: Mapping[Meaning, Column],
    samples: Samples,
) -> tuple[dict[Meaning, Column], tuple[Guess, ...]]:
    if layout is profiles.GENERIC:
        cells = [samples[column.index] for column in source.columns]
        found = meanings.guess(source.columns, cells, given=given)
        return {m: column for m, column, _ in found}, tuple(guess for *_, guess in found)
    taken = {column.index for column in given.values()}
    if not layout.seen:
        return _completed(source, layout=layout, known=known, given=given, samples=samples)
    columns = {m: c for m, c in known.items() if c.index not in taken} | dict(given)
    because = Sentence("This is the layout {name}.", {"name": layout.name})
    said = Sentence("You said so.")
    return columns, tuple(
        Guess(meaning, column.name, 1.0, said if meaning in given else because)
        for meaning, column in columns.items()
    )


def _completed(
    source: Source,
    *,
    layout: Layout,
    known: Mapping[Meaning, Column],
    given: Mapping[Meaning, Column],
    samples: Samples,
) -> tuple[dict[Meaning, Column], tuple[Guess, ...]]:
    """Return the columns of a layout nobody has seen: those it names, and guesses for the rest."""
    taken = {column.index for column in given.values()}
    fixed = {m: c for m, c in known.items() if c.index not in taken} | dict(given)
    cells = [samples[column.index] for column in source.columns]
    because = Sentence("This is the layout {name}.", {"name": layout.name})
    found = [
        (m, column, guess)
        for m, column, guess in meanings.guess(source.columns, cells, given=fixed)
        if m in fixed or m not in layout.without
    ]
    return {m: column for m, column, _ in found}, tuple(
        replace(guess, reason=because) if m in fixed and m not in given else guess
        for m, _, guess in found
    )


def _require_columns(plan: Plan) -> None:
    source = plan.source
    if {"refund_id", "refunded_at"} <= {column.name for column in source.columns}:
        raise ReadError(
            "The file {file} holds refunds and no orders. Save it as Parquet and name it beside the "
            "orders, or give refunds as a column of the orders; `kohorte template orders` shows how.",
            file=source.name,
        )
    for column in plan.columns.values():
        if column.name in source.repeated:
            raise ReadError(
                "The file {file} has two columns named “{column}”. Rename one of them.",
                file=source.name,
                column=column.name,
            )
    if "date" not in plan.columns:
        raise ReadError(
            "No column of {file} was recognized as the date of the order. Name it with "
            "--column date=…; the columns are: {columns}.",
            file=source.name,
            columns=source.headers,
        )
    if not plan.layout.marketplace and not {"customer_id", "email"} & set(plan.columns):
        raise ReadError(
            "No column of {file} was recognized as the customer. Name it with "
            "--column customer_id=…; the columns are: {columns}.",
            file=source.name,
            columns=source.headers,
        )
    if "order_id" not in plan.columns:
        plan.remarks.append(
            Sentence("There is no order number; what a customer buys on one day is one order.")
        )
    if not plan.has_amounts:
        plan.remarks.append(Sentence("There are no amounts; only orders and customers count."))
