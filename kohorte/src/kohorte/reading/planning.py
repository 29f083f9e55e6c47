"""Planning: from an opened file to the plan of how it is to be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

import duckdb

from kohorte.errors import ReadError
from kohorte.language import Sentence
from kohorte.reading import preparing, profiles, settling, sql
from kohorte.reading.amounts import gift_cards, tax_columns, taxes
from kohorte.reading.beside import groups, kinds
from kohorte.reading.meaning import doubts, meanings, missing, strangers
from kohorte.reading.meaning.words import compact
from kohorte.reading.options import OF_ORDERS, Meaning, ReadOptions
from kohorte.reading.plan import Plan, Samples
from kohorte.reading.profiles.layout import Layout
from kohorte.reading.rows import rules, strays
from kohorte.reading.source import SAMPLE_ROWS, Column, Source
from kohorte.results import Guess


def make(
    source: Source,
    *,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
    today: dt.date | None = None,
) -> Plan:
    """Find out how a file is to be read, none of whose orders lies behind `today`.

    Raises
    ------
    ReadError
        If no column can be the customer or the date, or an option names a column that is not there.
    """
    layout, known = profiles.recognize(source)
    source, known = preparing.prepare(source, layout=layout, known=known, connection=connection)
    samples = first_cells(source, connection=connection)
    said = {name: column for name, column in options.columns.items() if name in OF_ORDERS}
    given = named(source, said)
    columns, guesses = _columns(source, layout=layout, known=known, given=given, samples=samples)
    plan = Plan(source=source, layout=layout, columns=columns, guesses=guesses, samples=samples)
    plan.rules = rules.of_file(options.exclude, source=source, columns=columns)
    if not source.has_header and layout is profiles.GENERIC:
        plan.remarks.append(Sentence("The file has no header line; columns are numbered from 1."))
    strangers.prepare(plan, connection=connection)
    plan.questions += kinds.doubt(source, connection=connection, options=options)
    plan.remarks += preparing.remarks(layout)
    plan.remarks += groups.remarks(
        source, taken=columns.values(), rules=options.exclude, connection=connection
    )
    _settle_paid_at(plan, connection=connection)
    _require_columns(plan)
    tax_columns.choose(plan, options=options)
    doubts.ask(plan, given=given)
    settling.numbers_of(plan, connection=connection, options=options)
    strays.leave_out(plan, connection=connection)
    settling.dates_of(plan, connection=connection, options=options, today=today)
    settling.rows_of(plan, connection=connection, options=options)
    settling.states_of(plan, connection=connection, options=options)
    taxes.settle(plan, connection=connection, options=options)
    gift_cards.settle(plan, connection=connection)
    return plan


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


def first_cells(source: Source, *, connection: duckdb.DuckDBPyConnection) -> Samples:
    """Return the cells of the first rows by the column's place."""
    cells = ", ".join(f"{column.sql}::VARCHAR" for column in source.columns)
    found = sql.rows(connection, f"SELECT {cells} FROM {source.relation} LIMIT {SAMPLE_ROWS}")
    by_column = zip(*found, strict=True) if found else ((),) * len(source.columns)
    return dict(enumerate(tuple(cells) for cells in by_column))


def alike(
    source: Source, *, plans: Sequence[Plan], meanings: Sequence[Meaning]
) -> dict[Meaning, Column]:
    """Return the columns of a file beside the orders whose headers mean something there."""
    by_name = {compact(column.name): column for column in source.columns}
    return {
        meaning: by_name[compact(plan.columns[meaning].name)]
        for meaning in meanings
        for plan in reversed(plans)
        if meaning in plan.columns and compact(plan.columns[meaning].name) in by_name
    }


def named(source: Source, columns: Mapping[str, str]) -> dict[Meaning, Column]:
    """Return the columns that the user named, by their meaning.

    Raises
    ------
    ReadError
        If the file has no such column.
    """
    by_name = {column.name: column for column in source.columns}
    folded = {column.name.strip().lower(): column for column in source.columns}
    found: dict[Meaning, Column] = {}
    for meaning, header in columns.items():
        column = by_name.get(header) or folded.get(header.strip().lower())
        if column is None:
            raise ReadError(
                "The file {file} has no column “{column}”. Its columns are: {columns}.",
                file=source.name,
                column=header,
                columns=source.headers,
            )
        found[meaning] = column  # type: ignore[index]  # the options were checked when made
    return found


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


def require_different(plan: Plan) -> None:
    """Raise if a column that means something shares its name with another one."""
    for column in plan.columns.values():
        if column.name in plan.source.repeated:
            raise ReadError(
                "The file {file} has two columns named “{column}”. Rename one of them.",
                file=plan.source.name,
                column=column.name,
            )


def _require_columns(plan: Plan) -> None:
    require_different(plan)
    missing.refuse(plan)
    if "order_id" not in plan.columns:
        plan.remarks.append(
            Sentence("There is no order number; what a customer buys on one day is one order.")
        )
    if not plan.has_amounts:
        plan.remarks.append(Sentence("There are no amounts; only orders and customers count."))
