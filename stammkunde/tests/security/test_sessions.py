"""Sessions under attack: planted, stolen, left open, outlived by what they rested on."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from dashboard.conftest import PASSWORD
from stammkunde.core.jobs.worker import Worker
from stammkunde.core.people.models import Person
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 5, 4, 9, tzinfo=dt.UTC)
COOKIE = "sessionid"
PAGE = "/kaesehaus/"


@pytest.fixture
def olga(cast: Cast) -> Person:
    found: Person = cast.olga
    found.set_password(PASSWORD)
    found.language = "en"
    found.save()
    return found


def signed_in(**more: str) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.post("/account/sign-in/", {"login": "olga@example.com", "password": PASSWORD, **more})
    return browser


def is_in(browser: Client) -> bool:
    return browser.get(PAGE).status_code == 200


def with_cookie(value: str) -> Client:
    browser = Client()
    browser.cookies[COOKIE] = value
    return browser


def set_up_second_step(browser: Client) -> None:
    asked = browser.get("/account/security/app/")
    if asked.status_code == 302:
        browser.post(asked["Location"], {"password": PASSWORD})
    page: Any = browser.get("/account/security/app/")
    browser.post("/account/security/app/", {"code": code_of(page.context["form"].secret)})


def code_of(secret: str) -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def test_a_planted_session_is_not_the_one_that_is_signed_in(olga: Person) -> None:
    planted = Client()
    planted.session.save()
    key = planted.session.session_key
    assert key
    victim = with_cookie(key)
    victim.post("/account/sign-in/", {"login": olga.email, "password": PASSWORD})

    assert is_in(victim)
    assert victim.cookies[COOKIE].value != key
    assert not is_in(with_cookie(key))


def test_an_invented_session_is_not_taken_over(olga: Person) -> None:
    invented = "a" * 32
    victim = with_cookie(invented)
    victim.post("/account/sign-in/", {"login": olga.email, "password": PASSWORD})

    assert victim.cookies[COOKIE].value != invented
    assert not Session.objects.filter(session_key=invented).exists()


def test_the_cookie_is_for_this_site_and_no_script(olga: Person) -> None:
    cookie = signed_in().cookies[COOKIE]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["domain"] == ""


def test_a_copied_cookie_is_worth_nothing_after_signing_out(olga: Person) -> None:
    browser = signed_in()
    thief = with_cookie(browser.cookies[COOKIE].value)
    assert is_in(thief)
    browser.post("/account/sign-out/")

    assert not is_in(thief)


def test_a_new_password_ends_every_other_session_and_renews_this_one(olga: Person) -> None:
    browser, thief = signed_in(), signed_in()
    before = browser.cookies[COOKIE].value
    new = {"oldpassword": PASSWORD, "password1": "another sentence, even longer"}
    browser.post("/account/password/", new)

    assert is_in(browser)
    assert browser.cookies[COOKIE].value != before
    assert not is_in(thief)
    assert not is_in(with_cookie(before))


def test_a_second_step_that_is_set_up_ends_every_other_session(olga: Person) -> None:
    browser, thief = signed_in(), signed_in()
    before = browser.cookies[COOKIE].value
    set_up_second_step(browser)

    assert Authenticator.objects.filter(user=olga).exists()
    assert is_in(browser)
    assert browser.cookies[COOKIE].value != before
    assert not is_in(thief)


def test_a_second_step_that_is_taken_away_ends_every_other_session(olga: Person) -> None:
    browser = signed_in()
    set_up_second_step(browser)
    thief = with_cookie(browser.cookies[COOKIE].value)
    browser.post("/account/security/app/remove/")

    assert not Authenticator.objects.filter(user=olga).exists()
    assert is_in(browser)
    assert not is_in(thief)


def test_one_click_signs_out_everywhere_else(olga: Person) -> None:
    browser, phone, thief = signed_in(), signed_in(remember="on"), signed_in()
    page = browser.get("/account/security/").content.decode()
    assert "Sign out everywhere else" in page
    browser.post("/account/security/elsewhere/")

    assert is_in(browser)
    assert not is_in(phone)
    assert not is_in(thief)


def test_without_the_wish_to_stay_a_session_ends_after_hours_of_rest(
    olga: Person, time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    browser = signed_in()
    for _ in range(4):
        time_machine.shift(6 * 3600)
        assert is_in(browser)
    time_machine.shift(13 * 3600)
    assert not is_in(browser)


def test_whoever_wished_to_stay_stays_two_weeks_and_no_longer(
    olga: Person, time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    browser = signed_in(remember="on")
    for _ in range(13):
        time_machine.shift(24 * 3600)
        assert is_in(browser)
    time_machine.shift(25 * 3600)
    assert not is_in(browser)


def test_no_session_lives_on_for_good_by_being_used(olga: Person, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    browser = signed_in()
    for _ in range(14 * 3):
        time_machine.shift(8 * 3600 - 60)
        browser.get(PAGE)
    time_machine.shift(8 * 3600)
    assert not is_in(browser)


def test_a_closed_account_is_out_at_once_and_so_is_a_removed_member(
    olga: Person, cast: Cast
) -> None:
    browser = signed_in()
    cast.cheese.memberships.filter(person=olga).delete()
    assert browser.get(PAGE).status_code == 404
    Person.objects.filter(pk=olga.pk).update(is_active=False)

    assert browser.get("/account/").status_code == 302


def test_a_link_to_reset_a_password_ends_every_session(olga: Person) -> None:
    thief = signed_in()
    Client().post("/account/password/forgotten/", {"email": olga.email})
    Worker().drain()
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))
    assert link
    browser = Client()
    form = browser.get(link[1], follow=True)
    browser.post(form.request["PATH_INFO"], {"password1": "another sentence, even longer"})

    assert not is_in(thief)
