"""The report, data retention and deleting an import in a browser; each works without script as well."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import PASSWORD, Language, Place, Scheme, Visit
from importing import FILE, imported, looked  # type: ignore[import-not-found]
from stammkunde.core import clock
from stammkunde.core.jobs.worker import Worker
from stammkunde.features.imports.models import Import
from stammkunde.records.customers.models import Customer, Retention

LOOKS = pytest.mark.parametrize(
    ("language", "width", "scheme"), [("de", 390, "dark"), ("en", 1440, "light")]
)


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


def confirm(page: Page) -> None:
    page.fill("[name=password]", PASSWORD)
    page.click("main .is-main")


@LOOKS
def test_the_report_is_made_and_opened_where_it_draws_and_is_silent(
    visit: Visit, place: Place, language: Language, width: int, scheme: Scheme
) -> None:
    imported(place.cast.cheese, FILE)
    visitor = visit(place.cast.sven, language=language, width=width, scheme=scheme)
    page = visitor.go("/kaesehaus/")
    assert visitor.faults() == []
    page.click("#report button")
    page.wait_for_load_state()
    assert page.locator("#report progress").is_visible()
    assert visitor.faults() == []

    Worker().drain()

    link = page.locator("#report a[href$='/report/']")
    expect(link).to_be_visible(timeout=20_000)
    assert visitor.faults() == []
    link.click()
    expect(page.locator("h1")).to_have_text("Käsehaus")
    expect(page.locator("svg:visible").first).to_be_visible()
    assert page.evaluate("window.origin") == "null"
    assert visitor.said == []


@LOOKS
def test_limits_are_tried_and_decided_without_script(
    visit: Visit,
    place: Place,
    language: Language,
    width: int,
    scheme: Scheme,
) -> None:
    imported(place.cast.cheese, FILE)
    long_ago = clock.today("Europe/Berlin") - dt.timedelta(days=800)
    Customer.objects.filter(shop=place.cast.cheese).update(last_order_on=long_ago)
    visitor = visit(place.cast.olga, language=language, width=width, scheme=scheme, script=False)
    page = visitor.go("/kaesehaus/retention/change/")
    confirm(page)
    page.fill("[name=customers_days]", "730")
    page.click("main form .is-main")

    assert page.locator("#dry").is_visible()
    assert page.get_by_role("link", name="Anna Ahorn").is_visible()
    assert not Retention.objects.exists()
    page.click("[name=tried]")

    expect(page.locator("#tonight")).to_be_visible()
    assert Retention.objects.get().customers_days == 730


@LOOKS
def test_pages_about_limits_can_be_read_and_used_by_everybody(
    visit: Visit, place: Place, language: Language, width: int, scheme: Scheme
) -> None:
    imported(place.cast.cheese, FILE)
    visitor = visit(place.cast.olga, language=language, width=width, scheme=scheme)
    page = visitor.go("/kaesehaus/retention/change/")
    confirm(page)
    page.fill("[name=customers_days]", "90")
    page.fill("[name=files_days]", "0")
    page.click("main form .is-main")
    expect(page.locator("[role=alert]")).to_be_visible()
    page.wait_for_load_state()
    assert visitor.faults() == []
    page.fill("[name=files_days]", "1")
    page.click("main form .is-main")

    expect(page.locator("#dry")).to_be_visible()
    page.wait_for_load_state()
    assert visitor.faults() == []


@LOOKS
def test_an_import_that_nobody_wants_is_deleted(
    visit: Visit, place: Place, language: Language, width: int, scheme: Scheme
) -> None:
    import_ = looked(place.cast.cheese, FILE)
    visitor = visit(place.cast.anton, language=language, width=width, scheme=scheme)
    page = visitor.go(f"/kaesehaus/data/{import_.pk}/")
    assert visitor.faults() == []
    page.click("a[href$='/delete/']")
    page.wait_for_load_state()
    assert visitor.faults() == []
    page.click(".is-danger")

    expect(page.locator("h1")).to_have_text("Importe" if language == "de" else "Imports")
    page.wait_for_load_state()
    assert not Import.objects.exists()
    assert visitor.faults() == []
