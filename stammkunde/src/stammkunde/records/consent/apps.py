"""The app of this folder."""

from __future__ import annotations

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """Names the app."""

    name = "stammkunde.records.consent"
    label = "consent"
