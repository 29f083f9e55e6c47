"""Settings, team, keys, the log and the first steps: what they show, do, refuse and note."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dashboard.conftest import SignIn
from importing import FILE, imported  # type: ignore[import-not-found]
from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND, Actor
from stammkunde.core.people.models import Person
from stammkunde.core.shops import queries, services
from stammkunde.core.shops.models import Membership, Shop, Token
from stammkunde.faces.dashboard.models import Dismissal
from stammkunde.flows import customer_erased
from stammkunde.records.customers.models import Customer
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
DECISIONS = {
    "name": "Käsehaus",
    "zone": "Europe/Berlin",
    "currency": "EUR",
    "language": "de",
    "week_start": "1",
    "tax_view": "gross",
    "payment_days": "30",
    "window_days": "365",
    "brand_color": "#0f766e",
}


def text(answer: Any) -> str:
    return str(answer.content.decode())


class TestHome:
    def test_the_only_shop_opens_by_itself(self, as_: SignIn, cast: Cast) -> None:
        assert as_(cast.mara).get("/")["Location"] == "/kaesehaus/"

    def test_several_shops_are_listed(self, as_: SignIn, cast: Cast) -> None:
        Membership.objects.create(shop=cast.tea, person=cast.mara, role="support")
        page = text(as_(cast.mara).get("/"))

        assert page.index("Käsehaus") < page.index("Teekontor")

    def test_without_a_shop_one_learns_how_to_get_in(self, as_: SignIn, cast: Cast) -> None:
        lonely = Person.objects.create_user("lonely@example.com")
        browser = as_(lonely)

        assert "Ask whoever owns the shop to invite lonely@example.com." in text(browser.get("/"))
        assert browser.get("/new/").status_code == 404

    def test_an_operator_creates_a_shop_and_owns_it(self, as_: SignIn, cast: Cast) -> None:
        Person.objects.filter(pk=cast.tina.pk).update(is_operator=True)
        browser = as_(cast.tina)
        kept = {key: DECISIONS[key] for key in ("zone", "language", "tax_view")}
        answer = browser.post("/new/", {**kept, "name": "Account", "currency": "CHF"})

        # “account” is where signing in lives.
        assert answer["Location"] == "/account-shop/"
        shop = Shop.objects.get(slug="account-shop")
        assert (shop.currency, shop.window_days) == ("CHF", 365)
        assert queries.membership(shop, cast.tina.pk).role == "owner"


class TestSettings:
    def test_everybody_sees_them_and_owners_change_them(self, as_: SignIn, cast: Cast) -> None:
        page = text(as_(cast.sven).get("/kaesehaus/settings/"))

        assert "Only owners change the settings." in page
        assert "/kaesehaus/settings/change/" not in page
        assert "/kaesehaus/settings/change/" in text(as_(cast.olga).get("/kaesehaus/settings/"))

    def test_a_change_is_said_kept_and_told_with_who_and_what(
        self, as_: SignIn, cast: Cast
    ) -> None:
        browser = as_(cast.olga)
        changed = {**DECISIONS, "window_days": "400", "tax_view": "net"}
        page = text(browser.post("/kaesehaus/settings/change/", changed, follow=True))

        cast.cheese.refresh_from_db()
        assert (cast.cheese.window_days, cast.cheese.version) == (400, 2)
        for words in ("The settings have been saved.", "Active for", "365 days", "400 days"):
            assert words in page
        assert "with taxes</span> → without taxes" in page

    def test_faults_stand_at_their_fields_and_nothing_changes(
        self, as_: SignIn, cast: Cast
    ) -> None:
        wrong = {**DECISIONS, "name": " ", "window_days": "1", "zone": "Europe/Atlantis"}
        answer = as_(cast.olga).post("/kaesehaus/settings/change/", wrong)

        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["name", "zone", "window_days"]
        page = text(answer)
        assert "<title>Error: " in page
        assert 'aria-describedby="id_name_helptext id_name_error"' in page
        assert 'value="1"' in page
        cast.cheese.refresh_from_db()
        assert cast.cheese.version == 1

    def test_the_color_is_a_stylesheet_that_browsers_keep(self, as_: SignIn, cast: Cast) -> None:
        services.change(cast.cheese, actor=COMMAND, brand_color="#ffee00")
        browser = as_(cast.sven)
        answer = browser.get("/kaesehaus/brand.css")

        assert answer["Content-Type"] == "text/css; charset=utf-8"
        assert "immutable" in answer["Cache-Control"]
        assert "--accent:#7a7200;--on-accent:#ffffff" in text(answer)
        assert "/kaesehaus/brand.css?v=2" in text(browser.get("/kaesehaus/"))


class TestTeam:
    def test_a_role_is_changed_and_noted(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.olga)
        path = f"/kaesehaus/team/{cast.anton.pk}/"
        assert "Sees figures and customers" in text(browser.get(path))
        page = browser.post(path, {"role": "support"}, follow=True)

        assert "The role has been changed." in text(page)
        event = Event.objects.get(name="person.role_changed")
        assert (event.actor_id, event.data) == (
            cast.olga.pk,
            {"changed": {"role": ["analyst", "support"]}},
        )

    def test_the_last_owner_is_refused_where_it_was_asked(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.olga)
        path = f"/kaesehaus/team/{cast.olga.pk}/"
        for answer in (browser.post(path, {"role": "analyst"}), browser.post(f"{path}remove/")):
            assert answer.status_code == 422
            assert "This is the last owner." in text(answer)

    def test_removing_asks_first_and_a_second_click_finds_nobody(
        self, as_: SignIn, cast: Cast
    ) -> None:
        browser = as_(cast.olga)
        path = f"/kaesehaus/team/{cast.mara.pk}/remove/"
        assert "Mara no longer sees this shop" in text(browser.get(path))
        assert cast.cheese.memberships.filter(person=cast.mara).exists()

        assert browser.post(path)["Location"] == "/kaesehaus/team/"
        assert browser.post(path).status_code == 404
        assert as_(cast.mara).get("/kaesehaus/").status_code == 404

    def test_a_withdrawn_invitation_opens_nothing(self, as_: SignIn, cast: Cast) -> None:
        token = services.invite(
            cast.cheese, "nia@example.com", role="analyst", actor=COMMAND, by=None
        )
        browser = as_(cast.olga)
        page = text(browser.get("/kaesehaus/team/"))
        assert "nia@example.com" in page
        number = queries.open_invitation(token).pk
        browser.post(f"/kaesehaus/team/invitations/{number}/withdraw/")

        assert Client().get(f"/invitation/{token}/").status_code == 404
        assert "nia@example.com" not in text(browser.get("/kaesehaus/team/"))


class TestKeys:
    def made(self, browser: Client, **changed: Any) -> Any:
        once = browser.get("/kaesehaus/keys/new/").context["form"]["once"].value()
        sent = {"name": "Import", "permissions": ["data.import"], "days": "30", "once": once}
        return sent, browser.post("/kaesehaus/keys/new/", {**sent, **changed})

    def test_a_key_is_shown_once_and_works(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.olga)
        assert "No program has a key yet" in text(browser.get("/kaesehaus/keys/"))
        sent, answer = self.made(browser)
        key = answer.context["text"]

        assert key in text(answer)
        assert answer["Cache-Control"] == "no-store"
        assert queries.by_token(key).permissions == ["data.import"]
        assert key not in text(browser.get("/kaesehaus/keys/"))
        assert browser.post("/kaesehaus/keys/new/", sent).status_code == 422
        assert Token.objects.count() == 1

    @pytest.mark.parametrize(
        ("field", "value"),
        [("permissions", []), ("permissions", ["all"]), ("days", "4000"), ("name", " ")],
    )
    def test_what_cannot_be_stands_at_its_field(
        self, as_: SignIn, cast: Cast, field: str, value: Any
    ) -> None:
        _, answer = self.made(as_(cast.olga), **{field: value})

        assert list(answer.context["form"].errors) == [field]
        assert not Token.objects.exists()

    def test_a_withdrawn_key_is_refused(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.olga)
        self.made(browser)
        number = Token.objects.get().pk
        browser.post(f"/kaesehaus/keys/{number}/withdraw/")

        assert Token.objects.get().withdrawn_at is not None
        assert browser.post(f"/kaesehaus/keys/{number}/withdraw/").status_code == 404

    def test_whoever_signed_in_long_ago_types_the_password_again(
        self, as_: SignIn, cast: Cast
    ) -> None:
        cast.olga.set_password("a password, so that it can be asked for")
        cast.olga.save()

        asked = as_(cast.olga).get("/kaesehaus/keys/new/")
        assert asked["Location"] == "/account/confirm/?next=%2Fkaesehaus%2Fkeys%2Fnew%2F"


class TestLog:
    def test_imports_and_erasures_tell_what_they_did_in_words(
        self, as_: SignIn, cast: Cast, settings: Any, tmp_path: Path
    ) -> None:
        settings.DATA = tmp_path
        imported(cast.cheese, FILE)
        customer_erased.erase(
            cast.cheese, Customer.objects.get(email="ben@example.com").pk, actor=COMMAND
        )
        services.change(cast.cheese, actor=COMMAND, name="Käsehaus Nord")
        page = text(as_(cast.olga, language="de").get("/kaesehaus/log/"))

        for words in (
            "Person gelöscht",
            "Bestellungen: 1",
            "Dateien jetzt ohne Zeilen dieser Person: 1",
            "Bestellungen neu: 4",
            "Größe: ",
            "Zustand: ",
        ):
            assert words in page, words
        assert not re.search(r"(?:counts|bytes|previewed|files_\w+):", page)

    def test_it_says_what_happened_in_words_and_names_nobody_elses(
        self, as_: SignIn, cast: Cast
    ) -> None:
        me = Actor("person", cast.olga.pk)
        services.give_role(cast.cheese, cast.anton.pk, "support", actor=me)
        services.change(cast.tea, actor=COMMAND, name="Teehaus")
        page = text(as_(cast.olga).get("/kaesehaus/log/"))

        for words in (
            "Role changed",
            "Anton",
            "Analysis</span> → Customer service",
            "Shop created",
        ):
            assert words in page
        assert "Teehaus" not in page

    def test_it_is_filtered_and_paged(self, as_: SignIn, cast: Cast) -> None:
        for days in range(30, 90):
            services.change(cast.cheese, actor=COMMAND, payment_days=days + 1)
        browser = as_(cast.olga)
        first = browser.get("/kaesehaus/log/", {"name": "shop.changed"})
        second = browser.get(f"/kaesehaus/log/{first.context['listing'].next_url}")

        seen = [event.pk for one in (first, second) for event in one.context["listing"].rows]
        assert len(seen) == len(set(seen)) == 60
        assert seen == sorted(seen, reverse=True)
        assert second.context["listing"].next_url is None
        nothing = browser.get("/kaesehaus/log/", {"until": "2020-01-01"})
        assert "Nothing was found" in text(nothing)

    @pytest.mark.parametrize(
        "asked",
        [{"after": "x"}, {"sort": "-x"}, {"person": "x"}, {"since": "31.31.31"}, {"name": "%00"}],
    )
    def test_a_question_it_does_not_understand_limits_nothing(
        self, as_: SignIn, cast: Cast, asked: dict[str, str]
    ) -> None:
        page = as_(cast.olga).get("/kaesehaus/log/", asked)

        assert len(page.context["listing"].rows) == 1

    def test_the_file_holds_no_formula_and_is_noted(self, as_: SignIn, cast: Cast) -> None:
        Person.objects.filter(pk=cast.olga.pk).update(name='=HYPERLINK("http://x")')
        me = Actor("person", cast.olga.pk)
        services.change(cast.cheese, actor=me, name="+49 Käse")
        browser = as_(cast.olga)
        assert browser.get("/kaesehaus/log/export/").status_code == 302
        answer = browser.post("/kaesehaus/log/export/?name=shop.changed")

        file = b"".join(answer.streaming_content).decode("utf-8-sig")
        head, row = csv.reader(io.StringIO(file))
        assert head == ["Time", "Event", "What happened", "Who", "About", "Details"]
        assert row[1:4] == ["shop.changed", "Settings changed", """'=HYPERLINK("http://x")"""]
        assert row[5] == "Name of the shop: Käsehaus → +49 Käse"
        assert Event.objects.filter(name="log.exported", actor_id=cast.olga.pk).count() == 1


