"""One Chromium for all tests, the product on a loopback port, and somebody who looks at its pages."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from stammkunde.core.people.models import Person
from stores_and_cast import Cast, Store, as_default, make_cast  # type: ignore[import-not-found]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = Path(__file__).parents[3] / "kohorte" / "tests" / "report" / "vendor" / "axe.min.js"
PASSWORD = "a sentence only Olga thinks of"  # noqa: S105 - of people who do not exist

# A page says itself that it was not found or refused; and whoever types already keeps the focus.
NO_FAULT = (
    "Failed to load resource: the server responded with a status of 4",
    "Autofocus processing was blocked",
)

Language = Literal["de", "en"]
Scheme = Literal["light", "dark"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives Chromium, and skip it by name where there is none."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright's loop runs in this thread, where Django would otherwise refuse every other test the store.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_message(self, *_: Any) -> None:
        pass


@dataclass
class Place:
    """The product as it is served for one test."""

    address: str
    cast: Cast


@pytest.fixture
def place(sqlite_store: Store, django_db_blocker: Any) -> Iterator[Place]:
    """Serve the product with the cast in a database of its own."""
    address = sqlite_store.copied()
    with django_db_blocker.unblock(), as_default(address):
        cast = make_cast()
        Person.objects.filter(pk=cast.olga.pk).update(name="Olga Öztürk")
        cast.olga.refresh_from_db()
        cast.olga.set_password(PASSWORD)
        cast.olga.save()
        server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
        server.daemon_threads = True
        server.set_app(get_wsgi_application())
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield Place(f"http://127.0.0.1:{server.server_port}", cast)
        server.shutdown()
        server.server_close()
        thread.join()
    Path(address.removeprefix("sqlite:///")).unlink()


@dataclass
class Visitor:
    """Somebody at a browser, and everything that the console said meanwhile."""

    place: Place
    context: BrowserContext
    page: Page
    said: list[str] = field(default_factory=list)

    def hear(self, text: str) -> None:
        """Keep what the console said, but for what is no fault."""
        if not text.startswith(NO_FAULT):
            self.said.append(text)

    def go(self, path: str) -> Page:
        """Open a page of the product."""
        self.page.goto(f"{self.place.address}{path}")
        return self.page

    def faults(self) -> list[str]:
        """Return what axe finds on the page, whether it scrolls sideways, and what the console said."""
        # A click waits for the next page to begin, not for its styles, and axe would judge it bare.
        self.page.wait_for_load_state()
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run().then((found) => found.violations)")
        faults = [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]
        wide, width = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        if wide > width:
            faults.append(f"{wide} px wide on {width} px")
        return [*faults, *self.said]


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, place: Place) -> Iterator[Visit]:
    """Return a function that lets somebody look at the product, signed in or not."""
    contexts: list[BrowserContext] = []

    def begin(
        person: Person | None = None,
        *,
        language: Language = "en",
        width: int = 1440,
        scheme: Scheme = "light",
        script: bool = True,
    ) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            locale=language,
            java_script_enabled=script,
        )
        contexts.append(context)
        if person:
            Person.objects.filter(pk=person.pk).update(language=language)
            client = Client()
            client.force_login(person)
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": place.address}
            context.add_cookies([cookie])  # type: ignore[list-item]
        visitor = Visitor(place, context, context.new_page())
        visitor.page.set_default_timeout(5000)
        visitor.page.on("console", lambda message: visitor.hear(message.text))
        visitor.page.on("pageerror", lambda error: visitor.said.append(str(error)))
        return visitor

    yield begin
    for context in contexts:
        context.close()
