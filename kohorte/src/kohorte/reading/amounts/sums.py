"""What the sums in a file tell of taxes and postage: an order's amount beside the sum of its lines.

Where a file has the taxes or the postage of orders, and their lines or a subtotal, one of six sums
gives the amount. If it does so in nearly all orders, it is known what the amount holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import duckdb

from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.amounts import decimals, tax_columns, tax_words
from kohorte.reading.meaning.words import normal
from kohorte.reading.options import Held, Meaning, ReadOptions
from kohorte.reading.plan import Plan
from kohorte.reading.source import Column

# So many orders at least, and this share of them, must agree.
ORDERS_MIN = 3
NEARLY_ALL = 0.8
# Lines are rounded one by one.
TOLERANCE = "0.02"
_NUMBER = "DECIMAL(18,6)"
_SUBTOTALS = ("subtotal", "sub total", "zwischensumme", "warenwert", "warensumme", "items total")
_TAX_OF_POSTAGE = ("shipping", "versand", "postage", "porto"), ("tax", "steuer", "mwst", "vat")


@dataclass(frozen=True, kw_only=True)
class Concluded:
    """What the sums tell: whether the amounts hold taxes and postage, and how that is known."""

    taxes: Held | None = None
    postage: Held | None = None
    postage_is_net: bool = False
    because: Sentence | None = None


class _Sum(NamedTuple):
    """A way to make an order's amount of its lines, and what follows for both."""

    amount: str
    amount_taxes: Held | None
    amount_postage: Held | None
    lines_taxes: Held | None
    said: Sentence


_SUMS = (
    _Sum(
        "lines + taxes + postage", "inside", "inside", "outside",
        Sentence("The amount is the sum of the lines, the taxes and the postage."),
    ),
    _Sum(
        "lines + postage", None, "inside", None,
        Sentence("The amount is the sum of the lines and the postage."),
    ),
    _Sum(
        "lines + taxes", "inside", "outside", "outside",
        Sentence("The amount is the sum of the lines and the taxes."),
    ),
    _Sum("lines", None, "outside", None, Sentence("The amount is the sum of the lines.")),
    _Sum(
        "lines - taxes", "outside", "outside", "inside",
        Sentence("The amount is the sum of the lines less the taxes."),
    ),
    _Sum(
        "lines + postage - taxes", "outside", "inside", "inside",
        Sentence("The amount is the sum of the lines and the postage less the taxes."),
    ),
)  # fmt: skip


def conclude(
    plan: Plan, *, connection: duckdb.DuckDBPyConnection, options: ReadOptions
) -> Concluded:
    """Return what the sums of a file tell; nothing if it lacks the columns or they do not agree."""
    net = _postage_is_net(plan)
    amounts = _amounts(plan, connection=connection, options=options)
    if amounts is None:
        return Concluded(postage_is_net=net)
    tests = ", ".join(f"count_if(abs(amount - ({each.amount})) <= {TOLERANCE})" for each in _SUMS)
    orders, taxed, posted, *hits = sql.row(
        connection,
        f"SELECT count(*), count_if(taxes <> 0), count_if(postage <> 0), {tests} FROM ({amounts}) "
        "WHERE amount IS NOT NULL AND lines IS NOT NULL AND (taxes <> 0 OR postage <> 0)",
    )
    if orders < ORDERS_MIN:
        return Concluded(postage_is_net=net)
    fitting = [
        each for each, hit in zip(_SUMS, hits, strict=True) if hit >= NEARLY_ALL * float(orders)
    ]
    if not fitting:
        return Concluded(postage_is_net=net)
    return _agreed(
        fitting, of_lines=plan.priced, taxed=bool(taxed), posted=bool(posted), postage_is_net=net
    )


