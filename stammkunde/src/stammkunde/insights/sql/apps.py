"""The app of this folder."""

from __future__ import annotations

from django.apps import AppConfig


class SqlConfig(AppConfig):
    """Names the app."""

    name = "stammkunde.insights.sql"
    label = "sql"
