"""The app of this folder."""

from __future__ import annotations

from django.apps import AppConfig


class MonthlyConfig(AppConfig):
    """Names the app."""

    name = "stammkunde.insights.monthly"
    label = "monthly"
