"""What answers requests is ready before the first one comes."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator

import pytest

from stammkunde.core.upkeep import serving


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Let Python look for garbage everywhere again."""
    yield
    gc.unfreeze()


def test_the_code_of_all_pages_is_loaded_and_set_aside_from_the_search_for_garbage() -> None:
    serving.application()

    pages = sys.modules["stammkunde.faces.dashboard.insights.metric"]
    assert gc.get_freeze_count() > 0
    # What is still looked through is what came since, which is next to nothing.
    assert not any(each is vars(pages) for each in gc.get_objects())
