"""The app of this folder."""

from __future__ import annotations

from django.apps import AppConfig


class AnnotationsConfig(AppConfig):
    """Names the app."""

    name = "stammkunde.insights.annotations"
    label = "annotations"
