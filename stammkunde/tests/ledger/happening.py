"""What happens in a shop beside the commands that programs send: time passes, somebody decides, a period is closed."""

from __future__ import annotations

from contextlib import suppress

from shop_events import UNITS, Event  # type: ignore[import-not-found]

from stammkunde.core import clock
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import Refused
from stammkunde.ledger import services
from stammkunde.ledger.commands import Posted


def happen(event: Event, shop_id: int, answers: dict[str, Posted]) -> None:
    """Let an event happen that is no command; who is one person with whom is no matter here."""
    if event.tick:
        limit = event.limit or 1000
        getattr(services, event.tick)(shop_id, effective_at=event.at, limit=limit)
    elif event.decision and event.of in answers:
        is_agreed, by = event.decision
        proposal = answers[event.of].proposal_id or 0
        with suppress(Refused):
            if is_agreed:
                services.approve(shop_id, proposal, by=by, effective_at=event.at)
            else:
                services.decline(shop_id, proposal, by=by)
    elif event.close:
        for unit in UNITS:
            with suppress(Refused):
                services.close(shop_id, unit, until=clock.now(), actor=COMMAND)
