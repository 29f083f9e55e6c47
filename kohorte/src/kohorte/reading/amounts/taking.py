"""What is to be taken out of a file's amounts, by its columns or by a rate – or why it cannot be."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal, InvalidOperation

import duckdb

from kohorte.errors import ReadError
from kohorte.reading.amounts import oss, tax_columns
from kohorte.reading.amounts.deductions import Deductions, Part
from kohorte.reading.options import ReadOptions
from kohorte.reading.plan import Plan

BY_COUNTRY = "oss"
_PERCENT = re.compile(r"\d{1,2}(?:[.,]\d{1,4})?")


def percent(tax_rate: str | None) -> Decimal | None:
    """Return a rate in percent, None without one or if it is that of the buyer's country.

    Raises
    ------
    ReadError
        If it is neither a number from 0 to 99 nor `oss`.

    Examples
    --------
    >>> percent("25,5 %"), percent("oss")
    (Decimal('25.5'), None)
    """
    if tax_rate is None or tax_rate.strip().lower() == BY_COUNTRY:
        return None
    text = tax_rate.strip().rstrip("%").strip()
    try:
        if _PERCENT.fullmatch(text):
            return Decimal(text.replace(",", "."))
    except InvalidOperation:
        pass
    raise ReadError(
        "“{rate}” is not a rate of taxes. Give a number such as 19, or oss for that of the buyer's "
        "country.",
        rate=tax_rate,
    )


def settle(
    plan: Plan,
    *,
    postage_is_net: bool,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
) -> Deductions:
    """Return what is taken out of the amounts of a file.

    Raises
    ------
    ReadError
        If taxes or postage are to be taken out and the file and the options do not say how.
    """
    percent(options.tax_rate)
    takes_taxes = options.net and _require_known(plan, "taxes") == "inside"
    taken = Deductions(takes_taxes=takes_taxes)
    takes_postage = options.without_postage and plan.kind == "orders"
    if takes_postage and _require_known(plan, "postage") == "inside":
        taken = replace(
            taken,
            postage=_postage(plan, connection=connection, options=options),
            postage_is_net=postage_is_net and plan.taxes == "inside",
        )
    if takes_taxes or taken.postage_is_net:
        taken = _with_taxes(taken, plan=plan, connection=connection, options=options)
    return taken


def _postage(plan: Plan, *, connection: duckdb.DuckDBPyConnection, options: ReadOptions) -> Part:
    column = plan.columns.get("postage")
    if column is None:
        raise ReadError(
            "Revenue without postage: no column of {file} was recognized as the postage. Name it with "
            "--column postage=…; the columns are: {columns}.",
            file=plan.source.name,
            columns=plan.source.headers,
        )
    return tax_columns.part(plan, column, connection=connection, options=options)


def _with_taxes(
    taken: Deductions,
    *,
    plan: Plan,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
) -> Deductions:
    """Return the deductions with what tells the taxes: a column before a rate."""
    column = plan.columns.get("tax") or tax_columns.of_percent(plan)
    net = tax_columns.twin(plan, plan.columns[tax_columns.counted(plan)])
    if column is not None:
        part = tax_columns.part(plan, column, connection=connection, options=options)
        if tax_columns.is_percent(plan, column):
            return replace(taken, tax_percent=part)
        return replace(taken, tax=part)
    if net is not None:
        part = tax_columns.part(plan, net, connection=connection, options=options)
        return replace(taken, net=replace(part, of_order=plan.whole_orders and not plan.priced))
    rate = percent(options.tax_rate)
    if rate is not None:
        return replace(taken, rate=oss.net_part(rate))
    if options.tax_rate:
        if "country" in plan.columns or plan.kind == "refunds":
            return replace(taken, by_country=True)
        raise ReadError(
            "Taxes of the buyer's country: no column of {file} was recognized as the country. Name it "
            "with --column country=…; the columns are: {columns}.",
            file=plan.source.name,
            columns=plan.source.headers,
        )
    if not taken.takes_taxes:
        return taken
    if plan.kind == "refunds":
        raise ReadError(
            "Revenue without taxes: {file} does not tell the taxes of its refunds. Say their rate with "
            "--tax-rate 19.",
            file=plan.source.name,
        )
    raise ReadError(
        "Revenue without taxes: no column of {file} was recognized as the taxes. Name it with "
        "--column tax=…, or say the rate with --tax-rate 19; the columns are: {columns}.",
        file=plan.source.name,
        columns=plan.source.headers,
    )


def _require_known(plan: Plan, what: str) -> str:
    """Return whether the amounts hold taxes or postage; raise if nothing tells."""
    held = plan.taxes if what == "taxes" else plan.postage
    if held:
        return held
    if what == "taxes":
        raise ReadError(
            "Revenue without taxes: {file} does not tell whether its amounts hold taxes. Say it with "
            "--taxes inside (gross) or --taxes outside (net).",
            file=plan.source.name,
        )
    raise ReadError(
        "Revenue without postage: {file} does not tell whether its amounts hold postage. Say it with "
        "--postage inside or --postage outside.",
        file=plan.source.name,
    )
