"""Links that invite and keys of programs: replayed, out of date, in wrong hands, taken back midway."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from core.test_races import at_once
from dashboard.conftest import PASSWORD, SignIn
from stammkunde.core import clock
from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import NotFound
from stammkunde.core.people.models import Person
from stammkunde.core.shops import joining, services
from stammkunde.core.shops.models import Membership, Token
from stammkunde.faces.api import parsing
from stammkunde.records.customers.models import Customer
from stores_and_cast import Cast, Store, make_cast  # type: ignore[import-not-found]

NEW = {"name": "Nia Neu", "language": "en", "password": PASSWORD}


def invited(cast: Cast, email: str = "nia@example.com") -> str:
    return services.invite(cast.cheese, email, role="analyst", actor=COMMAND, by=cast.olga)


@pytest.mark.django_db
class TestInvitations:
    def test_a_link_ends_after_a_week(self, cast: Cast, time_machine: Any) -> None:
        link = f"/invitation/{invited(cast)}/"
        time_machine.move_to(clock.now() + dt.timedelta(days=7, seconds=1))

        assert Client().get(link).status_code == 404
        assert Client().post(link, NEW).status_code == 404
        assert not Person.objects.filter(email="nia@example.com").exists()

    def test_a_link_is_good_once_and_an_older_one_no_more(self, cast: Cast, as_: SignIn) -> None:
        old = invited(cast)
        link = invited(cast)

        assert as_(cast.tina).post(f"/invitation/{old}/").status_code == 404
        assert as_(cast.tina).post(f"/invitation/{link}/").status_code == 302
        assert as_(cast.mara).post(f"/invitation/{link}/").status_code == 404

    def test_a_removed_member_does_not_come_back_by_the_old_link(
        self, cast: Cast, as_: SignIn
    ) -> None:
        link = f"/invitation/{invited(cast, 'tina@example.com')}/"
        browser = as_(cast.tina)
        browser.post(link)
        services.remove(cast.cheese, cast.tina.pk, actor=COMMAND)

        assert browser.post(link).status_code == 404
        assert browser.get("/kaesehaus/").status_code == 404

    def test_whoever_joins_by_somebody_elses_link_is_named_so_in_the_log(
        self, cast: Cast, as_: SignIn
    ) -> None:
        as_(cast.tina).post(f"/invitation/{invited(cast)}/")

        joined = Event.objects.get(name="person.joined")
        assert joined.data["by_another_address"] is True
        assert "nia@example.com" not in str(joined.data)

    def test_a_link_raises_nobody_who_is_in_already(self, cast: Cast, as_: SignIn) -> None:
        token = services.invite(
            cast.cheese, "x@example.com", role="owner", actor=COMMAND, by=cast.olga
        )
        as_(cast.sven).post(f"/invitation/{token}/")

        assert Membership.objects.get(shop=cast.cheese, person=cast.sven).role == "support"

    def test_an_address_with_an_account_gets_no_second_one(self, cast: Cast) -> None:
        link = f"/invitation/{invited(cast, 'TINA@example.com')}/"
        Client().post(link, NEW)

        assert Person.objects.filter(email__iexact="tina@example.com").count() == 1
        assert not Membership.objects.filter(shop=cast.cheese, person=cast.tina).exists()


def test_two_clicks_at_once_make_one_account(own_store: Store) -> None:
    token = invited(make_cast())

    def join() -> object:
        return joining.accept_as_new(token, name="N", language="en", password=PASSWORD)

    found = at_once(*[join] * 6)

    assert Person.objects.filter(email="nia@example.com").count() == 1
    assert sum(isinstance(each, Membership) for each in found) == 1


@pytest.mark.django_db
class TestKeys:
    def made(self, cast: Cast, *permissions: Any) -> tuple[Token, str]:
        may = permissions or ("shop.read", "customers.change", "data.import")
        return services.make_token(cast.cheese, "K", permissions=may, days=1, actor=COMMAND)

    def test_a_key_ends_with_its_time(self, cast: Cast, time_machine: Any) -> None:
        _token, text = self.made(cast)
        head = {"authorization": f"Bearer {text}"}
        assert Client().get("/api/v1/shop", headers=head).status_code == 200
        time_machine.move_to(clock.now() + dt.timedelta(days=1, seconds=1))

        assert Client().get("/api/v1/shop", headers=head).status_code == 401

    def test_a_key_withdrawn_while_the_body_comes_in_writes_nothing(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        token, text = self.made(cast)
        read = parsing.read

        def slowly(request: Any) -> None:
            read(request)
            services.withdraw_token(cast.cheese, token.pk, actor=COMMAND)

        monkeypatch.setattr(parsing, "read", slowly)
        answer = Client().post(
            "/api/v1/customers",
            data='{"number": "1", "name": "Anna"}',
            content_type="application/json",
            headers={"authorization": f"Bearer {text}"},
        )

        assert answer.status_code == 401
        assert not Customer.objects.exists()
        assert answer.headers["WWW-Authenticate"].endswith('error="invalid_token"')

    def test_a_key_stands_nowhere_but_on_the_page_that_made_it(
        self, cast: Cast, as_: SignIn
    ) -> None:
        _token, text = self.made(cast)
        browser = as_(cast.olga)
        for path in ("keys/", "log/", "jobs/"):
            assert text not in browser.get(f"/kaesehaus/{path}").content.decode()
        assert not Token.objects.filter(digest=text).exists()
        with pytest.raises(NotFound):
            services.withdraw_token(cast.tea, _token.pk, actor=COMMAND)
