"""Who is one customer: numbers and addresses that orders connect, across all files.

Two customer numbers with one e-mail address are one customer, and an order without a number is that
of the customer with its address. Some addresses and numbers connect nobody: addresses of offices,
and those that more numbers (or numbers that more addresses) share than one person has. A customer
bears the number of the earliest order, so that later orders do not change it.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from kohorte.reading import sql
from kohorte.reading.persons import components, known_by

# So many customer numbers may have one address unless the user says another limit, and so many
# addresses one number.
SHARED_MAX = 5
ADDRESSES_MAX = 5

# Numbers with their addresses; how many numbers an address has, if several; numbers with too many
# addresses; addresses of orders without a number; and what all that says.
PAIRS = "kohorte_reading_pairs"
SHARED = "kohorte_reading_shared_addresses"
CROWDED = "kohorte_reading_crowded_numbers"
GUESTS = "kohorte_reading_guests"
LINKS = "kohorte_reading_links"
LABELS = "kohorte_reading_labels"
JOINED = "kohorte_reading_joined"
ALL = (PAIRS, SHARED, CROWDED, GUESTS, LINKS, LABELS, JOINED, known_by.SPELLED)
# What they hold where no file tells an address.
_NOBODY = {
    PAIRS: "number VARCHAR, address VARCHAR, cell VARCHAR, is_office BOOLEAN",
    SHARED: "address VARCHAR, numbers BIGINT, is_nobodys BOOLEAN",
    CROWDED: "number VARCHAR, addresses BIGINT",
    GUESTS: "address VARCHAR",
    LINKS: "number VARCHAR, address VARCHAR, has_guest BOOLEAN",
    LABELS: "number VARCHAR, id BIGINT, label BIGINT",
    JOINED: "key VARCHAR, is_number BOOLEAN, customer_id VARCHAR",
}


def join(
    lines: str,
    *,
    addresses: bool = True,
    separate: bool = False,
    most: int = SHARED_MAX,
    lists: Sequence[str] = (),
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Note in `JOINED` which numbers and addresses are which customer; make the table `identities`.

    Without `addresses` no file tells any, and nobody is joined.

    Parameters
    ----------
    lines
        The typed lines of all files.
    separate
        Whether to leave numbers apart that share an address; orders without a number then belong
        to the only account that has their address.
    most
        With so many numbers an address still joins them.
    lists
        Tables of people with `customer_id` and `email`.
    """
    if not addresses and not lists:
        for table, columns in _NOBODY.items():
            sql.rows(connection, f"CREATE OR REPLACE TEMP TABLE {table} ({columns})")
        sql.rows(
            connection, "CREATE TABLE identities (customer_id VARCHAR, key VARCHAR, rule VARCHAR)"
        )
        return
    _pair(lines, most=most, lists=lists, connection=connection)
    _link(separate=separate, connection=connection)
    _label(lines, connection=connection)
    _join(connection=connection)
    sql.rows(connection, f"CREATE TABLE identities AS {_identities()}")


def known(rows: str) -> str:
    """Return rows with their customer for `customer_id` and `email`.

    `by_address` says that they bear no number, `is_joined` that their customer goes by another
    number or address than they say.
    """
    return (
        "(SELECT r.* EXCLUDE (customer_id, email), "
        "coalesce(joined.customer_id, r.customer_id, r.email) AS customer_id, "
        "r.customer_id IS NULL AND r.email IS NOT NULL AS by_address, "
        "joined.customer_id IS NOT NULL AS is_joined "
        f"FROM {rows} r LEFT JOIN {JOINED} joined ON joined.key = coalesce(r.customer_id, r.email) "
        "AND joined.is_number = (r.customer_id IS NOT NULL))"
    )


