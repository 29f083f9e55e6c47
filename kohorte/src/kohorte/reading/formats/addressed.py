"""What is said of tables that cannot be found or read, in the same words for every database."""

from __future__ import annotations

from collections.abc import Sequence

from kohorte.errors import ReadError
from kohorte.reading.address import Address

TABLES_SHOWN = 40
NAME_SHOWN = 60
# A table that gives no row for so long gives none; a view may have to count first.
QUIET_SECONDS = 30.0


def unknown_table(address: Address, tables: Sequence[str]) -> ReadError:
    """Return the error that lists the tables there are."""
    names = [name if len(name) <= NAME_SHOWN else f"{name[:NAME_SHOWN]}…" for name in tables]
    shown = ", ".join(names[:TABLES_SHOWN]) + (" …" if len(names) > TABLES_SHOWN else "")
    if not address.table:
        return ReadError(
            "The address {address} names no table. Add ?table=NAME; there are: {tables}.",
            address=address.shown,
            tables=shown or "–",
        )
    return ReadError(
        "There is no table “{table}” under {address}. There are: {tables}.",
        table=address.table,
        address=address.shown,
        tables=shown or "–",
    )


def unreadable(place: str, problem: str) -> ReadError:
    """Return the error with what the database's driver says, which must hold no secret."""
    return ReadError("The database {file} cannot be read ({problem}).", file=place, problem=problem)


def quiet(address: Address) -> ReadError:
    """Return the error for a table that keeps silent."""
    return ReadError(
        "The table “{table}” gave no rows for {seconds} seconds. If it is a view, store what it "
        "shows in a table and name that.",
        table=address.name,
        seconds=round(QUIET_SECONDS),
    )
