"""Colors that can be read whatever the brand, and numbers, money and time as the reader writes them."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from stammkunde.faces.dashboard import colors
from stammkunde.faces.dashboard.templatetags import formats, pages
from stammkunde.faces.exports import safe
from tools import messages

CSS = (messages.PACKAGE / "faces" / "dashboard" / "static" / "dashboard.css").read_text()
LATE = dt.datetime(2026, 11, 20, 23, 30, tzinfo=dt.UTC)


@given(st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}"))
def test_every_brand_gives_colors_that_can_be_read(brand: str) -> None:
    for palette, grounds in (
        (colors.light(brand), tokens("light")),
        (colors.dark(brand), tokens("dark")),
    ):
        for ground in ("canvas", "surface"):
            assert colors.contrast(palette.accent, grounds[ground]) >= 4.5
        assert colors.contrast(palette.on_accent, palette.accent) >= 4.5
        assert colors.contrast(palette.on_accent, palette.hover) >= 4.5
        assert colors.contrast(grounds["ink"], palette.soft) >= 7
        # Signs on it; words on it are in ink.
        assert colors.contrast(palette.accent, palette.soft) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_our_own_tokens_can_be_read(scheme: str) -> None:
    found = tokens(scheme)
    for ground in ("canvas", "surface"):
        for words in ("ink", "muted", "accent", "danger", "warning"):
            assert colors.contrast(found[words], found[ground]) >= 4.5, (words, ground)
        assert colors.contrast(found["edge"], found[ground]) >= 3
    for on in ("accent", "danger"):
        assert colors.contrast(found[f"on-{on}"], found[on]) >= 4.5
    for ground in ("danger-soft", "warning-soft", "accent-soft"):
        assert colors.contrast(found["ink"], found[ground]) >= 7


def tokens(scheme: str) -> dict[str, str]:
    blocks = re.findall(r":root \{(.*?)\}", CSS, flags=re.DOTALL)
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", blocks[scheme == "dark"]))


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("de", ["1.234,5", "72,4\N{NO-BREAK SPACE}%", "1.234,56\N{NO-BREAK SPACE}€", "1.234 ¥"]),
        ("en", ["1,234.5", "72.4%", "€1,234.56", "JP¥1,234"]),
    ],
)
def test_numbers_are_written_as_the_reader_does(language: str, wanted: list[str]) -> None:
    with translation.override(language):
        found = [
            formats.number(1234.5, 1),
            formats.percent(0.724),
            formats.money(123456, "EUR"),
            formats.money(1234, "JPY").replace("\N{NO-BREAK SPACE}", " "),
        ]
    assert found == wanted


def test_an_instant_is_shown_in_the_zone_of_the_shop() -> None:
    with translation.override("de"), timezone.override(zoneinfo.ZoneInfo("Europe/Berlin")):
        assert formats.moment(LATE) == "21. Nov. 2026, 00:30"
        assert formats.machine(LATE) == "2026-11-21T00:30:00+01:00"
    with translation.override("en"), timezone.override(zoneinfo.ZoneInfo("America/New_York")):
        assert formats.moment(LATE) == "20 Nov 2026, 18:30"
    assert formats.day(None) == formats.money(None, "EUR") == "–"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "  =1"])
def test_what_a_spreadsheet_would_compute_is_text(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("before", ["\t", "\r", "\n"])
def test_so_is_what_begins_behind_a_sign_that_may_end_a_cell(before: str) -> None:
    assert safe(f"{before}=1") == f"'{before}'=1"


def test_every_icon_that_a_page_draws_exists() -> None:
    for file in messages.PACKAGE.rglob("*.html"):
        for name in re.findall(r"""{% icon ["'](\w+)["']""", file.read_text(encoding="utf-8")):
            assert name in pages.ICONS, (file.name, name)
