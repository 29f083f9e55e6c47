"""The columns that tell of taxes and postage: which they are, and whether they can be used."""

from __future__ import annotations

import re

import duckdb

from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.amounts import decimals, fees, oss, tax_words
from kohorte.reading.amounts.decimals import Mark
from kohorte.reading.amounts.deductions import Part
from kohorte.reading.meaning import meanings
from kohorte.reading.meaning.words import MISSING, compact, normal
from kohorte.reading.options import Meaning, ReadOptions
from kohorte.reading.plan import Plan
from kohorte.reading.source import Column
from kohorte.results import Choice, Guess, Question

_BESIDE: tuple[Meaning, ...] = ("tax", "postage")
_COUNTED: tuple[Meaning, ...] = ("amount", "amount_minor", "unit_price")
# So many of the cells of such a column must be numbers.
_MOSTLY = 0.9
_RATE_WORDS = frozenset(("satz", "rate", "percent", "prozent", "percentage", "steuersatz"))
# Reduced and special rates beside the standard ones, by which a column of rates is known.
_REDUCED = (0, 2.1, 3, 4, 5, 5.5, 6, 7, 8, 9, 10, 10.7, 12, 13, 13.5, 14, 15)
_FEW = 6


def counted(plan: Plan) -> Meaning:
    """Return the meaning of the column whose amounts count."""
    if plan.priced:
        return "unit_price"
    return next(meaning for meaning in _COUNTED if meaning in plan.columns)


def is_of_layout(plan: Plan, meaning: Meaning) -> bool:
    """Return whether a column is the one that the layout of the file speaks about."""
    header = compact(plan.columns[meaning].name)
    return header in plan.layout.columns.get(meaning, ()) or any(
        header == names.get(meaning) for names in plan.layout.headers
    )


def choose(plan: Plan, *, options: ReadOptions) -> None:
    """Take the amounts with taxes where they stand beside those without, and forget what is none.

    Which of the two counts is asked, unless the user or the layout has said it.
    """
    for meaning in _BESIDE:
        column = plan.columns.get(meaning)
        if column and meaning not in options.columns and not _is_numeric(plan, column):
            del plan.columns[meaning]
            plan.guesses = tuple(each for each in plan.guesses if each.meaning != meaning)
    for meaning in _COUNTED:
        column = plan.columns.get(meaning)
        if column is None or meaning in options.columns or is_of_layout(plan, meaning):
            continue
        taxes = tax_words.of(column.name).taxes
        other = twin(plan, column)
        if other is None:
            continue
        gross, net = (other, column) if taxes == "outside" else (column, other)
        _take(plan, meaning, gross)
        plan.questions.append(
            Question(
                f"columns.{meaning}",
                Sentence(
                    "“{gross}” holds the amounts with taxes, “{net}” those without. Which one is to "
                    "count?",
                    {"gross": gross.name, "net": net.name},
                ),
                choices=(
                    Choice(gross.name, Sentence("with taxes (gross)")),
                    Choice(net.name, Sentence("without taxes (net)")),
                ),
                assumed=gross.name,
            )
        )


def _take(plan: Plan, meaning: Meaning, column: Column) -> None:
    """Let a column mean what another one was taken for."""
    if plan.columns[meaning] == column:
        return
    plan.columns[meaning] = column
    reason = Sentence("Of amounts with and without taxes, those with taxes are taken.")
    plan.guesses = tuple(
        Guess(meaning, column.name, guess.score, reason) if guess.meaning == meaning else guess
        for guess in plan.guesses
    )


def twin(plan: Plan, column: Column) -> Column | None:
    """Return the column with the same amounts, once with and once without taxes."""
    said = tax_words.of(column.name)
    if said.taxes is None:
        return None
    wanted = "inside" if said.taxes == "outside" else "outside"
    taken = {each.index for each in plan.columns.values()}
    for other in plan.source.columns:
        says = tax_words.of(other.name)
        alike = says.taxes == wanted and says.core == said.core and says.postage == said.postage
        if alike and other.index not in taken and _is_numeric(plan, other):
            return None if fees.part(column, other, plan=plan) else other
    return None


def _is_numeric(plan: Plan, column: Column) -> bool:
    """Return whether there are numbers in a column, and nearly nothing else; 19 % is none."""
    if column.kind == "number":
        return True
    cells = [cell.strip() for cell in plan.samples[column.index] if cell]
    filled = [cell.rstrip(" %") for cell in cells if cell.lower() not in MISSING]
    fits = meanings.CONTENT["amount"]
    return bool(filled) and sum(map(fits, filled)) >= _MOSTLY * len(filled)


def part(
    plan: Plan, column: Column, *, connection: duckdb.DuckDBPyConnection, options: ReadOptions
) -> Part:
    """Return a column of numbers beside the amounts with its decimal mark and what it stands for."""
    return Part(
        column=column,
        mark=_mark(plan, column, connection=connection, options=options),
        of_order=_is_of_order(plan, column, connection=connection),
    )


def _mark(
    plan: Plan, column: Column, *, connection: duckdb.DuckDBPyConnection, options: ReadOptions
) -> Mark:
    if options.decimal:
        return options.decimal
    own = decimals.evidence(connection, source=plan.source, column=column)
    if own.comma or own.point:
        return "," if own.comma > own.point else "."
    return plan.marks.get(counted(plan), ".")


def _is_of_order(plan: Plan, column: Column, *, connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether a cell stands on all lines of an order, whatever the lines are worth."""
    if plan.rows != "lines" or "order_id" not in plan.columns:
        return False
    order, cell = plan.columns["order_id"].sql, column.sql
    differ = " OR ".join(
        f"min({plan.columns[each].sql}) <> max({plan.columns[each].sql})"
        for each in _COUNTED
        if each in plan.columns
    )
    several, same, differing = sql.row(
        connection,
        "SELECT count(*), count_if(same), count_if(same AND differ) FROM ("
        f"SELECT min({cell}) = max({cell}) AND count({cell}) = count(*) AS same, "
        f"{differ} AS differ FROM {plan.source.relation} "
        f"WHERE {order} IS NOT NULL GROUP BY {order} HAVING count(*) > 1)",
    )
    return bool(several) and several == same and (plan.whole_orders or bool(differing))


def is_percent(plan: Plan, column: Column) -> bool:
    """Return whether a column of taxes holds rates and no amounts: 19 %, 7 %, 19 % …"""
    if "%" in column.name or _RATE_WORDS & set(normal(column.name).split()):
        return True
    cells = {cell.strip() for cell in plan.samples[column.index] if cell}
    if any(cell.endswith("%") for cell in cells):
        return True
    worths = {cell for cell in plan.samples[plan.columns[counted(plan)].index] if cell}
    known = {float(rate) for rates in oss.rates().values() for _, rate in rates} | set(_REDUCED)
    numbers = {_plain(cell) for cell in cells if cell.lower() not in MISSING}
    return bool(numbers - {0.0}) and len(numbers) < min(_FEW, len(worths)) and numbers <= known


def of_percent(plan: Plan) -> Column | None:
    """Return the column with the rates of taxes, if no meaning has been given to it."""
    taken = {column.index for column in plan.columns.values()}
    return next(
        (
            column
            for column in plan.source.columns
            if column.index not in taken
            and tax_words.names_taxes(column.name)
            and _is_numeric(plan, column)
            and is_percent(plan, column)
        ),
        None,
    )


def _plain(cell: str) -> float:
    text = re.sub(r"[^0-9.,-]", "", cell).replace(",", ".")
    try:
        return float(text)
    except ValueError:
        return -1.0
