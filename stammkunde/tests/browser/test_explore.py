"""Looking for oneself in Chromium: numbers put together, saved, and asked for in SQL."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from browser.conftest import Language, Place, Scheme, Visit
from dashboard.test_numbers import YEAR
from importing import imported  # type: ignore[import-not-found]
from stammkunde.core.jobs import registry
from stammkunde.core.jobs.models import OPEN, Job
from stammkunde.core.jobs.running import Running

SHOP = "/kaesehaus"
PAGES = (
    "explore/", "explore/?metric=orders&metric=net_promoter_score&by=first_product&grain=quarter",
    "explore/?metric=average_order_value&by=cohort&grain=year&sort=-value", "explore/views/",
    "explore/sql/?example=1",
)  # fmt: skip
LOOKS: tuple[tuple[Language, int, Scheme], ...] = (("de", 390, "dark"), ("en", 1440, "light"))


@pytest.fixture(autouse=True)
def year(settings: Any, tmp_path: Path, place: Place) -> None:
    settings.DATA = tmp_path / "data"
    imported(place.cast.cheese, YEAR)
    work()


def work() -> None:
    """Do all jobs that wait, as the worker would."""
    names = ("insights.refresh", "insights.answer", "sql.ask")
    while job := Job.objects.filter(state__in=OPEN, name__in=names).first():
        registry.require(job.name).handler(Running(job, stopping=threading.Event()))
        job.state = "done"
        job.save()


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_pages_can_be_read_and_used_by_everybody(
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
    visitor.page.click("details.sql-table summary >> nth=0")
    visitor.page.click(".sql-form button[type=submit]")
    visitor.page.wait_for_selector("#answer progress")
    work()
    visitor.page.wait_for_selector(".sql-rows")
    found["answer"] = visitor.faults()

    assert {page: faults for page, faults in found.items() if faults} == {}


def test_metrics_are_added_by_the_keyboard_saved_and_found_again(
    visit: Visit, place: Place
) -> None:
    visitor = visit(place.cast.olga)
    page = visitor.go(f"{SHOP}/explore/")
    page.focus("#metric")
    page.select_option("#metric", "orders")
    page.wait_for_selector("#explored-orders")
    page.wait_for_url("**metric=orders**")
    page.click(".explore-chips a >> nth=0")
    page.wait_for_function("!document.querySelector('#explored-revenue')")
    page.click(".save-view summary")
    page.fill("#view-name", "Orders of the year")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=has been saved")
    page.goto(f"{place.address}{SHOP}/explore/")
    page.click("nav.explore-views a")
    page.wait_for_selector("#explored-orders")

    assert page.locator("#explored-revenue").count() == 0
    assert visitor.faults() == []


def test_a_query_that_runs_is_cancelled(visit: Visit, place: Place) -> None:
    visitor = visit(place.cast.olga)
    page = visitor.go(f"{SHOP}/explore/sql/")
    page.fill("#id_text", "SELECT 1")
    page.click(".sql-form button[type=submit]")
    page.click("text=Cancel the query")
    page.wait_for_selector("text=Nothing of the result was kept.")

    assert visitor.faults() == []
