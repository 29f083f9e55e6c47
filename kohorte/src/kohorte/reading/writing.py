"""The typed lines of orders and refunds, written file by file, and what all of them hold together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb

from kohorte.currencies import exponent
from kohorte.errors import ReadError
from kohorte.reading import joining, remarks, unread
from kohorte.reading import lines as typed
from kohorte.reading.amounts import money, taxes
from kohorte.reading.options import Reading, ReadOptions
from kohorte.reading.plan import Plan
from kohorte.reading.rows import faults
from kohorte.reading.tables import Files
from kohorte.results import FileReading
from kohorte.settings import Settings


def write(
    plans: Sequence[Plan],
    refund_plans: Sequence[Plan],
    *,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    settings: Settings,
    options: ReadOptions,
) -> tuple[Files, Files]:
    """Write the typed lines of all files; refuse those that cannot be read."""
    every = [*plans, *refund_plans]
    for each in refund_plans:
        taxes.settle_refunds(each, orders=plans, connection=connection, options=options)
    currency = money.settle(every, connection=connection, options=options)
    rates = joining.prepare(
        every, currency=currency, connection=connection, folder=folder, options=options
    )
    lines: list[typed.Lines] = []
    for number, each in enumerate(every):
        written = typed.write(
            each,
            number=number,
            connection=connection,
            folder=folder,
            exponent=exponent(currency),
            settings=settings,
            options=options,
            rates=replace(rates[number], orders=tuple(one.path for one in lines[: len(plans)]))
            if each.kind == "refunds"
            else rates[number],
        )
        if options.skip_bad_rows:
            unread.note(written, plan=each, connection=connection)
        else:
            faults.refuse(written, plan=each, connection=connection)
        if not written.rows - written.faults and each.kind == "refunds":
            raise ReadError(
                "No row of {file} can be read as a refund.",
                file=each.source.name,
            )
        if not written.rows - written.faults:
            raise ReadError(
                "No row of {file} can be read as an order. Name the columns with --column.",
                file=each.source.name,
            )
        lines.append(written)
    files = Files(
        plans=plans,
        lines=lines[: len(plans)],
        currency=currency,
        exponent=exponent(currency),
        skip_bad_rows=options.skip_bad_rows,
        separate_accounts=options.separate_accounts,
        accounts_per_address=options.accounts_per_address,
    )
    return files, replace(files, plans=refund_plans, lines=lines[len(plans) :])


def summed(files: Files, *, readings: tuple[FileReading, ...], options: ReadOptions) -> Reading:
    """Return what was read of all files together."""
    amounts = [each.raw_amount for each in files.lines if each.raw_amount is not None]
    has_amounts = any(each.has_amounts for each in files.plans)
    return Reading(
        files=readings,
        currency=files.currency,
        exponent=files.exponent,
        rows_read=sum(each.rows for each in readings),
        raw_amount=sum(amounts, Decimal(0)) if has_amounts else None,
        has_amounts=has_amounts,
        has_units=any("quantity" in each.columns for each in files.plans),
        has_lines=any(each.rows == "lines" for each in files.plans),
        mapping=remarks.mapping(files, options=options),
    )
