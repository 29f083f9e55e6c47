"""The app of this folder."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Names the app."""

    name = "stammkunde.core.people"
    label = "people"
