"""What a row is worth: exact amounts as the file says them, and what of them counts as revenue.

`amount` is what the file says, in major units. What counts is that amount without gift cards,
without taxes and postage where they are to be taken out, in the currency that everything counts
in. It is a fraction of whole numbers until it is rounded to minor units, once for each row.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from kohorte.currencies import exponent as digits_of
from kohorte.reading.amounts import exact, gift_cards
from kohorte.reading.amounts.deductions import Part
from kohorte.reading.amounts.exact import LARGEST as LARGEST
from kohorte.reading.amounts.exact import Exact
from kohorte.reading.plan import Plan
from kohorte.settings import UNCOUNTED

_ORDER = "PARTITION BY order_id"
_FIRST = f"row_number() OVER ({_ORDER} ORDER BY line) = 1"
_TYPE = "DECIMAL(38,9)"


def value(plan: Plan, *, exponent: int) -> str:
    """Return the exact amount of a line in major units; 38 digits hold every product."""
    price = "given_unit_price"
    if plan.priced:
        amount = f"given_quantity::DECIMAL(38,3) * {price}"
    elif "amount" in plan.columns:
        amount = "given_amount"
        if plan.whole_orders:
            amount = f"CASE WHEN {_FIRST} THEN given_amount ELSE 0 END"
    elif "amount_minor" in plan.columns:
        amount = f"given_amount_minor::DECIMAL(38,6) * {_step(plan, exponent)}"
    else:
        amount = price
    parts = "".join(
        f", ({_part(plan, name, part, exponent=exponent)})::{_TYPE} AS {name}_part"
        for name, part in plan.deductions.parts.items()
        if name != "tax_percent"
    )
    return (
        f"({amount})::{_TYPE} AS amount, given_quantity AS quantity, {price} AS unit_price{parts}"
    )


def _step(plan: Plan, exponent: int) -> str:
    """Return the SQL of a minor unit in major ones, of the row's own currency."""
    own = f"{Decimal(1).scaleb(-exponent):f}"
    if not plan.foreign:
        return own
    return f"CASE {units(plan)} WHEN 1 THEN 1 WHEN 1000 THEN 0.001 ELSE 0.01 END"


def units(plan: Plan) -> str:
    """Return the SQL of how many minor units a major one of the row's own currency has."""
    codes = sorted({*plan.foreign, plan.currency or ""})
    cases = " ".join(f"WHEN '{code}' THEN {10 ** digits_of(code)}" for code in codes)
    return f"CASE currency {cases} ELSE 100 END"


def _part(plan: Plan, name: str, part: Part, *, exponent: int) -> str:
    """Return the SQL of taxes, postage or the net amount of a row; of the order where it is told."""
    given = f"given_{name}"
    if name == "net" and plan.priced:
        return f"given_quantity::DECIMAL(38,3) * {given}"
    if "amount_minor" in plan.columns and "amount" not in plan.columns:
        given = f"{given} * {_step(plan, exponent)}"
    if part.of_order:
        return f"CASE WHEN {_FIRST} THEN {given} ELSE 0 END"
    if plan.whole_orders and not plan.priced:
        return f"CASE WHEN {_FIRST} THEN sum({given}) OVER ({_ORDER}) ELSE 0 END"
    return given


def counted(plan: Plan, lines: str, *, count: Collection[str] = ()) -> str:
    """Return the lines with `rest`, the amount without gift cards, and what is taken out of it.

    `count` are the reasons for which orders are usually left out, but count here.
    """
    if plan.sells_gift_cards:
        uncounted = [state for state in UNCOUNTED if state not in count]
        lines = gift_cards.taken_out(lines, plan=plan, uncounted=uncounted)
    elif plan.deductions.parts:
        lines = f"(SELECT *, amount AS rest, NULL::{_TYPE} AS gift FROM ({lines}))"
    if not plan.deductions.by_amounts and plan.deductions.postage is None:
        return lines
    taken = {"tax": _taxes(plan), "postage": "0"}
    if plan.deductions.postage is not None:
        taken["postage"] = _signed("postage_part")
    taken = {
        name: f"CASE WHEN gift IS NOT NULL AND {_is_of_line(plan, name)} THEN 0 ELSE {each} END"
        for name, each in taken.items()
    }
    chosen = ", ".join(f"({each})::{_TYPE} AS {name}_taken" for name, each in taken.items())
    lines = f"(SELECT *, {chosen} FROM {lines})"
    if not _needs_ratio(plan):
        return lines
    alone = plan.rows == "orders" and not plan.repeated
    sums = ", ".join(
        f"coalesce({each if alone else f'sum({each}) OVER ({_ORDER})'}, 0)::{_TYPE} AS {name}"
        for name, each in (("order_rest", "rest"), ("order_tax", "tax_taken"))
    )
    return f"(SELECT *, {sums} FROM {lines})"


