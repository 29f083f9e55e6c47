"""From signing in to an own shop, a file and back again, with the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import PASSWORD, Language, Place, Visit
from importing import FILE  # type: ignore[import-not-found]
from stammkunde.core.people.models import Person
from stammkunde.core.shops.models import Shop
from stammkunde.faces.cli.imports import working
from stammkunde.records.orders.models import Order

TABS_MAX = 60
IS_FOCUSED = "(element) => element === document.activeElement"
IS_SEEN = """() => {
    const shown = getComputedStyle(document.activeElement, null);
    const marked = document.activeElement.labels?.[0];
    const box = document.activeElement.getBoundingClientRect();
    return [
        shown.outlineStyle !== "none" || shown.boxShadow !== "none"
          || (marked && getComputedStyle(marked).outlineStyle !== "none"),
        box.bottom > 0 && box.top < innerHeight,
    ];
}"""
WORDS = {
    "de": ("Shop anlegen", "Senden und auswerten", "Mit Steuern (brutto)", "Mit Versand",
           "Antworten und neu lesen", "4 Zeilen übernehmen", "Übernommen", "Rückgängig machen …",
           "Import rückgängig machen", "Rückgängig gemacht"),
    "en": ("Create the shop", "Send and read", "With taxes (gross)", "With postage",
           "Answer and read again", "Publish 4 rows", "Published", "Undo …", "Undo the import",
           "Undone"),
}  # fmt: skip


@pytest.fixture
def worker(place: Place, settings: Any, tmp_path: Path) -> Iterator[None]:
    """Have background work done, as `serve` does."""
    settings.DATA = tmp_path / "data"
    (tmp_path / "orders.csv").write_bytes(FILE.encode("cp1252"))
    with working():
        yield


def tab_to(page: Page, wanted: Locator) -> None:
    """Go on with Tab until something has the focus, which must be seen and lie in view."""
    expect(wanted).to_be_visible(timeout=20_000)
    for _ in range(TABS_MAX):
        if wanted.evaluate(IS_FOCUSED):
            # A link of a skipped menu comes in with a short movement.
            page.wait_for_timeout(50)
            assert page.evaluate(IS_SEEN) == [True, True], wanted
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached with {TABS_MAX} steps.")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    tab_to(page, wanted)
    page.keyboard.press(key)


@pytest.mark.parametrize(("language", "width"), [("de", 390), ("en", 1440)])
def test_an_own_shop_a_file_and_its_undoing(
    visit: Visit, place: Place, worker: None, tmp_path: Path, language: Language, width: int
) -> None:
    found, send, gross, postage, reply, publish, published, undo, really, undone = WORDS[language]
    Person.objects.filter(pk=place.cast.olga.pk).update(is_operator=True, language=language)
    visitor = visit(language=language, width=width)
    page = visitor.go("/account/sign-in/?next=/new/")

    tab_to(page, page.locator("#id_login"))
    page.keyboard.type("olga@example.com")
    tab_to(page, page.locator("#id_password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    tab_to(page, page.locator("#id_name"))
    page.keyboard.type("Wurstwaren")
    press(page, page.get_by_role("button", name=found))
    page.wait_for_url("**/wurstwaren/**")

    press(page, page.locator("main a[href='/wurstwaren/data/']").first)
    press(page, page.locator("main a[href='/wurstwaren/data/new/']").first)
    with page.expect_file_chooser() as chooser:
        press(page, page.locator("#id_uploads"))
    chooser.value.set_files(tmp_path / "orders.csv")
    press(page, page.get_by_role("button", name=send))

    press(page, page.get_by_label(gross, exact=True), "Space")
    press(page, page.get_by_label(postage, exact=True), "Space")
    press(page, page.get_by_role("button", name=reply))
    press(page, page.get_by_role("button", name=publish))
    expect(page.locator("#stands")).to_contain_text(published, timeout=20_000)
    shop = Shop.objects.get(slug="wurstwaren")
    assert Order.objects.filter(shop=shop).count() == 4

    press(page, page.get_by_role("link", name=undo))
    press(page, page.get_by_role("button", name=really))
    expect(page.locator("#stands")).to_contain_text(undone, timeout=20_000)
    assert not Order.objects.filter(shop=shop).exists()
    assert visitor.faults() == []
