"""What is said of a posting, how it is kept, and how it is said again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from stammkunde.ledger import refusals
from stammkunde.ledger.book import Posting
from stammkunde.ledger.commands import Balances, Posted

_ENCODER = json.JSONEncoder(separators=(",", ":"))


def said(posting: Posting) -> Posted:
    """Return what is said of a posting, as things stand."""
    return Posted(
        transaction_id=posting.id,
        kind=posting.kind,
        lots=tuple(posting.lots),
        hold_id=posting.hold_id,
        balances=posting.holder.now() if posting.holder else None,
        notes=tuple(posting.notes),
        proposal_id=posting.proposal_id,
    )


def packed(posted: Posted) -> str:
    """Return an answer as text, without what stands in columns."""
    balances = posted.balances
    kept = {
        "lots": posted.lots,
        "hold": posted.hold_id,
        "balances": balances
        and (balances.pending, balances.available, balances.held, balances.debt),
        "notes": posted.notes,
        "proposal": posted.proposal_id,
    }
    return _ENCODER.encode({name: value for name, value in kept.items() if value})


def again(kept: Sequence[Any], body_hash: str) -> Posted:
    """Return what was said of a key; another command under it is refused."""
    id_, kind, known_hash, text = kept
    if known_hash != body_hash:
        raise refusals.KeyReused
    return replace(unpacked(id_, kind, text), replayed=True)


def unpacked(id_: int, kind: str, text: str) -> Posted:
    """Return an answer as it was said."""
    kept = json.loads(text)
    return Posted(
        transaction_id=id_,
        kind=kind,
        lots=tuple((lot, amount) for lot, amount in kept.get("lots", ())),
        hold_id=kept.get("hold"),
        balances=Balances(*kept["balances"]) if "balances" in kept else None,
        notes=tuple(kept.get("notes", ())),
        proposal_id=kept.get("proposal"),
    )
