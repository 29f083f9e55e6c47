"""Who may see a page: every page of a shop goes through `page_of_shop`, which asks no page to think of it."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.functional import Promise

from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import Forbidden, NotFound
from stammkunde.core.people.models import Person
from stammkunde.core.shops import queries, rules
from stammkunde.core.shops.models import Shop
from stammkunde.core.shops.rules import Permission, Role
from stammkunde.faces.dashboard import navigation


@dataclass(frozen=True)
class Visit:
    """Who asks for a page of which shop, and in which role."""

    request: HttpRequest
    person: Person
    shop: Shop
    role: Role

    @property
    def actor(self) -> Actor:
        """Who does what is done on this page."""
        return Actor("person", self.person.pk)

    def may(self, permission: Permission) -> bool:
        """Return whether the role allows something."""
        return rules.may(self.role, permission)

    def page(self, template: str, /, status: int = 200, **values: object) -> HttpResponse:
        """Show a page of the shop."""
        found = {permission: self.may(permission) for permission in rules.PERMISSIONS}
        allowed = {name.replace(".", "_"): may for name, may in found.items()}
        match = self.request.resolver_match
        page = (match.url_name if match else None) or ""
        context = {
            "shop": self.shop,
            "role": self.role,
            "may": allowed,
            "navigation": navigation.build(self.shop.slug, page, found, asked=self.request.GET),
            **values,
        }
        return render(self.request, template, context, status=status)

    def go(self, to: str, *args: object, say: str | Promise | None = None) -> HttpResponse:
        """Lead to another page of the shop, and say there what was done."""
        if say:
            messages.success(self.request, str(say))
        return redirect(to, self.shop.slug, *args)


Page = Callable[..., HttpResponseBase]


def page_of_shop(permission: Permission, *, confirmed: bool = False) -> Callable[[Page], Page]:
    """Let only members with a permission see a page; it is given their visit.

    For everybody else the shop does not exist. Dates and times are those of the shop's zone, words
    are in the person's language. What the shop does not have is no page (`NotFound`).

    Parameters
    ----------
    confirmed
        Whoever signed in some time ago types the password again first.
    """

    def decorate(page: Page) -> Page:
        @wraps(page)
        @login_required
        def checked(request: HttpRequest, shop: str, **rest: object) -> HttpResponseBase:
            person = signed_in(request)
            try:
                membership = queries.require(person, shop, permission)
                visit = Visit(request, person, membership.shop, membership.role)  # type: ignore[arg-type]  # the database checks roles
                if confirmed:
                    _require_recent_password(request)
                with (
                    timezone.override(zoneinfo.ZoneInfo(membership.shop.zone)),
                    translation.override(person.language),
                ):
                    return page(visit, **rest)
            except NotFound as fault:
                raise Http404(str(fault)) from fault
            except Forbidden as fault:
                return render(request, "403.html", {"fault": fault, "home": shop}, status=403)

        checked.permission = permission  # type: ignore[attr-defined]  # read by the tests of access
        return checked

    return decorate


@reauthentication_required  # type: ignore[untyped-decorator]  # the package has no types
def _require_recent_password(_request: HttpRequest) -> None:
    """Send whoever signed in some time ago to type the password, and bring them back."""


def signed_in(request: HttpRequest) -> Person:
    """Return the person who is signed in on a page that demands it."""
    if not isinstance(request.user, Person):
        raise TypeError("This page must demand that somebody is signed in.")
    return request.user
