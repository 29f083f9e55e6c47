"""The app of this folder."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Names the app."""

    name = "stammkunde.core.audit"
    label = "audit"
