"""Instants as the two stores keep them, for statements that do without Django's models."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db import connection


def stored(at: dt.datetime | None) -> Any:
    """Return an instant as the store takes it: SQLite keeps text in UTC without a zone.

    Text is compared sign by sign: a whole second, written without a fraction, stands before its fractions.
    """
    if at is None or connection.vendor == "postgresql":
        return at
    return _as_text(at)


@lru_cache(maxsize=1024)
def _as_text(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ")


@lru_cache(maxsize=1024)
def _with_zone(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(" ")


def storing() -> Callable[[dt.datetime | None], Any]:
    """Return `stored` for many instants that are written: the store is asked for once.

    PostgreSQL gets text too, whose making psycopg would begin anew with each of many equal instants.
    """
    text = _with_zone if connection.vendor == "postgresql" else _as_text
    return lambda at: None if at is None else text(at)


def read(value: Any) -> dt.datetime:
    """Return an instant that came from the store."""
    at = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


def read_or_none(value: Any) -> dt.datetime | None:
    """Return an instant that came from the store, or None."""
    return None if value is None else read(value)
