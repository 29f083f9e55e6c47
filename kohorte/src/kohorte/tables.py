"""The canonical tables: what every reader delivers and every relation starts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from kohorte.errors import TableError
from kohorte.language import Text
from kohorte.settings import UNCOUNTED


@dataclass(frozen=True)
class Column:
    """A column of a canonical table: SQL type, whether it may be empty, what it means."""

    name: str
    type: str
    nullable: bool
    meaning: Text


@dataclass(frozen=True)
class Table:
    """A canonical table with its columns; `unique` names the column without repetition."""

    name: str
    meaning: Text
    columns: tuple[Column, ...]
    unique: str | None = None


ORDERS = Table(
    "orders",
    Text(de="Eine Zeile je Bestellung.", en="One row per order."),
    (
        Column("order_id", "VARCHAR", False, Text(de="Bestellnummer", en="order number")),
        Column(
            "customer_id",
            "VARCHAR",
            True,
            Text(de="Kundennummer; leer, wenn unbekannt", en="customer number; empty if unknown"),
        ),
        Column(
            "placed_at",
            "TIMESTAMP",
            False,
            Text(
                de="Zeitpunkt der Bestellung in UTC, ohne Zone",
                en="instant of the order in UTC, without zone",
            ),
        ),
        Column(
            "currency",
            "VARCHAR",
            True,
            Text(
                de="Währung nach ISO 4217; eine je Auswertung",
                en="currency by ISO 4217; one per evaluation",
            ),
        ),
        Column(
            "amount_minor",
            "BIGINT",
            True,
            Text(
                de="Warenwert vor Erstattungen in kleinster Einheit (Cent)",
                en="value of the goods before refunds in minor units (cents)",
            ),
        ),
        Column("units", "DECIMAL(18,3)", True, Text(de="Stückzahl", en="number of units")),
        Column(
            "state",
            "VARCHAR",
            False,
            Text(
                de="`counted`, `open` (zählt, solange die Zahlungsfrist läuft) oder der Grund, aus "
                "dem sie nicht zählt, etwa `cancelled`",
                en="`counted`, `open` (counts until the time to pay is over), or the reason why it "
                "does not count, such as `cancelled`",
            ),
        ),
    ),
    unique="order_id",
)
ORDER_LINES = Table(
    "order_lines",
    Text(
        de="Eine Zeile je Position einer Bestellung; darf leer sein.",
        en="One row per line of an order; may be empty.",
    ),
    (
        Column("order_id", "VARCHAR", False, Text(de="Bestellnummer", en="order number")),
        Column("line_number", "INTEGER", False, Text(de="Position ab 1", en="line, from 1")),
        Column("product_id", "VARCHAR", True, Text(de="Artikelnummer", en="product number")),
        Column("product", "VARCHAR", True, Text(de="Artikelname", en="product name")),
        Column("quantity", "DECIMAL(18,3)", True, Text(de="Menge", en="quantity")),
        Column("unit_price", "DECIMAL(18,6)", True, Text(de="Stückpreis", en="unit price")),
        Column(
            "amount_minor",
            "BIGINT",
            True,
            Text(
                de="Menge × Stückpreis, je Position auf die kleinste Einheit gerundet",
                en="quantity × unit price, rounded to minor units per line",
            ),
        ),
    ),
)
REFUNDS = Table(
    "refunds",
    Text(
        de="Eine Zeile je Erstattung oder Storno-Beleg; darf leer sein.",
        en="One row per refund or credit note; may be empty.",
    ),
    (
        Column("refund_id", "VARCHAR", False, Text(de="Belegnummer", en="document number")),
        Column(
            "order_id",
            "VARCHAR",
            True,
            Text(
                de="Bestellung, zu der sie gehört; leer, wenn die Quelle keine nennt",
                en="order it belongs to; empty if the source names none",
            ),
        ),
        Column("customer_id", "VARCHAR", True, Text(de="Kundennummer", en="customer number")),
        Column("refunded_at", "TIMESTAMP", False, Text(de="Zeitpunkt in UTC", en="instant in UTC")),
        Column(
            "amount_minor",
            "BIGINT",
            True,
            Text(
                de="erstatteter Betrag, positiv, in kleinster Einheit",
                en="refunded amount, positive, in minor units",
            ),
        ),
    ),
    unique="refund_id",
)
CUSTOMERS = Table(
    "customers",
    Text(de="Eine Zeile je bekanntem Kunden.", en="One row per known customer."),
    (
        Column("customer_id", "VARCHAR", False, Text(de="Kundennummer", en="customer number")),
        Column("country", "VARCHAR", True, Text(de="Land", en="country")),
    ),
    unique="customer_id",
)
EXCLUDED_ROWS = Table(
    "excluded_rows",
    Text(
        de="Eine Zeile je Zeile der Quelle, die nicht oder nicht überall zählt.",
        en="One row per row of the source that does not count, or not everywhere.",
    ),
    (
        Column("reason", "VARCHAR", False, Text(de="Grund", en="reason")),
        Column(
            "scope",
            "VARCHAR",
            False,
            Text(
                de="wovon ausgeschlossen: `everything` oder `customer metrics`",
                en="left out of what: `everything` or `customer metrics`",
            ),
        ),
        Column("file", "VARCHAR", True, Text(de="Datei", en="file")),
        Column("line", "BIGINT", True, Text(de="Zeile der Datei", en="line of the file")),
        Column("order_id", "VARCHAR", True, Text(de="Bestellnummer", en="order number")),
        Column("customer_id", "VARCHAR", True, Text(de="Kundennummer", en="customer number")),
        Column(
            "amount_minor",
            "BIGINT",
            True,
            Text(
                de="Betrag mit dem Vorzeichen der Quelle, in kleinster Einheit",
                en="amount with the sign of the source, in minor units",
            ),
        ),
    ),
)
# All that the state of an order may be; `open` counts while the time to pay is not over.
STATES = ("counted", "open", *UNCOUNTED)
TABLES = {table.name: table for table in (ORDERS, ORDER_LINES, REFUNDS, CUSTOMERS, EXCLUDED_ROWS)}


def create(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    records: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Create a canonical table and fill it with records; a missing column is empty.

    Raises
    ------
    TableError
        A record has a column that the table does not know, or a value of another type.
    """
    columns = ", ".join(f"{column.name} {column.type}" for column in table.columns)
    connection.execute(f"CREATE OR REPLACE TABLE {table.name} ({columns})")
    if not records:
        return
    for record in records:
        _require_fitting(table, record)
    names = [column.name for column in table.columns]
    values = {name: [_filled(record.get(name)) for record in records] for name in names}
    items = ", ".join(f"UNNEST(${name}) AS {name}" for name in names)
    try:
        connection.execute(f"INSERT INTO {table.name} SELECT {items}", values)
    except duckdb.Error as error:
        raise TableError(
            "The records do not fit the table {table}: {reason}",
            table=table.name,
            reason=str(error).splitlines()[0],
        ) from error


