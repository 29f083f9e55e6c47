"""Tables of SQLite, through the standard library; nothing is written and nothing of theirs is run."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from kohorte.errors import ReadError
from kohorte.reading import sql
from kohorte.reading.address import Address
from kohorte.reading.formats import addressed, beginnings

SIGN = b"SQLite format 3\0"
BUSY_SECONDS = 5.0
# So many steps of its machine between two looks at the clock.
STEPS = 100_000
# Characters of a row, shared among its cells; no cell of many gets less than the smaller number.
ROW_CHARACTERS_MAX = 20_000_000
CELL_CHARACTERS_MIN = 100_000
# A view may give rows without end; a table of so many holds at least a byte for each.
ROWS_FROM = 200_000


@contextmanager
def opened(address: Address) -> Iterator[tuple[Sequence[str], Iterable[Sequence[object]]]]:
    """Open a table or view: its columns and its rows.

    Raises
    ------
    ReadError
        If the database or the table cannot be read.
    """
    path = Path(address.database)
    if not beginnings.read(path).startswith(SIGN):
        raise ReadError("The file {file} is no SQLite database.", file=path.name)
    clock, limit = _Clock(), ROW_CHARACTERS_MAX
    uri = f"{path.resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS)) as connection:
            connection.text_factory = _text
            connection.set_progress_handler(clock.is_over, STEPS)
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, limit)
            table = sql.identifier(_table(connection, address))
            described = connection.execute(f"SELECT * FROM {table} LIMIT 0").description
            names = [name for name, *_ in described]
            limit = max(ROW_CHARACTERS_MAX // max(len(names), 1), CELL_CHARACTERS_MIN)
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, limit)
            chosen = ", ".join(map(_cell, names))
            rows = connection.execute(f"SELECT {chosen} FROM {table}")
            yield names, _counted(rows, clock, size=path.stat().st_size, address=address)
    except sqlite3.DataError:
        raise _too_long(address, limit=limit) from None
    except (sqlite3.Error, UnicodeError) as error:
        raise clock.explained(error, address) from None


def _text(content: bytes) -> str:
    return content.decode("utf-8", errors="replace")


def _cell(name: str) -> str:
    """Return the SQL of a cell; what is no text and no number, such as a picture, stays out."""
    column = sql.identifier(name)
    return f"CASE WHEN typeof({column}) = 'blob' THEN x'00' ELSE {column} END"


def _table(connection: sqlite3.Connection, address: Address) -> str:
    listed = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name"
    tables = [str(name) for (name,) in connection.execute(listed)]
    wanted = {name.lower(): name for name in tables}.get(address.table.lower())
    if wanted is None:
        raise addressed.unknown_table(address, tables)
    return wanted


def _counted(
    rows: sqlite3.Cursor, clock: _Clock, *, size: int, address: Address
) -> Iterator[Sequence[object]]:
    limit = max(ROWS_FROM, size)
    for number, row in enumerate(rows):
        if not number % 1_000:
            clock.start()
            if number > limit:
                raise ReadError(
                    "The view “{table}” gives more than {count} rows, far more than its database "
                    "holds. Store its rows in a table and name that.",
                    table=address.name,
                    count=limit,
                )
        yield row


class _Clock:
    """Stops a query that gives no row for a long time, or at Ctrl-C."""

    def __init__(self) -> None:
        self.stopped: BaseException | None = None
        self.start()

    def start(self) -> None:
        """Begin to count anew."""
        self.until = time.monotonic() + addressed.QUIET_SECONDS

    def is_over(self) -> bool:
        """Return whether the query has to stop; whatever is raised in here would get lost."""
        try:
            return time.monotonic() > self.until
        except BaseException as error:  # noqa: BLE001 - raised again as soon as the query ended
            self.stopped = error
            return True

    def explained(self, error: Exception, address: Address) -> BaseException:
        """Return what a failure of the database is to the user."""
        if self.stopped:
            return self.stopped
        if time.monotonic() > self.until:
            return addressed.quiet(address)
        name = Path(address.database).name
        if "locked" in str(error):
            return ReadError(
                "Another program is writing to the database {file}. Try again when it is done.",
                file=name,
            )
        return addressed.unreadable(name, str(error))


def _too_long(address: Address, *, limit: int) -> ReadError:
    return ReadError(
        "A cell of {file} holds more than {limit} characters, far more than anyone needs. Leave long "
        "texts out.",
        file=address.name,
        limit=limit,
    )
