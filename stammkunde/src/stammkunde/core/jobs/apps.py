"""The app of this folder; it learns from the settings which modules hold background work."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings


class JobsConfig(AppConfig):
    """Names the app."""

    name = "stammkunde.core.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Let every module register its work, once all tables are known."""
        for module in settings.JOB_MODULES:
            import_module(module)
