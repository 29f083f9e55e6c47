"""The app of this folder."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Names the app."""

    name = "stammkunde.faces.api"
    label = "api"
