"""Take the pictures of README and documentation from the demo: `python -m tools.pictures`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "build" / "demo"
DOCS = ROOT / "docs"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
LANGUAGES = ("en", "de")


def main() -> None:
    """Photograph the top of the report in both languages, as a desktop and as a phone show it."""
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if program is None:
        sys.exit("It takes Chromium to take pictures.")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for language in LANGUAGES:
            page = DEMO / language / "report.html"
            folder = DOCS / language / "pictures"
            folder.mkdir(exist_ok=True)
            take(browser, page, folder / "report.png", width=1280, height=900)
            take(browser, page, folder / "report-phone.png", width=390, height=844)
        browser.close()


def take(browser: Browser, page: Path, picture: Path, *, width: int, height: int) -> None:
    """Photograph what is seen first of a page."""
    tab = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
    tab.goto(page.as_uri())
    tab.wait_for_timeout(500)
    tab.screenshot(path=picture)
    tab.close()
    print(picture.relative_to(ROOT))


if __name__ == "__main__":
    main()
