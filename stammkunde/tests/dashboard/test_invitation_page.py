"""The way of an invitation: sent, read by scanners, accepted once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from dashboard.conftest import PASSWORD, SignIn
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.people.models import Person
from stammkunde.core.shops import services
from stammkunde.core.shops.models import Invitation, Membership
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
NEW = {"name": "Nia Neu", "language": "en", "password": PASSWORD}


@pytest.fixture
def link(cast: Cast) -> str:
    token = services.invite(
        cast.cheese, "nia@example.com", role="analyst", actor=COMMAND, by=cast.olga
    )
    return f"/invitation/{token}/"


def once(browser: Client, path: str) -> str:
    page = browser.get(path)
    return str(page.context["form"]["once"].value())


class TestInviting:
    def test_the_link_is_shown_once_and_mailed_in_the_shops_language(
        self, as_: SignIn, cast: Cast
    ) -> None:
        browser = as_(cast.olga)
        click = {"email": "nia@example.com", "role": "analyst"}
        click["once"] = once(browser, "/kaesehaus/team/invite/")
        page = browser.post("/kaesehaus/team/invite/", click)

        shown = re.search(r"http://testserver/invitation/ski_[\w-]+/", page.content.decode())
        assert shown is not None
        assert page["Cache-Control"] == "no-store"
        (sent,) = mail.outbox
        assert (sent.subject, sent.to) == (
            "Olga lädt Sie zu Käsehaus ein",
            ["nia@example.com"],
        )
        assert shown[0] in sent.body
        assert shown[0] not in browser.get("/kaesehaus/team/").content.decode()

    def test_a_second_click_invites_nobody_again(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.olga)
        click = {"email": "nia@example.com", "role": "analyst"}
        click["once"] = once(browser, "/kaesehaus/team/invite/")
        browser.post("/kaesehaus/team/invite/", click)
        again = browser.post("/kaesehaus/team/invite/", click)

        assert again.status_code == 422
        assert "This was done already." in again.content.decode()
        assert Invitation.objects.count() == len(mail.outbox) == 1

    def test_what_is_refused_stands_at_its_field_and_can_be_sent_again(
        self, as_: SignIn, cast: Cast
    ) -> None:
        browser = as_(cast.olga)
        click = {"email": "mara@example.com", "role": "analyst"}
        click["once"] = once(browser, "/kaesehaus/team/invite/")
        refused = browser.post("/kaesehaus/team/invite/", click)
        assert refused.context["form"].errors["email"] == [
            "This person is a member of the shop already."
        ]

        assert (
            browser.post(
                "/kaesehaus/team/invite/", {**click, "email": "nia@example.com"}
            ).status_code
            == 200
        )

    def test_without_a_mail_server_the_page_says_so(
        self, as_: SignIn, cast: Cast, settings: Any
    ) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
        browser = as_(cast.olga)
        click = {"email": "nia@example.com", "role": "analyst"}
        click["once"] = once(browser, "/kaesehaus/team/invite/")
        page = browser.post("/kaesehaus/team/invite/", click)

        assert "no mail server is set up here" in page.content.decode()


class TestAccepting:
    def test_reading_the_link_changes_nothing(self, cast: Cast, link: str) -> None:
        for _ in range(2):
            page = Client(headers={"accept-language": "de"}).get(link)
            assert page.status_code == 200
        assert "Olga lädt Sie ein. Ihre Rolle: Auswertung." in page.content.decode()
        assert not Person.objects.filter(email="nia@example.com").exists()

    def test_somebody_new_gets_an_account_and_is_in(self, cast: Cast, link: str) -> None:
        browser = Client()
        answer = browser.post(link, NEW)

        assert answer["Location"] == "/kaesehaus/"
        assert "Welcome to Käsehaus." in browser.get("/kaesehaus/").content.decode()
        nia = Person.objects.get(email="nia@example.com")
        assert Membership.objects.get(person=nia).role == "analyst"
        again = Client(headers={"accept-language": "en"}).post(link, NEW)
        assert again.status_code == 404
        assert "Invitation no longer valid" in again.content.decode()

    @pytest.mark.parametrize(
        ("field", "value"), [("password", "short"), ("name", ""), ("language", "fr")]
    )
    def test_a_fault_keeps_the_link(self, cast: Cast, link: str, field: str, value: str) -> None:
        answer = Client().post(link, {**NEW, field: value})

        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert not Person.objects.filter(email="nia@example.com").exists()
        assert Client().get(link).status_code == 200

    def test_whoever_has_an_account_signs_in_first(self, cast: Cast) -> None:
        token = services.invite(
            cast.cheese, "TINA@example.com", role="support", actor=COMMAND, by=None
        )
        page = Client().get(f"/invitation/{token}/")

        assert f"/account/sign-in/?next=/invitation/{token}/" in page.content.decode()
        refused = Client().post(f"/invitation/{token}/", NEW)
        assert not Membership.objects.filter(shop=cast.cheese, person=cast.tina).exists()
        assert refused.status_code == 200

    def test_whoever_is_signed_in_joins_by_a_click_and_is_told_as_whom(
        self, as_: SignIn, cast: Cast, link: str
    ) -> None:
        browser = as_(cast.tina)
        page = browser.get(link).content.decode()
        assert "You are signed in as tina@example.com" in page

        browser.post(link)
        assert browser.get("/kaesehaus/").status_code == 200

    @pytest.mark.parametrize("token", ["ski_nonsense", "x", "ü%00"])
    def test_an_invented_link_opens_nothing(self, cast: Cast, token: str) -> None:
        assert Client().get(f"/invitation/{token}/").status_code == 404