def find(people: str) -> str:
    """Return people of a list by the `customer_id` they order under, with `country` and `rule`."""
    keys = (
        f"SELECT customer_id AS key, true AS is_number, country, rule FROM {people} UNION ALL "
        f"SELECT email, false, country, rule FROM {people} UNION ALL "
        f"SELECT p.number, true, l.country, l.rule FROM {people} l "
        f"JOIN {PAIRS} p ON p.address = l.email"
    )
    return (
        "(SELECT coalesce(joined.customer_id, k.key) AS customer_id, k.country, k.rule "
        f"FROM ({keys}) k LEFT JOIN {JOINED} joined "
        "ON joined.key = k.key AND joined.is_number = k.is_number WHERE k.key IS NOT NULL)"
    )


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop what only the tables and the remarks needed."""
    for table in ALL:
        sql.rows(connection, f"DROP TABLE IF EXISTS {table}")


def _pair(
    lines: str, *, most: int, lists: Sequence[str], connection: duckdb.DuckDBPyConnection
) -> None:
    """Note which numbers stand beside which addresses, and what of it is more than one person's."""
    cells = "customer_id AS number, email AS address, email_cell AS cell, email_kind"
    both = "customer_id IS NOT NULL AND email IS NOT NULL"
    listed = "".join(
        f" UNION ALL SELECT {cells} FROM {table} WHERE {both} "
        f"AND customer_id IN (SELECT customer_id FROM {lines})"
        for table in lists
    )
    _note(
        PAIRS,
        "SELECT number, address, "
        "least(min(cell), CASE WHEN count(cell) < count(*) THEN address END) AS cell, "
        "coalesce(bool_or(email_kind = 'office'), false) AS is_office "
        f"FROM (SELECT {cells} FROM {lines} WHERE {both}{listed}) GROUP BY number, address",
        connection=connection,
    )
    _note(
        SHARED,
        f"SELECT address, count(*) AS numbers, bool_or(is_office) OR count(*) > {most} "
        f"AS is_nobodys FROM {PAIRS} GROUP BY address HAVING count(*) > 1",
        connection=connection,
    )
    _note(
        CROWDED,
        f"SELECT number, count(*) AS addresses FROM {PAIRS} WHERE NOT is_office "
        f"GROUP BY number HAVING count(*) > {ADDRESSES_MAX}",
        connection=connection,
    )
    _note(
        GUESTS,
        f"SELECT DISTINCT email AS address FROM {lines} WHERE customer_id IS NULL "
        f"AND email IN (SELECT address FROM {PAIRS})",
        connection=connection,
    )


def _link(*, separate: bool, connection: duckdb.DuckDBPyConnection) -> None:
    """Note the pairs that may join something, and whether a guest bears the address."""
    several = "false" if separate else "NOT shared.is_nobodys"
    _note(
        LINKS,
        "SELECT p.number, p.address, guests.address IS NOT NULL AS has_guest "
        f"FROM {PAIRS} p LEFT JOIN {SHARED} shared ON shared.address = p.address "
        f"LEFT JOIN {GUESTS} guests ON guests.address = p.address "
        f"WHERE NOT p.is_office AND p.number NOT IN (SELECT number FROM {CROWDED}) "
        f"AND (({several}) OR (shared.address IS NULL AND guests.address IS NOT NULL))",
        connection=connection,
    )


def _label(lines: str, *, connection: duckdb.DuckDBPyConnection) -> None:
    """Number those who share an address by their first order, and label all of one customer alike."""
    _note(
        LABELS,
        "SELECT customer_id AS number, label AS id, label FROM (SELECT customer_id, "
        "row_number() OVER (ORDER BY min(placed_at), length(customer_id), customer_id) AS label "
        f"FROM {lines} WHERE customer_id IN (SELECT number FROM {LINKS} "
        f"WHERE address IN (SELECT address FROM {SHARED})) GROUP BY customer_id)",
        connection=connection,
    )
    components.label(LABELS, links=LINKS, connection=connection)


def _join(*, connection: duckdb.DuckDBPyConnection) -> None:
    """Note the customer of each number and each guest's address that goes by another."""
    first = f"{LABELS} l JOIN {LABELS} first ON first.id = l.label"
    _note(
        JOINED,
        f"SELECT l.number AS key, true AS is_number, first.number AS customer_id FROM {first} "
        "WHERE l.id <> l.label UNION ALL "
        "SELECT links.address, false, min(coalesce(named.customer_id, links.number)) "
        f"FROM {LINKS} links LEFT JOIN (SELECT l.number, first.number AS customer_id FROM {first}) "
        "named ON named.number = links.number WHERE links.has_guest GROUP BY links.address",
        connection=connection,
    )


def _identities() -> str:
    """Return all joined customers with the numbers and addresses they are known by."""
    customers = f"(SELECT DISTINCT customer_id FROM {JOINED})"
    return (
        "SELECT customer_id, key, rule FROM ("
        f"SELECT customer_id, customer_id AS key, 'customer number' AS rule FROM {customers} "
        f"UNION ALL SELECT customer_id, key, 'same address' FROM {JOINED} WHERE is_number "
        "UNION ALL SELECT coalesce(joined.customer_id, p.number), min(p.cell), "
        "CASE WHEN p.address IN (SELECT address FROM "
        f"{LINKS}) THEN 'same address' ELSE 'customer number' END "
        f"FROM {PAIRS} p LEFT JOIN {JOINED} joined ON joined.is_number AND joined.key = p.number "
        f"WHERE coalesce(joined.customer_id, p.number) IN (FROM {customers}) "
        f"AND (p.address NOT IN (SELECT address FROM {SHARED}) "
        f"OR (p.number, p.address) IN (SELECT (number, address) FROM {LINKS})) "
        "AND NOT p.is_office "
        "GROUP BY coalesce(joined.customer_id, p.number), p.address"
        ") ORDER BY customer_id, rule, key"
    )


def _note(table: str, select: str, *, connection: duckdb.DuckDBPyConnection) -> None:
    sql.rows(connection, f"CREATE OR REPLACE TEMP TABLE {table} AS {select}")
