"""What tells the currency of amounts: the column of currencies, and the signs beside amounts."""

from __future__ import annotations

import re

import duckdb

from kohorte.currencies import SIGNS
from kohorte.reading import sql
from kohorte.reading.options import Meaning
from kohorte.reading.plan import Plan

CODES_MAX = 200
AMOUNTS: tuple[Meaning, ...] = ("amount", "amount_minor", "unit_price")
# What may stand beside an amount in its cell, and the currency it stands for.
_BESIDE = {**SIGNS, "US$": "USD", "EURO": "EUR"}
_SIGN = r"(?i)(US\$|EURO?\b|USD\b|GBP\b|CHF\b|PLN\b|SEK\b|DKK\b|NOK\b|CZK\b|JPY\b|[€£$¥]|zł)"
_CODES = re.compile(r"\b(EUR|USD|GBP|CHF|PLN|SEK|DKK|NOK|CZK|JPY)\b|([€£])")


def texts(plan: Plan, *, connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    """Return the different texts of the currency column, each with its first line."""
    column = plan.columns.get("currency")
    if column is None:
        return []
    found = sql.rows(
        connection,
        f"SELECT upper(trim({column.sql}::VARCHAR)) AS code, min(line) FROM {plan.source.relation} "
        f"WHERE nullif(trim({column.sql}::VARCHAR), '') IS NOT NULL GROUP BY 1 ORDER BY 2 "
        f"LIMIT {CODES_MAX}",
    )
    return [(str(text), int(line)) for text, line in found]


def signs(
    plan: Plan, meaning: Meaning, *, connection: duckdb.DuckDBPyConnection
) -> list[tuple[str, int]]:
    """Return the signs of currencies in the cells of amounts, each with its first line."""
    column = plan.columns.get(meaning)
    if column is None or column.kind != "text":
        return []
    if not any(re.search(_SIGN, cell) for cell in plan.samples[column.index] if cell):
        return []
    found = sql.rows(
        connection,
        f"SELECT {sign(column.sql)} AS sign, min(line) "
        f"FROM {plan.source.relation} GROUP BY 1 HAVING sign <> '' ORDER BY 2 LIMIT 20",
    )
    return [(str(sign), int(line)) for sign, line in found]


def sign(cell: str) -> str:
    """Return the SQL of the sign of a currency in a cell, empty without one."""
    return f"upper(regexp_extract({cell}, {sql.literal(_SIGN)}, 1))"


def beside(sign: str) -> str:
    """Return the currency that a sign beside an amount stands for."""
    return next((code for each, code in _BESIDE.items() if each.upper() == sign), sign)


def code(text: str) -> str:
    """Return the ISO code that a text of the currency column stands for."""
    return _BESIDE.get(text, text)


def of_signs(plan: Plan) -> str | None:
    """Return the currency whose sign stands in the header or in the cells of the amounts."""
    for meaning in AMOUNTS:
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
