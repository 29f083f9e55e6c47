"""The rows of a file beside the rates that they need: of their currency, and of their taxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from kohorte.reading import address, sql
from kohorte.reading.amounts import converting, decimals, oss, rates
from kohorte.reading.formats import opening
from kohorte.reading.options import Meaning, ReadOptions
from kohorte.reading.plan import Plan


@dataclass(frozen=True, kw_only=True)
class Rates:
    """The tables of rates that the rows of a file need, None where they need none.

    Parameters
    ----------
    currency
        The currency that everything counts in.
    exchange, taxes
        Tables as `rates.table` and `oss.table` give them.
    gaps
        Meanings that not all rows of an order tell; the others then tell them.
    orders
        The typed lines of the orders that refunds belong to: their day and country hold.
    """

    currency: str | None = None
    exchange: str | None = None
    taxes: str | None = None
    gaps: frozenset[Meaning] = frozenset()
    orders: tuple[Path, ...] = ()


def prepare(
    plans: Sequence[Plan],
    *,
    currency: str | None,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    options: ReadOptions,
) -> list[Rates]:
    """Return the rates that each file needs; a plan learns which currencies are foreign to it.

    Raises
    ------
    ReadError
        If the file of exchange rates cannot be read.
    """
    exchange = None
    if options.rates and currency:
        opened = opening.open_source(
            address.place(options.rates),
            connection=connection,
            folder=folder,
            options=ReadOptions(),
        )
        wanted = converting.wanted(plans) - {currency}
        exchange = rates.table(
            opened, currency=currency, wanted=wanted, connection=connection, folder=folder
        )
        for plan in plans:
            plan.foreign = tuple(sorted(converting.wanted([plan]) - {currency}))
    taxes = None
    if any(plan.deductions.by_country for plan in plans):
        taxes = oss.table(plans, connection=connection, folder=folder)
    return [
        Rates(
            currency=currency,
            exchange=exchange,
            taxes=taxes,
            gaps=_gaps(plan, connection=connection),
        )
        for plan in plans
    ]


def _gaps(plan: Plan, *, connection: duckdb.DuckDBPyConnection) -> frozenset[Meaning]:
    """Return which of currency and country is needed and missing in rows of orders of several."""
    needed: dict[Meaning, bool] = {
        "currency": bool(plan.foreign),
        "country": plan.deductions.by_country,
    }
    return frozenset(
        meaning
        for meaning, is_needed in needed.items()
        if is_needed and plan.rows == "lines" and _has_gaps(plan, meaning, connection=connection)
    )


def _has_gaps(plan: Plan, meaning: Meaning, *, connection: duckdb.DuckDBPyConnection) -> bool:
    column = plan.columns.get(meaning)
    if column is None:
        return True
    (gaps,) = sql.row(
        connection,
        f"SELECT EXISTS (SELECT 1 FROM {plan.source.relation} "
        f"WHERE nullif(trim({column.sql}::VARCHAR), '') IS NULL)",
    )
    return bool(gaps)


def cells(plan: Plan) -> str:
    """Return the further cells of a row: parts of its amount, and its own currency."""
    found = []
    for name, part in plan.deductions.parts.items():
        text = f"{part.column.sql}::VARCHAR"
        if name == "tax_percent":
            found.append(f"{percent(text)} AS given_tax_percent")
        else:
            number = decimals.number(part.column, mark=part.mark, kind="DECIMAL(18,6)")
            found.append(f"{number} AS given_{name}")
        found.append(f"{text} AS {name}_cell")
    if plan.foreign:
        found.append(f"{converting.of_row(plan)} AS currency")
    return "".join(f", {each}" for each in found)


def percent(text: str) -> str:
    """Return the SQL of a rate in percent: of 19, 19,0 %, and of a share such as 0.19."""
    number = (
        f"TRY_CAST(replace(regexp_replace({text}, '[^0-9.,]', '', 'g'), ',', '.') AS DECIMAL(9,4))"
    )
    return f"CASE WHEN {number} < 1 THEN {number} * 100 ELSE {number} END::DECIMAL(9,4)"


def joined(lines: str, *, plan: Plan, rates: Rates, zone: str) -> str:
    """Return the lines, each with the exchange rate of its day and the tax of its country."""
    converts = rates.exchange is not None and bool(plan.foreign)
    taxes = rates.taxes is not None and plan.deductions.by_country
    if not converts and not taxes:
        return lines
    lines = f"SELECT *, placed_at AS rate_at, placed_at AS tax_at, country AS tax_in FROM ({lines})"
    if converts:
        told = f"coalesce({_told('currency', rates)}, {sql.literal(str(plan.currency))})"
        lines = f"SELECT * REPLACE ({told} AS currency) FROM ({lines})"
    if rates.orders:
        lines = _of_orders(lines, rates=rates, converts=converts)
    joins, columns = "", ["l.*"]
    if converts:
        day, own = _local("l.rate_at", zone), sql.literal(str(rates.currency))
        joins += f" LEFT JOIN {rates.exchange} r ON r.code = l.currency AND r.rate_day = {day}"
        columns += [
            f"CASE WHEN l.currency <> {own} THEN l.currency END AS own_currency",
            f"CASE WHEN l.currency = {own} THEN 1 ELSE r.rate_above END AS rate_above",
            f"CASE WHEN l.currency = {own} THEN 1 ELSE r.rate_below END AS rate_below",
            f"l.currency || ' ' || {day} AS rate_cell",
        ]
    if taxes:
        day = _local("l.tax_at", zone)
        lines = f"SELECT * REPLACE ({_told('tax_in', rates)} AS tax_in) FROM ({lines})"
        joins += (
            f" LEFT JOIN {rates.taxes} t ON t.text = l.tax_in "
            f"AND {day} >= t.since AND {day} < t.until"
        )
        columns += [
            "t.tax_above",
            "t.tax_below",
            f"coalesce(l.tax_in, '') || ' ' || {day} AS country_cell",
        ]
    return f"SELECT {', '.join(columns)} FROM ({lines}) l{joins}"


def _local(instant: str, zone: str) -> str:
    """Return the SQL of the shop's local day of an instant in UTC."""
    if zone == "UTC":
        return f"({instant})::DATE"
    return f"(timezone({sql.literal(zone)}, timezone('UTC', {instant})))::DATE"


