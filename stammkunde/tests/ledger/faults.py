"""The machine stops: before a statement, after one, or after the commit while the answer is on its way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

# A test's own transaction around everything turns begin and commit into these; a real stop has none of them.
BRACKETS = ("SAVEPOINT", "RELEASE", "ROLLBACK")


class Stopped(BaseException):
    """Nobody catches this but the test: what follows it never runs."""


@dataclass
class Fault:
    """A stop at a statement, counted from zero.

    Parameters
    ----------
    at
        Before which statement; with `after`, behind it.
    met
        Whether so many statements were reached.
    """

    at: int
    after: bool = False
    met: bool = False
    seen: int = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(BRACKETS):
            return execute(sql, params, many, context)
        self.seen += 1
        if self.seen - 1 != self.at:
            return execute(sql, params, many, context)
        self.met = True
        if self.after:
            execute(sql, params, many, context)
        raise Stopped


@contextmanager
def faulty(fault: Fault) -> Iterator[Fault]:
    """Let a fault happen within; whatever it interrupted is rolled back by whoever had begun it."""
    with suppress(Stopped), connection.execute_wrapper(fault):
        yield fault


@contextmanager
def answer_lost() -> Iterator[None]:
    """Stop right behind the commit: what was asked has happened and nobody was told."""
    real = BaseDatabaseWrapper.commit

    def commit(self: BaseDatabaseWrapper) -> None:
        real(self)
        raise Stopped

    BaseDatabaseWrapper.commit = commit  # type: ignore[method-assign]
    try:
        with suppress(Stopped):
            yield
    finally:
        BaseDatabaseWrapper.commit = real  # type: ignore[method-assign]
