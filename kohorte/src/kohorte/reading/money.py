"""The one currency that all files share."""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb

from kohorte.currencies import SIGNS, is_currency
from kohorte.errors import ReadError
from kohorte.reading import sql
from kohorte.reading.options import Meaning, ReadOptions
from kohorte.reading.plan import Plan

_AMOUNTS: tuple[Meaning, ...] = ("amount", "amount_minor", "unit_price")
# What may stand beside an amount in its cell, and the currency it stands for.
_BESIDE = {**SIGNS, "US$": "USD", "EURO": "EUR"}
_SIGN = r"(?i)(US\$|EURO?\b|USD\b|GBP\b|CHF\b|PLN\b|SEK\b|DKK\b|NOK\b|CZK\b|JPY\b|[€£$¥]|zł)"
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
        _refuse_two_signs(plan, connection=connection)
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
    _require_one(codes, plan=plan)
    return codes[0][0] if codes and is_currency(codes[0][0]) else None


def _refuse_two_signs(plan: Plan, *, connection: duckdb.DuckDBPyConnection) -> None:
    """Raise if the cells of the amounts bear the signs of two currencies."""
    for meaning in _AMOUNTS:
        column = plan.columns.get(meaning)
        if column is None or column.kind != "text":
            continue
        if not any(re.search(_SIGN, cell) for cell in plan.samples[column.index] if cell):
            continue
        found = sql.rows(
            connection,
            f"SELECT upper(regexp_extract({column.sql}, {sql.literal(_SIGN)}, 1)) AS sign, min(line) "
            f"FROM {plan.source.relation} GROUP BY 1 HAVING sign <> '' ORDER BY 2 LIMIT 20",
        )
        _require_one([(_beside(str(sign)), int(line)) for sign, line in found], plan=plan)


def _beside(sign: str) -> str:
    return next((code for each, code in _BESIDE.items() if each.upper() == sign), sign)


def _require_one(codes: Sequence[tuple[str, int]], *, plan: Plan) -> None:
    """Raise for the first line whose currency is not that of the lines before."""
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


def _code(text: str) -> str:
    return {"EURO": "EUR", **SIGNS}.get(text, text)


def _of_signs(plan: Plan) -> str | None:
    """Return the currency whose sign stands in the header or in the cells of the amounts."""
    for meaning in _AMOUNTS:
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
