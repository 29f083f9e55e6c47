"""Things that must happen once although two ask at the same moment."""

from __future__ import annotations

from at_once import at_once  # type: ignore[import-not-found]
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.people.models import Person
from stammkunde.core.shops import services
from stammkunde.core.shops.models import Membership
from stores_and_cast import Store, make_cast  # type: ignore[import-not-found]


def test_one_link_lets_one_person_in(own_store: Store) -> None:
    cast = make_cast()
    people = [Person.objects.create_user(f"new{n}@example.com") for n in range(8)]
    token = services.invite(cast.cheese, "new@example.com", role="support", actor=COMMAND, by=None)

    found = at_once(*[lambda p=p: services.accept(token, person=p) for p in people])

    assert found.count("invitation.unknown") == 7
    assert Membership.objects.filter(person__in=people).count() == 1


def test_two_owners_cannot_both_leave(own_store: Store) -> None:
    cast = make_cast()
    services.give_role(cast.cheese, cast.mara.pk, "owner", actor=COMMAND)

    found = at_once(
        lambda: services.remove(cast.cheese, cast.olga.pk, actor=COMMAND),
        lambda: services.remove(cast.cheese, cast.mara.pk, actor=COMMAND),
    )

    assert sorted(map(str, found)) == ["None", "person.is_last_owner"]
    assert Membership.objects.filter(shop=cast.cheese, role="owner").count() == 1
