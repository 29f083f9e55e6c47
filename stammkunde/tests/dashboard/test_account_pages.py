"""One's own name and language, and pages for what went wrong, each in the reader's language."""

from __future__ import annotations

import pytest
from django.test import Client

from dashboard.conftest import SignIn
from stammkunde.core.audit.models import Event
from stammkunde.core.people.models import Person
from stammkunde.faces.dashboard import faults
from stores_and_cast import Cast  # type: ignore[import-not-found]

GERMAN = {"accept-language": "de-AT,de;q=0.9"}
ENGLISH = {"accept-language": "en-GB"}


@pytest.mark.django_db
class TestProfile:
    def test_name_and_language_are_kept_and_the_log_names_no_name(
        self, as_: SignIn, cast: Cast
    ) -> None:
        browser = as_(cast.sven)
        page = browser.post("/account/", {"name": "Sven Ström", "language": "de"}, follow=True)

        assert "Ihr Profil ist gespeichert." in page.content.decode()
        assert 'lang="de"' in page.content.decode()
        event = Event.objects.get(name="person.changed")
        assert event.data == {"what": ["name", "language"]}

    def test_the_language_is_switched_from_any_page(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.sven)
        answer = browser.post("/language/", {"language": "de", "next": "/kaesehaus/settings/"})

        assert answer["Location"] == "/kaesehaus/settings/"
        assert Person.objects.get(pk=cast.sven.pk).language == "de"
        assert "Einstellungen" in browser.get("/kaesehaus/settings/").content.decode()

    def test_before_signing_in_a_cookie_remembers_it(self, cast: Cast) -> None:
        browser = Client(headers=GERMAN)
        assert "Anmelden" in browser.get("/account/sign-in/").content.decode()
        browser.post("/language/", {"language": "en", "next": "/account/sign-in/"})

        assert "Sign in" in browser.get("/account/sign-in/").content.decode()

    @pytest.mark.parametrize("where", ["https://elsewhere.example/", "//elsewhere.example", ""])
    def test_it_never_leads_elsewhere(self, cast: Cast, where: str) -> None:
        answer = Client().post("/language/", {"language": "xx", "next": where})

        assert answer["Location"] == "/"


@pytest.mark.django_db
class TestFaults:
    @pytest.mark.parametrize(
        ("headers", "words"), [(GERMAN, "Hier ist nichts"), (ENGLISH, "There is nothing here")]
    )
    def test_an_unknown_address(self, headers: dict[str, str], words: str) -> None:
        answer = Client(headers=headers).get("/nothing/like/it/")

        assert answer.status_code == 404
        assert words in answer.content.decode()

    def test_a_role_that_does_not_allow_it(self, as_: SignIn, cast: Cast) -> None:
        answer = as_(cast.sven, language="de").get("/kaesehaus/team/")

        assert answer.status_code == 403
        assert "Ihre Rolle erlaubt das nicht" in answer.content.decode()

    @pytest.mark.parametrize(
        ("headers", "words"),
        [(GERMAN, "Bitte senden Sie es noch einmal"), (ENGLISH, "Please send it again")],
    )
    def test_a_form_from_elsewhere(self, headers: dict[str, str], words: str) -> None:
        answer = Client(enforce_csrf_checks=True, headers=headers).post("/account/sign-in/")

        assert answer.status_code == 403
        assert words in answer.content.decode()

    def test_a_fault_of_ours_says_so_and_tells_no_secret(
        self, as_: SignIn, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise RuntimeError("a secret")

        monkeypatch.setattr("stammkunde.faces.dashboard.checklist.steps", fail)
        browser = as_(cast.sven, language="de")
        browser.raise_request_exception = False
        answer = browser.get("/kaesehaus/")

        assert answer.status_code == 500
        assert "Etwas ist schiefgegangen" in answer.content.decode()
        assert "secret" not in answer.content.decode()

    def test_pages_carry_the_policy_and_nothing_inline(self, as_: SignIn, cast: Cast) -> None:
        answer = as_(cast.olga).get("/kaesehaus/")
        page = answer.content.decode()

        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick" not in page


def test_the_page_of_our_faults_asks_no_store(rf) -> None:  # type: ignore[no-untyped-def]
    assert faults.server_error(rf.get("/")).status_code == 500
