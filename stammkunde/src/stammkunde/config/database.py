"""From an address to Django's description of a database."""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from stammkunde.config.unfit import Unfit

Description = dict[str, Any]

# One writer at a time that queues before it reads (IMMEDIATE), readers that never wait (WAL),
# and a commit that survives a power cut (FULL): what is booked stays booked.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
}
POSTGRESQL_OPTIONS = frozenset(
    {
        "application_name",
        "connect_timeout",
        "host",
        "prepare",
        "sslcert",
        "sslkey",
        "sslmode",
        "sslrootcert",
    }
)
# Whether plans are kept with the connection: not where a pool between gives each transaction another one.
PREPARE = {"on": True, "off": False}
CONNECTION_SECONDS = 600
MEMORY = "sqlite://:memory:"


def parse(address: str) -> Description:
    """Describe the database at `address`.

    `sqlite:///relative/file`, `sqlite:////absolute/file`, `sqlite://:memory:` or
    `postgresql://person:password@host:5432/name?sslmode=require`. Signs with a meaning of their
    own (`@ : / ? # %`) are percent-encoded in names and passwords. A socket stands as
    `postgresql:///name?host=/var/run/postgresql`; with `prepare=off` no plans are kept.

    Raises
    ------
    ValueError
        With a sentence that says what to write instead; a password is never repeated in it.
    """
    if address == MEMORY:
        return _sqlite_file(":memory:")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        # Python's own words may repeat a piece of the password.
        raise Unfit(
            "the address cannot be read; a port is a number, and @ : / ? # % in a name or password "
            "are percent-encoded."
        ) from None
    match parts.scheme:
        case "sqlite":
            return _sqlite(parts)
        case "postgresql" | "postgres":
            return _postgresql(parts, port)
        case _:
            raise Unfit(
                "the address must begin with sqlite:// or postgresql://, not with “{begin}”.",
                begin=address.split(":", 1)[0] if ":" in address else "",
            )


def _sqlite(parts: SplitResult) -> Description:
    if parts.netloc or len(parts.path) < 2:
        raise Unfit("write sqlite:///file for a file here, sqlite:////folder/file elsewhere.")
    if parts.query:
        raise Unfit("SQLite takes no options in the address; remove what follows the “?”.")
    return _sqlite_file(unquote(parts.path[1:]))


def _sqlite_file(file: str) -> Description:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": file, "OPTIONS": dict(SQLITE_OPTIONS)}


def _postgresql(parts: SplitResult, port: int | None) -> Description:
    name = unquote(parts.path[1:])
    if not name or "/" in name:
        raise Unfit("the name of the database is missing: postgresql://…/name.")
    if parts.fragment:
        raise Unfit("“#” in a name or password is written %23.")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(options.keys() - POSTGRESQL_OPTIONS):
        known = ", ".join(sorted(POSTGRESQL_OPTIONS))
        raise Unfit(
            "“{option}” is not an option. There are {known}.", option=unknown[0], known=known
        )
    host = options.pop("host", "") or unquote(parts.hostname or "")
    prepare = options.pop("prepare", "on")
    if prepare not in PREPARE:
        raise ValueError("“prepare” is on or off.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        "CONN_MAX_AGE": CONNECTION_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "PREPARES": PREPARE[prepare],
        "OPTIONS": options,
    }