class TestFirstSteps:
    def test_they_follow_from_what_is_there(self, as_: SignIn, cast: Cast) -> None:
        steps = as_(cast.tina).get("/teekontor/").context["steps"]
        done = {one.step.name: one.is_done for one in steps}
        assert (done["settings"], done["team"], done["security"]) == (False, False, False)

        services.change(cast.tea, actor=COMMAND, window_days=400)
        services.invite(cast.tea, "nia@example.com", role="owner", actor=COMMAND, by=None)
        steps = as_(cast.tina).get("/teekontor/").context["steps"]
        done = {one.step.name: one.is_done for one in steps}
        assert (done["settings"], done["team"], done["security"]) == (True, True, False)

    def test_each_sees_what_the_role_allows(self, as_: SignIn, cast: Cast) -> None:
        steps = as_(cast.sven).get("/kaesehaus/").context["steps"]

        assert [one.step.name for one in steps] == ["security"]

    def test_hiding_is_for_oneself_and_happens_once(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.olga)
        browser.get("/kaesehaus/hints/checklist/")
        assert browser.get("/kaesehaus/").context["steps"]
        for _ in range(2):
            assert browser.post("/kaesehaus/hints/checklist/").status_code == 302

        assert browser.get("/kaesehaus/").context["steps"] == []
        assert as_(cast.mara).get("/kaesehaus/").context["steps"]
        assert Dismissal.objects.count() == Event.objects.filter(name="hint.dismissed").count() == 1
        assert browser.post("/kaesehaus/hints/anything/").status_code == 404
