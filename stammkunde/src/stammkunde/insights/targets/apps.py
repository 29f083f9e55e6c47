"""The app of this folder."""

from __future__ import annotations

from django.apps import AppConfig


class TargetsConfig(AppConfig):
    """Names the app."""

    name = "stammkunde.insights.targets"
    label = "targets"
