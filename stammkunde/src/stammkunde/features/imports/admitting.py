"""The people of an import into the store: their keys, who stands in one row with whom, and new customers.

All of it goes in pieces, and what the pieces are of stays in the import's own DuckDB: memory does not
grow with how many people there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import duckdb
from django.db import transaction

from stammkunde.core import bulk
from stammkunde.core.audit.services import Actor
from stammkunde.features.imports import buried, fresh
from stammkunde.records.customers import identity, keys
from stammkunde.records.customers.identity import About, Told
from stammkunde.records.customers.rules import SaidKey

AT_ONCE = 10_000
# The keys of the import that the store knows: their numbers in both.
KNOWN = "known_keys"
_NOBODY = f"CREATE OR REPLACE TEMP TABLE {KNOWN} (n BIGINT, id BIGINT, is_fresh BOOLEAN)"
Done = Callable[[int], None]


def admit(
    connection: duckdb.DuckDBPyConnection,
    *,
    shop_id: int,
    import_id: int,
    actor: Actor,
    done: Done,
) -> dict[str, int]:
    """Write the keys of people, tie those of one row, and make the customers that are new.

    Returns
    -------
    How many keys there are, how many of them are of erased people, and how many moves are left for
    when the import counts.
    """
    connection.execute(_NOBODY)
    erased = buried.of_import(connection, shop_id=shop_id)
    for seen in fresh.admit(
        connection,
        shop_id=shop_id,
        import_id=import_id,
        without=erased,
        known=KNOWN,
        at_once=AT_ONCE,
    ):
        done(seen)
    buried_keys = _write_keys(
        connection, shop_id=shop_id, import_id=import_id, erased=erased, done=done
    )
    _write_ties(connection, shop_id=shop_id, import_id=import_id)
    left = 0
    for some in _whose(connection):
        settled = identity.settle(
            shop_id,
            some,
            told=lambda met: _told(connection, met),
            actor=actor,
            import_id=import_id,
            may_move=False,
        )
        left += settled.left
    return {"keys": _count(connection, KNOWN), "buried": buried_keys, "left": left}


def pieces(
    connection: duckdb.DuckDBPyConnection, table: str, columns: str
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield pieces of a table whose rows are numbered by `n`."""
    for start in range(0, _count(connection, table), AT_ONCE):
        yield connection.execute(
            f"SELECT {columns} FROM {table} WHERE n > {start} AND n <= {start + AT_ONCE} ORDER BY n"
        ).fetchall()


def know(connection: duckdb.DuckDBPyConnection, *, shop_id: int) -> None:
    """Note which keys of the import the store knows, as whoever admitted them did."""
    connection.execute(_NOBODY)
    for rows in pieces(connection, "put_keys", "n, kind, source, value"):
        _note(connection, owners(shop_id, {n: SaidKey(kind=kind, source=source, value=value)
                                           for n, kind, source, value in rows}))  # fmt: skip


def _note(
    connection: duckdb.DuckDBPyConnection, found: Mapping[int, tuple[int, int | None]]
) -> None:
    connection.execute(
        f"INSERT INTO {KNOWN} SELECT unnest($n), unnest($id), false",
        {"n": list(found), "id": [key for key, _customer in found.values()]},
    )


def owners(shop_id: int, said: Mapping[int, SaidKey]) -> dict[int, tuple[int, int | None]]:
    """Return the key and the customer in the store of each key of an import that is there."""
    found: dict[int, tuple[int, int | None]] = {}
    for kind, source in {(key.kind, key.source) for key in said.values()}:
        values = [key.value for key in said.values() if (key.kind, key.source) == (kind, source)]
        known = keys.ids(shop_id, kind, source, values)
        for n, key in said.items():
            if (key.kind, key.source) == (kind, source) and key.value in known:
                found[n] = known[key.value]
    return found


def _write_keys(
    connection: duckdb.DuckDBPyConnection,
    *,
    shop_id: int,
    import_id: int,
    erased: Mapping[int, buried.Buried],
    done: Done,
) -> int:
    """Write keys that the store does not know yet, and note all; return how many are left out."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE left_keys AS SELECT * EXCLUDE (n), n AS key, "
        f"row_number() OVER (ORDER BY n) AS n FROM put_keys WHERE n NOT IN (SELECT n FROM {KNOWN})"
    )
    left_out, seen = 0, _count(connection, KNOWN)
    columns = "key, kind, source, value, written, loose, is_shared"
    for rows in pieces(connection, "left_keys", columns):
        said = {
            row[0]: _said(row) for row in rows if row[0] not in erased or erased[row[0]].is_back
        }
        with transaction.atomic():
            keys.admit(shop_id, list(said.values()), import_id=import_id)
            found = owners(shop_id, said)
        _note(connection, found)
        left_out += len(rows) - len(found)
        seen += len(rows)
        done(seen)
    return left_out


def _said(row: Sequence[Any]) -> SaidKey:
    _, kind, source, value, written, loose, is_shared = row
    return SaidKey(
        kind=kind,
        source=source,
        value=value,
        written=written or "",
        loose=loose or "",
        is_shared=bool(is_shared),
    )


def _write_ties(connection: duckdb.DuckDBPyConnection, *, shop_id: int, import_id: int) -> None:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE known_ties AS SELECT row_number() OVER () AS n, "
        f"one.id AS one, other.id AS other FROM put_ties t JOIN {KNOWN} one ON one.n = t.one "
        f"AND NOT one.is_fresh JOIN {KNOWN} other ON other.n = t.other"
    )
    for rows in pieces(connection, "known_ties", "one, other"):
        with transaction.atomic():
            keys.tie(shop_id, rows, import_id=import_id)


def _whose(connection: duckdb.DuckDBPyConnection) -> Iterator[list[int]]:
    """Yield keys whose customers are to be found, in pieces.

    Whoever settles a key looks at all that is tied to it, so a key behind which another stands need
    not be named.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE unsettled AS SELECT row_number() OVER (ORDER BY n) AS n, id "
        f"FROM {KNOWN} WHERE NOT is_fresh AND id NOT IN (SELECT greatest(one, other) FROM known_ties)"
    )
    for rows in pieces(connection, "unsettled", "id"):
        yield [key for (key,) in rows]


def _told(connection: duckdb.DuckDBPyConnection, met: Collection[int]) -> Told:
    """Return what the import says of keys of the store, whichever piece they are of."""
    used: set[int] = set()
    about: dict[int, About] = {}
    for some in bulk.parts(list(met)):
        for key, is_used, *texts in connection.execute(
            f"SELECT k.id, p.is_used, p.name, p.phone, p.country FROM {KNOWN} k "
            "JOIN put_keys p ON p.n = k.n WHERE k.id IN (SELECT unnest($ids))",
            {"ids": list(some)},
        ).fetchall():
            if is_used:
                used.add(key)
            if any(texts):
                about[key] = About(*(text or "" for text in texts))
    return Told(used, about)


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    ((count,),) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
    return int(count)
