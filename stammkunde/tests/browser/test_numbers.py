"""The pages of numbers in Chromium, with a year of orders: for everybody, and as somebody uses them."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from browser.conftest import Language, Place, Scheme, Visit
from dashboard.test_numbers import YEAR
from importing import imported  # type: ignore[import-not-found]
from stammkunde.core.jobs import registry
from stammkunde.core.jobs.models import OPEN, Job
from stammkunde.core.jobs.running import Running

SHOP = "/kaesehaus"
PAGES = (
    "", "metrics/", "metrics/revenue/", "metrics/customer_retention_rate/?grain=all",
    "metrics/revenue/customers/?grain=month&period=2025-03", "cohorts/?measure=revenue",
    "cohorts/2025-03/?at=2", "rfm/", "rfm/champions/", "pauses/", "pauses/?by=first_product",
    "groups/?by=first_product", "products/", "channels/", "voices/", "service/", "due/",
)  # fmt: skip
LOOKS: tuple[tuple[Language, int, Scheme], ...] = (("de", 390, "dark"), ("en", 1440, "light"))


@pytest.fixture(autouse=True)
def year(settings: Any, tmp_path: Path, place: Place) -> None:
    settings.DATA = tmp_path / "data"
    imported(place.cast.cheese, YEAR)
    work()


def work() -> None:
    """Do all jobs that wait, as the worker would."""
    while job := Job.objects.filter(state__in=OPEN, name__startswith="insights.").first():
        registry.require(job.name).handler(Running(job, stopping=threading.Event()))
        job.state = "done"
        job.save()


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_they_can_be_read_and_used_by_everybody(
    visit: Visit, place: Place, look: tuple[Language, int, Scheme]
) -> None:
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


def test_another_period_is_shown_as_one_chooses(visit: Visit, place: Place) -> None:
    visitor = visit(place.cast.olga)
    page = visitor.go(f"{SHOP}/")
    page.select_option("[name=period]", "2025-03")
    page.wait_for_url("**period=2025-03**")
    page.wait_for_function(
        "document.querySelector('#card-new_customers').innerText.includes('March 2025')"
    )
    page.click("#card-new_customers a")
    page.wait_for_url("**/metrics/new_customers/?**period=2025-03**")

    assert page.locator("p.value").inner_text() == "1"
    assert visitor.faults() == []


def test_what_is_computed_appears_by_itself(visit: Visit, place: Place) -> None:
    visitor = visit(place.cast.olga)
    page = visitor.go(f"{SHOP}/cohorts/2025-03/")
    assert page.locator("#waiting").is_visible()
    work()
    page.wait_for_selector("text=Person 3")

    assert visitor.faults() == []


@pytest.mark.parametrize(
    ("page", "place_of_it"),
    [
        ("metrics/orders/", "figure.chart"),
        ("cohorts/", "figure.pictured"),
        ("rfm/", "section.card"),
    ],
)
def test_pictures_are_saved_as_svg_png_and_csv(
    visit: Visit, place: Place, page: str, place_of_it: str, tmp_path: Path
) -> None:
    visitor = visit(place.cast.olga, scheme="dark")
    visitor.go(f"{SHOP}/{page}")
    found: dict[str, bytes] = {}
    for kind in ("svg", "png", "csv"):
        button = visitor.page.locator(f"{place_of_it} [data-download={kind}]").first
        with visitor.page.expect_download() as begun:
            button.click()
        file = tmp_path / begun.value.suggested_filename
        begun.value.save_as(file)
        assert file.name.startswith("kaesehaus-")
        found[kind] = file.read_bytes()

    drawn = ElementTree.fromstring(found["svg"])  # noqa: S314 - our own drawing
    assert drawn[0].attrib["fill"] in ("#ffffff", "#fff")
    assert "var(" not in found["svg"].decode()
    assert found["png"].startswith(b"\x89PNG")
    lines = found["csv"].decode().splitlines()
    assert len(lines) > 3
    assert len({line.count(",") for line in lines}) == 1
    assert visitor.faults() == []
