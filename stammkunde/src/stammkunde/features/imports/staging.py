"""Files read by `kohorte` and laid out for the store: rows with natural keys, hashes and chunks.

What a reading understood stands in one DuckDB file of the import. It is written beside and renamed, so
that it is there whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from kohorte import tables
from kohorte.reading import unread
from kohorte.tables import BESIDE
from stammkunde.features.imports import cells
from stammkunde.features.imports.people import NAMED
from stammkunde.records.orders import rules
from stammkunde.records.orders.rules import LINES, Kind

MEMORY_LIMIT = "1GB"
UNREAD = "unread_rows"
# The rows that do not count, and what is known of those that cannot be read.
EXPLAINED = (
    "(SELECT e.*, u.name, u.cell, CASE WHEN u.line IS NULL THEN 'unpriced' ELSE u.why END AS why "
    f"FROM excluded_rows e LEFT JOIN {UNREAD} u ON u.file = e.file AND u.line = e.line "
    f"WHERE e.reason = '{unread.REASON}' "
    "UNION ALL SELECT *, NULL, NULL, NULL FROM excluded_rows "
    f"WHERE reason <> '{unread.REASON}')"
)
# A chunk holds so many rows, lines of orders counted.
CHUNK_ROWS = 20_000
# So many rows of people are grouped at once: the texts of their groups stay in memory, whatever the limit.
PEOPLE_ROWS = 250_000


@contextmanager
def opened(path: Path, *, read_only: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the file of a reading."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "autoinstall_known_extensions": "false",
        "temp_directory": f"{path}.spill",
    }
    connection = duckdb.connect(str(path), read_only=read_only, config=config)
    try:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection
    finally:
        connection.close()


def lay_out(
    connection: duckdb.DuckDBPyConnection, *, source: str, file_ids: Sequence[int]
) -> dict[str, int]:
    """Make the tables that are published: `put_keys`, `put_ties`, and `put_…` for each kind.

    Parameters
    ----------
    source
        The channel in which customer numbers count.
    file_ids
        The ids of the files, by their place.

    Returns
    -------
    How many rows there are of each kind.
    """
    _keys(connection, source=source)
    counts = {}
    for kind in rules.KINDS.values():
        _kind(connection, kind, file_ids=file_ids)
        ((count,),) = connection.execute(f"SELECT count(*) FROM put_{kind.name}").fetchall()
        counts[kind.name] = int(count)
    ((lines,),) = connection.execute("SELECT count(*) FROM put_lines").fetchall()
    return {**counts, "lines": int(lines)}


def _keys(connection: duckdb.DuckDBPyConnection, *, source: str) -> None:
    """Number the keys of people, and note which stand in one row."""
    fallback = " UNION ".join(
        f"SELECT {kind.person} AS person FROM {kind.name}" for kind in rules.OF_PERSONS
    )
    value = cells.clean("value", cells.NUMBER_MAX)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE met_people AS SELECT * FROM {NAMED} WHERE order_id IS NULL "
        "OR order_id IN (SELECT order_id FROM orders UNION ALL SELECT refund_id FROM refunds)"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE named_keys AS SELECT number AS person FROM {NAMED} UNION "
        f"SELECT email FROM {NAMED}"
    )
    ((people,),) = connection.execute("SELECT count(*) FROM met_people").fetchall()
    parts = 1 + int(people) // PEOPLE_ROWS
    said = f"""
        SELECT kind, {value} AS value, min(written) AS written, bool_or(is_shared) AS is_shared,
          bool_or(is_used) AS is_used, min(name) AS name, min(phone) AS phone,
          coalesce(any_value(customers.country), min(every_key.country)) AS country
        FROM (
          SELECT 'number' AS kind, number AS value, number AS written, false AS is_shared,
            order_id IS NOT NULL AS is_used, name, phone, country FROM met_people
          UNION ALL
          SELECT 'email', email, cell, is_shared, order_id IS NOT NULL AND number IS NULL,
            name, phone, country FROM met_people
          UNION ALL
          SELECT CASE WHEN contains(person, '@') THEN 'email' ELSE 'number' END, person, person,
            false, true, NULL, NULL, NULL
          FROM ({fallback}) told ANTI JOIN named_keys USING (person)
          WHERE NOT starts_with(person, '{cells.OURS}')
        ) AS every_key
        LEFT JOIN customers ON customers.customer_id = value
        WHERE {value} IS NOT NULL AND hash({value}) % {parts} = $part GROUP BY kind, {value}
        """
    connection.execute(f"CREATE OR REPLACE TABLE said_keys AS {said}", {"part": 0})
    for part in range(1, parts):
        connection.execute(f"INSERT INTO said_keys {said}", {"part": part})
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE put_keys AS
        SELECT row_number() OVER (ORDER BY kind DESC, value) AS n, kind,
          CASE WHEN kind = 'number' THEN $source ELSE '' END AS source, value,
          {cells.clean("written")} AS written, {cells.loose()} AS loose, is_shared, is_used,
          {cells.clean("name")} AS name, {cells.phone()} AS phone, {cells.clean("country")} AS country
        FROM said_keys
        """,
        {"source": source},
    )
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE put_ties AS
        SELECT row_number() OVER (ORDER BY one, other) AS n, one, other FROM (
        SELECT DISTINCT one.n AS one, other.n AS other
        FROM met_people named
        JOIN put_keys one ON one.kind = 'number' AND one.value = {cells.clean("named.number", cells.NUMBER_MAX)}
        JOIN put_keys other ON other.kind = 'email' AND other.value = {cells.clean("named.email", cells.NUMBER_MAX)}
        )
        """
    )


def _kind(connection: duckdb.DuckDBPyConnection, kind: Kind, *, file_ids: Sequence[int]) -> None:
    """Lay out the rows of a kind; orders with their lines."""
    columns = cells.columns(kind)
    chosen = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    told = kind.name in ("orders", "refunds")
    named = f"LEFT JOIN {NAMED}_by_order named ON named.order_id = t.{kind.number}" if told else ""
    if told:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {NAMED}_by_order AS SELECT order_id, "
            "bool_or(is_built) AS is_built, arg_max(file, file) AS file, arg_max(line, file) AS line, "
            f"min(number) AS number, min(email) AS email FROM {NAMED} "
            "WHERE order_id IS NOT NULL GROUP BY order_id"
        )
    number = cells.number(kind, told=told)
    person = cells.person(kind, told=told)
    files = f"[{', '.join(map(str, file_ids))}]" if file_ids else "[NULL]"
    place = "NULL::BIGINT AS put_file, NULL::BIGINT AS put_line"
    if told:
        place = f"{files}[named.file + 1] AS put_file, named.line AS put_line"
    size, own, lines = "1", "'' AS put_lines_hash, NULL AS put_own_id", ""
    if kind is rules.ORDERS:
        _lines(connection)
        size, lines = (
            "1 + coalesce(l.lines, 0)",
            "LEFT JOIN line_hashes l ON l.order_id = t.order_id",
        )
        own = "coalesce(l.hash, '') AS put_lines_hash, t.order_id AS put_own_id"
    texts = ", ".join(f"coalesce(rows.{name}::VARCHAR, '')" for name in columns)
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE put_{kind.name} AS
        SELECT rows.n AS n, chunk, put_number,
          md5(concat_ws(chr(31), {texts}, put_lines_hash)) AS put_hash, put_file, put_line,
          k.n AS put_key, {cells.owner()} AS put_owner, {", ".join(f"rows.{name}" for name in columns)}, put_own_id
        FROM (
          SELECT * EXCLUDE (put_size), row_number() OVER by_number AS n,
            ((sum(put_size) OVER by_number - put_size) // {CHUNK_ROWS})::INTEGER AS chunk
          FROM (
            SELECT {number} AS put_number, {chosen}, {person} AS put_person, {place},
              {size} AS put_size, {own}
            FROM {kind.name} t {named} {lines}
          ) WHERE put_number IS NOT NULL
          WINDOW by_number AS (ORDER BY put_number ROWS UNBOUNDED PRECEDING)
        ) rows
        LEFT JOIN put_keys k ON k.value = rows.put_person
          AND k.kind = CASE WHEN contains(rows.put_person, '@') THEN 'email' ELSE 'number' END
        ORDER BY rows.n
        """
    )
    if kind is rules.ORDERS:
        connection.execute(
            f"""
            CREATE OR REPLACE TABLE put_lines AS
            SELECT o.n AS n, o.chunk AS chunk, {", ".join(f"l.{name}" for name in LINES)}
            FROM typed_lines l JOIN put_orders o ON o.put_own_id = l.order_id ORDER BY o.n, l.line_number
            """
        )
        connection.execute("DROP TABLE typed_lines")


