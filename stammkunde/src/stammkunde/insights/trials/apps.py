"""The app of this folder."""

from __future__ import annotations

from django.apps import AppConfig


class TrialsConfig(AppConfig):
    """Names the app."""

    name = "stammkunde.insights.trials"
    label = "trials"
