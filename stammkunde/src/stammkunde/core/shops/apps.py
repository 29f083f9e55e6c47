"""The app of this folder."""

from __future__ import annotations

from django.apps import AppConfig


class ShopsConfig(AppConfig):
    """Names the app."""

    name = "stammkunde.core.shops"
    label = "shops"
