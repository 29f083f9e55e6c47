"""The page in Chromium: silent, accessible, no wider than a phone, and its switches work."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

import example_report
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from kohorte import report
from kohorte.language import LANGUAGES, Language

Scheme = Literal["light", "dark"]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
SHOPS = ("two_years", "ten_years", "one_order", "without_amounts", "long_names")
WIDTHS = (390, 1440)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """Write every shop's report in both languages once."""
    folder = tmp_path_factory.mktemp("reports")
    return {
        (shop, language): report.write(
            getattr(example_report, shop)(),
            folder / f"{shop}-{language}",
            language=language,
            metrics=example_report.METRICS,
        )[0]
        for shop in SHOPS
        for language in LANGUAGES
    }


class Visit:
    """A page that is being looked at, and whatever the console said meanwhile."""

    def __init__(self, context: BrowserContext, file: Path) -> None:
        self.said: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", self._note_request)
        self.page.goto(file.as_uri())

    def _note_request(self, request: object) -> None:
        address = str(getattr(request, "url", ""))
        if not address.startswith(("file:", "data:", "blob:")):
            self.said.append(f"asked for {address}")


@pytest.fixture
def visit(browser: Browser, pages: dict[tuple[str, str], Path]) -> Iterator[type]:
    contexts: list[BrowserContext] = []

    def go(
        shop: str = "two_years",
        language: Language = "de",
        width: int = 1440,
        scheme: Scheme = "light",
        script: bool = True,
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
        )
        contexts.append(context)
        return Visit(context, pages[shop, language])

    yield go  # type: ignore[misc]
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("shop", SHOPS)
def test_no_page_scrolls_sideways_and_the_console_is_silent(visit, shop: str, width: int) -> None:  # type: ignore[no-untyped-def]
    for language in LANGUAGES:
        seen = visit(shop, language, width)
        assert seen.page.evaluate("document.documentElement.scrollWidth") == width
        assert seen.said == []


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("de", "light", 1440), ("de", "dark", 390), ("en", "light", 390), ("en", "dark", 1440)],
)
def test_axe_finds_nothing(visit, language: Language, scheme: Scheme, width: int) -> None:  # type: ignore[no-untyped-def]
    page = visit("two_years", language, width, scheme).page
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then((found) => found.violations)")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_cohorts_stay_readable_in_every_measure(visit, scheme: Scheme) -> None:  # type: ignore[no-untyped-def]
    page = visit(scheme=scheme).page
    page.evaluate(AXE.read_text(encoding="utf-8"))
    page.click("[data-switch=age] [value=rolling]")
    for measure in ("customers", "orders", "revenue"):
        page.click(f"[data-switch=measure] [value={measure}]")
        found = page.evaluate(
            "axe.run('#cohorts', { runOnly: ['color-contrast'] }).then((found) => found.violations)"
        )
        assert found == []


def test_charts_are_drawn_and_follow_the_switch(visit) -> None:  # type: ignore[no-untyped-def]
    seen = visit()
    page = seen.page
    charts = page.locator("figure[data-chart]")
    assert charts.count() > 10
    assert page.locator(".panel:not([hidden]) .live svg").count() == charts.count()
    assert page.locator(".still svg:visible").count() == 0
    page.click("#trend [data-switch=grain] [value=quarter]")
    assert page.locator("[value=quarter][aria-pressed=true]").count() == 3
    assert page.locator(".panel[data-grain=month]:visible").count() == 0
    figure = page.locator("#chart-average_order_value")
    assert figure.locator("[data-grain=quarter] .live svg").is_visible()
    assert "Q4" in figure.locator("[data-grain=quarter] .live svg").text_content()
    assert seen.said == []


def test_a_tooltip_names_the_period_the_value_and_its_range(visit) -> None:  # type: ignore[no-untyped-def]
    seen = visit()
    picture = seen.page.locator("#chart-average_order_value .panel:not([hidden]) .live")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    seen.page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    tip = picture.locator(".tip")
    tip.wait_for()
    said = tip.text_content().replace("\xa0", " ")
    assert said.startswith("November 2010")
    assert said.endswith("453,16 £435,04–471,29 £")
    assert seen.said == []


