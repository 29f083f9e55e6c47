"""Saved views: what is saved, who sees it, and how it is changed, put in order, deleted and brought back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from dashboard.conftest import SignIn
from dashboard.test_numbers import text
from stammkunde.core.audit.models import Event
from stammkunde.features.views import services
from stammkunde.features.views.models import View
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
PAGE = "/kaesehaus/explore/views/"
SAVED = {"name": "Monthly look", "page": "explore", "query": "metric=orders&by=country"}


def save(browser: Client, **changed: str) -> Any:
    return browser.post(f"{PAGE}save/", {**SAVED, **changed})


def listed(browser: Client) -> list[str]:
    return re.findall(r"<strong>([^<]+)</strong></a>", browser.get(PAGE).content.decode())


class TestSaving:
    def test_a_view_leads_back_to_the_page_as_it_was(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.anton)
        answer = save(browser)

        assert answer["Location"] == "/kaesehaus/explore/?metric=orders&by=country"
        assert "Monthly look" in text(browser.get(PAGE))
        event = Event.objects.get(name="view.saved")
        assert event.data == {"is_shared": False}
        assert browser.get("/kaesehaus/log/").status_code == 403

    def test_other_pages_of_numbers_are_saved_with_what_they_are_about(
        self, as_: SignIn, cast: Cast
    ) -> None:
        browser = as_(cast.anton)
        answer = save(browser, page="metrics_metric", about="revenue", query="grain=year")
        assert answer["Location"] == "/kaesehaus/metrics/revenue/?grain=year"
        answer = save(browser, name="RFM", page="rfm", query="")
        assert answer["Location"] == "/kaesehaus/rfm/"

    def test_a_name_is_given_once_by_each_person(self, as_: SignIn, cast: Cast) -> None:
        assert save(as_(cast.anton)).status_code == 302
        assert save(as_(cast.mara)).status_code == 302
        answer = save(as_(cast.anton), name=" Monthly   look ")
        assert answer.status_code == 422
        assert "You have a view of this name already." in answer.content.decode()
        assert View.objects.count() == 2

    def test_what_cannot_be_saved_is_refused(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.anton)
        for changed in (
            {"page": "people"}, {"page": "https://example.com"}, {"name": " "}, {"name": "x" * 81},
            {"page": "rfm", "about": "no-such-part"}, {"query": "a" * 5000},
        ):  # fmt: skip
            assert save(browser, **changed).status_code == 422, changed
        assert not View.objects.exists()

    def test_there_is_an_end_to_it(
        self, as_: SignIn, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(services, "MOST", 1)
        save(as_(cast.anton))
        assert save(as_(cast.anton), name="Second").status_code == 422


class TestSharing:
    def test_a_private_view_is_nobody_elses(self, as_: SignIn, cast: Cast) -> None:
        save(as_(cast.anton))
        view = View.objects.get()
        assert "Monthly look" not in text(as_(cast.olga).get(PAGE))
        for path in (f"{PAGE}{view.pk}/", f"{PAGE}{view.pk}/do/"):
            assert as_(cast.olga).post(path, {"do": "delete", "name": "x"}).status_code == 404

    def test_a_shared_one_is_seen_by_the_team_and_by_no_other_shop(
        self, as_: SignIn, cast: Cast
    ) -> None:
        save(as_(cast.anton), is_shared="on")
        said = text(as_(cast.sven).get(PAGE))
        assert "Shared by the team" in said
        assert "Monthly look" in said
        assert "Anton" in said
        assert "Monthly look" not in text(as_(cast.tina).get("/teekontor/explore/views/"))

    def test_who_may_not_share_saves_for_themselves(self, as_: SignIn, cast: Cast) -> None:
        save(as_(cast.sven), is_shared="on")
        assert View.objects.get().is_shared is False

    def test_what_others_share_can_be_duplicated_and_not_changed(
        self, as_: SignIn, cast: Cast
    ) -> None:
        save(as_(cast.anton), is_shared="on")
        view = View.objects.get()
        mara = as_(cast.mara)
        assert mara.post(f"{PAGE}{view.pk}/", {"name": "Mine now"}).status_code == 422
        assert mara.post(f"{PAGE}{view.pk}/do/", {"do": "delete"}).status_code == 403
        mara.post(f"{PAGE}{view.pk}/do/", {"do": "duplicate"})
        mine = View.objects.get(person=cast.mara)
        assert (mine.name, mine.query, mine.is_shared) == (view.name, view.query, False)

    def test_an_owner_of_the_shop_clears_away_what_is_shared(self, as_: SignIn, cast: Cast) -> None:
        save(as_(cast.anton), is_shared="on")
        view = View.objects.get()
        assert as_(cast.olga).post(f"{PAGE}{view.pk}/do/", {"do": "delete"}).status_code == 200
        assert listed(as_(cast.anton)) == []

    def test_a_saved_query_is_no_use_to_who_may_not_ask(self, as_: SignIn, cast: Cast) -> None:
        save(as_(cast.anton), page="queries", query="", text="SELECT 1", is_shared="on")
        view = View.objects.get()
        assert "SELECT 1" in text(as_(cast.olga).get(f"/kaesehaus/explore/sql/?view={view.pk}"))
        assert listed(as_(cast.sven)) == []


class TestOrder:
    def test_views_stand_in_the_order_that_one_gives_them(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.anton)
        for name in ("One", "Two", "Three"):
            save(browser, name=name)
        third = View.objects.get(name="Three")
        browser.post(f"{PAGE}{third.pk}/do/", {"do": "up"})
        assert listed(browser) == ["One", "Three", "Two"]
        browser.post(f"{PAGE}{third.pk}/do/", {"do": "up"})
        browser.post(f"{PAGE}{third.pk}/do/", {"do": "up"})
        browser.post(f"{PAGE}{View.objects.get(name='One').pk}/do/", {"do": "down"})
        assert listed(browser) == ["Three", "Two", "One"]

    def test_a_second_one_of_the_same_gets_a_number(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.anton)
        save(browser)
        path = f"{PAGE}{View.objects.get().pk}/do/"
        browser.post(path, {"do": "duplicate"})
        browser.post(path, {"do": "duplicate"})
        assert listed(browser) == ["Monthly look", "Monthly look (2)", "Monthly look (3)"]

    def test_it_is_renamed_and_shared_later(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.anton)
        save(browser)
        path = f"{PAGE}{View.objects.get().pk}/"
        browser.post(path, {"name": "Quarterly look", "is_shared": "on"})
        assert listed(as_(cast.olga)) == ["Quarterly look"]
        browser.post(path, {"name": "Quarterly look"})
        assert listed(as_(cast.olga)) == []


class TestDeleting:
    def test_what_was_deleted_can_be_brought_back_by_its_owner_alone(
        self, as_: SignIn, cast: Cast
    ) -> None:
        browser = as_(cast.anton)
        save(browser)
        path = f"{PAGE}{View.objects.get().pk}/do/"
        said = text(browser.post(path, {"do": "delete"}))
        assert "The view “Monthly look” has been deleted." in said
        assert "Bring it back" in said
        assert listed(browser) == []
        assert as_(cast.olga).post(path, {"do": "restore"}).status_code == 404
        browser.post(path, {"do": "restore"})
        assert listed(browser) == ["Monthly look"]
        names = list(Event.objects.filter(name__startswith="view.").values_list("name", flat=True))
        assert sorted(names) == ["view.deleted", "view.restored", "view.saved"]

    def test_a_name_that_was_given_anew_meanwhile_is_said(self, as_: SignIn, cast: Cast) -> None:
        browser = as_(cast.anton)
        save(browser)
        path = f"{PAGE}{View.objects.get().pk}/do/"
        browser.post(path, {"do": "delete"})
        save(browser)
        answer = browser.post(path, {"do": "restore"}, follow=True)
        assert "You have a view of this name already." in text(answer)

    def test_after_a_month_it_is_gone_for_good(
        self, as_: SignIn, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        save(as_(cast.anton))
        as_(cast.anton).post(f"{PAGE}{View.objects.get().pk}/do/", {"do": "delete"})
        assert services.purge() == 0
        monkeypatch.setattr(services, "KEPT", -services.KEPT)
        assert services.purge() == 1
        assert not View.objects.exists()
