"""Which work there is: each piece is registered by the module that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

from stammkunde.core.jobs import rules

if TYPE_CHECKING:
    from stammkunde.core.jobs.running import Running

ATTEMPTS = 5
HOURS_MAX = 6
# What a handler returns is shown to people as what it did.
Handler = Callable[["Running"], "str | Promise | None"]


@dataclass(frozen=True)
class Work:
    """A piece of work that jobs can name."""

    name: str
    title: str | Promise
    handler: Handler
    attempts: int
    hours_max: float


@dataclass(frozen=True)
class Rule:
    """When a piece of work is due, once for the installation or once for each shop in its zone."""

    name: str
    schedule: rules.Schedule
    zone: str
    per_shop: bool


_works: dict[str, Work] = {}
_rules: dict[str, Rule] = {}


def work(
    name: str,
    *,
    title: str | Promise = "",
    attempts: int = ATTEMPTS,
    hours_max: float = HOURS_MAX,
) -> Callable[[Handler], Handler]:
    """Register a function as the handler of all jobs of a name.

    It may be run again after a crash, so it is idempotent, and it holds no transaction for longer than
    a few seconds.

    Parameters
    ----------
    name
        Dotted, the part first: `imports.publish`.
    title
        What people read; the name unless given.
    attempts
        How often it is begun before it counts as failed.
    hours_max
        After that it counts as stuck and its lease is no longer extended.
    """

    def register(handler: Handler) -> Handler:
        known = _works.get(name)
        if known and known.handler.__qualname__ != handler.__qualname__:
            raise ValueError(f"The work “{name}” is registered twice.")
        _works[name] = Work(name, title or name, handler, attempts, hours_max)
        return handler

    return register


def every(
    name: str,
    *,
    at: str | None = None,
    minutes: int | None = None,
    zone: str = "UTC",
    per_shop: bool = False,
) -> None:
    """Have work done every day at a local time or every so many minutes.

    Parameters
    ----------
    name
        Of the work; one rule each.
    at
        Local time, such as `03:15`.
    minutes
        Instead of a time.
    zone
        Whose local time; for a rule per shop it is the shop's own.
    per_shop
        A job for each shop that is open instead of one without a shop.
    """
    _rules[name] = Rule(name, rules.schedule(at=at, minutes=minutes), zone, per_shop)


def find(name: str) -> Work | None:
    """Return the work of a name, None if nobody registered it."""
    return _works.get(name)


def require(name: str) -> Work:
    """Return the work of a name."""
    try:
        return _works[name]
    except KeyError:
        raise LookupError(f"Nobody registered the work “{name}”.") from None


def names() -> list[str]:
    """Return the names of all work."""
    return list(_works)


def recurring() -> list[Rule]:
    """Return the rules of all work that recurs."""
    return list(_rules.values())
