"""What people do, click by click: sign in, set up the second step, invite, join, change, make a key."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from playwright.sync_api import Page, expect

from browser.conftest import PASSWORD, Language, Place, Visit
from stammkunde.core.shops import queries
from stammkunde.core.shops.models import Membership, Token

LOOKS = pytest.mark.parametrize(("language", "width"), [("de", 390), ("en", 1440)])


def sign_in(page: Page) -> None:
    page.fill("[name=login]", "olga@example.com")
    page.fill("[name=password]", PASSWORD)
    page.click("main .is-main")


def confirm(page: Page) -> None:
    page.fill("[name=password]", PASSWORD)
    page.click("main .is-main")


def code_of(secret: str) -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


@LOOKS
def test_signing_in_leads_to_where_one_wanted(
    visit: Visit, place: Place, language: Language, width: int
) -> None:
    visitor = visit(language=language, width=width)
    page = visitor.go("/kaesehaus/settings/")
    page.fill("[name=login]", "olga@example.com")
    page.fill("[name=password]", "not this one")
    page.click("text=Zeigen" if language == "de" else "text=Show")
    assert page.locator("[name=password]").get_attribute("type") == "text"
    page.click("main .is-main")
    alert = page.locator("[role=alert]").text_content() or ""
    assert alert.strip() in {
        "E-Mail-Adresse und Passwort passen nicht zusammen.",
        "E-mail address and password do not match.",
    }
    assert visitor.faults() == []

    sign_in(page)
    page.wait_for_url("**/kaesehaus/settings/")
    assert visitor.faults() == []


def test_the_second_step_is_set_up_and_asked_for(visit: Visit, place: Place) -> None:
    visitor = visit(language="de", width=390, scheme="dark")
    page = visitor.go("/account/security/app/")
    sign_in(page)
    confirm(page)
    secret = page.text_content("#key") or ""
    assert visitor.faults() == []
    page.fill("[name=code]", code_of(secret))
    page.click("main .is-main")
    page.wait_for_selector(".codes")
    assert page.locator(".codes li").count() == 10
    assert visitor.faults() == []
    assert [one.subject for one in mail.outbox] == ["Der zweite Schritt ist an"]
    recovery = page.locator(".codes li").first.text_content() or ""

    visitor.context.clear_cookies()
    page = visitor.go("/account/sign-in/")
    sign_in(page)
    page.wait_for_url("**/sign-in/code/")
    assert visitor.faults() == []
    page.fill("[name=code]", recovery)
    page.click("main .is-main")
    page.wait_for_url("**/kaesehaus/")


@LOOKS
def test_an_invitation_is_made_copied_and_accepted(
    visit: Visit, place: Place, language: Language, width: int
) -> None:
    owner = visit(place.cast.olga, language=language, width=width)
    owner.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = owner.go("/kaesehaus/team/invite/")
    page.fill("[name=email]", "nia@example.com")
    page.check("[value=marketer]")
    page.click("main .is-main")
    link = page.text_content("#link") or ""
    page.click("[data-copy=link]")
    assert page.evaluate("navigator.clipboard.readText()") == link
    assert owner.faults() == []

    new = visit(language=language, width=width)
    page = new.go(link.removeprefix(place.address))
    page.fill("[name=name]", "Nia Neu")
    page.fill("[name=password]", "a sentence of Nia herself")
    page.click("main .is-main")
    page.wait_for_url("**/kaesehaus/")
    assert new.faults() == []
    assert Membership.objects.get(person__email="nia@example.com").role == "marketer"


@LOOKS
def test_settings_with_a_fault_open_at_the_fault(
    visit: Visit, place: Place, language: Language, width: int
) -> None:
    visitor = visit(place.cast.olga, language=language, width=width)
    page = visitor.go("/kaesehaus/settings/change/")
    page.fill("[name=window_days]", "1")
    page.click("main .is-main")
    page.wait_for_selector(".is-wrong")
    expect(page.locator("[name=window_days]")).to_be_focused()
    assert page.title().startswith("Fehler: " if language == "de" else "Error: ")
    assert visitor.faults() == []

    page.fill("[name=window_days]", "400")
    page.evaluate("document.querySelector('[name=brand_color]').value = '#7c3aed'")
    page.click("main .is-main")
    page.wait_for_url("**/settings/")
    button = page.locator("main .button.is-main").evaluate(
        "(one) => getComputedStyle(one).backgroundColor"
    )
    assert button == "rgb(124, 58, 237)"
    assert visitor.faults() == []


def test_a_key_is_made_by_one_of_two_clicks_and_withdrawn(visit: Visit, place: Place) -> None:
    visitor = visit(language="en", width=1440)
    page = visitor.go("/kaesehaus/keys/")
    sign_in(page)
    page.click("main .is-main")
    confirm(page)
    page.fill("[name=name]", "Nightly import")
    page.check("[value='data.import']")
    page.dblclick("main .is-main")
    key = page.text_content("#key") or ""
    assert visitor.faults() == []
    assert queries.by_token(key).name == "Nightly import"
    assert Token.objects.count() == 1

    page.click("main .is-main")
    page.click(".is-action a")
    assert visitor.faults() == []
    page.click("main .is-danger")
    page.wait_for_selector(".empty")
    assert Token.objects.get().withdrawn_at is not None


def test_without_script_forms_still_work(visit: Visit, place: Place) -> None:
    visitor = visit(place.cast.olga, script=False)
    page = visitor.go("/kaesehaus/log/")
    page.select_option("[name=name]", "shop.founded")
    page.click("form.filters button")
    assert "name=shop.founded" in page.url
    page = visitor.go("/kaesehaus/team/invite/")
    page.fill("[name=email]", "nia@example.com")
    page.click("main .is-main")

    assert page.locator("#link").is_visible()
    assert page.locator("[data-copy]").is_hidden()
