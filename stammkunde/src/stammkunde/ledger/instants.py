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


def storing() -> Callable[[dt.datetime | None], Any]:
    """Return `stored` for many instants: the store is asked for once."""
    if connection.vendor == "postgresql":
        return lambda at: at
    return lambda at: None if at is None else _as_text(at)


def read(value: Any) -> dt.datetime:
    """Return an instant that came from the store."""
    at = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


def read_or_none(value: Any) -> dt.datetime | None:
    """Return an instant that came from the store, or None."""
    return None if value is None else read(value)
