"""Addresses of the dashboard."""

from __future__ import annotations

from django.urls import path

from stammkunde.faces.dashboard import home

urlpatterns = [
    path("", home.home, name="home"),
]
