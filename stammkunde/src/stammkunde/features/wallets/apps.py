"""The app of this folder."""

from __future__ import annotations

from django.apps import AppConfig


class WalletsConfig(AppConfig):
    """Names the app."""

    name = "stammkunde.features.wallets"
    label = "wallets"
