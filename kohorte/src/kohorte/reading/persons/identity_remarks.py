"""What is told about customers: who was joined, who was not, and which addresses are nobody's."""

from __future__ import annotations

import duckdb

from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.lines import Lines
from kohorte.reading.persons import known_by
from kohorte.reading.persons.identity import ADDRESSES_MAX, CROWDED, GUESTS, JOINED, PAIRS, SHARED
from kohorte.reading.plan import Plan
from kohorte.reading.tables import GROUPED, Files

# So many ways to begin an address of an office are named.
NAMED_MAX = 6

_KINDS = {
    "invalid": Sentence(
        "Rows whose e-mail address is none: {count}, the first in line {line}. Without a customer "
        "number they have no customer."
    ),
    "nobody": Sentence(
        "Rows under an address that is nobody's, such as noreply@ or kasse@: {count}, the first in "
        "line {line}. Without a customer number they have no customer."
    ),
    "marketplace": Sentence(
        "Rows under an address that hides a marketplace's buyer: {count}, the first in line {line}. "
        "Such orders count, but without a customer number in no customer metric."
    ),
}


def of_file(plan: Plan, lines: Lines, *, connection: duckdb.DuckDBPyConnection) -> list[Sentence]:
    """Tell which cells of a file are no addresses of anybody."""
    column = plan.columns.get("email")
    if column is not None and not known_by.holds_addresses(plan.samples[column.index]):
        return [
            Sentence(
                "The column “{column}” holds no e-mail addresses; equal texts in it count as one "
                "customer.",
                {"column": column.name},
            )
        ]
    found = sql.rows(
        connection,
        f"SELECT email_kind, count(*), min(line) FROM {sql.parquet([lines.path])} "
        f"WHERE email_kind IN ({sql.texts(_KINDS)}) GROUP BY email_kind ORDER BY min(line)",
    )
    return [
        Sentence(_KINDS[kind].msgid, {"count": int(count), "line": int(line)})
        for kind, count, line in found
    ]


def of_all(files: Files, *, connection: duckdb.DuckDBPyConnection) -> list[Sentence]:
    """Tell which customers were joined over all files, and which addresses and numbers join none."""
    (pairs,) = sql.row(connection, f"SELECT count(*) FROM {PAIRS}")
    told = _by_address(connection)
    if pairs:
        told += _joined(connection)
        told += _left_apart(connection) if files.separate_accounts else []
        told += [*_offices(connection), *_shared(files, connection), *_crowded(connection)]
        told += [] if files.separate_accounts else _limited(files, connection)
    return told


def _by_address(connection: duckdb.DuckDBPyConnection) -> list[Sentence]:
    orders, guests, stitched = sql.row(
        connection,
        "SELECT count(*) FILTER (customer_id IS NOT NULL), count(*) FILTER (by_address), "
        f"count(*) FILTER (by_address AND is_joined) FROM {GROUPED}",
    )
    told = []
    if 0 < guests < orders:
        told.append(
            Sentence(
                "{share}% of the orders bear an e-mail address but no customer number.",
                {"share": 100 * guests / orders},
            )
        )
    if stitched:
        told.append(
            Sentence(
                "Orders without a customer number that were given to the customer with the same "
                "e-mail address: {count}.",
                {"count": int(stitched)},
            )
        )
    return told


def _joined(connection: duckdb.DuckDBPyConnection) -> list[Sentence]:
    others, customers = sql.row(
        connection, f"SELECT count(*), count(DISTINCT customer_id) FROM {JOINED} WHERE is_number"
    )
    if not others:
        return []
    return [
        Sentence(
            "{numbers} customer numbers share e-mail addresses and count as {customers}. "
            "`kohorte check --identities` lists them; --separate-accounts leaves them apart.",
            {"numbers": int(others + customers), "customers": int(customers)},
        )
    ]


def _left_apart(connection: duckdb.DuckDBPyConnection) -> list[Sentence]:
    (count,) = sql.row(
        connection,
        f"SELECT count(DISTINCT number) FROM {PAIRS} "
        f"WHERE address IN (SELECT address FROM {SHARED} WHERE NOT is_nobodys)",
    )
    if not count:
        return []
    return [
        Sentence(
            "Customer numbers that share an e-mail address and were left apart: {count}.",
            {"count": int(count)},
        )
    ]


def _offices(connection: duckdb.DuckDBPyConnection) -> list[Sentence]:
    """Tell which addresses of offices would have joined somebody."""
    count, names = sql.row(
        connection,
        "SELECT count(DISTINCT address), list_sort(list(DISTINCT regexp_extract(address, '^[^@+]*'))) "
        f"FROM {PAIRS} WHERE is_office AND (address IN (SELECT address FROM {SHARED}) "
        f"OR address IN (SELECT address FROM {GUESTS}))",
    )
    if not count:
        return []
    shown = ", ".join(f"{name}@" for name in names[:NAMED_MAX])
    return [
        Sentence(
            "E-mail addresses that several people may use, and that join no customers: {count} "
            "({names}).",
            {"count": int(count), "names": shown + (", …" if len(names) > NAMED_MAX else "")},
        )
    ]


def _shared(files: Files, connection: duckdb.DuckDBPyConnection) -> list[Sentence]:
    """Tell of addresses with more numbers than a person has."""
    most = files.accounts_most
    count, numbers = sql.row(
        connection,
        f"SELECT count(*), max(numbers) FROM {SHARED} WHERE numbers > {most} "
        f"AND address NOT IN (SELECT address FROM {PAIRS} WHERE is_office)",
    )
    if not count:
        return []
    return [
        Sentence(
            "E-mail addresses with more than {most} customer numbers: {count}, one with {numbers}. "
            "They join no customers: perhaps they are placeholders, or the shop gives guests a new "
            "number each time. --accounts-per-address sets another limit.",
            {"most": most, "count": int(count), "numbers": int(numbers)},
        )
    ]


def _crowded(connection: duckdb.DuckDBPyConnection) -> list[Sentence]:
    """Tell of numbers with more addresses than a person has."""
    count, number, addresses = sql.row(
        connection,
        f"SELECT count(*), min_by(number, (-addresses, number)), max(addresses) FROM {CROWDED}",
    )
    if not count:
        return []
    return [
        Sentence(
            "Customer numbers with more than {most} e-mail addresses: {count}, {number} with "
            "{addresses}. They join no customers: perhaps such a number stands for all guests.",
            {
                "most": ADDRESSES_MAX,
                "count": int(count),
                "number": str(number),
                "addresses": int(addresses),
            },
        )
    ]


def _limited(files: Files, connection: duckdb.DuckDBPyConnection) -> list[Sentence]:
    """Tell of a limit that the user set what it does: it joins nobody, or everybody."""
    most = files.accounts_per_address
    if most is None:
        return []
    numbers, count = sql.row(
        connection,
        "SELECT max(numbers), count(*) "
        f"FROM {SHARED} WHERE address NOT IN (SELECT address FROM {PAIRS} WHERE is_office)",
    )
    if most == 1:
        return [
            Sentence(
                "With one customer number per address (--accounts-per-address 1) no two numbers are "
                "joined. Orders without a number still find the only customer with their address."
            )
        ]
    if numbers is None or numbers > most:
        return []
    return [
        Sentence(
            "With up to {most} customer numbers per address (--accounts-per-address) every address "
            "that several numbers share joins them: {count}, the largest with {numbers}. Look at the "
            "list that --identities writes: a placeholder would join strangers.",
            {"most": most, "count": int(count), "numbers": int(numbers)},
        )
    ]
