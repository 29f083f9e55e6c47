"""The app of this folder."""

from __future__ import annotations

from django.apps import AppConfig


class BooksConfig(AppConfig):
    """Names the app."""

    name = "stammkunde.ledger.books"
    label = "ledger_books"
