"""The typed cells of a row – ids, instant, numbers – and the raw text of those that may be at fault."""

from __future__ import annotations

from kohorte.reading import dates, decimals, rules, sql
from kohorte.reading.options import Meaning
from kohorte.reading.plan import NUMBERS, Plan
from kohorte.reading.source import Column
from kohorte.reading.words import MISSING

_NUMBER_TYPES: dict[Meaning, str] = {"quantity": "DECIMAL(18,3)"}
_IDS: tuple[Meaning, ...] = ("customer_id", "product_id")
_NUMBER_TYPE = "DECIMAL(18,6)"
_BLANKS = sql.literal(" \t\r\n\u00a0")
# Longer cells are not compared with the words for a missing value.
MISSING_LENGTH = 8


def typed(plan: Plan, *, zone: str) -> str:
    """Return the typed cells, and the raw text of those that may be at fault."""
    columns = plan.columns
    ids = {m: _identity(columns[m]) for m in _IDS if m in columns}
    email = f"lower({_filled(columns['email'])})" if "email" in columns else "NULL"
    cells = {
        "given_order": _identity(columns["order_id"]) if "order_id" in columns else "NULL",
        "customer_id": f"coalesce({ids.get('customer_id', 'NULL')}, {email})",
        "placed_at": dates.instant(
            columns["date"], writing=plan.writing, zone=plan.layout.zone or zone
        ),
        "date_cell": f"{columns['date'].sql}::VARCHAR",
        "product_id": ids.get("product_id", "NULL"),
        "product": _filled(columns["product"]) if "product" in columns else "NULL",
        "country": _filled(columns["country"]) if "country" in columns else "NULL",
        "state": _state(plan),
        "rule": rules.state(plan.rules),
    }
    for meaning in NUMBERS:
        name = f"given_{meaning}"
        kind = _NUMBER_TYPES.get(meaning, _NUMBER_TYPE)
        if meaning in columns:
            column = columns[meaning]
            cells[name] = decimals.number(column, mark=plan.marks[meaning], kind=kind)
            cells[f"{meaning}_cell"] = f"{column.sql}::VARCHAR"
        else:
            cells[name] = f"NULL::{kind}"
            cells[f"{meaning}_cell"] = "NULL"
    return ", ".join(f"{expression} AS {name}" for name, expression in cells.items())


def _filled(column: Column) -> str:
    """Return the SQL of a cell's text, trimmed; NULL where it stands for an empty one."""
    text = f"trim({column.sql}::VARCHAR, {_BLANKS})"
    short = f"length({column.sql}::VARCHAR) <= {MISSING_LENGTH}"
    missing = f"{short} AND lower({text}) IN ({sql.texts(MISSING)})"
    return f"CASE WHEN NOT ({missing}) THEN {text} END"


def _identity(column: Column) -> str:
    """Return the SQL of an id as text: 17850.0 is 17850."""
    filled = _filled(column)
    if column.kind == "text":
        ends = f"ends_with({column.sql}, '.0')"
        return f"CASE WHEN {ends} THEN regexp_replace({filled}, '^([0-9]+)\\.0$', '\\1') ELSE {filled} END"
    return f"regexp_replace({filled}, '^(-?[0-9]+)\\.0$', '\\1')"


def _state(plan: Plan) -> str:
    """Return what the status says; without one an order that was never paid is open."""
    column = plan.columns.get("status")
    if column is None or not plan.states:
        paid = plan.columns.get("paid_at")
        return f"CASE WHEN {_filled(paid)} IS NULL THEN 'open' END" if paid else "'counted'"
    cases = " ".join(
        f"WHEN {sql.literal(word)} THEN {sql.literal(state)}" for word, state in plan.states.items()
    )
    said = f"CASE {column.sql}::VARCHAR {cases} ELSE 'counted' END"
    if not _is_of_lines(plan):
        return said
    return f"CASE WHEN {_filled(column)} IS NOT NULL THEN {said} END"


def _is_of_lines(plan: Plan) -> bool:
    return plan.rows == "lines" and "order_id" in plan.columns


def stated(plan: Plan) -> str:
    """Return all cells; a rule outweighs the status, and both hold for all lines of an order."""
    state, rule = "state", "rule"
    if _is_of_lines(plan):
        by = "OVER (PARTITION BY given_order)"
        if plan.states:
            state = f"coalesce(state, max(state) {by})"
        if plan.rules:
            rule = f"max(rule) {by}"
    if state == "state" and not plan.rules:
        return "*"
    return f"* REPLACE (coalesce({rule}, {state}, 'counted') AS state)"


def order_id(plan: Plan, *, zone: str) -> str:
    """Return the order's id; without one, customer and local day – or the row – make the order."""
    if "order_id" in plan.columns:
        return "given_order AS order_id"
    local = (
        "placed_at"
        if zone == "UTC"
        else f"timezone({sql.literal(zone)}, timezone('UTC', placed_at))"
    )
    return (
        f"coalesce(customer_id || ' ' || strftime({local}, '%Y-%m-%d'), "
        "'? ' || file || ' ' || line) AS order_id"
    )
