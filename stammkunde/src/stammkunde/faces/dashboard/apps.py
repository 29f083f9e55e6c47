"""The app of this folder."""

from __future__ import annotations

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """Names the app."""

    name = "stammkunde.faces.dashboard"
    label = "dashboard"
