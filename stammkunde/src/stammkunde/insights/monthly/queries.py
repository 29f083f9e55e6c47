"""Reads about the monthly report, each within its shop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core import signing
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock
from stammkunde.core.errors import NotFound
from stammkunde.core.people.models import Person
from stammkunde.core.shops import rules
from stammkunde.core.shops.models import Membership, Shop
from stammkunde.insights.monthly.models import Delivery, Edition, Plan, Recipient

SALT = "monthly.recipient"


def plan(shop: Shop) -> Plan | None:
    """Return when the report of a shop goes out; None as long as nobody decided it."""
    return Plan.objects.filter(shop=shop).first()


def members(shop: Shop) -> list[Person]:
    """Return the members of a team who may read numbers, and so may receive the report."""
    found = Membership.objects.filter(shop=shop, person__is_active=True).select_related("person")
    return [
        one.person
        for one in found.order_by("person__name", "person_id")
        if rules.may(one.role, "metrics.read")  # type: ignore[arg-type]  # the database checks roles
    ]


def recipients(shop: Shop, *, until: dt.date | None = None) -> list[Person]:
    """Return who receives the report: whoever was chosen and still may.

    Parameters
    ----------
    until
        Only those who were chosen on this day at the latest.
    """
    found = Recipient.objects.filter(shop=shop)
    if until is not None:
        after = until + dt.timedelta(days=1)
        found = found.filter(since__lt=clock.midnight(after, shop.zone))
    chosen = set(found.values_list("person_id", flat=True))
    return [person for person in members(shop) if person.pk in chosen]


def editions(shop: Shop) -> QuerySet[Edition]:
    """Return the reports of a shop that were sent, or were to be, the latest first."""
    found = Edition.objects.filter(shop=shop).defer("content")
    return found.prefetch_related("deliveries__person").order_by("-month")


def edition(shop: Shop, month: dt.date) -> Edition | None:
    """Return the report of a month as it was made to be sent; None where it was not."""
    return Edition.objects.filter(shop=shop, month=month).first()


def deliveries(edition: Edition, people: Iterable[Person]) -> list[Delivery]:
    """Return the messages of a report to some people."""
    found = edition.deliveries.filter(person__in=list(people)).order_by("id")
    return list(found.select_related("edition", "person"))


def delivery(shop: Shop, delivery_id: int) -> Delivery:
    """Return a message of a shop.

    Raises
    ------
    NotFound
        The shop has no such message.
    """
    found = Delivery.objects.filter(edition__shop=shop, pk=delivery_id)
    one = found.select_related("edition", "person").first()
    if one is None:
        raise NotFound(_("There is no such message."), name="delivery.unknown")
    return one


def token(shop: Shop, person: Person) -> str:
    """Return what the link holds by which a person ends the messages, signed."""
    return signing.dumps([shop.pk, person.pk], salt=SALT)


def of_token(text: str) -> Recipient | None:
    """Return the recipient of a link; None where the messages were ended already.

    Raises
    ------
    NotFound
        The link is not one of ours.
    """
    try:
        shop_id, person_id = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise NotFound(_("This link is not valid."), name="recipient.unknown") from None
    found = Recipient.objects.filter(shop_id=shop_id, person_id=person_id)
    return found.select_related("shop", "person").first()
