"""Files of customers beside files of orders: they add what is known of people, never orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from kohorte.language import Sentence
from kohorte.reading import cells, planning, preparing, profiles, sql
from kohorte.reading.beside import groups
from kohorte.reading.meaning import meanings
from kohorte.reading.options import Meaning, ReadOptions
from kohorte.reading.persons import identity, known_by
from kohorte.reading.plan import Plan
from kohorte.reading.profiles.layout import Layout
from kohorte.reading.rows import rules
from kohorte.reading.rows.rules import Rule
from kohorte.reading.source import Column, Source, shapeless
from kohorte.results import FileReading, Guess

TABLE = "kohorte_reading_people"
_TOLD: tuple[Meaning, ...] = ("customer_id", "email", "country")


@dataclass(frozen=True, kw_only=True)
class Listing:
    """How a file of customers is to be read.

    Parameters
    ----------
    source, layout
        The file, and the layout it has.
    columns, guesses
        The columns for customer number, e-mail address and country, and the reasons.
    rules
        The user's rules that name a column of this file.
    remarks
        What it tells about groups.
    """

    source: Source
    layout: Layout
    columns: Mapping[Meaning, Column]
    guesses: tuple[Guess, ...]
    rules: tuple[tuple[Rule, Column], ...]
    remarks: tuple[Sentence, ...]


def plan(
    source: Source,
    *,
    orders: Sequence[Plan],
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
) -> Listing:
    """Find out how a file of customers is to be read.

    Parameters
    ----------
    orders
        How the files of orders are read; a header that means something there means the same here.
    """
    layout, known = profiles.recognize(source)
    source, known = preparing.prepare(source, layout=layout, known=known, connection=connection)
    because = Sentence("This is the layout {name}.", {"name": layout.name})
    guesses = tuple(Guess(m, column.name, 1.0, because) for m, column in known.items())
    if layout is profiles.GENERIC:
        known, guesses = _guessed(source, orders=orders, connection=connection)
    return Listing(
        source=source,
        layout=layout,
        columns=known,
        guesses=guesses,
        rules=rules.of_file(options.exclude, source=source, columns=known),
        remarks=tuple(
            groups.remarks(
                source, taken=known.values(), rules=options.exclude, connection=connection
            )
        ),
    )


def _guessed(
    source: Source, *, orders: Sequence[Plan], connection: duckdb.DuckDBPyConnection
) -> tuple[Mapping[Meaning, Column], tuple[Guess, ...]]:
    """Return the columns by their headers; an “Id” is the customer's number if nothing else is."""
    samples = planning.first_cells(source, connection=connection)
    texts = [samples[column.index] for column in source.columns]
    same = planning.alike(source, plans=orders, meanings=_TOLD)
    reason = Sentence("The orders have the same header.")
    found = {m: (c, guess) for m, c, guess in meanings.guess(source.columns, texts, given=same)}
    if "order_id" in found and "customer_id" not in found:
        column, guess = found["order_id"]
        found["customer_id"] = (
            column,
            Guess("customer_id", column.name, guess.score, guess.reason),
        )
    told = {m: found[m] for m in _TOLD if m in found}
    guesses = tuple(
        Guess(m, column.name, 1.0, reason) if m in same else guess
        for m, (column, guess) in told.items()
    )
    return {m: column for m, (column, _) in told.items()}, guesses


def note(listing: Listing, *, number: int, connection: duckdb.DuckDBPyConnection) -> str:
    """Note the people that a file of customers lists, by their numbers and addresses.

    Returns the name of a table with `customer_id`, `email`, `country` and the `rule` by which their
    orders are left out.
    """
    known = listing.columns
    rows = known_by.beside(
        listing.source.relation,
        number=known.get("customer_id"),
        email=known.get("email"),
        connection=connection,
    )
    country = cells.filled(known["country"]) if "country" in known else "NULL::VARCHAR"
    table = f"{TABLE}_{number}"
    sql.rows(
        connection,
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT customer_id, email, email_cell, "
        f"email_kind, {country} AS country, {_rule(listing)} AS rule FROM {rows}",
    )
    return table


