"""Room for the copies that reading needs: told in one sentence where there is none."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from kohorte.errors import ReadError


@contextmanager
def enough() -> Iterator[None]:
    """Say in one sentence that there is no room for the copies that reading needs."""
    try:
        yield
    except (duckdb.IOException, duckdb.OutOfMemoryException, OSError, MemoryError) as error:
        lines = str(error).splitlines() or [type(error).__name__]
        raise ReadError(
            "The files could not be read to their end: {problem}. Reading needs room for a copy in "
            "{folder}; free some and try again.",
            problem=_problem(lines[0]),
            folder=tempfile.gettempdir(),
        ) from error


def _problem(message: str) -> str:
    """Return the short end of the engine's message, which is what went wrong."""
    found = re.search(r'"exception_message":"(.*?[^\\])"[,}]', message)
    return (found[1] if found else message).rsplit(": ", 1)[-1].rstrip(".")