def _lines(connection: duckdb.DuckDBPyConnection) -> None:
    """Type the lines of orders, and hash those of each order together."""
    types = {column.name: column.type for column in tables.ORDER_LINES.columns}
    chosen = ", ".join(f"{cells.written(name, types[name])} AS {name}" for name in LINES)
    connection.execute(
        f"CREATE OR REPLACE TABLE typed_lines AS SELECT order_id, {chosen} FROM order_lines"
    )
    texts = ", ".join(f"coalesce({name}::VARCHAR, '')" for name in LINES)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE line_hashes AS SELECT order_id, count(*) AS lines, "
        "md5(string_agg(text, chr(30) ORDER BY line_number)) AS hash FROM "
        f"(SELECT order_id, line_number, concat_ws(chr(31), {texts}) AS text FROM typed_lines) "
        "GROUP BY order_id"
    )


def complete(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the tables that a reading did not make, empty."""
    known = {
        name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    }
    for name, table in {**tables.TABLES, **BESIDE}.items():
        if name not in known:
            tables.create(connection, table)


def keep_unread(connection: duckdb.DuckDBPyConnection, *, is_wanted: bool) -> None:
    """Keep what is known of the rows that were left out because they cannot be read.

    Files without orders are read beside finished tables, whose list of rows left out is not theirs; what
    lacks in it is added.
    """
    found = f"SELECT DISTINCT ON (file, line) * FROM {unread.TABLE} ORDER BY file, line"
    connection.execute(
        f"CREATE OR REPLACE TABLE {UNREAD} AS {found}"
        if is_wanted
        else f"CREATE OR REPLACE TABLE {UNREAD} ({unread.COLUMNS})"
    )
    connection.execute(
        "INSERT INTO excluded_rows (reason, scope, file, line) "
        f"SELECT '{unread.REASON}', 'everything', file, line FROM {UNREAD} ANTI JOIN "
        f"(SELECT file, line FROM excluded_rows WHERE reason = '{unread.REASON}') USING (file, line)"
    )


def excluded(connection: duckdb.DuckDBPyConnection) -> list[Mapping[str, object]]:
    """Return how many rows do not count, by reason and by what they are left out of."""
    found = connection.execute(
        "SELECT reason, scope, count(*), count(DISTINCT order_id), sum(amount_minor)::BIGINT "
        "FROM excluded_rows GROUP BY ALL ORDER BY 3 DESC, 1"
    ).fetchall()
    names = ("reason", "scope", "rows", "orders", "amount_minor")
    return [dict(zip(names, row, strict=True)) for row in found]
