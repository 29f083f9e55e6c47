"""Who stands behind the rows of files: numbers, addresses, names and phones, by order.

`kohorte` joins people while it reads; here they are kept as each row names them, so that a merge in the
store can be undone to the order.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from kohorte.reading import Planned, ReadOptions, cells, planning
from kohorte.reading.beside import kinds, people
from kohorte.reading.formats import opening
from kohorte.reading.meaning.words import compact
from kohorte.reading.persons import known_by
from kohorte.reading.plan import Plan
from kohorte.reading.source import Column, Source

NAMED = "named_people"
_FULL = ("billingname", "rechnungsname", "kundenname", "customername", "fullname", "kaeufername",
         "buyername", "name", "kunde", "empfaenger", "recipientname", "shiptoname")  # fmt: skip
_FIRST = ("billingfirstname", "firstname", "vorname", "rechnungsvorname", "customerfirstname")
_LAST = ("billinglastname", "lastname", "nachname", "rechnungsnachname", "surname", "familienname",
         "customerlastname")  # fmt: skip
_PHONE = ("billingphone", "phone", "telefon", "telefonnummer", "phonenumber", "handy", "mobil",
          "mobile", "tel", "customerphone")  # fmt: skip
_COLUMNS = (
    "order_id VARCHAR, is_built BOOLEAN, file INTEGER, line BIGINT, number VARCHAR, email VARCHAR, "
    "cell VARCHAR, is_shared BOOLEAN, name VARCHAR, phone VARCHAR, country VARCHAR"
)


@dataclass(frozen=True)
class _Called:
    """The columns that name people: SQL of the name and of the phone."""

    name: str
    phone: str


def headers(
    paths: Sequence[Path], *, connection: duckdb.DuckDBPyConnection, options: ReadOptions
) -> list[list[str]]:
    """Return the headers of files, by which a layout is known again.

    Raises
    ------
    ReadError
        One is no table.
    """
    with tempfile.TemporaryDirectory(prefix="stammkunde-") as temporary:
        return [
            [
                column.name
                for column in opening.open_source(
                    path, connection=connection, folder=Path(temporary), options=options
                ).columns
            ]
            for path in paths
        ]


def nobody(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table of people without any."""
    connection.execute(f"CREATE OR REPLACE TABLE {NAMED} ({_COLUMNS})")


def note(planned: Planned, *, connection: duckdb.DuckDBPyConnection, zone: str) -> list[list[str]]:
    """Make the table of who the rows of files name, and return the headers of the files.

    Rows of orders are put together by order: the first line, and the smallest number and address, as
    `kohorte` does; `file` is the place of a file, from 0.
    """
    nobody(connection)
    places = {source.place: place for place, source in enumerate(planned.sources)}
    for plan in planned.orders:
        if (place := places.get(plan.source.place)) is not None:
            _note_orders(plan, place=place, zone=zone, connection=connection)
    for listing in planned.customers:
        if (place := places.get(listing.source.place)) is not None:
            _note_list(listing, place=place, connection=connection)
    return [[column.name for column in source.columns] for source in planned.sources]


def note_anew(
    paths: Sequence[Path],
    *,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
    zone: str,
    today: dt.date | None = None,
) -> list[list[str]]:
    """Do as `note` does, for files that nobody planned: our own tables, read where they lie."""
    with tempfile.TemporaryDirectory(prefix="stammkunde-") as temporary:
        folder = Path(temporary)
        sources = [
            opening.open_source(path, connection=connection, folder=folder, options=options)
            for path in paths
        ]
        parted = kinds.part(sources, connection=connection, options=options)
        plans = [
            planning.make(source, connection=connection, options=options, today=today)
            for source in parted.orders
        ]
        lists = [
            people.plan(source, orders=plans, connection=connection, options=options)
            for source in parted.customers
        ]
        return note(Planned(sources, plans, lists), connection=connection, zone=zone)


def _note_orders(
    plan: Plan, *, place: int, zone: str, connection: duckdb.DuckDBPyConnection
) -> None:
    email = plan.columns.get("email")
    rows = known_by.beside(
        plan.source.relation,
        number=plan.columns.get("customer_id"),
        email=email,
        samples=plan.samples[email.index] if email else (),
        connection=connection,
    )
    called = _called(plan.source, taken=list(plan.columns.values()))
    typed = (
        f"SELECT {place} AS file, line, {cells.typed(plan, zone=zone)}, "
        f"{called.name} AS person_name, {called.phone} AS person_phone FROM {rows}"
    )
    is_built = "order_id" not in plan.columns
    connection.execute(
        f"INSERT INTO {NAMED} SELECT order_id, {is_built}, min(file), min(line), min(customer_id), "
        "arg_min(email, email), arg_min(coalesce(email_cell, email), email), "
        "coalesce(bool_or(email_kind = 'office'), false), first(person_name ORDER BY line) "
        "FILTER (WHERE person_name IS NOT NULL), first(person_phone ORDER BY line) "
        "FILTER (WHERE person_phone IS NOT NULL), any_value(country) "
        f"FROM (SELECT *, {cells.order_id(plan, zone=zone)} FROM ({typed})) "
        "WHERE order_id IS NOT NULL GROUP BY order_id"
    )


def _note_list(
    listing: people.Listing, *, place: int, connection: duckdb.DuckDBPyConnection
) -> None:
    columns = listing.columns
    rows = known_by.beside(
        listing.source.relation,
        number=columns.get("customer_id"),
        email=columns.get("email"),
        connection=connection,
    )
    called = _called(listing.source, taken=list(columns.values()))
    country = cells.filled(columns["country"]) if "country" in columns else "NULL"
    connection.execute(
        f"INSERT INTO {NAMED} SELECT NULL, false, {place}, line, customer_id, email, "
        f"coalesce(email_cell, email), coalesce(email_kind = 'office', false), {called.name}, "
        f"{called.phone}, {country} FROM {rows} WHERE coalesce(customer_id, email) IS NOT NULL"
    )


def _called(source: Source, *, taken: Sequence[Column]) -> _Called:
    """Return how people are called in a file, by its headers; columns with another meaning are not it."""
    used = {column.index for column in taken}
    free = {compact(column.name): column for column in source.columns if column.index not in used}

    def cell(names: Sequence[str]) -> str | None:
        column = next((free[name] for name in names if name in free), None)
        return cells.filled(column) if column else None

    parts = [part for part in (cell(_FIRST), cell(_LAST)) if part]
    whole = cell(_FULL)
    name = f"nullif(concat_ws(' ', {', '.join(parts)}), '')" if parts else whole or "NULL::VARCHAR"
    return _Called(name, cell(_PHONE) or "NULL::VARCHAR")
