"""Signing in and out, the second step, a forgotten password: with our words and nobody else's."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.conftest import PASSWORD
from stammkunde.core.audit.models import Event
from stammkunde.core.jobs.models import Job
from stammkunde.core.jobs.worker import Worker
from stammkunde.core.people.models import Person
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
OTHER = "an even longer sentence of hers"


@pytest.fixture
def olga(cast: Cast) -> Person:
    cast.olga.set_password(PASSWORD)
    cast.olga.language = "en"
    cast.olga.save()
    return cast.olga


def browser_of(language: str = "en") -> Client:
    return Client(headers={"accept-language": language})


def sign_in(browser: Client, *, email: str = "olga@example.com", password: str = PASSWORD):  # type: ignore[no-untyped-def]
    return browser.post("/account/sign-in/", {"login": email, "password": password})


def code_of(secret: str) -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def with_second_step(person: Person) -> str:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    return secret


class TestPassword:
    @pytest.mark.parametrize("email", ["olga@example.com", " OLGA@Example.com "])
    def test_address_and_password_let_in_whatever_the_case(self, olga: Person, email: str) -> None:
        browser = browser_of()

        assert sign_in(browser, email=email)["Location"] == "/"
        assert browser.get("/", follow=True).redirect_chain == [("/kaesehaus/", 302)]

    def test_an_address_that_was_given_in_capitals_signs_in(self, olga: Person) -> None:
        Person.objects.create_user("New@Example.com", PASSWORD)

        assert sign_in(browser_of(), email="new@example.com")["Location"] == "/"
        assert sign_in(browser_of(), email="NEW@EXAMPLE.COM")["Location"] == "/"

    @pytest.mark.parametrize(
        ("email", "password"), [("olga@example.com", "wrong"), ("nobody@example.com", PASSWORD)]
    )
    def test_the_answer_does_not_tell_what_was_wrong(
        self, olga: Person, email: str, password: str
    ) -> None:
        browser = browser_of("de")
        answer = sign_in(browser, email=email, password=password)

        assert "E-Mail-Adresse und Passwort passen nicht zusammen." in answer.content.decode()
        assert "sessionid" not in browser.cookies

    def test_after_five_failures_even_the_right_password_waits(self, olga: Person) -> None:
        browser = browser_of("de")
        for _ in range(5):
            sign_in(browser, password="wrong")  # noqa: S106 - it is
        answer = sign_in(browser)

        assert "Zu viele Versuche. Warten Sie fünf Minuten" in answer.content.decode()

    def test_a_closed_account_stays_outside(self, olga: Person) -> None:
        Person.objects.filter(pk=olga.pk).update(is_active=False)
        browser = browser_of()
        sign_in(browser)

        assert browser.get("/kaesehaus/").status_code == 302

    def test_only_here_is_where_one_comes_back_to(self, olga: Person) -> None:
        answers = [
            browser_of().post(
                "/account/sign-in/",
                {"login": olga.email, "password": PASSWORD, "next": where},
            )["Location"]
            for where in ("/kaesehaus/team/", "https://elsewhere.example/")
        ]
        assert answers == ["/kaesehaus/team/", "/"]

    def test_nobody_signs_up_or_reaches_what_is_not_offered(self, olga: Person) -> None:
        for path in ("signup", "email", "login", "login/code", "3rdparty", "2fa"):
            assert browser_of().get(f"/account/{path}/").status_code == 404

    def test_signing_out_takes_a_click(self, olga: Person) -> None:
        browser = browser_of()
        sign_in(browser)
        browser.get("/account/sign-out/")
        assert browser.get("/kaesehaus/").status_code == 200

        browser.post("/account/sign-out/")
        assert browser.get("/kaesehaus/").status_code == 302

    def test_a_changed_password_ends_other_sessions_and_is_noted_and_mailed(
        self, olga: Person
    ) -> None:
        here, there = browser_of(), browser_of()
        sign_in(here)
        sign_in(there)
        weak = here.post("/account/password/", {"oldpassword": PASSWORD, "password1": "short"})
        assert "at least 12 characters" in weak.content.decode()
        here.post("/account/password/", {"oldpassword": PASSWORD, "password1": OTHER})

        assert here.get("/kaesehaus/").status_code == 200
        assert there.get("/kaesehaus/").status_code == 302
        event = Event.objects.get(name="person.password_changed")
        assert (event.actor_id, event.data) == (olga.pk, {})
        assert [one.subject for one in mail.outbox] == ["Your password was changed"]


class TestSecondStep:
    def test_it_is_set_up_with_a_code_and_gives_recovery_codes(self, olga: Person) -> None:
        browser = browser_of()
        sign_in(browser)
        page = browser.get("/account/security/app/")
        assert page["Location"] == "/account/confirm/?next=%2Faccount%2Fsecurity%2Fapp%2F"
        browser.post(page["Location"], {"password": PASSWORD, "next": "/account/security/app/"})
        page = browser.get("/account/security/app/")
        secret = page.context["form"].secret
        assert "data:image/svg+xml" in page.content.decode()

        wrong = browser.post("/account/security/app/", {"code": "000000"})
        assert "This code is not right." in wrong.content.decode()
        browser.post("/account/security/app/", {"code": code_of(secret)})
        done = browser.get("/account/security/recovery-codes/")

        assert len(re.findall(r"<li>\d{8}</li>", done.content.decode())) == 10
        file = browser.get("/account/security/recovery-codes/file/").content.decode()
        assert len(re.findall(r"^\d{8}$", file, re.MULTILINE)) == 10
        assert "olga@example.com" in file

    def test_the_password_alone_no_longer_opens(self, olga: Person) -> None:
        secret = with_second_step(olga)
        browser = browser_of()

        assert sign_in(browser)["Location"] == "/account/sign-in/code/"
        assert browser.get("/kaesehaus/").status_code == 302
        wrong = browser.post("/account/sign-in/code/", {"code": "123456"})
        assert "This code is not right." in wrong.content.decode()
        browser.post("/account/sign-in/code/", {"code": code_of(secret)})
        assert browser.get("/kaesehaus/").status_code == 200

    def test_it_is_switched_off_after_the_password_once_more(self, olga: Person) -> None:
        secret = with_second_step(olga)
        browser = browser_of()
        sign_in(browser)
        browser.post("/account/sign-in/code/", {"code": code_of(secret)})
        asked = browser.get("/account/security/app/remove/")
        assert asked["Location"].startswith("/account/confirm/")
        browser.post(asked["Location"], {"password": PASSWORD})
        browser.post("/account/security/app/remove/")

        assert not Authenticator.objects.filter(user=olga).exists()


class TestForgotten:
    def test_a_link_by_mail_lets_choose_a_new_one(self, olga: Person) -> None:
        Person.objects.filter(pk=olga.pk).update(language="de")
        browser = browser_of("en")
        browser.post("/account/password/forgotten/", {"email": "OLGA@example.com"})
        Worker().drain()
        (sent,) = mail.outbox
        assert (sent.subject, sent.to) == ("Neues Passwort wählen", ["olga@example.com"])
        link = re.search(r"http://testserver(\S+)", sent.body)[1]  # type: ignore[index]

        form = browser.get(link, follow=True)
        done = browser.post(form.request["PATH_INFO"], {"password1": OTHER}, follow=True)

        assert "Password saved" in done.content.decode()
        assert sign_in(browser_of(), password=OTHER)["Location"] == "/"
        again = browser.get(link, follow=True)
        assert "Link no longer valid" in again.content.decode()

    def test_a_stranger_learns_nothing_and_nobody_is_written_to(self, olga: Person) -> None:
        known = browser_of().post(
            "/account/password/forgotten/", {"email": olga.email}, follow=True
        )
        unknown = browser_of().post(
            "/account/password/forgotten/", {"email": "a@b.de"}, follow=True
        )

        Worker().drain()

        assert "Look into your mail" in known.content.decode()
        assert "Look into your mail" in unknown.content.decode()
        assert [one.to for one in mail.outbox] == [[olga.email]]

    def test_a_dead_mail_server_tells_nobody_who_has_an_account_and_is_asked_again(
        self, olga: Person, settings, caplog: pytest.LogCaptureFixture
    ) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        answer = browser_of().post("/account/password/forgotten/", {"email": olga.email})
        Worker().drain()

        assert answer.status_code == 302
        job = Job.objects.get(name="people.send_reset_link")
        assert (job.state, job.attempts) == ("waiting", 1)
        assert olga.email not in caplog.text + str(job.args) + job.traceback

    def test_for_a_stranger_the_same_is_done_and_nothing_sent(self, olga: Person) -> None:
        # The first of all is counted in a new row.
        browser_of().post("/account/password/forgotten/", {"email": "c@d.de"})
        done = []
        for email in (olga.email, "a@b.de"):
            with CaptureQueriesContext(connection) as asked:
                browser_of().post("/account/password/forgotten/", {"email": email})
            done.append([query["sql"].split()[0] for query in asked.captured_queries])
        Worker().drain()

        assert done[0] == done[1]
        assert [one.to for one in mail.outbox] == [[olga.email]]
