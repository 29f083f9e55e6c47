"""Browsers of the cast, as the pages have them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dashboard.conftest import as_, no_limits_left, quick_passwords

__all__ = ["as_", "no_limits_left", "quick_passwords"]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    """Keep files away from everybody's."""
    settings.DATA = tmp_path / "data"
