"""The app of this folder."""

from __future__ import annotations

from django.apps import AppConfig


class OutputsConfig(AppConfig):
    """Names the app."""

    name = "stammkunde.insights.outputs"
    label = "outputs"
