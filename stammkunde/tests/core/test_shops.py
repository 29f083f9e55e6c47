from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from stammkunde.core import clock
from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND, Actor
from stammkunde.core.errors import Forbidden, NotFound, Refused
from stammkunde.core.people.models import Person
from stammkunde.core.shops import queries, services
from stammkunde.core.shops.models import Invitation, Membership, Shop, Token
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
IN_A_WEEK = dt.timedelta(days=services.INVITATION_DAYS)


def later(monkeypatch: pytest.MonkeyPatch, by: dt.timedelta) -> None:
    then = clock.now() + by
    monkeypatch.setattr(clock, "now", lambda: then)


class TestFounding:
    def test_a_shop_has_an_address_an_owner_and_a_first_version(self, cast: Cast) -> None:
        shop = services.found("Bücher & mehr", owner=cast.tina, actor=Actor("person", cast.tina.pk))

        assert shop.slug == "buecher-mehr"
        assert [(m.person, m.role) for m in shop.memberships.all()] == [(cast.tina, "owner")]
        assert shop.versions.get().decisions["window_days"] == 365
        event = Event.objects.get(name="shop.founded", shop_id=shop.id)
        assert (event.actor_kind, event.actor_id) == ("person", cast.tina.pk)

    def test_two_shops_of_one_name_have_two_addresses(self, cast: Cast) -> None:
        second = services.found("Käsehaus", owner=None, actor=COMMAND)
        third = services.found("Käsehaus", owner=None, actor=COMMAND)

        assert (cast.cheese.slug, second.slug, third.slug) == (
            "kaesehaus",
            "kaesehaus-2",
            "kaesehaus-3",
        )

    @pytest.mark.parametrize(
        ("decision", "value"),
        [
            ("zone", "Europe/Atlantis"),
            ("currency", "euro"),
            ("brand_color", "red"),
            ("window_days", 1),
            ("language", "fr"),
            ("name", " "),
        ],
    )
    def test_what_cannot_be_is_refused_at_its_field(
        self, cast: Cast, decision: str, value: Any
    ) -> None:
        with pytest.raises(Refused) as refused:
            services.found(**{"name": "A", decision: value}, owner=None, actor=COMMAND)

        assert list(refused.value.fields) == [decision]
        assert Shop.objects.count() == 2


class TestChanging:
    def test_each_change_is_a_version_and_names_what_was(self, cast: Cast) -> None:
        shop = services.change(cast.cheese, actor=COMMAND, window_days=400, name="Käsehaus")

        assert shop.version == 2
        assert [v.decisions["window_days"] for v in shop.versions.order_by("number")] == [365, 400]
        event = Event.objects.get(name="shop.changed")
        assert event.data == {"changed": {"window_days": [365, 400]}}

    def test_nothing_new_is_no_version(self, cast: Cast) -> None:
        assert services.change(cast.cheese, actor=COMMAND, window_days=365).version == 1
        assert not Event.objects.filter(name="shop.changed").exists()


