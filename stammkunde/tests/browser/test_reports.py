"""Targets, annotations, the monthly report and exports in Chromium: for everybody, on paper, and used."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from browser.conftest import Language, Place, Scheme, Visit
from browser.test_numbers import LOOKS, SHOP, work
from dashboard.test_numbers import YEAR
from importing import imported
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.jobs.worker import Worker
from stammkunde.insights.annotations import services as happened
from stammkunde.insights.annotations.models import Annotation
from stammkunde.insights.monthly import queries, services
from stammkunde.insights.outputs import services as outputs
from stammkunde.insights.targets import services as targets
from stammkunde.insights.targets.models import Target

PAGES = (
    "", "metrics/revenue/", "targets/", "targets/new/", "annotations/", "annotations/new/",
    "reports/", "reports/plan/", "reports/2025-11/", "exports/", "exports/new/", "exports/1/",
)  # fmt: skip


@pytest.fixture(autouse=True)
def year(settings: Any, tmp_path: Path, place: Place) -> None:
    settings.DATA = tmp_path / "data"
    imported(place.cast.cheese, YEAR)
    work()


def fill(place: Place) -> None:
    """Let there be a target, something that happened, a plan and an export with a file."""
    shop = place.cast.cheese
    targets.add(
        shop, metric="revenue", grain="month", value=80.0, since=dt.date(2025, 1, 1), actor=COMMAND
    )
    happened.add(shop, starts_on=dt.date(2025, 11, 11), text="Market", actor=COMMAND)
    services.decide(
        shop,
        day=3,
        people=[place.cast.olga.pk],
        is_paused=False,
        address=place.address,
        actor=COMMAND,
    )
    outputs.add(shop, name="Numbers", metrics=["revenue"], actor=COMMAND)


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("is_full", [True, False], ids=["full", "empty"])
def test_they_can_be_read_and_used_by_everybody(
    visit: Visit, place: Place, look: tuple[Language, int, Scheme], is_full: bool
) -> None:
    language, width, scheme = look
    if is_full:
        fill(place)
    visitor = visit(place.cast.olga, language=language, width=width, scheme=scheme)
    found: dict[str, list[str]] = {}
    for page in PAGES if is_full else PAGES[2:-1]:
        visitor.go(f"{SHOP}/{page}")
        found[page] = visitor.faults()
        visitor.said.clear()

    assert {page: faults for page, faults in found.items() if faults} == {}


@pytest.mark.parametrize("width", [390, 1440])
def test_the_mail_can_be_read_and_used_by_everybody(visit: Visit, place: Place, width: int) -> None:
    fill(place)
    visitor = visit(place.cast.olga, width=width)
    page = visitor.go(f"{SHOP}/reports/2025-11/mail/")

    assert page.locator("h1").inner_text() == "November 2025"
    # Styles that the policy did not know would be dropped, and the button be a bare link.
    button = page.locator("a").first
    assert button.evaluate("(one) => getComputedStyle(one).fontWeight") == "600"
    assert visitor.said == []
    wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= window


def test_on_paper_only_the_report_is_left(visit: Visit, place: Place) -> None:
    fill(place)
    visitor = visit(place.cast.olga, scheme="dark")
    page = visitor.go(f"{SHOP}/reports/2025-11/")
    page.emulate_media(media="print")

    assert page.locator(".edition").is_visible()
    for part in (".side", ".edition-bar", ".crumbs"):
        assert not page.locator(part).first.is_visible()
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_a_target_and_an_annotation_are_set_from_a_metric_without_script(
    visit: Visit, place: Place
) -> None:
    visitor = visit(place.cast.olga, language="de", script=False)
    page = visitor.go(f"{SHOP}/metrics/average_order_value/")
    page.click("a[href*='/targets/new/']")
    page.fill("[name=value]", "35,50")
    page.fill("[name=since]", "2025-01-01")
    page.click("main form .is-main")
    expect(page.locator("main")).to_contain_text("Das Ziel wurde gesetzt.")
    assert Target.objects.get().value == 35.5

    visitor.go(f"{SHOP}/metrics/average_order_value/")
    page.click("a[href*='/annotations/new/']")
    page.fill("[name=text]", "Relaunch")
    page.fill("[name=starts_on]", "2025-03-03")
    page.click("main form .is-main")
    expect(page.locator("ul.noted")).to_contain_text("Relaunch")
    expect(page.locator("svg .marker-name")).to_have_text("1")
    expect(page.locator("svg .goal-name")).to_have_text("Ziel 35,50 €")
    assert Annotation.objects.get().metric == ""


def test_a_link_ends_the_mails_after_one_click(visit: Visit, place: Place) -> None:
    fill(place)
    visitor = visit(language="de", width=390)
    page = visitor.go(f"/unsubscribe/{queries.token(place.cast.cheese, place.cast.olga)}/")
    assert visitor.faults() == []
    assert queries.recipients(place.cast.cheese) == [place.cast.olga]
    page.click(".is-main")
    expect(page.locator(".lead")).to_contain_text("Sie erhalten diesen Bericht nicht mehr.")
    assert queries.recipients(place.cast.cheese) == []


def test_an_export_is_made_and_fetched(visit: Visit, place: Place) -> None:
    visitor = visit(place.cast.olga)
    page = visitor.go(f"{SHOP}/exports/new/")
    page.fill("[name=name]", "For the adviser")
    page.select_option("[name=metrics]", ["revenue", "orders"])
    page.click("main form .is-main")
    page.wait_for_load_state()
    Worker().drain()
    page.reload()
    with page.expect_download() as told:
        page.click("text=Download")
    assert Path(told.value.path()).read_text(encoding="utf-8-sig").startswith("metric,grain,period")
    assert visitor.faults() == []
