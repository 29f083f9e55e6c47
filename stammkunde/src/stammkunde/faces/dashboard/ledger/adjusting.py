"""Corrections by hand: with a reason, and above the unit's limit with a second pair of eyes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms as fields
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stammkunde.core import clock
from stammkunde.core.errors import NotFound
from stammkunde.core.people.models import Person
from stammkunde.faces.dashboard import confirming, forms, lists
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.confirming import Question
from stammkunde.faces.dashboard.insights.inputs import DAYS, DayInput
from stammkunde.faces.dashboard.ledger import showing
from stammkunde.faces.dashboard.ledger.amounts import UnitAmountField
from stammkunde.features.wallets import services as wallets
from stammkunde.ledger import adjusting, services
from stammkunde.ledger.commands import Adjust, Owner, Posted
from stammkunde.ledger.models import Proposal, Unit

COLUMNS = (
    lists.Column("whose", gettext_lazy("Whose")),
    lists.Column("amount", gettext_lazy("Amount"), is_number=True),
    lists.Column("reason", gettext_lazy("Reason")),
    lists.Column("by", gettext_lazy("Proposed by")),
    lists.Column("state", gettext_lazy("State")),
)


@page_of_shop("ledger.adjust")
def adjust(visit: Visit, unit: str, owner_kind: str, owner: str) -> HttpResponse:
    """Correct what an owner has."""
    found = showing.unit_of(visit, unit)
    shown = showing.require_owner(visit, found, owner_kind, owner)
    return _adjust(visit, found, shown.name, shown.url, lambda: shown.owner)


@page_of_shop("ledger.adjust")
def adjust_customer(visit: Visit, customer: int, unit: str) -> HttpResponse:
    """Correct what a customer has; whoever never had anything is given an account by the first booking."""
    found = showing.unit_of(visit, unit)
    person = wallets.require(visit.shop, customer)
    place = reverse("customers_customer", args=[visit.shop.slug, person.pk])
    return _adjust(
        visit, found, str(person), place, lambda: wallets.owner_of(visit.shop, person.pk)
    )


def _adjust(
    visit: Visit, unit: Unit, name: str, back: str, owner_of: Callable[[], Owner]
) -> HttpResponse:
    form = AdjustForm(unit, visit.request.POST or None)

    @transaction.atomic
    def work(amount: int, reason: str, expires_on: dt.date | None) -> tuple[Owner, Posted]:
        owner = owner_of()
        command = Adjust(
            shop_id=visit.shop.pk, unit=unit.code, key=form.key, effective_at=clock.now(),
            owner=owner, amount=amount, reason=reason, by=_by(visit.person),
            expires_at=_end(visit, expires_on),
        )  # fmt: skip
        return owner, wallets.book(visit.shop, command)

    if made := forms.submit(visit.request, form, work):
        owner, posted = made
        said = (
            _("Somebody else has to agree first.")
            if posted.proposal_id
            else _("It has been booked.")
        )
        return visit.go("ledger_accounts_account", unit.code, owner.kind, owner.id, say=said)
    return visit.page(
        "ledger/adjust.html", 422 if form.errors else 200, form=form, unit=unit, name=name,
        back=back, limit=showing.amount(unit.four_eyes_above, unit),
    )  # fmt: skip


@page_of_shop("ledger.read")
def proposals(visit: Visit) -> HttpResponse:
    """Show the corrections that wait for a second person, and those decided on."""
    units, unit = showing.unit_asked(visit)
    if unit is None:
        return visit.go("ledger_accounts")
    found = Proposal.objects.filter(shop_id=visit.shop.pk, unit=unit)
    listing = lists.page(found, COLUMNS, visit.request.GET)
    owners = showing.owners(
        visit.shop, unit, [Owner(one.owner_kind, one.owner_id) for one in listing.rows]
    )
    people = adjusting.people({_by(visit.person), *(one.proposed_by for one in listing.rows)})
    rows = [
        (
            one,
            owners[Owner(one.owner_kind, one.owner_id)],
            showing.amount(one.amount, unit, sign=True),
            _name(visit, one.proposed_by),
            _name(visit, one.decided_by),
            one.state == "open" and people[one.proposed_by] != _by(visit.person),
        )
        for one in listing.rows
    ]
    return visit.page("ledger/proposals.html", units=units, unit=unit, listing=listing, rows=rows)


@page_of_shop("ledger.adjust")
def approve(visit: Visit, proposal: int) -> HttpResponse:
    """Agree to a correction, after asking."""
    return _decide(visit, proposal, agreed=True)


@page_of_shop("ledger.adjust")
def decline(visit: Visit, proposal: int) -> HttpResponse:
    """Refuse a correction, after asking."""
    return _decide(visit, proposal, agreed=False)


def _decide(visit: Visit, proposal: int, *, agreed: bool) -> HttpResponse:
    found = (
        Proposal.objects.filter(shop_id=visit.shop.pk, pk=proposal).select_related("unit").first()
    )
    if found is None:
        raise NotFound(_("There is no such correction."), name="ledger.unknown_proposal")
    owner = Owner(found.owner_kind, found.owner_id)
    named = showing.owners(visit.shop, found.unit, [owner])[owner].name
    said = {"amount": showing.amount(found.amount, found.unit, sign=True), "name": named}
    title = _("Book %(amount)s for %(name)s?") if agreed else _("Refuse %(amount)s for %(name)s?")
    question = Question(
        title=title % said,
        consequences=(
            _("The reason given: %(reason)s") % {"reason": found.reason},
            _("It stands in the log that you decided.")
            if not agreed
            else _("The balance changes at once. It stands in the log that you agreed."),
        ),
        button=_("Book it") if agreed else _("Refuse it"),
        done=_("It has been booked.") if agreed else _("It has been refused."),
        back="ledger_proposals",
    )

    def work() -> None:
        if agreed:
            wallets.approve(visit.shop, found.pk, by=_by(visit.person))
        else:
            services.decline(visit.shop.pk, found.pk, by=_by(visit.person))

    return confirming.ask(visit, question, work)


def _by(person: Person) -> str:
    return f"person:{person.pk}"


def _name(visit: Visit, by: str) -> str:
    """Return who proposed or decided: a person of the shop by name, a program as such."""
    kind, _colon, key = by.partition(":")
    if kind == "person" and key.isdecimal():
        found = Person.objects.filter(memberships__shop=visit.shop, pk=int(key)).first()
        return str(found) if found else _("somebody who left")
    return _("a program") if kind == "token" else by


def _end(visit: Visit, day: dt.date | None) -> dt.datetime | None:
    """Return when the day after is over in the shop: what ends on a day holds all of it."""
    if day is None:
        return None
    return clock.midnight(day + dt.timedelta(days=1), visit.shop.zone)


class AdjustForm(forms.Once):
    """How much, why, and until when it holds."""

    amount = UnitAmountField(
        label=gettext_lazy("Amount"),
        help_text=gettext_lazy("Above zero gives, below zero takes away."),
    )
    reason = fields.CharField(
        label=gettext_lazy("Reason"),
        min_length=3,
        max_length=200,
        help_text=gettext_lazy(
            "Stands on the statement for good. Write no names: bookings outlive an erasure."
        ),
    )
    expires_on = fields.DateField(
        label=gettext_lazy("Can be used until"),
        required=False,
        validators=DAYS,
        widget=DayInput(),
        help_text=gettext_lazy("The last day. Empty: without an end."),
    )
    field_order = ("amount", "reason", "expires_on")

    def __init__(self, unit: Unit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amount = self.fields["amount"]
        if isinstance(amount, UnitAmountField):
            amount.of(unit)