class TestInvitations:
    def test_whoever_follows_the_link_joins_once(self, cast: Cast) -> None:
        new = Person.objects.create_user("new@example.com")
        token = services.invite(
            cast.cheese, "new@example.com", role="analyst", actor=COMMAND, by=cast.olga
        )

        assert services.accept(token, person=new).role == "analyst"
        with pytest.raises(NotFound):
            services.accept(token, person=cast.tina)
        assert not Invitation.objects.filter(digest=token).exists()

    def test_the_newest_link_counts(self, cast: Cast) -> None:
        first, second = (
            services.invite(cast.cheese, each, role="analyst", actor=COMMAND, by=None)
            for each in ("new@example.com", "NEW@example.com")
        )

        with pytest.raises(NotFound):
            queries.open_invitation(first)
        assert queries.open_invitation(second).email == "NEW@example.com"

    def test_a_link_runs_out(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        token = services.invite(
            cast.cheese, "new@example.com", role="support", actor=COMMAND, by=None
        )
        later(monkeypatch, IN_A_WEEK)

        with pytest.raises(NotFound):
            services.accept(token, person=cast.tina)

    def test_a_member_is_not_invited_again(self, cast: Cast) -> None:
        with pytest.raises(Refused) as refused:
            services.invite(cast.cheese, "Mara@Example.com", role="owner", actor=COMMAND, by=None)

        assert refused.value.name == "person.is_member"
        assert not Invitation.objects.exists()


class TestRoles:
    def test_a_shop_always_has_an_owner(self, cast: Cast) -> None:
        with pytest.raises(Refused) as change:
            services.give_role(cast.cheese, cast.olga.pk, "analyst", actor=COMMAND)
        with pytest.raises(Refused) as removal:
            services.remove(cast.cheese, cast.olga.pk, actor=COMMAND)
        assert change.value.name == removal.value.name == "person.is_last_owner"

        services.give_role(cast.cheese, cast.mara.pk, "owner", actor=COMMAND)
        services.remove(cast.cheese, cast.olga.pk, actor=COMMAND)
        assert set(cast.cheese.memberships.filter(role="owner")) == {
            Membership.objects.get(person=cast.mara)
        }

    def test_a_role_allows_what_it_allows(self, cast: Cast) -> None:
        assert queries.require(cast.mara, "kaesehaus", "data.import").role == "marketer"
        with pytest.raises(Forbidden):
            queries.require(cast.sven, "kaesehaus", "data.import")
        with pytest.raises(Forbidden):
            queries.require(cast.mara, "kaesehaus", "people.manage")

    def test_another_shop_does_not_exist(self, cast: Cast) -> None:
        with pytest.raises(NotFound):
            queries.require(cast.tina, "kaesehaus", "shop.read")
        with pytest.raises(NotFound):
            services.give_role(cast.cheese, cast.tina.pk, "owner", actor=COMMAND)
        with pytest.raises(NotFound):
            services.remove(cast.tea, cast.mara.pk, actor=COMMAND)

    def test_the_store_knows_no_other_role(self, cast: Cast) -> None:
        with pytest.raises(DatabaseError), transaction.atomic():
            Membership.objects.create(shop=cast.tea, person=cast.mara, role="king")


class TestTokens:
    def test_a_token_is_shown_once_and_opens_its_shop(self, cast: Cast) -> None:
        token, text = services.make_token(
            cast.cheese, "Import", permissions={"data.import"}, days=30, actor=COMMAND
        )

        assert text not in str(list(Token.objects.values_list()))
        found = queries.by_token(text)
        assert (found, found.shop, found.permissions) == (token, cast.cheese, ["data.import"])
        assert Token.objects.get().used_at is not None

    def test_it_stops_when_withdrawn_or_old(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        withdrawn, first = services.make_token(
            cast.cheese, "A", permissions={"metrics.read"}, days=1, actor=COMMAND
        )
        _, second = services.make_token(
            cast.cheese, "B", permissions={"metrics.read"}, days=1, actor=COMMAND
        )
        services.withdraw_token(cast.cheese, withdrawn.pk, actor=COMMAND)
        with pytest.raises(NotFound):
            queries.by_token(first)

        assert queries.by_token(second).name == "B"
        later(monkeypatch, dt.timedelta(days=1))
        with pytest.raises(NotFound):
            queries.by_token(second)

    @pytest.mark.parametrize(("permissions", "days"), [([], 30), (["metrics.read"], 400)])
    def test_it_may_do_something_for_a_time(self, cast: Cast, permissions: Any, days: int) -> None:
        with pytest.raises(Refused):
            services.make_token(cast.cheese, "A", permissions=permissions, days=days, actor=COMMAND)

    def test_another_shop_cannot_withdraw_it(self, cast: Cast) -> None:
        token, _ = services.make_token(
            cast.cheese, "A", permissions={"metrics.read"}, days=1, actor=COMMAND
        )
        with pytest.raises(NotFound):
            services.withdraw_token(cast.tea, token.pk, actor=COMMAND)


class TestLog:
    @pytest.mark.parametrize(
        "change", ["UPDATE audit_event SET name = 'x'", "DELETE FROM audit_event"]
    )
    def test_the_store_refuses_to_change_it(self, cast: Cast, change: str) -> None:
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(change)


class TestPeople:
    def test_an_address_signs_in_one_person_whatever_its_case(self, cast: Cast) -> None:
        assert Person.objects.get_by_natural_key(" OLGA@example.com") == cast.olga
        with pytest.raises(DatabaseError), transaction.atomic():
            Person.objects.create_user("Olga@Example.com")
