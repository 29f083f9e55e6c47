"""Writes the audit log, in the transaction of what it tells of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.db import transaction

from stammkunde.core.audit.models import Event


@dataclass(frozen=True)
class Actor:
    """Who does something: a person, a program with a token, a command at the terminal, or a job."""

    kind: Literal["person", "token", "command", "job"]
    id: int | None = None


COMMAND = Actor("command")
JOB = Actor("job")


def note(
    name: str,
    *,
    actor: Actor,
    shop_id: int | None = None,
    about: tuple[str, object] | None = None,
    **data: Any,
) -> Event:
    """Note an event.

    Parameters
    ----------
    name
        Dotted, the part first, the verb in the past: `shop.founded`, `customers.exported`.
    actor
        Who did it.
    shop_id
        Where; None for the installation as a whole.
    about
        Kind and id of the one thing it concerns.
    **data
        What changed. No names, addresses or secrets: the log outlives an erasure.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An event is noted in the transaction of what it tells of.")
    kind, key = about or ("", "")
    return Event.objects.create(
        name=name,
        actor_kind=actor.kind,
        actor_id=actor.id,
        shop_id=shop_id,
        object_kind=kind,
        object_id=str(key),
        data=data,
    )


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return what differs between two states, each as a pair of old and new.

    >>> changes({"zone": "UTC", "name": "A"}, {"zone": "Europe/Berlin", "name": "A"})
    {'zone': ['UTC', 'Europe/Berlin']}
    """
    return {
        key: [before.get(key), value] for key, value in after.items() if before.get(key) != value
    }
