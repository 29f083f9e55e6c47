"""The app of this folder."""

from __future__ import annotations

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Names the app."""

    name = "stammkunde.records.orders"
    label = "orders"
