"""The router of the ledger: one for all, for an address belongs to one router."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["ledger"])
