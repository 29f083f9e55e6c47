"""Whether a row can be read, and why it does not count, as far as its own file tells."""

from __future__ import annotations

from collections.abc import Collection

from kohorte.reading import sql
from kohorte.reading.amounts.worth import LARGEST
from kohorte.reading.meaning.words import MISSING
from kohorte.reading.plan import NUMBERS, Plan
from kohorte.settings import UNCOUNTED

# What must be above zero where a layout says so, and the reason if it is not.
_POSITIVE = {"quantity": "quantity_not_positive", "unit_price": "price_not_positive"}


def goods(plan: Plan) -> str:
    """Return the test for lines that are goods, as far as the layout knows."""
    if not plan.layout.not_goods or "product_id" not in plan.columns:
        return "true"
    exact = [code for code in plan.layout.not_goods if not code.endswith("*")]
    begins = [code[:-1] for code in plan.layout.not_goods if code.endswith("*")]
    tests = [sql.among("upper(product_id)", exact)]
    tests += [f"starts_with(upper(product_id), {sql.literal(begin)})" for begin in begins]
    return f"NOT coalesce({' OR '.join(tests)}, false)"


def fault(plan: Plan) -> str:
    """Return which meaning of a row cannot be read, if any, and its text."""
    faults: dict[str, str] = {"date": "placed_at IS NULL"}
    if "order_id" in plan.columns and plan.kind == "orders":
        faults["order_id"] = "given_order IS NULL"
    faults |= _missing_rates(plan)
    for meaning in NUMBERS:
        if meaning in plan.columns:
            empty = sql.among(f"lower(trim({meaning}_cell))", MISSING)
            faults[meaning] = (
                f"given_{meaning} IS NULL AND {meaning}_cell IS NOT NULL AND NOT {empty}"
            )
    value = next(m for m in ("unit_price", "amount", "amount_minor", "date") if m in plan.columns)
    faults[value] = f"{faults[value]} OR abs(amount) > {LARGEST}"
    if plan.foreign or plan.deductions.takes_taxes:
        faults[value] += " OR (amount IS NOT NULL AND amount_minor IS NULL)"
    if plan.kind == "refunds":
        faults[value] += " OR amount IS NULL"
    cases = " ".join(f"WHEN {test} THEN '{meaning}'" for meaning, test in faults.items())
    cells = " ".join(
        f"WHEN {test} THEN {f'{meaning}_cell' if meaning != 'order_id' else 'NULL'}"
        for meaning, test in faults.items()
    )
    return f"CASE {cases} END AS fault, CASE {cells} END AS cell"


def _missing_rates(plan: Plan) -> dict[str, str]:
    """Return what a row lacks to be converted or to lose its taxes, and parts that are no numbers."""
    faults = {
        name: f"given_{name} IS NULL AND {name}_cell IS NOT NULL "
        f"AND NOT {sql.among(f'lower(trim({name}_cell))', MISSING)}"
        for name in plan.deductions.parts
    }
    if plan.foreign:
        faults["rate"] = "amount IS NOT NULL AND rate_above IS NULL"
    if plan.deductions.by_country:
        faults["country"] = "amount IS NOT NULL AND tax_above IS NULL"
    return faults


def reason(plan: Plan, *, goods_only: bool, count: Collection[str]) -> str:
    """Return why a line does not count; reasons of `count` let it count."""
    cases = ["WHEN fault IS NOT NULL THEN 'unreadable_row'"]
    cases += [
        f"WHEN starts_with(order_id, {sql.literal(begin)}) THEN {sql.literal(kind)}"
        for begin, kind in plan.layout.kinds.items()
        if kind not in count
    ]
    if plan.layout.positive_only:
        cases += [
            f"WHEN coalesce({column}, 0) <= 0 THEN '{why}'"
            for column, why in _POSITIVE.items()
            if why not in count
        ]
    if goods_only:
        cases.append("WHEN NOT goods THEN 'not_goods'")
    if plan.repeated:
        cases.append(
            "WHEN row_number() OVER (PARTITION BY order_id, amount, quantity, fault ORDER BY line) > 1"
            " THEN 'seen_twice'"
        )
    cases.append(f"WHEN {sql.among('state', UNCOUNTED)} THEN state")
    return f"CASE {' '.join(cases)} END"
