"""The one currency that all amounts count in, and what the files themselves are in."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from kohorte.currencies import is_currency
from kohorte.errors import ReadError
from kohorte.language import Sentence
from kohorte.reading.amounts import converting, currency_cells
from kohorte.reading.options import ReadOptions
from kohorte.reading.plan import Plan
from kohorte.results import Question


def settle(
    plans: Sequence[Plan], *, connection: duckdb.DuckDBPyConnection, options: ReadOptions
) -> str | None:
    """Return the ISO code of the currency that all amounts count in, None if nothing tells it.

    With a file of rates the files may hold any currencies; each plan then knows its own.

    Raises
    ------
    ReadError
        If a file holds two currencies, or two files differ, and there are no rates; with the line.
    """
    if options.rates:
        return converting.settle(plans, connection=connection, options=options)
    if options.currency:
        return options.currency
    known: tuple[str, Plan] | None = None
    for plan in plans:
        _refuse_two_signs(plan, connection=connection)
        own = (
            _of_column(plan, connection=connection)
            or plan.layout.currency
            or currency_cells.of_signs(plan)
        )
        if own is None:
            continue
        if known and known[0] != own:
            raise ReadError(
                "{file} is in {currency}, but {other} in {known}. Convert them with a file of daily "
                "rates (--rates FILE and --currency {known}), or read files of one currency at a "
                "time.",
                file=plan.source.name,
                currency=own,
                other=known[1].source.name,
                known=known[0],
            )
        known = known or (own, plan)
        plan.currency = own
    currency = known[0] if known else None
    for plan in plans:
        _ask(plan, assumed=currency)
    return currency


def _ask(plan: Plan, *, assumed: str | None) -> None:
    """Ask for the currency of amounts that tell none; refunds have that of their orders."""
    if plan.currency or not plan.has_amounts or (assumed and plan.kind != "orders"):
        return
    plan.questions.append(
        Question(
            "currency",
            Sentence(
                "The file does not say its currency. Say it with --currency, such as --currency EUR."
            ),
            assumed=assumed,
        )
    )


def _of_column(plan: Plan, *, connection: duckdb.DuckDBPyConnection) -> str | None:
    codes = [
        (currency_cells.code(text), line)
        for text, line in currency_cells.texts(plan, connection=connection)
    ]
    _require_one(codes, plan=plan)
    return codes[0][0] if codes and is_currency(codes[0][0]) else None


def _refuse_two_signs(plan: Plan, *, connection: duckdb.DuckDBPyConnection) -> None:
    """Raise if the cells of the amounts bear the signs of two currencies."""
    for meaning in currency_cells.AMOUNTS:
        signs = currency_cells.signs(plan, meaning, connection=connection)
        _require_one([(currency_cells.beside(sign), line) for sign, line in signs], plan=plan)


def _require_one(codes: Sequence[tuple[str, int]], *, plan: Plan) -> None:
    """Raise for the first line whose currency is not that of the lines before."""
    for code, line in codes[1:]:
        if code != codes[0][0]:
            raise ReadError(
                "Line {line} of {file} is in {currency}, the lines before in {known}. Convert them "
                "with a file of daily rates (--rates FILE and --currency {known}), or split the file.",
                line=line,
                file=plan.source.name,
                currency=code,
                known=codes[0][0],
            )
