"""Threads that begin at the same moment, each with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from stammkunde.core import bulk
from stammkunde.core.errors import NotFound, Refused

_WAITING = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Start all at the same moment; return what each gave, the name of its refusal, or its fault."""
    barrier = threading.Barrier(len(works))
    found: list[Any] = [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            found[place] = work()
        except (Refused, NotFound) as refused:
            found[place] = refused.name
        except Exception as fault:  # noqa: BLE001  # such as a deadlock, which the test is to see
            found[place] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def until_it_waits(thread: threading.Thread) -> None:
    """Return once a thread waits for a lock of ours, or is done; on SQLite at once, as nobody else writes there."""
    while connection.vendor == "postgresql" and thread.is_alive():
        if bulk.select(_WAITING)[0][0]:
            return