def _of_orders(lines: str, *, rates: Rates, converts: bool) -> str:
    """Return refunds with day and country of the orders that they name.

    A refund in another currency than its order's keeps its own day for the exchange rate.
    """
    own = sql.literal(str(rates.currency))
    named = (
        "SELECT order_id AS ordered, min(placed_at) AS ordered_at, max(country) AS ordered_in, "
        f"min(coalesce(original_currency, {own})) AS paid_in "
        f"FROM {sql.parquet(rates.orders)} WHERE order_id IS NOT NULL GROUP BY order_id"
    )
    same = "currency = paid_in" if converts else "false"
    return (
        "SELECT * EXCLUDE (ordered, ordered_at, ordered_in, paid_in) REPLACE ("
        f"CASE WHEN {same} THEN coalesce(ordered_at, rate_at) ELSE rate_at END AS rate_at, "
        "coalesce(ordered_at, tax_at) AS tax_at, coalesce(tax_in, ordered_in) AS tax_in) "
        f"FROM ({lines}) LEFT JOIN ({named}) ON ordered = order_id"
    )


def _told(column: str, rates: Rates) -> str:
    """Return the SQL of what a row tells, or another row of its order where it tells nothing."""
    if {"tax_in": "country"}.get(column, column) not in rates.gaps:
        return column
    return f"coalesce({column}, max({column}) OVER (PARTITION BY order_id))"
