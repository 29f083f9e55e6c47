"""Tokens that are shown once and kept as their hash only."""

from __future__ import annotations

import hashlib
import hmac
import secrets

BYTES = 32


def new(prefix: str) -> str:
    """Return a token of 256 random bits that says what it is for, such as `skt_…`."""
    return f"{prefix}_{secrets.token_urlsafe(BYTES)}"


def digest(token: str) -> str:
    """Return what is kept of a token.

    A plain hash is enough: a token has 256 random bits, so nobody can try them out.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def matches(token: str, kept: str) -> bool:
    """Return whether a token is the one whose digest was kept, in constant time."""
    return hmac.compare_digest(digest(token), kept)
