"""The app of this folder."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Names the app."""

    name = "stammkunde.ledger"
    label = "ledger"
