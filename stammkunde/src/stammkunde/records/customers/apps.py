"""The app of this folder."""

from __future__ import annotations

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Names the app."""

    name = "stammkunde.records.customers"
    label = "customers"
