"""The points of Käsehaus."""

from __future__ import annotations

import pytest
from booking import Points  # type: ignore[import-not-found]

from stores_and_cast import Cast


@pytest.fixture
def points(cast: Cast) -> Points:
    return Points(cast.cheese.pk)