def _rule(listing: Listing) -> str:
    """Return the SQL of the first rule that fits a row, by its place among the rules."""
    cases = [
        f"WHEN {rule.test(f'{column.sql}::VARCHAR')} THEN {place}"
        for place, (rule, column) in enumerate(listing.rules)
    ]
    return f"CASE {' '.join(cases)} END" if cases else "NULL::INTEGER"


def add(listing: Listing, *, table: str, connection: duckdb.DuckDBPyConnection) -> FileReading:
    """Add what a file of customers tells to the tables; return its reading.

    Customers without a country get theirs, and orders of those whom a rule fits its reason. A
    customer is found by number or by e-mail address, whichever the orders know them by.
    """
    people = (
        "SELECT lower(customer_id) AS id, min(country) AS country, min(rule) AS rule "
        f"FROM {identity.find(table)} GROUP BY lower(customer_id)"
    )
    found = f"{table}_found"
    sql.rows(
        connection,
        f"CREATE OR REPLACE TEMP TABLE {found} AS SELECT customers.customer_id, people.country, "
        f"people.rule FROM customers JOIN ({people}) people "
        "ON people.id = lower(customers.customer_id)",
    )
    sql.rows(
        connection,
        "UPDATE customers SET country = coalesce(customers.country, people.country) "
        f"FROM {found} people WHERE people.customer_id = customers.customer_id",
    )
    told = _leave_out(listing, found=found, connection=connection)
    told += _unreadable(listing.source, connection=connection)
    (count,) = sql.row(connection, f"SELECT count(*) FROM {found}")
    for each in (table, found):
        sql.rows(connection, f"DROP TABLE {each}")
    source = listing.source
    return FileReading(
        path=source.place,
        layout=listing.layout.slug,
        layout_name=listing.layout.name,
        rows=source.rows + len(source.bad_rows),
        encoding=source.encoding,
        delimiter=source.delimiter,
        guesses=listing.guesses,
        remarks=(*source.remarks, _met(listing, count=int(count)), *told, *listing.remarks),
    )


def _leave_out(
    listing: Listing, *, found: str, connection: duckdb.DuckDBPyConnection
) -> list[Sentence]:
    """Give the orders of customers whom a rule fits its reason; tell how many they are."""
    told = []
    for place, (rule, _) in enumerate(listing.rules):
        fitting = f"SELECT customer_id FROM {found} WHERE rule = {place}"
        sql.rows(
            connection,
            f"UPDATE orders SET state = {sql.literal(rule.reason)} WHERE customer_id IN ({fitting})",
        )
        customers, orders = sql.row(
            connection,
            f"SELECT (SELECT count(*) FROM ({fitting})), count(*) FROM orders "
            f"WHERE customer_id IN ({fitting})",
        )
        told.append(
            Sentence(
                "The rule “{rule}” fits {customers} {customers:customer|customers} of this list "
                "with {orders} {orders:order|orders}.",
                {"rule": str(rule), "customers": int(customers), "orders": int(orders)},
            )
        )
    return told


def _unreadable(source: Source, *, connection: duckdb.DuckDBPyConnection) -> list[Sentence]:
    """List the rows that cannot be read with the orders left out, and tell how many they are."""
    bad = shapeless([source])
    if not bad:
        return []
    sql.rows(
        connection,
        "INSERT INTO excluded_rows (reason, scope, file, line) "
        f"SELECT 'unreadable_row', 'everything', {sql.literal(source.name)}, line FROM {bad}",
    )
    count = len(source.bad_rows)
    return [Sentence("Rows that cannot be read were left out: {count}.", {"count": count})]


def _met(listing: Listing, *, count: int) -> Sentence:
    """Tell how many customers of the list have orders, and what the list is good for."""
    if not count:
        return Sentence(
            "This is a list of customers, but none of them has orders here. Compare how the list "
            "and the orders write customer numbers and e-mail addresses."
        )
    if "country" not in listing.columns:
        return Sentence(
            "This is a list of customers; {count} of them have orders here.", {"count": count}
        )
    return Sentence(
        "This is a list of customers; {count} of them have orders here, and their country was "
        "taken from it where the orders do not tell it.",
        {"count": count},
    )
