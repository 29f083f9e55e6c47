"""Files of customers beside files of orders: they add what is known of people, never orders."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from kohorte.errors import ReadError
from kohorte.language import Sentence
from kohorte.reading import preparing, profiles, sql
from kohorte.reading.source import Source
from kohorte.results import FileReading, Guess


def part(sources: Sequence[Source]) -> tuple[list[Source], list[Source]]:
    """Return the files of orders and the files of customers.

    Raises
    ------
    ReadError
        If a file is known to hold neither, or none holds orders.
    """
    orders: list[Source] = []
    people: list[Source] = []
    for source in sources:
        layout, _ = profiles.recognize(source)
        if layout.refused:
            raise ReadError(layout.refused.msgid, file=source.name)
        (people if layout.holds == "customers" else orders).append(source)
    if not orders:
        raise ReadError(
            "{file} is a list of customers and holds no orders. Name a file of orders as well.",
            file=people[0].name,
        )
    return orders, people


def add(source: Source, *, connection: duckdb.DuckDBPyConnection) -> FileReading:
    """Add the countries that a file of customers tells to those who have none; return its reading.

    A customer is found by number or by e-mail address, whichever the orders know them by.
    """
    layout, known = profiles.recognize(source)
    source, known = preparing.prepare(source, layout=layout, known=known, connection=connection)
    keys = [
        f"lower(trim({column.sql}::VARCHAR))"
        for meaning, column in known.items()
        if meaning in ("customer_id", "email")
    ]
    found = 0
    if "country" in known:
        country = f"nullif(trim({known['country'].sql}::VARCHAR), '')"
        pairs = " UNION ALL ".join(
            f"SELECT {key} AS key, {country} AS country FROM {source.relation}" for key in keys
        )
        people = (
            f"(SELECT key, min(country) AS country FROM ({pairs}) "
            "WHERE key <> '' AND country IS NOT NULL GROUP BY key)"
        )
        found = len(
            sql.rows(
                connection,
                f"UPDATE customers SET country = coalesce(customers.country, people.country) "
                f"FROM {people} people WHERE lower(customers.customer_id) = people.key "
                "RETURNING customers.customer_id",
            )
        )
    because = Sentence("This is the layout {name}.", {"name": layout.name})
    return FileReading(
        path=str(source.path),
        layout=layout.slug,
        layout_name=layout.name,
        rows=source.rows,
        encoding=source.encoding,
        delimiter=source.delimiter,
        guesses=tuple(Guess(m, column.name, 1.0, because) for m, column in known.items()),
        remarks=(
            *source.remarks,
            Sentence(
                "This is a list of customers; {count} of them have orders here, and their country "
                "was taken from it where the orders do not tell it.",
                {"count": found},
            ),
        ),
    )
