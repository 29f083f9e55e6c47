"""Converting the amounts of files to one currency, by the daily rates of a file."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import duckdb

from kohorte.currencies import exponent as digits_of
from kohorte.currencies import is_currency
from kohorte.errors import ReadError
from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.amounts import currency_cells
from kohorte.reading.options import ReadOptions
from kohorte.reading.plan import Plan


def settle(
    plans: Sequence[Plan], *, connection: duckdb.DuckDBPyConnection, options: ReadOptions
) -> str:
    """Return the currency to convert to, and let each plan know what its rows are in."""
    if not options.currency:
        raise ReadError(
            "{file} holds exchange rates, but nothing says into which currency to convert. Say it "
            "with --currency, such as --currency EUR.",
            file=Path(str(options.rates)).name,
        )
    for plan in plans:
        plan.currency = plan.layout.currency or currency_cells.of_signs(plan)
        plan.codes = {}
        for text, line in currency_cells.texts(plan, connection=connection):
            code = currency_cells.code(text)
            if not is_currency(code):
                raise ReadError(
                    "Line {line} of {file}: “{text}” in the column “{column}” is no currency. Use "
                    "ISO codes such as EUR.",
                    line=line,
                    file=plan.source.name,
                    text=text[:80],
                    column=plan.columns["currency"].name,
                )
            plan.codes[text] = code
        plan.signs = {}
        for meaning in currency_cells.AMOUNTS:
            for sign, _ in currency_cells.signs(plan, meaning, connection=connection):
                plan.signs[meaning] = {
                    **plan.signs.get(meaning, {}),
                    sign: currency_cells.beside(sign),
                }
    for plan in plans:
        if plan.currency is None:
            plan.currency = _silent(plan, beside=plans, reporting=options.currency)
    return options.currency


def _silent(plan: Plan, *, beside: Sequence[Plan], reporting: str) -> str:
    """Return the currency of rows that tell none; that of a list of refunds is the orders'."""
    if plan.kind == "orders" or _told(plan):
        return reporting
    of_orders = set().union(*(_told(each) for each in beside if each.kind == "orders"))
    if len(of_orders) > 1:
        raise ReadError(
            "{file} does not say its currency, and the orders are in several ({currencies}). Add a "
            "column with the currency of each refund.",
            file=plan.source.name,
            currencies=", ".join(sorted(of_orders)),
        )
    return of_orders.pop() if of_orders else reporting


def _told(plan: Plan) -> set[str]:
    """Return the currencies that the cells of a file tell; without any, that of the whole file."""
    found = set((plan.codes or {}).values())
    for signs in (plan.signs or {}).values():
        found |= set(signs.values())
    return found or ({plan.currency} if plan.currency else set())


def of_row(plan: Plan) -> str:
    """Return the SQL of a row's own currency, NULL where its cells do not tell one."""
    found = []
    if plan.codes:
        cell = f"upper(trim({plan.columns['currency'].sql}::VARCHAR))"
        found.append(f"CASE {cell} {_cases(plan.codes)} END")
    for meaning, signs in (plan.signs or {}).items():
        sign = currency_cells.sign(plan.columns[meaning].sql)
        found.append(f"CASE {sign} {_cases(signs)} END")
    return f"coalesce({', '.join(found)})" if found else "NULL::VARCHAR"


def _cases(codes: dict[str, str]) -> str:
    return " ".join(
        f"WHEN {sql.literal(text)} THEN {sql.literal(code)}" for text, code in codes.items()
    )


def wanted(plans: Sequence[Plan]) -> set[str]:
    """Return all currencies that the rows of the files may be in."""
    found = {plan.currency for plan in plans if plan.currency}
    return found.union(*(_told(plan) for plan in plans))


def remarks(
    lines: str,
    *,
    plans: Sequence[Plan],
    currency: str | None,
    exponent: int,
    connection: duckdb.DuckDBPyConnection,
) -> dict[int, list[Sentence]]:
    """Return by the number of a file what was converted: for each currency orders and sums."""
    if not any(plan.foreign for plan in plans):
        return {}
    found = sql.rows(
        connection,
        "SELECT file, original_currency, count(DISTINCT order_id), sum(original_minor), "
        f"sum(amount_minor) FROM {lines} WHERE reason IS NULL AND original_currency IS NOT NULL "
        "GROUP BY ALL ORDER BY ALL",
    )
    told: dict[int, list[Sentence]] = {}
    for file, code, orders, original, amount in found:
        sentence = Sentence(
            "Orders in {currency}: {orders}, over {original}, converted at the rates of their days to "
            "{amount} {reporting}.",
            {
                "orders": int(orders),
                "currency": str(code),
                "original": _major(original, digits_of(str(code))),
                "amount": _major(amount, exponent),
                "reporting": str(currency),
            },
        )
        told.setdefault(int(file), []).append(sentence)
    return told


def _major(minor: int | None, digits: int) -> Decimal | int:
    return Decimal(int(minor or 0)).scaleb(-digits) if digits else int(minor or 0)
