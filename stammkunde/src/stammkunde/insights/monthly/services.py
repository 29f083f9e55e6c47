"""Verbs of the monthly report: decide the plan, keep an edition, and account for every message.

A message is claimed in a transaction of its own before it is handed to the mail server, and settled
in another one afterwards. Whoever dies in between leaves it claimed: nobody can know then whether it
went out, so it is never sent again by itself, and the page says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import Refused
from stammkunde.core.people.models import Person
from stammkunde.core.shops.models import Shop
from stammkunde.insights.monthly import queries, rules
from stammkunde.insights.monthly.models import (
    DAY_MAX,
    FAILED,
    SENDING,
    SENT,
    UNKNOWN,
    WAITING,
    Delivery,
    Edition,
    Plan,
    Recipient,
)

# A mail server is given ten seconds; who has not answered after that long is not alive.
ALIVE = dt.timedelta(minutes=10)


@transaction.atomic
def decide(
    shop: Shop, *, day: int, people: Collection[int], is_paused: bool, address: str, actor: Actor
) -> Plan:
    """Decide on which day the report goes out, and to whom.

    Parameters
    ----------
    people
        Ids of members who may read numbers.
    address
        Where the product is: links in messages begin with it.

    Raises
    ------
    Refused
        Not every month has the day, or somebody may not receive the report.
    """
    Shop.objects.select_for_update().get(pk=shop.pk)
    fields: dict[str, str | Promise] = {}
    if not 1 <= day <= DAY_MAX:
        fields["day"] = _("Choose a day from 1 to %(last)s: every month has these.") % {
            "last": DAY_MAX
        }
    if set(people) - {person.pk for person in queries.members(shop)}:
        fields["people"] = _("Only members of the team who may read figures can receive it.")
    if fields:
        raise Refused(" ".join(map(str, fields.values())), name="plan.impossible", fields=fields)
    before = queries.plan(shop)
    first = rules.first_month(clock.today(shop.zone), day=day)
    if before and not (before.is_paused and not is_paused):
        first = before.first_month
    plan, _made = Plan.objects.update_or_create(
        shop=shop,
        defaults={"day": day, "is_paused": is_paused, "address": address, "first_month": first},
    )
    Recipient.objects.filter(shop=shop).exclude(person_id__in=people).delete()
    for person_id in people:
        Recipient.objects.get_or_create(
            shop=shop, person_id=person_id, defaults={"since": clock.now()}
        )
    audit.note(
        "monthly.decided",
        actor=actor,
        shop_id=shop.pk,
        day=day,
        is_paused=is_paused,
        recipients=len(set(people)),
    )
    return plan


@transaction.atomic
def unsubscribe(recipient: Recipient, *, actor: Actor) -> None:
    """End the messages to a person."""
    if Recipient.objects.filter(pk=recipient.pk).delete()[0]:
        audit.note(
            "monthly.unsubscribed",
            actor=actor,
            shop_id=recipient.shop_id,
            about=("person", recipient.person_id),
        )


@transaction.atomic
def keep(
    shop: Shop, month: dt.date, content: Mapping[str, Any], people: Collection[Person]
) -> Edition:
    """Keep the report of a month as it will be sent, with a message for each person.

    One that is kept already stays as it is; people it was not meant for yet are added.
    """
    Shop.objects.select_for_update().get(pk=shop.pk)
    edition, _made = Edition.objects.get_or_create(
        shop=shop,
        month=month,
        defaults={
            "content": dict(content),
            "language": shop.language,
            "made_at": clock.now(),
        },
    )
    for person in people:
        Delivery.objects.get_or_create(edition=edition, person=person)
    return edition


@transaction.atomic
def ask_again(shop: Shop, delivery_id: int, *, actor: Actor) -> Delivery:
    """Let a message go out again, as somebody wants it who saw what became of it.

    Raises
    ------
    Refused
        It is about to be sent anyway.
    """
    found = queries.delivery(shop, delivery_id)
    delivery = Delivery.objects.select_for_update().get(pk=found.pk)
    if delivery.state in (WAITING, SENDING) and not is_abandoned(delivery):
        raise Refused(_("This message is being sent already."), name="delivery.is_open")
    delivery.state, delivery.fault = WAITING, ""
    delivery.save(update_fields=["state", "fault"])
    audit.note(
        "monthly.sent_again",
        actor=actor,
        shop_id=shop.pk,
        about=("person", delivery.person_id),
        month=f"{found.edition.month:%Y-%m}",
    )
    return delivery


@transaction.atomic
def claim(delivery_id: int) -> Delivery | None:
    """Take a message to send it; None where it is not to be sent, or by nobody any more.

    What an earlier worker claimed and never settled becomes `unknown`.
    """
    delivery = Delivery.objects.select_for_update().filter(pk=delivery_id).first()
    if delivery is None:
        return None
    if is_abandoned(delivery):
        delivery.state, delivery.ended_at = UNKNOWN, clock.now()
        delivery.save(update_fields=["state", "ended_at"])
        return None
    if delivery.state not in (WAITING, FAILED):
        return None
    delivery.state, delivery.fault, delivery.begun_at = SENDING, "", clock.now()
    delivery.attempts += 1
    delivery.save(update_fields=["state", "fault", "begun_at", "attempts"])
    return delivery


@transaction.atomic
def settle(delivery: Delivery, state: str, *, fault: str = "") -> None:
    """Write down what became of a message that was claimed; a later attempt is left alone."""
    mine = Delivery.objects.filter(
        pk=delivery.pk, attempts=delivery.attempts, state__in=(SENDING, UNKNOWN)
    )
    if mine.update(state=state, fault=fault, ended_at=clock.now()) and state == SENT:
        audit.note(
            "monthly.sent",
            actor=audit.JOB,
            shop_id=delivery.edition.shop_id,
            about=("person", delivery.person_id),
            month=f"{delivery.edition.month:%Y-%m}",
        )


def is_abandoned(delivery: Delivery) -> bool:
    """Return whether whoever claimed a message is no longer there to settle it."""
    begun = delivery.begun_at
    return delivery.state == SENDING and (begun is None or clock.now() - begun > ALIVE)
