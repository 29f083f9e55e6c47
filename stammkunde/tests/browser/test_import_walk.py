"""The whole way of a file in a browser: sent, asked about, tried, published, undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from browser.conftest import Language, Place, Visit, Visitor
from importing import FILE  # type: ignore[import-not-found]
from stammkunde.faces.cli.imports import working
from stammkunde.records.orders.models import Order

WORDS = {
    "de": ("Senden und auswerten", "2 Fragen", "Mit Steuern (brutto)", "Mit Versand",
           "Antworten und neu lesen", "4 Zeilen übernehmen", "Übernommen",
           "Rückgängig machen …", "Import rückgängig machen", "Rückgängig gemacht"),
    "en": ("Send and read", "2 questions", "With taxes (gross)", "With postage",
           "Answer and read again", "Publish 4 rows", "Published", "Undo …", "Undo the import",
           "Undone"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path / "data"
    (tmp_path / "orders.csv").write_bytes(FILE.encode("cp1252"))
    return tmp_path


@pytest.fixture
def worker(place: Place) -> Iterator[None]:
    """Have background work done, as `serve` does."""
    with working():
        yield


def heading(visitor: Visitor, text: str) -> None:
    """Wait for the step whose heading begins so, and let nothing be wrong with the page."""
    expect(visitor.page.locator("#stands")).to_contain_text(text, timeout=20_000)
    assert visitor.faults() == []


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("de", 390, "dark"), ("en", 1440, "light")]
)
def test_a_file_goes_all_the_way_and_back(
    visit: Visit,
    place: Place,
    worker: None,
    data: Path,
    language: Language,
    width: int,
    scheme: Any,
) -> None:
    send, asking, gross, postage, reply, publish, published, undo, really, undone = WORDS[language]
    visitor = visit(place.cast.anton, language=language, width=width, scheme=scheme)
    page = visitor.go("/kaesehaus/data/")
    assert visitor.faults() == []
    page.locator("main .button.is-main").click()
    page.set_input_files("#id_uploads", data / "orders.csv")
    expect(page.locator(".chosen")).to_contain_text("orders.csv")
    assert visitor.faults() == []
    page.get_by_role("button", name=send).click()

    heading(visitor, asking)
    page.get_by_label(gross, exact=True).check()
    page.get_by_label(postage, exact=True).check()
    page.get_by_role("button", name=reply).click()
    expect(page.get_by_role("button", name=publish)).to_be_visible(timeout=20_000)
    assert visitor.faults() == []

    page.get_by_role("button", name=publish).click()
    heading(visitor, published)
    assert Order.objects.count() == 4

    page.get_by_role("link", name=undo).click()
    assert visitor.faults() == []
    page.get_by_role("button", name=really).click()
    heading(visitor, undone)
    assert Order.objects.count() == 0


def test_what_is_wrong_is_said_before_and_after_sending(
    visit: Visit, place: Place, data: Path, settings: Any
) -> None:
    settings.UPLOAD_BYTES_MAX = 1000
    (data / "small.csv").write_bytes(b"x" * 900)
    (data / "empty.csv").write_bytes(b"")
    visitor = visit(place.cast.olga)
    page = visitor.go("/kaesehaus/data/new/")
    fault = page.get_by_role("alert")

    page.set_input_files("#id_uploads", [data / "small.csv", data / "orders.csv"])
    expect(fault).to_contain_text("larger than 1 kB. Nothing was kept.")
    page.set_input_files("#id_uploads", data / "empty.csv")
    expect(fault).to_be_hidden()
    page.get_by_role("button", name="Send and read").click()
    expect(page.get_by_role("alert").first).to_contain_text("The file is empty.")
    expect(page.locator(".chosen")).to_contain_text("empty.csv")
    # Chromium notes every refused request in its console.
    visitor.said.clear()
    assert visitor.faults() == []


def test_without_script_a_file_is_sent_as_any_form(
    visit: Visit, place: Place, worker: None, data: Path
) -> None:
    page = visit(place.cast.olga, script=False).go("/kaesehaus/data/new/")
    page.set_input_files("#id_uploads", data / "orders.csv")
    page.get_by_role("button", name="Send and read").click()
    # The page asks again by itself every five seconds; here somebody is impatient.
    for _ in range(20):
        if "questions before it goes on" in page.content():
            break
        page.wait_for_timeout(500)
        page.reload()
    assert "questions before it goes on" in page.content()
