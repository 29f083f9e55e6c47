"""What a new shop should do first: computed from what is there, skipped or hidden by whoever likes."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.utils import is_mfa_enabled
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stammkunde.core.audit import services as audit
from stammkunde.core.shops import queries
from stammkunde.core.shops.rules import Permission
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.models import Dismissal

WHOLE = "checklist"


@dataclass(frozen=True)
class Step:
    """Something to do once.

    Parameters
    ----------
    page
        Where it is done: the name of an address, with the shop or without.
    """

    name: str
    title: str | Promise
    reason: str | Promise
    button: str | Promise
    page: str
    permission: Permission


@dataclass(frozen=True)
class Shown:
    """A step as one member sees it."""

    step: Step
    url: str
    is_done: bool


STEPS = (
    Step(
        "settings",
        _("Check the settings"),
        _(
            "Time zone, currency and taxes decide on every figure. They are best right from the start."
        ),
        _("Open the settings"),
        "settings",
        "shop.change",
    ),
    Step(
        "import",
        _("Import orders"),
        _("A file from your shop system is enough. Two years back show the most."),
        _("Import orders"),
        "imports",
        "data.import",
    ),
    Step(
        "team",
        _("Invite your team"),
        _("Everybody gets an account of their own, and a role that fits the work."),
        _("Invite somebody"),
        "people_invite",
        "people.manage",
    ),
    Step(
        "security",
        _("Protect your account"),
        _("With an app that shows a code, a stolen password alone opens nothing."),
        _("Set up the second step"),
        "mfa_activate_totp",
        "shop.read",
    ),
)


def steps(visit: Visit, *, has_orders: bool) -> list[Shown]:
    """Return what the member may do of the steps, in order; none once all is done or hidden."""
    dismissed = set(_dismissals(visit).values_list("hint", flat=True))
    if WHOLE in dismissed:
        return []
    done = _done(visit, has_orders=has_orders) | dismissed
    shown = [
        Shown(step, url, step.name in done)
        for step in STEPS
        if visit.may(step.permission) and (url := _url(step, visit))
    ]
    return shown if not all(one.is_done for one in shown) else []


@page_of_shop("shop.read")
def dismiss(visit: Visit, hint: str) -> HttpResponse:
    """Hide a hint for this member."""
    if hint not in {WHOLE, *(step.name for step in STEPS)}:
        raise Http404("There is no such hint.")
    if visit.request.method == "POST":
        with transaction.atomic():
            membership = queries.membership(visit.shop, visit.person.pk)
            _dismissal, is_new = Dismissal.objects.get_or_create(membership=membership, hint=hint)
            if is_new:
                audit.note("hint.dismissed", actor=visit.actor, shop_id=visit.shop.id, hint=hint)
    return visit.go("overview")


def _done(visit: Visit, *, has_orders: bool) -> set[str]:
    shop = visit.shop
    found: dict[str, bool] = {
        "settings": shop.version > 1,
        "import": has_orders,
        "team": queries.members(shop).count() > 1 or queries.invitations(shop).exists(),
        "security": is_mfa_enabled(visit.person),
    }
    return {name for name, is_done in found.items() if is_done}


def _dismissals(visit: Visit) -> QuerySet[Dismissal]:
    return Dismissal.objects.filter(membership__shop=visit.shop, membership__person=visit.person)


def _url(step: Step, visit: Visit) -> str | None:
    """Return where a step is done, None as long as the product has no such page."""
    for arguments in ([visit.shop.slug], []):
        try:
            return reverse(step.page, args=arguments)
        except NoReverseMatch:
            continue
    return None
