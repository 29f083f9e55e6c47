"""Products, channels, voices and service in Chromium, in a shop that knows a little of everything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from browser.conftest import Place, Visit
from browser.test_numbers import LOOKS, SHOP, work
from dashboard.test_numbers_of_goods import filled

PAGES = (
    "products/", "channels/", "voices/", "service/", "pauses/?by=channel",
    "cohorts/?measure=margin",
)  # fmt: skip


@pytest.fixture(autouse=True)
def goods(settings: Any, tmp_path: Path, place: Place) -> None:
    settings.DATA = tmp_path / "data"
    filled(place.cast.cheese)
    work()


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_they_can_be_read_by_everybody(visit: Visit, place: Place, look: Any) -> None:
    language, width, scheme = look
    visitor = visit(place.cast.olga, language=language, width=width, scheme=scheme)
    for page in PAGES:
        visitor.go(f"{SHOP}/{page}")
    work()
    found: dict[str, list[str]] = {}
    for page in PAGES:
        visitor.go(f"{SHOP}/{page}")
        found[page] = visitor.faults()
        visitor.said.clear()

    assert {page: faults for page, faults in found.items() if faults} == {}
