"""The typed cells of a row – ids, instant, numbers – and the raw text of those that may be at fault."""

from __future__ import annotations

from kohorte.reading import sql
from kohorte.reading.amounts import decimals
from kohorte.reading.days import dates
from kohorte.reading.meaning.words import MISSING
from kohorte.reading.options import Meaning
from kohorte.reading.plan import NUMBERS, Plan
from kohorte.reading.rows import rules
from kohorte.reading.source import Column

# Who a row is about; `known_by` puts these columns beside the cells.
WHO = ("customer_id", "email", "email_cell", "email_kind")
_NUMBER_TYPES: dict[Meaning, str] = {"quantity": "DECIMAL(18,3)"}
_IDS: tuple[Meaning, ...] = ("product_id", "refund_id")
_NUMBER_TYPE = "DECIMAL(18,6)"
# Longer cells are not compared with the words for a missing value, nor are those that begin with
# another character than these words do.
MISSING_LENGTH = 8
_OTHERS = set(map(chr, range(ord("!"), ord("~")))) - {
    each for word in MISSING for each in (word[:1], word[:1].upper())
}


def typed(plan: Plan, *, zone: str) -> str:
    """Return the typed cells, and the raw text of those that may be at fault."""
    columns = plan.columns
    ids = {m: identity(columns[m]) for m in _IDS if m in columns}
    cells = {
        "given_order": identity(columns["order_id"]) if "order_id" in columns else "NULL",
        **{name: name for name in WHO},
        "placed_at": dates.instant(
            columns["date"], writing=plan.writing, zone=plan.layout.zone or zone
        ),
        "date_cell": f"{columns['date'].sql}::VARCHAR",
        "product_id": ids.get("product_id", "NULL"),
        "refund_id": ids.get("refund_id", "NULL"),
        "product": filled(columns["product"]) if "product" in columns else "NULL",
        "country": filled(columns["country"]) if "country" in columns else "NULL",
        "channel": filled(columns["channel"]) if "channel" in columns else "NULL",
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


def filled(column: Column) -> str:
    """Return the SQL of a cell's text, trimmed; NULL where it stands for an empty one."""
    cell = f"{column.sql}::VARCHAR"
    bare, trimmed = _unless_missing(cell), _unless_missing(sql.bared(cell))
    return f"CASE WHEN {sql.is_bare(cell)} THEN {bare} ELSE {trimmed} END"


def _unless_missing(text: str) -> str:
    missing = sql.among(f"lower({text})", MISSING)
    begins, is_long = sql.begins_with(text, _OTHERS), f"strlen({text}) > {MISSING_LENGTH}"
    return f"CASE WHEN {begins} OR {is_long} OR NOT {missing} THEN {text} END"


def identity(column: Column) -> str:
    """Return the SQL of an id as text: 17850.0 is 17850."""
    text = filled(column)
    if column.kind == "text":
        ends = f"ends_with({column.sql}, '.0')"
        return (
            f"CASE WHEN {ends} THEN regexp_replace({text}, '^([0-9]+)\\.0$', '\\1') ELSE {text} END"
        )
    return f"regexp_replace({text}, '^(-?[0-9]+)\\.0$', '\\1')"


def _state(plan: Plan) -> str:
    """Return what the status says; without one an order that was never paid is open."""
    column, paid = plan.columns.get("status"), plan.columns.get("paid_at")
    if column is None and paid is not None:
        return f"CASE WHEN {_never(paid)} THEN 'open' ELSE 'counted' END"
    if column is None or not plan.states:
        return "'counted'"
    cases = " ".join(
        f"WHEN {sql.literal(word)} THEN {sql.literal(state)}" for word, state in plan.states.items()
    )
    said = f"CASE {column.sql}::VARCHAR {cases} ELSE 'counted' END"
    if not _is_of_lines(plan):
        return said
    return f"CASE WHEN {filled(column)} IS NOT NULL THEN {said} END"


def _never(paid: Column) -> str:
    """Return the test for a day of payment that is none: empty, or 0000-00-00."""
    return f"coalesce(regexp_full_match({filled(paid)}, '[0T.:/ -]*'), true)"


def _is_of_lines(plan: Plan) -> bool:
    return plan.rows == "lines" and "order_id" in plan.columns


def stated(plan: Plan) -> str:
    """Return all cells; a rule outweighs the status, and both hold for all lines of an order."""
    state, rule = "state", "rule"
    if _is_of_lines(plan):
        by = "OVER (PARTITION BY given_order)"
        if plan.states:
            state = f"coalesce(state, max(state) {by})"
        elif "paid_at" in plan.columns and "status" not in plan.columns:
            # One day of payment is enough; “counted” comes before “open”.
            state = f"min(state) {by}"
        if plan.rules:
            rule = f"max(rule) {by}"
    if state == "state" and not plan.rules:
        return "*"
    return f"* REPLACE (coalesce({rule}, {state}, 'counted') AS state)"


def order_id(plan: Plan, *, zone: str) -> str:
    """Return the order's id; without one, customer and local day – or the row – make the order."""
    if "order_id" in plan.columns or plan.kind == "refunds":
        return "given_order AS order_id"
    local = (
        "placed_at"
        if zone == "UTC"
        else f"timezone({sql.literal(zone)}, timezone('UTC', placed_at))"
    )
    return (
        f"coalesce(coalesce(customer_id, email) || ' ' || strftime({local}, '%Y-%m-%d'), "
        "'? ' || file || ' ' || line) AS order_id"
    )
