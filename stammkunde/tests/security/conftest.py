"""Browsers of the cast, as the pages have them."""

from __future__ import annotations

from dashboard.conftest import as_, no_limits_left, quick_passwords

__all__ = ["as_", "no_limits_left", "quick_passwords"]
