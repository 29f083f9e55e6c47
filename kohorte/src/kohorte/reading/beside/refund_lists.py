"""Lists of refunds beside files of orders: how one is to be read.

A list goes the way of the orders: its dates and decimal marks are settled by whole columns, its
rows are typed and refused alike. What its own headers leave open, those of the orders settle.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import duckdb

from kohorte.errors import ReadError
from kohorte.language import Sentence
from kohorte.reading import planning, profiles, settling
from kohorte.reading.beside import kind_signs, kind_words
from kohorte.reading.meaning import meanings
from kohorte.reading.meaning.words import normal
from kohorte.reading.options import Meaning, ReadOptions
from kohorte.reading.plan import Plan, Samples
from kohorte.reading.rows import states, strays
from kohorte.reading.source import Column, Source
from kohorte.results import Guess
from kohorte.settings import UNCOUNTED

_SAID: Mapping[str, Meaning] = {"number": "refund_id", "date": "date", "amount": "amount"}
_WHO: tuple[Meaning, ...] = ("order_id", "customer_id", "email", "currency")
_WHEN_AND_WORTH: tuple[Meaning, ...] = ("date", "amount", "amount_minor")
_GUESSED: tuple[Meaning, ...] = (
    *("refund_id", "order_id", "customer_id", "email", "date", "amount", "amount_minor"),
    *("quantity", "unit_price", "product_id", "product", "currency", "status", "paid_at"),
    *("tax", "country"),
)
# What day and amount of this list are called where its columns are shown.
_SHOWN: Mapping[Meaning, str] = {"date": "refunded_at", "amount": "refund"}
# A header that names an order's number less surely than this is the number of the refund.
_CERTAIN = 0.85


def plan(
    source: Source,
    *,
    orders: Sequence[Plan],
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
    today: dt.date | None = None,
) -> Plan:
    """Find out how a list of refunds is to be read, none of which lies behind `today`.

    Parameters
    ----------
    orders
        How the files of orders are read; a header that means something there means the same here.

    Raises
    ------
    ReadError
        If no column can be the day or the amount of the refund.
    """
    samples = planning.first_cells(source, connection=connection)
    columns, guesses = _columns(source, samples=samples, orders=orders, options=options)
    made = Plan(
        source=source,
        layout=profiles.GENERIC,
        columns=columns,
        guesses=guesses,
        samples=samples,
        kind="refunds",
        rows="orders",
    )
    planning.require_different(made)
    _require_columns(made)
    _own_first(settling.numbers_of, "decimal", plan=made, connection=connection, options=options)
    strays.leave_out(made, connection=connection)
    dates_of = partial(settling.dates_of, today=today)
    _own_first(dates_of, "date_format", plan=made, connection=connection, options=options)
    _settle_states(made, connection=connection, options=options)
    return made


def _columns(
    source: Source, *, samples: Samples, orders: Sequence[Plan], options: ReadOptions
) -> tuple[dict[Meaning, Column], tuple[Guess, ...]]:
    fixed = _told(source, samples=samples, options=options)
    reasons = {
        meaning: Sentence("The header says “{phrase}” and the cells fit.", {"phrase": column.name})
        for meaning, column in fixed.items()
    }
    for meaning, column in planning.alike(source, plans=orders, meanings=_WHO).items():
        taken = column in fixed.values() or _is_better(source, column, meaning)
        if meaning not in fixed and not taken:
            fixed[meaning] = column
            reasons[meaning] = Sentence("The orders have the same header.")
    if "refund_id" not in fixed:
        number = _vague_number(source, taken=list(fixed.values()))
        if number:
            fixed["refund_id"] = number
            reasons["refund_id"] = Sentence("It is the only other number of a row.")
    cells = [samples[column.index] for column in source.columns]
    found = {
        meaning: (column, replace(guess, reason=reasons.get(meaning, guess.reason)))
        for meaning, column, guess in meanings.guess(source.columns, cells, given=fixed)
        if meaning in _GUESSED and not (meaning == "order_id" and guess.score < _CERTAIN)
    }
    if "paid_at" in found:
        column, guess = found.pop("paid_at")
        found.setdefault("date", (column, replace(guess, meaning="date")))
    _take_from_orders(found, source=source, orders=orders)
    for meaning in _superfluous(found, orders=orders):
        found.pop(meaning, None)
    guesses = (
        replace(guess, meaning=_SHOWN.get(meaning, guess.meaning))
        for meaning, (_, guess) in found.items()
    )
    return {meaning: column for meaning, (column, _) in found.items()}, tuple(guesses)


def _told(source: Source, *, samples: Samples, options: ReadOptions) -> dict[Meaning, Column]:
    """Return the columns whose headers are those of a refund, and the number that the user named."""
    told: dict[Meaning, Column] = {}
    documents = []
    for column in source.columns:
        said = kind_words.of_refund(column.name)
        if said == "document":
            documents.append(column)
        elif said:
            told.setdefault(_SAID[said], column)
    for column in documents:
        filled = [cell for cell in samples[column.index] if cell and cell.strip()]
        meaning: Meaning = "refund_id" if kind_signs.is_number(column, filled) else "amount"
        told.setdefault(meaning, column)
    if "refund_id" in options.columns:
        named = planning.named(source, {"refund_id": options.columns["refund_id"]})
        told = {m: c for m, c in told.items() if c not in named.values()} | named
    return told


def _is_better(source: Source, column: Column, meaning: Meaning) -> bool:
    """Return whether another column names an order's number more surely than the orders' header."""
    if meaning != "order_id":
        return False
    surest = max(meanings.by_header(each.name, meaning)[0] for each in source.columns)
    return surest >= _CERTAIN > meanings.by_header(column.name, meaning)[0]


def _vague_number(source: Source, *, taken: Sequence[Column]) -> Column | None:
    """Return the first column called “Id”, “Nr.” or “Beleg”, which in this list is the refund's."""
    for column in source.columns:
        score, _ = meanings.by_header(column.name, "order_id")
        if column not in taken and meanings.THRESHOLD <= score < _CERTAIN:
            return column
    return None


