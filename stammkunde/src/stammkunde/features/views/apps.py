"""The app of this folder."""

from __future__ import annotations

from django.apps import AppConfig


class ViewsConfig(AppConfig):
    """Names the app."""

    name = "stammkunde.features.views"
    label = "views"
