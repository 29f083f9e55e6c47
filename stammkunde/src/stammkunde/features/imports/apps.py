"""The app of this folder."""

from __future__ import annotations

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Names the app."""

    name = "stammkunde.features.imports"
    label = "imports"