def _needs_ratio(plan: Plan) -> bool:
    """Return whether refunds or postage lose taxes in the proportion in which their order does."""
    beside = "refund" in plan.columns or plan.deductions.postage is not None
    return plan.deductions.by_amounts and beside


def _taxes(plan: Plan) -> str:
    if plan.deductions.net is not None:
        return "coalesce(amount - net_part, 0)"
    return _signed("tax_part") if plan.deductions.tax is not None else "0"


def _signed(part: str) -> str:
    """Return the SQL of a part of an amount; what is given back bears the amount's sign."""
    return f"CASE WHEN amount < 0 THEN -abs(coalesce({part}, 0)) ELSE coalesce({part}, 0) END"


def _is_of_line(plan: Plan, name: str) -> str:
    """Return whether a part is that of the row alone, so that a gift card bears none of it."""
    part = plan.deductions.parts.get("net" if name == "tax" and plan.deductions.net else name)
    alone = part is not None and not part.of_order and not plan.first_rows_pay
    return "true" if alone else "false"


def _of_amount(plan: Plan) -> Exact:
    """Return what of a row's amount counts, in its own currency."""
    cut = plan.deductions
    if not plan.sells_gift_cards and not cut.parts and not cut.by_rates:
        return Exact(first="amount")
    rest = "rest" if plan.sells_gift_cards or cut.parts else "amount"
    postage = "postage_taken" if cut.postage is not None else None
    with_postage = f"({rest} - {postage})" if postage else rest
    net, whole = _net_part(plan)
    if not cut.takes_taxes:
        if postage and cut.postage_is_net and net != whole:
            return Exact(first=rest, times=net, second=postage, by=whole, over=net)
        return Exact(first=with_postage)
    if cut.by_rates:
        if postage and cut.postage_is_net:
            return Exact(first=rest, times=net, second=postage, by=whole, over=whole)
        return Exact(first=with_postage, times=net, over=whole)
    without_taxes = f"({rest} - tax_taken)"
    if postage is None:
        return Exact(first=without_taxes)
    if cut.postage_is_net:
        return Exact(first=f"({without_taxes} - {postage})")
    return Exact(first=without_taxes, times=whole, second=postage, by=net, over=whole)


def _net_part(plan: Plan) -> tuple[str, str]:
    """Return the SQL of the two whole numbers whose ratio is the part of an amount without taxes."""
    cut = plan.deductions
    if cut.rate is not None:
        return str(cut.rate.numerator), str(cut.rate.denominator)
    if cut.by_country:
        return "tax_above", "tax_below"
    if cut.tax_percent is not None:
        return "1000000", "(1000000 + coalesce(given_tax_percent, 0) * 10000)::HUGEINT"
    if not _needs_ratio(plan):
        return "1", "1"
    worthless = "order_rest = 0 OR order_rest = order_tax"
    return (
        f"CASE WHEN {worthless} THEN 1 ELSE {exact.whole('order_rest - order_tax')} END",
        f"CASE WHEN {worthless} THEN 1 ELSE {exact.whole('order_rest')} END",
    )


def minor(plan: Plan, *, exponent: int) -> str:
    """Return minor units, rounded half away from zero, row by row."""
    unit = str(10**exponent)
    above, below = ("rate_above", "rate_below") if plan.foreign else ("1", "1")
    net, whole = _net_part(plan) if plan.deductions.takes_taxes else ("1", "1")
    amount, refund = _of_amount(plan), Exact(first="given_refund", times=net, over=whole)
    gift = Exact(first="gift")
    columns = {
        "amount_minor": exact.minor(amount, unit=unit, above=above, below=below),
        "refund_minor": exact.minor(refund, unit=unit, above=above, below=below),
        "gift_minor": "NULL",
        "original_currency": "NULL",
        "original_minor": "NULL",
    }
    if plan.sells_gift_cards:
        columns["gift_minor"] = exact.minor(gift, unit=unit, above=above, below=below)
    if plan.foreign:
        own = exact.minor(amount, unit=units(plan))
        columns["original_currency"] = "own_currency"
        columns["original_minor"] = f"CASE WHEN own_currency IS NOT NULL THEN {own} END"
    return ", ".join(f"{expression} AS {name}" for name, expression in columns.items())


def converted(plan: Plan) -> str:
    """Return the columns of a line with amounts and prices in the currency that all counts in."""
    if not plan.foreign:
        return "*"
    amount, price = (
        exact.converted(name, above="rate_above", below="rate_below", digits=digits)
        for name, digits in (("amount", 9), ("unit_price", 6))
    )
    return f"* REPLACE ({amount} AS amount, {price} AS unit_price)"