def test_charts_are_downloaded_as_svg_png_and_csv(visit, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    seen = visit(language="en", scheme="dark")
    found = {}
    for kind in ("svg", "png", "csv"):
        with seen.page.expect_download() as waiting:
            seen.page.click(f"#chart-average_order_value [data-download={kind}]")
        assert waiting.value.suggested_filename == f"average_order_value-month.{kind}"
        waiting.value.save_as(tmp_path / kind)
        found[kind] = (tmp_path / kind).read_bytes()
    drawing = ElementTree.fromstring(found["svg"])  # noqa: S314 - our own file
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    assert "Average order value" in "".join(drawing.itertext())
    assert found["png"].startswith(b"\x89PNG")
    lines = found["csv"].decode().split("\r\n")
    assert lines[0] == (
        "period,Average order value,Average order value low,Average order value high,complete"
    )
    assert lines[1] == "2009-12,454.1362,435.9708,472.3017,true"
    assert lines[25].endswith(",false")
    assert seen.said == []


@pytest.mark.parametrize(
    ("figure", "name", "word", "head"),
    [
        (
            "#cohorts [data-age=calendar]",
            "cohorts-calendar",
            "Cohorts",
            "First order,Customers,0,1",
        ),
        ("#rfm [data-drawn]", "rfm", "RFM map", "Recency,1,2,3,4,5"),
        ("#sides figure >> nth=0", "", "", "Group,value,low,high,n"),
        ("#sides > [data-drawn] >> nth=0", "", "How long they stay", "Group,Month 1"),
        ("#reasons figure >> nth=0", "", "", "Reason,share,low,high,n"),
    ],
)
def test_tables_that_are_pictures_are_downloaded_as_well(  # type: ignore[no-untyped-def]
    visit, tmp_path: Path, figure: str, name: str, word: str, head: str
) -> None:
    seen = visit(language="en", scheme="dark")
    place = seen.page.locator(figure)
    if not place.count():
        pytest.fail(f"the example has no {figure}")
    found = {}
    for kind in ("svg", "png", "csv"):
        with seen.page.expect_download() as waiting:
            place.locator(f"[data-download={kind}]").click()
        assert waiting.value.suggested_filename.endswith(f"{name}.{kind}")
        waiting.value.save_as(tmp_path / kind)
        found[kind] = (tmp_path / kind).read_bytes()
    drawing = ElementTree.fromstring(found["svg"])  # noqa: S314 - our own file
    assert word in "".join(drawing.itertext())
    # Light, whatever the page is: files are for paper.
    assert drawing[0].get("fill") == "#fff"
    assert found["png"].startswith(b"\x89PNG")
    lines = found["csv"].decode().split("\r\n")
    assert lines[0].startswith(head)
    assert len(lines) > 2
    assert seen.said == []


def test_cohorts_switch_between_measures_and_ages(visit) -> None:  # type: ignore[no-untyped-def]
    seen = visit()
    page = seen.page
    cell = page.locator("[data-age=calendar] tbody tr").first.locator("td").nth(2)
    assert cell.text_content() == "23"
    page.click("[data-switch=measure] [value=revenue]")
    assert cell.text_content() == "93.204"
    assert "Umsatz, GBP" in page.locator("[data-age=calendar] .measure").text_content()
    assert page.locator("[data-age=calendar] tfoot").is_hidden()
    page.click("[data-switch=measure] [value=percent]")
    assert cell.text_content() == "23"
    page.click("[data-switch=age] [value=rolling]")
    assert page.locator("[data-age=calendar]").is_hidden()
    assert page.locator("[data-age=rolling] table").is_visible()
    empty = page.locator("[data-age=rolling] tbody tr").last.locator("td").last
    assert empty.text_content() == ""
    assert seen.said == []


def test_the_search_finds_metrics_by_either_name(visit) -> None:  # type: ignore[no-untyped-def]
    page = visit().page
    page.fill("#search", "churn")
    assert page.locator("tr[data-search]:visible").all_text_contents()[0].split()[0] == (
        "Kundenabwanderungsrate"
    )
    assert page.locator("tr[data-search]:visible").count() == 1
    page.fill("#search", "nothing like it")
    assert page.locator(".nothing").is_visible()


def test_a_card_leads_to_its_definition(visit) -> None:  # type: ignore[no-untyped-def]
    page = visit(language="en").page
    page.click("#card-customer_value summary")
    page.click("#card-customer_value a")
    assert page.locator("#definition-customer_value pre").is_visible()


@pytest.mark.parametrize("shop", ["two_years", "one_order"])
def test_without_script_everything_can_be_read(visit, shop: str) -> None:  # type: ignore[no-untyped-def]
    page = visit(shop, "en", 390, script=False).page
    assert page.locator("button:visible, input:visible").count() == 0
    assert page.locator("[data-age=calendar] table").is_visible()
    assert page.locator("[data-age=rolling]").is_hidden()
    drawn = page.locator(".still svg:visible").count()
    assert drawn > 10 if shop == "two_years" else drawn == 0


def test_on_paper_the_still_pictures_stand_in(visit) -> None:  # type: ignore[no-untyped-def]
    page = visit(scheme="dark").page
    page.emulate_media(media="print")
    assert page.locator(".live:visible").count() == 0
    assert page.locator(".still svg:visible").count() > 10
    assert page.locator("button:visible, nav:visible").count() == 0
    ground = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink')")
    assert ground.strip() == "#1b1f23"
