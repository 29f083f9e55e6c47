"""The one currency that all files share."""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb

from kohorte.errors import ReadError
from kohorte.reading import sql
from kohorte.reading.currencies import SIGNS, is_currency
from kohorte.reading.options import Meaning, ReadOptions
from kohorte.reading.plan import Plan

_CODES = re.compile(r"\b(EUR|USD|GBP|CHF|PLN|SEK|DKK|NOK|CZK|JPY)\b|([€£])")


def settle(
    plans: Sequence[Plan], *, connection: duckdb.DuckDBPyConnection, options: ReadOptions
) -> str | None:
    """Return the ISO code of the currency of all amounts, None if nothing tells it.

    Raises
    ------
    ReadError
        If a file holds two currencies, or two files differ; with the line.
    """
    if options.currency:
        return options.currency
    known: tuple[str, Plan] | None = None
    for plan in plans:
        own = _of_column(plan, connection=connection) or plan.layout.currency or _of_signs(plan)
        if own is None:
            continue
        if known and known[0] != own:
            raise ReadError(
                "{file} is in {currency}, but {other} in {known}. Read files of one currency at a "
                "time, or convert them first.",
                file=plan.source.name,
                currency=own,
                other=known[1].source.name,
                known=known[0],
            )
        known = known or (own, plan)
    return known[0] if known else None


def _of_column(plan: Plan, *, connection: duckdb.DuckDBPyConnection) -> str | None:
    column = plan.columns.get("currency")
    if column is None:
        return None
    found = sql.rows(
        connection,
        f"SELECT upper(trim({column.sql}::VARCHAR)) AS code, min(line) FROM {plan.source.relation} "
        f"WHERE nullif(trim({column.sql}::VARCHAR), '') IS NOT NULL GROUP BY 1 ORDER BY 2 LIMIT 20",
    )
    codes = [(_code(str(text)), int(line)) for text, line in found]
    for code, line in codes[1:]:
        if code != codes[0][0]:
            raise ReadError(
                "Line {line} of {file} is in {currency}, the lines before in {known}. Read files of "
                "one currency at a time: split the file, or convert the amounts first.",
                line=line,
                file=plan.source.name,
                currency=code,
                known=codes[0][0],
            )
    return codes[0][0] if codes and is_currency(codes[0][0]) else None


def _code(text: str) -> str:
    return {"EURO": "EUR", **SIGNS}.get(text, text)


def _of_signs(plan: Plan) -> str | None:
    """Return the currency whose sign stands in the header or in the cells of the amounts."""
    meanings: tuple[Meaning, ...] = ("amount", "amount_minor", "unit_price")
    for meaning in meanings:
        column = plan.columns.get(meaning)
        if column is None:
            continue
        cells = " ".join(str(cell) for cell in plan.samples[column.index][:200] if cell)
        found = {
            match[1] or SIGNS[match[2]]
            for match in _CODES.finditer(f"{column.name} {cells}".upper())
        }
        if len(found) == 1:
            return str(found.pop())
    return None