def _take_from_orders(
    found: dict[Meaning, tuple[Column, Guess]], *, source: Source, orders: Sequence[Plan]
) -> None:
    """Take day and amount from the headers that the orders have, if nothing else tells them."""
    because = Sentence("The orders have the same header.")
    for meaning, column in planning.alike(source, plans=orders, meanings=_WHEN_AND_WORTH).items():
        is_known = meaning in found or (
            meaning != "date" and {"amount", "amount_minor"} & set(found)
        )
        if not is_known and column not in [known for known, _ in found.values()]:
            found[meaning] = (column, Guess(meaning, column.name, 1.0, because))


def _superfluous(found: Mapping[Meaning, object], *, orders: Sequence[Plan]) -> tuple[Meaning, ...]:
    """Return the meanings that another one outweighs.

    An amount counts more than its parts, an address more than a number that no order bears.
    """
    has_numbers = any("customer_id" in each.columns for each in orders)
    unknown: tuple[Meaning, ...] = () if has_numbers or "email" not in found else ("customer_id",)
    if "amount" in found:
        return (*unknown, "amount_minor", "quantity", "unit_price")
    if "amount_minor" in found or not {"quantity", "unit_price"} <= set(found):
        return (*unknown, "quantity", "unit_price")
    return unknown


def _require_columns(plan: Plan) -> None:
    source = plan.source
    if "date" not in plan.columns:
        raise ReadError(
            "The file {file} is a list of refunds, but no column was recognized as the day of the "
            "refund. Call it “Refund date”; the columns are: {columns}. If its rows are orders, say "
            "--kind orders:{file}.",
            file=source.name,
            columns=source.headers,
        )
    if not plan.has_amounts:
        raise ReadError(
            "The file {file} is a list of refunds, but no column was recognized as the amount "
            "refunded. Call it “Refund amount”; the columns are: {columns}. If its rows are orders, "
            "say --kind orders:{file}.",
            file=source.name,
            columns=source.headers,
        )


def _own_first(
    settle: Callable[..., None],
    option: str,
    *,
    plan: Plan,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
) -> None:
    """Settle by this file alone; the option, which was said of the orders, decides what is open."""
    said = getattr(options, option)
    remarks, questions = list(plan.remarks), list(plan.questions)
    unsaid: dict[str, Any] = {option: None}
    own = replace(options, **unsaid)
    try:
        settle(plan, connection=connection, options=own)
    except ReadError:
        if not said:
            raise
    else:
        if not said or (len(plan.remarks), len(plan.questions)) == (len(remarks), len(questions)):
            return
    plan.remarks, plan.questions = remarks, questions
    settle(plan, connection=connection, options=options)


def _settle_states(
    plan: Plan, *, connection: duckdb.DuckDBPyConnection, options: ReadOptions
) -> None:
    """Settle which words of a status say that nothing was refunded after all."""
    column = plan.columns.get("status")
    if column is None:
        return
    said = {normal(word): state for word, state in options.states.items()}
    found = states.settle(connection, source=plan.source, column=column, known=said)
    plan.states = {word: state for word, state in (found or {}).items() if state in UNCOUNTED}