def _agreed(
    fitting: list[_Sum], *, of_lines: bool, taxed: bool, posted: bool, postage_is_net: bool
) -> Concluded:
    """Return what all sums that fit say; taxes or postage that are nowhere say nothing."""
    taxes = {each.lines_taxes if of_lines else each.amount_taxes for each in fitting}
    postage: set[Held | None] = (
        {"outside"} if of_lines else {each.amount_postage for each in fitting}
    )
    added = fitting[0].amount == "lines + taxes + postage" and len(fitting) == 1
    found_taxes = taxes.pop() if taxed and len(taxes) == 1 else None
    found_postage = postage.pop() if posted and len(postage) == 1 else None
    return Concluded(
        taxes=found_taxes,
        postage=found_postage,
        postage_is_net=postage_is_net or (added and taxed and posted),
        because=_simplest(fitting, taxed=taxed, posted=posted).said
        if found_taxes or found_postage
        else None,
    )


def _simplest(fitting: list[_Sum], *, taxed: bool, posted: bool) -> _Sum:
    """Return the sum that speaks of nothing which is not there."""
    missing = [name for name, there in (("taxes", taxed), ("postage", posted)) if not there]
    return next(
        (each for each in fitting if not any(name in each.amount for name in missing)), fitting[0]
    )


def _postage_is_net(plan: Plan) -> bool:
    """Return whether the header of the postage, or a column with its taxes, says it has none in it."""
    column = plan.columns.get("postage")
    if column is None:
        return False
    said = tax_words.of(column.name).taxes
    if said:
        return said == "outside"
    postage, taxes = _TAX_OF_POSTAGE
    return any(
        set(postage) & set(normal(each.name).split())
        and set(taxes) & set(normal(each.name).split())
        for each in plan.source.columns
        if each != column and tax_words.of(each.name).taxes is None
    )


def _amounts(
    plan: Plan, *, connection: duckdb.DuckDBPyConnection, options: ReadOptions
) -> str | None:
    """Return the select of amount, lines, taxes and postage of each order, None without them."""
    amount = plan.columns.get("amount")
    subtotal = _subtotal(plan)
    prices: set[Meaning] = {"quantity", "unit_price"}
    of_lines = plan.rows == "lines" and prices <= set(plan.columns)
    if amount is None or not (subtotal or of_lines) or not {"tax", "postage"} & set(plan.columns):
        return None
    if "tax" in plan.columns and tax_columns.is_percent(plan, plan.columns["tax"]):
        return None

    parts = {
        name: tax_columns.part(plan, column, connection=connection, options=options)
        for name, column in (
            ("amount", amount),
            ("taxes", plan.columns.get("tax")),
            ("postage", plan.columns.get("postage")),
            ("lines", subtotal),
            ("quantity", plan.columns.get("quantity")),
            ("unit_price", plan.columns.get("unit_price")),
        )
        if column is not None
    }
    numbers = {
        name: decimals.number(part.column, mark=part.mark, kind=_NUMBER)
        for name, part in parts.items()
    }
    if subtotal is None:
        numbers["lines"] = f"({numbers['quantity']})::DECIMAL(18,3) * {numbers['unit_price']}"
    for name in ("taxes", "postage"):
        numbers[name] = f"coalesce({numbers.get(name, f'0::{_NUMBER}')}, 0)"
    chosen = {name: numbers[name] for name in ("amount", "lines", "taxes", "postage")}
    if plan.rows == "orders" or not _is_of_orders(plan):
        columns = ", ".join(f"{cell} AS {name}" for name, cell in chosen.items())
        return f"SELECT {columns} FROM {plan.source.relation}"
    whole = {name for name, part in parts.items() if part.of_order} | {"amount"}
    whole |= {"lines"} if subtotal else set()
    columns = ", ".join(
        f"{'max' if name in whole else 'sum'}({cell}) AS {name}" for name, cell in chosen.items()
    )
    order = plan.columns["order_id"].sql
    return (
        f"SELECT {columns} FROM {plan.source.relation} WHERE {order} IS NOT NULL GROUP BY {order}"
    )


def _is_of_orders(plan: Plan) -> bool:
    """Return whether the amount is the order's: repeated on its lines, or on the first one only."""
    return "order_id" in plan.columns and (plan.whole_orders or bool(plan.layout.filled_down))


def _subtotal(plan: Plan) -> Column | None:
    """Return the column with the value of the goods, if it is not the amount itself."""
    taken = {column.index for column in plan.columns.values()}
    return next(
        (
            column
            for column in plan.source.columns
            if column.index not in taken and tax_words.of(column.name).core in _SUBTOTALS
        ),
        None,
    )
