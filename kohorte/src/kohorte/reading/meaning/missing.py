"""A file without a day or without customers: refused, with the columns that may be what is missing."""

from __future__ import annotations

from kohorte.errors import ReadError
from kohorte.reading.meaning import likely
from kohorte.reading.plan import Plan

_DETAILS = {"product", "product_id", "quantity", "unit_price", "amount"}
_PEOPLE = {"customer_id", "email"}


def refuse(plan: Plan) -> None:
    """Raise if no column tells the day of an order, or who placed it.

    Raises
    ------
    ReadError
        With the options that name the likeliest columns, as they are typed.
    """
    if "date" not in plan.columns:
        raise _no_date(plan)
    if not plan.layout.marketplace and not _PEOPLE & set(plan.columns):
        raise _no_customer(plan)


def _no_date(plan: Plan) -> ReadError:
    """Return the error of a file whose orders have no day, with the columns that may be it."""
    order, source = plan.columns.get("order_id"), plan.source
    found = set(plan.columns)
    if order is not None and _DETAILS & found and not _PEOPLE & found:
        return ReadError(
            "{file} tells neither when orders were placed nor by whom; it seems to hold lines or "
            "payments of orders that stand in another file. Name that file as well: lines are "
            "joined to their orders by “{column}”, payments are not read; the columns are: "
            "{columns}.",
            file=source.name,
            column=order.name,
            columns=source.headers,
        )
    dates = likely.dates(plan)
    if dates:
        return ReadError(
            "No column of {file} was recognized as the date of the order. If one of these is it, "
            "add it: {options}. The columns are: {columns}.",
            file=source.name,
            options=likely.typed("date", dates),
            columns=source.headers,
        )
    return ReadError(
        "No column of {file} was recognized as the date of the order. Name it with "
        "--column date=…; the columns are: {columns}.",
        file=source.name,
        columns=source.headers,
    )


def _no_customer(plan: Plan) -> ReadError:
    """Return the error of a file without customers, with the columns that may tell them apart."""
    found = likely.customers(plan)
    if found:
        return ReadError(
            "No column of {file} was recognized as the customer. If one of these tells customers "
            "apart, add it: {options}. The columns are: {columns}.",
            file=plan.source.name,
            options=likely.typed("customer_id", found),
            columns=plan.source.headers,
        )
    return ReadError(
        "No column of {file} was recognized as the customer. Name it with "
        "--column customer_id=…; the columns are: {columns}.",
        file=plan.source.name,
        columns=plan.source.headers,
    )