def _filled(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _require_fitting(table: Table, record: Mapping[str, Any]) -> None:
    known = {column.name: column for column in table.columns}
    for name, value in record.items():
        if name not in known:
            raise TableError(
                "The table {table} has no column {column}. It has: {columns}.",
                table=table.name,
                column=name,
                columns=", ".join(known),
            )
        if known[name].type == "BIGINT" and not isinstance(value, int | None):
            raise TableError(
                "In the table {table} the column {column} takes whole numbers, not {value}.",
                table=table.name,
                column=name,
                value=str(value),
            )


def check(connection: duckdb.DuckDBPyConnection) -> None:
    """Prove that the canonical tables in a connection hold what they promise.

    Raises
    ------
    TableError
        A column is missing, a value that must be there is not, an id repeats, an amount is
        negative, or amounts or units are known for some orders only.
    """
    for table in TABLES.values():
        present = _columns(connection, table)
        for column in table.columns:
            if column.name not in present:
                raise TableError(
                    "The table {table} lacks the column {column}.",
                    table=table.name,
                    column=column.name,
                )
            if not column.nullable:
                _require_filled(connection, table, column)
        if table.unique:
            _require_unique(connection, table)
    _require_known_states(connection)
    for name in ("amount_minor", "units"):
        _require_all_or_none(connection, name)
    for table in (ORDERS, REFUNDS):
        _require_not_negative(connection, table)


def _require_all_or_none(connection: duckdb.DuckDBPyConnection, column: str) -> None:
    missing = _number(
        connection,
        f"SELECT CASE WHEN COUNT({column}) > 0 THEN COUNT(*) - COUNT({column}) ELSE 0 END "
        "FROM orders",
    )
    if missing:
        raise TableError(
            "In the table {table} the column {column} is empty in {count} rows and filled in "
            "others. Fill it everywhere or leave it out.",
            table="orders",
            column=column,
            count=missing,
        )


def _require_not_negative(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    negative = _number(connection, f"SELECT COUNT(*) FROM {table.name} WHERE amount_minor < 0")
    if negative:
        raise TableError(
            "In the table {table} the column {column} is negative in {count} rows. "
            "Refunds are rows of their own, with positive amounts.",
            table=table.name,
            column="amount_minor",
            count=negative,
        )


def _columns(connection: duckdb.DuckDBPyConnection, table: Table) -> set[str]:
    return {
        name
        for (name,) in connection.execute(
            "SELECT column_name FROM duckdb_columns() WHERE table_name = $table",
            {"table": table.name},
        ).fetchall()
    }


def _require_filled(connection: duckdb.DuckDBPyConnection, table: Table, column: Column) -> None:
    empty = _number(connection, f"SELECT COUNT(*) - COUNT({column.name}) FROM {table.name}")
    if empty:
        raise TableError(
            "In the table {table} the column {column} is empty in {count} rows.",
            table=table.name,
            column=column.name,
            count=empty,
        )


def _require_unique(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    repeated = _number(
        connection, f"SELECT COUNT(*) - COUNT(DISTINCT {table.unique}) FROM {table.name}"
    )
    if repeated:
        raise TableError(
            "In the table {table} the column {column} repeats in {count} rows.",
            table=table.name,
            column=str(table.unique),
            count=repeated,
        )


def _require_known_states(connection: duckdb.DuckDBPyConnection) -> None:
    unknown = _number(
        connection,
        "SELECT COUNT(*) FROM orders WHERE state NOT IN "
        f"({', '.join(repr(state) for state in STATES)})",
    )
    if unknown:
        raise TableError(
            "{count} orders have an unknown state. Known are: {states}.",
            count=unknown,
            states=", ".join(STATES),
        )


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
