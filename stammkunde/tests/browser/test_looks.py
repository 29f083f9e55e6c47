"""Every page in Chromium: accessible, no wider than a phone, silent; German and English, light and dark."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import cycle
from typing import Any

import pytest
from playwright.sync_api import expect

from browser.conftest import Language, Place, Scheme, Visit
from stammkunde.core.audit.services import COMMAND, Actor
from stammkunde.core.shops import services
from stammkunde.core.shops.models import Shop
from stammkunde.ledger import services as ledger
from stammkunde.ledger.books import owing, reckonings
from stammkunde.ledger.commands import Earn, EarnedLine, Owner, Spend

Look = tuple[Language, int, Scheme]
# Each page is seen in two of these, so that each pair differs in everything.
PAIRS: tuple[tuple[Look, Look], ...] = (
    (("de", 390, "dark"), ("en", 1440, "light")),
    (("de", 1440, "light"), ("en", 390, "dark")),
    (("de", 1440, "dark"), ("en", 390, "light")),
    (("de", 390, "light"), ("en", 1440, "dark")),
)
SHOP = "/kaesehaus"
SIGNED_IN = (
    "/",
    "/new/",
    f"{SHOP}/",
    f"{SHOP}/metrics/",
    f"{SHOP}/metrics/revenue/",
    f"{SHOP}/cohorts/",
    f"{SHOP}/rfm/",
    f"{SHOP}/pauses/",
    f"{SHOP}/groups/",
    f"{SHOP}/voices/",
    f"{SHOP}/due/",
    f"{SHOP}/ledger/",
    f"{SHOP}/ledger/accounts/points/campaign/spring/",
    f"{SHOP}/ledger/accounts/points/campaign/spring/correct/",
    f"{SHOP}/ledger/roll-forward/?since=2026-01-01&until=2026-12-31",
    f"{SHOP}/ledger/liability/",
    f"{SHOP}/ledger/audit/",
    f"{SHOP}/ledger/units/",
    f"{SHOP}/ledger/units/books/points/",
    f"{SHOP}/trials/",
    f"{SHOP}/trials/new/",
    f"{SHOP}/trials/plan/?customers=10000&share=12",
    f"{SHOP}/settings/",
    f"{SHOP}/settings/change/",
    f"{SHOP}/team/",
    f"{SHOP}/team/invite/",
    f"{SHOP}/team/{{mara}}/",
    f"{SHOP}/team/{{mara}}/remove/",
    f"{SHOP}/keys/",
    f"{SHOP}/retention/",
    f"{SHOP}/jobs/",
    f"{SHOP}/log/",
    f"{SHOP}/log/?until=2020-01-01",
    "/account/",
    "/account/security/",
    "/account/password/",
    "/account/confirm/",
    "/nothing/here/",
    "{invitation}",
)
OUTSIDE = (
    "/account/sign-in/",
    "/account/password/forgotten/",
    "/account/password/forgotten/sent/",
    "/account/password/forgotten/1-x/",
    "{invitation}",
    "/invitation/nonsense/",
    "/api/v1/",
)


@pytest.fixture
def shown(place: Place) -> Callable[[str], str]:
    """Fill the shop, and return what fills in an address."""
    cast, me = place.cast, Actor("person", place.cast.olga.pk)
    cast.olga.is_operator = True
    cast.olga.save()
    services.make_token(
        cast.cheese,
        "A name so long that it does not fit into one line of a phone",
        permissions={"data.import", "customers.read"},
        days=90,
        actor=me,
    )
    services.change(cast.cheese, actor=me, window_days=400, brand_color="#ffee00")
    _count_points(cast.cheese)
    services.give_role(cast.cheese, cast.anton.pk, "support", actor=me)
    link = services.invite(
        cast.cheese, "nia@example.com", role="analyst", actor=COMMAND, by=cast.olga
    )
    things = {"mara": cast.mara.pk, "invitation": f"/invitation/{link}/"}
    return lambda path: path.format(**things)


def _count_points(shop: Shop) -> None:
    """Let a shop have points, with something earned, redeemed and expired, and what is owed reckoned."""
    unit = ledger.open_unit(shop.pk, "points", kind="points", name="Punkte", actor=COMMAND)
    owner, begin = Owner("campaign", "spring"), dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC)
    common: dict[str, Any] = {"shop_id": shop.pk, "unit": "points", "owner": owner}
    for month in range(8):
        at = begin + dt.timedelta(days=30 * month)
        lines = (EarnedLine(f"order:{month}/line:1", 100),)
        end = at + dt.timedelta(days=100)
        ledger.earn_one(
            Earn(key=f"e{month}", effective_at=at, lines=lines, expires_at=end, **common)
        )
        later = at + dt.timedelta(days=5)
        ledger.spend_one(
            Spend(
                key=f"s{month}", effective_at=later, amount=30, source=f"order:{month}9", **common
            )
        )
    ledger.expire(shop.pk, effective_at=begin + dt.timedelta(days=240))
    owing.reckon(shop, unit)
    reckonings.keep_audit(shop.pk, [])


@pytest.mark.parametrize("first", [True, False], ids=["one look", "the other"])
@pytest.mark.parametrize("is_signed_in", [True, False], ids=["signed in", "outside"])
def test_pages_can_be_read_and_used_by_everybody(
    visit: Visit, place: Place, shown: Callable[[str], str], is_signed_in: bool, first: bool
) -> None:
    person = place.cast.olga if is_signed_in else None
    paths: dict[Look, list[str]] = {}
    for path, pair in zip(SIGNED_IN if person else OUTSIDE, cycle(PAIRS), strict=False):
        paths.setdefault(pair[not first], []).append(shown(path))
    found: dict[str, list[str]] = {}
    for (language, width, scheme), together in paths.items():
        visitor = visit(person, language=language, width=width, scheme=scheme)
        for path in together:
            page = visitor.go(path)
            assert page.locator("html").get_attribute("lang") == language, path
            found[path] = visitor.faults()
            visitor.said.clear()

    assert {path: faults for path, faults in found.items() if faults} == {}


def test_on_a_phone_the_menu_opens_without_script(visit: Visit, place: Place) -> None:
    visitor = visit(place.cast.olga, width=390, script=False)
    page = visitor.go(f"{SHOP}/settings/")
    assert not page.locator("#menu").is_visible()

    page.click(".bar button")
    page.click("#menu >> text=Overview")
    assert page.url.endswith(f"{SHOP}/")
    page.click(".bar button")
    page.click("[popovertarget=account]")
    page.click("#account >> text=Deutsch")
    assert page.locator("html").get_attribute("lang") == "de"


def test_the_keyboard_reaches_the_content_first(visit: Visit, place: Place) -> None:
    page = visit(place.cast.olga).go(f"{SHOP}/settings/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_filter_of_the_log_fetches_the_list_as_one_chooses(visit: Visit, place: Place) -> None:
    services.change(place.cast.cheese, actor=COMMAND, window_days=400)
    visitor = visit(place.cast.olga)
    page = visitor.go(f"{SHOP}/log/")
    assert page.locator("form.filters button").is_hidden()
    page.select_option("[name=name]", "shop.changed")
    page.wait_for_url("**/log/?name=shop.changed**")
    expect(page.locator("tbody tr")).to_have_count(1)

    assert page.locator("[name=name]").input_value() == "shop.changed"
    assert visitor.faults() == []
