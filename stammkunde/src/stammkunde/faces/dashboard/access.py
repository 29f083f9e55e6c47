"""Who may see a page: every page of a shop goes through `page_of_shop`, which asks no page to think of it."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation

from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import Forbidden, NotFound
from stammkunde.core.people.models import Person
from stammkunde.core.shops import queries, rules
from stammkunde.core.shops.models import Shop
from stammkunde.core.shops.rules import Permission, Role


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
        context = {"shop": self.shop, "role": self.role, "may": allowed, **values}
        return render(self.request, template, context, status=status)


Page = Callable[..., HttpResponseBase]


def page_of_shop(permission: Permission) -> Callable[[Page], Page]:
    """Let only members with a permission see a page; it is given their visit.

    For everybody else the shop does not exist. Dates and times are those of the shop's zone, words
    are in the person's language.
    """

    def decorate(page: Page) -> Page:
        @wraps(page)
        @login_required
        def checked(request: HttpRequest, shop: str, **rest: object) -> HttpResponseBase:
            person = signed_in(request)
            try:
                membership = queries.require(person, shop, permission)
            except NotFound as fault:
                raise Http404(str(fault)) from fault
            except Forbidden as fault:
                return render(request, "forbidden.html", {"fault": fault}, status=403)
            visit = Visit(request, person, membership.shop, membership.role)  # type: ignore[arg-type]  # the database checks roles
            with (
                timezone.override(zoneinfo.ZoneInfo(membership.shop.zone)),
                translation.override(person.language),
            ):
                return page(visit, **rest)

        return checked

    return decorate


def signed_in(request: HttpRequest) -> Person:
    """Return the person who is signed in on a page that demands it."""
    if not isinstance(request.user, Person):
        raise TypeError("This page must demand that somebody is signed in.")
    return request.user
