"""Addresses of database tables: sqlite:///shop.db?table=orders, postgresql://host/shop?table=orders."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from kohorte.errors import ReadError

_SCHEME = re.compile(r"(?i)(sqlite|postgres(?:ql)?)://?")
_SECRETS = frozenset({"password", "sslpassword", "passfile", "sslkey"})


@dataclass(frozen=True, kw_only=True)
class Address:
    """A table of a database. What is shown of it never holds a password.

    Parameters
    ----------
    scheme
        `sqlite` or `postgresql`.
    shown
        The address without anything secret.
    table
        The table, perhaps behind its schema and a point; empty if none was named.
    database
        Path of an SQLite file, or the whole address for the driver, without the table.
    """

    scheme: str
    shown: str
    table: str
    database: str = field(repr=False)

    def __str__(self) -> str:
        return self.shown

    @property
    def name(self) -> str:
        """Return what the table is called in messages."""
        return self.table or self.shown


def place(given: str | Path) -> Path | Address:
    """Return what a user named: the address of a table, or the path of a file.

    Raises
    ------
    ReadError
        If it begins like an address and is none; the sentence does not repeat it.

    Examples
    --------
    >>> place("postgresql://anna:secret@db.example.com/shop?table=public.orders").shown
    'postgresql://anna@db.example.com/shop?table=public.orders'
    """
    text = str(given)
    begins = _SCHEME.match(text)
    if begins is None:
        return Path(given)
    try:
        parts = urlsplit(text)
        pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=50)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _misspelled() from None
    table = dict(pairs).get("table", "").strip()
    if begins[1].lower() == "sqlite":
        path = unquote(parts.path)
        if host or len(path) < 2 or "://" not in text:
            raise _misspelled()
        shown = f"sqlite://{quote(path)}" + (f"?table={table}" if table else "")
        return Address(scheme="sqlite", shown=shown, table=table, database=path[1:])
    # Signs of a password that was not written as an address wants it: nothing of it may be shown.
    if "://" not in text or parts.fragment or len(parts.path) < 2 or "@" in parts.path:
        raise _misspelled()
    rest = [(key, value) for key, value in pairs if key != "table"]
    return Address(
        scheme="postgresql",
        shown=_shown(parts, host=host, port=port, table=table),
        table=table,
        # Written out, as geturl() loses the // where no host stands behind it.
        database=f"postgresql://{parts.netloc}{parts.path}?{urlencode(rest, quote_via=quote)}",
    )


def _shown(parts: SplitResult, *, host: str, port: int | None, table: str) -> str:
    user = f"{quote(unquote(parts.username))}@" if parts.username else ""
    at = f"{host}:{port}" if port else host
    named = f"?table={table}" if table else ""
    return f"postgresql://{user}{at}{parts.path}{named}"


def secrets(address: Address) -> tuple[str, ...]:
    """Return the texts of an address that no message may repeat."""
    parts = urlsplit(address.database)
    given = [parts.password or "", unquote(parts.password or "")]
    given += [value for key, value in parse_qsl(parts.query) if key in _SECRETS]
    return tuple(each for each in given if each)


def _misspelled() -> ReadError:
    return ReadError(
        "The address of a table is written as sqlite:///shop.db?table=orders or "
        "postgresql://user@host/shop?table=orders."
    )
