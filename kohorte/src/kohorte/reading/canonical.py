"""Parquet files that hold our own tables already: checked by a few aggregates, then only viewed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path

import duckdb

from kohorte.currencies import exponent, is_currency
from kohorte.errors import ReadError
from kohorte.language import Sentence, Text
from kohorte.reading import sql, tables
from kohorte.reading.meaning import meanings
from kohorte.reading.options import Meaning, Reading, ReadOptions
from kohorte.reading.source import Source
from kohorte.results import FileReading, Guess
from kohorte.tables import STATES

NAME = Text(de="Tabellen von kohorte", en="Tables of kohorte")
VALUES: tuple[Meaning, ...] = ("amount", "quantity", "unit_price")

# Columns of each table, with what stands in for a missing one; None: the column must be there.
COLUMNS: Mapping[str, Mapping[str, str | None]] = {
    "orders": {
        "order_id": None,
        "customer_id": None,
        "placed_at": None,
        "currency": "NULL::VARCHAR",
        "amount_minor": "NULL::BIGINT",
        "units": "NULL::DECIMAL(18,3)",
        "state": "'counted'",
        "original_currency": "NULL::VARCHAR",
        "original_minor": "NULL::BIGINT",
        "channel": "NULL::VARCHAR",
    },
    "order_lines": {
        "order_id": None,
        "line_number": None,
        "product_id": "NULL::VARCHAR",
        "product": "NULL::VARCHAR",
        "quantity": "NULL::DECIMAL(18,3)",
        "unit_price": "NULL::DECIMAL(18,6)",
        "amount_minor": "NULL::BIGINT",
    },
    "refunds": {
        "refund_id": None,
        "order_id": "NULL",
        "customer_id": "NULL",
        "refunded_at": None,
        "amount_minor": None,
    },
    "customers": {"customer_id": None, "country": None},
    "identities": {"customer_id": None, "key": None, "rule": None},
}
_TYPES = {
    "placed_at": "TIMESTAMP",
    "refunded_at": "TIMESTAMP",
    "amount_minor": "BIGINT",
    "original_minor": "BIGINT",
    "units": "DECIMAL(18,3)",
    "quantity": "DECIMAL(18,3)",
    "unit_price": "DECIMAL(18,6)",
    "line_number": "INTEGER",
}
_EMPTY = {
    "order_lines": "SELECT * FROM (SELECT NULL::VARCHAR AS order_id, NULL::INTEGER AS line_number, "
    "NULL::VARCHAR AS product_id, NULL::VARCHAR AS product, NULL::DECIMAL(18,3) AS quantity, "
    "NULL::DECIMAL(18,6) AS unit_price, NULL::BIGINT AS amount_minor) WHERE false",
    "refunds": "SELECT * FROM (SELECT NULL::VARCHAR AS refund_id, NULL::VARCHAR AS order_id, "
    "NULL::VARCHAR AS customer_id, NULL::TIMESTAMP AS refunded_at, NULL::BIGINT AS amount_minor) "
    "WHERE false",
    "identities": "SELECT * FROM (SELECT NULL::VARCHAR AS customer_id, NULL::VARCHAR AS key, "
    "NULL::VARCHAR AS rule) WHERE false",
    "excluded_rows": "SELECT * FROM (SELECT NULL::VARCHAR AS reason, NULL::VARCHAR AS scope, "
    "NULL::VARCHAR AS file, NULL::BIGINT AS line, NULL::VARCHAR AS order_id, "
    "NULL::VARCHAR AS customer_id, NULL::BIGINT AS amount_minor) WHERE false",
}


def finished(sources: Sequence[Source]) -> list[Source]:
    """Return the files that are our own tables of orders and all about them; none without orders.

    Tables beside the orders are read by their columns, as they are from any file.
    """
    kinds = [(source, kind(source)) for source in sources]
    if not any(name == "orders" for _, name in kinds):
        return []
    return [source for source, name in kinds if name is not None]


def kind(source: Source) -> str | None:
    """Return which of our tables a file holds, by its columns."""
    if not source.in_place:
        return None
    kinds = {column.name: column.kind for column in source.columns}
    for name, columns in COLUMNS.items():
        needed = {column for column, stand_in in columns.items() if stand_in is None}
        if needed <= set(kinds) and kinds.get("placed_at", "time") in ("time", "instant"):
            return None if name == "orders" and _says_more(source) else name
    return None


def _says_more(source: Source) -> bool:
    """Return whether a file of orders has no amounts of ours but columns of its own for them."""
    names = {column.name for column in source.columns}
    if "amount_minor" in names:
        return False
    own = [name for name in names if name not in COLUMNS["orders"]]
    return any(meanings.by_header(name, m)[0] >= meanings.THRESHOLD for name in own for m in VALUES)


def read(
    sources: Sequence[Source],
    *,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
    further: Callable[[str | None], list[FileReading]],
) -> Reading:
    """Make views over the files; nothing is copied.

    Parameters
    ----------
    further
        Adds the files beside the orders, whose currency it is given, before anything is kept.

    Raises
    ------
    ReadError
        If ids are missing or not unique, instants are missing, currencies differ, or the user gave
        rules, which need files that are still to be read.
    """
    if options.exclude:
        raise ReadError(
            "{file} holds finished tables, which rules leave as they are. Put the reason, such as "
            "{reason}, into its column state instead.",
            file=sources[0].name,
            reason=options.exclude[0].reason,
        )
    if options.net or options.without_postage or options.rates:
        raise ReadError(
            "{file} holds finished tables, whose amounts stay as they are. Taxes, postage and "
            "currencies are taken care of where the files of the shop are read.",
            file=sources[0].name,
        )
    groups = {name: [source for source in sources if kind(source) == name] for name in COLUMNS}
    orders = groups["orders"]
    selects = {name: _select(name, group) for name, group in groups.items() if group}
    facts = _checked(orders, select=selects["orders"], connection=connection)
    if "customers" not in selects:
        country = any(column.name == "country" for column in orders[0].columns)
        table = sql.parquet((Path(str(source.path)).resolve() for source in orders), numbered=False)
        selects["customers"] = (
            f"SELECT customer_id, {'min(country)' if country else 'NULL::VARCHAR'} AS country "
            f"FROM {table} WHERE customer_id IS NOT NULL GROUP BY customer_id"
        )
    currency = options.currency or facts.currency
    with _created(_EMPTY | selects, connection=connection):
        beside = further(currency)
    digits = exponent(currency)
    total = None if facts.amount is None else Decimal(facts.amount).scaleb(-digits)
    return Reading(
        files=(*(_file_reading(source) for source in sources), *beside),
        currency=currency,
        exponent=digits,
        rows_read=sum(source.rows for source in sources),
        raw_amount=total,
        has_amounts=facts.amount is not None,
        has_units=facts.units,
        has_lines=bool(groups["order_lines"]),
        mapping=options,
    )


class _Facts:
    """What the check of the orders found besides faults."""

    def __init__(self, *, currency: str | None, amount: int | None, units: bool) -> None:
        self.currency = currency
        self.amount = amount
        self.units = units


def _distinct(select: str, connection: duckdb.DuckDBPyConnection) -> str:
    """Return how to count different order ids: ids that rise through the file never repeat."""
    falling = sql.rows(
        connection,
        "SELECT 1 FROM (SELECT order_id, lag(order_id) OVER () AS previous "
        f"FROM ({select})) WHERE previous >= order_id LIMIT 1",
    )
    return "count(DISTINCT order_id)" if falling else "count(order_id)"


def _checked(
    orders: Sequence[Source], *, select: str, connection: duckdb.DuckDBPyConnection
) -> _Facts:
    # The first answers stand in a file's statistics, unless something else is asked along with them.
    (count, ids, placed, amounts, units, currency, other_currency) = sql.row(
        connection,
        "SELECT count(*), count(order_id), count(placed_at), count(amount_minor), count(units), "
        f"min(currency), max(currency) FROM ({select})",
    )
    (distinct, amount, states) = sql.row(
        connection,
        f"SELECT {_distinct(select, connection)}, sum(amount_minor), "
        f"count_if(state IS NULL OR state NOT IN ({sql.texts(STATES)})) FROM ({select})",
    )
    for column, found in (("order_id", ids), ("placed_at", placed)):
        if found < count:
            raise ReadError(
                "The column “{column}” of {file} is empty in {count} rows. Fill it in.",
                column=column,
                file=orders[0].name,
                count=int(count - found),
            )
    if distinct < count:
        raise ReadError(
            "The column order_id of {file} must name each order once, but {count} rows repeat an "
            "id. Keep one row for each order.",
            file=orders[0].name,
            count=int(count - distinct),
        )
    if currency != other_currency or (currency is not None and not is_currency(currency)):
        raise ReadError(
            "The column currency of {file} must hold one ISO code such as EUR in all rows.",
            file=orders[0].name,
        )
    if amounts not in (0, count):
        raise ReadError(
            "The column “{column}” of {file} is empty in {count} rows. Fill it in.",
            column="amount_minor",
            file=orders[0].name,
            count=int(count - amounts),
        )
    if states:
        raise ReadError(
            "The column state of {file} may hold {states} only.",
            file=orders[0].name,
            states=", ".join(STATES),
        )
    return _Facts(currency=currency, amount=int(amount) if amounts else None, units=units > 0)


def _select(name: str, group: Sequence[Source]) -> str:
    """Return the select of one table; casts only where a type differs, ids as they are."""
    kinds = {column.name: column.kind for column in group[0].columns}
    cells = []
    for column, stand_in in COLUMNS[name].items():
        if column not in kinds:
            cells.append(f"{stand_in} AS {column}")
        elif kinds[column] == "instant":
            cells.append(f"timezone('UTC', {column}) AS {column}")
        elif column in _TYPES:
            cells.append(f"{column}::{_TYPES[column]} AS {column}")
        else:
            cells.append(column)
    table = sql.parquet((Path(str(source.path)).resolve() for source in group), numbered=False)
    return f"SELECT {', '.join(cells)} FROM {table}"


@contextmanager
def _created(
    selects: Mapping[str, str], *, connection: duckdb.DuckDBPyConnection
) -> Iterator[None]:
    """Create the views, or none of them if anything fails, here or with them."""
    sql.rows(connection, "BEGIN TRANSACTION")
    try:
        tables.drop(connection)
        for name, select in selects.items():
            sql.rows(connection, f"CREATE VIEW {name} AS {select}")
        yield
        sql.rows(connection, "COMMIT")
    except BaseException:
        with suppress(duckdb.Error):
            sql.rows(connection, "ROLLBACK")
        raise


def _file_reading(source: Source) -> FileReading:
    because = Sentence("This is the layout {name}.", {"name": NAME})
    known = {column for columns in COLUMNS.values() for column in columns}
    return FileReading(
        path=source.place,
        layout="canonical",
        layout_name=NAME,
        rows=source.rows,
        encoding=None,
        delimiter=None,
        guesses=tuple(
            Guess(column.name, column.name, 1.0, because)
            for column in source.columns
            if column.name in known
        ),
    )
