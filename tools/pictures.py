"""Take the pictures of README and documentation from the demo: `python -m tools.pictures`.

The report comes from `kohorte demo --out build/demo`, the pages from the product's demo, which is filled
and opened for it. Pages are photographed in a shop with its usual look, light, as a desktop shows them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from stammkunde.faces.cli.demo import EMAIL, PASSWORD
from tools.postgres import free_port

ROOT = Path(__file__).parents[1]
DEMO, SHOP = ROOT / "build" / "demo", ROOT / "build" / "shop"
DOCS = ROOT / "docs"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
LANGUAGES = ("en", "de")
READY_SECONDS = 300
WIDTH = 1120
# Name of the picture, address within the shop, height.
PAGES = (
    ("overview", "", 860),
    ("metric", "metrics/average_order_value/", 900),
    ("cohorts", "cohorts/", 960),
    ("rfm", "rfm/", 700),
    ("pauses", "pauses/?by=country", 1020),
    ("products", "products/", 700),
    ("predictions", "predictions/", 860),
    ("predictions-map", "predictions/map/", 760),
    ("trial-plan", "trials/plan/", 900),
    ("customers", "customers/?where=orders+%3E%3D+10&sort=-revenue", 720),
    ("customer", "customers/{first}/", 760),
    ("privacy", "customers/{first}/privacy/", 780),
    ("import", "data/1/", 820),
    ("monthly", "reports/2011-11/", 820),
    ("roll-forward", "ledger/roll-forward/", 760),
    ("liability", "ledger/liability/", 1080),
    ("team", "team/", 420),
    ("jobs", "jobs/", 440),
)


def main() -> None:
    """Photograph the report and the product in both languages."""
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if program is None:
        sys.exit("It takes Chromium to take pictures.")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for language in LANGUAGES:
            (DOCS / language / "pictures").mkdir(exist_ok=True)
            report(browser, language)
        with opened() as address:
            for language in LANGUAGES:
                product(browser, address, language)
        browser.close()


def report(browser: Browser, language: str) -> None:
    """Photograph the top of the report, as a desktop and as a phone show it."""
    page = DEMO / language / "report.html"
    if not page.exists():
        print(f"{page.relative_to(ROOT)} is not there; `kohorte demo --out build/demo` writes it.")
        return
    for name, width, height in (("report", 1280, 900), ("report-phone", 390, 844)):
        tab = browser.new_page(
            viewport={"width": width, "height": height}, color_scheme="light", locale=language
        )
        tab.goto(page.as_uri())
        tab.wait_for_timeout(500)
        keep(tab, language, name)
        tab.close()


@contextmanager
def opened() -> Iterator[str]:
    """Open the product's demo, filled where it is not; give its address."""
    port = free_port()
    command = [sys.executable, "-m", "stammkunde.faces.cli", "demo"]
    process = subprocess.Popen([*command, "--folder", str(SHOP), "--port", str(port)], cwd=ROOT)
    try:
        address = f"http://localhost:{port}"
        until = time.monotonic() + READY_SECONDS
        while not answers(address):
            if process.poll() is not None or time.monotonic() > until:
                sys.exit("The demo did not open.")
            time.sleep(0.5)
        yield address
    finally:
        process.terminate()
        process.wait()


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health/", timeout=2) as answer:  # noqa: S310 - our own
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False


def product(browser: Browser, address: str, language: str) -> None:
    """Photograph pages of the demo's shop, signed in and in one language."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": 800}, color_scheme="light", locale=language
    )
    tab = context.new_page()
    tab.goto(f"{address}/account/sign-in/")
    tab.fill("[name=login]", EMAIL)
    tab.fill("[name=password]", PASSWORD)
    tab.press("[name=password]", "Enter")
    tab.wait_for_url(lambda url: "sign-in" not in url)
    shop = f"{address}/online-retail/"
    tab.goto(shop)
    tab.click("[popovertarget=account]")
    tab.click(f"#account button[name=language][value={language}]")
    tab.wait_for_selector(f"html[lang={language}]")
    tab.goto(shop)
    tab.wait_for_selector(".number-cards", timeout=READY_SECONDS * 1000)
    speak(tab, shop, language)
    tab.goto(f"{shop}customers/?sort=-revenue")
    found = tab.locator("a[href*='/online-retail/customers/']").evaluate_all(
        "(links) => links.map((link) => link.pathname.match(/customers\\/(\\d+)\\/$/)?.[1]).filter(Boolean)"
    )
    for name, path, height in PAGES:
        tab.set_viewport_size({"width": WIDTH, "height": height})
        tab.goto(f"{shop}{path.format(first=found[0])}")
        # What nobody asked for before is computed first.
        tab.wait_for_selector("#waiting", state="detached", timeout=READY_SECONDS * 1000)
        tab.wait_for_timeout(300)
        keep(tab, language, name)
    limits(tab, shop, language)
    context.close()


def speak(tab: Page, shop: str, language: str) -> None:
    """Let the shop itself speak a language, as its monthly report does."""
    tab.goto(f"{shop}settings/change/")
    tab.check(f"main [name=language][value={language}]")
    tab.click("main form button.is-main")
    tab.wait_for_url(f"{shop}settings/")


def limits(tab: Page, shop: str, language: str) -> None:
    """Photograph what limits on keeping would let go, without deciding on them."""
    tab.set_viewport_size({"width": WIDTH, "height": 860})
    tab.goto(f"{shop}retention/change/")
    tab.fill("[name=password]", PASSWORD)
    tab.press("[name=password]", "Enter")
    tab.fill("[name=files_days]", "30")
    tab.fill("[name=customers_days]", "5600")
    tab.click("main form button.is-main")
    tab.wait_for_selector("[name=tried]")
    keep(tab, language, "retention")


def keep(tab: Page, language: str, name: str) -> None:
    """Write what is seen of a page."""
    picture = DOCS / language / "pictures" / f"{name}.png"
    tab.screenshot(path=picture)
    print(picture.relative_to(ROOT), picture.stat().st_size // 1000, "kB")


if __name__ == "__main__":
    main()
