"""Units, accounts and bookings for programs."""

from __future__ import annotations

# Declared where they are imported, in the order in which they are documented.
from stammkunde.faces.api.ledger import booking, reading, reckoning, units
from stammkunde.faces.api.ledger.routing import router

ROUTERS = (router,)
__all__ = ["ROUTERS", "booking", "reading", "reckoning", "units"]
