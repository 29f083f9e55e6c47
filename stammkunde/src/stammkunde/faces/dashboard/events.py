"""The events of the log as sentences: what happened, who did it, what changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from stammkunde.core.audit.models import Event
from stammkunde.core.people.models import Person
from stammkunde.core.shops.models import Token
from stammkunde.faces.dashboard import event_details, words


@dataclass(frozen=True)
class Shown:
    """An event in words."""

    at: dt.datetime
    what: str
    who: str
    about: str
    changed: Sequence[tuple[str, str, str]]
    details: Sequence[tuple[str, str]]
    name: str


def shown(events: Iterable[Event]) -> list[Shown]:
    """Return events in words; whoever is named in them is looked up at once, not one by one."""
    found = list(events)
    names = _Names(found)
    return [_shown(event, names) for event in found]


class _Names:
    """The names of those who act and are acted on."""

    def __init__(self, events: list[Event]) -> None:
        people = {event.actor_id for event in events if event.actor_kind == "person"}
        people |= {_key(event) for event in events if event.object_kind == "person"}
        tokens = {event.actor_id for event in events if event.actor_kind == "token"}
        tokens |= {_key(event) for event in events if event.object_kind == "token"}
        self.people = {one.pk: str(one) for one in Person.objects.filter(pk__in=people - {None})}
        self.tokens = {one.pk: one.name for one in Token.objects.filter(pk__in=tokens - {None})}

    def of(self, kind: str, key: int | None) -> str:
        match kind:
            case "person":
                return self.people.get(key or 0, _("Deleted account"))
            case "token":
                return _("API key “%(name)s”") % {"name": self.tokens.get(key or 0, key)}
            case "command":
                return _("Command line")
            case "job":
                return _("Automatic")
            case "import":
                return _("Import %(number)s") % {"number": key}
            case "customer":
                return _("Customer %(number)s") % {"number": key}
            case "query":
                return _("Query %(number)s") % {"number": key}
            case "view":
                return _("View %(number)s") % {"number": key}
            case "order":
                return _("Order %(number)s") % {"number": key}
            case _:
                return ""


def _shown(event: Event, names: _Names) -> Shown:
    kept = dict(event.data)
    changed = kept.pop("changed", {})
    return Shown(
        at=event.at,
        what=words.event(event.name),
        who=names.of(event.actor_kind, event.actor_id),
        about=_about(event, names),
        changed=[
            (words.decision(key), words.value(key, old), words.value(key, new))
            for key, (old, new) in changed.items()
        ],
        details=event_details.told(kept),
        name=event.name,
    )


def _about(event: Event, names: _Names) -> str:
    is_self = (event.object_kind, event.object_id) == (event.actor_kind, str(event.actor_id))
    if is_self or event.object_kind == "job":
        return ""
    return names.of(event.object_kind, _key(event))


def _key(event: Event) -> int | None:
    return int(event.object_id) if event.object_id.isdecimal() else None
