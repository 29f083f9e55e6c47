"""The pages of predictions in Chromium: for everybody, and as somebody uses them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import foretelling  # type: ignore[import-not-found]
from browser.conftest import Language, Place, Scheme, Visit
from foretelling import fit, shop_of, told_of
from importing import imported  # type: ignore[import-not-found]
from stammkunde.insights import forecasts
from stammkunde.records.customers.models import Customer

SHOP = "/kaesehaus"
PAGES = (
    "predictions/", "predictions/value/", "predictions/map/?alive=4&value=0", "due/",
    "predictions/drivers/", "predictions/record/",
)  # fmt: skip
LOOKS: tuple[tuple[Language, int, Scheme], ...] = (("de", 390, "dark"), ("en", 1440, "light"))


@pytest.fixture(autouse=True)
def year(settings: Any, tmp_path: Path, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA = tmp_path / "data"
    foretelling.quickly(monkeypatch)
    imported(place.cast.cheese, shop_of(100))
    # The first page of a process loads its libraries; Chromium is not to wait for them.
    client = Client()
    client.force_login(place.cast.olga)
    client.get(f"{SHOP}/metrics/")


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_they_can_be_read_and_used_by_everybody(
    visit: Visit, place: Place, look: tuple[Language, int, Scheme]
) -> None:
    told_of(place.cast.cheese)
    language, width, scheme = look
    visitor = visit(place.cast.olga, language=language, width=width, scheme=scheme)
    customer = Customer.objects.filter(shop=place.cast.cheese).order_by("id")[0]
    found: dict[str, list[str]] = {}
    for page in (*PAGES, f"customers/{customer.pk}/"):
        visitor.go(f"{SHOP}/{page}")
        found[page] = visitor.faults()
        visitor.said.clear()

    assert {page: faults for page, faults in found.items() if faults} == {}


def test_a_cell_of_the_map_leads_to_its_customers_without_scripts(
    visit: Visit, place: Place
) -> None:
    told_of(place.cast.cheese)
    page = visit(place.cast.olga, script=False).go(f"{SHOP}/predictions/map/")
    cell = page.locator(".map td a").first
    count = cell.locator("strong").inner_text()
    cell.click()
    page.wait_for_selector("#people")
    assert page.locator(".found-head").inner_text().startswith(f"{count} row")
    page.locator("tbody a.row").first.click()
    page.wait_for_selector("#foretold")


def test_what_is_fitted_appears_by_itself(visit: Visit, place: Place) -> None:
    visitor = visit(place.cast.olga)
    page = visitor.go(f"{SHOP}/predictions/")
    assert page.locator("#waiting").is_visible()
    forecasts.start(place.cast.cheese, actor=foretelling.COMMAND)
    fit(place.cast.cheese)
    page.wait_for_selector("#model", timeout=20_000)

    assert visitor.faults() == []
