"""Lets each test register work of its own."""

from __future__ import annotations

import pytest

from stammkunde.core.jobs import registry


@pytest.fixture(autouse=True)
def fresh_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget afterwards what a test registered."""
    monkeypatch.setattr(registry, "_works", dict(registry._works))
    monkeypatch.setattr(registry, "_rules", {})
